"""Links to other records: who reads a record learns from it of no other that they do not read.

They are stored whole, so that a record that is opened again is linked as before. What is shown leaves out the ids of
records that the reader does not know. Whoever may change a record gets all of them, as they send back what they got.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import ckan.model as model
import sqlalchemy as sa
from ckan.plugins import toolkit

from ckanext.mainz.governance import people, readers, record
from ckanext.mainz.metadata import values
from ckanext.mainz.metadata.indexing import LINKS

Dict = dict[str, Any]
FACETS = tuple(f"vocab_{name}" for name in LINKS)
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
    if context.get("ignore_auth"):
        return
    linked = [one for one in packages if any(_links(one))]
    if not linked:
        return
    person = people.acting(context)
    foreign = [one for one in linked if not person.edits(record.of_record(one).owner)]
    known = readable(person, (id for one in foreign for _holder, _name, ids in _links(one) for id in ids))
    for one in foreign:
        for holder, name, ids in list(_links(one)):
            kept = [id for id in ids if _is_elsewhere(id) or id in known]
            holder[name] = json.dumps(kept) if isinstance(holder[name], str) else kept


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


def without_unknown(person: people.Person, fields: Mapping[str, Any]) -> Dict:
    """Fields of a stored state without the links that a person may not follow."""
    ids = [id for name in LINKS for id in fields.get(name) or ()]
    if not ids:
        return dict(fields)
    known = readable(person, ids)
    kept = {name: [id for id in fields.get(name) or () if _is_elsewhere(id) or id in known] for name in LINKS}
    return {name: value for name, value in {**fields, **kept}.items() if name not in LINKS or value}


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
    """Results and facets without links to records that the reader may not know of."""
    found = original(context, data)
    if context.get("ignore_auth"):
        return found
    shown(context, (one for one in found["results"] if isinstance(one, dict)))
    for one in found["results"]:
        for name in STORED:
            if isinstance(one.get(name), str):
                whole = json.loads(one[name])
                shown(context, [whole])
                one[name] = json.dumps(whole)
    for name in FACETS:
        _without_unknown_facets(context, found, name)
    return found


def _without_unknown_facets(context: Mapping[str, Any], found: Dict, name: str) -> None:
    counts = found.get("facets", {}).get(name)
    if not counts:
        return
    known = readable(people.acting(context), counts)
    kept = {id: count for id, count in counts.items() if _is_elsewhere(id) or id in known}
    found["facets"][name] = kept
    items = found["search_facets"][name]
    items["items"] = [one for one in items["items"] if one["name"] in kept]


@toolkit.chained_action
def current_package_list_with_resources(original: Any, context: Any, data: Dict) -> Any:
    """The same: CKAN searches here without asking for its action."""
    found = original(context, data)
    shown(context, found)
    return found
