"""Numbers and addresses in a text that stand for one person: told by their check digits where they have one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum

from stdnum import iban
from stdnum.de import idnr

from ckanext.mainz.governance.check.looking.text import is_given_name, is_surname, words

#: Signs and words without which a text has none of these; as cheap as it can be, for every row of a large table.
SIGNS = ("@", "(at)", "[at]", "Herr", "Frau ", "Hr.", "Fr.", "Fam", "Ehe", "geb")
DIGITS = re.compile(r"[A-Z]{2}\d\d|\d ?[A-Z] ?\d{3}|[A-Z]\d{9}|(?<![\d.,])(?:\+|\(?0)[\d ()/–-]{6}")
EMAIL = re.compile(r"(?<![\w.+-])([\w.+-]+)(?:@|\(at\)|\[at\])([\w-]+(?:\.[\w-]+)+)")
IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?(?![A-Za-z0-9])")
TAX = re.compile(r"(?<![\d.,/-])\d{2} ?\d{3} ?\d{3} ?\d{3}(?![\d.,/-])")
PENSION = re.compile(r"(?<![A-Za-z0-9])\d{2} ?\d{6} ?[A-Z] ?\d{3}(?![A-Za-z0-9])")
HEALTH = re.compile(r"(?<![A-Za-z0-9])[A-Z]\d{9}(?![A-Za-z0-9])")
PLATE = re.compile(r"[A-ZÄÖÜ]{1,3}[- ][A-Z]{1,2}[- ]?[1-9]\d{0,3}[EH]?\Z")
PHONE = re.compile(r"(?<![\w.,+-])(?:\+|00|\(?0)[\d ()/–-]{5,22}\d(?![\w.,]*\d)")
MOBILE = re.compile(r"(?:\+49|0049|0)0?1(?:5\d|6[0-3]|7\d)\d{6,9}\Z")
BORN = re.compile(r"(?<!\w)geb(?:oren)?\.?\s+(?:am\s+)?\d{1,2}\.\s?(?:\d{1,2}\.|[A-Z][a-zä]+)\s?\d{2,4}")
DATE_YEAR = re.compile(r"(?<!\d)(1[5-9]\d\d|20\d\d)(?!\d)")
SHORT_DATE = re.compile(r"\d{1,2}\.\d{1,2}\.\d{2}\Z")
STREET_NUMBER = re.compile(
    r"(?P<street>[^\d,;]{3,50}?)\s+\d{1,4}\s?[a-zA-Z]?(?:\s?[-–/+]\s?\d{1,4}\s?[a-zA-Z]?)?(?:\s*,.*)?\Z"
)
HOUSE_NUMBER = re.compile(r"\d{1,4}\s?[a-zA-Z]?(?:\s?[-–/]\s?\d{1,4}\s?[a-zA-Z]?)?\Z")
FUNCTION_ENDS = (
    *("amt", "schule", "verein", "apotheke", "praxis", "gymnasium", "kita", "museum", "haus", "zentrum", "verwaltung"),
    *("stelle", "service", "dienst", "team", "buero", "referat", "verband", "bund", "werke", "garten", "halle", "bau"),
)
PENSION_WEIGHTS = (2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1)
SEPARATOR = re.compile(r"[^\d+]")


class Mailbox(Enum):
    """Who reads an e-mail address."""

    PERSON = "one person, by name"
    FUNCTION = "an office or a firm"
    UNCLEAR = "cannot be told"


def is_worth_a_look(text: str) -> bool:
    """Whether a text can have any of these at all."""
    return DIGITS.search(text) is not None or any(sign in text for sign in SIGNS)


def emails(text: str) -> list[tuple[str, Mailbox]]:
    """The e-mail addresses in a text and who reads them."""
    return [(found[0], mailbox(found[1], found[2])) for found in EMAIL.finditer(text)]


def mailbox(local: str, domain: str) -> Mailbox:
    """Who reads the mail of an address."""
    local, domain = local.lower(), domain.lower()
    parts = [part for part in re.split(r"[._+\d-]+", local) if part]
    if not parts or _is_function(local, parts):
        return Mailbox.FUNCTION
    free = domain in words("free_mail").exact
    if any(len(part) > 2 and is_given_name(part) for part in parts) or _has_initial(parts):
        return Mailbox.PERSON
    if free and (_begins_with_given_name(parts[0]) or any(is_surname(part) for part in parts)):
        return Mailbox.PERSON
    return Mailbox.UNCLEAR if free or len(parts) > 1 else Mailbox.FUNCTION


def _is_function(local: str, parts: list[str]) -> bool:
    boxes = words("function_boxes").exact
    return local in boxes or any(part in boxes or part.endswith(FUNCTION_ENDS) for part in parts)


def _has_initial(parts: list[str]) -> bool:
    return len(parts) == 2 and len(parts[0]) <= 2 < len(parts[1])


def _begins_with_given_name(word: str) -> bool:
    return any(is_given_name(word[:length]) for length in range(4, len(word)))


def accounts(text: str) -> list[str]:
    """The IBANs in a text whose check digits and length are right."""
    return [found for one in IBAN.finditer(text) if (found := _account_in(one[0]))]


def _account_in(text: str) -> str:
    """What follows an account number with a blank may have been taken for its last group."""
    while text and not iban.is_valid(text):
        text = text.rpartition(" ")[0]
    return text


def tax_ids(text: str) -> list[str]:
    """Steuerliche Identifikationsnummern (§ 139b AO) in a text, by their check digit."""
    return [found[0] for found in TAX.finditer(text) if idnr.is_valid(found[0])]


def insurance_numbers(text: str) -> list[str]:
    """Rentenversicherungsnummern and Krankenversichertennummern in a text, by their check digits."""
    found = [one[0] for one in PENSION.finditer(text) if is_pension_number(one[0].replace(" ", ""))]
    return [*found, *(one[0] for one in HEALTH.finditer(text) if is_health_number(one[0]))]


def is_pension_number(number: str) -> bool:
    """Whether 12 signs are a Rentenversicherungsnummer: area, birthday, initial, serial number, check digit.

    The letter counts as its place in the alphabet; the digit sums of the weighted digits, modulo 10, are the check
    digit (Anlage to the Verordnung über die Versicherungsnummer).
    """
    if not 1 <= int(number[4:6]) <= 12:
        return False
    digits = f"{number[:8]}{ord(number[8]) - 64:02d}{number[9:11]}"
    return _digit_sums(digits, PENSION_WEIGHTS) % 10 == int(number[11])


def is_health_number(number: str) -> bool:
    """Whether a letter and 9 digits are the lasting part of a Krankenversichertennummer (§ 290 SGB V)."""
    digits = f"{ord(number[0]) - 64:02d}{number[1:9]}"
    return _digit_sums(digits, (1, 2) * 5) % 10 == int(number[9])


def _digit_sums(digits: str, weights: tuple[int, ...]) -> int:
    products = (int(digit) * weight for digit, weight in zip(digits, weights, strict=True))
    return sum(product // 10 + product % 10 for product in products)


def phones(text: str) -> Iterator[tuple[str, bool]]:
    """Telephone numbers in a text, each with whether it is a mobile one. Bare digits count too."""
    for found in PHONE.finditer(text):
        digits = SEPARATOR.sub("", found[0])
        if 7 <= len(digits.lstrip("+")) <= 15:
            yield found[0].strip(), bool(MOBILE.match(digits))


def is_written_as_phone(number: str) -> bool:
    """Whether a number is divided as telephone numbers are, or has the code of the country."""
    return number.startswith(("+", "00", "(")) or any(sign in number for sign in " /-–")


def year_of(text: str) -> int | None:
    """The year of a date: 0 for one of two digits, None for what is no date."""
    found = DATE_YEAR.search(text)
    if found:
        return int(found[1])
    return 0 if SHORT_DATE.search(text) else None


def is_street_with_number(text: str) -> bool:
    """Whether a text is a street with a house number, perhaps with the place after it."""
    found = STREET_NUMBER.match(text)
    if not found or PLATE.match(text):
        return False
    first, *_others = found["street"].split()
    return first[0].isupper() and not any(sign in found["street"] for sign in "@:()")
