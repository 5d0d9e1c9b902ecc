"""Addresses of records that nobody checked when they came, as a catalogue may tell them.

rdflib refuses to write a Turtle page with one illegal IRI in it, so that one dataset would take the whole catalogue
down; other writers pass it on, and the harvester at the other end stops. So more is mended here than where people type:
control characters and markup as well. What leaves this module is an absolute IRI in ASCII, see `metadata.iris`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import quote

from ckanext.mainz.metadata import iris
from ckanext.mainz.metadata.rdf.problems import Unusable

SEGMENT = re.compile(r"[A-Za-z0-9_-]+")
CONTROL = re.compile(r"[\x00-\x20\x7f\u0085\u00a0\u2028\u2029\ufeff]+")
#: Names and passwords before a host are nobody's business.
LOGIN = re.compile(r"\A([A-Za-z]+:/*)[^/?#]*@")


@lru_cache(maxsize=20_000)
def repaired(text: str) -> str:
    """The legal IRI that `text` means; the same text if it is one. Raises `Unusable` where there is none."""
    try:
        return iris.repaired(text if iris.LEGAL.fullmatch(text) else _without_accidents(text))
    except iris.IriError as error:
        raise Unusable(error.message) from error


def _without_accidents(text: str) -> str:
    plain = CONTROL.sub(" ", text).strip()
    if iris.scheme_of(plain) not in iris.WITH_HOST:
        return plain
    return LOGIN.sub(r"\1", plain.replace("\\", "/"))


def segment(text: str) -> str:
    """A text as one part of a path."""
    return text if SEGMENT.fullmatch(text) else quote(text, safe="", errors="replace")
