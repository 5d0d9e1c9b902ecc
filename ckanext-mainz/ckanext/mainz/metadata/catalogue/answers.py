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

from ckanext.mainz.foundation.requests import takes_gzip
from ckanext.mainz.metadata.catalogue import cache, documents, records
from ckanext.mainz.metadata.catalogue.formats import FORMATS, Format
from ckanext.mainz.metadata.catalogue.forms import written
from ckanext.mainz.metadata.catalogue.question import CatalogueQuestion, Question, RecordQuestion
from ckanext.mainz.metadata.catalogue.state import State, code

log = logging.getLogger(__name__)

#: Last-Modified counts whole seconds: an answer younger than this could change within the same one.
SETTLED = timedelta(seconds=2)
LEVEL = 5
#: Where the layer before CKAN leaves what it has found, so that the view need not look again.
ENVIRON = "mainz.catalogue.asked"
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


@dataclass(frozen=True)
class Asked:
    """A question, the state in which it was asked, and the answer that was given before, in whatever state."""

    question: Question
    state: State | None
    before: Answer | None

    @property
    def kept(self) -> Answer | None:
        """The answer that was given before, if it was made in the same state."""
        return self.before if self.before and self.state and self.before.state == self.state.key else None


def asked(question: Question, state: State | None) -> Asked:
    """A question with what is kept of it."""
    value = cache.get(question.name) if state and question.name else None
    return Asked(question, state, _readable(value, question))


def _readable(value: bytes | None, question: Question) -> Answer | None:
    try:
        return Answer.decoded(value) if value else None
    except ValueError:
        log.info("What was kept as %s was made by another version of the portal.", question.name)
        return None


def answer_to(asked: Asked) -> Answer:
    """The answer, kept or made. Raises `Refused`."""
    return asked.kept or _written(asked, _lines(asked.question, asked.state))


def quick_answer_to(asked: Asked) -> Answer | None:
    """The answer, kept or made without CKAN's request; None where that takes one. Raises `Refused`, `SQLAlchemyError`.

    A request of CKAN's opens a session, looks for a user and for changed settings. A record that the index has needs
    none of it.
    """
    if asked.kept or asked.state is None or not isinstance(asked.question, RecordQuestion):
        return asked.kept
    package = records.indexed(asked.question.id, asked.state)
    lines = documents.about(package, asked.question.profile, asked.state) if package else None
    return None if lines is None else _written(asked, lines)


def _written(asked: Asked, lines: bytes) -> Answer:
    question, state, before = asked.question, asked.state, asked.before
    etag = blake2b(f"{question.format.ending} {code()}\n".encode() + lines, digest_size=12).hexdigest()
    packed = gzip.compress(written(lines, question.format.rdf), LEVEL, mtime=0)
    if state is None:
        return Answer(question.format, NO_STATE, etag, None, packed)
    # What has not changed keeps its date, so that those who ask by date only get a short answer too. Else it is now,
    # not when the index changed: settings and code change documents, too.
    modified = before.modified if before and before.etag == etag else state.index.now
    answer = Answer(question.format, state.key, etag, modified, packed)
    if question.name:
        cache.put(question.name, answer.encoded())
    return answer


def _lines(question: Question, state: State | None) -> bytes:
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
