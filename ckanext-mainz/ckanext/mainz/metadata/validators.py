"""Validators that the schemas name. Messages say what is wrong and what to do."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from itertools import count
from typing import Any
from urllib.parse import urlsplit

import ckan.model as model
from ckan.plugins import toolkit
from slugify import slugify

_ = toolkit._
MAX_TITLE = 200
GERMAN_DATE = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})\Z")
MAX_SLUG = 90
UMLAUTS = [(one, two) for one, two in zip("äöüßÄÖÜ", ("ae", "oe", "ue", "ss", "Ae", "Oe", "Ue"), strict=True)]
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def get_validators() -> dict[str, Any]:
    return {
        "mainz_title": title,
        "mainz_plain_text": plain_text,
        "mainz_web_address": web_address,
        "mainz_day": day,
        "mainz_filled_rows": filled_rows,
        "mainz_email": email,
        "mainz_name_from_title": name_from_title,
        "mainz_license": license_in_list,
        "mainz_file_or_link": file_or_link,
    }


def plain_text(value: Any) -> Any:
    """Refuses control characters, which XML and the index cannot carry."""
    if isinstance(value, str) and CONTROL.search(value):
        raise toolkit.Invalid(_("The text contains control characters. Type it again or paste it without formatting."))
    return value


def title(value: Any) -> Any:
    """A title of one line and at most 200 characters."""
    text = " ".join(str(plain_text(value)).split())
    if len(text) > MAX_TITLE:
        raise toolkit.Invalid(
            _("The title has {length} characters; at most {limit} are possible. Move details to the description.").format(
                length=len(text), limit=MAX_TITLE
            )
        )
    return text


def web_address(value: Any) -> Any:
    """An absolute address with a scheme that the portal allows (``ckan.valid_url_schemes``).

    A file name is let through: CKAN keeps the name of an uploaded file in the same field.
    """
    text = str(value).strip()
    if re.match(r"[\w.+-]*:", text) is None and "//" not in text:
        return _file_name(text)
    try:
        parts = urlsplit(text)
    except ValueError:
        parts = urlsplit("")
    allowed = toolkit.aslist(toolkit.config["ckan.valid_url_schemes"])
    if parts.scheme.lower() not in allowed or not (parts.netloc or parts.scheme.lower() == "mailto"):
        raise toolkit.Invalid(
            _("“{value}” is not a web address. It must begin with https:// or http://.").format(value=text[:80])
        )
    return text


def _file_name(text: str) -> str:
    if "/" in text or "\\" in text:
        raise toolkit.Invalid(_("“{value}” is not a web address. It must begin with https:// or http://.").format(
            value=text[:80]
        ))
    return text


def email(value: Any) -> Any:
    """An e-mail address with one ``@`` and a domain."""
    text = str(value).strip()
    if not re.match(r"[^@\s<>\"]+@[^@\s<>\"]+\.[^@\s<>\"]+\Z", text):
        raise toolkit.Invalid(_("“{value}” is not an e-mail address, such as opendata@stadt.example.").format(value=text[:80]))
    return text


def day(value: Any) -> str:
    """A day as ``31.12.2025`` or ``2025-12-31``, or a month or year as ``2025-12`` and ``2025``; returned in ISO form."""
    text = str(value).strip()
    german = GERMAN_DATE.match(text)
    iso = "{2}-{1:0>2}-{0:0>2}".format(*german.groups()) if german else text
    if re.fullmatch(r"\d{4}", iso):
        return iso
    try:
        date.fromisoformat(iso + "-01" if re.fullmatch(r"\d{4}-\d{2}", iso) else iso)
    except ValueError as error:
        raise toolkit.Invalid(_("“{value}” is not a date. Write it as 31.12.2025 or 2025-12-31.").format(value=text[:40])) from error
    return iso


def filled_rows(value: Any) -> Any:
    """Drops the empty rows that a repeating field of a form carries; takes a list or its JSON text."""
    rows = json.loads(value) if isinstance(value, str) and value.startswith("[") else value
    if not isinstance(rows, list):
        return value
    return [row for row in rows if not isinstance(row, dict) or any(str(cell or "").strip() for cell in row.values())]


def license_in_list(value: Any) -> Any:
    """A licence of the portal's list."""
    if value not in model.Package.get_license_register():
        raise toolkit.Invalid(_("The licence “{value}” is not in the list. Choose one of it.").format(value=str(value)[:40]))
    return value


def name_from_title(key: Any, data: dict[Any, Any], errors: dict[Any, Any], context: dict[str, Any]) -> None:
    """Makes the address from the title where none was typed; a taken one gets a number (``baumkataster-2``)."""
    if str(data.get(key) or "").strip() not in ("", "None"):
        return
    base = slug(str(data.get(("title",)) or "")) or "datensatz"
    data[key] = next(name for name in _numbered(base) if model.Package.get(name) is None)


def slug(text: str) -> str:
    """An address from a title: lower case, umlauts in two letters, at most 90 characters."""
    return slugify(text, max_length=MAX_SLUG, word_boundary=True, replacements=UMLAUTS)


def _numbered(base: str) -> Iterator[str]:
    yield base if len(base) > 1 else f"{base}-1"
    yield from (f"{base}-{number}" for number in count(2))


def file_or_link(key: Any, data: dict[Any, Any], errors: dict[Any, Any], context: dict[str, Any]) -> None:
    """A resource of the form needs a file or an address; the message stands at that field."""
    if str(data.get(key) or "").strip() in ("", "None"):
        errors[key].append(_("Choose a file or type the address of one."))
        raise toolkit.StopOnError
