"""Validators that the schemas name. Messages say what is wrong and what to do."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any
from urllib.parse import urlsplit

import ckan.model as model
from ckan.plugins import toolkit

from ckanext.mainz.metadata.names import free_name, hold
from ckanext.mainz.metadata.shapes import MOST_KEYWORDS, too_many_keywords
from ckanext.mainz.metadata.texts import has_control_characters

_ = toolkit._
MAX_LINE = 200
MAX_TEXT = 50_000
MAX_ADDRESS = 2000
KEYWORD_LENGTHS = range(2, 101)
KEYWORD = re.compile(r"[\w .-]+\Z")
GERMAN_DATE = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})\Z", re.ASCII)
ISO_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?\Z", re.ASCII)
YEAR, FIRST_DAY = "2025", "-01-01"  # a year or month counts as its first day
#: Characters that no address holds unescaped (RFC 3986), some of which end the attribute that an address stands in.
NOT_IN_ADDRESSES = re.compile(r"[\s<>\"{}|\\^`\x00-\x20\x7f]")
EMAIL = re.compile(r"[^@\s<>\"(),:;\[\]\\]+@[^@\s<>\"(),:;\[\]\\]+\.[^@\s<>\"(),:;\[\]\\.]+\Z")

Key = tuple[Any, ...]
Data = dict[Any, Any]


def get_validators() -> dict[str, Any]:
    return {
        "mainz_required": required,
        "mainz_title": line,
        "mainz_line": line,
        "mainz_plain_text": plain_text,
        "mainz_web_address": web_address,
        "mainz_file_or_link": file_or_link,
        "mainz_day": day,
        "mainz_period": period,
        "mainz_email": email,
        "mainz_keywords": keywords,
        "mainz_name_from_title": name_from_title,
        "mainz_free_name": name_is_free,
        "mainz_license": license_in_list,
    }


def _given(value: Any) -> str:
    """The text of a value; empty for CKAN's mark of a missing one."""
    return "" if value is None or value is toolkit.missing else str(value).strip()


def required(key: Key, data: Data, errors: Data, _context: Any) -> None:
    """Refuses what is missing or only blanks."""
    if not _given(data.get(key)):
        errors[key].append(_("Please fill in this field."))
        raise toolkit.StopOnError


def plain_text(value: Any) -> Any:
    """A text of at most 50,000 characters without control characters, which XML and the index cannot carry."""
    if isinstance(value, str) and has_control_characters(value):
        raise toolkit.Invalid(_("The text contains control characters. Type it again or paste it without formatting."))
    return _not_longer(value, MAX_TEXT, _("Put the rest into a file."))


def line(value: Any) -> Any:
    """A text on one line, such as a title, of at most 200 characters."""
    return _not_longer(" ".join(str(plain_text(value)).split()), MAX_LINE, _("Move details to the description."))


def _not_longer(value: Any, limit: int, advice: str) -> Any:
    if isinstance(value, str) and len(value) > limit:
        raise toolkit.Invalid(
            _("The text has {length} characters; at most {limit} are possible.").format(length=len(value), limit=limit)
            + " "
            + advice
        )
    return value


def web_address(value: Any) -> str:
    """An absolute address with a scheme that the portal allows (``ckan.valid_url_schemes`` without mail)."""
    text = str(value).strip()
    if not _is_web_address(text):
        raise toolkit.Invalid(
            _("“{value}” is not a web address. It must begin with https:// or http://.").format(value=_short(text))
        )
    return text


def _is_web_address(text: str) -> bool:
    if len(text) > MAX_ADDRESS or NOT_IN_ADDRESSES.search(text) or has_control_characters(text):
        return False
    try:
        parts = urlsplit(text)
        _port = parts.port
    except ValueError:
        return False
    return parts.scheme.lower() in set(toolkit.aslist(toolkit.config["ckan.valid_url_schemes"])) - {"mailto"} and bool(
        parts.hostname
    )


def file_or_link(key: Key, data: Data, errors: Data, _context: Any) -> None:
    """``url`` of a resource: the name of its uploaded file, or the address of a file or an interface elsewhere.

    Stands after ``file_key``, which CKAN validates first: the two tell whether there is a file.
    """
    value = _given(data.get(key))
    if data.get((*key[:-1], "url_type")) == "upload":
        if data.get((*key[:-1], "file_key")):
            data[key] = value.rsplit("/", 1)[-1]
            return
        data[(*key[:-1], "url_type")] = ""
    if not value:
        errors[key].append(_("Choose a file or type the address of one."))
        raise toolkit.StopOnError
    data[key] = web_address(value)


def email(value: Any) -> str:
    """An e-mail address with one ``@`` and a domain."""
    text = str(value).strip()
    if not EMAIL.match(text) or has_control_characters(text) or len(text) > MAX_LINE:
        raise toolkit.Invalid(
            _("“{value}” is not an e-mail address, such as opendata@stadt.example.").format(value=_short(text))
        )
    return text


def day(value: Any) -> str:
    """A day (``31.12.2025``, ``2025-12-31``), month (``2025-12``) or year (``2025``); returned in ISO form."""
    text = str(value).strip()
    german = GERMAN_DATE.match(text)
    iso = "{2}-{1:0>2}-{0:0>2}".format(*german.groups()) if german else text
    if not ISO_DATE.match(iso) or not _exists(iso):
        raise toolkit.Invalid(
            _("“{value}” is not a date. Write it as 31.12.2025 or 2025-12-31.").format(value=_short(text))
        )
    return iso


def _exists(iso: str) -> bool:
    try:
        date.fromisoformat(iso + FIRST_DAY[len(iso) - len(YEAR) :])
    except ValueError:
        return False
    return True


def period(key: Key, data: Data, _errors: Data, _context: Any) -> None:
    """The start of a period lies before its end. Stands at ``start``, which CKAN validates after ``end``."""
    start, end = str(data.get(key) or ""), str(data.get((*key[:-1], "end")) or "")
    shorter = min(len(start), len(end))
    if shorter and ISO_DATE.match(end) and start[:shorter] > end[:shorter]:
        raise toolkit.Invalid(_("The period ends before it begins."))


def keywords(key: Key, data: Data, errors: Data, _context: Any) -> None:
    """Keywords separated by commas become CKAN's tags; each once, whatever its case.

    A keyword has 2 to 100 characters: letters of any language, digits, spaces, hyphens, underscores and dots.
    """
    given = data.get(key)
    words = [" ".join(str(word).split()) for word in (given.split(",") if isinstance(given, str) else given or ())]
    chosen = _each_once(word for word in words if word)
    messages = [_keyword_problem(word) for word in chosen]
    if len(chosen) > MOST_KEYWORDS:
        messages = [too_many_keywords(len(chosen))]
    errors[key].extend(message for message in messages if message)
    first = max((part[1] for part in data if len(part) == 3 and part[0] == "tags"), default=-1) + 1
    for number, word in enumerate(chosen, first):
        data[("tags", number, "name")] = word


def _each_once(words: Iterable[str]) -> list[str]:
    first: dict[str, str] = {}
    for word in words:
        first.setdefault(word.casefold(), word)
    return list(first.values())


def _keyword_problem(word: str) -> str:
    if len(word) not in KEYWORD_LENGTHS:
        return _("The keyword “{word}” has {length} characters; 2 to 100 are possible.").format(
            word=_short(word), length=len(word)
        )
    if not KEYWORD.match(word):
        return _(
            "The keyword “{word}” has characters that are not possible in keywords. Letters, digits, spaces, hyphens, "
            "underscores and dots are; commas separate keywords."
        ).format(word=_short(word))
    return ""


def license_in_list(value: Any) -> Any:
    """A licence of the portal's list."""
    if value not in model.Package.get_license_register():
        raise toolkit.Invalid(
            _("The licence “{value}” is not in the list. Choose one of it.").format(value=_short(str(value)))
        )
    return value


def name_from_title(key: Key, data: Data, _errors: Data, context: dict[str, Any]) -> None:
    """Makes the address from the title where none was typed; a taken one gets a number (``baumkataster-2``).

    A record that has an address keeps it: links to it must not break because its title changed.
    """
    if _given(data.get(key)):
        return
    package = context.get("package")
    data[key] = package.name if package is not None else free_name(_given(data.get(("title",))))


def name_is_free(key: Key, data: Data, errors: Data, context: dict[str, Any]) -> None:
    """CKAN's check, but only of an address that is one, and holding it: see `ckanext.mainz.metadata.names`."""
    if not errors[key]:
        hold(str(data[key]))
        check: Callable[..., Any] = toolkit.get_validator("package_name_validator")
        check(key, data, errors, context)


def _short(text: str) -> str:
    return text if len(text) <= 80 else text[:79] + "…"
