"""Experimental: saved evaluations of DUVA's Auswertungsassistent (``asw.exe?aw=…``, ``asw.dll/?aw=…``).

There is no list of them, so somebody gives their addresses: as an option, or as a list at the address of the source. An
evaluation is computed anew each time and answers with CSV, with a page that shows a table, or with a login page; only
CSV is taken. Its identifier is what stands after ``aw=``, whatever its case and slashes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from ckanext.mainz.foundation.errors import N_, Message
from ckanext.mainz.foundation.http import HttpError, Session
from ckanext.mainz.harvest import options
from ckanext.mainz.harvest.duva import web
from ckanext.mainz.harvest.duva.experimental.common import Listed
from ckanext.mainz.harvest.duva.items import Item
from ckanext.mainz.harvest.duva.lists import Row

TAKES = N_(
    "Evaluations are read experimentally: their answers are known from hearsay. To trust this, it would take the"
    " addresses of the evaluations that are to be published, each saved as a CSV export that asks for no login, and one"
    " real answer."
)
NO_ADDRESSES = N_("{url} names no evaluations (addresses with aw=…). Give them in the option evaluations.")


@dataclass(frozen=True)
class Evaluations:
    """See `common.Interface`."""

    mode: str = "evaluations"
    takes: Message = TAKES

    @property
    def options(self) -> Mapping[str, options.Option]:
        """Addresses of evaluations."""
        return {"evaluations": options.TEXTS}

    def listed(self, session: Session, url: str, config: Mapping[str, Any]) -> Listed:
        """See `common.Interface.listed`."""
        addresses = list(config.get("evaluations", ())) or ([url] if identifier(url) else _listed(session, url))
        named = {identifier(one).casefold(): urljoin(url, one) for one in addresses if identifier(one)}
        if not named:
            raise HttpError(url, NO_ADDRESSES)
        names = {name: f"{name.replace('/', ' - ')}.csv" for name in sorted(named)}
        files = tuple(Item(file, _encoded(named[name])) for name, file in names.items())
        titles = {name: identifier(named[name]).rpartition("/")[2] for name in names}
        rows = tuple(Row(file=file, identifier=name, title=_readable(titles[name])) for name, file in names.items())
        return Listed(session, url, files, rows)


def identifier(address: str) -> str:
    """What stands after ``aw=`` in an address, with slashes; empty where nothing does. Parameters after ``&@`` belong
    to it, since they choose other data."""
    parts = urlsplit(address)
    query = parts.query or parts.path.rpartition("/params/")[2]
    given = [one for one in query.split("&") if one.casefold().startswith("aw=")]
    chosen = sorted(one for one in query.split("&") if one.startswith("@"))
    name = unquote(given[0][3:]).replace("\\", "/").strip("/ ") if given else ""
    return "&".join([name, *map(unquote, chosen)]) if name else ""


def _readable(name: str) -> str:
    return " ".join(name.partition("&")[0].removesuffix("_ASW").removesuffix("_TAB").replace("_", " ").split())


def _encoded(address: str) -> str:
    """An address with its backslashes written as percent signs; the rest is done by whoever sends it."""
    return address.replace("\\", "%5C").replace("|", "%7C")


def _listed(session: Session, url: str) -> list[str]:
    page = session.get(url).checked()
    if page.is_html:
        return list(web.read_links(page).addresses)
    text = page.body.decode("utf-8-sig", "replace")
    return [word.strip("\"',;[]") for word in text.split() if "aw=" in word.casefold()]
