"""Validators of single values: each takes what people write and gives what is stored.

What is missing or empty is for ``ignore_empty`` before them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ckan.plugins import toolkit

from ckanext.mainz.metadata import dates, geometry, iris, quantities, vocabulary
from ckanext.mainz.metadata.texts import has_control_characters

_ = toolkit._
Key = tuple[Any, ...]
Data = dict[Any, Any]
Field = dict[str, Any]
SHOWN = 80


def get_checks() -> dict[str, Any]:
    return {
        "mainz_iri": iri,
        "mainz_moment": moment,
        "mainz_duration": duration,
        "mainz_decimal": decimal,
        "mainz_size": size,
        "mainz_media_type": media_type,
        "mainz_checksum": checksum,
        "mainz_checksum_algorithm": checksum_algorithm,
        "mainz_telephone": telephone,
        "mainz_geometry": geometry_text,
        "mainz_box": box,
        "mainz_centre": centre,
        "mainz_place": place,
        "mainz_agent": agent,
        "mainz_term": term,
        "mainz_term_or_iri": term_or_iri,
    }


def short(text: str) -> str:
    """A value as a message repeats it."""
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


def iri(value: Any) -> str:
    """An absolute address or name, repaired where that is certain, see `ckanext.mainz.metadata.iris`."""
    try:
        return iris.iri(str(value))
    except iris.IriError as error:
        raise toolkit.Invalid(
            _(
                "“{value}” is not a complete address. It must begin with https:// or http:// and must not contain "
                "angle brackets or quotation marks."
            ).format(value=short(str(value)))
        ) from error


def moment(value: Any) -> str:
    """A year, month, day or time, see `ckanext.mainz.metadata.dates.moment`."""
    try:
        return dates.moment(str(value))
    except dates.DateError as error:
        raise toolkit.Invalid(
            _("“{value}” is not a date. Write it as 31.12.2025 or 2025-12-31.").format(value=short(str(value).strip()))
        ) from error


def duration(value: Any) -> str:
    """A length of time as xsd:duration."""
    return _quantity(
        quantities.duration, value, _("“{value}” is not a length of time. Write for example 15 Minuten, 1 Tag or P1Y.")
    )


def decimal(value: Any) -> str:
    """A number above zero."""
    return _quantity(quantities.decimal, value, _("“{value}” is not a number above zero. Write for example 0,2 or 10."))


def size(value: Any) -> int:
    """A size in bytes."""
    return _quantity(quantities.size, value, _("“{value}” is not a size. Give the number of bytes, for example 20480."))


def media_type(value: Any) -> str:
    """A media type; names of file types are taken too (``ZIP`` is ``application/zip``)."""
    known = vocabulary.match("file_types", str(value))
    if known and known.media_type:
        return known.media_type
    return _quantity(
        quantities.media_type, value, _("“{value}” is not a media type, such as text/csv or application/zip.")
    )


def checksum(value: Any) -> str:
    """The value of a checksum."""
    return _quantity(
        quantities.checksum, value, _("“{value}” is not a checksum. It has digits and the letters a to f only.")
    )


def telephone(value: Any) -> str:
    """A telephone number."""
    return _quantity(
        quantities.telephone, value, _("“{value}” is not a telephone number. Write for example 06131 12-0.")
    )


def _quantity(parse: Callable[[Any], Any], value: Any, message: str) -> Any:
    try:
        return parse(value if parse is quantities.size else str(value))
    except quantities.QuantityError as error:
        raise toolkit.Invalid(message.format(value=short(str(value).strip()))) from error


def checksum_algorithm(key: Key, data: Data, errors: Data, _context: Any) -> None:
    """The algorithm of a checksum fits its number of digits; where none is given, the number tells it.

    Stands at ``hash_algorithm``, which CKAN validates after ``hash``.
    """
    digits = len(_text(data.get((*key[:-1], "hash"))))
    given = _text(data.get(key))
    if not digits:
        data.pop(key, None)
        raise toolkit.StopOnError
    found = vocabulary.match("checksum_algorithms", given) if given else _algorithm_of(digits)
    if found is None:
        known = ", ".join(one.de for one in vocabulary.offered("checksum_algorithms"))
        errors[key].append(_("Say by which algorithm the checksum was made: {known}.").format(known=known))
    elif found.digits not in (0, digits):
        errors[key].append(
            _("A checksum by {algorithm} has {digits} characters, this one has {given}.").format(
                algorithm=found.de, digits=found.digits, given=digits
            )
        )
    else:
        data[key] = found.uri


def _algorithm_of(digits: int) -> vocabulary.Term | None:
    return next((one for one in vocabulary.offered("checksum_algorithms") if one.digits == digits), None)


def geometry_text(value: Any) -> str:
    """A geometry as WKT."""
    return _geometry(geometry.geometry, value)


def box(value: Any) -> str:
    """A box as a WKT polygon."""
    return _geometry(geometry.box, value)


def centre(value: Any) -> str:
    """A point as WKT."""
    return _geometry(geometry.centre, value)


def _geometry(parse: Callable[[str], str], value: Any) -> str:
    try:
        return parse(str(value))
    except geometry.GeometryError as error:
        raise toolkit.Invalid(
            _(
                "“{value}” is not an area in longitude and latitude. Write a box as west,south,east,north, for example "
                "8.14,49.91,8.34,50.03, or a geometry as WKT or GeoJSON."
            ).format(value=short(str(value).strip()))
        ) from error


def place(key: Key, data: Data, _errors: Data, _context: Any) -> None:
    """The place of an area: one of the list gives its name, box and centre too; any other is an address.

    Stands at ``uri``, which CKAN validates after the other parts of a row.
    """
    given = _text(data.get(key)) or _text(data.get((*key[:-1], "text")))
    found = vocabulary.match("places", given) if given else None
    if found is not None:
        _fill_place(key, data, found)
    elif _text(data.get(key)):
        data[key] = iri(data[key])
    else:
        data.pop(key, None)


def _fill_place(key: Key, data: Data, found: vocabulary.Term) -> None:
    west, south, east, north = found.bbox
    known = {
        "text": found.de,
        "bbox": geometry.box(f"{west},{south},{east},{north}"),
        "centroid": geometry.centre("{},{}".format(*found.centroid)),
    }
    for name, value in known.items():
        if not _text(data.get((*key[:-1], name))):
            data[(*key[:-1], name)] = value
    data.pop(key, None)
    if iris.is_iri(found.uri):
        data[key] = found.uri


def agent(key: Key, data: Data, errors: Data, _context: Any) -> None:
    """An organisation or person has a name. Stands at ``name``."""
    row = key[:-1]
    others = [one for one in data if one[:-1] == row and one != key]
    if not _text(data.get(key)) and any(_text(data.get(one)) for one in others):
        errors[key].append(_("Please give the name."))
        raise toolkit.StopOnError


def _text(value: Any) -> str:
    return "" if value is None or value is toolkit.missing else str(value).strip()


def term(field: Field, _schema: Any) -> Callable[[Any], str]:
    """A term of the field's ``vocabulary``, given by URI, code, label or another name; its URI is stored."""

    def check(value: Any) -> str:
        return known_term(field, str(value)).uri

    return check


def term_or_iri(field: Field, _schema: Any) -> Callable[[Any], str]:
    """A term of the field's ``vocabulary``, or the address of one of another list."""

    def check(value: Any) -> str:
        known = vocabulary.match(field["vocabulary"], str(value))
        return known.uri if known else iri(value)

    return check


def known_term(field: Field, text: str) -> vocabulary.Term:
    """The term that a text means. Raises `toolkit.Invalid` with examples of what is possible."""
    found = None if has_control_characters(text) else vocabulary.match(field["vocabulary"], text)
    if found is None:
        language = _language()
        offered = vocabulary.offered(field["vocabulary"])
        examples = ", ".join(f"“{one.label(language)}”" for one in offered[:3])
        raise toolkit.Invalid(
            _("“{value}” is not in the list. Choose an entry of the list, for example {examples}.").format(
                value=short(text.strip()), examples=examples
            )
        )
    return found


def _language() -> str:
    return str(toolkit.h.lang() or "en")


for one in (term, term_or_iri):
    one.is_a_scheming_validator = True  # pyright: ignore[reportFunctionMemberAccess]  as scheming marks its own
