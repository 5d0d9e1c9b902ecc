"""Records that everybody sees, straight from the engine, for rooms whose answers are the same for everybody.

``package_search`` validates parameters of strangers, opens a session and counts facets; together that takes three times
as long as the engine. What decides about who sees what is the same here: CKAN's filters, the permission labels of
somebody without an account, what plugins add to a search, and the records that lost their readers a moment ago.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import ckan.plugins as p
import pysolr
from ckan.lib.plugins import get_permission_labels
from ckan.lib.search.common import SearchError
from ckan.lib.search.query import solr_literal
from ckan.plugins import toolkit

from ckanext.mainz.foundation.interfaces import Indexed, IndexState
from ckanext.mainz.search import seam
from ckanext.mainz.search.embedded import Answer

PUBLIC = "+capacity:public +state:active"
RECORD = "validated_data_dict"


def find(filters: Sequence[str], page: dict[str, Any], now: IndexState, *, ids_only: bool) -> Indexed:
    """See `IIndex.public_records`; `page` is ``rows``, ``start`` and ``sort``. Raises `SearchError`."""
    asked: dict[str, Any] = {"q": "*:*", "fq": PUBLIC, "fq_list": [*filters], **page}
    for plugin in p.PluginImplementations(p.IPackageController):
        asked = plugin.before_dataset_search(asked)
    answer = _answer(asked, "id" if ids_only else RECORD, now)
    records = [one if ids_only else json.loads(one[RECORD]) for one in answer.docs]
    return Indexed(tuple(records), answer.hits)


def _answer(asked: dict[str, Any], field: str, now: IndexState) -> Answer:
    parameters = {name: asked[name] for name in ("q", "rows", "start", "sort")}
    filters = [asked["fq"], *asked["fq_list"], f"+site_id:{solr_literal(toolkit.config['ckan.site_id'])}", _labels()]
    try:
        return seam.answer({**parameters, "fq": filters, "fl": field, "df": "text", "q.op": "AND"}, now.hidden)
    except pysolr.SolrError as error:
        raise SearchError(str(error)) from error


def _labels() -> str:
    labels = get_permission_labels().get_user_dataset_labels(None)
    return f"+permission_labels:({' OR '.join(solr_literal(label) for label in labels)})"
