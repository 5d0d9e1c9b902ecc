"""Standing releases: later deliveries of what was released once, as long as only rows and dates differ.

A release may be given as a standing one. It covers a record as it was then: the columns of its tables, its licence, its
level, its findings. A delivery that differs in none of these is released at once and logged; any other waits.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import ckan.model as model
from ckan.lib import files
from ckan.plugins import toolkit

from ckanext.mainz import tabular
from ckanext.mainz.foundation.errors import N_
from ckanext.mainz.governance import differences, levels, logbook, people, proposals, writing
from ckanext.mainz.governance.check import gate, scan
from ckanext.mainz.governance.differences import Changes
from ckanext.mainz.governance.record import Standing
from ckanext.mainz.governance.rehearsal import rehearsal
from ckanext.mainz.metadata.dictionary import structures

_ = toolkit._
NUMBERS = re.compile(r"[0-9]+")
Dict = dict[str, Any]

#: Fields that a new delivery changes by itself.
DATES = frozenset({"modified", "temporal_coverage", "issued"})
NEW_FIELD = N_("{field} differs from what was released.")
NEW_COLUMNS = N_("{file}: its columns are not those that were released.")
NEW_FILE = N_("{file} is a file with other columns than those that were released.")
NEW_WORDS = N_("{file} is a new file, and what is said of it is not what is said of the other files.")
NEW_ORDER = N_("The files stand in another order than was released.")
NEW_FINDING = N_("The release check finds in the new file what was not there before.")
GONE = N_("{file} would be taken away.")


def covered(record: Mapping[str, Any], level: str) -> Dict:
    """What a standing release of a record at a level covers: the columns of its files, and its licence."""
    files = [{"id": one["id"], "columns": _columns(one), "words": _words(one)} for one in _tables(record)]
    return {"files": files, "license_id": record.get("license_id") or "", "level": level}


def renewed(standing: Standing) -> Dict | None:
    """The same of a record that has changed by a decision or a delivery; None where there is no standing release."""
    return covered(proposals.released(standing.id), standing.level) if holds(standing) else None


def _words(file: Mapping[str, Any]) -> Dict:
    """What is said of a file, its level among it, without the numbers that a new period brings."""
    found = {name: value for name, value in differences.said_of_file(file).items() if name not in DATES}
    return {name: NUMBERS.sub("#", value) if isinstance(value, str) else value for name, value in found.items()}


def _tables(record: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [one for one in record.get("resources") or () if one.get("file_key")]


def _columns(resource: Mapping[str, Any]) -> list[Any] | None:
    """Name and kind of each column of an uploaded table, of a workbook by sheet; None of what is no table.

    A sheet is known by its name without the numbers that a new period brings, a single one by any name.
    A workbook with a sheet that is none, and not empty, is none: what stands there nobody has looked at.
    """
    if not structures.is_table(resource):
        return None
    try:
        with structures.local_copy(resource) as path:
            names = [one.name for one in tabular.sheets(path)] or [None]
            titles = [NUMBERS.sub("#", name or "") for name in names] if len(names) > 1 else [""]
            return [[title, _of_sheet(path, name)] for title, name in zip(titles, names, strict=True)]
    except (tabular.NotATable, files.exc.MissingFileError):  # its next delivery waits for a person
        return None


def _of_sheet(path: Path, name: str | None) -> list[list[str]]:
    try:
        table = tabular.read(path, sheet=name)
    except tabular.NotATable as error:
        if error.code in scan.EMPTY:
            return []
        raise
    return [[one.unique_name, str(one.type.value)] for one in table.columns]


def is_possible(context: Any, standing: Standing) -> bool:
    """Whether a change by whoever acts may be a delivery that was released beforehand."""
    if standing.state != levels.FREIGEGEBEN or not holds(standing):
        return False
    return bool(context.get("ignore_auth")) or people.acting(context).edits(standing.owner)


def holds(standing: Standing) -> bool:
    """Whether there is a standing release, given for the level that the record has."""
    given = logbook.row(standing.id)["standing"]
    return given is not None and given.get("level") == standing.level


def deliver(
    context: Any, standing: Standing, change: Callable[[Any], Any]
) -> tuple[proposals.Proposal | None, Dict, Any]:
    """Rehearses a change; writes it if the standing release covers it, else makes a proposal that says why it waits.

    Gives what `proposals.propose` gives.
    """
    person = people.acting(context)
    if proposals.own_open(standing.id, person.id) is not None:
        return proposals.propose(context, standing, change)  # what waits already stands in what is proposed now
    before = proposals.released(standing.id)
    model.Session.commit()
    with rehearsal():
        answer = change(proposals.fresh(context))
        wanted = proposals.released(standing.id)
        changes = differences.compare(before, wanted)
        row = logbook.row(standing.id)
        reasons = uncovered(row["standing"] or {}, changes, wanted)
        if changes and not reasons and not gate.is_unchanged(wanted, gate.Given.of(row["check"]), standing.level):
            reasons = [_(NEW_FINDING)]
    if not changes:
        return None, wanted, answer
    if reasons:
        return proposals.keep(person, standing, changes, None, reasons), wanted, answer
    _release(person, standing, changes)
    return None, wanted, answer


def uncovered(allowed: Mapping[str, Any], changes: Changes, wanted: Mapping[str, Any]) -> list[str]:
    """Why a delivery is not covered, in sentences; nothing where it is."""
    reasons = [_(NEW_FIELD).format(field=name) for name in changes.fields if name not in DATES]
    reasons += [_(NEW_ORDER)] if changes.order else []
    files = allowed.get("files", ())
    for one in changes.files:
        if one.new is None:
            reasons.append(_(GONE).format(file=one.name))
            continue
        resource = next(each for each in wanted["resources"] if each["id"] == one.id)
        if one.new_bytes:
            reasons += _of_bytes(files, one, resource)
        elif one.old is None:
            reasons.append(_(NEW_FILE).format(file=one.name))
        # The bytes bring their own name, size and format; nothing else may come with them.
        excused = (*DATES, *differences.FILE) if one.new_bytes else DATES
        reasons += [_(NEW_FIELD).format(field=f"{one.name}: {name}") for name in one.fields if name not in excused]
    return reasons


def _of_bytes(files: Any, one: differences.FileChange, resource: Mapping[str, Any]) -> list[str]:
    columns, words = _columns(resource), _words(resource)
    own = [each for each in files if one.old is None or each.get("id") == one.id]
    alike = [each for each in own if columns is not None and each["columns"] == columns]
    if not alike:
        return [_(NEW_FILE if one.old is None else NEW_COLUMNS).format(file=one.name)]
    if one.old is None and all(each["words"] != words for each in alike):
        return [_(NEW_WORDS).format(file=one.name)]
    return []


def _release(person: people.Person, standing: Standing, changes: Changes) -> None:
    """Writes a delivery, unless somebody has decided otherwise while its files were looked at."""
    same = writing.locked(standing.id) == standing and holds(standing)
    applied = differences.apply(proposals.released(standing.id), changes)
    if not same or applied.conflicts:
        writing.refuse({"id": [_(writing.MEANWHILE)]})

    def saved(_id: str) -> None:
        logbook.note(person, standing, "delivery")
        logbook.change(standing.id, standing=renewed(standing))
        logbook.released(standing.id, person, "standing", standing.level, proposals.content_of(standing.id))

    with writing.granted(standing.state, standing.level, standing.shared_with, saved=saved):
        data = proposals.to_update(applied.record, changes)
        toolkit.get_action("package_update")(proposals.own_context(), data)
