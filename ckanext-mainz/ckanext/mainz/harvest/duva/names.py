"""What the name of a file tells: how it is compared, a title to read, and its years. Pure."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from ckanext.mainz.harvest.duva import known

YEAR = r"(?:1[5-9]|20|21)\d\d"
YEARS = re.compile(rf"(?<!\d)({YEAR})(?:(ff)|\s*[-–_]\s*({YEAR}))?(?!\d)")
SPAN = re.compile(rf"({YEAR})[-_]({YEAR})(?!\d)")
DASH = re.compile(r"[_ ]+[-–][_ ]+")
BLANKS = re.compile(r"[\s_]+")
EDGES = " -–_.,"


def stem_of(name: str) -> str:
    """The name of a file without folders and ending."""
    last = name.rsplit("/", 1)[-1]
    return last.rpartition(".")[0] or last


def key(name: str) -> str:
    """The name of a file as it is compared: with its folders, without ending, one spelling of blanks and umlauts."""
    folder, _slash, _last = unicodedata.normalize("NFC", name).rpartition("/")
    stem = BLANKS.sub("_", stem_of(unicodedata.normalize("NFC", name)).strip()).casefold()
    return f"{folder.casefold()}/{stem}" if folder else stem


def without_years(key: str) -> str:
    """A name without ``_2020``, ``_2020ff`` or ``1999-2013``; empty for one that has none, or nothing else."""
    folder, slash, stem = key.rpartition("/")
    left = YEARS.sub("", stem)
    plain = re.sub(r"[_\-–]{2,}", "_", left).strip(EDGES)
    return f"{folder}{slash}{plain}" if plain and left != stem else ""


def years(text: str) -> tuple[str, str]:
    """The first and the last year in a text, the last one empty where it says that more will follow."""
    found = list(YEARS.finditer(text))
    if not found:
        return "", ""
    begins = min(one[1] for one in found)
    ends = [one[3] or one[1] for one in found]
    return begins, "" if any(one[2] for one in found) else max(ends)


def title(name: str, prefix: str = "") -> str:
    """A title from the name of a file: words spelled as a table knows them, all others as they stand.

    ``de-rp-mainz-oeffentliche_apotheken_2020ff.csv`` becomes ``Öffentliche Apotheken ab 2020``.
    """
    stem = unicodedata.normalize("NFC", stem_of(name))
    stem = stem[len(prefix) :] if prefix and stem.casefold().startswith(prefix.casefold()) else stem
    text = DASH.sub(" – ", SPAN.sub(r"\1–\2", stem))
    text = text.replace("-", " ") if not re.search(r"[_\s]", stem) else text
    words = [_spelled(word) for word in BLANKS.split(text) if word]
    line = " ".join(words).strip(EDGES)
    return line[:1].upper() + line[1:]


def _spelled(word: str) -> str:
    """A word as it is spelled, if it is one that can mean nothing else; ``2020ff`` is ``ab 2020``."""
    if open_end := re.fullmatch(rf"({YEAR})ff\.?", word):
        return f"ab {open_end[1]}"
    return _spellings().get(word, word)


@cache
def _spellings() -> dict[str, str]:
    """Words as they stand in names of files (small, umlauts in two letters or as they are) → as they are spelled."""
    words = [one for kind in ("umlauts", "nouns") for one in known.table("words")[kind]]
    plain = {one.lower(): one for one in words}
    return {one.translate(known.UMLAUTS).replace("ß", "ss"): word for one, word in plain.items()} | plain


def without_years_in_title(title: str) -> str:
    """A title without its years, for a dataset whose files have the same one but for these."""
    return " ".join(re.sub(r"\b(?:ab|seit|von|bis)\s*(?=$|\s)", "", YEARS.sub("", title)).split()).strip(EDGES + "(),:")
