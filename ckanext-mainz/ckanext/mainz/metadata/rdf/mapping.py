"""The one table of what becomes what: fields of records and the properties of DCAT-AP.de that they stand for.

Writing and reading both use it. The order is the order in the output.
"""

from __future__ import annotations

from ckanext.mainz.metadata.rdf.entries import Entry, Part, Parts, Profile, Property, Wrapped
from ckanext.mainz.metadata.rdf.nodes import (
    ADMS,
    DCAT,
    DCATAP,
    DCATDE,
    DCTERMS,
    FOAF,
    GEO,
    GEODCATAP,
    LOCN,
    RDFS,
    SKOS,
    SPDX,
    VCARD,
    iri,
)
from ckanext.mainz.metadata.rdf.special import (
    Addresses,
    Checksum,
    Dictionary,
    Keywords,
    Links,
    Place,
    Places,
    Service,
    Shared,
    is_law,
    is_sample_record,
)
from ckanext.mainz.metadata.rdf.values import (
    DATE,
    IRI,
    PLAIN,
    PROSE,
    TEXT,
    Duration,
    Email,
    Geometry,
    Hexadecimal,
    Listed,
    MediaType,
    Number,
    Size,
    Telephone,
)

#: DCAT-AP.de 3.0 in full.
V3 = Profile("mainz_dcat_ap_de")
#: What the conventions of 2.0 and the shapes of 3.0 both take: without the four properties on which they disagree, and
#: without what 2.0 alone objects to: a type of a dataset (one at most, and only for collections), places without
#: coordinates.
V2 = Profile(
    "mainz_dcat_ap_de_2",
    omitted=frozenset({ADMS.status, DCAT.byteSize, SPDX.checksum, LOCN.geometry}),
    omitted_of_records=frozenset({DCTERMS.type}),
    places_need_coordinates=True,
)
PROFILES = {profile.name: profile for profile in (V3, V2)}

#: Roles of qualified relations, from the link relations of IANA.
ROLES = "http://www.iana.org/assignments/relation/"

AGENT = Part(
    types=(FOAF.Agent,),
    entries=(
        Property("name", FOAF.name, TEXT),
        Property("type", DCTERMS.type, Listed("publisher_types")),
        Property("url", FOAF.homepage, IRI),
        Property("email", FOAF.mbox, Email()),
        Property("identifier", DCTERMS.identifier, PLAIN),
    ),
    needs=("name",),
    uri="uri",
)
CONTACT = Part(
    types=(VCARD.Kind,),
    entries=(
        Property("name", VCARD.fn, TEXT),
        Property("email", VCARD.hasEmail, Email()),
        Property("url", VCARD.hasURL, IRI),
        Property("telephone", VCARD.hasTelephone, Telephone()),
        Wrapped("identifier", VCARD.hasUID, VCARD.Text, VCARD.value, PLAIN, "uid"),
    ),
    needs=("name", "email", "url", "telephone"),
    uri="uri",
)
PERIOD = Part(
    types=(DCTERMS.PeriodOfTime,),
    entries=(Property("start", DCAT.startDate, DATE), Property("end", DCAT.endDate, DATE)),
)
PLACE = Place(
    types=(DCTERMS.Location,),
    entries=(
        Property("text", SKOS.prefLabel, TEXT),
        Property("bbox", DCAT.bbox, Geometry()),
        Property("centroid", DCAT.centroid, Geometry()),
        Wrapped("geom", LOCN.geometry, LOCN.Geometry, GEO.asWKT, Geometry(), "geometry"),
    ),
    uri="uri",
)
CHECKSUM = Part(
    types=(SPDX.Checksum,),
    entries=(
        Property("hash_algorithm", SPDX.algorithm, Listed("checksum_algorithms")),
        Property("hash", SPDX.checksumValue, Hexadecimal()),
    ),
    needs=("hash",),
)

ACCESS_RIGHTS = Property("access_rights", DCTERMS.accessRights, Listed("access_rights"))
AVAILABILITY = Property("availability", DCATAP.availability, Listed("availabilities"))
ATTRIBUTION = Property("license_attribution_text", DCATDE.licenseAttributionByText, TEXT)
CONTACTS = Parts("contact", DCAT.contactPoint, CONTACT, "contact")
DOCUMENTATION = Property("documentation", FOAF.page, IRI, many=True)
CONFORMS_TO = Property("conforms_to", DCTERMS.conformsTo, IRI, many=True)
FREQUENCY = Property("frequency", DCTERMS.accrualPeriodicity, Listed("frequencies"))
HVD = Property("hvd_category", DCATAP.hvdCategory, Listed("hvd_categories"), many=True)
IDENTIFIER = Property("identifier", DCTERMS.identifier, PLAIN)
ISSUED, MODIFIED = Property("issued", DCTERMS.issued, DATE), Property("modified", DCTERMS.modified, DATE)
KEYWORDS = Keywords()
LANGUAGE = Property("language", DCTERMS.language, Listed("languages"), many=True)
LAWS = Shared(DCATAP.applicableLegislation, "legal_basis", "applicable_legislation", is_law)
LICENSE_ID = Property("license_id", DCTERMS.license, Listed("licenses", stored="code"))
LICENSE = Property("license", DCTERMS.license, Listed("licenses"))
NOTES = Property("notes", DCTERMS.description, PROSE)
PERIODS = Parts("temporal_coverage", DCTERMS.temporal, PERIOD, "period")
PLACES = Places("spatial_coverage", DCTERMS.spatial, PLACE, "place")
PUBLISHER = Parts("publisher", DCTERMS.publisher, AGENT, "publisher", most=1)
RESOLUTION_IN_METERS = Property("spatial_resolution_in_meters", DCAT.spatialResolutionInMeters, Number())
RESOLUTION_IN_TIME = Property("temporal_resolution", DCAT.temporalResolution, Duration())
THEME = Property("theme", DCAT.theme, Listed("themes"), many=True)
TITLE = Property("title", DCTERMS.title, TEXT)

SERVICE = Service(
    types=(DCAT.DataService,),
    entries=(
        TITLE,
        Property("description", DCTERMS.description, PROSE),
        Property("endpoint_url", DCAT.endpointURL, IRI),
        Property("endpoint_description", DCAT.endpointDescription, IRI),
        LICENSE,
        ACCESS_RIGHTS,
        AVAILABILITY,
    ),
    needs=("endpoint_url",),
    uri="uri",
)
SERVICES = Parts("access_services", DCAT.accessService, SERVICE, "service")

DATASET: tuple[Entry, ...] = (
    TITLE,
    NOTES,
    IDENTIFIER,
    Wrapped("alternate_identifier", ADMS.identifier, ADMS.Identifier, SKOS.notation, PLAIN, "identifier", many=True),
    PUBLISHER,
    Parts("creator", DCTERMS.creator, AGENT, "creator"),
    Parts("contributor", DCTERMS.contributor, AGENT, "contributor"),
    Parts("originator", GEODCATAP.originator, AGENT, "originator"),
    Parts("custodian", GEODCATAP.custodian, AGENT, "custodian"),
    CONTACTS,
    KEYWORDS,
    THEME,
    Property("url", DCAT.landingPage, IRI),
    ISSUED,
    MODIFIED,
    LICENSE_ID,
    FREQUENCY,
    LANGUAGE,
    ACCESS_RIGHTS,
    AVAILABILITY,
    Property("contributor_id", DCATDE.contributorID, Listed("contributors")),
    Property(
        "political_geocoding_level_uri",
        DCATDE.politicalGeocodingLevelURI,
        Listed("geocoding_levels"),
        many=True,
    ),
    PLACES,
    PERIODS,
    RESOLUTION_IN_METERS,
    RESOLUTION_IN_TIME,
    Property("version", DCAT.version, PLAIN),
    Property("version_notes", ADMS.versionNotes, PROSE),
    Wrapped("provenance", DCTERMS.provenance, DCTERMS.ProvenanceStatement, RDFS.label, PROSE, "provenance"),
    DOCUMENTATION,
    CONFORMS_TO,
    Property("dcat_type", DCTERMS.type, Listed("dataset_types"), many=True),
    LAWS,
    HVD,
    Shared(DCTERMS.references, "sample_record", "references", is_sample_record, first_many=False),
    Property("related_resource", DCTERMS.relation, IRI, many=True),
    Property("is_referenced_by", DCTERMS.isReferencedBy, IRI, many=True),
    Links("in_series", DCAT.inSeries, iri(ROLES + "collection"), "series"),
    Links("has_version", DCAT.hasVersion, iri(ROLES + "version-history"), "version"),
)

DISTRIBUTION: tuple[Entry, ...] = (
    Property("name", DCTERMS.title, TEXT),
    Property("description", DCTERMS.description, PROSE),
    Addresses(),
    LICENSE,
    ATTRIBUTION,
    Property("format", DCTERMS.format, Listed("file_types", stored="de")),
    Property("mimetype", DCAT.mediaType, MediaType()),
    Property("compress_format", DCAT.compressFormat, MediaType()),
    Property("package_format", DCAT.packageFormat, MediaType()),
    Property("size", DCAT.byteSize, Size()),
    Checksum(SPDX.checksum, CHECKSUM),
    ISSUED,
    MODIFIED,
    LANGUAGE,
    AVAILABILITY,
    Property("status", ADMS.status, Listed("distribution_statuses")),
    Wrapped("rights", DCTERMS.rights, DCTERMS.RightsStatement, RDFS.label, PROSE, "rights"),
    RESOLUTION_IN_METERS,
    RESOLUTION_IN_TIME,
    DOCUMENTATION,
    CONFORMS_TO,
    Property("applicable_legislation", DCATAP.applicableLegislation, IRI, many=True),
    SERVICES,
    Dictionary(),
)

SERIES: tuple[Entry, ...] = (
    TITLE,
    NOTES,
    IDENTIFIER,
    PUBLISHER,
    CONTACTS,
    KEYWORDS,
    ISSUED,
    MODIFIED,
    FREQUENCY,
    PLACES,
    PERIODS,
    LAWS,
    HVD,
)

DATA_SERVICE: tuple[Entry, ...] = (
    TITLE,
    NOTES,
    IDENTIFIER,
    PUBLISHER,
    CONTACTS,
    Property("endpoint_url", DCAT.endpointURL, IRI),
    Property("endpoint_description", DCAT.endpointDescription, IRI),
    Property("service_format", DCTERMS.format, Listed("file_types", stored="de"), many=True),
    KEYWORDS,
    THEME,
    ISSUED,
    MODIFIED,
    LICENSE_ID,
    ATTRIBUTION,
    ACCESS_RIGHTS,
    AVAILABILITY,
    DOCUMENTATION,
    LAWS,
    HVD,
    Links("serves_dataset", DCAT.servesDataset, iri(ROLES + "item"), "dataset"),
)

#: By the type of a package: its class in RDF and its entries.
KINDS = {
    "dataset": (DCAT.Dataset, DATASET),
    "dataset_series": (DCAT.DatasetSeries, SERIES),
    "data_service": (DCAT.DataService, DATA_SERVICE),
}


def fields(entries: tuple[Entry, ...]) -> tuple[str, ...]:
    """The fields of a mapping, in its order."""
    return tuple(name for entry in entries for name in entry.fields())
