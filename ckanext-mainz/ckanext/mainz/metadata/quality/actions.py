"""Actions of the quality of metadata."""

from __future__ import annotations

from typing import Any

import ckan.model as model
from ckan.plugins import toolkit

from ckanext.mainz.metadata.quality import assessing, mqa, report, store

_ = toolkit._
Dict = dict[str, Any]
ORDERS = ("score", "-score", "title")
LIMIT, MOST = 20, 1000
PAGE = 1000


def get_actions() -> Dict:
    return {
        "mainz_quality_show": mainz_quality_show,
        "mainz_catalogue_quality_list": mainz_catalogue_quality_list,
    }


@toolkit.side_effect_free
def mainz_quality_show(context: Any, data: Dict) -> Dict:
    """The quality of the metadata of a dataset, by the assessment of data.europa.eu (at most 405 points).

    :param id: id or name of the dataset
    :type id: string

    Whoever may see the dataset may see this. It is computed when asked for.

    :returns: ``score``, ``maximum``, ``rating`` (``excellent``, ``good``, ``sufficient``, ``bad``), ``rating_label``;
        ``dimensions``, each with ``metrics`` (``points``, ``maximum``, ``state``: ``met``, ``missing``, ``unmet`` or
        ``unknown``, ``advice``, ``field``, ``resource_id``); ``rules`` of DCAT-AP.de that are broken (``field``,
        ``resource_id``, ``message``); ``notes``, values that RDF mends or leaves out (the same keys); ``links`` with
        what they answered last
    :rtype: dictionary

    Raises ObjectNotFound, NotAuthorized, and ValidationError at ``id`` for a record that is no dataset.
    """
    toolkit.check_access("package_show", context, {"id": toolkit.get_or_bust(data, "id")})
    record = toolkit.get_action("package_show")(_own(context), {"id": data["id"]})
    if record["type"] != store.TYPE:
        raise toolkit.ValidationError({"id": [_("Only datasets have a score; this record is none.")]})
    return report.full(assessing.assess(record), _)


@toolkit.side_effect_free
def mainz_catalogue_quality_list(context: Any, data: Dict) -> Dict:
    """Scores of the datasets of the catalogue.

    :param organization: id or name of an organisation, for its datasets only
    :type organization: string
    :param sort: ``score`` (lowest first, the default), ``-score`` or ``title``
    :type sort: string
    :param limit: how many, at most 1000 (default: 20)
    :type limit: integer
    :param offset: how many to pass over
    :type offset: integer
    :param include_private: also what is not public but visible to the one who asks
    :type include_private: boolean

    :returns: ``count``, ``median``, ``maximum``, ``ratings`` (``code``, ``label``, ``count``) over all, and
        ``results``: ``id``, ``name``, ``title``, ``private``, ``organization``, ``score``, ``maximum``, ``rating``,
        ``rating_label``, ``dimensions`` (points by code), ``rules`` (number of broken rules), ``computed``
    :rtype: dictionary

    Raises ValidationError for parameters that mean nothing.
    """
    toolkit.check_access("package_search", context, {})
    question = _question(context, data)
    summary = store.summary(question)
    return {
        "count": summary.count,
        "median": summary.median,
        "maximum": mqa.scheme().maximum,
        "ratings": report.ratings(summary.ratings, _),
        "results": [report.row(one, _) for one in store.listed(question)],
    }


def _own(context: Any) -> Any:
    """A context for another action: it may write into it."""
    return dict(context)


def _question(context: Any, data: Dict) -> store.Question:
    errors: Dict = {}
    order = str(data.get("sort") or ORDERS[0])
    if order not in ORDERS:
        errors["sort"] = [_("Only {names} are possible here.").format(names=", ".join(ORDERS))]
    limit = _number(data, "limit", LIMIT, MOST, errors)
    offset = _number(data, "offset", 0, 10**9, errors)
    organization = _organization(data, errors)
    if errors:
        raise toolkit.ValidationError(errors)
    wants_all = toolkit.asbool(data.get("include_private") or False)
    return store.Question(organization, order, limit, offset, _visible(context) if wants_all else None)


def _number(data: Dict, name: str, default: int, most: int, errors: Dict) -> int:
    try:
        value = int(data.get(name, default))
    except (TypeError, ValueError):
        value = -1
    if not 0 <= value <= most:
        errors[name] = [_("A whole number from 0 to {most} is expected here.").format(most=most)]
    return value


def _organization(data: Dict, errors: Dict) -> str:
    given = data.get("organization")
    if not given:
        return ""
    group = model.Group.get(given) if isinstance(given, str) else None
    if group is None or not group.is_organization:
        errors["organization"] = [_("There is no organisation “{name}”.").format(name=str(given)[:100])]
        return ""
    return str(group.id)


def _visible(context: Any) -> frozenset[str]:
    """Ids of all datasets that the search shows to the one who asks, by the same labels as everywhere."""
    search = toolkit.get_action("package_search")
    asked: Dict = {"fq": f"dataset_type:{store.TYPE}", "include_private": True, "include_drafts": True}
    found: set[str] = set()
    while True:
        page = {**asked, "fl": ["id"], "rows": PAGE, "start": len(found), "sort": "id asc"}
        results = search(_own(context), page)["results"]
        found.update(one["id"] for one in results)
        if len(results) < PAGE:
            return frozenset(found)
