"""Experimental: the listing of ``duva2ckan``, the predecessor of DUVA's DCAT catalogue.

Known is only how files are called (``…/duva2ckan/files/<id>/content``, in one version ``duva2ckan-1.0.6``), not how a
list of them looks. Taken is a page with links to such addresses, or a JSON or plain list of them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urljoin

from ckanext.mainz.foundation.errors import N_, Message
from ckanext.mainz.foundation.http import HttpError, Response, Session
from ckanext.mainz.harvest import options
from ckanext.mainz.harvest.duva import web
from ckanext.mainz.harvest.duva.experimental.common import Listed
from ckanext.mainz.harvest.duva.items import Item
from ckanext.mainz.harvest.duva.lists import Row

TAKES = N_(
    "The listing of duva2ckan is read experimentally: no real one is known. To trust it, it would take one whole answer"
    " of a DUVA server at the address of the listing, and word whether it lists everything."
)
NO_FILES = N_("{url} names no files of duva2ckan (…/files/<id>/content).")
FILE = re.compile(r"(?P<start>\S*?/files/)(?P<id>[^/?#\s\"'<>]+)(?:/content(?:\.\w+)?)?/?(?:#\d+)?\Z")


@dataclass(frozen=True)
class Servlet:
    """See `common.Interface`."""

    mode: str = "duva2ckan"
    takes: Message = TAKES

    @property
    def options(self) -> Mapping[str, options.Option]:
        """None of its own."""
        return {}

    def listed(self, session: Session, url: str, config: Mapping[str, Any]) -> Listed:  # noqa: ARG002
        """See `common.Interface.listed`. The identifier of a file is its id, whatever the base path is called."""
        page = session.get(url).checked()
        found = {one["id"]: one["start"] for address in _addresses(page) if (one := FILE.fullmatch(address))}
        if not found:
            raise HttpError(url, NO_FILES)
        files = tuple(Item(f"{unquote(id)}.csv", f"{start}{id}/content") for id, start in sorted(found.items()))
        rows = tuple(Row(file=one.name, identifier=one.name.removesuffix(".csv")) for one in files)
        return Listed(session, url, files, rows)


def _addresses(page: Response) -> list[str]:
    """Addresses in a page, a JSON list or lines of text. Raises `ReadableError` for a login page."""
    text = page.body.decode("utf-8-sig", "replace")
    if page.is_html or text.lstrip()[:1] in ("[", "{"):
        return [urljoin(page.url, one) for one in web.read_links(page).addresses]
    return [urljoin(page.url, one.strip()) for one in text.splitlines() if one.strip()]
