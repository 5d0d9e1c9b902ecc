"""The last steps from a record of another portal to what is to stand here, the same for both kinds of portals.

Nothing is invented: what the source does not say is said by the settings of the source, or not at all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from ckanext.mainz.foundation.errors import N_
from ckanext.mainz.harvest.dcat import hashes, identifiers
from ckanext.mainz.harvest.dcat.licences import Decision
from ckanext.mainz.harvest.dcat.people import People
from ckanext.mainz.harvest.dcat.reasons import reasons_of
from ckanext.mainz.harvest.dcat.settings import PortalSettings, Rule
from ckanext.mainz.harvest.gdi.notes import Notes
from ckanext.mainz.harvest.gdi.prose import one_line, prose, shortened
from ckanext.mainz.harvest.gdi.tables import letters, says_nothing
from ckanext.mainz.harvest.kinds import Candidate
from ckanext.mainz.harvest.report import Reason
from ckanext.mainz.metadata import formats, iris, vocabulary

Row = dict[str, Any]
SERIES = "dataset_series"
SERVICE = "data_service"
#: What the portal alone decides, whatever a source says.
OURS = frozenset({"id", "name", "owner_org", "private", "visibility", "lifecycle", "shared_with", "is_example"})
#: What an address ends with that is answered by a program, such as ``asw.exe?aw=…``.
PROGRAMS = frozenset({"EXE", "DLL"})
#: What stands for the end of time.
ENDLESS = "9999"
MOST_KEYWORDS = 100
MOST_ITEMS = 100
MOST_ROWS = 500
LONGEST_LINE = 500
NO_TITLE = N_("The record has no title.")
NO_NOTES = N_("The record has no description; its title stands there.")
CUT = N_("The title “{value}” is longer than 200 characters and was cut.")
NO_ADDRESS = N_("The file “{value}” has no address and is left out.")
NO_HASH = N_("The checksum “{value}” does not go with its algorithm and is left out.")
NO_ENDPOINT = N_("The service has no address.")
TOO_MANY = N_("“{value}” has more entries than a record can hold; the others are left out.")
HALF = N_("The source names the file {value} of the record and does not describe it. The record stays as it was.")
OWN = N_("The record is one of this portal, which the source has from here.")
EXCLUDED = N_("The settings of the source leave the record out.")


@dataclass(frozen=True)
class Portal:
    """Where a record comes from: the settings and the host of its source, and how the addresses of our own records
    begin (empty where nobody knows)."""

    settings: PortalSettings
    host: str
    base_uri: str = ""

    def is_own(self, identifier: str) -> bool:
        """Whether an identifier is that of a record of ours."""
        return bool(self.base_uri) and identifier.startswith(f"{self.base_uri.rstrip('/')}/dataset/")


@dataclass
class Draft:
    """A record on its way. `uri`: its address at the source, `guid` by which it is known again (made of `identifiers`
    where empty), `aliases`: keys that are not part of the record, `package` with clean values, `typed`: names that the
    source calls those of persons, `half`: files that are named only."""

    package: Row
    notes: Notes
    decision: Decision
    uri: str = ""
    guid: str = ""
    identifiers: list[str] = field(default_factory=list)
    aliases: tuple[str, ...] = ()
    typed: frozenset[str] = frozenset()
    half: list[str] = field(default_factory=list)


def candidate(draft: Draft, portal: Portal) -> Candidate:
    """The record for the template of a run."""
    package = _package(draft, portal)
    names = [one for one in (draft.uri, *draft.identifiers) if one]
    guid = draft.guid or _guid(draft, names, portal)
    refused = _refused(package, draft, names, portal)
    skipped = refused is None and not _is_wanted(package, portal.settings)
    if skipped:
        refused = Reason("excluded", EXCLUDED)
    waits = draft.decision.missing and package["type"] != SERIES
    own = refused is not None and refused.code == "own"
    return Candidate(
        guid,
        package.get("title", ""),
        (*identifiers.keys(names, portal.host), *draft.aliases),
        hashes.likeness(package),
        hashes.fingerprint(package, refused.code if refused else "", waits),
        None if refused else package,
        refused,
        skipped or own,
        reasons_of(draft.notes.problems),
        waits and refused is None,
    )


def _guid(draft: Draft, names: list[str], portal: Portal) -> str:
    """The first identifier; of a record without any, a name that stays as long as its addresses do, or its title."""
    if names:
        return identifiers.scoped(names[0], portal.host)
    files = sorted({identifiers.file_key(str(one.get("url", ""))) for one in draft.package.get("resources", ())} - {""})
    said = files or [str(draft.package.get("url") or draft.package.get("endpoint_url") or draft.package.get("title"))]
    return f"{portal.host}#{hashes.of([draft.package['type'], said])[:32]}"


def _refused(package: Row, draft: Draft, names: list[str], portal: Portal) -> Reason | None:
    """Why a record cannot be taken."""
    if any(portal.is_own(one) for one in names):
        return Reason("own", OWN)
    if draft.half:
        return Reason("half", HALF, {"value": draft.half[0]})
    if not package.get("title"):
        return Reason("no_title", NO_TITLE)
    if package["type"] == SERVICE and not package.get("endpoint_url"):
        return Reason("no_endpoint", NO_ENDPOINT)
    return None


# --- which records ----------------------------------------------------------------------------------------------------


def _is_wanted(package: Row, settings: PortalSettings) -> bool:
    included = settings.include.is_empty or _means(settings.include, package)
    return included and not _means(settings.exclude, package)


def _means(rule: Rule, package: Row) -> bool:
    given = (
        (rule.keywords, [tag["name"] for tag in package.get("tags", ())]),
        (rule.publishers, [row.get("name", "") for row in package.get("publisher", ())]),
        (rule.titles, [package.get("title", "")]),
    )
    return any(fnmatchcase(text.casefold(), one.casefold()) for some, texts in given for one in some for text in texts)


# --- the package ------------------------------------------------------------------------------------------------------


def _package(draft: Draft, portal: Portal) -> Row:
    settings, notes = portal.settings, draft.notes
    people = People(notes, draft.typed, frozenset(settings.function_mails))
    kept = {name: value for name, value in draft.package.items() if name not in OURS}
    package = _marked(people.without(kept), settings)
    package |= _words(package, notes) | _names(package, draft) | _periods(package)
    if draft.decision.license_id and package["type"] != SERIES:
        package["license_id"] = draft.decision.license_id
    else:
        package.pop("license_id", None)
    if "resources" in package:
        package["resources"] = list(_files(package, notes))
    kept = {name: value for name, value in package.items() if value not in ("", [], None) or name == "resources"}
    return limited(kept, notes)


def _marked(package: Row, settings: PortalSettings) -> Row:
    """The package with what the settings say where the source says nothing."""
    found = dict(package)
    if settings.publisher:
        mark = {name: value for name, value in vars(settings.publisher).items() if value}
        rows = found.get("publisher") or [mark]
        found["publisher"] = [{**mark, **row} if letters(row["name"]) == letters(mark["name"]) else row for row in rows]
    if found["type"] == "dataset" and settings.contributor_id:
        found.setdefault("contributor_id", settings.contributor_id)
    if found["type"] != SERVICE and settings.place:
        found.setdefault("spatial_coverage", [{"uri": settings.place}])
    return found


def _words(package: Row, notes: Notes) -> Row:
    """Title, description and keywords."""
    whole = one_line(str(package.get("title", "")))
    title = "" if says_nothing(whole) else shortened(whole)
    if title and title != whole:
        notes.mended("title", CUT, whole, title)
    description = prose(str(package.get("notes", "")))
    if title and says_nothing(description):
        notes.mended("notes", NO_NOTES, "")
        description = title
    return {"title": title, "notes": description, "tags": list(_keywords(package, title, notes))}


def _keywords(package: Row, title: str, notes: Notes) -> Iterator[Row]:
    """Keywords without that one which is only the title as a part of an address."""
    tags = [tag for tag in package.get("tags", ()) if not _is_slug(tag["name"], title)]
    if len(tags) > MOST_KEYWORDS:
        notes.left_out("tags", TOO_MANY, "tags")
    yield from tags[:MOST_KEYWORDS]


def _is_slug(word: str, title: str) -> bool:
    return ("-" in word or "_" in word) and _ascii(word) == _ascii(title)


def _ascii(text: str) -> str:
    plain = text.casefold().translate(str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"}))
    return letters(plain)


def _periods(package: Row) -> Row:
    """Periods without an end that only stands for none."""
    rows = package.get("temporal_coverage", ())
    kept = [{name: one for name, one in row.items() if not one.startswith(ENDLESS)} for row in rows]
    return {"temporal_coverage": [row for row in kept if row]}


def _names(package: Row, draft: Draft) -> Row:
    """The identifiers of the origin: its own one as it came (K25), and all others."""
    own = package.get("identifier") or next(iter(draft.identifiers), "") or draft.uri
    others = [*package.get("alternate_identifier", ()), *draft.identifiers, draft.uri]
    rest = [one for one in dict.fromkeys(others) if one and one != own and len(one) <= LONGEST_LINE]
    found: Row = {"identifier": own[:LONGEST_LINE]}
    if package["type"] == "dataset":
        found["alternate_identifier"] = rest[:MOST_ITEMS]
    return found


# --- files ------------------------------------------------------------------------------------------------------------


def _files(package: Row, notes: Notes) -> Iterator[Row]:
    """The files that have an address, each with a key of its own."""
    keys: Counter[str] = Counter()
    for one in package["resources"]:
        url = str(one.get("url", ""))
        if not _is_web_address(url):
            notes.left_out("resources", NO_ADDRESS, str(one.get("name") or url or one.get("source_key", "")))
            continue
        key = str(one.get("source_key") or identifiers.file_key(url))
        keys[key] += 1
        left_out = OURS | ({"license"} if _is_that_of(package, one) else set()) | _wrong_hash(one, notes)
        row = {name: value for name, value in one.items() if name not in left_out}
        numbered = key if keys[key] == 1 else f"{key}#{keys[key]}"
        yield limited({**row, **_in_words(one), **_format(one), "source_key": numbered}, notes)


def _in_words(file: Row) -> Row:
    """Name and description without HTML."""
    found = {"name": one_line(str(file.get("name", ""))), "description": prose(str(file.get("description", "")))}
    return {name: text for name, text in found.items() if text}


def _is_web_address(url: str) -> bool:
    try:
        return bool(iris.web_address(url))
    except iris.IriError:
        return False


def _format(file: Row) -> Row:
    """The format, where only the media type or the address tells it."""
    if file.get("format"):
        return {}
    found = formats.find(str(file.get("mimetype", ""))) if file.get("mimetype") else None
    found = found or formats.of_address(str(file.get("download_url") or file["url"]))
    return {"format": found.name} if found and found.term.code not in PROGRAMS else {}


def _is_that_of(package: Row, file: Row) -> bool:
    """Whether the licence of a file is that of the record, which need not be said twice."""
    whole = vocabulary.match("licenses", str(package.get("license_id", "")))
    return whole is not None and file.get("license") == whole.uri


def _wrong_hash(file: Row, notes: Notes) -> frozenset[str]:
    """The fields of a checksum that its algorithm cannot have made."""
    term = vocabulary.find("checksum_algorithms", str(file.get("hash_algorithm", "")))
    if not file.get("hash") or (term and term.digits in (0, len(file["hash"]))):
        return frozenset()
    notes.left_out("hash", NO_HASH, str(file["hash"]))
    return frozenset({"hash", "hash_algorithm"})


def limited(package: Row, notes: Notes) -> Row:
    """The package with lists as long as fields may be."""
    return {name: _cut(name, value, notes) for name, value in package.items()}


def _cut(name: str, value: Any, notes: Notes) -> Any:
    most = MOST_ROWS if _has_rows(value) else MOST_ITEMS
    if name in ("tags", "resources") or not isinstance(value, list) or len(value) <= most:
        return value
    notes.left_out(name, TOO_MANY, name)
    return value[:most]


def _has_rows(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(one, dict) for one in value)
