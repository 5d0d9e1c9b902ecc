"""What records of the invented catalogue can say, and what each of it means: written down here once more, so that the
tables of the portal are compared with something."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from tests.unit.harvest.gdi import records as r

#: A person whose name is nowhere else: it must be found in no record.
GIVEN, SURNAME = "Ulfhild", "Quastenberg"
BNA = "http://data.europa.eu/bna/"
CATEGORIES = ("c_ac64a52d", "c_dd313021", "c_b79e35eb")
NOBODY_SAID = "Source note required by license, but not given!"
ACCESS = r.constraints(
    r.anchor(
        "otherConstraints",
        "Es gelten keine Zugriffsbeschränkungen",
        "http://inspire.ec.europa.eu/metadata-codelist/LimitationsOnPublicAccess/noLimitations",
    )
)


# --- licences --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class LicenceChoice:
    """Constraints of a dataset; `code`: the licence that the portal has for them, whether it is open or closed."""

    code: str
    texts: tuple[str, ...] = ()
    weight: int = 1
    open: bool = True
    closed: bool = False
    only_on_services: bool = False


def php(id: str, url: str, note: str = "Landeshauptstadt Mainz") -> tuple[str, str]:
    """The two texts that Mapbender makes of a licence."""
    return f"Lizenz: {id} - Irgendein Name - {url} - Quellenvermerk: {note}", r.licence(id, url, note)


BY = "https://www.govdata.de/dl-de/by-2-0"
CC_BY_3 = LicenceChoice(
    "cc-by-de-3.0", php("cc-by-3.0", "http://creativecommons.org/licenses/by/3.0/de/", NOBODY_SAID), 2
)
LICENCES = (
    LicenceChoice("dl-de-by-2.0", php("dl-de-by-2.0", BY), 30),
    LicenceChoice("dl-de-by-2.0", (r.licence("dl-de-/by-2-0", BY),), 4),
    LicenceChoice("dl-de-by-2.0", (r.licence("stadteigen", f"{BY} "),), 3),
    LicenceChoice("dl-de-zero-2.0", (r.licence("dl-zero-de/2.0", "https://www.govdata.de/dl-de/zero-2-0"),), 10),
    LicenceChoice("cc-by-4.0", ("Nutzung nach https://creativecommons.org/licenses/by/4.0/ mit Quelle",), 8),
    LicenceChoice("cc-zero", (r.anchor("otherConstraints", "CC0", "http://dcat-ap.de/def/licenses/cc-zero"),), 4),
    CC_BY_3,
    LicenceChoice("cc-by-nc-4.0", (r.licence("cc-by-nc-4.0"),), 4, open=False, closed=True),
    LicenceChoice("other-closed", (r.licence("other-closed"),), 4, open=False, closed=True),
    LicenceChoice("", ("Bitte fragen Sie uns.",), 10, open=False),
    LicenceChoice("", (r.licence("dl-de-by-2.0"), r.licence("cc-by-4.0")), 3, open=False),
    LicenceChoice("", (r.licence("hausrecht-1.0"),), 3, open=False),
    LicenceChoice("dl-de-by-2.0", (), 8, only_on_services=True),
)


# --- codes -----------------------------------------------------------------------------------------------------------

FREQUENCIES = {
    "continual": "CONT", "daily": "DAILY", "weekly": "WEEKLY", "fortnightly": "BIWEEKLY", "monthly": "MONTHLY",
    "semimonthly": "MONTHLY_2", "quarterly": "QUARTERLY", "biannually": "ANNUAL_2", "annually": "ANNUAL",
    "biennially": "BIENNIAL", "asNeeded": "AS_NEEDED", "irregular": "IRREG", "periodic": "OTHER",
    "notPlanned": "NOT_PLANNED", "unknown": "UNKNOWN", "manchmal": "",
}  # fmt: skip
COMPUTED = {"continual": 0, "daily": 1, "weekly": 7, "fortnightly": 14, "monthly": 31, "quarterly": 92,
            "biannually": 184, "annually": 366}  # fmt: skip


def computed_age(frequency: str) -> timedelta:
    """How long before the day of the request Mapbender sets the last revision."""
    return timedelta(days=COMPUTED[frequency])


@dataclass(frozen=True)
class Choice:
    """A text and the codes of data themes that it means."""

    text: str
    codes: tuple[str, ...]


NOTHING = Choice("", ())
TOPICS = (
    Choice("environment", ("ENVI",)),
    Choice("planningCadastre", ("REGI", "GOVE")),
    Choice("transportation", ("TRAN",)),
    Choice("imageryBaseMapsEarthCover", ("AGRI", "ENVI", "REGI", "GOVE", "TECH")),
    Choice("location", ("REGI", "GOVE")),
    Choice("health", ("HEAL",)),
    Choice("structure", ("REGI", "TRAN")),
    Choice("society", ("SOCI", "EDUC")),
    Choice("inlandWaters", ("AGRI", "ENVI", "TRAN")),
    Choice("economy", ("ECON",)),
)
INSPIRE = (
    Choice("Addresses", ("REGI",)),
    Choice("Verwaltungseinheiten", ("GOVE",)),
    Choice("Flurstücke/Grundstücke (Katasterparzellen)", ("REGI", "ECON")),
    Choice("transport networks", ("TRAN",)),
    Choice("Bodennutzung", ("ECON", "ENVI")),
    Choice("Population distribution — demography", ("SOCI",)),
    Choice("Schutzgebiete", ("ENVI",)),
    Choice("Orthoimagery", ("REGI", "TECH")),
)


def together(topic: Choice, inspire: Choice) -> tuple[str, ...]:
    """What a topic category means besides, together with a theme of INSPIRE."""
    return ("JUST",) if (topic.text, inspire.text[:6]) == ("planningCadastre", "Flurst") else ()


def inspire_title(number: int) -> str:
    """The thesaurus of INSPIRE themes as programs call it."""
    titles = ("GEMET - INSPIRE themes, version 1.0", "GEMET - INSPIRE Themen, Version 1.0", "INSPIRE Themes")
    return titles[number % len(titles)]
