"""File formats: the name that people read, found from what they write, from a file's name or its media type.

The list is ``schemas/vocabularies/file_types.yaml``. What has no entry of its own there, such as CityGML, becomes the
nearest one, and its standard goes into ``conforms_to``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from urllib.parse import parse_qs, unquote, urlsplit

from ckanext.mainz.metadata import vocabulary
from ckanext.mainz.metadata.vocabulary import Term, normalised

NAME = "file_types"
UNKNOWN = "OCTET"
#: Endings that are no name or code of their file type.
ENDINGS = {
    **{"htm": "HTML", "xsd": "SCHEMA_XML", "xsl": "XSLT", "yml": "YAML", "md": "MARKDOWN", "js": "JS"},
    **{"rdf": "RDF_XML", "ttl": "RDF_TURTLE", "nt": "RDF_N_TRIPLES", "nq": "RDF_N_QUADS", "jsonld": "JSON_LD"},
    **{"jpg": "JPEG", "jp2": "JPEG2000", "tif": "TIFF", "mp4": "MPEG4", "mpg": "MPEG2", "mov": "MOV"},
    **{"asc": "GRID_ASCII", "citygml": "GML", "nc": "NETCDF", "qgz": "QGS"},
    **{"accdb": "MDB", "docm": "DOCX", "dta": "STATA_DTA", "geoparquet": "PARQUET", "sav": "SPSS_SAV"},
    **{"bz2": "BZIP2", "gz": "GZIP", "tgz": "TAR_GZ"},
}
PACKED = {"zip": ("package_format", "application/zip"), "gz": ("compress_format", "application/gzip")}
OGC = {"wms": "WMS_SRVC", "wfs": "WFS_SRVC", "wmts": "WMTS_SRVC", "wcs": "WCS_SRVC"}


@dataclass(frozen=True)
class Format:
    """A file type, and the standard behind the name by which it was called, if that has one of its own."""

    term: Term
    standard: str = ""

    @property
    def name(self) -> str:
        """What is stored as ``format`` and shown to people."""
        return self.term.de


def find(text: str) -> Format | None:
    """The format that a text means: a name, code, URI, media type or ending. None where there is none."""
    plain = text.strip().removeprefix(".")
    term = vocabulary.match(NAME, plain) or _by_media_type().get(plain.partition(";")[0].strip().casefold())
    term = term or _of_ending(plain)
    return Format(term, _standards().get(normalised(plain), "")) if term else None


def of_address(address: str) -> Format | None:
    """The format that the name of a file or the address of a service tells."""
    try:
        parts = urlsplit(address) if "://" in address else urlsplit(f"file:///{address}")
    except ValueError:
        return None
    last = unquote(parts.path).rstrip("/").rsplit("/", 1)[-1]
    asked = {name.casefold(): values[0] for name, values in parse_qs(parts.query).items()}.get("service", last)
    if asked.casefold() in OGC:
        return Format(_by_code()[OGC[asked.casefold()]])
    return _of_file(last)


def _of_file(name: str) -> Format | None:
    """By the ending; what lies in a zip or gz file is told by the ending before, as in ``baeume.csv.gz``."""
    stem, dot, ending = name.rpartition(".")
    if not dot:
        return None
    inner = _of_ending(stem.rpartition(".")[2]) if ending.casefold() in PACKED and "." in stem else None
    term = inner or _of_ending(ending)
    return Format(term) if term else None


def unknown() -> Format:
    """What a file is of which nothing more is known: bytes."""
    return Format(_by_code()[UNKNOWN])


def packing(name: str, format_name: str) -> dict[str, str]:
    """The field and media type of the packing around a file that is itself of another format (``shp.zip``)."""
    ending = name.rsplit("/", 1)[-1].rpartition(".")[2].casefold()
    found, inner = PACKED.get(ending), find(format_name)
    if found is None or inner is None or inner.term.code in ("ZIP", "GZIP", "TAR_GZ", "KMZ", "GTFS", "DWCA"):
        return {}
    return {found[0]: found[1]}


def _of_ending(ending: str) -> Term | None:
    plain = ending.casefold()
    if plain in ENDINGS:
        return _by_code()[ENDINGS[plain]]
    return _by_code().get(plain.upper())


@cache
def _by_code() -> dict[str, Term]:
    return {term.code: term for term in vocabulary.terms(NAME)}


@cache
def _by_media_type() -> dict[str, Term]:
    """By media type; of several types with one, the first of the list, which has the common ones first."""
    found: dict[str, Term] = {}
    for term in vocabulary.terms(NAME):
        if term.media_type:
            found.setdefault(term.media_type.casefold(), term)
    return found


@cache
def _standards() -> dict[str, str]:
    return {normalised(name): iri for term in vocabulary.terms(NAME) for name, iri in term.standards.items()}
