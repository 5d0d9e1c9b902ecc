"""The score of data.europa.eu's Metadata Quality Assessment, computed on the triples that leave the house. Pure.

Weights and checks are data (``mqa.yaml``). As the score is read from the RDF and not from the form, it cannot praise
what harvesters do not get.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

import yaml
from pyoxigraph import Literal, NamedNode, Triple

NAMESPACES = {"dcat": "http://www.w3.org/ns/dcat#", "dcterms": "http://purl.org/dc/terms/"}
Node = Any


class State(StrEnum):
    """What was found at a metric. `unknown`: an address that nobody has asked yet; it counts nothing till then."""

    MET = "met"
    MISSING = "missing"
    UNMET = "unmet"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Metric:
    """One line of the assessment."""

    code: str
    points: int
    of: str
    check: str
    predicates: tuple[str, ...]
    field: str
    flag: str = ""
    vocabularies: Mapping[str, str] = dataclasses.field(default_factory=dict)
    lists: Mapping[str, list[str]] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True)
class Dimension:
    """Metrics that belong together."""

    code: str
    metrics: tuple[Metric, ...]

    @property
    def maximum(self) -> int:
        return sum(metric.points for metric in self.metrics)


@dataclass(frozen=True)
class Scheme:
    """The whole assessment; `ratings` are codes with the score from which they hold, best first."""

    maximum: int
    dimensions: tuple[Dimension, ...]
    ratings: tuple[tuple[str, int], ...]

    def rating(self, score: int) -> str:
        """The code of the rating of a score."""
        return next(code for code, least in self.ratings if score >= least)


@dataclass(frozen=True)
class Point:
    """What one metric earned. `distribution` is the IRI of the distribution that counted, empty for the dataset."""

    metric: Metric
    state: State
    distribution: str = ""

    @property
    def earned(self) -> int:
        return self.metric.points if self.state is State.MET else 0


@dataclass(frozen=True)
class Score:
    """The points of a dataset, dimension by dimension."""

    dimensions: tuple[tuple[Dimension, tuple[Point, ...]], ...]

    @property
    def points(self) -> tuple[Point, ...]:
        return tuple(point for _dimension, points in self.dimensions for point in points)

    @property
    def total(self) -> int:
        return sum(point.earned for point in self.points)


@dataclass(frozen=True)
class Surroundings:
    """What a score needs to know beside the triples.

    `known(vocabulary, iri)`: is it a term? `flag(iri, name)`: does this file type bear the flag?
    `reach(url)`: `State.MET`, `UNMET` or `UNKNOWN`. `compliant`: no rule of the profile is broken.
    """

    known: Callable[[str, str], bool]
    flag: Callable[[str, str], bool]
    reach: Callable[[str], State]
    compliant: bool


@cache
def scheme() -> Scheme:
    """The assessment as ``mqa.yaml`` states it."""
    data = yaml.safe_load((files(__package__ or "") / "mqa.yaml").read_text(encoding="utf-8"))
    dimensions = tuple(Dimension(one["code"], tuple(map(_metric, one["metrics"]))) for one in data["dimensions"])
    return Scheme(data["maximum"], dimensions, tuple((one["code"], one["from"]) for one in data["ratings"]))


def _metric(entry: dict[str, Any]) -> Metric:
    return Metric(**{**entry, "predicates": tuple(entry["predicates"])})


class Graph:
    """Triples by subject and predicate."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self._objects: dict[Node, dict[str, list[Node]]] = defaultdict(lambda: defaultdict(list))
        for triple in triples:
            self._objects[triple.subject][triple.predicate.value].append(triple.object)

    def values(self, subject: Node, predicate: str) -> list[Node]:
        """Objects of a predicate given by its prefixed name (``dcat:theme``), empty literals left out."""
        prefix, _colon, name = predicate.partition(":")
        found = self._objects[subject][NAMESPACES[prefix] + name] if subject in self._objects else []
        return [node for node in found if not isinstance(node, Literal) or node.value.strip()]


def score(triples: Iterable[Triple], dataset: str, surroundings: Surroundings) -> Score:
    """The score of the dataset with this IRI in these triples."""
    graph, subject = Graph(triples), NamedNode(dataset)
    distributions = graph.values(subject, "dcat:distribution")
    return Score(
        tuple((one, _of_dimension(one, graph, subject, distributions, surroundings)) for one in scheme().dimensions)
    )


def _of_dimension(
    dimension: Dimension, graph: Graph, dataset: Node, distributions: list[Node], surroundings: Surroundings
) -> tuple[Point, ...]:
    """Points in the order of the metrics; those of distributions from the one that earns most, the first of equals."""
    of_dataset = [metric for metric in dimension.metrics if metric.of == "dataset"]
    of_distribution = [metric for metric in dimension.metrics if metric.of != "dataset"]
    candidates = [_points(of_distribution, graph, node, surroundings) for node in distributions]
    missing = [Point(metric, State.MISSING) for metric in of_distribution]
    best = max(candidates, key=lambda points: sum(point.earned for point in points), default=missing)
    found = {point.metric.code: point for point in (*_points(of_dataset, graph, dataset, surroundings), *best)}
    return tuple(found[metric.code] for metric in dimension.metrics)


def _points(metrics: list[Metric], graph: Graph, subject: Node, surroundings: Surroundings) -> list[Point]:
    of_distribution = [metric for metric in metrics if metric.of != "dataset"]
    name = subject.value if of_distribution and isinstance(subject, NamedNode) else ""
    return [Point(metric, _state(metric, graph, subject, surroundings), name) for metric in metrics]


def _state(metric: Metric, graph: Graph, subject: Node, surroundings: Surroundings) -> State:
    if metric.check == "compliant":
        return State.MET if surroundings.compliant else State.UNMET
    found = [(predicate, node.value) for predicate in metric.predicates for node in graph.values(subject, predicate)]
    return CHECKS[metric.check](metric, found, surroundings) if found else State.MISSING


Found = list[tuple[str, str]]


def _present(_metric: Metric, _found: Found, _surroundings: Surroundings) -> State:
    return State.MET


def _known(metric: Metric, found: Found, surroundings: Surroundings) -> State:
    if {predicate for predicate, _value in found} != set(metric.predicates):
        return State.MISSING
    return _met(all(_is_known(metric, predicate, value, surroundings) for predicate, value in found))


def _is_known(metric: Metric, predicate: str, value: str, surroundings: Surroundings) -> bool:
    if predicate in metric.vocabularies:
        return surroundings.known(metric.vocabularies[predicate], value)
    return value.startswith(tuple(metric.lists[predicate]))


def _reachable(_metric: Metric, found: Found, surroundings: Surroundings) -> State:
    states = {surroundings.reach(url) for _predicate, url in found}
    return next(state for state in (State.MET, State.UNKNOWN, State.UNMET, State.MISSING) if state in states)


def _flag(metric: Metric, found: Found, surroundings: Surroundings) -> State:
    return _met(any(surroundings.flag(iri, metric.flag) for _predicate, iri in found))


def _met(holds: bool) -> State:
    return State.MET if holds else State.UNMET


CHECKS: Mapping[str, Callable[[Metric, Found, Surroundings], State]] = {
    "present": _present,
    "known": _known,
    "reachable": _reachable,
    "flag": _flag,
}
