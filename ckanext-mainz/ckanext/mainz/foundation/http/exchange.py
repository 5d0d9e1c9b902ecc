"""An answer on its way: its body read in blocks, within limits, and every failure given its name."""

from __future__ import annotations

import http.client
import ssl
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import MappingProxyType

import urllib3.exceptions
from urllib3.response import HTTPResponse

from ckanext.mainz.foundation.errors import N_
from ckanext.mainz.foundation.http.decoding import BLOCK, IncompleteStream, UnknownEncoding, decoded
from ckanext.mainz.foundation.http.errors import (
    BadResponse,
    CertificateRefused,
    HttpError,
    TooLarge,
    TooSlow,
    Truncated,
    Unreachable,
)
from ckanext.mainz.foundation.http.wire import Pace


@dataclass(frozen=True)
class Exchange:
    """An answer whose headers have been read and whose body has not."""

    url: str
    raw: HTTPResponse
    pace: Pace

    @property
    def status(self) -> int:
        return self.raw.status

    @property
    def headers(self) -> Mapping[str, str]:
        return MappingProxyType(self.raw.headers)

    def content(self, limit: int) -> Iterator[bytes]:
        """The decompressed body in blocks. Neither it nor what crosses the wire may exceed `limit` bytes."""
        self._refuse_announced(limit)
        try:
            yield from self._limited(decoded(self._wire(limit), self.headers.get("Content-Encoding", "")), limit)
        except (UnknownEncoding, zlib.error) as error:
            raise BadResponse(
                self.url,
                N_(
                    "{url} sent data whose compression ({encoding}) cannot be undone. Tell the operator of that server "
                    "to correct its Content-Encoding."
                ),
                status=self.status,
                encoding=self.headers.get("Content-Encoding", ""),
            ) from error
        except IncompleteStream as error:
            raise _truncated(self.url, self.status) from error

    def _refuse_announced(self, limit: int) -> None:
        if (self.raw.length_remaining or 0) > limit:
            raise self._too_large(limit)

    def _wire(self, limit: int) -> Iterator[bytes]:
        return self._limited(iter(self._next_block, b""), limit)

    def _next_block(self) -> bytes:
        with named_errors(self.url, self.pace, self.pace.pause, status=self.status):
            return self.raw.read(BLOCK, decode_content=False)

    def _limited(self, blocks: Iterator[bytes], limit: int) -> Iterator[bytes]:
        size = 0
        for block in blocks:
            size += len(block)
            if size > limit:
                raise self._too_large(limit)
            yield block

    def _too_large(self, limit: int) -> TooLarge:
        return TooLarge(
            self.url,
            N_(
                "{url} sends more than {limit} bytes. If that is right, the operator raises "
                "ckanext.mainz.http.max_megabytes or max_download_megabytes."
            ),
            limit=limit,
        )


@contextmanager
def named_errors(url: str, pace: Pace, silence: float, status: int = 0) -> Iterator[None]:
    """What the libraries raise while they speak to a server, as our errors.

    `silence` is the limit in seconds for this step, `status` that of the answer as far as it has come.
    """
    try:
        yield
    except (TimeoutError, urllib3.exceptions.TimeoutError) as error:
        raise _too_slow(url, pace, silence) from error
    except ssl.SSLCertVerificationError as error:
        raise CertificateRefused(
            url,
            N_(
                "The certificate of {url} was not accepted: {reason}. If that server uses a certificate authority of "
                "its own, the operator names its file in ckanext.mainz.http.ca_bundle."
            ),
            reason=error.verify_message,
        ) from error
    except (OSError, http.client.HTTPException, urllib3.exceptions.HTTPError) as error:
        raise _truncated(url, status) if status else _no_answer(url, error) from error


def _no_answer(url: str, error: Exception) -> HttpError:
    if isinstance(error, OSError):
        return Unreachable(
            url,
            N_("{url} cannot be reached ({reason}). Check the address, or try again later."),
            reason=error.strerror or str(error),
        )
    return BadResponse(
        url,
        N_("{url} does not answer as a web server does ({reason}). Check the address."),
        reason=type(error).__name__,
    )


def _too_slow(url: str, pace: Pace, silence: float) -> TooSlow:
    if pace.is_over:
        return TooSlow(
            url,
            N_(
                "{url} was not done after {seconds} seconds. Try again later, or raise"
                " ckanext.mainz.http.total_timeout."
            ),
            seconds=pace.total,
        )
    return TooSlow(
        url,
        N_("{url} was silent for too long (limit {seconds} seconds). Try again later, or raise the time limits."),
        seconds=silence,
    )


def _truncated(url: str, status: int) -> Truncated:
    return Truncated(
        url, N_("The answer of {url} broke off before it was complete. Nothing of it was used."), status=status
    )
