"""What a record need not be asked for, because it follows from what it has.

Derived and saved, so that editors see it: keywords of a record that has none, format, media type, packing, size and
checksum of a file, and the usual licence of the organisation. All else that the organisation gives (contact,
attribution, publisher) is not saved but looked up when the record goes out, so that a new mailbox reaches every record.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import ckan.model as model
from werkzeug.datastructures import FileStorage

from ckanext.mainz.foundation.files import size_of
from ckanext.mainz.metadata import formats, vocabulary

Record = dict[str, Any]
SHA256 = "http://spdx.org/rdf/terms#checksumAlgorithm_sha256"
BLOCK = 1024 * 1024
OF_FILE = ("size", "hash", "hash_algorithm", "mimetype", "compress_format", "package_format")
MOST_KEYWORDS = 8
SHORTEST, LONGEST = 3, 60
WORD = re.compile(r"[^\W\d_][\w-]*")
#: Words that begin with a capital letter in titles and say nothing about the data.
EMPTY_WORDS = frozenset(
    {
        *("Alle", "Als", "Am", "An", "Auf", "Aus", "Auszug", "Bei", "Beim", "Bis", "Das", "Daten", "Datensatz"),
        *("Datensätze", "Dem", "Den", "Der", "Des", "Die", "Ein", "Eine", "Einer", "Für", "Gesamt", "Ihre", "Im", "In"),
        *(
            "Ist",
            "Je",
            "Jahr",
            "Jahre",
            "Jahren",
            "Landeshauptstadt",
            "Liste",
            "Mainz",
            "Mainzer",
            "Mit",
            "Nach",
            "Nur",
        ),
        *(
            "Nur",
            "Ohne",
            "Pro",
            "Seit",
            "Sie",
            "Stadt",
            "Stadtgebiet",
            "Stand",
            "Teil",
            "Um",
            "Und",
            "Unser",
            "Unter",
            "Vom",
        ),
        *("Von", "Vor", "Was", "Wer", "Wie", "Wo", "Zu", "Zum", "Zur", "Über", "Übersicht"),
        *("All", "And", "City", "Data", "Dataset", "For", "From", "List", "Of", "The", "With"),
    }
)


def dataset(record: Record, asked: frozenset[str]) -> None:
    """Fills in keywords and licence, in place, if they are among the fields that its form asks for.

    A record that has them is left alone.
    """
    if "tag_string" in asked and not record.get("tags") and not str(record.get("tag_string") or "").strip():
        record["tag_string"] = ", ".join(keywords(record))
    if "license_id" in asked and record.get("license_id") in (None, ""):
        usual = _usual_license(record.get("owner_org"))
        if usual:
            record["license_id"] = usual


def keywords(record: Mapping[str, Any]) -> list[str]:
    """Keywords of a record that has none: nouns of its title, the parts of its sample record, else its theme."""
    found = [*_nouns(str(record.get("title") or "")), *_of_sample_record(record.get("sample_record"))]
    chosen = _each_once(found) or _each_once(_of_themes(record.get("theme")))
    return chosen[:MOST_KEYWORDS]


def _nouns(title: str) -> Iterator[str]:
    """Words with a capital letter: in German these are the nouns."""
    for word in WORD.findall(title):
        plain = word.strip("-_")
        if plain[:1].isupper() and plain not in EMPTY_WORDS:
            yield plain


def _of_sample_record(given: Any) -> Iterator[str]:
    term = vocabulary.match("sample_records", given) if isinstance(given, str) else None
    if term:
        yield from (part for label in (term.de, term.group_de) for part in re.split(r" – | und ", label))


def _of_themes(given: Any) -> Iterator[str]:
    for text in given if isinstance(given, list) else [given]:
        term = vocabulary.match("themes", text) if isinstance(text, str) else None
        if term:
            yield from re.split(r", | und ", term.de)


def _each_once(words: Iterable[str]) -> list[str]:
    first: dict[str, str] = {}
    for word in words:
        if SHORTEST <= len(word) <= LONGEST:
            first.setdefault(word.casefold(), word)
    return list(first.values())


def _usual_license(owner: Any) -> str:
    """The licence with which datasets of an organisation begin; empty where it names none."""
    group = model.Group.get(owner) if isinstance(owner, str) and owner else None
    extras: Any = getattr(group, "extras", None)  # mapped from the table, which type checkers do not see
    return str((extras or {}).get("default_license") or "")


def resource(record: Record) -> None:
    """Size and checksum of a file that is being uploaded; what was known of a file that goes is dropped. In place."""
    upload = record.get("upload")
    if isinstance(upload, FileStorage) and upload:
        record |= dict.fromkeys(OF_FILE) | facts(upload, str(record.get("format") or ""))
    elif record.get("clear_upload") or (record.get("file_key") and record.get("url_type") != "upload"):
        record |= dict.fromkeys((*OF_FILE, "file_key"))


def facts(upload: FileStorage, format: str) -> Record:
    """Size, SHA-256 and packing of an uploaded file of a format; its stream stands at the beginning afterwards."""
    size = size_of(upload.stream)
    digest = hashlib.sha256()
    upload.stream.seek(0)
    while block := upload.stream.read(BLOCK):
        digest.update(block)
    upload.stream.seek(0)
    name = upload.filename or ""
    packing = formats.packing(name, format or _inner_name(name))
    return {"size": size, "hash": digest.hexdigest(), "hash_algorithm": SHA256, **packing}


def _inner_name(name: str) -> str:
    found = formats.of_address(name.rsplit("/", 1)[-1])
    return found.name if found else ""
