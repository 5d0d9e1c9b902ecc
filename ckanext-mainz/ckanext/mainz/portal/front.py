"""What the home page shows: numbers, themes, news and organisations, from one search."""

from __future__ import annotations

from dataclasses import dataclass, field

from ckan.lib.search.common import SearchError, SolrConnectionError

from ckanext.mainz.metadata import vocabulary
from ckanext.mainz.portal import examples_notice, wording
from ckanext.mainz.portal.links import links
from ckanext.mainz.portal.listing import ORGANIZATION, THEME, Choice, Hit, hit, search

NEWEST = 5
ALL = -1


@dataclass(frozen=True)
class Front:
    """The home page. `available` is false where the search is down: the page then shows what it can without it."""

    available: bool
    count: int = 0
    newest: tuple[Hit, ...] = ()
    themes: tuple[Choice, ...] = ()
    organizations: tuple[Choice, ...] = ()
    has_examples: bool = field(default_factory=examples_notice.has_examples)


def front_page(language: str) -> Front:
    """The home page in a language."""
    try:
        answer = search(
            {
                "fq": "+dataset_type:dataset",
                "facet.field": [THEME.field, ORGANIZATION.field],
                "facet.limit": ALL,
                "rows": NEWEST,
                "sort": "metadata_created desc",
            }
        )
    except (SearchError, SolrConnectionError):
        return Front(available=False)
    facets = answer["search_facets"]
    counts = {item["name"]: item["count"] for item in facets.get(THEME.field, {}).get("items", [])}
    return Front(
        available=True,
        count=answer["count"],
        newest=tuple(hit(dataset, language, links()) for dataset in answer["results"]),
        themes=tuple(
            Choice(term.label(language), counts[term.uri], links().search([(THEME.name, term.code)]), False)
            for term in vocabulary.terms("themes")
            if term.uri in counts
        ),
        organizations=tuple(
            sorted(
                (
                    Choice(item["display_name"], item["count"], links().organization(item["name"]), False)
                    for item in facets.get(ORGANIZATION.field, {}).get("items", [])
                ),
                key=lambda one: wording.sort_key(one.label),
            )
        ),
    )
