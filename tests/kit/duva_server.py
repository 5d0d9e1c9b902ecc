"""A DUVA server on this machine: a folder of exports in several forms, and the interfaces of which little is known.

    with DuvaServer() as server:
        address = server.folder({"einwohner.csv": b"…"}, form="json")

Its figures are invented. What the uncertain interfaces answer is made after what programs of others expect of them.
"""

from __future__ import annotations

import html
import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

from tests.kit.misbehaving_server import Behaviour, MisbehavingServer, Visit, answer, status

FOLDER = "/export/"
SEARCH = "/portal/service/app/search/all"
GUESTS = "19"
Results = list[dict[str, Any]]


def index_page(names: list[str], *, whole: bool = True) -> bytes:
    """A page as a web server makes it for a folder: links to sort it, to the folder above, and to its files."""
    links = ['<a href="?C=N;O=D">Name</a>', '<a href="/">Parent Directory</a>']
    links += [f'<a href="{html.escape(quote(one))}">{html.escape(one)}</a>' for one in names]
    end = "</body></html>" if whole else ""
    return (
        f"<!DOCTYPE html>\n<html><head><title>Index of /export</title></head><body>{'<br>'.join(links)}{end}".encode()
    )


FORMS: Mapping[str, Callable[[list[str]], bytes]] = {
    "index": index_page,
    "json": lambda names: json.dumps({"files": [{"file": one} for one in names]}).encode(),
    "lines": lambda names: "\n".join(names).encode(),
    "csv": lambda names: ("Nr;Export\r\n" + "".join(f"{n};{one}\r\n" for n, one in enumerate(names))).encode(),
}


class DuvaServer(MisbehavingServer):
    """Answers as it is told by the methods below; 404 elsewhere."""

    def folder(
        self, files: Mapping[str, bytes], form: str = "index", *, path: str = FOLDER, listing: Behaviour | None = None
    ) -> str:
        """A folder with these files; gives its address."""
        for name, content in files.items():
            self.at(quote(f"{path}{name}"), answer(content, content_type="text/csv"))
        return self.at(path, listing or answer(FORMS[form](list(files)), content_type="text/html"))

    def servlet(self, files: Mapping[str, bytes], *, path: str = "/duva2ckan/files/") -> str:
        """Files of the servlet ``duva2ckan`` by their ids, with a page that links to them."""
        for id, content in files.items():
            self.at(f"{path}{id}/content", answer(content, content_type="application/octet-stream"))
        return self.at(path, answer(index_page([f"{id}/content" for id in files]), content_type="text/html"))

    def search(self, results: Results, *, form: str = "Dresden", most: int = 300, said: int | None = None) -> str:
        """The search of an information portal; gives the address of the portal.

        It answers 500 without ``result`` (in Bochum also with an empty one), nothing without the group of guests, and
        at most so many results.
        """

        def behave(visit: Visit) -> None:
            asked = json.loads(visit.request.body)
            if "result" not in asked or (form == "Bochum" and not asked["result"]):
                return status(500)(visit)
            found = results if GUESTS in asked["userGroupIds"] else []
            found = found[: min(most, asked["numOfResults"])]
            body = {"numOfResults": len(results) if said is None else said, "ipResults": found}
            return answer(json.dumps(body).encode(), content_type="application/json")(visit)

        self.at(SEARCH, behave)
        return self.url("/portal")


def result(id: str, title: str, address: str, *, kind: str = "CSV", start: str | None = None) -> dict[str, Any]:
    """A result of the search, as portals give it: topics and years twice, a map beside the table."""
    table = {"ergebnisId": id, "darstellungsArtBezeichnung": kind, "schnittstelle": address, "aufrufUrl": start}
    plan = {"ergebnisId": id, "darstellungsArtBezeichnung": "WMS", "schnittstelle": "https://karten.example/wms"}
    return {
        "bezeichnung": title,
        "letzteAenderung": "15.07.2025",
        "themen": ["Bevölkerung", "Bevölkerung"],
        "raeume": ["Stadtteile"],
        "zeiten": ["2024", "2024", "2020"],
        "dataSource": {"name": "Einwohnermelderegister"},
        "presentationLicense": {"name": "dl-de/by-2-0"},
        "presentations": [plan, table],
    }
