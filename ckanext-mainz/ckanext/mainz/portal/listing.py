"""Lists of datasets: what a reader asks for, and what the search answers, ready for the page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

import ckan.model as model
from ckan.common import current_user
from ckan.lib.search.common import SearchError, SearchQueryError, SolrConnectionError
from ckan.plugins import toolkit
from werkzeug.datastructures import MultiDict

from ckanext.mainz.metadata import vocabulary
from ckanext.mainz.portal import wording
from ckanext.mainz.portal.links import Links, links, with_query

N_ = str  # marks a sentence for tools/translations; the page translates it
EXTRACT = 200
SHOWN_FORMATS = 6
SHOWN_VALUES = 8
MOST_VALUES = 30
LAST_PAGE = 5000
NEIGHBOURS = 2


@dataclass(frozen=True)
class Facet:
    """A way to narrow the list: the name in the address, the index field and the heading."""

    name: str
    field: str
    title: str

    def to_index(self, value: str) -> str:
        """The value of the index for one of the address; themes go by their code (``ENVI``)."""
        if self.field == "vocab_theme":
            return next((term.uri for term in vocabulary.terms("themes") if term.code == value), value)
        return value

    def to_address(self, value: str) -> str:
        term = vocabulary.find("themes", value) if self.field == "vocab_theme" else None
        return term.code if term else value

    def label(self, value: str, language: str) -> str:
        """What readers see of a value of the index; organisations get their titles from the answer."""
        if self.field == "vocab_theme":
            term = vocabulary.find("themes", value)
            return term.label(language) if term else value
        if self.field == "res_format":
            return format_label(value)
        if self.field == "license_id":
            return license_title(value)
        return value


ORGANIZATION = Facet("organization", "organization", N_("Publisher"))
THEME = Facet("theme", "vocab_theme", N_("Theme"))
FACETS = (
    THEME,
    ORGANIZATION,
    Facet("res_format", "res_format", N_("Format")),
    Facet("license_id", "license_id", N_("Licence")),
    Facet("tags", "tags", N_("Keyword")),
)
SORTS = {
    "": (N_("Relevance"), "score desc, metadata_modified desc"),
    "changed": (N_("Last changed first"), "metadata_modified desc"),
    "new": (N_("Newest first"), "metadata_created desc"),
    "title": (N_("Title A to Z"), "title_string asc"),
}


@dataclass(frozen=True)
class Question:
    """What a reader asks for. `chosen` holds pairs of facet name and value, as in the address."""

    text: str = ""
    chosen: tuple[tuple[str, str], ...] = ()
    sort: str = ""
    page: int = 1

    @classmethod
    def of(cls, arguments: MultiDict[str, str]) -> Question:
        """Reads the query of an address; what it does not know is left out."""
        chosen = [(facet.name, value) for facet in FACETS for value in arguments.getlist(facet.name) if value]
        sort = arguments.get("sort", "")
        return cls(
            arguments.get("q", "").strip(),
            tuple(dict.fromkeys(chosen)),
            sort if sort in SORTS else "",
            page_number(arguments.get("page", "1")),
        )

    def parameters(self) -> Iterator[tuple[str, str]]:
        """The query of the address that asks this."""
        if self.text:
            yield "q", self.text
        yield from self.chosen
        if self.sort:
            yield "sort", self.sort
        if self.page > 1:
            yield "page", str(self.page)

    def toggled(self, name: str, value: str) -> Question:
        """The same with a filter more or less, from its first page."""
        pair = (name, value)
        chosen = tuple(one for one in self.chosen if one != pair) if pair in self.chosen else (*self.chosen, pair)
        return replace(self, chosen=chosen, page=1)

    def filter_query(self) -> str:
        """The filters as CKAN's ``fq``."""
        by_name = {facet.name: facet for facet in FACETS}
        return " ".join(f"{by_name[name].field}:{quoted(by_name[name].to_index(value))}" for name, value in self.chosen)


@dataclass(frozen=True)
class Choice:
    """A value of a facet with the address that adds or removes it."""

    label: str
    count: int
    address: str
    active: bool


@dataclass(frozen=True)
class Choices:
    """A facet of the page; `more` are the values that stay folded at first."""

    title: str
    shown: tuple[Choice, ...]
    more: tuple[Choice, ...]


@dataclass(frozen=True)
class Hit:
    """A dataset in a list."""

    title: str
    address: str
    publisher: str
    extract: str
    formats: tuple[str, ...]
    changed: str
    example: bool
    private: bool
    draft: bool


@dataclass(frozen=True)
class Page:
    """A page number and its address; without an address it is the current one or a gap (number 0)."""

    number: int
    address: str = ""


@dataclass(frozen=True)
class Listing:
    """A list of datasets as a page shows it. `problem` is ``query`` or ``engine`` where there is no answer."""

    question: Question
    base: str
    count: int = 0
    hits: tuple[Hit, ...] = ()
    facets: tuple[Choices, ...] = ()
    active: tuple[Choice, ...] = ()
    problem: str = ""
    per_page: int = 20
    links: Links = field(default_factory=links)

    def address(self, question: Question) -> str:
        """Where another question about the same list is answered."""
        return with_query(self.base, question.parameters())

    @cached_property
    def last(self) -> int:
        return max(1, -(-self.count // self.per_page))

    @cached_property
    def narrowing(self) -> str:
        """The address to which one more filter is added: made once for a page of a hundred filters."""
        here = self.address(replace(self.question, page=1))
        return here + ("&" if "?" in here else "?")

    @property
    def without_filters(self) -> str:
        return self.address(replace(self.question, chosen=(), page=1))

    @property
    def previous(self) -> str:
        return self.address(replace(self.question, page=self.question.page - 1)) if self.question.page > 1 else ""

    @property
    def next(self) -> str:
        more = self.question.page < self.last
        return self.address(replace(self.question, page=self.question.page + 1)) if more else ""

    @property
    def pages(self) -> list[Page]:
        """First, last and the pages around the current one, with gaps between."""
        here = self.question.page
        near = {1, self.last, *range(max(1, here - NEIGHBOURS), min(self.last, here + NEIGHBOURS) + 1)}
        found: list[Page] = []
        for number in sorted(near):
            if found and number - found[-1].number > 1:
                found.append(Page(0))
            found.append(Page(number, "" if number == here else self.address(replace(self.question, page=number))))
        return found


def page_number(text: str) -> int:
    return min(max(int(text), 1), LAST_PAGE) if text.isascii() and text.isdigit() else 1


def quoted(value: str) -> str:
    """A value as one phrase of the query language."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def format_label(value: str) -> str:
    """A format as people call it, also from a URI or a media type."""
    return toolkit.h.unified_resource_format(wording.format_code(value))


def license_title(identifier: str) -> str:
    known = model.Package.get_license_register().get(identifier)
    return known.title if known else identifier


def ask(question: Question, language: str, base: str, within: str = "", facets: tuple[Facet, ...] = FACETS) -> Listing:
    """Answers a question. `base` is the address of the list, `within` a filter query that always holds.

    A query that the engine refuses, or an engine that is down, gives a list with its `problem`.
    """
    size = toolkit.config["ckan.datasets_per_page"]
    empty = Listing(question, base, per_page=size)
    try:
        answer = search(
            {
                "q": question.text,
                "fq": f"{within} +dataset_type:dataset {question.filter_query()}".strip(),
                "facet.field": [facet.field for facet in facets],
                "facet.limit": MOST_VALUES,
                "rows": size,
                "start": (question.page - 1) * size,
                "sort": SORTS[question.sort][1],
                "include_private": True,
            }
        )
    except SearchQueryError:
        return replace(empty, problem="query")
    except (SearchError, SolrConnectionError):
        return replace(empty, problem="engine")
    return filled(empty, answer, language, facets)


def search(parameters: dict[str, Any]) -> dict[str, Any]:
    """CKAN's ``package_search`` as the current reader."""
    context: Any = {"user": current_user.name, "auth_user_obj": current_user, "for_view": True}
    return toolkit.get_action("package_search")(context, parameters)


def filled(listing: Listing, answer: dict[str, Any], language: str, facets: tuple[Facet, ...]) -> Listing:
    """A list with what the search found."""
    counts = answer["search_facets"]
    choices = [choices_of(facet, counts.get(facet.field, {}).get("items", []), listing, language) for facet in facets]
    return replace(
        listing,
        count=answer["count"],
        hits=tuple(hit(dataset, language, listing.links) for dataset in answer["results"]),
        facets=tuple(choice for choice in choices if choice.shown),
        active=tuple(active_choices(listing, counts, language)),
    )


def choices_of(facet: Facet, items: list[dict[str, Any]], listing: Listing, language: str) -> Choices:
    """The values of a facet, the most frequent first; what is chosen is never folded."""
    found = [choice(facet, item, listing, language) for item in items]
    found.sort(key=lambda one: (not one.active, -one.count, wording.sort_key(one.label)))
    return Choices(facet.title, tuple(found[:SHOWN_VALUES]), tuple(found[SHOWN_VALUES:]))


def choice(facet: Facet, item: dict[str, Any], listing: Listing, language: str) -> Choice:
    pair = (facet.name, facet.to_address(item["name"]))
    label = item["display_name"] if facet is ORGANIZATION else facet.label(item["name"], language)
    if pair in listing.question.chosen:
        return Choice(label, item["count"], listing.address(listing.question.toggled(*pair)), True)
    return Choice(label, item["count"], listing.narrowing + urlencode([pair]), False)


def active_choices(listing: Listing, counts: Mapping[str, Any], language: str) -> Iterator[Choice]:
    """The chosen filters, also those that no dataset has."""
    by_name = {facet.name: facet for facet in FACETS}
    for name, value in listing.question.chosen:
        facet = by_name[name]
        stored = facet.to_index(value)
        titles = {item["name"]: item["display_name"] for item in counts.get(facet.field, {}).get("items", [])}
        label = titles.get(stored, stored) if facet is ORGANIZATION else facet.label(stored, language)
        yield Choice(label, 0, listing.address(listing.question.toggled(name, value)), True)


def hit(dataset: dict[str, Any], language: str, to: Links) -> Hit:
    """A dataset of the answer as the list shows it."""
    organization = dataset.get("organization") or {}
    labels = [format_label(resource["format"]) for resource in dataset.get("resources", []) if resource.get("format")]
    return Hit(
        title=dataset.get("title") or dataset["name"],
        address=to.dataset(dataset["name"]),
        publisher=organization.get("title") or organization.get("name") or "",
        extract=wording.extract(dataset.get("notes"), EXTRACT),
        formats=tuple(dict.fromkeys(labels))[:SHOWN_FORMATS],
        changed=wording.moment(dataset.get("metadata_modified"), language),
        example=is_true(dataset.get("is_example")),
        private=bool(dataset.get("private")),
        draft=str(dataset.get("state", "")).startswith("draft"),
    )


def is_true(stored: Any) -> bool:
    """A yes as scheming keeps it: true, or the text of it."""
    return str(stored).lower() == "true"
