"""When an answer may be given again: the state of the search index, of the settings and of our own code."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable

import ckan.plugins as p
from ckan.plugins import toolkit

from ckanext.mainz.foundation.interfaces import IIndex, IndexState

#: Options that decide about what is written.
SETTINGS = ("ckan.site_", "ckan.locale_default", "ckan.root_path", "ckanext.dcat.", "ckanext.mainz.metadata.")
#: Code and data that decide about what is written, with the endings of their files.
SOURCES = (("ckanext.mainz.metadata", ".py"), ("ckanext.mainz.schemas", ".yaml"))


@dataclass(frozen=True)
class State:
    """Answers with the same key are the same answer; states with the same key are the same state."""

    key: str
    index: IndexState = field(compare=False)


def current() -> State | None:
    """The state at this moment, asked of the database; None if no room keeps an index, and then nothing is kept.

    Raises `SQLAlchemyError`.
    """
    for plugin in p.PluginImplementations(IIndex):
        index = plugin.index_state()
        return State(f"{index.key}-{setting()}", index)
    return None


def setting() -> str:
    """A short name for the settings and the code that answers are made with."""
    given = toolkit.config.store  # asked for by each request, and `config.get` takes ten times as long
    return _digest((code(), *[str(given.get(name)) for name in _options()]))


@lru_cache(maxsize=1)
def _options() -> tuple[str, ...]:
    return tuple(sorted(name for name in toolkit.config if name.startswith(SETTINGS)))


@lru_cache(maxsize=64)
def _digest(values: tuple[str, ...]) -> str:
    return blake2b("\0".join(values).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


@lru_cache(maxsize=1)
def code() -> str:
    """A short name for the version of profiles, vocabularies and writer."""
    digest = blake2b(version("pyoxigraph").encode(), digest_size=8)
    for package, ending in SOURCES:
        for content in _contents(files(package), ending):
            digest.update(content)
    return digest.hexdigest()


def _contents(folder: Traversable, ending: str) -> list[bytes]:
    found: list[bytes] = []
    for entry in sorted(folder.iterdir(), key=lambda one: one.name):
        if entry.is_dir():
            found.extend(_contents(entry, ending))
        elif entry.name.endswith(ending):
            found.append(entry.read_bytes())
    return found
