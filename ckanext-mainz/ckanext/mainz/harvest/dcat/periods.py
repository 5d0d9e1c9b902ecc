"""Periods of time as people write them: ``1999 - 2013``, ``31.12.2014 - 31.12.2014``, ``2006ff``, ``1990/91``."""

from __future__ import annotations

import re

from ckanext.mainz.metadata.rdf.dates import normalised
from ckanext.mainz.metadata.rdf.problems import Unusable

Row = dict[str, str]
FROM_TO = re.compile(
    r"(?:von\s+)?(\S.*?)\s*(?:\s[-–—]\s|[–—]|\sbis\s|(?<=\d)/(?=\d{4})|\.\.|(?<=\d{4})\s*-\s*(?=\d{4}\Z))\s*(\S.*)",
    re.I,
)
ONWARDS = re.compile(r"(?:seit|ab)\s+(\S.*)|(\d{4})\s*ff\.?", re.IGNORECASE)
SCHOOL_YEAR = re.compile(r"(\d\d)(\d\d)\s*/\s*(\d\d)")
QUARTER = re.compile(r"(?:(\d{4})\s+)?([1-4])\.\s*Quartal(?:\s+(\d{4}))?|(\d{4})-?Q([1-4])", re.IGNORECASE)


def period(text: str) -> Row:
    """A row of ``temporal_coverage``; empty for what is no period."""
    plain = " ".join(text.split())
    if match := SCHOOL_YEAR.fullmatch(plain):
        return _school_year(match)
    if match := QUARTER.fullmatch(plain):
        return _quarter(match)
    if match := ONWARDS.fullmatch(plain):
        return _filled(_date(match[1] or match[2]), "")
    if (one := _date(plain)) or not (match := FROM_TO.fullmatch(plain)):
        return _filled(one, one)
    start, end = _date(match[1]), _date(match[2])
    return _filled(start, end) if start and end else {}


def _date(text: str) -> str:
    try:
        return normalised(text)
    except Unusable:
        return ""


def _filled(start: str, end: str) -> Row:
    return {name: value for name, value in (("start", start), ("end", end)) if value}


def _school_year(match: re.Match[str]) -> Row:
    start = int(match[1] + match[2])
    return _filled(str(start), str(start + 1)) if int(match[3]) == (start + 1) % 100 else {}


def _quarter(match: re.Match[str]) -> Row:
    year = match[1] or match[3] or match[4]
    number = int(match[2] or match[5])
    return _filled(f"{year}-{number * 3 - 2:02}", f"{year}-{number * 3:02}") if year else {}
