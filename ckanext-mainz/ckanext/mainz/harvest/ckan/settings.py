"""Options of a CKAN as a source, beside those of every portal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ckanext.mainz.harvest import options
from ckanext.mainz.harvest.dcat.settings import PORTAL, PortalSettings
from ckanext.mainz.harvest.options import Option


@dataclass(frozen=True)
class CkanSettings(PortalSettings):
    """`page_size`: records to ask for at a time; `fq`: a filter in Solr's language that the other portal applies, such
    as ``organization:statistik``."""

    page_size: int = 200
    fq: str = ""


CKAN: Mapping[str, Option] = {**PORTAL, "page_size": options.number(1, 1000), "fq": options.TEXT}
