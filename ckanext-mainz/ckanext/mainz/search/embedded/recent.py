"""The documents of the latest commits, which are written once more with the next one.

tantivy makes a segment of every commit and merges eight of about the same size, and all below some 10,000 documents
count as that: in a portal of our size every eighth change would rewrite the whole index. When the few latest documents
are written again together with a new one, the segments that they leave are empty and are dropped, and one stays. So a
merge comes once in `7 * MOST` changes.

The documents lie in a file beside the index, with the number of the commit that they belong to. After any other commit
(a rebuild, a crash before the file was written) the number does not fit, and the file counts for nothing.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import tantivy

from ckanext.mainz.search.embedded import files

log = logging.getLogger(__name__)

MOST = 16
NAME = "recent.json"

Document = dict[str, Any]


class Recent:
    """The latest documents by their identity (site and id), as they have to stand after the batch in hand."""

    def __init__(self, documents: Mapping[str, Document]) -> None:
        self._documents = dict(documents)

    @classmethod
    def read(cls, folder: Path) -> Recent:
        """Those of the last commit; none if they are not known."""
        try:
            commit, documents = json.loads((folder / NAME).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return cls({})
        return cls(documents if commit == files.commit_number(folder) else {})

    def items(self) -> list[tuple[str, Document]]:
        return list(self._documents.items())

    def add(self, identity: str, document: Document) -> None:
        """Remembers a document that was written."""
        self._documents[identity] = document

    def drop(self, record_id: str) -> None:
        """Forgets the documents of a record."""
        self._documents = {key: each for key, each in self._documents.items() if str(each["id"]) != record_id}

    def clear(self) -> None:
        """Forgets all: what they were written into stays a segment of its own."""
        self._documents = {}

    def write(self, folder: Path, commit: int) -> None:
        """Keeps the documents for the batch after this commit. A failure costs a merge later, nothing else."""
        if len(self._documents) >= MOST:
            self.clear()
        unfinished = folder / f"{NAME}.{os.getpid()}"
        try:
            unfinished.write_text(json.dumps([commit, self._documents]), encoding="utf-8")
            unfinished.replace(folder / NAME)
        except (OSError, TypeError, ValueError) as error:
            log.warning("The latest documents of the search index in %s could not be kept: %s", folder, error)
            unfinished.unlink(missing_ok=True)


class Built:
    """What this process built of the latest documents for tantivy, so that it need not be built again."""

    def __init__(self) -> None:
        self._built: dict[str, tuple[Mapping[str, Any], tantivy.Document]] = {}

    def find(self, identity: str, document: Mapping[str, Any]) -> tantivy.Document | None:
        """What was built of the same content, if it is still known."""
        content, built = self._built.get(identity, (None, None))
        return built if content == document else None

    def keep(self, identity: str, document: Mapping[str, Any], built: tantivy.Document) -> None:
        """Remembers what was built; the oldest gives way."""
        self._built.pop(identity, None)
        if len(self._built) >= MOST:
            del self._built[next(iter(self._built))]
        self._built[identity] = (document, built)
