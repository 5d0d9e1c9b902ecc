"""The parts of a record of ISO 19139 as dataclasses. Everything is text as it came."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Anchored:
    """A text, with its address if it is an Anchor."""

    text: str
    href: str = ""


@dataclass(frozen=True)
class Identifier:
    """An identifier of the data: a code, and what it is unique in."""

    code: str
    space: str = ""


@dataclass(frozen=True)
class Date:
    """A date of the data and its kind: creation, publication or revision."""

    value: str
    kind: str


@dataclass(frozen=True)
class Party:
    """Somebody with a role. `person` is a person's name, which never leaves this record."""

    role: str
    organisation: str = ""
    person: str = ""
    mails: tuple[str, ...] = ()
    telephone: str = ""
    url: str = ""


@dataclass(frozen=True)
class Keywords:
    """A block of keywords with its thesaurus, if it has one."""

    words: tuple[Anchored, ...]
    thesaurus: Anchored


@dataclass(frozen=True)
class Constraint:
    """A block of constraints: limitations of use, codes of access and use, and texts. `security` says which kind."""

    limitations: tuple[Anchored, ...] = ()
    access: tuple[str, ...] = ()
    use: tuple[str, ...] = ()
    others: tuple[Anchored, ...] = ()
    security: bool = False


@dataclass(frozen=True)
class Box:
    """The four numbers of a box as they came."""

    west: str
    east: str
    south: str
    north: str


@dataclass(frozen=True)
class Polygon:
    """The coordinates of the outer rings of an area as they came, and the system that they name."""

    rings: tuple[str, ...]
    system: str = ""


@dataclass(frozen=True)
class Period:
    """Beginning and end, with what stands there instead of a position (``now``, ``unknown``)."""

    begin: str = ""
    end: str = ""


@dataclass(frozen=True)
class Extent:
    """Where and when. `places` are codes of geographic descriptions."""

    boxes: tuple[Box, ...] = ()
    polygons: tuple[Polygon, ...] = ()
    places: tuple[Anchored, ...] = ()
    periods: tuple[Period, ...] = ()


@dataclass(frozen=True)
class Format:
    """A format by its name and version."""

    name: str
    version: str = ""


@dataclass(frozen=True)
class Conformance:
    """Whether the data conform to a specification."""

    specification: Anchored
    passed: bool


@dataclass(frozen=True)
class OnlineResource:
    """An address with what is said about it. `size` is that of its transfer options in megabytes."""

    url: str
    function: str = ""
    protocol: str = ""
    profile: str = ""
    name: str = ""
    description: str = ""
    size: str = ""


@dataclass(frozen=True)
class Operation:
    """An operation of a service and the addresses where it is offered."""

    name: str
    urls: tuple[str, ...]


@dataclass(frozen=True)
class OperatesOn:
    """A dataset that a service gives out, by the identifier or the address of its record."""

    uuidref: str
    href: str


@dataclass(frozen=True)
class Service:
    """What is said of a service only."""

    type: str = ""
    versions: tuple[str, ...] = ()
    operations: tuple[Operation, ...] = ()
    operates_on: tuple[OperatesOn, ...] = ()
