"""Samples that show what a finding means and say nothing about anybody."""

from __future__ import annotations

import re

LETTERS = re.compile(r"(?<=\w)[^\W\d_]+")
DIGITS = re.compile(r"\d")
LONGEST = 40
SHOWN_DIGITS = 2


def mask(text: str) -> str:
    """``Anna Schmidt, 0176 123456`` is ``A… S…, •••• ••••56``."""
    short = text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
    total = len(DIGITS.findall(short))
    keep = SHOWN_DIGITS if total > 3 * SHOWN_DIGITS else 0
    seen = 0

    def hide(_found: re.Match[str]) -> str:
        nonlocal seen
        seen += 1
        return _found[0] if seen > total - keep else "•"

    return LETTERS.sub("…", DIGITS.sub(hide, short))
