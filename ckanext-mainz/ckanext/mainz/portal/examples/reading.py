"""YAML into frozen dataclasses: unknown, missing and mistyped entries are errors that say where they stand."""

from collections.abc import Mapping
from dataclasses import MISSING, fields
from functools import cache
from importlib.resources import files
from typing import Any, TypeVar

import yaml

PACKAGE = "ckanext.mainz.portal.examples"
T = TypeVar("T")


class ExampleError(ValueError):
    """The example catalogue contradicts itself; the message says where."""


@cache
def load_yaml(name: str) -> Any:
    """The content of a YAML file beside this module, for instance `datasets/umwelt.yaml`."""
    text = files(PACKAGE).joinpath(name).read_text(encoding="utf-8")
    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - both loaders are safe


def yaml_names(folder: str) -> tuple[str, ...]:
    """The YAML files of a folder beside this module, in the order of their names."""
    entries = files(PACKAGE).joinpath(folder).iterdir()
    return tuple(sorted(f"{folder}/{entry.name}" for entry in entries if entry.name.endswith(".yaml")))


def shape(cls: type[T], given: Any, where: str, /, **ready: Any) -> T:
    """An instance of the dataclass `cls` from a YAML mapping; entries in `ready` are taken in place of the mapping's.

    Lists become tuples. Raises ExampleError for an unknown or a missing entry.
    """
    if not isinstance(given, Mapping):
        raise ExampleError(f"{where}: a mapping is needed, not {given!r}")
    known = {field.name: field for field in fields(cls)}  # type: ignore[arg-type]
    entries = {**given, **ready}
    if unknown := entries.keys() - known.keys():
        raise ExampleError(f"{where}: unknown entries {sorted(unknown)}")
    needed = {name for name, field in known.items() if field.default is MISSING and field.default_factory is MISSING}
    if missing := needed - entries.keys():
        raise ExampleError(f"{where}: missing entries {sorted(missing)}")
    return cls(**{name: tuple(value) if isinstance(value, list) else value for name, value in entries.items()})
