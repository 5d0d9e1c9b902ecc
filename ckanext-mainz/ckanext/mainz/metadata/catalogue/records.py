"""The public records and their organisations, as anybody may see them: who asks makes no difference."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import ckan.model as model
from ckan.lib.search.common import SearchError, SearchQueryError, SolrConnectionError
from ckan.plugins import toolkit
from sqlalchemy import select

from ckanext.mainz.metadata.catalogue.question import Refused

_ = toolkit._
Dict = dict[str, Any]

DATASET, SERIES, SERVICE = "dataset", "dataset_series", "data_service"
TYPES = (DATASET, SERIES, SERVICE)
#: A filter of its own beside the one that comes with a question, whatever that says.
ONLY_PUBLIC = f"+dataset_type:({' OR '.join(TYPES)}) +capacity:public +state:active"
#: A change of a record moves no other one to another page; what is new comes last. Records of the same moment keep
#: their order, too (docs/developers/search.md); naming the id here would double the time of a search.
ORDER = "metadata_created asc"
#: CKAN gives no more at once (ckan.search.rows_max).
MOST_AT_ONCE = 500
ID = re.compile(r"[A-Za-z0-9_-]{1,100}")


@dataclass(frozen=True)
class Found:
    """Records in order, as CKAN's dictionaries, and how many there are in all."""

    packages: tuple[Dict, ...]
    count: int


def find(rows: int, start: int = 0, q: str = "", fq: str = "", modified_since: str = "", sort: str = ORDER) -> Found:
    """Public records that match. Raises `Refused` where the search cannot read or answer the question."""
    filters = [f"+metadata_modified:[{modified_since} TO *]"] if modified_since else []
    answer = _search({"q": q or "*:*", "fq": fq, "fq_list": filters, "rows": rows, "start": start, "sort": sort})
    return Found(tuple(one for one in answer["results"] if is_public(one)), answer["count"])


def every(rows: int, fq: str = "") -> Iterator[tuple[Dict, ...]]:
    """All public records, so many at a time. Raises `Refused`."""
    start = 0
    while True:
        found = find(rows, start, fq=fq)
        yield found.packages
        start += rows
        if start >= found.count:
            return


def every_id(fq: str = "") -> frozenset[str]:
    """Ids of all public records. Raises `Refused`."""
    ids: set[str] = set()
    start, count = 0, 1
    while start < count:
        search = {"q": "*:*", "fq": fq, "fl": ["id"], "rows": MOST_AT_ONCE, "start": start, "sort": ORDER}
        answer = _search(search)
        ids.update(one["id"] for one in answer["results"])
        start, count = start + MOST_AT_ONCE, answer["count"]
    return frozenset(ids)


def public_among(ids: Iterable[str]) -> frozenset[str]:
    """Those of these ids whose records are public. Anything may be among them that an editor could write."""
    return frozenset().union(
        *(every_id(_with_ids(some)) for some in _portions([one for one in ids if ID.fullmatch(one)]))
    )


def _search(parameters: Dict) -> Dict:
    parameters["fq_list"] = [ONLY_PUBLIC, *parameters.get("fq_list", ())]
    try:
        return toolkit.get_action("package_search")(anybody(), parameters)
    except (SearchQueryError, toolkit.ValidationError) as error:
        raise Refused(400, _("The search cannot read q or fq: {reason}").format(reason=_reason(error))) from error
    except (SearchError, SolrConnectionError) as error:
        raise Refused(503, _("The search does not answer at the moment; try again in a few minutes.")) from error


def _reason(error: Exception) -> str:
    return str(error if isinstance(error, SearchError) else error.error_dict)[:300]  # pyright: ignore


def by_ids(ids: Sequence[str]) -> list[Dict]:
    """Those of these records that are public."""
    return [one for some in _portions(ids) for one in find(len(some), fq=_with_ids(some)).packages]


def _portions(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    return (ids[first : first + MOST_AT_ONCE] for first in range(0, len(ids), MOST_AT_ONCE))


def _with_ids(ids: Sequence[str]) -> str:
    return "+id:(" + " OR ".join(f'"{one}"' for one in ids) + ")"


def show(id: str) -> Dict | None:
    """A public record by its id or name, as the database has it now."""
    try:
        package = toolkit.get_action("package_show")(anybody(), {"id": id})
    except (toolkit.ObjectNotFound, toolkit.NotAuthorized):
        return None
    return package if is_public(package) else None


def current(id: str) -> Dict | None:
    """A public record by its id or name, as pages have it: from the index, in half the time that `show` takes.

    What the index does not know, or not yet, is looked up in the database.
    """
    if not ID.fullmatch(id):
        return show(id)
    try:
        found = find(1, fq=f'+(id:"{id}" OR name:"{id}")').packages
    except Refused:
        return show(id)
    return found[0] if found else show(id)


def anybody() -> Any:
    """The context of somebody who is not signed in, also within the request of somebody who is."""
    return {"user": "", "auth_user_obj": None, "ignore_auth": False}


def is_public(package: Dict) -> bool:
    """The flags themselves, looked at once more: a mistake elsewhere must not publish a record."""
    return package.get("private") is False and package.get("state") == "active" and package.get("type") in TYPES


def newest_modification(state: str) -> str:
    """When the record that was changed last was changed; empty where there is none. `state` names the index asked."""
    return (_newest_modification if state else _newest_modification.__wrapped__)(state)


@lru_cache(maxsize=4)
def _newest_modification(_state: str) -> str:
    newest = find(1, sort="metadata_modified desc").packages
    return str(newest[0]["metadata_modified"]) if newest else ""


def services(state: str) -> tuple[tuple[str, frozenset[str]], ...]:
    """Ids of all public data services with what they serve, by ids and addresses. `state` names the index asked."""
    return (_services if state else _services.__wrapped__)(state)


@lru_cache(maxsize=4)
def _services(_state: str) -> tuple[tuple[str, frozenset[str]], ...]:
    some = every(MOST_AT_ONCE, fq=f"+dataset_type:{SERVICE}")
    return tuple((one["id"], frozenset(one.get("serves_dataset") or ())) for found in some for one in found)


def organisations(ids: Iterable[str]) -> dict[str, Dict]:
    """Organisations with the fields of their schema, by id."""
    table = model.group_table
    columns = (table.c.id, table.c.name, table.c.title, table.c.description, table.c.image_url, table.c.extras)
    rows = model.Session.execute(select(*columns).where(table.c.id.in_(set(ids))))
    return {row.id: {**(row.extras or {}), **_without_extras(row)} for row in rows}


def _without_extras(row: Any) -> Dict:
    return {name: value for name, value in row._mapping.items() if name != "extras"}
