"""What the city decides about a source of the GDI: for whom it is harvested, what counts as open, what is filled in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from ckanext.mainz.harvest.gdi.tables import plain
from ckanext.mainz.metadata import vocabulary
from ckanext.mainz.metadata.vocabulary import Term

Corners = tuple[float, float, float, float]
EVERYWHERE: Corners = (-180.0, -90.0, 180.0, 90.0)


class Openness(StrEnum):
    """Which records are open data: those with the keyword ``opendata``, those with an open licence, either, or all."""

    EITHER = "either"
    KEYWORD = "keyword"
    LICENCE = "licence"
    ALL = "all"


@dataclass(frozen=True)
class SeriesRule:
    """Records whose title has `part` in it (whatever its case) belong to the series of that name or id."""

    part: str
    series: str


@dataclass(frozen=True)
class GdiSettings:
    """Settings of one source.

    - `organisation`: name of the CKAN organisation that records belong to unless `organisations` says otherwise, which
      has names of publishers as they stand in records, and the organisation that each means
    - `openness`, `take_closed`: which records are taken, and whether those whose licence is not open are too
    - `default_license`: the licence of records that name none; only if the city has decided so for this source
    - `availability`, `contributor_id`, `language`: terms (code or URI) for what ISO does not say, empty to leave it out
    - `place`, `region`, `level`: the city, the land around it and the level, as their vocabularies know them
    - `tolerance`: how many degrees a box may reach beyond the city and still be called one of the city
    - `most_points`: areas with more points are left out; their box is kept
    - `record_url`: where a person reads the record at its source, with the gap ``{id}``
    - `function_mails`: mail addresses that are accepted although they look like a person's
    - `redistribute`: whether the portal gives the records on; False where another portal delivers them to GovData
    """

    organisation: str
    organisations: Mapping[str, str] = field(default_factory=dict, hash=False)
    openness: Openness = Openness.EITHER
    take_closed: bool = False
    default_license: str = ""
    availability: str = "AVAILABLE"
    contributor_id: str = ""
    language: str = "DEU"
    place: str = "mainz"
    region: str = "rheinland-pfalz"
    level: str = "municipality"
    tolerance: float = 0.05
    most_points: int = 500
    record_url: str = ""
    function_mails: frozenset[str] = frozenset()
    series: tuple[SeriesRule, ...] = ()
    redistribute: bool = True

    def organisation_of(self, name: str) -> str:
        """The CKAN organisation that a publisher's name means; empty where the table does not know it."""
        known = {plain(alias): organisation for alias, organisation in self.organisations.items()}
        return known.get(plain(name), "")

    @property
    def city(self) -> Term | None:
        """The city in the list of places."""
        return vocabulary.match("places", self.place)

    @property
    def envelope(self) -> Corners:
        """West, south, east and north of the city, with the tolerance; the whole world where the place has no box."""
        return _widened(self.city, self.tolerance)

    @property
    def surroundings(self) -> Corners:
        """The same of the land around it."""
        return _widened(vocabulary.match("places", self.region), self.tolerance)


def _widened(place: Term | None, by: float) -> Corners:
    if place is None or len(place.bbox) != len(EVERYWHERE):
        return EVERYWHERE
    west, south, east, north = place.bbox
    return (west - by, south - by, east + by, north + by)
