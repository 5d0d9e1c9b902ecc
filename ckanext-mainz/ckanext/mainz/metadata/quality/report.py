"""An assessment as actions and pages give it out, in the language of the request."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ckanext.mainz.metadata.quality import mqa, store, words
from ckanext.mainz.metadata.quality.assessing import Assessment
from ckanext.mainz.metadata.quality.findings import Finding
from ckanext.mainz.metadata.rdf.problems import Problem

Json = dict[str, Any]
Gettext = Callable[[str], str]


def full(assessment: Assessment, gettext: Gettext) -> Json:
    """Everything about one dataset: points with what to do, broken rules, what RDF leaves out or mends, links."""
    total = assessment.score.total
    return {
        "id": assessment.record["id"],
        "name": assessment.record["name"],
        **_rated(total, gettext),
        "dimensions": [_dimension(one, points, gettext) for one, points in assessment.score.dimensions],
        "rules": [_finding(one, gettext) for one in assessment.findings],
        "notes": [_problem(one, assessment.record, gettext) for one in assessment.problems],
        "links": [
            {"url": one.url, "status": one.status, "problem": one.sentence(gettext), "checked": _iso(one.checked)}
            for one in assessment.links.values()
        ],
    }


def row(kept: store.Kept, gettext: Gettext) -> Json:
    """A dataset in the list of the catalogue."""
    return {
        "id": kept.id,
        "name": kept.name,
        "title": kept.title,
        "private": kept.private,
        "organization": {
            "id": kept.organization_id,
            "name": kept.organization_name,
            "title": kept.organization_title,
        },
        **_rated(kept.score, gettext),
        "dimensions": dict(kept.dimensions),
        "rules": kept.findings,
        "computed": _iso(kept.computed),
    }


def ratings(counts: Mapping[str, int], gettext: Gettext) -> list[Json]:
    """How many datasets have each rating, best first."""
    return [{"code": code, "label": gettext(words.RATINGS[code]), "count": count} for code, count in counts.items()]


def _rated(total: int, gettext: Gettext) -> Json:
    rating = mqa.scheme().rating(total)
    return {
        "score": total,
        "maximum": mqa.scheme().maximum,
        "rating": rating,
        "rating_label": gettext(words.RATINGS[rating]),
    }


def _dimension(dimension: mqa.Dimension, points: tuple[mqa.Point, ...], gettext: Gettext) -> Json:
    return {
        "code": dimension.code,
        "label": gettext(words.DIMENSIONS[dimension.code]),
        "points": sum(point.earned for point in points),
        "maximum": dimension.maximum,
        "metrics": [_metric(point, gettext) for point in points],
    }


def _metric(point: mqa.Point, gettext: Gettext) -> Json:
    said = words.METRICS[point.metric.code]
    met = point.state is mqa.State.MET
    return {
        "code": point.metric.code,
        "label": gettext(said.label),
        "points": point.earned,
        "maximum": point.metric.points,
        "state": str(point.state),
        "state_label": gettext(words.STATES[point.state]),
        "advice": "" if met else gettext(words.WAIT if point.state is mqa.State.UNKNOWN else said.advice),
        "field": point.metric.field,
        "resource_id": point.distribution.rsplit("/", 1)[-1],
    }


def _finding(one: Finding, gettext: Gettext) -> Json:
    return {"field": one.field, "resource_id": one.resource_id, "message": one.text(gettext)}


def _problem(one: Problem, record: Mapping[str, Any], gettext: Gettext) -> Json:
    resources = record.get("resources") or ()
    resource_id = resources[one.resource]["id"] if one.resource is not None else ""
    return {"field": one.field.partition(".")[0], "resource_id": resource_id, "message": one.text(gettext)}


def _iso(moment: Any) -> str | None:
    return moment.isoformat() if moment else None
