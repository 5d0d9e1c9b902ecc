"""Errors within a parameter's value, before it is known which parameter it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ckanext.mainz.search.errors import QueryError


class ValueRefused(ValueError):
    """A value cannot be read or is not supported; the text says why."""


@contextmanager
def naming(parameter: str) -> Iterator[None]:
    """Makes a `ValueRefused` the `QueryError` of a parameter."""
    try:
        yield
    except ValueRefused as error:
        raise QueryError(parameter, str(error)) from error
