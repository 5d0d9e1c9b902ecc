"""A dataset of tables as Croissant 1.0, the format of machine learning (https://docs.mlcommons.org/croissant). Pure."""

from __future__ import annotations

import re
from typing import Any

from ckanext.mainz.metadata.dictionary.columns import Column
from ckanext.mainz.metadata.jsonld.facts import Dataset, File
from ckanext.mainz.metadata.jsonld.schema_org import filled, organization

Json = dict[str, Any]
CONFORMS_TO = "http://mlcommons.org/croissant/1.0"
#: The context that the specification prescribes word for word.
CONTEXT: Json = {
    "@language": "de",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataBiases": "cr:dataBiases",
    "dataCollection": "cr:dataCollection",
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "personalSensitiveInformation": "cr:personalSensitiveInformation",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
DATA_TYPES = {
    "integer": "sc:Integer",
    "decimal": "sc:Float",
    "date": "sc:Date",
    "datetime": "sc:DateTime",
    "year": "sc:Integer",
    "boolean": "sc:Boolean",
}
NOT_IN_IDS = re.compile(r"[^\w.-]+")


def is_described(facts: Dataset) -> bool:
    """Whether a dataset has a table whose columns and checksum are known."""
    return any(_is_table(file) for file in facts.files)


def dataset(facts: Dataset) -> Json:
    """The Croissant file of a dataset: files of ours, and a record set for each table."""
    tables = [file for file in facts.files if _is_table(file)]
    names = _ids(tables)
    return filled(
        {
            "@context": CONTEXT,
            "@type": "sc:Dataset",
            "@id": facts.iri,
            "conformsTo": CONFORMS_TO,
            "name": facts.title,
            "description": facts.description,
            "url": facts.page,
            "license": facts.license,
            "keywords": list(facts.keywords),
            "inLanguage": list(facts.languages),
            "version": facts.version or _version(facts.modified),
            "datePublished": facts.issued,
            "dateModified": facts.modified,
            "creator": organization(facts.publisher),
            "publisher": organization(facts.publisher),
            "citeAs": f"{facts.publisher.name}: {facts.title}. {facts.page}",
            "distribution": [_file(file, names[file.id]) for file in tables],
            "recordSet": [_records(file, names[file.id]) for file in tables],
        }
    )


def _version(day: str) -> str:
    """A day as a version in the three numbers that Croissant wants (``2025.3.4``)."""
    return ".".join(str(int(part)) for part in day.split("-")) if day.count("-") == 2 else ""


def _is_table(file: File) -> bool:
    return file.own and bool(file.columns) and bool(file.sha256) and bool(file.media_type)


def _ids(files: list[File]) -> dict[str, str]:
    """Short names of files, each once."""
    taken: dict[str, str] = {}
    for file in files:
        name = NOT_IN_IDS.sub("-", file.address.rsplit("/", 1)[-1]).strip("-") or "file"
        taken[file.id] = f"{name}-{len(taken) + 1}" if name in taken.values() else name
    return taken


def _file(file: File, name: str) -> Json:
    return filled(
        {
            "@type": "cr:FileObject",
            "@id": name,
            "name": file.name,
            "description": file.description,
            "contentUrl": file.address,
            "contentSize": f"{file.size} B" if file.size else "",
            "encodingFormat": file.media_type,
            "sha256": file.sha256,
        }
    )


def _records(file: File, name: str) -> Json:
    return {
        "@type": "cr:RecordSet",
        "@id": f"{name}/records",
        "name": file.name,
        "field": [_field(column, f"{name}/records", name, number) for number, column in enumerate(file.columns, 1)],
    }


def _field(column: Column, records: str, file: str, number: int) -> Json:
    described = [column.description, f"({column.unit})" if column.unit else "", column.codes.replace("\n", "; ")]
    return filled(
        {
            "@type": "cr:Field",
            "@id": f"{records}/{number}-{NOT_IN_IDS.sub('-', column.column).strip('-')}",
            "name": column.title or column.column,
            "description": " ".join(part for part in described if part),
            "dataType": DATA_TYPES.get(column.type, "sc:Text"),
            "source": {"fileObject": {"@id": file}, "extract": {"column": column.column}},
        }
    )
