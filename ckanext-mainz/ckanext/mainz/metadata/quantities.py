"""Durations, decimal numbers, sizes, checksums and telephone numbers as people write them. Pure."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

#: xsd:duration without a sign: at least one part, and after the T at least one of hours, minutes and seconds.
DURATION = re.compile(r"P(?=.)(\d+Y)?(\d+M)?(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?\Z", re.ASCII)
WORDS = re.compile(r"([0-9]{1,6})\s*([A-Za-zÄÖÜäöü]+)\.?\Z")
UNITS = {
    "PT{}S": ("s", "sek", "sekunde", "sekunden", "second", "seconds"),
    "PT{}M": ("min", "minute", "minuten", "minutes"),
    "PT{}H": ("h", "std", "stunde", "stunden", "hour", "hours"),
    "P{}D": ("d", "tag", "tage", "tagen", "day", "days"),
    "P{}M": ("monat", "monate", "monaten", "month", "months"),
    "P{}Y": ("a", "jahr", "jahre", "jahren", "year", "years"),
}
WEEKS = ("woche", "wochen", "week", "weeks")
DAYS_OF_A_WEEK = 7
GERMAN_NUMBER = re.compile(r"\d{1,3}(\.\d{3})*(,\d+)?\Z|\d+,\d+\Z", re.ASCII)
NUMBER = re.compile(r"\d{1,15}(\.\d{1,9})?\Z", re.ASCII)
LARGEST_SIZE = 2**63 - 1
HEXADECIMAL = re.compile(r"[0-9a-f]{8,256}\Z")
MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,126}/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}\Z")
IANA = re.compile(r"https?://(www\.)?iana\.org/assignments/media-types/", re.IGNORECASE)
PHONE = re.compile(r"\+?[0-9]([0-9 ()/.-]*[0-9])?\Z", re.ASCII)
SHORTEST_PHONE, LONGEST_PHONE = 5, 15  # ITU-T E.164
GERMANY = "+49"


class QuantityError(ValueError):
    """The text is not of the kind that is asked for."""


def duration(text: str) -> str:
    """``P1Y``, ``PT15M``, or ``15 Minuten``, ``1 year`` as xsd:duration. Raises `QuantityError`."""
    plain = text.strip()
    if DURATION.match(plain.upper()):
        return plain.upper()
    match = WORDS.match(plain)
    if not match:
        raise QuantityError(text)
    number, unit = int(match[1]), match[2].casefold()
    if unit in WEEKS:
        return f"P{number * DAYS_OF_A_WEEK}D"
    for pattern, names in UNITS.items():
        if unit in names:
            return pattern.format(number)
    raise QuantityError(text)


def decimal(text: str) -> str:
    """A number above zero as xsd:decimal (``0.2``) from ``0,2``, ``0.2`` or ``1.000,5``. Raises `QuantityError`."""
    plain = text.strip()
    if "," in plain and GERMAN_NUMBER.match(plain):
        plain = plain.replace(".", "").replace(",", ".")
    if not NUMBER.match(plain):
        raise QuantityError(text)
    try:
        number = Decimal(plain)
    except InvalidOperation as error:
        raise QuantityError(text) from error
    if number <= 0:
        raise QuantityError(text)
    written = format(number, "f")
    return written.rstrip("0").rstrip(".") if "." in written else written


def size(value: object) -> int:
    """Bytes as a whole number from 0 on that the database can keep. Raises `QuantityError`."""
    plain = str(value).strip()
    if isinstance(value, bool) or not re.fullmatch(r"\d{1,19}(\.0+)?", plain, re.ASCII):
        raise QuantityError(plain)
    number = int(plain.partition(".")[0])
    if number > LARGEST_SIZE:
        raise QuantityError(plain)
    return number


def checksum(text: str) -> str:
    """A checksum in hexadecimal digits, small letters; a prefix such as ``sha256:`` is cut off. Raises
    `QuantityError`."""
    plain = text.strip().casefold().rpartition(":")[2].replace(" ", "")
    if not HEXADECIMAL.match(plain) or len(plain) % 2:
        raise QuantityError(text)
    return plain


def media_type(text: str) -> str:
    """A media type (``text/csv``) from one with parameters, or from its address at IANA. Raises `QuantityError`."""
    plain = IANA.sub("", text.strip()).partition(";")[0].strip().casefold()
    if not MEDIA_TYPE.match(plain):
        raise QuantityError(text)
    return plain


def telephone(text: str) -> str:
    """A number as in ``tel:`` addresses (RFC 3966): ``+49-6131-12-0`` from ``06131 / 12-0``. Raises `QuantityError`.

    A number that begins with one zero is a German one.
    """
    plain = text.strip().removeprefix("tel:").replace("(0)", " ")
    if plain.startswith("00"):
        plain = "+" + plain[2:]
    elif plain.startswith("0"):
        plain = GERMANY + " " + plain[1:]
    digits = sum(sign.isdigit() for sign in plain)
    if not PHONE.match(plain) or not plain.startswith("+") or not SHORTEST_PHONE <= digits <= LONGEST_PHONE:
        raise QuantityError(text)
    return "+" + "-".join(re.findall(r"\d+", plain))
