"""The fields of an index document and their types, as CKAN's ``schema.xml`` for Solr declares them (CKAN 2.12).

Every name is a field: what is not declared here is a string by the schema's last dynamic field ``*``.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from functools import lru_cache


class Kind(Enum):
    """How values of a field are searched."""

    STRING = "string"
    """As one exact value."""
    TEXT = "text"
    """By their words."""
    NGRAM = "ngram"
    """By any piece of two letters or more (Solr: up to ten)."""
    INTEGER = "integer"
    DATE = "date"


@dataclass(frozen=True)
class Field:
    """A field: `stored` says whether answers contain it, `multiple` whether it may hold several values."""

    name: str
    kind: Kind
    stored: bool = True
    multiple: bool = False
    indexed: bool = True

    @property
    def is_words(self) -> bool:
        """Whether values are analysed."""
        return self.kind in (Kind.TEXT, Kind.NGRAM)

    @property
    def is_number(self) -> bool:
        """Whether values are kept as whole numbers (dates: milliseconds since 1970)."""
        return self.kind in (Kind.INTEGER, Kind.DATE)


ALL = "*"
CATCH_ALL = "text"
REQUIRED = ("id", "site_id")

_STRINGS = (
    "index_id id site_id entity_type dataset_type state name revision_id version url ckan_url download_url license "
    "license_id organization capacity _version_"
)
_STRING_LISTS = "tags groups res_format res_url res_type"
_TEXTS = "title notes author author_email maintainer maintainer_email"
_TEXT_LISTS = "res_name res_description"
_HIDDEN_TEXT_LISTS = (
    "text urls depends_on dependency_of derives_from has_derivation links_to linked_from child_of parent_of"
)
_DATES = "metadata_created metadata_modified indexed_ts"
_HIDDEN_INTEGERS = "views_total views_recent resources_accessed_total resources_accessed_recent"

_DECLARED = {
    field.name: field
    for field in (
        *(Field(name, Kind.STRING) for name in _STRINGS.split()),
        *(Field(name, Kind.STRING, multiple=True) for name in _STRING_LISTS.split()),
        Field("permission_labels", Kind.STRING, stored=False, multiple=True),
        Field("title_string", Kind.STRING, stored=False),
        *(Field(name, Kind.TEXT) for name in _TEXTS.split()),
        *(Field(name, Kind.TEXT, multiple=True) for name in _TEXT_LISTS.split()),
        *(Field(name, Kind.TEXT, stored=False, multiple=True) for name in _HIDDEN_TEXT_LISTS.split()),
        *(Field(name, Kind.NGRAM) for name in ("title_ngram", "name_ngram")),
        *(Field(name, Kind.DATE) for name in _DATES.split()),
        *(Field(name, Kind.INTEGER, stored=False) for name in _HIDDEN_INTEGERS.split()),
        *(Field(name, Kind.STRING, indexed=False) for name in ("data_dict", "validated_data_dict")),
    )
}

# Longest patterns first, as Solr tries them; then in the order of the schema.
_PREFIXES = {
    "res_extras_": Field("", Kind.TEXT, multiple=True),
    "extras_": Field("", Kind.TEXT),
    "vocab_": Field("", Kind.STRING, multiple=True),
}
_DATE_SUFFIX = "_date"

# copyField: a field's own values and those of these sources. Copies are not copied on.
COPIES: dict[str, tuple[str, ...]] = {
    "urls": ("url", "ckan_url", "download_url", "res_url"),
    "title_ngram": ("title",),
    "name_ngram": ("name",),
    CATCH_ALL: (
        "urls",
        "name",
        "title",
        "license",
        "notes",
        "tags",
        "groups",
        "organization",
        "res_name",
        "res_description",
        "maintainer",
        "author",
    ),
}
COPIED_PREFIXES: dict[str, tuple[str, ...]] = {CATCH_ALL: ("extras_", "res_extras_", "vocab_")}


@lru_cache(maxsize=4096)
def field(name: str) -> Field:
    """The field of this name: declared, dynamic by its prefix or ending, or else a single string that is not stored."""
    if declared := _DECLARED.get(name):
        return declared
    for prefix, pattern in _PREFIXES.items():
        if name.startswith(prefix):
            return Field(name, pattern.kind, multiple=pattern.multiple)
    if name.endswith(_DATE_SUFFIX):
        return Field(name, Kind.DATE)
    return Field(name, Kind.STRING, stored=False)


def declared(kind: Kind) -> list[str]:
    """Names of the declared fields of a kind, sorted."""
    return sorted(name for name, each in _DECLARED.items() if each.kind is kind)
