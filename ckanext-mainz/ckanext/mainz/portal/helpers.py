"""Template helpers of the pages for readers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ckan.plugins import toolkit
from flask import g, request

from ckanext.mainz.portal import assets, changes, error_pages, listing, wording
from ckanext.mainz.portal.links import links

NAMES = {"de": "Deutsch", "en": "English"}
SECTIONS = {"/dataset": "datasets", "/organization": "organizations"}
HEADING = re.compile(r"^ {0,3}(#{1,5}) ", re.MULTILINE)
IMAGE = re.compile(r"!(\[[^\]]*\])\([^)]*\)")


@dataclass(frozen=True)
class Language:
    """A language of the portal with the address of this page in it."""

    code: str
    name: str
    address: str
    full_address: str
    current: bool


def get_helpers() -> dict[str, Any]:
    return {
        "mainz_asset": assets.asset,
        "mainz_links": links,
        "mainz_languages": languages,
        "mainz_section": section,
        "mainz_flashes": flashes,
        "mainz_number": number,
        "mainz_sorts": sorts,
        "mainz_markdown": markdown,
        "mainz_content_language": content_language,
        "mainz_error": error_pages.error_page,
        "mainz_day": day,
        "mainz_difference": difference,
    }


def languages() -> list[Language]:
    """All languages of the portal; the addresses keep this page and its query. Made once a request."""
    if "mainz_languages" not in g:
        here = "/" + str(request.environ.get("CKAN_CURRENT_URL", "")).lstrip("/")
        g.mainz_languages = [language(str(locale.short_name), here) for locale in toolkit.h.get_available_locales()]
    return g.mainz_languages


def language(code: str, here: str) -> Language:
    plain = code == toolkit.config["ckan.locale_default"]  # the portal's own language has no prefix
    address = toolkit.url_for("home.index", locale="default" if plain else code).rstrip("/") + here
    full = toolkit.config["ckan.site_url"].rstrip("/") + address
    return Language(code, NAMES.get(code, code), address, full, code == toolkit.h.lang())


def content_language() -> str:
    """The language in which records are written; on pages in another one their texts are marked with it."""
    return toolkit.config["ckan.locale_default"]


def section() -> str:
    """Which entry of the main navigation this page belongs to."""
    return next((name for start, name in SECTIONS.items() if request.path.startswith(start)), "")


def flashes() -> list[tuple[str, str]]:
    """Messages for this reader, as category and text."""
    return toolkit.h.get_flashed_messages(with_categories=True)


def number(value: int) -> str:
    """A whole number as the reader's language writes it."""
    return wording.number(value, toolkit.h.lang())


def sorts() -> list[tuple[str, str]]:
    """Orders of a list: the value in the address and what readers choose."""
    return [(name, toolkit._(title)) for name, (title, _order) in listing.SORTS.items()]


def markdown(text: str, below: int = 1) -> Any:
    """Markdown as safe HTML, its headings `below` levels deeper, images left out: they could lie on foreign hosts."""
    without_images = IMAGE.sub(r"\1", text)
    demoted = HEADING.sub(lambda match: "#" * min(len(match[1]) + below, 6) + " ", without_images)
    return toolkit.h.render_markdown(demoted, auto_link=False)


def day(stamp: Any) -> str:
    """The day of a moment (ISO text or datetime) as the reader's language writes it."""
    text = stamp.isoformat() if isinstance(stamp, datetime) else stamp
    return wording.moment(text, toolkit.h.lang())


def difference(type: str, found: Mapping[str, Any]) -> changes.Difference:
    """What differs between two states of a record, in the reader's language."""
    return changes.difference(type, found, "de" if toolkit.h.lang().startswith("de") else "en")
