"""Links to other records: who reads a record learns from it of no other that they do not read.

They are stored whole, so that a record that is opened again is linked as before. What is shown leaves out the ids of
records that the reader does not know. Whoever may change a record gets all of them, as they send back what they got.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import ckan.model as model
import sqlalchemy as sa
from ckan.plugins import toolkit

from ckanext.mainz.governance import people, readers, record
from ckanext.mainz.governance.record import Standing
from ckanext.mainz.metadata import values
from ckanext.mainz.metadata.indexing import LINKS, SEARCHED_LINKS, link_key
from ckanext.mainz.metadata.rdf.settings import rdf_settings
from ckanext.mainz.metadata.rdf.special import own_id

Dict = dict[str, Any]
KEYS = tuple(f"vocab_{name}" for name in SEARCHED_LINKS)
"""Fields of the index with the keys of links (`link_key`), which tell nobody anything."""
ASKED = re.compile(rf"""\b({"|".join(KEYS)}):(?:"([\w-]+)"|([\w-]+))""")
"""A question for the records with a link to one of ours."""
SERVICES = "access_services"
"""Field of a file with the services by which it is given out."""
WORDS = "text"
"""Field of the index with all words of a record, the ids of its links among them."""
STORED = ("data_dict", "validated_data_dict")
"""Fields of the index that hold a whole record as JSON text."""
AT_ONCE = 1000
"""Ids in one statement."""


def get_actions() -> Dict:
    return {
        "package_search": package_search,
        "current_package_list_with_resources": current_package_list_with_resources,
    }


def shown(context: Mapping[str, Any], packages: Iterable[Dict]) -> None:
    """Leaves links out of records, as `package_show` or `package_search` give them, that the reader may not follow."""
    linked = [one for one in packages if any(_links(one)) or any(_services(one))]
    if linked and not context.get("ignore_auth"):
        shown_to(people.acting(context), linked)


def shown_to(person: people.Person, packages: Iterable[Dict]) -> None:
    """The same, for a person."""
    linked = [one for one in packages if any(_links(one)) or any(_services(one))]
    foreign = [one for one in linked if not person.edits(record.of_record(one).owner)]
    known = readable(person, (id for one in foreign for id in _all_ids(one)))
    for one in foreign:
        for holder, name, ids in list(_links(one)):
            _put(holder, name, [id for id in ids if _is_elsewhere(id) or id in known])
        for resource, rows in list(_services(one)):
            _put(resource, SERVICES, [_without_unknown_address(row, known) for row in rows])


def _put(holder: Dict, name: str, kept: list[Any]) -> None:
    holder[name] = json.dumps(kept) if isinstance(holder[name], str) else kept


def _all_ids(package: Dict) -> Iterator[str]:
    for _holder, _name, ids in _links(package):
        yield from ids
    for _resource, rows in _services(package):
        yield from (_own_id(row) for row in rows)


def _services(package: Mapping[str, Any]) -> Iterator[tuple[Dict, list[Dict]]]:
    """Files that name services by which they are given out, and these."""
    for resource in package.get("resources") or ():
        rows = [dict(one) for one in values.rows(resource.get(SERVICES))] if resource.get(SERVICES) else []
        if any(_own_id(one) for one in rows):
            yield resource, rows


def _own_id(row: Mapping[str, Any]) -> str:
    """The id of the service of ours that a row names; empty where it names none, or somebody else's."""
    address = str(row.get("uri") or "")
    found = own_id(address, rdf_settings().base_uri)
    return found if found != address else ""


def _without_unknown_address(row: Dict, known: frozenset[str]) -> Dict:
    id = _own_id(row)
    return row if not id or id in known else {name: value for name, value in row.items() if name != "uri"}


def readable(person: people.Person, ids: Iterable[str]) -> frozenset[str]:
    """Those of these ids whose records a person reads."""
    every = sorted({one for one in ids if not _is_elsewhere(one)})
    found: set[str] = set()
    for first in range(0, len(every), AT_ONCE):
        some = sa.select(model.Package).where(
            model.Package.id.in_(every[first : first + AT_ONCE]), model.Package.type.in_(record.TYPES)
        )
        found |= {one.id for one in model.Session.scalars(some) if readers.reads(person, record.of(one))}
    return frozenset(found)


def without_unknown(person: people.Person, standing: Standing, content: Mapping[str, Any]) -> Dict:
    """A stored state (`differences.snapshot`) without the links that a person may not follow."""
    files, fields = [dict(one) for one in content.get("files") or ()], content.get("fields") or {}
    whole = {**fields, "id": standing.id, "owner_org": standing.owner, "resources": files}
    shown_to(person, [whole])
    kept = {name: whole[name] for name in fields if whole[name] or name not in LINKS}
    return {**content, "fields": kept, "files": files}


def _is_elsewhere(id: str) -> bool:
    """Whether a link is the address of something that is not ours."""
    return ":" in id


def _links(package: Dict) -> Iterator[tuple[Dict, str, list[str]]]:
    """Where links stand in a record (in its fields, or in ``extras`` as CKAN's own schema has them), and these."""
    fields = ((package, name) for name in LINKS if package.get(name))
    extras = ((one, "value") for one in package.get("extras") or () if one["key"] in LINKS and one["value"])
    for holder, name in (*fields, *extras):
        yield holder, name, values.items(holder[name])


@toolkit.chained_action
def package_search(original: Any, context: Any, data: Dict) -> Any:
    """Results and facets without links to records that the reader may not know of; by a link to a record that the
    reader knows, records are found (``vocab_in_series:<id>``)."""
    found = original(context, _with_keys(context, data))
    if context.get("ignore_auth"):
        return found
    results = [one for one in found["results"] if isinstance(one, dict)]
    shown(context, results)
    for one in results:
        _without_unknown_stored(context, one)
    for kind in ("facets", "search_facets"):
        for name in (WORDS, *KEYS):
            found.get(kind, {}).pop(name, None)
    return found


def _with_keys(context: Mapping[str, Any], data: Dict) -> Dict:
    """The question, with keys in place of the ids of linked records as far as the reader knows these."""
    asked = {name: data[name] for name in ("q", "fq", "fq_list") if any(key in str(data.get(name)) for key in KEYS)}
    texts = [str(one) for value in asked.values() for one in (value if isinstance(value, list) else [value])]
    ids = {quoted or plain for text in texts for _key, quoted, plain in ASKED.findall(text)}
    if not ids:
        return data
    known = ids if context.get("ignore_auth") else readable(people.acting(context), ids)

    def key(match: re.Match[str]) -> str:
        id = match[2] or match[3]
        return f"{match[1]}:{link_key(id)}" if id in known else match[0]

    def translated(value: Any) -> Any:
        return [ASKED.sub(key, str(one)) for one in value] if isinstance(value, list) else ASKED.sub(key, str(value))

    return {**data, **{name: translated(value) for name, value in asked.items()}}


def _without_unknown_stored(context: Mapping[str, Any], result: Dict) -> None:
    """The same of fields of the index, which ``fl`` asks for."""
    for name in STORED:
        if isinstance(result.get(name), str):
            whole = json.loads(result[name])
            shown(context, [whole])
            result[name] = json.dumps(whole)
    for name in KEYS:
        result.pop(name, None)


@toolkit.chained_action
def current_package_list_with_resources(original: Any, context: Any, data: Dict) -> Any:
    """The same: CKAN searches here without asking for its action."""
    found = original(context, data)
    shown(context, found)
    return found
