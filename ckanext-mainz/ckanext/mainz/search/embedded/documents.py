"""From a document as CKAN sends it to one of tantivy, and back."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from typing import Any

import tantivy

from ckanext.mainz.search import analysis, fields
from ckanext.mainz.search.embedded import shape
from ckanext.mainz.search.errors import DocumentError
from ckanext.mainz.search.fields import Field, Kind
from ckanext.mainz.search.query import dates
from ckanext.mainz.search.query.errors import ValueRefused
from ckanext.mainz.search.query.model import FieldList

Value = str | int
Values = dict[str, list[Value]]

GAP = 100
"""Positions between two values of a field, so that no phrase reaches across."""
SORTED_CHARACTERS = 256
"""Characters of a text that count when documents are sorted by it."""
_VOLATILE = ("indexed_ts", "_version_")


def fingerprint(document: Mapping[str, Any]) -> str:
    """Short mark of what a document says; the same for two documents that the index could not tell apart."""
    said = {name: value for name, value in document.items() if not _is_null(value) and name not in _VOLATILE}
    if "permission_labels" in said:
        said["permission_labels"] = sorted(said["permission_labels"])
    text = json.dumps(said, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:16]


def identity(document: Mapping[str, Any]) -> str:
    """The key of site and id, which a document has to itself. Raises `DocumentError` where one is missing."""
    for name in ("site_id", "id"):
        if _is_null(document.get(name)):
            raise DocumentError(name, "it is required")
    return shape.identity_key(str(document["site_id"]), str(document["id"]))


def _is_null(value: object) -> bool:
    # pysolr leaves out the same.
    return value is None or value == ""


def read(document: Mapping[str, Any], now: datetime) -> Values:
    """The values of a document by field, numbers and dates as whole numbers.

    Raises `DocumentError` where Solr would refuse the document.
    """
    values = {name: _read_field(name, value) for name, value in document.items() if not _is_null(value)}
    values.setdefault("indexed_ts", [dates.resolve("NOW", now)])
    for name in fields.REQUIRED:
        if not values.get(name):
            raise DocumentError(name, "it is required")
    return {name: each for name, each in values.items() if each}


def _read_field(name: str, value: object) -> list[Value]:
    if name[:1] < " " or shape.SEPARATOR in name:
        raise DocumentError(name, "a field's name has no control characters")
    field = fields.field(name)
    items = [item for item in value if item is not None] if isinstance(value, (list, tuple, set)) else [value]
    if len(items) > 1 and not field.multiple:
        raise DocumentError(name, f"it takes one value, not {len(items)}")
    return [_read_value(field, item) for item in items]


def _read_value(field: Field, value: object) -> Value:
    text = _text(field, value)
    try:
        match field.kind:
            case Kind.DATE:
                return dates.milliseconds(text)
            case Kind.INTEGER:
                return integer(text)
    except ValueRefused as error:
        raise DocumentError(field.name, str(error)) from error
    return text


def _text(field: Field, value: object) -> str:
    match value:
        case str():
            # Half a surrogate pair, which JSON can carry, is no character.
            return value.encode("utf-8", "replace").decode()
        case bool():
            return str(value).lower()
        case int() | float():
            return str(value)
        case datetime():
            return value.astimezone(UTC).isoformat()
    raise DocumentError(field.name, f"it takes texts and numbers, not a {type(value).__name__}")


def integer(text: str) -> int:
    """A whole number of 32 bits, as Solr's type ``int``. Raises `ValueRefused`."""
    try:
        number = int(text)
    except ValueError as error:
        raise ValueRefused(f"{text!r} is not a whole number") from error
    if not -(2**31) <= number < 2**31:
        raise ValueRefused(f"{text!r} is out of the range of whole numbers")
    return number


def build(document: Mapping[str, Any], analyzer: analysis.Analyzer, now: datetime) -> tantivy.Document:
    """What is written into the index. Raises `DocumentError`."""
    values = read(document, now)
    site_id, record_id = str(values["site_id"][0]), str(values["id"][0])
    built = tantivy.Document()
    built.add_text(shape.KEYS, shape.identity_key(site_id, record_id))
    built.add_text(shape.KEYS, shape.stamp_key(record_id, fingerprint(document)))
    built.add_integer(shape.TIE, shape.tie(site_id, record_id))
    _store(built, values)
    searched = _with_copies(values)
    for key in dict.fromkeys(_keys(searched, analyzer)):
        built.add_text(shape.KEYS, key)
    _add_words(built, searched, analyzer)
    _add_columns(built, searched)
    return built


def _with_copies(values: Values) -> Values:
    """The values of the fields that are searched, those copied from other fields among them."""
    searched = {name: list(each) for name, each in values.items() if fields.field(name).indexed}
    for target, sources in fields.COPIES.items():
        copied = [value for source in sources for value in values.get(source, ())]
        prefixes = fields.COPIED_PREFIXES.get(target, ())
        copied += [value for name in values if prefixes and name.startswith(prefixes) for value in values[name]]
        if copied:
            searched.setdefault(target, []).extend(copied)
    return searched


def _keys(searched: Values, analyzer: analysis.Analyzer) -> Iterator[str]:
    for name, values in searched.items():
        field = fields.field(name)
        yield shape.has_key(name)
        if field.kind is Kind.TEXT and not field.multiple:
            yield shape.sorted_key(name, str(values[0])[:SORTED_CHARACTERS])
        for value in values:
            yield from _value_keys(field, value, analyzer)


def _value_keys(field: Field, value: Value, analyzer: analysis.Analyzer) -> Iterable[str]:
    if isinstance(value, int):
        return () if field.name in shape.NUMBERS else (shape.number_key(field.name, value),)
    match field.kind:
        case Kind.TEXT:
            return (shape.key(field.name, form) for form in analyzer.forms(value))
        case Kind.NGRAM:
            return ()
    return (shape.key(field.name, value),)


def _add_words(built: tantivy.Document, searched: Values, analyzer: analysis.Analyzer) -> None:
    lists: dict[str, list[tantivy.Token]] = {}
    for name, values in searched.items():
        field = fields.field(name)
        if field.is_words:
            found = lists.setdefault(shape.GRAMS if field.kind is Kind.NGRAM else shape.words_field(name), [])
            for value in values:
                start = found[-1].position + GAP if found else 0
                found.extend(_tokens(field, str(value), start, analyzer))
    for name, found in lists.items():
        built.add_pre_tokenized_text(name, tantivy.PreTokenizedString("", found))


def _tokens(field: Field, text: str, start: int, analyzer: analysis.Analyzer) -> Iterator[tantivy.Token]:
    if field.kind is Kind.NGRAM:
        for position, gram in grams(analysis.fold(text)):
            yield tantivy.Token(shape.key(field.name, gram), start + position, 0, 0)
        return
    for token in analyzer.tokens(text, start):
        yield tantivy.Token(shape.word_term(field.name, token.text), token.position, 0, 0)


def grams(text: str) -> Iterator[tuple[int, str]]:
    """Pieces of two and three letters with their positions."""
    for position in range(len(text) - 1):
        yield position, text[position : position + 2]
        if position + 3 <= len(text):
            yield position, text[position : position + 3]


def _add_columns(built: tantivy.Document, searched: Values) -> None:
    for name in shape.NUMBERS:
        for value in searched.get(name, ()):
            built.add_integer(shape.number_field(name), int(value))
        built.add_integer(shape.order_field(name), int(searched.get(name, [0])[0]))
    for name in shape.ORDERED_STRINGS:
        for value in searched.get(name, ()):
            built.add_text(shape.order_field(name), shape.key("", str(value))[1:])


def _store(built: tantivy.Document, values: Values) -> None:
    stored, hidden = {}, {}
    for name, each in values.items():
        if name not in shape.LARGE:
            (stored if fields.field(name).stored else hidden)[name] = each
    for name in ("title", "name"):
        if name in values:
            stored[f"{name}_ngram"] = values[name]
    built.add_bytes(shape.STORED, _json(stored))
    built.add_bytes(shape.HIDDEN, _json(hidden))
    for name in shape.LARGE:
        if name in values:
            built.add_bytes(name, zlib.compress(str(values[name][0]).encode()))


def _json(values: Values) -> bytes:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()


def given_back(document: tantivy.Document, wanted: FieldList) -> dict[str, Any]:
    """The stored fields of a document that an answer gives, in the form that Solr's JSON has."""
    values: Values = json.loads(bytes(document.get_first(shape.STORED) or b"{}"))
    answer = {name: _as_solr(name, each) for name, each in values.items() if _is_wanted(name, wanted)}
    for name in shape.LARGE:
        if _is_wanted(name, wanted) and (text := document.get_first(name)) is not None:
            answer[name] = _unpacked(text)
    for alias, name in wanted.aliases.items():
        found = given_back(document, FieldList(names=frozenset({name})))
        if name in found:
            answer[alias] = found[name]
    return answer


def _unpacked(packed: bytes) -> str:
    return zlib.decompress(bytes(packed)).decode()


def _is_wanted(name: str, wanted: FieldList) -> bool:
    return wanted.everything or name in wanted.names or any(fnmatchcase(name, each) for each in wanted.patterns)


def _as_solr(name: str, values: list[Value]) -> Any:
    field = fields.field(name)
    given = [dates.canonical(int(value)) for value in values] if field.kind is Kind.DATE else values
    return given if field.multiple else given[0]


def all_values(document: tantivy.Document, name: str) -> list[Value]:
    """Every value of a field of a document, also of fields that answers do not give."""
    if name in shape.LARGE:
        return [_unpacked(text) for text in document.get_all(name)]
    for part in (shape.STORED, shape.HIDDEN):
        values: Values = json.loads(bytes(document.get_first(part) or b"{}"))
        if name in values:
            return values[name]
    return []
