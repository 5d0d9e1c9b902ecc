"""Validators that the schemas name. Messages say what is wrong and what to do."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

import ckan.model as model
from ckan.plugins import toolkit

from ckanext.mainz.metadata import checks, dates, formats, iris, licenses, lists, records
from ckanext.mainz.metadata.checks import short
from ckanext.mainz.metadata.names import free_name, hold
from ckanext.mainz.metadata.shapes import MOST_KEYWORDS, too_many_keywords
from ckanext.mainz.metadata.texts import has_control_characters

_ = toolkit._
MAX_LINE = 200
MAX_TEXT = 50_000
MAX_IDENTIFIER = 2000
MAX_VERSION = 100  # the width of the column
KEYWORD_LENGTHS = range(2, 101)
KEYWORD = re.compile(r"[\w .-]+\Z")
EMAIL = re.compile(r"[^@\s<>\"(),:;\[\]\\]+@[^@\s<>\"(),:;\[\]\\]+\.[^@\s<>\"(),:;\[\]\\.]+\Z")

Key = tuple[Any, ...]
Data = dict[Any, Any]


def get_validators() -> dict[str, Any]:
    return {
        **checks.get_checks(),
        **lists.get_lists(),
        **records.get_validators(),
        "mainz_required": required,
        "mainz_optional": optional,
        "mainz_title": line,
        "mainz_line": line,
        "mainz_plain_text": plain_text,
        "mainz_web_address": web_address,
        "mainz_file_or_link": file_or_link,
        "mainz_day": checks.moment,
        "mainz_identifier": identifier,
        "mainz_version": version,
        "mainz_format": file_format,
        "mainz_media_type_of_format": media_type_of_format,
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


#: State of a record of which only is known that the data exists.
UNRELEASED = ("entwurf", "eingereicht", "zurueckgezogen")
"""States of the data governance in which nobody but the own organisation and the office sees a record."""
INVENTORY = "inventar"


def required(key: Key, data: Data, errors: Data, context: Any) -> None:
    """Refuses what is missing or only blanks. An entry of the inventory has no licence yet, and a harvested record
    whose source names none waits without one: nobody invents it."""
    if key == ("license_id",) and _waits_for_licence(data):
        optional(key, data, errors, context)
    elif not _given(data.get(key)):
        errors[key].append(_("Please fill in this field."))
        raise toolkit.StopOnError


def _waits_for_licence(data: Data) -> bool:
    state = data.get(("lifecycle",))
    return state == INVENTORY or (state in UNRELEASED and bool(_given(data.get(("source_record_id",)))))


def optional(key: Key, data: Data, _errors: Data, _context: Any) -> None:
    """Leaves the rest out where nothing is given.

    What is a column of the database is emptied expressly: CKAN keeps the old value of a column that is not there.
    """
    value = data.get(key)
    if value is not toolkit.missing and value is not None and not isinstance(value, str) and value != []:
        return
    if _given(value) and value != []:
        return
    empty(key, data, given=value is not toolkit.missing)
    raise toolkit.StopOnError


def empty(key: Key, data: Data, given: bool = True) -> None:
    """Takes a value away; a column that was given becomes null."""
    data.pop(key, None)
    columns = {1: model.package_table.c, 3: model.resource_table.c}.get(len(key), ())
    if given and key[-1] in columns and key[0] in (key[-1], "resources"):
        data[key] = None


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


def identifier(value: Any) -> Any:
    """A text on one line of at most 2,000 characters: identifiers may be long addresses."""
    return _not_longer(" ".join(str(plain_text(value)).split()), MAX_IDENTIFIER, _("Give a shorter identifier."))


def version(value: Any) -> Any:
    """The name of a version, of at most 100 characters."""
    return _not_longer(line(value), MAX_VERSION, _("Move details to the changes."))


def web_address(value: Any) -> str:
    """An absolute address with a scheme that the portal allows (``ckan.valid_url_schemes`` without mail).

    Blanks and the like are written as percent signs where that is certain, see `ckanext.mainz.metadata.iris`.
    """
    schemes = frozenset(toolkit.aslist(toolkit.config["ckan.valid_url_schemes"])) - {"mailto"}
    try:
        return iris.web_address(str(value), schemes)
    except iris.IriError as error:
        raise toolkit.Invalid(
            _("“{value}” is not a web address. It must begin with https:// or http://.").format(
                value=short(str(value).strip())
            )
        ) from error


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
            _("“{value}” is not an e-mail address, such as opendata@stadt.example.").format(value=short(text))
        )
    return text


def period(key: Key, data: Data, _errors: Data, _context: Any) -> None:
    """The start of a period lies before its end. Stands at ``start``, which CKAN validates after ``end``."""
    start, end = _given(data.get(key)), _given(data.get((*key[:-1], "end")))
    if end and dates.is_moment(start) and dates.is_moment(end) and dates.is_before(end, start):
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
            word=short(word), length=len(word)
        )
    if not KEYWORD.match(word):
        return _(
            "The keyword “{word}” has characters that are not possible in keywords. Letters, digits, spaces, hyphens, "
            "underscores and dots are; commas separate keywords."
        ).format(word=short(word))
    return ""


def license_in_list(value: Any) -> Any:
    """A licence of the portal's list, given by CKAN's id, URI, address of its text or title; the id is stored."""
    term = licenses.find(str(value))
    identifier = term.code if term else value
    if identifier not in model.Package.get_license_register():
        raise toolkit.Invalid(
            _("The licence “{value}” is not in the list. Choose one of it.").format(value=short(str(value)))
        )
    return identifier


def file_format(key: Key, data: Data, errors: Data, _context: Any) -> None:
    """The format of a resource, stored as people read it; told by the file's name or the address where none is given.

    A name such as CityGML, which has no entry of its own, brings its standard into ``conforms_to``. A link whose
    address tells nothing may do without, an uploaded file is bytes at least.
    """
    row, given = key[:-1], _given(data.get(key))
    address = _given(data.get((*row, "url")))
    if not given and not address:
        address = _given(data.get((*row, "download_url")))
    found = formats.find(given) if given else formats.of_address(address)
    if found is None and given:
        errors[key].append(
            _("“{value}” is not a format of the list. Write for example CSV, XLSX, GeoJSON, PDF, WMS or API.").format(
                value=short(given)
            )
        )
        raise toolkit.StopOnError
    if found is None and data.get((*row, "url_type")) == "upload":
        found = formats.unknown()
    if found is None:
        empty(key, data)
        return
    data[key] = found.name
    if found.standard:
        standards = lists.output(data.get((*row, "conforms_to"))) or []
        data[(*row, "conforms_to")] = list(dict.fromkeys([*standards, found.standard]))


def media_type_of_format(key: Key, data: Data, _errors: Data, _context: Any) -> None:
    """The media type of a resource: the format's for an uploaded file or where none is given.

    Stands at ``mimetype``, which CKAN validates after ``format``.
    """
    row = key[:-1]
    found = formats.find(_given(data.get((*row, "format"))))
    of_format = found.term.media_type if found else ""
    given = _given(data.get(key))
    if of_format and (not given or data.get((*row, "url_type")) == "upload"):
        data[key] = of_format
    elif given:
        data[key] = checks.media_type(given)
    else:
        empty(key, data)


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
