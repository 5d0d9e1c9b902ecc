"""The public records and their organisations, as anybody may see them: who asks makes no difference."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import ckan.plugins as p
from ckan.lib.search.common import SearchError, SearchQueryError, SolrConnectionError
from ckan.plugins import toolkit

from ckanext.mainz.foundation.interfaces import IIndex, Indexed
from ckanext.mainz.foundation.prepared import Prepared
from ckanext.mainz.metadata.catalogue.question import Refused
from ckanext.mainz.metadata.catalogue.state import State

_ = toolkit._
Dict = dict[str, Any]

DATASET, SERIES, SERVICE = "dataset", "dataset_series", "data_service"
TYPES = (DATASET, SERIES, SERVICE)
#: A filter of its own beside the one that comes with a question, whatever that says.
OF_TYPES = f"+dataset_type:({' OR '.join(TYPES)})"
#: What other portals give on by themselves stands in no catalogue of ours: else GovData has it twice.
OURS = "-extras_redistribute:(False OR false)"
ONLY_PUBLIC = f"{OF_TYPES} +capacity:public +state:active"
#: A change of a record moves no other one to another page; what is new comes last. Records of the same moment keep
#: their order, too (docs/developers/search.md); naming the id here would double the time of a search.
ORDER = "metadata_created asc"
COLUMNS = ("id", "name", "title", "description", "image_url")
ORGANISATIONS = Prepared(
    "mainz_catalogue_organisations",
    'SELECT id, name, title, description, image_url, extras FROM "group" WHERE id = ANY($1)',
    values=1,
)
#: CKAN gives no more at once (ckan.search.rows_max).
MOST_AT_ONCE = 500
ID = re.compile(r"[A-Za-z0-9_-]{1,100}")


@dataclass(frozen=True)
class Found:
    """Records in order, as CKAN's dictionaries, and how many there are in all."""

    packages: tuple[Dict, ...]
    count: int


def find(rows: int, start: int = 0, q: str = "", fq: str = "", modified_since: str = "") -> Found:
    """Public records that match. Raises `Refused` where the search cannot read or answer the question."""
    if not (q or fq or modified_since):
        return _public((OURS,), rows, start)  # the state anew: a page takes long
    filters = [OURS, *([f"+metadata_modified:[{modified_since} TO *]"] if modified_since else [])]
    answer = _search({"q": q or "*:*", "fq": fq, "fq_list": filters, "rows": rows, "start": start, "sort": ORDER})
    return Found(tuple(one for one in answer["results"] if is_public(one)), answer["count"])


def _public(filters: Sequence[str], rows: int, start: int = 0, sort: str = ORDER, now: State | None = None) -> Found:
    """The same for filters of our own, which need not go through CKAN's reading of strangers' questions.

    `now` is the state if it was asked a moment ago.
    """
    found = _indexed(filters, rows, start, sort, now)
    return Found(tuple(one for one in found.records if is_public(one)), found.count)


def _indexed(
    filters: Sequence[str], rows: int, start: int, sort: str, now: State | None = None, *, ids_only: bool = False
) -> Indexed:
    for index in p.PluginImplementations(IIndex):
        try:
            known = now.index if now else None
            return index.public_records([OF_TYPES, *filters], rows, start, sort, ids_only=ids_only, state=known)
        except SearchError as error:
            raise _unanswered() from error
    asked: Dict = {"q": "*:*", "fq_list": [*filters], "rows": rows, "start": start, "sort": sort}
    answer = _search({**asked, "fl": ["id"]} if ids_only else asked)
    return Indexed(tuple(answer["results"]), answer["count"])


def every(rows: int, *filters: str, now: State | None = None) -> Iterator[tuple[Dict, ...]]:
    """All public records, so many at a time. Raises `Refused`."""
    start = 0
    while True:
        found = _public(filters, rows, start, now=now)
        yield found.packages
        start += rows
        if start >= found.count:
            return


def every_id(*filters: str) -> frozenset[str]:
    """Ids of all public records. Raises `Refused`."""
    ids: set[str] = set()
    start, count = 0, 1
    while start < count:
        found = _indexed(filters, MOST_AT_ONCE, start, ORDER, ids_only=True)
        ids.update(one["id"] for one in found.records)
        start, count = start + MOST_AT_ONCE, found.count
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
        raise _unanswered() from error


def _unanswered() -> Refused:
    return Refused(503, _("The search does not answer at the moment; try again in a few minutes."))


def _reason(error: Exception) -> str:
    return str(error if isinstance(error, SearchError) else error.error_dict)[:300]  # pyright: ignore


def by_ids(ids: Sequence[str]) -> list[Dict]:
    """Those of these records that are public."""
    return [one for some in _portions(ids) for one in _public([_with_ids(some)], len(some)).packages]


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


def current(id: str, now: State | None) -> Dict | None:
    """A public record by its id or name, as pages have it: from the index, in half the time that `show` takes.

    What the index does not know, or not yet, is looked up in the database.
    """
    try:
        return indexed(id, now) or show(id)
    except Refused:
        return show(id)


def indexed(id: str, now: State | None) -> Dict | None:
    """A public record by its id or name, as the index has it; asks for nothing that needs a request.

    Raises `Refused` where the search does not answer.
    """
    if not ID.fullmatch(id):
        return None
    found = _public([f'+(id:"{id}" OR name:"{id}")'], 1, now=now).packages
    return found[0] if found else None


def anybody() -> Any:
    """The context of somebody who is not signed in, also within the request of somebody who is."""
    return {"user": "", "auth_user_obj": None, "ignore_auth": False}


def is_public(package: Dict) -> bool:
    """The flags themselves, looked at once more: a mistake elsewhere must not publish a record."""
    return package.get("private") is False and package.get("state") == "active" and package.get("type") in TYPES


def newest_modification(now: State | None) -> str:
    """When the record that was changed last was changed; empty where there is none. Kept as long as the state is."""
    return (_newest_modification if now else _newest_modification.__wrapped__)(now)


@lru_cache(maxsize=4)
def _newest_modification(now: State | None) -> str:
    newest = _public((), 1, sort="metadata_modified desc", now=now).packages
    return str(newest[0]["metadata_modified"]) if newest else ""


def services(now: State | None) -> tuple[tuple[str, frozenset[str]], ...]:
    """Ids of all public data services with what they serve, by ids and addresses. Kept as long as the state is."""
    return (_services if now else _services.__wrapped__)(now)


@lru_cache(maxsize=4)
def _services(now: State | None) -> tuple[tuple[str, frozenset[str]], ...]:
    some = every(MOST_AT_ONCE, f"+dataset_type:{SERVICE}", now=now)
    return tuple((one["id"], frozenset(one.get("serves_dataset") or ())) for found in some for one in found)


def organisations(ids: Iterable[str]) -> dict[str, Dict]:
    """Organisations with the fields of their schema, by id."""
    found = ORGANISATIONS.rows(sorted({*ids}))
    return {row[0]: {**(extras or {}), **dict(zip(COLUMNS, row, strict=True))} for *row, extras in found}
