"""Kept answers, given before the request reaches CKAN.

Most requests of harvesters and crawlers ask for what has not changed. The state of the index is asked of the database
for each of them, so that what is given here is what CKAN would give; everything else goes on to CKAN.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any
from urllib.parse import parse_qsl

from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response

from ckanext.mainz.metadata import vocabulary
from ckanext.mainz.metadata.catalogue import answers, cache, profiles, state
from ckanext.mainz.metadata.catalogue.answers import Answer, Asked
from ckanext.mainz.metadata.catalogue.formats import FORMATS
from ckanext.mainz.metadata.catalogue.question import CatalogueQuestion, Question, RecordQuestion, Refused
from ckanext.mainz.metadata.catalogue.state import State

log = logging.getLogger(__name__)

WsgiApp = Callable[..., Iterable[bytes]]

ADDRESS = re.compile(r"/(?:catalog|(?:dataset|dataset_series|data_service)/([a-z0-9_-]{2,100}))\.([a-z0-9]{2,6})")
#: Where a request carries what several layers need.
QUESTION, STATE = "mainz.catalogue.question", "mainz.catalogue.state"
PAGE = re.compile(r"[1-9][0-9]{0,5}")


def wrap(app: WsgiApp) -> WsgiApp:
    """Lays this layer around CKAN, and reads what the first answer would have to wait for."""
    vocabulary.preload()
    state.code()

    def quick(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        with cache.held_back() as commands:
            answer = _answer(environ)
        if answer is None:
            return app(environ, start_response)
        parts = answer(environ, start_response)
        return _and_then(parts, commands) if commands else parts

    return quick


def _and_then(parts: Iterable[bytes], commands: Sequence[cache.Command]) -> Iterator[bytes]:
    """The parts of an answer; Redis is told of it when all have left."""
    try:
        yield from parts
    finally:
        cache.send(commands)


def _answer(environ: dict[str, Any]) -> Response | None:
    question, now = question_in(environ), None
    if question is None or (now := state_in(environ)) is None:
        return None
    asked = answers.asked(question, now)
    environ[answers.ENVIRON] = asked
    answer = _quick_answer(asked)
    return answers.response_of(answer, now, environ) if answer else None


def _quick_answer(asked: Asked) -> Answer | None:
    try:
        return answers.quick_answer_to(asked)
    except (Refused, SQLAlchemyError):
        log.info("CKAN answers %s.", asked.question.name, exc_info=True)
        return None


def question_in(environ: dict[str, Any]) -> Question | None:
    """`question_of`, once a request."""
    if QUESTION not in environ:
        environ[QUESTION] = question_of(environ)
    return environ[QUESTION]


def state_in(environ: dict[str, Any]) -> State | None:
    """The state, asked of the database once a request; None where it does not answer."""
    if STATE not in environ:
        environ[STATE] = _state()
    return environ[STATE]


def _state() -> State | None:
    try:
        return state.current()
    except SQLAlchemyError:
        log.warning("The database does not tell the state of the search index; CKAN answers.", exc_info=True)
        return None


def question_of(environ: dict[str, Any]) -> Question | None:
    """What a request asks for, if it is a plain question whose answer may be kept.

    Pages of other sites say where they come from: what they may read (``ckan.cors``) CKAN decides for each.
    """
    address = ADDRESS.fullmatch(environ.get("PATH_INFO", ""))
    if address is None or environ["REQUEST_METHOD"] not in ("GET", "HEAD") or address[2] not in FORMATS:
        return None
    if "HTTP_ORIGIN" in environ or not profiles.is_given_out():
        return None
    pairs = parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True)
    given = dict(pairs)
    if len(given) < len(pairs) or not given.keys() <= {"page", "profiles"}:
        return None
    profile = ",".join(profiles.names(given.get("profiles")))
    if profile not in profiles.OURS:
        return None
    if address[1]:
        return RecordQuestion(FORMATS[address[2]], profile, address[1])
    return _page(address[2], profile, given)


def _page(ending: str, profile: str, given: dict[str, str]) -> CatalogueQuestion | None:
    page = given.get("page") or "1"
    if not PAGE.fullmatch(page):
        return None
    led_on = (("profiles", profile),) if given.get("profiles") else ()
    return CatalogueQuestion(FORMATS[ending], profile, int(page), path=f"/catalog.{ending}", given=led_on)
