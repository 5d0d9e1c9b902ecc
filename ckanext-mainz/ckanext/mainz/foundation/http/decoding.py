"""Undoes the compression of an answer in small blocks, so that a bomb costs no memory before its size is noticed."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

BLOCK = 64 * 1024
GZIP_MAGIC = b"\x1f\x8b"
_GZIP = 16 + zlib.MAX_WBITS
_RAW = -zlib.MAX_WBITS


class UnknownEncoding(ValueError):
    """The answer is compressed in a way that was not asked for."""


class IncompleteStream(ValueError):
    """The compressed data ends in the middle."""


def decoded(blocks: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    """The content of `blocks` in pieces of at most `BLOCK` bytes.

    `encoding` is the value of ``Content-Encoding``. Raises `UnknownEncoding`, `IncompleteStream` and `zlib.error`.
    """
    name = encoding.strip().lower()
    if name in ("", "identity"):
        return iter(blocks)
    if name in ("gzip", "x-gzip"):
        return _inflated(blocks, _GZIP)
    if name == "deflate":
        return _deflate(iter(blocks))
    raise UnknownEncoding(encoding)


def _deflate(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """`deflate` means zlib (RFC 9110, 8.4.1.2), but some servers send the raw stream: the first two bytes tell."""
    start = b""
    while len(start) < 2 and (block := next(blocks, b"")):
        start += block
    has_header = start[:1] and start[0] & 0x0F == zlib.DEFLATED and int.from_bytes(start[:2], "big") % 31 == 0
    yield from _inflated(_chain(start, blocks), zlib.MAX_WBITS if has_header else _RAW)


def _chain(start: bytes, blocks: Iterator[bytes]) -> Iterator[bytes]:
    if start:
        yield start
    yield from blocks


def _inflated(blocks: Iterable[bytes], window: int) -> Iterator[bytes]:
    stream = _Inflater(window)
    for block in blocks:
        yield from stream.feed(block)
    if not stream.complete:
        raise IncompleteStream("the compressed data ends in the middle")


class _Inflater:
    def __init__(self, window: int) -> None:
        self._window = window
        self._member = zlib.decompressobj(window)
        self._started = False
        self._padding = False
        self._rest = b""

    @property
    def complete(self) -> bool:
        return self._member.eof or not self._started

    def feed(self, data: bytes) -> Iterator[bytes]:
        self._started = self._started or bool(data)
        data, self._rest = self._rest + data, b""
        while data and self._wants(data):
            yield from self._feed_member(data)
            data = self._member.unused_data

    def _wants(self, data: bytes) -> bool:
        """Whether `data` belongs to the stream. Behind its end another gzip member may begin (RFC 1952, 2.2); anything
        else there is padding, which gzip ignores too."""
        if not self._member.eof:
            return True
        if self._window != _GZIP or self._padding:
            return False
        if len(data) < len(GZIP_MAGIC) and GZIP_MAGIC.startswith(data):
            self._rest = data
            return False
        self._padding = not data.startswith(GZIP_MAGIC)
        if not self._padding:
            self._member = zlib.decompressobj(self._window)
        return not self._padding

    def _feed_member(self, data: bytes) -> Iterator[bytes]:
        """A full piece may hide more output that zlib still holds, even when it has taken all input."""
        full = True
        while (data or full) and not self._member.eof:
            piece = self._member.decompress(data, BLOCK)
            data, full = self._member.unconsumed_tail, len(piece) == BLOCK
            if piece:
                yield piece
