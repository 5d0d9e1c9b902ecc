"""What can go wrong between a query and an index."""

from __future__ import annotations

from pathlib import Path


class QueryError(Exception):
    """A parameter of a search is wrong, or asks for what the engine does not do.

    `parameter` is Solr's name of it (``q``, ``fq``, ``sort``, …), `message` says what is wrong with its value.
    """

    def __init__(self, parameter: str, message: str) -> None:
        super().__init__(parameter, message)
        self.parameter = parameter
        self.message = message

    def __str__(self) -> str:
        return f"{self.parameter}: {self.message}"


class DocumentError(ValueError):
    """A document cannot be indexed because of one of its fields. Solr refuses the same documents."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(field, message)
        self.field = field
        self.message = message

    def __str__(self) -> str:
        return f"Field {self.field!r} cannot be indexed: {self.message}"


class EngineError(Exception):
    """The index cannot be read or written now; the query or document is not to blame."""


class IndexMissing(EngineError):
    """There is no index in this folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"There is no search index in {folder}.")
        self.folder = folder


class IndexBusy(EngineError):
    """Another writer holds the index."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"Another process is writing to the search index in {folder}.")
        self.folder = folder


class IndexDamaged(EngineError):
    """Files of the index are missing, cut short or changed: it has to be built anew."""

    def __init__(self, folder: Path, reason: str) -> None:
        super().__init__(f"The search index in {folder} is damaged and has to be built anew: {reason}")
        self.folder = folder
        self.reason = reason


class IndexOutdated(EngineError):
    """The index was written by a version that lays documents out differently: it has to be built anew."""

    def __init__(self, folder: Path, found: str, wanted: str) -> None:
        super().__init__(
            f"The search index in {folder} has the shape {found}, this version needs {wanted}: it has to be built anew."
        )
        self.folder = folder
        self.found = found
        self.wanted = wanted
