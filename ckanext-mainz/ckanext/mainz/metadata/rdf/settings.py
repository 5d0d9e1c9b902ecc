"""What an installation says about itself in RDF."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from ckanext.mainz.metadata.rdf.iris import segment

PLACE = "http://dcat-ap.de/def/politicalGeocoding/regionalKey/073150000000"
LEVEL = "http://dcat-ap.de/def/politicalGeocoding/Level/municipality"
CONTRIBUTOR = "http://dcat-ap.de/def/contributors/openGovernmentDataPortalRheinlandPfalz"
LOCAL_AUTHORITY = "http://purl.org/adms/publishertype/LocalAuthority"
GERMAN = "http://publications.europa.eu/resource/authority/language/DEU"
AVAILABLE = "http://publications.europa.eu/resource/authority/planned-availability/AVAILABLE"
STABLE = "http://publications.europa.eu/resource/authority/planned-availability/STABLE"
PUBLIC = "http://publications.europa.eu/resource/authority/access-right/PUBLIC"
NON_PUBLIC = "http://publications.europa.eu/resource/authority/access-right/NON_PUBLIC"


@dataclass(frozen=True)
class RdfSettings:
    """`base_uri` is the IRI that all IRIs of records begin with, without a slash at its end."""

    base_uri: str
    title: str = "Open Data"
    description: str = ""
    contributor_id: str = CONTRIBUTOR
    spatial_uri: str = PLACE
    geocoding_level: str = LEVEL
    publisher_type: str = LOCAL_AUTHORITY
    language: str = GERMAN
    languages: tuple[str, ...] = (GERMAN,)
    catalogue_publisher_name: str = ""
    catalogue_homepage: str = ""
    catalogue_license: str = ""
    catalogue_issued: str = ""
    attribution_text: str = ""
    contact_email: str = ""

    def record_uri(self, package_id: str) -> str:
        """The IRI of a dataset, a series or a service."""
        return f"{self.base_uri}/dataset/{segment(package_id)}"

    def organization_uri(self, organization_id: str) -> str:
        """The IRI of an organisation."""
        return f"{self.base_uri}/organization/{segment(organization_id)}"


def rdf_settings() -> RdfSettings:
    """The settings of this installation, from CKAN's configuration."""
    from ckan.plugins import toolkit
    from ckanext.dcat.utils import catalog_uri

    def option(name: str) -> str:
        # With a default CKAN takes an option that is not declared without a line in the log.
        return str(toolkit.config.get(f"ckanext.mainz.metadata.{name}", None) or "")

    given = {name: option(name) for name in RdfSettings.__dataclass_fields__}
    site = {
        "base_uri": catalog_uri().rstrip("/"),
        "title": str(toolkit.config.get("ckan.site_title") or ""),
        "description": str(toolkit.config.get("ckan.site_description") or ""),
    }
    return _settings(tuple({**{name: value for name, value in given.items() if value}, **site}.items()))


@lru_cache(maxsize=8)
def _settings(values: tuple[tuple[str, str], ...]) -> RdfSettings:
    return RdfSettings(**dict(values))  # type: ignore[arg-type]
