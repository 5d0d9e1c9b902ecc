"""How values read on a page: dates, sizes, formats and short extracts, in German and English. Pure."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime
from math import isfinite
from zoneinfo import ZoneInfo

HERE = ZoneInfo("Europe/Berlin")
UNITS = ("Byte", "KB", "MB", "GB", "TB")
MONTHS = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905
)
ISO_DAY = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?\Z")
LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
ITEM = re.compile(r"^[ ]{0,3}(?:[-*+]|\d+\.)[ ]+", re.MULTILINE)
MARKUP = re.compile(
    r"<[^>]*>|^[ ]{0,3}(?:#{1,6}|>)[ ]+|\*{1,3}(?=\S)|(?<=\S)\*{1,3}|(?<!\w)_{1,3}(?=\S)|(?<=\S)_{1,3}(?!\w)|`|~~",
    re.MULTILINE,
)
NO_SERVICE = re.compile(r"_SRVC\Z", re.IGNORECASE)


def day(value: date, language: str) -> str:
    """``31.12.2025`` in German, ``31 December 2025`` in English."""
    if language == "de":
        return f"{value:%d.%m.%Y}"
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def written_day(text: str, language: str) -> str:
    """A date in ISO form (``2025``, ``2025-12`` or ``2025-12-31``) as people write it; other text as it is."""
    match = ISO_DAY.match(text)
    if not match:
        return text
    year, month, number = match.groups()
    if month is None or not 1 <= int(month) <= len(MONTHS):
        return text
    if number is None:
        return f"{month}/{year}" if language == "de" else f"{MONTHS[int(month) - 1]} {year}"
    try:
        return day(date(int(year), int(month), int(number)), language)
    except ValueError:
        return text


def moment(timestamp: str | None, language: str) -> str:
    """The day in Mainz of a timestamp as CKAN keeps it (ISO, UTC, without offset); empty for none."""
    if not timestamp:
        return ""
    try:
        parsed = datetime.fromisoformat(timestamp)
    except ValueError:
        return ""
    aware = parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)
    return day(aware.astimezone(HERE).date(), language)


def size(number: object, language: str) -> str:
    """Bytes as people read them: ``12 KB``, ``1,2 MB``; empty where unknown."""
    try:
        value = float(str(number))
    except ValueError:
        return ""
    if not isfinite(value) or value < 1:
        return ""
    step = 0
    while round(value) >= 1000 and step < len(UNITS) - 1:
        value, step = value / 1000, step + 1
    text = f"{value:.1f}" if step > 1 and value < 100 else f"{value:.0f}"
    return f"{decimal(text, language)} {UNITS[step]}"


def decimal(text: str, language: str) -> str:
    """Puts the decimal comma where the language wants one."""
    return text.replace(".", ",") if language == "de" else text


def number(value: int, language: str) -> str:
    """A whole number with separators for thousands."""
    return f"{value:,}".replace(",", "." if language == "de" else ",")


def format_code(value: str) -> str:
    """The short name in a format that may be a URI of a code list: ``…/file-type/WMS_SRVC`` is ``WMS``."""
    last = value.rstrip("/").rsplit("/", 1)[-1] if "://" in value else value
    return NO_SERVICE.sub("", last.strip())


def plain(text: str | None) -> str:
    """Markdown without its marks, in one line; the items of lists stand apart by a dot."""
    without_marks = MARKUP.sub("", ITEM.sub("· ", LINK.sub(r"\1", text or "")))
    return " ".join(without_marks.split()).removeprefix("· ")


def extract(text: str | None, length: int) -> str:
    """The beginning of a Markdown text in plain words, cut between words."""
    words = plain(text[: length * 4] if text else "")
    if len(words) <= length:
        return words
    return words[: length + 1].rsplit(" ", 1)[0][:length].rstrip(" ,;:–-·") + " …"


def sort_key(text: str) -> str:
    """By which German names sort: umlauts right after their vowels, case ignored."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    plain_letters = "".join(sign for sign in decomposed if not unicodedata.combining(sign))
    return f"{plain_letters}\0{text}"
