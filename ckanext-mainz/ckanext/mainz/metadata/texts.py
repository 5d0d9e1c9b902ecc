"""What a text may hold so that the database, the index and XML can carry it."""

from __future__ import annotations

import re

#: Postgres keeps no NUL, and nothing encodes half of a surrogate pair.
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
#: Beyond that, what XML 1.0 forbids and nobody types on purpose.
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")


def is_storable(text: str) -> bool:
    """Whether the database can keep this text at all."""
    return UNSTORABLE.search(text) is None


def has_control_characters(text: str) -> bool:
    """Whether a text has characters that XML and the index cannot carry. Tab and line breaks are fine."""
    return CONTROL.search(text) is not None
