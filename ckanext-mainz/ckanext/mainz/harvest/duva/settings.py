"""What the office decides about a source of DUVA, and how it reads tables where guessing is not wanted."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ckan.plugins import toolkit

from ckanext.mainz.foundation.errors import N_
from ckanext.mainz.governance import levels
from ckanext.mainz.harvest import options
from ckanext.mainz.harvest.duva import local
from ckanext.mainz.harvest.gdi import licences
from ckanext.mainz.metadata import vocabulary
from ckanext.mainz.tabular import ReadOptions

_ = toolkit._
NO_LIST = "none"
OF_TABLES = ("encoding", "delimiter", "quote", "decimal", "thousands", "missing_markers", "suppression_markers",
             "text_columns", "column_names", "total_row_pattern")  # fmt: skip
LISTS = ("missing_markers", "suppression_markers", "text_columns", "column_names")
OPTIONS: Mapping[str, options.Option] = {
    **options.COMMON,
    "mode": options.TEXT,
    "level": options.choice(levels.LEVELS),
    "organisation": options.TEXT,
    "id_prefix": options.TEXT,
    "name_prefix": options.TEXT,
    "list_file": options.TEXT,
    "unlisted": options.FLAG,
    "subfolders": options.FLAG,
    "most_files": options.number(1, 100_000),
    "default_license": options.TEXT,
    "attribution": options.TEXT,
    "contact": options.TABLE,
    "publisher": options.TABLE,
    "themes": options.TEXTS,
    "place": options.TEXT,
    "default_place": options.TEXT,
    "contributor_id": options.TEXT,
    "language": options.TEXT,
    "header": options.Option(lambda value: value == "none" or (isinstance(value, int) and value > 0),
                             N_("“none” or the number of the line with the names is expected.")),
    **{name: options.TEXTS if name in LISTS else options.TEXT for name in OF_TABLES},
}  # fmt: skip
ROWS = {
    "contact": frozenset({"name", "email", "telephone", "url"}),
    "publisher": frozenset({"name", "email", "url", "type", "uri"}),
}
NOT_IN_LIST = N_("“{value}” is not in the list of the portal.")
NO_CELL = N_("There is no “{name}” in it. Possible are: {names}.")
#: Identifiers that are one and the same wherever they stand.
UNIQUE = re.compile(r"\{?[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\}?|[a-z][a-z0-9+.-]*:\S+|de-[a-z]{2,3}-\S+", re.I)


@dataclass(frozen=True)
class DuvaSettings:
    """Settings of one source.

    - `level`: the most open level of its records; empty where the source says it (`runs.Source.level`)
    - `organisation`: name of the CKAN organisation that the records belong to
    - `id_prefix`: stands before Kennungen and names of files, which say nothing elsewhere; made of the address where it
      is not given, and then lost when the address changes
    - `name_prefix`: how names of files begin, to be left out of titles
    - `list_file`: name of the list in the folder, ``none`` for none; empty: one of the usual names
    - `unlisted`: whether files that the list does not name are taken too
    - `subfolders`, `most_files`: how far it is read
    - `default_license`, `attribution`, `themes`, `default_place`: of what says none itself, if the office decided so
    - `contact`, `publisher`: rows of these fields; `place`: the city, for areas such as “Stadtteile”
    - `tables`: how tables are read
    """

    level: str = ""
    organisation: str = ""
    id_prefix: str = ""
    name_prefix: str = ""
    list_file: str = ""
    unlisted: bool = False
    subfolders: bool = False
    most_files: int = 5000
    default_license: str = ""
    attribution: str = ""
    contact: Mapping[str, str] = field(default_factory=dict, hash=False)
    publisher: Mapping[str, str] = field(default_factory=dict, hash=False)
    themes: tuple[str, ...] = ()
    place: str = "mainz"
    default_place: str = ""
    contributor_id: str = ""
    language: str = "DEU"
    tables: ReadOptions = field(default_factory=ReadOptions)

    @classmethod
    def of(cls, config: Mapping[str, Any]) -> DuvaSettings:
        """The settings that a configuration means. Raises `ValueError` for options of tables that cannot be meant."""
        own = {name: config[name] for name in cls.__dataclass_fields__.keys() & config.keys() if name != "tables"}
        return cls(**{**own, "themes": tuple(own.get("themes", ()))}, tables=_tables(config))

    def guid(self, name: str, base: str) -> str:
        """The identifier of a record by its Kennung or the name of its file. `base`: where the source lies.

        Two offices may both have a file ``einwohner``, and a run tells records of all sources apart by these.
        """
        if UNIQUE.fullmatch(name):
            return name
        if self.id_prefix:
            return f"{self.id_prefix}:{name}"
        if local.is_local(base):  # the folders of this machine concern nobody
            return f"duva-{hashlib.sha256(base.encode()).hexdigest()[:12]}:{name}"
        return f"{base.rstrip('/')}/{name}"


def _tables(config: Mapping[str, Any]) -> ReadOptions:
    given = {name: config[name] for name in (*OF_TABLES, "header") if name in config}
    options: dict[str, Any] = {name: tuple(one) if name in LISTS else one for name, one in given.items()}
    return ReadOptions(**options)


def problems(config: Mapping[str, Any], more: Mapping[str, options.Option] | None = None) -> dict[str, list[str]]:
    """What is wrong with a configuration, in sentences by option; `more`: options of one mode beside the others."""
    found = options.problems(config, {**OPTIONS, **(more or {})})
    for name, sentence in [*_terms(config), *_rows(config)]:
        found.setdefault(name, []).append(sentence)
    if not found:
        try:
            DuvaSettings.of(config)
        except ValueError as error:
            name, _colon, why = str(error).partition(": ")
            found[name] = [why]
    return found


def _terms(config: Mapping[str, Any]) -> list[tuple[str, str]]:
    known = {
        "default_license": licences.find,
        "place": lambda text: vocabulary.match("places", text),
        "default_place": lambda text: vocabulary.match("places", text),
        "themes": lambda text: vocabulary.match("themes", text),
        "language": lambda text: vocabulary.match("languages", text),
    }
    given = ((name, one) for name in known for one in _texts(config.get(name)))
    return [(name, _(NOT_IN_LIST).format(value=one)) for name, one in given if one and not known[name](one)]


def _texts(value: Any) -> Sequence[str]:
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, str)]


def _rows(config: Mapping[str, Any]) -> list[tuple[str, str]]:
    given = ((name, cell) for name in ROWS for cell in _table(config.get(name)))
    return [
        (name, _(NO_CELL).format(name=cell, names=", ".join(sorted(ROWS[name]))))
        for name, cell in given
        if cell not in ROWS[name]
    ]


def _table(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
