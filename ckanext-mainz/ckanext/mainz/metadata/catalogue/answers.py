"""Answers with their validators, kept as long as the state they were made in holds."""

from __future__ import annotations

import gzip
import json
import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Any

from werkzeug.wrappers import Response

from ckanext.mainz.metadata.catalogue import cache, documents
from ckanext.mainz.metadata.catalogue.formats import FORMATS, Format
from ckanext.mainz.metadata.catalogue.forms import written
from ckanext.mainz.metadata.catalogue.question import CatalogueQuestion, Question
from ckanext.mainz.metadata.catalogue.state import State, code

log = logging.getLogger(__name__)

#: Last-Modified counts whole seconds: an answer younger than this could change within the same one.
SETTLED = timedelta(seconds=2)
LEVEL = 5
#: Without an index that tells of changes nothing is kept, and no state is the same as another.
NO_STATE = ""


@dataclass(frozen=True)
class Answer:
    """A document as it leaves the house: packed by gzip, with its validators."""

    format: Format
    state: str
    """Key of the state it was made in."""
    etag: str
    modified: datetime | None
    """When it became what it is, or later; None if that is not known."""
    packed: bytes

    def encoded(self) -> bytes:
        """For the cache."""
        modified = self.modified.timestamp() if self.modified else None
        head = json.dumps([self.format.ending, self.etag, modified])
        return f"{self.state}\n{head}\n".encode() + self.packed

    @classmethod
    def decoded(cls, value: bytes) -> Answer:
        """From the cache."""
        state, head, packed = value.split(b"\n", 2)
        ending, etag, modified = json.loads(head)
        at = None if modified is None else datetime.fromtimestamp(modified, UTC)
        return cls(FORMATS[ending], state.decode(), etag, at, packed)


def kept(question: Question, state: State | None) -> Answer | None:
    """The answer to the same question in the same state, if it was given before and is still there."""
    value = cache.get(question.name) if state and question.name else None
    # The state names our own code, too: what it was made by is what reads it.
    return Answer.decoded(value) if value and state and value.startswith(f"{state.key}\n".encode()) else None


def answer_to(question: Question, state: State | None) -> Answer:
    """The answer, kept or made. Raises `Refused`."""
    return kept(question, state) or _made(question, state)


def _last(question: Question) -> Answer | None:
    """The answer that was given before, in whatever state, if it can be read."""
    value = cache.get(question.name) if question.name else None
    try:
        return Answer.decoded(value) if value else None
    except ValueError:
        log.info("What was kept as %s was made by another version of the portal.", question.name)
        return None


def _made(question: Question, state: State | None) -> Answer:
    lines = _lines(question, state.key if state else NO_STATE)
    etag = blake2b(f"{question.format.ending} {code()}\n".encode() + lines, digest_size=12).hexdigest()
    packed = gzip.compress(written(lines, question.format.rdf), LEVEL, mtime=0)
    if state is None:
        return Answer(question.format, NO_STATE, etag, None, packed)
    before = _last(question)
    # What has not changed keeps its date, so that those who ask by date only get a short answer too. Else it is now,
    # not when the index changed: settings and code change documents, too.
    modified = before.modified if before and before.etag == etag else state.index.now
    answer = Answer(question.format, state.key, etag, modified, packed)
    if question.name:
        cache.put(question.name, answer.encoded())
    return answer


def _lines(question: Question, state: str) -> bytes:
    if isinstance(question, CatalogueQuestion):
        return documents.page(question, state)
    return documents.record(question, state)


def response_of(answer: Answer, state: State | None, environ: dict[str, Any]) -> Response:
    """The answer for one request: packed or plain as the client takes it, or 304 where it has it already."""
    packed = takes_gzip(environ)
    response = Response(
        answer.packed if packed else gzip.decompress(answer.packed), content_type=answer.format.content_type
    )
    response.set_etag(answer.etag, weak=True)  # one for the packed and the plain form
    response.vary.add("Accept-Encoding")
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    if state and answer.modified and state.index.now - answer.modified >= SETTLED:
        response.last_modified = answer.modified
    response.make_conditional(environ)
    return response


def takes_gzip(environ: dict[str, Any]) -> bool:
    """Whether a client takes answers packed by gzip."""
    accepted = environ.get("HTTP_ACCEPT_ENCODING", "").replace(" ", "").lower().split(",")
    return any(one == "gzip" or (one.startswith("gzip;q=") and one != "gzip;q=0") for one in accepted)
