"""What rooms tell each other without importing one another: CKAN plugin interfaces."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ckan.plugins import Interface


@dataclass(frozen=True)
class IndexState:
    """How far the search index is, for whoever keeps answers that were made from it.

    An answer may be given again as long as `key` is the same: it changes when the index has taken a change, and in the
    very transaction that takes readers away from a record.
    """

    number: int
    """Grows by one each time the index has taken changes."""
    token: str
    """Changes with `number`, and is never the same again, not even after a database was restored."""
    changed: datetime
    """When the index took its last change, in the database's time, with a zone."""
    now: datetime
    """The database's time when it was asked."""
    tightened: int
    """The last `number` at which records lost readers, or at which the whole index may have changed."""
    hidden: frozenset[str]
    """Ids of records that have lost readers since: no answer names them, though the index still holds them."""

    @property
    def key(self) -> str:
        """Names this state: two answers of the same key were made from the same index."""
        return "-".join((self.token, *sorted(self.hidden)))


@dataclass(frozen=True)
class Indexed:
    """Records as the index has them, CKAN's dictionaries or of each its id, and how many there are in all."""

    records: tuple[dict[str, Any], ...]
    count: int


class IIndex(Interface):
    """Implemented by the room that keeps the search index."""

    def index_state(self) -> IndexState:  # pyright: ignore[reportReturnType] - an interface
        """How far the index is, read from the database at this moment."""

    def public_records(
        self,
        filters: Sequence[str],
        rows: int,
        start: int = 0,
        sort: str = "",
        *,
        ids_only: bool = False,
        state: IndexState | None = None,
    ) -> Indexed:  # pyright: ignore[reportReturnType] - an interface
        """What ``package_search`` finds for somebody without an account by filters of our own, in a third of the time.

        It needs no request and no session. Whoever has just asked for the `state` hands it in; else it is asked again,
        because it says which records no answer names. Raises CKAN's `SearchError`, and `SQLAlchemyError`.
        """


class IIndexObserver(Interface):
    """Implemented by rooms that keep something made from the search index."""

    def index_changed(self) -> None:
        """Called after the index has taken changes and the database knows it, in the process that brought them in.

        It must not fail and not take long: a write waits for it.
        """


class IFileKeeper(Interface):
    """Implemented by rooms that point to bytes of files which no resource points to (yet)."""

    def kept_files(self) -> Iterable[tuple[str, str]]:  # pyright: ignore[reportReturnType] - an interface
        """Resource id and file key of each; the clean-up of files leaves them alone."""
