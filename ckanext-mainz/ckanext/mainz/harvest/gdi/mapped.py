"""What the mapping gives for a record: a package, or the reason why there is none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from ckanext.mainz.foundation.errors import Message
from ckanext.mainz.harvest.gdi.services import Layer
from ckanext.mainz.metadata.rdf.problems import Problem

Package = dict[str, Any]


class Reason(StrEnum):
    """Why a record is not imported."""

    NO_RECORD = "no_record"
    NO_IDENTIFIER = "no_identifier"
    NO_TITLE = "no_title"
    OTHER_LEVEL = "other_level"
    NOT_OPEN = "not_open"
    CLOSED_LICENCE = "closed_licence"
    NO_ENDPOINT = "no_endpoint"


@dataclass(frozen=True)
class Skip:
    """A record that is not imported: the reason, and a sentence that may have the gap ``{value}``."""

    reason: Reason
    message: Message
    value: str = ""

    def text(self, gettext: Callable[[str], str] = str) -> str:
        """The sentence in the language of `gettext`."""
        return gettext(self.message).format(value=self.value)


@dataclass(frozen=True)
class Mapped:
    """A record as the portal would have it.

    - `guid`: by which the record is known again; `keys`: all normalised identifiers, for finding it in other sources
    - `title`: as it came, on one line, also of a record that is not imported
    - `package`: what ``package_create`` takes, without ``owner_org`` and ``name``; empty where `skip` says why
    - `organisation`: the name of the CKAN organisation that it belongs to
    - `license_missing`: no licence can be used, so the record has to wait for somebody who gives it one
    - `parent`: the identifier of the record above it (parentIdentifier), for series
    - `metadata_date`: when the metadata were changed last, in ISO form, or empty
    - `preview`: address of a picture, to be copied and never linked (privacy)
    - `layers`: layers of each service, by the address of the resource
    - `inspire`: whether the data are reported to INSPIRE
    - `redistribute`: whether the portal gives the record on
    """

    guid: str
    keys: tuple[str, ...] = ()
    title: str = ""
    package: Package = field(default_factory=dict)
    organisation: str = ""
    problems: tuple[Problem, ...] = ()
    skip: Skip | None = None
    license_missing: bool = False
    parent: str = ""
    metadata_date: str = ""
    preview: str = ""
    layers: Mapping[str, tuple[Layer, ...]] = field(default_factory=dict)
    inspire: bool = False
    redistribute: bool = True
