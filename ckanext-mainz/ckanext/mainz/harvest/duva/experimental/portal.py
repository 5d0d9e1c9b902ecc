"""Experimental: the search of DUVA's Informationsportal (``POST …/service/app/search/all``).

Written after two programs of others that ask it in Dresden and Bochum. Known from them: without ``result`` it answers
with 500, without the group of guests with nothing, and beyond some hundred results not at all, so that everything is
asked for at once; topics and years come twice; identifiers are GUIDs.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urljoin

from ckanext.mainz.foundation.errors import N_, Message
from ckanext.mainz.foundation.http import BadResponse, HttpError, Response, Session
from ckanext.mainz.harvest import options
from ckanext.mainz.harvest.duva import known
from ckanext.mainz.harvest.duva.experimental.common import Listed
from ckanext.mainz.harvest.duva.items import Item
from ckanext.mainz.harvest.duva.lists import Row
from ckanext.mainz.harvest.report import Reason

TAKES = N_(
    "The search of the information portal is read experimentally: it is documented nowhere. To trust it, it would take"
    " one whole answer of the portal of Mainz, the id of its group of guests (option user_groups) and word whether the"
    " search lists everything."
)
NO_ANSWER = N_("{url} gives no list of results (JSON with “ipResults”).")
NOTHING = N_("{url} lists nothing. Perhaps the group of guests is missing: give its id in the option user_groups.")
SHORT = N_("The search says that there are {said} results and gave {got}.")
PATH = "service/app/search/all"
AT_ONCE = 2000
TABLES = {"csv": "csv", "xlsx": "xlsx", "excel": "xlsx"}
ATTRIBUTES = ("ergebnis_bezeichnung_ngram", "themen", "text", "content")


@dataclass(frozen=True)
class Portal:
    """See `common.Interface`."""

    mode: str = "portal"
    takes: Message = TAKES

    @property
    def options(self) -> Mapping[str, options.Option]:
        """Ids of groups whose results are asked for, and attributes that are searched."""
        return {"user_groups": options.TEXTS, "search_attributes": options.TEXTS}

    def listed(self, session: Session, url: str, config: Mapping[str, Any]) -> Listed:
        """See `common.Interface.listed`. Taken are the tables; maps, pages and services of the same list are not."""
        address = url if url.rstrip("/").endswith(PATH) else urljoin(f"{url.rstrip('/')}/", PATH)
        said, results = _ask(session, address, config, AT_ONCE)
        if len(results) < said:
            said, results = _ask(session, address, config, said)
        if not results:
            raise HttpError(address, NOTHING)
        pairs = sorted({row.file: (item, row) for one in results for item, row in _files(one, address)}.items())
        short = Reason("short", SHORT, {"said": said, "got": len(results)}) if len(results) < said else None
        files, rows = tuple(pair[0] for _name, pair in pairs), tuple(pair[1] for _name, pair in pairs)
        return Listed(session, url, files, rows, why=short)


def _ask(session: Session, address: str, config: Mapping[str, Any], most: int) -> tuple[int, list[Mapping[str, Any]]]:
    """How many results there are, and those that came. A server that wants another form gets it."""
    attributes = [{"name": one} for one in config.get("search_attributes", ATTRIBUTES)]
    forms = (attributes, {}), (None, {"resultEntry": None, "headerAttribute": attributes})
    for searched, result in forms:
        body = {"textSearch": "", "numOfResults": most, "pagingStart": 0, "result": result,
                "userGroupIds": list(config.get("user_groups", ())),
                "textSearchConfig": {"attribute": searched}}  # fmt: skip
        answer = session.post(
            address, json.dumps(body).encode(), content_type="application/json", repeatable=True
        )  # fmt: skip
        if answer.status != 500:
            return _results(answer)
    raise BadResponse(address, NO_ANSWER, status=500)


def _results(answer: Response) -> tuple[int, list[Mapping[str, Any]]]:
    checked = answer.checked(html=False)
    try:
        found = json.loads(checked.body.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError) as error:
        raise HttpError(answer.url, NO_ANSWER) from error
    results = found.get("ipResults") if isinstance(found, dict) else None
    if not isinstance(results, list):
        raise HttpError(answer.url, NO_ANSWER)
    usable: list[Mapping[str, Any]] = [one for one in results if isinstance(one, dict)]
    said = found.get("numOfResults")
    return said if isinstance(said, int) else len(usable), usable


def _files(result: Mapping[str, Any], address: str) -> Iterator[tuple[Item, Row]]:
    for one in result.get("presentations") or ():
        kind = known.letters(str(one.get("darstellungsArtBezeichnung") or "")) if isinstance(one, dict) else ""
        path = str(one.get("schnittstelle") or "") if kind in TABLES else ""
        if path:
            id = str(one.get("ergebnisId") or result.get("ergebnisId") or "")
            name = f"{id or known.letters(str(result.get('bezeichnung')))}.{TABLES[kind]}"
            yield Item(name, _address(str(one.get("aufrufUrl") or ""), path, address)), _row(result, name, id)


def _address(start: str, path: str, address: str) -> str:
    """Where a presentation is: its address, or the start of one with a path that may have backslashes."""
    if start:
        return urljoin(address, start) + quote(path.replace("\\", "/"), safe="/")
    return urljoin(address, path.replace("\\", "/") if "://" not in path else path)


def _row(result: Mapping[str, Any], name: str, id: str) -> Row:
    return Row(
        file=name,
        identifier=id,
        title=_text(result.get("bezeichnung")),
        modified=_text(result.get("letzteAenderung")),
        topic=_texts(result.get("themen")),
        area=_texts(result.get("raeume")),
        period=_texts(result.get("zeiten")),
        source=_text(result.get("dataSource")),
        license=_text(result.get("presentationLicense")),
    )


def _text(value: Any) -> str:
    found = value.get("name") if isinstance(value, dict) else value
    return " ".join(found.split()) if isinstance(found, str) else ""


def _texts(value: Any) -> str:
    """A list as a cell; each once and in one order, since both change from answer to answer."""
    texts: Sequence[Any] = value if isinstance(value, list) else [value]
    return "\n".join(sorted({_text(one) for one in texts} - {""}))
