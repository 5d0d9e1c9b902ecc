"""What a form, a program or a row of a list gives, as an entry; what is wrong is said at its field."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from ckan.plugins import toolkit

from ckanext.mainz.foundation.errors import N_
from ckanext.mainz.governance import levels
from ckanext.mainz.governance.inventory import offices, words
from ckanext.mainz.governance.inventory.entries import SHARE, Entry, Share, keeps
from ckanext.mainz.governance.inventory.offices import Directory
from ckanext.mainz.governance.people import Person
from ckanext.mainz.metadata import dates, vocabulary
from ckanext.mainz.metadata.texts import has_control_characters

_ = toolkit._
Dict = dict[str, Any]

LONGEST = {"title": 200, "description": 5000, "system": 200, "place": 500, "keeper": 300, "note": 2000, "key": 100}
LINES = frozenset({"description", "note"})
"""Texts that may have several lines."""
OF_RECORD = {"notes": "description", "owner_org": "organization", "name": "title"}
"""Fields of a record → fields of an entry."""
NEEDED = ("title", "description", "organization")
MOST_SHARES = 50
LONGEST_SHARE = 300
YEARS = range(2000, 2101)
SHORT_YEAR = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{2})\Z", re.ASCII)

EMPTY = N_("Please fill in this field.")
TOO_LONG = N_("The text has {length} characters; {most} are possible.")
CONTROL = N_("The text contains control characters. Type it again or paste it without formatting.")
NO_ORGANIZATION = N_("There is no organisation “{name}”. Give its name, or its number as in “Amt 12”.")
SEVERAL = N_("“{name}” may mean several organisations: {titles}. Give the whole name.")
NOT_YOURS = N_(
    "You may not keep the inventory of this organisation. For that you need the role editor there; ask a person who"
    " manages it."
)
NO_REASON = N_("“{value}” is no reason of the list. Possible are: {reasons}.")
NO_DAY = N_("“{value}” is no day. Write it as 31.12.2026.")
NO_LEVEL = N_("“{value}” is no level of the inventory. Possible are: {levels}.")
NO_THEME = N_("“{value}” is no theme of the list. Possible are: {themes}.")
TOO_MANY_SHARES = N_("There are {number} lines; {most} are possible.")
SHARE_WITHOUT = N_("Line {number} names nobody. Write: organisation; share; role.")


def checked(person: Person, given: Mapping[str, Any], directory: Directory | None = None) -> Entry:
    """An entry that a person may write. Raises `toolkit.ValidationError` by field."""
    return parsed(given, directory or offices.read(), lambda organization: keeps(person, organization))


def parsed(given: Mapping[str, Any], directory: Directory, may_keep: Callable[[str], bool] = lambda _id: True) -> Entry:
    """An entry from what was given. Raises `toolkit.ValidationError` by field."""
    errors: Dict = {}
    entry = Entry(
        **{name: _text(given, name, errors) for name in LONGEST},
        organization=_organization(given, directory, may_keep, errors),
        level=_level(given, errors),
        theme=_theme(given, errors),
        reason=_reason(given, errors),
        review=_day(given, errors),
        shares=_shares(given.get("shares"), directory, errors),
    )
    if errors:
        raise toolkit.ValidationError(errors)
    return entry


def by_field(errors: Mapping[str, Any]) -> dict[str, list[str]]:
    """Messages of CKAN's own validation at the fields of an entry."""
    found: dict[str, list[str]] = {}
    for name, messages in errors.items():
        texts = [messages] if isinstance(messages, str) else [str(one) for one in messages]
        found.setdefault(OF_RECORD.get(name, name), []).extend(texts)
    return found


def _text(given: Mapping[str, Any], name: str, errors: Dict) -> str:
    text = _given(given.get(name)).replace("\r\n", "\n")
    text = text if name in LINES else " ".join(text.split())
    if has_control_characters(text):
        errors[name] = [_(CONTROL)]
    elif len(text) > LONGEST[name]:
        errors[name] = [_(TOO_LONG).format(length=len(text), most=LONGEST[name])]
    elif not text and name in NEEDED:
        errors[name] = [_(EMPTY)]
    return text


def _given(value: Any) -> str:
    return "" if value is None else str(value).strip()


def _short(value: Any) -> str:
    return " ".join(str(value).split())[:60]


def _organization(given: Mapping[str, Any], directory: Directory, may_keep: Callable[[str], bool], errors: Dict) -> str:
    wanted = _given(given.get("organization"))
    found = directory.find(wanted) if wanted else []
    if not wanted:
        errors["organization"] = [_(EMPTY)]
    elif not found:
        errors["organization"] = [_(NO_ORGANIZATION).format(name=_short(wanted))]
    elif len(found) > 1:
        titles = ", ".join(one.title for one in found)
        errors["organization"] = [_(SEVERAL).format(name=_short(wanted), titles=titles)]
    elif not may_keep(found[0].id):
        errors["organization"] = [_(NOT_YOURS)]
    return found[0].id if found else ""


def _level(given: Mapping[str, Any], errors: Dict) -> str:
    value = _given(given.get("visibility")) or levels.VERWALTUNG
    term = vocabulary.match("levels", value)
    if term is None or term.uri not in words.LEVELS:
        possible = ", ".join(one.label for one in words.level_choices(""))
        errors["visibility"] = [_(NO_LEVEL).format(value=_short(value), levels=possible)]
        return levels.VERWALTUNG
    return term.uri


def _theme(given: Mapping[str, Any], errors: Dict) -> tuple[str, ...]:
    value = given.get("theme")
    parts = value if isinstance(value, list | tuple) else _theme_parts(_given(value))
    found = {one: vocabulary.match("themes", str(one)) for one in parts if _given(one)}
    unknown = [one for one, term in found.items() if term is None]
    if unknown:
        possible = "; ".join(one.label for one in words.theme_choices(()))
        errors["theme"] = [_(NO_THEME).format(value=_short(unknown[0]), themes=possible)]
    return tuple(sorted({term.uri for term in found.values() if term is not None}))


def _theme_parts(text: str) -> list[str]:
    """Themes in one text. Some have a comma in their name, so the whole is tried first."""
    if not text or vocabulary.match("themes", text) is not None:
        return [text]
    divided = [one.strip() for one in re.split(r"[;|\n]", text) if one.strip()]
    whole = [one for one in divided if vocabulary.match("themes", one)]
    return [*whole, *(part.strip() for one in divided if one not in whole for part in one.split(","))]


def _reason(given: Mapping[str, Any], errors: Dict) -> str:
    value = _given(given.get("reason"))
    term = vocabulary.match("reasons", value) if value else None
    if value and (term is None or term.uri in words.NOT_WHY):
        possible = ", ".join(one.label for one in words.reason_choices(""))
        errors["reason"] = [_(NO_REASON).format(value=_short(value), reasons=possible)]
        return ""
    return term.uri if term else ""


def _day(given: Mapping[str, Any], errors: Dict) -> date | None:
    value = given.get("review")
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date) or not _given(value):
        return value if isinstance(value, date) else None
    try:
        found = day(_given(value))
    except ValueError:
        errors["review"] = [_(NO_DAY).format(value=_short(value))]
        return None
    return found


def day(text: str) -> date:
    """``31.12.2026``, ``31.12.26``, ``2026-12-31`` (also with a time), or a month (``12/2026``), which means its first
    day. Raises `ValueError` for what is none of them, or far away from our time."""
    if match := SHORT_YEAR.match(text):
        text = f"{match[1]}.{match[2]}.20{match[3]}"
    iso = dates.moment(text)
    if len(iso) < len("2026-12"):
        raise ValueError(text)
    found = date.fromisoformat(f"{iso}-01"[: len("2026-12-31")])
    if found.year not in YEARS:
        raise ValueError(text)
    return found


def _shares(given: Any, directory: Directory, errors: Dict) -> tuple[Share, ...]:
    """Shares as a program gives them, or as lines of a text: ``organisation; share; role``."""
    rows = _share_lines(given) if isinstance(given, str) else given if isinstance(given, list | tuple) else []
    if len(rows) > MOST_SHARES:
        errors["shares"] = [_(TOO_MANY_SHARES).format(number=len(rows), most=MOST_SHARES)]
        return ()
    made = [_share(one, directory) for one in rows]
    nameless = [number for number, one in enumerate(made, start=1) if not one.organization]
    if nameless:
        errors["shares"] = [_(SHARE_WITHOUT).format(number=nameless[0])]
    elif any(has_control_characters(one.organization + one.share + one.role) for one in made):
        errors["shares"] = [_(CONTROL)]
    return tuple(made)


def _share_lines(text: str) -> list[dict[str, str]]:
    lines = [line for line in text.replace("\r\n", "\n").split("\n") if line.strip()]
    return [dict(zip(SHARE, (part.strip() for part in line.split(";", 2)), strict=False)) for line in lines]


def _share(one: Any, directory: Directory) -> Share:
    """A share; of an organisation that the portal knows its name is kept, whatever else it is called later."""
    given = one if isinstance(one, Mapping) else {}
    texts = {name: " ".join(_given(given.get(name)).split())[:LONGEST_SHARE] for name in SHARE}
    found = directory.find(texts["organization"]) if texts["organization"] else []
    return Share(**texts) if len(found) != 1 else Share(**{**texts, "organization": found[0].name})


def share_lines(shares: Iterable[Share], directory: Directory) -> str:
    """Shares as a text that `parsed` reads again."""
    by_name = {one.name: one.id for one in directory.organizations.values()}
    lines = []
    for one in shares:
        called = directory.label(by_name[one.organization]) if one.organization in by_name else one.organization
        lines.append("; ".join((called, one.share, one.role)).rstrip("; "))
    return "\n".join(lines)
