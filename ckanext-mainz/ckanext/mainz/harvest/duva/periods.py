"""Periods as offices write them, as the first and the last day, month or year that they name. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ckanext.mainz.harvest.duva import known
from ckanext.mainz.metadata import dates

YEAR = r"(?:1[5-9]|20|21)\d\d"
MONTHS = ("jan", "feb", "mär", "apr", "mai", "jun", "jul", "aug", "sep", "okt", "nov", "dez")
DAY = r"(?:\d{1,2}\.\s?\d{1,2}\.\s?\d{4}|\d{4}-\d\d-\d\d)"
MONTH = r"(?:\d{4}-\d\d|\d{1,2}[./]\d{4}|(?:jan|feb|mär|mrz|apr|mai|jun|jul|aug|sep|okt|nov|dez)[a-zä]*\.? \d{4})"
TO = re.compile(r"\s+(?:-|–|—|bis|to)\s+|(?<=\d{4})[-–](?=\d{4}\b)|(?<=\d{4})\s?[-–]\s?(?=\d{1,2}\.)")
LEAD = re.compile(
    r"^(?:stand|stichtag|zum|am|vom|von|jahr|jahre|berichtsjahr|haushaltsjahr|schuljahr|zeitraum|der)\b[:\s]*", re.I
)
OPEN = re.compile(rf"(?:ab|seit|from|since)\s+(.+)|({YEAR})\s?ff\.?|(.+?)\s*(?:-|–|bis heute|bis dato|bis jetzt)", re.I)
PAIR = re.compile(rf"({YEAR})/(\d\d(?:\d\d)?)")
QUARTER = re.compile(
    rf"(?:([1-4])\.?\s?(?:Quartal|Q|Vierteljahr|Vj)\.?[ /]?\s?({YEAR})|({YEAR})[-/ .]*(?:Q([1-4])|([1-4])\.\s?Quartal)"
    rf"|Q([1-4])[-/ .]?({YEAR}))",
    re.I,
)
HALF = re.compile(rf"([12])\.\s?(?:Halbjahr|Hj\.?)[ /]?({YEAR})|({YEAR})[-/ ]?H([12])", re.I)
TERM = re.compile(rf"(?:(Wintersemester|WS)|(?:Sommersemester|SS))\s({YEAR})(?:/\d\d(?:\d\d)?)?", re.I)
SCHOOL_BEGINS, SCHOOL_ENDS = "08", "07"
LISTED = 60


@dataclass(frozen=True, order=True)
class Period:
    """First and last moment in ISO form, as exact as they were written; `end` is empty where it goes on."""

    start: str
    end: str = ""
    goes_on: bool = False

    def as_row(self) -> dict[str, str]:
        """A row of ``temporal_coverage``."""
        return {name: value for name, value in (("start", self.start), ("end", self.end)) if value}


def read(text: str, *, school: bool = False) -> Period | None:
    """The period that a text means; None where it means none, or one without a year such as ``03``.

    Several with commas or semicolons between become the one around them. `school`: ``2023/24`` is a school year.
    """
    parts = known.each(text)[:LISTED]
    found = [_one(part, school=school or part.casefold().startswith("schulj")) for part in parts]
    usable = [one for one in found if one]
    return around(usable) if len(usable) == len(parts) else None


def around(periods: Iterable[Period]) -> Period | None:
    """The period from the first beginning to the last end; None for none at all."""
    all_of_them = list(periods)
    if not all_of_them:
        return None
    start = min((one.start for one in all_of_them), key=_first_day)
    if any(one.goes_on for one in all_of_them):
        return Period(start, "", goes_on=True)
    return Period(start, max((one.end for one in all_of_them), key=_last_day))


def _one(text: str, *, school: bool = False) -> Period | None:
    plain = LEAD.sub("", " ".join(text.split())).strip()
    plain = LEAD.sub("", plain).strip(" .") if plain != text else plain.strip()
    for reading in READINGS:
        if found := reading(plain, school):
            return found if found.goes_on or not dates.is_before(found.end, found.start) else None
    return None


def _pair(text: str, school: bool) -> Period | None:
    match = PAIR.fullmatch(text)
    if not match:
        return None
    start, end = match[1], match[2] if len(match[2]) == 4 else f"{match[1][:2]}{match[2]}"
    if end < start:  # 1999/00
        end = str(int(end) + 100)
    if school:
        return Period(f"{start}-{SCHOOL_BEGINS}", f"{end}-{SCHOOL_ENDS}")
    return Period(start, end)


def _quarter(text: str, _school: bool) -> Period | None:
    match = QUARTER.fullmatch(text)
    if not match:
        return None
    number = int(match[1] or match[4] or match[5] or match[6])
    year = match[2] or match[3] or match[7]
    return Period(f"{year}-{number * 3 - 2:02}", f"{year}-{number * 3:02}")


def _half(text: str, _school: bool) -> Period | None:
    match = HALF.fullmatch(text)
    if not match:
        return None
    year, first = match[2] or match[3], (match[1] or match[4]) == "1"
    return Period(f"{year}-01", f"{year}-06") if first else Period(f"{year}-07", f"{year}-12")


def _term(text: str, _school: bool) -> Period | None:
    match = TERM.fullmatch(text)
    if not match:
        return None
    year = match[2]
    return Period(f"{year}-10", f"{int(year) + 1}-03") if match[1] else Period(f"{year}-04", f"{year}-09")


def _point(text: str, _school: bool) -> Period | None:
    """A day, month or year: it begins and ends with itself."""
    found = _moment(text)
    return Period(found, found) if found else None


def _range(text: str, school: bool) -> Period | None:
    parts = TO.split(text)
    if len(parts) != 2:
        return None
    first, last = _one(parts[0], school=school), _one(parts[1], school=school)
    return Period(first.start, last.end) if first and last and not first.goes_on and last.end else None


def _open(text: str, school: bool) -> Period | None:
    match = OPEN.fullmatch(text)
    first = _one(next(filter(None, match.groups())), school=school) if match else None
    return Period(first.start, "", goes_on=True) if first else None


READINGS: tuple[Callable[[str, bool], Period | None], ...] = (*(_point, _pair, _quarter, _half, _term, _range, _open),)


def _moment(text: str) -> str:
    if re.fullmatch(YEAR, text):
        return text
    if word := re.fullmatch(r"([A-Za-zäÄ]{3,9})\.?\s(\d{4})", text):
        number = _month(word[1])
        return f"{word[2]}-{number:02}" if number and re.fullmatch(YEAR, word[2]) else ""
    if not re.fullmatch(DAY, text) and not re.fullmatch(MONTH, text, re.I):
        return ""
    try:
        found = dates.moment(text)
    except dates.DateError:
        return ""
    return found if re.match(YEAR, found) else ""


def _month(word: str) -> int:
    plain = word.casefold().replace("mrz", "mär")[:3]
    return MONTHS.index(plain) + 1 if plain in MONTHS else 0


def _first_day(moment: str) -> str:
    return (moment + "-01-01")[:10] if len(moment) < 10 else moment


def _last_day(moment: str) -> str:
    return (moment + "-99-99")[:10] if len(moment) < 10 else moment
