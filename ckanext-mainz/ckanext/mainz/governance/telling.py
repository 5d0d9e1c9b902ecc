"""Proposals, readers and differences as actions and pages tell them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import ckan.model as model
from ckan.plugins import toolkit

from ckanext.mainz.foundation.errors import N_
from ckanext.mainz.governance import differences, levels, people, proposals, record, transitions, writing
from ckanext.mainz.governance.people import Person
from ckanext.mainz.governance.proposals import Proposal
from ckanext.mainz.governance.record import Standing

_ = toolkit._
Dict = dict[str, Any]

OWN_ONLY = N_("Only {organization}, the organisations above it and the Geschäftsstelle see this.")
SEALED_ONLY = N_("Only {organization} and the Geschäftsstelle see this.")
SENTENCES = {
    levels.VERWALTUNG: N_("All departments and municipal enterprises of the city see this."),
    levels.KONZERN: N_("All departments, municipal enterprises and companies of the city see this."),
    levels.PARTNER: N_("The whole city group and the partner municipalities see this."),
    levels.OEFFENTLICH: N_("Everybody sees this."),
}
THIRD = N_("Also {names}.")


def readers_of(standing: Standing, level: str = "") -> Dict:
    """Who reads a record; with a level, who would read it once it is released at that."""
    asked = level or standing.level
    wide = bool(level) or standing.state in levels.READABLE
    organizations = people.organizations()
    owner = organizations.get(standing.owner)
    title = owner.title if owner else ""
    if not wide or asked == levels.INTERN:
        sentence = _(SEALED_ONLY if owner and owner.sealed else OWN_ONLY).format(organization=title)
        asked = levels.INTERN
    else:
        sentence = _(SENTENCES[asked])
        if asked == levels.PARTNER and standing.shared_with:
            sentence += " " + _(THIRD).format(names=", ".join(_titles(standing.shared_with)))
    return {"level": asked, "sentence": sentence, "readers": list(_readers(standing, asked))}


def _titles(names: frozenset[str]) -> list[str]:
    by_name = {one.name: one.title for one in people.organizations().values()}
    return [by_name.get(one, one) for one in sorted(names)]


def _readers(standing: Standing, level: str) -> Iterator[Dict]:
    if level == levels.OEFFENTLICH:
        yield {"kind": "everybody", "name": ""}
        return
    organizations = people.organizations()
    for one in sorted(organizations.values(), key=lambda each: each.title):
        kinds = levels.KINDS_OF_LEVEL[level]
        named = level == levels.PARTNER and one.name in standing.shared_with
        above = standing.owner in people.below([one.id], organizations)
        if one.kind in kinds or named or above:
            yield {"kind": "organization", "name": one.name, "title": one.title}
    yield {"kind": "office", "name": ""}


def proposal(one: Proposal, standing: Standing, whole: bool = False) -> Dict:
    """A proposal for its author and those who decide; `whole`: with the difference and its conflicts."""
    author = model.User.get(one.author) if one.author else None
    brief = {
        "id": one.id,
        "state": one.state,
        "kind": one.kind,
        "record_id": one.package_id,
        "record_name": standing.name,
        "author": author.name if author is not None and author.state == model.State.ACTIVE else "",
        "created": one.created.isoformat(),
        "visibility": one.level or standing.level,
        "replaced_by": one.replaced_by,
        "decided": one.decided.isoformat() if one.decided else None,
        "reason": one.reason,
        "note": one.note,
        "held": list(one.check.get("held") or ()),
    }
    if not whole:
        return brief
    conflicts = conflicts_of(one) if one.state == proposals.OPEN else []
    seen = proposals.modified(one.package_id)
    return {**brief, "changes": changes(one.changes), "conflicts": conflicts, "record_modified": seen}


def conflicts_of(one: Proposal) -> list[str]:
    """What was changed since a proposal was made, in sentences."""
    applied = differences.apply(proposals.released(one.package_id), one.changes)
    return [proposals.conflict_words(each) for each in applied.conflicts]


def changes(found: differences.Changes) -> Dict:
    """A difference: ``{"fields": [{"field", "old", "new"}], "files": [{"id", "name", "kind", "fields"}], "order"}``."""
    return {
        "fields": [_changed(name, one) for name, one in found.fields.items()],
        "files": [
            {
                "id": one.id,
                "name": one.name,
                "kind": one.kind,
                "new_bytes": one.new_bytes,
                "fields": [
                    _changed(name, each) for name, each in _of_file(one).items() if name not in ("file_key", "hash")
                ],
            }
            for one in found.files
        ],
        "order": found.order is not None,
    }


def _of_file(one: differences.FileChange) -> Mapping[str, differences.Changed]:
    """What differs in a file; of a new one all that is said of it."""
    if one.old is None:
        return {name: differences.Changed(None, value) for name, value in (one.new or {}).items()}
    return one.fields


def _changed(name: str, one: differences.Changed) -> Dict:
    return {"field": name, "old": one.old, "new": one.new}


def decidable(person: Person) -> list[tuple[Proposal, Standing]]:
    """The open proposals that a person may decide now, with the records that they are for."""
    found = []
    for one in proposals.waiting():
        package = writing.stored(one.package_id)
        if package is None:
            continue
        standing = record.of(package)
        if transitions.can_be_decided(standing) and transitions.decides(person, standing, one.level or standing.level):
            found.append((one, standing))
    return found


def as_wanted(standing: Standing, begun: Proposal | None) -> Dict:
    """A record as it would be released: as it stands, or with what is proposed for it."""
    whole = proposals.released(standing.id)
    return differences.apply(whole, begun.changes).record if begun else whole
