"""Pages of sources: for everybody what was read when, for those who run them each record, and the way to run them."""

from __future__ import annotations

import json
from typing import Any

from ckan.common import current_user
from ckan.plugins import toolkit
from flask import Blueprint, redirect, request

from ckanext.mainz.governance import people
from ckanext.mainz.harvest import jobs, sources, telling

_ = toolkit._
pages = Blueprint("mainz_harvest", __name__, url_prefix="/sources")


def get_blueprints() -> list[Blueprint]:
    return [pages]


@pages.route("/")
def listing() -> Any:
    """All sources with their last run."""
    return toolkit.render("mainz/harvest/listing.html", {"sources": telling.every(), "runs_them": _runs_them()})


@pages.route("/<id>")
def source(id: str) -> Any:
    """The runs of a source, and what the last one says of single records."""
    row = _source(id)
    found = telling.runs_of(id)
    last = found[0] if found else {}
    report = last.get("report") or {}
    return toolkit.render(
        "mainz/harvest/source.html",
        {
            "told": telling.told(row),
            "runs": found,
            "entries": telling.entries_of(report),
            "problems": telling.sentences_of(report),
            "stopped": last.get("state") == "stopped",
        },
    )


@pages.route("/<id>/record")
def record(id: str) -> Any:
    """A record as it came, as it was mapped, and what was said of it."""
    row = _source(id)
    found = telling.single(id, request.args.get("guid", ""))
    if found is None:
        return toolkit.abort(404, _("The source has no such record."))
    mapped = json.dumps(dict(found.mapped), ensure_ascii=False, indent=2, sort_keys=True)
    return toolkit.render("mainz/harvest/record.html", {"told": telling.told(row), "one": found, "mapped": mapped})


@pages.route("/<id>/run", methods=["POST"])
def run(id: str) -> Any:
    """Asks for a run; with ``confirm`` it goes on although many are missing."""
    row = _source(id)
    asked = jobs.ask(id, str(row.title or row.url), confirmed=request.form.get("confirm") == "true")
    if asked:
        toolkit.h.flash_success(_("The run begins in a moment. This page shows how it goes."))
    else:
        toolkit.h.flash_notice(_("A run of this source goes on or waits already."))
    return redirect(toolkit.h.url_for("mainz_harvest.source", id=id))


def _source(id: str) -> Any:
    """The source, for those who run it; everybody else sees that there is nothing."""
    row = sources.find(id) if _runs_them() else None
    if row is None or row.type not in sources.kinds():
        return toolkit.abort(404, _("There is nothing at this address."))
    return row


def _runs_them() -> bool:
    return bool(current_user.is_authenticated) and people.person(current_user.name).office
