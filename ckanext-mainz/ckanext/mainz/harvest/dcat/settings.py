"""What the city decides about another portal as a source: what is taken from it, and how its records are marked.

Both kinds of portals have the options of `PORTAL`, each those of its own besides.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Any, TypeVar

from ckanext.mainz.foundation.errors import N_
from ckanext.mainz.harvest import options
from ckanext.mainz.harvest.options import Option
from ckanext.mainz.metadata import iris, vocabulary

WEB = frozenset({"http", "https"})
NO_TERM = N_("One of the terms of the list “{name}” is expected: its address, code or name.")
NO_ADDRESSES = N_("A list of complete web addresses is expected, such as https://www.example.org/catalog.ttl.")
NO_LICENSES = N_("A table is expected: what the source writes, and the licence of the list that it means.")
NO_PUBLISHER = N_("A table with a name is expected, and if known uri, identifier and url.")
NO_RULE = N_("A table is expected with lists of texts by: {parts}. In each text * stands for anything.")


@dataclass(frozen=True)
class Publisher:
    """Who stands behind the records of a source, where they do not say it themselves."""

    name: str
    uri: str = ""
    identifier: str = ""
    url: str = ""


@dataclass(frozen=True)
class Rule:
    """Records that are meant: by a keyword, the name of a publisher, or a title. In each, ``*`` stands for any text;
    case makes no difference. One match is enough."""

    keywords: tuple[str, ...] = ()
    publishers: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.keywords or self.publishers or self.titles)


class Paging(StrEnum):
    """How a DCAT catalogue is divided: `AUTO` follows Hydra and asks for a second page where the first looks cut off,
    `PAGES` counts ``?page=`` up, `SINGLE` takes the one document."""

    AUTO = "auto"
    PAGES = "pages"
    SINGLE = "single"


@dataclass(frozen=True)
class PortalSettings:
    """What both kinds have.

    - `redistribute`: whether the portal gives the records on to others; False where they reach GovData another way
    - `publisher`: who stands behind records that name none; its address completes rows with the same name
    - `default_license`: the id of the licence of records that name none; only if the source has stated so
    - `contributor_id`, `place`: URIs for records that say none
    - `include`, `exclude`: which records are taken; without `include` all that `exclude` does not mean
    - `licenses`: names and addresses of licences as this source writes them, and the id of the licence that each means
    - `timeout`: seconds that one request may take, within what the operator permits; 0 for that
    - `addresses`: other addresses of the same source, for when the first gives nothing
    - `function_mails`: mail addresses that are taken although they look like a person's
    - `max_records`: where a reading is broken off
    """

    redistribute: bool = False
    publisher: Publisher | None = None
    default_license: str = ""
    contributor_id: str = ""
    place: str = ""
    include: Rule = Rule()
    exclude: Rule = Rule()
    licenses: Mapping[str, str] = field(default_factory=dict)
    timeout: float = 0
    addresses: tuple[str, ...] = ()
    function_mails: tuple[str, ...] = ()
    max_records: int = 100_000


@dataclass(frozen=True)
class DcatSettings(PortalSettings):
    """Those of a DCAT catalogue. `paging`: how it is divided; `services`: whether data services become records."""

    paging: Paging = Paging.AUTO
    services: bool = True


# --- what can be written ----------------------------------------------------------------------------------------------


def _term(name: str) -> Option:
    return Option(lambda value: options.is_text(value) and bool(_found(name, value)), NO_TERM, name=name)


def _found(name: str, text: str) -> vocabulary.Term | None:
    return vocabulary.match(name, text)


def _is_address(text: Any) -> bool:
    try:
        return bool(iris.web_address(text, WEB))
    except iris.IriError:
        return False


def _are_addresses(value: Any) -> bool:
    return options.is_texts(value) and all(map(_is_address, value))


def _are_licenses(value: Any) -> bool:
    return options.is_table(value) and all(_found("licenses", meant) for meant in value.values())


def _is_publisher(value: Any) -> bool:
    if not options.is_table(value) or not str(value.get("name", "")).strip():
        return False
    addresses = [value[name] for name in ("uri", "url") if value.get(name)]
    return value.keys() <= {one.name for one in fields(Publisher)} and all(map(_is_address, addresses))


def _is_rule(value: Any) -> bool:
    return isinstance(value, Mapping) and value.keys() <= set(RULE) and all(map(options.is_texts, value.values()))


RULE = tuple(one.name for one in fields(Rule))
PORTAL: Mapping[str, Option] = {
    **options.COMMON,
    "publisher": Option(_is_publisher, NO_PUBLISHER),
    "default_license": _term("licenses"),
    "contributor_id": _term("contributors"),
    "place": _term("places"),
    "include": Option(_is_rule, NO_RULE, parts=", ".join(RULE)),
    "exclude": Option(_is_rule, NO_RULE, parts=", ".join(RULE)),
    "licenses": Option(_are_licenses, NO_LICENSES),
    "timeout": options.number(1, 3600),
    "addresses": Option(_are_addresses, NO_ADDRESSES),
    "function_mails": options.TEXTS,
    "max_records": options.number(1, 1_000_000),
}
DCAT: Mapping[str, Option] = {**PORTAL, "paging": options.choice(Paging), "services": options.FLAG}


# --- what is written, as settings -------------------------------------------------------------------------------------

S = TypeVar("S", bound=PortalSettings)


def settings_of(kind: type[S], config: Mapping[str, Any]) -> S:
    """The settings that a configuration without problems means."""
    given = {one.name: _read(one.name, config[one.name]) for one in fields(kind) if one.name in config}
    return kind(**given)


def _read(name: str, value: Any) -> Any:
    if name in ("default_license", "contributor_id", "place"):
        return _stored(name, value)
    if name in ("include", "exclude"):
        return Rule(**{part: tuple(texts) for part, texts in value.items()})
    if name == "publisher":
        return Publisher(**{part: text.strip() for part, text in value.items()})
    if name == "licenses":
        return {plain(written): _stored("default_license", meant) for written, meant in value.items()}
    if name == "paging":
        return Paging(value)
    return tuple(value) if isinstance(value, list) else value


def _stored(name: str, text: str) -> str:
    """A term as records have it: licences by their id, all else by its URI."""
    lists = {"default_license": "licenses", "contributor_id": "contributors", "place": "places"}
    term = vocabulary.match(lists[name], text)
    if term is None:
        return ""
    return term.code if name == "default_license" else term.uri


def plain(text: str) -> str:
    """The name of a licence as it is compared."""
    return " ".join(text.split()).casefold()
