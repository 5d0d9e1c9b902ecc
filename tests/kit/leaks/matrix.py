"""Asks every surface as every reader and looks for secret words in the raw answers."""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ckan import logic
from ckan.tests.helpers import CKANTestApp
from tests.kit.catalogue import reader as visitor
from tests.kit.leaks import oracle, surfaces
from tests.kit.leaks.catalogue import Catalogue, Secret
from tests.kit.leaks.surfaces import Ask, Request
from tests.kit.services import LoadedPortal
from werkzeug.test import Client, TestResponse

SECRET = re.compile(rb"leck[0-9a-f]{12}")
GONE = 410
NOWHERE = "00000000-0000-4000-8000-000000000000"
"""An id that nothing has."""


@dataclass
class Outcome:
    """What came of a run."""

    cells: int = 0
    leaks: list[str] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        """Whether nothing was found."""
        return not [*self.leaks, *self.refusals, *self.broken]

    @property
    def line(self) -> str:
        return (
            f"leak matrix: {self.cells} cells, {len(self.leaks)} leaks, {len(self.refusals)} wrong refusals,"
            f" {len(self.broken)} broken answers"
        )

    @property
    def told(self) -> str:
        """The first of what was found, each kind by itself."""
        return "\n".join([self.line, *self.leaks[:60], *self.refusals[:60], *self.broken[:40]])


class Matrix:
    """One portal with one catalogue that is asked."""

    def __init__(self, portal: LoadedPortal, made: Catalogue) -> None:
        self.made, self.outcome = made, Outcome()
        self.client: Client = visitor(portal)
        flask = CKANTestApp(portal.app).flask_app
        flask.config["PROPAGATE_EXCEPTIONS"] = False  # a page that fails is an answer, too, as on a real server
        self.rules = sorted(flask.url_map.iter_rules(), key=lambda one: (one.rule, one.endpoint))
        self.asks = surfaces.record_asks(self.rules)
        self.by_word = {one.word: one for one in made.secrets}
        self._absent: dict[tuple[int, str], tuple[int, str]] = {}

    # --- lists -------------------------------------------------------------------------------------------------------

    def lists(self, *, full: bool = True) -> None:
        """Every listing surface once as each reader; not `full`: of organisations and accounts only some."""
        for request in surfaces.listings(self.rules, self.made):
            if not (full or request.brief):
                continue
            for reader in oracle.READERS:
                self._list(request, reader)

    def _list(self, request: Request, reader: str) -> None:
        answer = self._answer(request, reader)
        body = whole(answer)
        asked = json.dumps(request.data) + request.path
        for one in self.made.secrets:
            self.outcome.cells += 1
            if reader in one.readers:
                continue
            found = [told for told in (one.word, *one.ids) if told.encode() in body and told not in asked]
            if found:
                self._leak(request, reader, one, answer, f"tells {'its word' if found[0] == one.word else 'its id'}")
        if request.action == "package_search" and request.data == surfaces.MANY:
            self._complete(reader, body)

    def _complete(self, reader: str, body: bytes) -> None:
        """What somebody may read and is not archived is found by a search."""
        for one in self.made.secrets:
            if one.shown and reader in one.readers and not re.search(r"archiviert|file|form", one.what):
                self.outcome.cells += 1
                if one.word.encode() not in body:
                    self.outcome.refusals.append(f"package_search does not show {one.what} to {reader}")

    # --- records -----------------------------------------------------------------------------------------------------

    def full(self) -> None:
        """Every record surface for each record as each reader."""
        for at, ask in enumerate(self.asks):
            for one in self.made.secrets:
                for reader in oracle.READERS:
                    self._record(at, ask, one, reader)

    def pairwise(self) -> None:
        """Every pair of surface and record, of surface and reader, of record and reader."""
        count = len(oracle.READERS)
        for at, ask in enumerate(self.asks):
            for number, one in enumerate(self.made.secrets):
                self._record(at, ask, one, oracle.READERS[(at + number) % count])

    def _record(self, at: int, ask: Ask, one: Secret, reader: str) -> None:
        request = ask(one, self.made)
        answer = self._answer(request, reader)
        body = whole(answer)
        self.outcome.cells += 1
        for told in {found.decode() for found in SECRET.findall(body)}:
            secret = self.by_word.get(told)
            if secret is not None and reader not in secret.readers:
                self._leak(request, reader, secret, answer, "tells its word")
        if reader in one.readers:
            if request.whole and one.shown and one.word.encode() not in body:
                self.outcome.refusals.append(
                    f"{request.name} {answer.status} of {one.what} to {reader}: {body[-200:]!r}"
                )
        elif not self._as_if_absent(at, ask, one, reader, answer):
            self._leak(request, reader, one, answer, "is told from what does not exist")

    def _as_if_absent(self, at: int, ask: Ask, one: Secret, reader: str, answer: TestResponse) -> bool:
        """Whether a refusal has the status and, of an action, the words that it has where nothing is."""
        if not one.shown:
            return True
        if one.extra.get("gone") and answer.status_code == GONE and not ask(one, self.made).action:
            return True  # everybody may know that it was public and since when it is not
        key = (at, f"{reader} {'' if not one.what.startswith('file') else one.package}")
        if key not in self._absent:
            package = one.package if one.what.startswith("file") else NOWHERE
            nothing = Secret("", "leckwort", frozenset(), package, NOWHERE, NOWHERE)
            request = ask(nothing, self.made)
            self._absent[key] = _told(request, self._answer(request, reader))
        if (
            one.what.startswith("file")
            and "resource" not in str(ask(one, self.made))
            and one.resource not in str(ask(one, self.made))
        ):
            return True
        return _told(ask(one, self.made), answer) == self._absent[key]

    # --- asking ------------------------------------------------------------------------------------------------------

    def _answer(self, request: Request, reader: str) -> TestResponse:
        token = self.made.tokens.get(reader)
        headers = {"Authorization": token} if token else {}
        if request.action:
            answer = self.client.post(f"/api/3/action/{request.action}", json=request.data, headers=headers)
        else:
            answer = self.client.get(request.path, headers=headers)
        if answer.status_code >= 500 and answer.status_code != 503:
            self.outcome.broken.append(f"{request.name} {request.data or ''} as {reader}: {answer.status}")
        return answer

    def _leak(self, request: Request, reader: str, one: Secret, answer: TestResponse, how: str) -> None:
        asked = f"{request.name} {request.data or ''}"
        self.outcome.leaks.append(f"LEAK {asked} [{answer.status_code}] to {reader}: {one.what} {how}")

    def undeclared(self) -> set[str]:
        """Surfaces that stand in no table."""
        logic.get_action("package_show")
        return surfaces.undeclared_routes(self.rules) | surfaces.undeclared_actions(logic._actions)


def whole(answer: TestResponse) -> bytes:
    """Headers and body, the body also unpacked."""
    head = "\n".join(f"{name}: {value}" for name, value in answer.headers.items()).encode()
    return head + b"\n\n" + b"\n".join(_unpacked(answer.data))


def _unpacked(body: bytes) -> Iterator[bytes]:
    yield body
    if body[:2] == b"\x1f\x8b":
        yield gzip.decompress(body)
    elif body[:1] == b"\x78":
        try:
            yield zlib.decompress(body)
        except zlib.error:
            return


def _told(request: Request, answer: TestResponse) -> tuple[int, str]:
    """What of a refusal could tell whether something is there."""
    if not request.action:
        return answer.status_code, ""
    found: Any = answer.get_json(silent=True) or {}
    return answer.status_code, json.dumps(found.get("error"), sort_keys=True)
