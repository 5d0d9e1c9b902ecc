"""A temporary file for an upload that keeps no more than its limit, but counts on.

Werkzeug writes an upload to the disk before anybody can look at it. With this in its place a file of any size costs at
most the limit, and the form's other fields are still read, so that the message can stand at the field.
"""

from __future__ import annotations

from tempfile import SpooledTemporaryFile

IN_MEMORY = 512 * 1024


class CappedFile(SpooledTemporaryFile[bytes]):
    """Behaves as a `SpooledTemporaryFile`; `received` counts all bytes written, also those not kept."""

    def __init__(self, limit: int) -> None:
        super().__init__(max_size=IN_MEMORY, mode="w+b")
        self.limit = limit
        self.received = 0

    def write(self, data: bytes) -> int:  # type: ignore[override]  # only bytes come from a request
        room = max(self.limit - self.received, 0)
        self.received += len(data)
        if room:
            super().write(data[:room])
        return len(data)
