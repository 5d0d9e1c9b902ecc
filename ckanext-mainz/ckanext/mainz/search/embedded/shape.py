"""How documents lie in a tantivy index.

``keys``
    One inverted list for all exact terms, each written as ``<field> US <value>`` (US is the unit separator): values of
    string fields, words of text fields as they are written (for prefixes and wildcards), and marks: which fields a
    document has, its identity, its fingerprint. tantivy's JSON fields were not taken: they read strings that look like
    dates as dates, cannot be sorted by, and know neither prefixes nor wildcards.
``words_<field>``, ``words``
    Analysed text with positions: one list for each field that is searched often, one for all others.
``grams``
    Pieces of two and three letters of titles and names, each at the position of its first letter: a longer piece is a
    phrase of pieces.
``number_<field>``, ``order_<field>``
    Declared numbers and dates. Solr sorts a missing number as 0, so there is a column for sorting that is never empty.
``order_name``, ``order_title_string``, ``tie``
    Columns for sorting; ``tie`` is a hash of the id and makes every order total and stable.
``stored``, ``hidden``, ``data_dict``, ``validated_data_dict``
    Values to give back, as JSON; `hidden` are those that Solr would not store either. The two records are compressed:
    tantivy writes all of it anew whenever it merges segments.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import lru_cache
from importlib import metadata

import tantivy

from ckanext.mainz.search import analysis, fields
from ckanext.mainz.search.fields import Kind

SHAPE = 3
"""To be raised with every change of what is written for a document."""

KEYS, WORDS, GRAMS, TIE = "keys", "words", "grams", "tie"
STORED, HIDDEN = "stored", "hidden"
LARGE = ("data_dict", "validated_data_dict")

SEPARATOR = "\x1f"
HAS, SORTED, STAMP, IDENTITY = "\x01", "\x02", "\x03", "\x04"
"""What the marks among the keys begin with; no field's name begins so."""

OWN_WORDS = ("title", "notes", "text", "author", "maintainer", "res_name", "res_description")
NUMBERS = (*fields.declared(Kind.DATE), *fields.declared(Kind.INTEGER))
ORDERED_STRINGS = ("name", "title_string")

LONGEST_KEY = 30_000
"""Bytes of a value among the keys. tantivy drops terms above 65,530 in silence, Lucene refuses them above 32,766."""
_CUT = "\x1e"


_depends: dict[str, Callable[[], str]] = {}


def depend_on(name: str, value: Callable[[], str]) -> None:
    """From now on an index has to be built anew when this value changes: documents are made with it."""
    _depends[name] = value


def version() -> str:
    """Names everything that an index depends on; an index with another version has to be built anew."""
    own = [f"{SHAPE}", f"words {analysis.version()}", metadata.version("tantivy")]
    return ", ".join([*own, *(f"{name} {value()}" for name, value in sorted(_depends.items()))])


@lru_cache(maxsize=1)
def schema() -> tantivy.Schema:
    """The schema of a new index."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field(KEYS, tokenizer_name="raw", index_option="basic")
    for name in (WORDS, GRAMS, *map(words_field, OWN_WORDS)):
        builder.add_text_field(name, tokenizer_name="raw", index_option="position")
    for name in NUMBERS:
        builder.add_integer_field(number_field(name), indexed=True, fast=True)
        builder.add_integer_field(order_field(name), indexed=True, fast=True)
    for name in ORDERED_STRINGS:
        builder.add_text_field(order_field(name), tokenizer_name="raw", index_option="basic", fast=True)
    builder.add_integer_field(TIE, indexed=True, fast=True)
    for name in (STORED, HIDDEN, *LARGE):
        builder.add_bytes_field(name, stored=True)
    return builder.build()


def words_field(name: str) -> str:
    """Where the words of a text field lie."""
    return f"words_{name}" if name in OWN_WORDS else WORDS


def word_term(name: str, word: str) -> str:
    """How a word of a text field is written there."""
    return word if name in OWN_WORDS else name + SEPARATOR + word


def number_field(name: str) -> str:
    """Where the values of a declared number or date lie."""
    return f"number_{name}"


def order_field(name: str) -> str:
    """The column for sorting by a field that has one."""
    return f"order_{name}"


def key(name: str, value: str) -> str:
    """How a value of a field is written among the keys. Too long values are cut and told apart by a hash."""
    encoded = value.encode()
    if len(encoded) <= LONGEST_KEY:
        return name + SEPARATOR + value
    head = encoded[: LONGEST_KEY - 100].decode(errors="ignore")
    return f"{name}{SEPARATOR}{head}{_CUT}{hashlib.sha256(encoded).hexdigest()}"


def is_cut(written: str) -> bool:
    """Whether a key is not the whole value."""
    return len(written) > 65 and written[-65] == _CUT


def number_key(name: str, value: int) -> str:
    """How a number of a field without a column of its own is written among the keys, in the order of the numbers."""
    return key(name, f"{value + 2**62:019d}")


def key_number(written: str) -> int:
    """The number of `number_key`, without the field."""
    return int(written) - 2**62


def has_key(name: str) -> str:
    """The mark of documents that have a value in a field."""
    return HAS + name


def sorted_key(name: str, value: str) -> str:
    """The mark by which documents are sorted by a text field."""
    return key(SORTED + name, value)


def identity_key(site_id: str, record_id: str) -> str:
    """The mark of one document."""
    return key(IDENTITY + site_id, record_id)


def stamp_key(record_id: str, fingerprint: str) -> str:
    """The mark that tells what a document was made of."""
    return key(STAMP + fingerprint, record_id)


def tie(site_id: str, record_id: str) -> int:
    """A number that stands for a document where nothing else orders it."""
    digest = hashlib.sha256(identity_key(site_id, record_id).encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)
