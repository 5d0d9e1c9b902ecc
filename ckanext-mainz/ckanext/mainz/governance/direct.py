"""Changes that Datenverantwortliche make of what is released to fewer than everybody: at once, but not unchecked.

The release check is asked as it is for a proposal: only where the bytes of a file, who reads it, what it is taken for
or the licence change. Where it has nothing new to ask, the change is written; else it waits as a proposal, which
Datenverantwortliche accept themselves as soon as they have answered.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ckan.model as model
from ckan.plugins import toolkit

from ckanext.mainz.governance import differences, logbook, people, proposals, release_check, standing_release, writing
from ckanext.mainz.governance.record import Standing
from ckanext.mainz.governance.rehearsal import rehearsal

_ = toolkit._
Dict = dict[str, Any]


def change(context: Any, standing: Standing, do: Callable[[Any], Any]) -> tuple[proposals.Proposal | None, Dict, Any]:
    """Makes a change of a released record at once where the release check allows that, else a proposal.

    Gives what `proposals.propose` gives. Raises what `do` raises: nothing is stored then.
    """
    person = people.acting(context)
    if proposals.own_open(standing.id, person.id) is not None:
        return proposals.propose(context, standing, do)  # what waits already stands in what is proposed now
    before = proposals.released(standing.id)
    model.Session.commit()  # the rehearsal has a connection of its own and must not wait for this one
    with rehearsal():
        answer = do(proposals.fresh(context))
        wanted = proposals.released(standing.id)
    changes = differences.compare(before, wanted)
    if not changes:
        return None, wanted, answer
    kept = logbook.row(standing.id)["check"]
    try:
        check = release_check.of_change(wanted, kept, {}, standing.level) if release_check.asks(changes) else None
    except toolkit.ValidationError as error:
        reasons = [str(one) for one in error.error_dict["check"]]  # pyright: ignore[reportGeneralTypeIssues]
        return proposals.keep(person, standing, changes, None, reasons), wanted, answer
    _write(person, standing, changes, check)
    return None, wanted, answer


def _write(person: people.Person, standing: Standing, changes: differences.Changes, check: Dict | None) -> None:
    """Writes a change, unless somebody has decided otherwise while its files were looked at."""
    same = writing.locked(standing.id) == standing
    applied = differences.apply(proposals.released(standing.id), changes)
    if not same or applied.conflicts:
        writing.refuse({"id": [_(writing.MEANWHILE)]})

    def saved(id: str) -> None:
        logbook.contributed(id, person.id)
        logbook.note(person, standing, "change")
        logbook.released(id, person, person.role_at(standing.owner), standing.level, proposals.content_of(id))
        logbook.change(id, standing=standing_release.renewed(standing))
        if check is not None:
            logbook.change(id, check=check)

    with writing.granted(standing.state, standing.level, standing.shared_with, saved=saved):
        toolkit.get_action("package_update")(proposals.own_context(), proposals.to_update(applied.record, changes))
