"""Fields that datasets and services have in common."""

from __future__ import annotations

from datetime import date
from typing import Any

from ckanext.mainz.foundation.errors import N_
from ckanext.mainz.harvest.gdi import addresses, contacts, hvd, identifiers, keywords, licences, times
from ckanext.mainz.harvest.gdi.addresses import Kind
from ckanext.mainz.harvest.gdi.iso import IsoRecord
from ckanext.mainz.harvest.gdi.licences import Licence
from ckanext.mainz.harvest.gdi.notes import Notes
from ckanext.mainz.harvest.gdi.prose import one_line, paragraphs, prose, shortened, token
from ckanext.mainz.harvest.gdi.settings import GdiSettings
from ckanext.mainz.harvest.gdi.tables import says_nothing
from ckanext.mainz.metadata import vocabulary

Fields = dict[str, Any]
#: Supplemental information up to this length is part of the description.
SHORT = 1000
MOST = 100
NO_ABSTRACT = N_("The record has no description; its title stands there.")
CUT = N_("The title “{value}” is longer than 200 characters and was cut.")


def title(record: IsoRecord, notes: Notes) -> str:
    """The title on one line; empty for a placeholder."""
    whole = one_line(record.title)
    if says_nothing(whole):
        return ""
    cut = shortened(whole)
    if cut != whole:
        notes.mended("title", CUT, whole, cut)
    return cut


def description(record: IsoRecord, notes: Notes) -> str:
    """The abstract, and what is said besides if that is short; the title where there is none."""
    parts = [prose(record.abstract), prose(record.supplemental) if len(record.supplemental) <= SHORT else ""]
    said = [one for one in parts if not says_nothing(one)]
    if not said:
        notes.mended("notes", NO_ABSTRACT, "", "")
        return one_line(record.title)
    return paragraphs(*said)


def fields(record: IsoRecord, settings: GdiSettings, today: date, notes: Notes) -> Fields:
    """Identity, words, people, dates and codes of a dataset or service; what is empty is left out."""
    found = {
        "title": title(record, notes),
        "notes": description(record, notes),
        "identifier": token(identifiers.guid(record)),
        "tags": keywords.tags(record, notes),
        "theme": keywords.themes(record, notes),
        "contact": contacts.contacts(record, settings, notes),
        "issued": times.issued(record, today, notes),
        "modified": times.modified(record, today, notes),
        "access_rights": licences.access_right(record),
        "availability": term("availabilities", settings.availability),
        **hvd.fields(record, notes),
    }
    return filled(found)


def of_licence(found: Licence) -> Fields:
    """``license_id``, where there is a licence."""
    return {"license_id": found.term.code} if found.term else {}


def preview(record: IsoRecord) -> str:
    """The address of the first picture that the public can see."""
    urls = (addresses.mended(one) for one in record.previews)
    return next((one for one in urls if one and not addresses.refused(one)), "")


def pages(record: IsoRecord, settings: GdiSettings, notes: Notes) -> Fields:
    """``url`` and ``documentation``: an application, else a page with the metadata; and all that explains the data."""
    links = [addresses.link(one) for one in record.online]
    for one in links:
        if one.reason and one.url:
            notes.left_out("documentation", one.reason, one.url)
    by_kind = {kind: [one.url for one in links if one.kind is kind] for kind in Kind}
    own = addresses.mended(settings.record_url.replace("{id}", identifiers.guid(record))) if settings.record_url else ""
    landing = [*dict.fromkeys([*by_kind[Kind.VIEWER], *by_kind[Kind.METADATA], *filter(None, [own])])]
    others = [*by_kind[Kind.PAGE], *landing[1:]]
    documents = [one for one in dict.fromkeys(others) if one not in landing[:1]][:MOST]
    return filled({"url": landing[0] if landing else "", "documentation": documents})


def term(name: str, text: str) -> str:
    """The URI of a term; empty where the vocabulary does not know it."""
    found = vocabulary.match(name, text) if text else None
    return found.uri if found else ""


def filled(fields: Fields) -> Fields:
    """The fields that hold something."""
    return {name: value for name, value in fields.items() if value not in ("", [], {}, None)}
