"""The part of a document that belongs to one record, the same whatever the order and the names of its blank nodes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from hashlib import blake2b

from ckanext.mainz.foundation.errors import N_
from ckanext.mainz.harvest.dcat.statements import CATALOGUE, DATASET, KINDS, RECORD, SERIES, TYPE, Line, Statements
from ckanext.mainz.metadata.rdf import RdfError
from ckanext.mainz.metadata.rdf.comparison import LEADING_ON
from ckanext.mainz.metadata.rdf.nodes import DCAT, FOAF

#: Predicates whose other end is told elsewhere, or is told of everything.
NOT_FOLLOWED = frozenset(f"<{one.value}>" for one in (*LEADING_ON, DCAT.dataset, DCAT.record, FOAF.isPrimaryTopicOf))
OTHER_RECORDS = frozenset({DATASET, SERIES, CATALOGUE, RECORD})
DISTRIBUTION = f"<{DCAT.distribution.value}>"
DEEPEST = 6
MOST = 50_000
ROUNDS = 8
#: The name of a record that has none.
OWN = "_:own"
TOO_MUCH = N_("The record {source} says more than {limit} things.")


def part(statements: Statements, subject: str, kind: str) -> list[Line]:
    """What a document says about a record and what belongs to it, sorted, with its class told.

    Raises `RdfError` if that is more than any record needs.
    """
    found: list[Line] = [(subject, TYPE, kind)]
    seen, level = {subject}, [subject]
    for _depth in range(DEEPEST):
        following: list[str] = []
        for one in level:
            lines = statements.about(one)
            if one != subject and _is_another(lines):
                continue
            found += lines
            following += [node for _s, p, node in lines if _leads_on(p, node) and node not in seen]
            seen.update(following)
            if len(found) > MOST:
                raise RdfError(subject, TOO_MUCH, limit=MOST)
        level = list(dict.fromkeys(following))
    return canonical(found, subject)


def _leads_on(predicate: str, node: str) -> bool:
    return not node.startswith('"') and predicate != TYPE and predicate not in NOT_FOLLOWED


def _is_another(lines: list[Line]) -> bool:
    return any(p == TYPE and node in OTHER_RECORDS for _s, p, node in lines)


def undescribed(statements: Statements, lines: list[Line], subject: str) -> list[str]:
    """Distributions that a record names and the document does not describe."""
    named = [node for s, p, node in lines if p == DISTRIBUTION and s == subject]
    told = {s for s, _p, _o in lines}
    return [node for node in named if node not in told and not statements.about(node)]


def canonical(lines: list[Line], subject: str = "") -> list[Line]:
    """The lines sorted, each once, and blank nodes named by what is said about them: two that say the same are one."""
    names = _names(lines, subject)
    return sorted({(names.get(s, s), p, names.get(o, o)) for s, p, o in lines})


def _names(lines: list[Line], subject: str) -> dict[str, str]:
    about: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for s, p, o in lines:
        if s.startswith("_:"):
            about[s].append((p, o))
    for node in {node for line in lines for node in (line[0], line[2]) if node.startswith("_:")}:
        about.setdefault(node, [])
    names = {node: OWN if node == subject else "_:b" for node in about}
    for _round in range(ROUNDS):
        names = {node: _name(said, names) for node, said in about.items()}
    return names | ({subject: OWN} if subject in about else {})


def _name(said: list[tuple[str, str]], names: dict[str, str]) -> str:
    text = "\n".join(sorted({f"{p} {names.get(o, o)}" for p, o in said}))
    return f"_:b{blake2b(text.encode('utf-8', 'surrogatepass'), digest_size=12).hexdigest()}"


def records(statements: Statements) -> Iterator[tuple[str, str]]:
    """The records of a document, as node and class: series, then datasets, then services.

    What the catalogue lists as a dataset is one, also where nobody has told its class.
    """
    series = statements.subjects(TYPE, SERIES)
    yield from ((one, SERIES) for one in series)
    told = statements.subjects(TYPE, DATASET)
    listed = [one for one in statements.all_objects(f"<{DCAT.dataset.value}>") if _is_untyped(statements, one)]
    yield from ((one, DATASET) for one in dict.fromkeys([*told, *listed]) if one not in set(series))
    yield from ((one, KINDS[2]) for one in _services(statements))


def _is_untyped(statements: Statements, node: str) -> bool:
    lines = statements.about(node)
    return bool(lines) and not any(p == TYPE for _s, p, _o in lines)


def _services(statements: Statements) -> list[str]:
    """Services that are no part of a distribution, and those that the catalogue lists with dates of their own (as
    `metadata.rdf.reading` has it)."""
    nested = set(statements.all_objects(f"<{DCAT.accessService.value}>"))
    listed = set(statements.all_objects(f"<{DCAT.service.value}>"))
    found = statements.subjects(TYPE, KINDS[2])
    return [one for one in found if one not in nested or (one in listed and _has_dates(statements, one))]


def _has_dates(statements: Statements, service: str) -> bool:
    dates = ("<http://purl.org/dc/terms/issued>", "<http://purl.org/dc/terms/modified>")
    return any(p in dates for _s, p, _o in statements.about(service))


def missing(statements: Statements) -> list[str]:
    """Datasets and series that a catalogue lists and the document does not describe."""
    listed = [*statements.all_objects(f"<{DCAT.dataset.value}>")]
    return [one for one in listed if not one.startswith('"') and not statements.about(one)]
