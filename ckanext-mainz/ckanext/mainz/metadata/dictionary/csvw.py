"""A data dictionary as CSV on the Web metadata (https://www.w3.org/TR/tabular-metadata/). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ckanext.mainz.metadata.dictionary.columns import Column, Structure

Json = dict[str, Any]
CONTEXT = "http://www.w3.org/ns/csvw"
LANGUAGE = "de"
#: Types of ours in the words of CSVW; a period (``1. Quartal``) has none and is text.
DATATYPES: Mapping[str, str] = {
    "integer": "integer",
    "decimal": "decimal",
    "date": "date",
    "datetime": "datetime",
    "year": "gYear",
    "period": "string",
    "boolean": "boolean",
    "text": "string",
}
NUMBERS = frozenset({"integer", "decimal"})


def metadata(address: str, title: str, columns: Iterable[Column], structure: Structure | None = None) -> Json:
    """The metadata of the table at `address`. `structure` adds how the file is written, as far as it was read."""
    formats = structure.formats if structure else {}
    described: Json = {
        "@context": [CONTEXT, {"@language": LANGUAGE}],
        "@type": "Table",
        "url": address,
        "dc:title": title,
        "tableSchema": {"@type": "Schema", "columns": [_column(one, formats.get(one.column, {})) for one in columns]},
    }
    if structure and structure.delimiter:
        described["dialect"] = {"@type": "Dialect", "delimiter": structure.delimiter, "encoding": structure.encoding}
    return described


def _column(column: Column, form: Mapping[str, str]) -> Json:
    """A column; its title is the name in the file, by which programs find it."""
    entry: Json = {"@type": "Column", "titles": column.column}
    if column.type:
        entry["datatype"] = _datatype(column.type, form)
    if column.title and column.title != column.column:
        entry["rdfs:label"] = column.title
    if column.description:
        entry["dc:description"] = column.description
    if column.unit:
        entry["schema:unitText"] = column.unit
    if column.code_list:
        entry["skos:note"] = [f"{code} = {meaning}" if meaning else code for code, meaning in column.code_list]
    return entry


def _datatype(kind: str, form: Mapping[str, str]) -> Any:
    base = DATATYPES.get(kind, "string")
    number = {name: form[name] for name in ("decimalChar", "groupChar") if form.get(name)}
    if kind in NUMBERS and number:
        return {"base": base, "format": number}
    if kind == "date" and form.get("date"):
        return {"base": base, "format": form["date"]}
    return base
