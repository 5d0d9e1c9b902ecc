"""Records that went wrong on their way: something is missing, twice, moved or written over."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from typing import Any

from lxml import etree

CUT, SPOILT = 25, 30
ODD = ("", " ", "ﬀ" * 300, "9" * 400, "-1e309", "http://[", '{"id": [[', '{"id": {"id": "dl-de-by-2.0"}}', "2025-13-45",
       "\u202e\ufeff", "<![CDATA[<b>]]>", "NaN", "0000-00-00", "http://example.org:99999/", "8,2;49,9", "&amp;amp;",
       "urn:ogc:def:crs:EPSG::", "{" * 2000, "٣", "mailto:@", "title not given")  # fmt: skip
NAMES = (
    "CharacterString",
    "Anchor",
    "Decimal",
    "Date",
    "URL",
    "MD_Identifier",
    "RS_Identifier",
    "TimePeriod",
    "Unknown",
)


def mutated(documents: Iterable[bytes], seed: str = "mutated") -> Iterator[bytes]:
    """A copy of each, with one to six mutations; a few are no XML any more. The same seed gives the same copies."""
    for number, document in enumerate(documents):
        dice = random.Random(f"{seed} {number}")
        root = etree.fromstring(document)
        for _ in range(1 + number % 6):
            _mutate(root, dice)
        copy = etree.tostring(root)
        if number % CUT == 0:
            copy = copy[: dice.randrange(len(copy))]
        if number % SPOILT == 1:
            at = dice.randrange(len(copy))
            copy = copy[:at] + dice.choice([b"\x00", b"\x0b", b"\xe4", b"&nbsp;", b"\xef\xbb\xbf"]) + copy[at:]
        yield copy


def _mutate(root: Any, dice: random.Random) -> None:
    elements = [*root.iterdescendants("*")]
    if not elements:
        return
    one, other = dice.choice(elements), dice.choice(elements)
    dice.choice(MUTATIONS)(one, other, dice)


def _removed(one: Any, other: Any, dice: random.Random) -> None:
    one.getparent().remove(one)


def _twice(one: Any, other: Any, dice: random.Random) -> None:
    one.addnext(_copy(one))


def _elsewhere(one: Any, other: Any, dice: random.Random) -> None:
    other.append(_copy(one))


def _written_over(one: Any, other: Any, dice: random.Random) -> None:
    leaf = next((each for each in one.iter("*") if not len(each)), one)
    leaf.text = dice.choice(ODD)


def _renamed(one: Any, other: Any, dice: random.Random) -> None:
    space = etree.QName(dice.choice([one, other])).namespace
    one.tag = f"{{{space}}}{dice.choice(NAMES)}"


def _attribute(one: Any, other: Any, dice: random.Random) -> None:
    with_some = [each for each in one.getroottree().iter("*") if each.attrib]
    if with_some:
        chosen = dice.choice(with_some)
        chosen.set(dice.choice([*chosen.attrib]), dice.choice(ODD))


def _emptied(one: Any, other: Any, dice: random.Random) -> None:
    one.clear()


def _copy(one: Any) -> Any:
    return etree.fromstring(etree.tostring(one, with_tail=False))


MUTATIONS = (_removed, _twice, _elsewhere, _written_over, _written_over, _renamed, _attribute, _emptied)
