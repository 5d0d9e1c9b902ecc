"""What a person may do with a record now, by the table of the data governance, and why not what they might look for."""

from __future__ import annotations

from dataclasses import dataclass

from ckan.plugins import toolkit

from ckanext.mainz.foundation.errors import N_
from ckanext.mainz.governance import auth, levels, proposals, transitions
from ckanext.mainz.governance.people import Person
from ckanext.mainz.governance.record import Standing

_ = toolkit._

HAD_A_PART = N_(
    "You have worked on this record. For what everybody sees, somebody else at the Geschäftsstelle has to release it."
)
OFFICE_RELEASES = N_("Everybody shall see this record: the Geschäftsstelle decides about the release.")
LEADS_RELEASE = N_("Datenverantwortliche of the organisation or the Geschäftsstelle decide about the release.")
OFFICE_WITHDRAWS = N_("Everybody sees this record: only the Geschäftsstelle takes it back.")
LEADS_END = N_(
    "Datenverantwortliche of the organisation or the Geschäftsstelle lower the level, take back or archive the record."
)
OPERATES = N_("You operate the portal. Releases are decided by the people of the organisation and the Geschäftsstelle.")


@dataclass(frozen=True)
class Possible:
    """What the page offers. `levels` are those that can be chosen, `why_not` sentences about what is missing."""

    edit: bool = False
    submit: bool = False
    release: bool = False
    send_back: bool = False
    withdraw: bool = False
    archive: bool = False
    promote: bool = False
    handover: bool = False
    levels: tuple[str, ...] = ()
    why_not: tuple[str, ...] = ()

    @property
    def anything(self) -> bool:
        """Whether there is something to decide on the page."""
        return self.release or self.send_back or self.withdraw or self.archive or self.promote or bool(self.levels)


def of(person: Person, standing: Standing) -> Possible:
    """What a person may do with a record now."""
    if standing.form_open or standing.deleted:
        return Possible(edit=auth.edits(person, standing) and not standing.deleted)
    edits, decides = auth.edits(person, standing), transitions.decides(person, standing, standing.level)
    in_charge = auth.may_decide(person, standing)
    own = had_a_part(person, standing)
    state = standing.state
    waits = state == levels.EINGEREICHT
    return Possible(
        edit=edits and state not in (levels.EINGEREICHT, levels.ARCHIVIERT),
        submit=edits and _can_be_submitted(standing),
        release=decides and not own and state in (levels.EINGEREICHT, levels.ARCHIVIERT),
        send_back=decides and waits,
        withdraw=decides and state == levels.FREIGEGEBEN,
        archive=in_charge and state == levels.FREIGEGEBEN,
        promote=edits and state == levels.INVENTAR and proposals.begun_promotion(standing.id) is None,
        handover=in_charge,
        levels=_levels(person, standing) if state == levels.FREIGEGEBEN else (),
        why_not=tuple(_(one) for one in _why_not(person, standing)),
    )


def had_a_part(person: Person, standing: Standing) -> bool:
    """Whether the person worked on what everybody shall see."""
    return standing.level == levels.OEFFENTLICH and transitions.own_part(person, standing.id)


def _can_be_submitted(standing: Standing) -> bool:
    if standing.state in (levels.ENTWURF, levels.ZURUECKGEZOGEN):
        return True
    begun = proposals.begun_promotion(standing.id) if standing.state == levels.INVENTAR else None
    return begun is not None and begun.state == proposals.BEGUN


def _levels(person: Person, standing: Standing) -> tuple[str, ...]:
    """Levels to change to. `partner` stays on offer at that level: third parties can be added or taken out."""

    def is_possible(level: str) -> bool:
        if level == standing.level:
            return level == levels.PARTNER and (person.edits(standing.owner) or auth.may_decide(person, standing))
        lower = levels.is_stricter(level, standing.level)
        return auth.may_decide(person, standing) if lower else person.edits(standing.owner)

    return tuple(one for one in levels.LEVELS if is_possible(one))


def _why_not(person: Person, standing: Standing) -> list[str]:
    decides = transitions.decides(person, standing, standing.level)
    if person.sysadmin and not auth.edits_or_decides(person, standing):
        return [OPERATES]
    if standing.state in (levels.EINGEREICHT, levels.ARCHIVIERT):
        if decides:
            return [HAD_A_PART] if had_a_part(person, standing) else []
        return [OFFICE_RELEASES if standing.level == levels.OEFFENTLICH else LEADS_RELEASE]
    if standing.state == levels.FREIGEGEBEN and not decides:
        return [OFFICE_WITHDRAWS if person.leads(standing.owner) else LEADS_END]
    return []
