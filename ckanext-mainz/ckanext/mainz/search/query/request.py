"""Solr's parameters, read into a `Request`.

What is known is read, what makes no difference to an answer is ignored by name, and everything else is refused: an
answer is never silently another than Solr's would be.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from ckanext.mainz.search import fields
from ckanext.mainz.search.errors import QueryError
from ckanext.mainz.search.query import dismax, syntax
from ckanext.mainz.search.query.errors import naming
from ckanext.mainz.search.query.model import (
    Facet,
    FacetOrder,
    FieldList,
    Nothing,
    Query,
    Request,
    SortKey,
)

IGNORED = frozenset(
    {
        "wt",  # the answer is an object, not text
        "indent",
        "fq_list",  # ckanext-dcat hands on what CKAN has already put into fq
        "echoParams",
        "omitHeader",
        "facet.method",  # how to count, not what
        "facet.threads",
        "facet.enum.cache.minDf",
        "facet.exists",
        "extras",  # CKAN's own, for its plugins
        "include_drafts",
        "include_deleted",
        "include_private",
        "use_default_schema",
    }
)
"""Parameters that change nothing about the documents, their order or their counts."""

PARSERS = ("lucene", "dismax", "edismax")
SWITCHED_OFF = frozenset({"hl", "group", "mlt", "spellcheck", "stats", "debug", "debugQuery", "terms", "clustering"})
"""Components of Solr that may be named to be off."""
SUPPORTED = frozenset(
    {
        "q", "fq", "sort", "start", "rows", "fl", "df", "q.op", "q.alt", "defType", "qf", "mm", "tie", "pf", "ps", "qs",
        "bq", "bf", "boost", "sow", "facet", "facet.field", "facet.query", "facet.limit", "facet.offset",
        "facet.mincount", "facet.sort", "facet.prefix", "facet.contains", "facet.contains.ignoreCase", "facet.missing",
    }
)  # fmt: skip
_PER_FIELD = re.compile(r"f\.(?P<field>.+)\.(?P<name>facet\..+)")
_TRUE, _FALSE = ("true", "on", "yes"), ("false", "off", "no")
MOST_ROWS = 2**31 - 1
LONGEST_KEPT, MOST_KEPT = 200, 500
_INTEGER = re.compile(r"[+-]?\d{1,10}", re.ASCII)


def read(parameters: Mapping[str, object]) -> Request:
    """Reads parameters as CKAN gives them to pysolr: texts, numbers, booleans, or lists of them; None is left out.

    Raises `QueryError`.
    """
    given = _Parameters({name: _values(value) for name, value in parameters.items() if value is not None})
    given.refuse_unknown()
    with_facets = given.flag("facet", default=False)
    return Request(
        query=_main_query(given),
        filters=tuple(_filters(given)),
        start=given.count("start", 0),
        rows=given.count("rows", 10),
        sort=_sort(given.one("sort") or ""),
        fields=_field_list(given.many("fl")),
        facets=tuple(_facets(given)) if with_facets else None,
        facet_queries=_facet_queries(given) if with_facets else {},
    )


def read_query(text: str) -> Query:
    """Reads one query in the standard syntax on its own, as for deleting.

    Raises `QueryError`.
    """
    return _standard("q", text, syntax.Rules(syntax.default_field(fields.CATCH_ALL), required=False))


def _values(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    if isinstance(value, bool):
        return (str(value).lower(),)
    if isinstance(value, Iterable):
        return tuple(text for item in value if item is not None for text in _values(item))
    return (str(value),)


@dataclass(frozen=True)
class _Parameters:
    values: Mapping[str, tuple[str, ...]]

    def refuse_unknown(self) -> None:
        for name, values in self.values.items():
            known = _PER_FIELD.fullmatch(name)
            plain_name = known["name"] if known else name
            is_off = name in SWITCHED_OFF and all(value.lower() in _FALSE for value in values)
            if plain_name not in SUPPORTED and plain_name not in IGNORED and not is_off:
                raise QueryError(name, "this parameter is not supported")

    def one(self, name: str) -> str | None:
        """The value of a parameter that is given once; of several Solr takes the first."""
        return next(iter(self.values.get(name, ())), None)

    def many(self, name: str) -> tuple[str, ...]:
        return self.values.get(name, ())

    def of_field(self, field: str, name: str) -> tuple[str, str | None]:
        """A facet parameter for one field: its own or the general one, with the name it was given by."""
        own = f"f.{field}.{name}"
        return (own, self.one(own)) if own in self.values else (name, self.one(name))

    def flag(self, name: str, *, default: bool) -> bool:
        return _flag(name, self.one(name), default=default)

    def count(self, name: str, default: int) -> int:
        number = _integer(name, self.one(name), default)
        if number < 0:
            raise QueryError(name, f"{number} is negative")
        return number


def _flag(name: str, value: str | None, *, default: bool) -> bool:
    text = (value or str(default)).lower()
    if text not in _TRUE + _FALSE:
        raise QueryError(name, f"{value!r} is neither true nor false")
    return text in _TRUE


def _integer(name: str, value: str | None, default: int) -> int:
    if value is None:
        return default
    if not _INTEGER.fullmatch(value) or abs(int(value)) > MOST_ROWS:
        raise QueryError(name, f"{value!r} is not a whole number")
    return int(value)


def _number(name: str, value: str | None, default: float) -> float:
    try:
        return default if value is None else float(value)
    except ValueError as error:
        raise QueryError(name, f"{value!r} is not a number") from error


def _standard(parameter: str, text: str, rules: syntax.Rules) -> Query:
    with naming(parameter):
        return (_read_before if len(text) <= LONGEST_KEPT else _read_anew)(text, rules)


def _read_anew(text: str, rules: syntax.Rules) -> Query:
    return syntax.parse(text, rules) or Nothing()


#: The filters of CKAN and its plugins are the same for most searches, and reading them takes as long as the search.
_read_before = lru_cache(maxsize=MOST_KEPT)(_read_anew)


def _rules(given: _Parameters) -> syntax.Rules:
    operator = (given.one("q.op") or "OR").upper()
    if operator not in ("AND", "OR"):
        raise QueryError("q.op", f"{operator!r} is neither AND nor OR")
    runs = not given.flag("sow", default=False)
    return syntax.Rules(syntax.default_field(given.one("df") or fields.CATCH_ALL), operator == "AND", runs)


def _main_query(given: _Parameters) -> Query:
    parser = given.one("defType") or "lucene"
    if parser not in PARSERS:
        raise QueryError("defType", f"{parser!r} is not supported; those are {', '.join(PARSERS)}")
    rules = _rules(given)
    text = (given.one("q") or "").strip()
    if parser == "lucene":
        return _standard("q", text, rules)
    if text.startswith("{!"):
        raise QueryError("q", "local parameters {!…} are not supported")
    settings = _settings(given, rules)
    with naming("q"):
        query = dismax.simple(text, settings) if parser == "dismax" else dismax.extended(text, settings)
    if query is None and not text and (instead := given.one("q.alt")):
        return _standard("q.alt", instead, rules)
    return query or Nothing()


def _settings(given: _Parameters, rules: syntax.Rules) -> dismax.Settings:
    for name in ("bf", "boost"):
        if given.many(name):
            raise QueryError(name, "boosting by functions is not supported")
    with naming("qf"):
        searched = dismax.weighted_fields(given.one("qf") or "")
    if not searched:
        searched = (dismax.Weighted(given.one("df") or fields.CATCH_ALL),)
    with naming("pf"):
        phrases = dismax.weighted_fields(given.one("pf") or "")
    with naming("mm"):
        minimum = _minimum(given.one("mm"), required=rules.required)
    return dismax.Settings(
        fields=searched,
        minimum=minimum,
        tie=_number("tie", given.one("tie"), 0.0),
        phrases=phrases,
        phrase_slop=given.count("ps", 0),
        query_slop=given.count("qs", 0),
        optional=tuple(_standard("bq", text, rules) for text in given.many("bq") if text.strip()),
    )


def _minimum(text: str | None, *, required: bool) -> dismax.MinimumMatch:
    if text is not None:
        return dismax.minimum_match(text)
    return dismax.ALL_OF_THEM if required else dismax.ONE_OF_THEM


def _filters(given: _Parameters) -> Iterator[Query]:
    rules = _rules(given)
    for text in given.many("fq"):
        if text.strip():
            yield _standard("fq", text, rules)


def _sort(text: str) -> tuple[SortKey, ...]:
    keys = [_sort_key(part) for part in text.split(",") if part.strip()]
    return tuple(keys) or (SortKey(None, descending=True),)


_UNSORTABLE = ("_docid_", "random_")
_SORT_NAME = re.compile(r"[\w.*@:-]+")


def _sort_key(part: str) -> SortKey:
    name, _, direction = part.strip().rpartition(" ")
    name = name.strip()
    if direction.lower() not in ("asc", "desc") or len(name.split()) != 1:
        # CKAN looks for these words of Solr's.
        raise QueryError("sort", f"Can't determine a Sort Order (asc or desc) in sort spec {part.strip()!r}")
    if not _SORT_NAME.fullmatch(name) or name.startswith(_UNSORTABLE):
        raise QueryError("sort", f"{name!r} is not a field; sorting by functions is not supported")
    return SortKey(None if name == "score" else name, direction.lower() == "desc")


_NAME = re.compile(r"[\w.-]+")
_GLOB = re.compile(r"[\w.*?-]+")
_ALIAS = re.compile(r"([\w.-]+):([\w.-]+)")


def _field_list(texts: tuple[str, ...]) -> FieldList:
    """Names between commas or spaces; nothing at all is everything."""
    names, patterns, aliases = set(), [], {}
    parts = [part for text in texts for part in re.split(r"[\s,]+", text) if part]
    for part in parts:
        if _NAME.fullmatch(part):
            names.add(part)
        elif alias := _ALIAS.fullmatch(part):
            aliases[alias[1]] = alias[2]
        elif _GLOB.fullmatch(part):
            patterns.append(part)
        else:
            raise QueryError("fl", f"{part!r} is not the name of a field; functions and transformers are not supported")
    return FieldList(
        names=frozenset(names - {"score"}),
        patterns=tuple(pattern for pattern in patterns if pattern != fields.ALL),
        aliases=aliases,
        everything=not parts or (names == {"score"} and len(parts) == 1) or fields.ALL in patterns,
        score="score" in names or "score" in aliases.values(),
    )


def _facets(given: _Parameters) -> Iterator[Facet]:
    for name in dict.fromkeys(given.many("facet.field")):
        if name.startswith("{!"):
            raise QueryError("facet.field", "local parameters {!…} are not supported")
        if fields.field(name).is_number:
            raise QueryError("facet.field", f"{name!r} holds numbers or dates, whose values are not counted")
        yield _facet(given, name)


def _facet(given: _Parameters, field: str) -> Facet:
    limit = _integer(*given.of_field(field, "facet.limit"), 100)
    order = given.of_field(field, "facet.sort")[1]
    return Facet(
        field=field,
        limit=None if limit < 0 else limit,
        offset=max(0, _integer(*given.of_field(field, "facet.offset"), 0)),
        minimum=max(0, _integer(*given.of_field(field, "facet.mincount"), 0)),
        order=_facet_order(order, limit),
        prefix=given.of_field(field, "facet.prefix")[1] or "",
        contains=given.of_field(field, "facet.contains")[1] or "",
        ignore_case=_flag(*given.of_field(field, "facet.contains.ignoreCase"), default=False),
        missing=_flag(*given.of_field(field, "facet.missing"), default=False),
    )


def _facet_order(text: str | None, limit: int) -> FacetOrder:
    """As asked for; else by count where only the first values are wanted, by value where all are."""
    if text is None:
        return FacetOrder.COUNT if limit > 0 else FacetOrder.INDEX
    return FacetOrder.COUNT if text in ("count", "true") else FacetOrder.INDEX


def _facet_queries(given: _Parameters) -> dict[str, Query]:
    rules = _rules(given)
    return {text: _standard("facet.query", text, rules) for text in given.many("facet.query")}
