"""The sentences about quality: what each metric is called, and what an editor can do for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ckanext.mainz.foundation.errors import N_, Message
from ckanext.mainz.metadata.quality.mqa import State


@dataclass(frozen=True)
class Words:
    """The name of a metric and what to do where it is not met."""

    label: Message
    advice: Message


DIMENSIONS: Mapping[str, Message] = {
    "findability": N_("Can it be found?"),
    "accessibility": N_("Can it be fetched?"),
    "interoperability": N_("Can programs use it?"),
    "reusability": N_("May it be reused?"),
    "contextuality": N_("Is it placed in its context?"),
}

RATINGS: Mapping[str, Message] = {
    "excellent": N_("excellent"),
    "good": N_("good"),
    "sufficient": N_("sufficient"),
    "bad": N_("poor"),
}

STATES: Mapping[State, Message] = {
    State.MET: N_("met"),
    State.MISSING: N_("missing"),
    State.UNMET: N_("not met"),
    State.UNKNOWN: N_("not checked yet"),
}

METRICS: Mapping[str, Words] = {
    "keyword": Words(
        N_("Keywords"), N_("Add keywords that people search for. Left empty, they are proposed from the title.")
    ),
    "category": Words(N_("Theme"), N_("Choose at least one theme.")),
    "spatial": Words(N_("Area"), N_("Say which area the data describe, for example the whole city or a district.")),
    "temporal": Words(N_("Period"), N_("Say which period the data describe; the beginning or the end is enough.")),
    "access_url_status": Words(
        N_("The address answers"),
        N_("Check the address of the file or link in a browser and correct it, or upload the file."),
    ),
    "download_url": Words(
        N_("Can be downloaded directly"),
        N_("Upload a file, also beside a service or a link: many people want to download the data."),
    ),
    "download_url_status": Words(
        N_("The download works"), N_("Upload a file, or correct the address of the download.")
    ),
    "format": Words(N_("Format is given"), N_("State the format of the file or link, for example CSV or WFS.")),
    "media_type": Words(
        N_("Media type is given"), N_("State a format of the list; the media type follows from it by itself.")
    ),
    "format_known": Words(
        N_("Format and media type are of the European lists"), N_("Choose the format from the list of formats.")
    ),
    "non_proprietary": Words(
        N_("Format is open"),
        N_("Add the data in an open format as well, for example CSV beside XLSX, or GeoJSON beside Shape."),
    ),
    "machine_readable": Words(
        N_("Programs can read the format"),
        N_("Add a table (CSV) or another format that programs can read. A PDF or an image is made for people only."),
    ),
    "dcat_ap": Words(N_("Keeps to the rules of DCAT-AP.de"), N_("Correct what is listed under “Rules”.")),
    "license": Words(N_("Licence is given"), N_("Choose a licence.")),
    "license_known": Words(
        N_("Licence is of the list of GovData"), N_("Choose a licence of the list instead of an address of your own.")
    ),
    "access_rights": Words(N_("Access is stated"), N_("State who may have the data; left empty, it is set by itself.")),
    "access_rights_known": Words(N_("Access is of the European list"), N_("Choose one of the given kinds of access.")),
    "contact_point": Words(
        N_("Contact is given"), N_("Name an office with a shared mailbox, here or once for the whole organisation.")
    ),
    "publisher": Words(N_("Publisher is given"), N_("Choose the organisation that is responsible.")),
    "rights": Words(N_("Terms of use are given"), N_("Choose a licence; the terms of use follow from it by itself.")),
    "byte_size": Words(N_("Size is given"), N_("Upload the file: its size is then known. Of links it is not.")),
    "issued": Words(N_("Date of publication is given"), N_("Left empty, the day of entry is taken.")),
    "modified": Words(N_("Date of the last change is given"), N_("Left empty, the day of the last change is taken.")),
}

WAIT = N_("Nobody has asked this address yet; the portal does so in the next minutes.")
