"""What is asked for by an address: which part of the catalogue, in which form and profile."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlencode

from ckan.plugins import toolkit
from dateutil.parser import ParserError
from dateutil.parser import parse as parse_date

from ckanext.mainz.metadata.catalogue import profiles
from ckanext.mainz.metadata.catalogue.formats import FORMATS, Format
from ckanext.mainz.metadata.texts import is_storable

_ = toolkit._

LONGEST_QUERY = 2000
LARGEST_PAGE = 10**6
NUMBER = re.compile(r"[0-9]{1,9}")
#: What is kept under the name that was asked for: ids and names of records, nothing else.
PLAIN_ID = re.compile(r"[a-z0-9_-]{2,100}")


class Refused(Exception):
    """A question that has no answer: the HTTP status and a sentence that says why and what would help."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


@dataclass(frozen=True)
class CatalogueQuestion:
    """A page of the catalogue, whole or narrowed down."""

    format: Format
    profile: str
    page: int = 1
    q: str = ""
    fq: str = ""
    modified_since: str = ""
    """A moment as the search engine takes it, or nothing."""
    path: str = ""
    """The address without host and parameters, for links to other pages."""
    given: tuple[tuple[str, str], ...] = ()
    """The parameters that lead from page to page, as they were given."""

    @property
    def name(self) -> str:
        """What the answer is kept under; empty where it is not worth it, because anybody can invent such questions."""
        narrowed = self.q or self.fq or self.modified_since
        given = "default" if not self.given else "named"
        return "" if narrowed else f"page:{self.profile}:{self.format.ending}:{given}:{self.page}"

    def address(self, page: int) -> str:
        """Path and parameters of another page of the same answer."""
        return f"{self.path}?{urlencode([*self.given, ('page', str(page))])}"


@dataclass(frozen=True)
class RecordQuestion:
    """One record by its id or name."""

    format: Format
    profile: str
    id: str

    @property
    def name(self) -> str:
        """What the answer is kept under; empty for what cannot be the name of a record."""
        known = PLAIN_ID.fullmatch(self.id)
        return f"record:{self.profile}:{self.format.ending}:{self.id}" if known else ""


Question = CatalogueQuestion | RecordQuestion


def about_catalogue(ending: str, path: str, given: Mapping[str, str], profile: str) -> CatalogueQuestion:
    """The question behind ``/catalog.<ending>?…``. Raises `Refused`."""
    return CatalogueQuestion(
        format=format_of(ending),
        profile=profile,
        page=page_number(given.get("page")),
        q=query("q", given),
        fq=query("fq", given),
        modified_since=moment(given.get("modified_since")),
        path=path,
        given=_led_on(given, profile),
    )


def _led_on(given: Mapping[str, str], profile: str) -> tuple[tuple[str, str], ...]:
    led = {**given, "profiles": profile if given.get("profiles") else ""}
    return tuple((name, led[name]) for name in ("modified_since", "profiles", "q", "fq") if led.get(name))


def about_record(ending: str, id: str, profile: str) -> RecordQuestion:
    """The question behind ``/dataset/<id>.<ending>``. Raises `Refused`."""
    if not is_storable(id):
        raise not_there()
    return RecordQuestion(format_of(ending), profile, id)


def not_there() -> Refused:
    return Refused(404, _("There is no record with this address, or it is not public."))


def format_of(ending: str) -> Format:
    """The form for an ending of an address. Raises `Refused`."""
    if ending not in FORMATS:
        raise Refused(
            404,
            _("The catalogue is not given as “{ending}”. Address it with one of these endings: {endings}.").format(
                ending=ending[:20], endings=", ".join(FORMATS)
            ),
        )
    return FORMATS[ending]


def page_number(given: str | None) -> int:
    """The number of a page, 1 where none is given. Raises `Refused`."""
    if not given:
        return 1
    if not NUMBER.fullmatch(given) or not 1 <= int(given) <= LARGEST_PAGE:
        raise Refused(
            400, _("page: “{value}” is not the number of a page; pages count from 1.").format(value=given[:20])
        )
    return int(given)


def query(name: str, given: Mapping[str, str]) -> str:
    """The search words or filter of that name. Raises `Refused` for one that no engine should have to read."""
    value = given.get(name) or ""
    if len(value) > LONGEST_QUERY:
        raise Refused(400, _("{name}: longer than {number} characters.").format(name=name, number=LONGEST_QUERY))
    if not is_storable(value):
        raise Refused(400, _("{name}: contains characters that are none.").format(name=name))
    return value


def moment(given: str | None) -> str:
    """A date or moment in the engine's form, in UTC. Raises `Refused`."""
    if not given:
        return ""
    try:
        parsed = parse_date(given[:100])
        at = parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)
        return at.astimezone(UTC).replace(tzinfo=None, microsecond=0).isoformat() + "Z"
    except (ParserError, OverflowError, ValueError) as error:
        message = _("modified_since: “{value}” is no date; write it as {example}.")
        example = datetime(2026, 1, 31, 12, tzinfo=UTC).isoformat()
        raise Refused(400, message.format(value=given[:40], example=example)) from error


def chosen_profile(given: Mapping[str, str]) -> str:
    """The names of profiles that an address asks for, with commas between, or the portal's own. Raises `Refused`."""
    names = profiles.names(given.get("profiles"))
    unknown = [name for name in names if name not in profiles.known()]
    if unknown:
        raise Refused(
            400,
            _("profiles: there is no profile “{name}”. These exist: {names}.").format(
                name=unknown[0][:40], names=", ".join(sorted(profiles.known()))
            ),
        )
    return ",".join(names)
