"""The page of the decision log and its table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from ckan.common import current_user
from ckan.plugins import toolkit
from flask import Blueprint, Response, request, stream_with_context

from ckanext.mainz.foundation import csv_lines
from ckanext.mainz.governance import decisions, people
from ckanext.mainz.governance.decisions import Question
from ckanext.mainz.governance.log import asked, auth, report, words

_ = toolkit._
PER_PAGE = 50
FILTERS = ("id", "organization", "action", "since", "until")

decision_log = Blueprint("mainz_decisions", __name__, url_prefix="/governance")


def get_blueprints() -> list[Blueprint]:
    return [decision_log]


@dataclass(frozen=True)
class Asked:
    """What the address of the page says."""

    filters: dict[str, str]
    page: int

    def address(self, page: int) -> str:
        """The address of another page of the same list."""
        return _address("mainz_decisions.page", {**self.filters, "page": str(page) if page > 1 else ""})

    @property
    def table(self) -> str:
        """The address of all its rows as CSV."""
        return _address("mainz_decisions.table", self.filters)


@decision_log.route("/decisions")
def page() -> Any:
    """Decisions, newest first."""
    _check_access()
    wanted = Asked({name: request.args.get(name, "").strip() for name in FILTERS}, _page())
    errors: dict[str, Any] = {}
    found: dict[str, Any] = {"count": 0, "results": []}
    try:
        paging = {"limit": PER_PAGE, "offset": (wanted.page - 1) * PER_PAGE}
        found = toolkit.get_action("mainz_decision_list")({"user": current_user.name}, {**wanted.filters, **paging})
    except toolkit.ValidationError as error:
        errors = error.error_dict
    return toolkit.render(
        "mainz/governance/decisions.html",
        {
            "asked": wanted,
            "found": found,
            "errors": errors,
            "last_page": -(-found["count"] // PER_PAGE),
            "actions": [(code, words.action(code)) for code in decisions.actions()],
            "organizations": _organizations(),
        },
    )


@decision_log.route("/decisions.csv")
def table() -> Any:
    """The same as CSV, oldest first, written while it is read: the log may be long."""
    _check_access()
    try:
        question = asked.question(_reader(), {name: request.args.get(name, "") for name in FILTERS})
    except toolkit.ValidationError as error:
        return toolkit.abort(400, "; ".join(f"{name}: {text}" for name, text in error.error_summary.items()))
    response = Response(stream_with_context(_lines(question)), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="decisions.csv"'
    response.cache_control.private = True
    return response


def _lines(question: Question) -> Iterator[str]:
    yield csv_lines.MARK + csv_lines.line(report.COLUMNS)
    for entry in decisions.every(replace(question, limit=None, offset=0)):
        yield csv_lines.line(report.cells(entry))


def _check_access() -> None:
    try:
        toolkit.check_access("mainz_decision_list", {"user": current_user.name}, {})
    except toolkit.NotAuthorized as error:
        toolkit.abort(403, str(error))


def _reader() -> people.Person:
    return people.person(current_user.name)


def _organizations() -> list[people.Organization]:
    """The organisations that a reader may choose from, by title."""
    scope = auth.scope(_reader())
    every = people.organizations().values()
    return sorted((one for one in every if scope is None or one.id in scope), key=lambda one: one.title.casefold())


def _address(endpoint: str, parameters: dict[str, str]) -> str:
    query = urlencode({name: value for name, value in parameters.items() if value})
    return toolkit.h.url_for(endpoint) + (f"?{query}" if query else "")


def _page() -> int:
    given = request.args.get("page", "1")
    return min(int(given), 100_000) if given.isascii() and given.isdigit() and int(given) > 0 else 1
