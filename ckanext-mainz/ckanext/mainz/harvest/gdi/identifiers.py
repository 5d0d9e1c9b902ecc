"""Identifiers of records and data as they are compared.

Catalogues write one identifier with http and https, with a slash at its end, in capitals, in braces, without hyphens,
bare or behind the address of a register. So there are two kinds of keys: the whole identifier, and the UUID in it,
which counts only where nothing else fits.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import unquote, urlsplit

from ckanext.mainz.harvest import identity
from ckanext.mainz.harvest.gdi.addresses import parameters
from ckanext.mainz.harvest.gdi.iso import IsoRecord
from ckanext.mainz.harvest.gdi.iso_shapes import Identifier
from ckanext.mainz.harvest.gdi.prose import token

UUID = re.compile(r"(?<![0-9a-f])([0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12})(?![0-9a-f])")
#: The part behind the UUID in the fragments of Mapbender; it is a checksum and no identifier.
CHECKSUM = re.compile(r"#spatial_dataset_[0-9a-f]{32}\Z", re.IGNORECASE)
LONGEST, LONGEST_LINE, MOST = 2000, 500, 100


def guid(record: IsoRecord) -> str:
    """The id by which a record is known again: fileIdentifier, else the first identifier of the data, else its uuid."""
    names = (record.file_identifier, *(one.code for one in record.identifiers), record.uuid)
    return next((tidy for one in names if (tidy := one.strip().strip("{}").strip())), "")[:LONGEST]


def key(text: str) -> str:
    """An identifier as it is compared, see `identity.key`."""
    return identity.key(CHECKSUM.sub("", text.strip())).strip("{}#")


def uuid_key(text: str) -> str:
    """The last UUID in an identifier, without hyphens; empty where there is none."""
    found = UUID.findall(CHECKSUM.sub("", unquote(text).casefold()))
    return found[-1].replace("-", "") if found else ""


def full(identifier: Identifier) -> str:
    """An identifier with its code space, where the code does not hold it."""
    code, space = identifier.code.strip(), identifier.space.strip()
    if not space or "://" in code or code.startswith(space):
        return code
    return f"{space.rstrip('/')}/{code}" if "://" in space else f"{space}:{code}"


def keys(record: IsoRecord) -> tuple[str, ...]:
    """The whole identifiers of a record and its data, each once."""
    return _each_once(key(one) for one in _names(record))


def uuid_keys(record: IsoRecord) -> tuple[str, ...]:
    """The UUIDs in them, each once."""
    return _each_once(uuid_key(one) for one in _names(record))


def targets(record: IsoRecord) -> Iterator[str]:
    """What a service says that it gives out: identifiers and ids in addresses, the surest first, not yet keys."""
    for one in record.service.operates_on if record.service else ():
        yield one.uuidref
        yield parameters(one.href).get("id", "") if "?" in one.href else ""
        yield one.href
        yield _last(one.href)


def alternate(record: IsoRecord) -> list[str]:
    """Other identifiers of the data, as they came."""
    own = guid(record)
    names = dict.fromkeys(token(full(one))[:LONGEST_LINE] for one in record.identifiers)
    return [name for name in names if name and name != own][:MOST]


def _names(record: IsoRecord) -> Iterator[str]:
    yield from (record.file_identifier, record.uuid)
    for one in record.identifiers:
        yield from (one.code, full(one))


def _last(address: str) -> str:
    """The last part of the path of an address, as of ``…/srv/api/records/<id>``."""
    try:
        return urlsplit(address).path.rstrip("/").rpartition("/")[2]
    except ValueError:
        return ""


def _each_once(found: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for one in found if one))
