"""JSON that may stand inside a page."""

from __future__ import annotations

import json
from typing import Any

from markupsafe import Markup

#: What could end the script element or, in old browsers, a line of a script.
SIGNS = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
TABLE = str.maketrans(SIGNS)


def in_page(value: Any) -> Markup:
    """JSON for the content of a script element, whatever the texts in it hold."""
    return Markup(json.dumps(value, ensure_ascii=False).translate(TABLE))  # noqa: S704 - the signs of markup are gone
