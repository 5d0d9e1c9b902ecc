"""What programs ask of the inventory, and the pages too."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from ckan.plugins import toolkit
from werkzeug.datastructures import FileStorage

from ckanext.mainz.foundation import config
from ckanext.mainz.foundation.errors import N_
from ckanext.mainz.governance import actions, auth, people, readers
from ckanext.mainz.governance.inventory import entries, files, importing, lists, offices, progress, reading, words
from ckanext.mainz.governance.inventory.auth import knows_all
from ckanext.mainz.governance.inventory.entries import Entry
from ckanext.mainz.governance.inventory.lists import Sheet
from ckanext.mainz.governance.people import Person
from ckanext.mainz.governance.record import Standing

_ = toolkit._
Dict = dict[str, Any]

NO_FILE = N_("Choose a file with content, as CSV or XLSX.")
LARGE = N_("The file has more than {limit} MB. Divide the list, or save it without pictures.")
NO_BASE64 = N_("The content is no base64.")
NO_ROWS = N_("Give the rows as a list of one to {most} objects.")
NO_FORM = N_("Only {names} are possible here.")


def get_actions() -> dict[str, Any]:
    return {
        "mainz_inventory_create": mainz_inventory_create,
        "mainz_inventory_update": mainz_inventory_update,
        "mainz_inventory_show": mainz_inventory_show,
        "mainz_inventory_list": mainz_inventory_list,
        "mainz_inventory_import": mainz_inventory_import,
        "mainz_inventory_export": mainz_inventory_export,
        "mainz_inventory_progress": mainz_inventory_progress,
    }


# --- entries ---------------------------------------------------------------------------------------------------------


def mainz_inventory_create(context: Any, data: Dict) -> Dict:
    """A new entry of the inventory.

    :param title: what the data is (at most 200 characters)
    :param description: what it tells
    :param organization: the organisation that keeps it: id, name, title, or the number of an Amt (``Amt 12``)
    :param system: the program in which it is kept (optional, as all that follows)
    :param place: where it lies
    :param keeper: the office that can be asked
    :param reason: why it is not open, a code or label of the vocabulary ``reasons``
    :param review: the day on which that is looked at again (``2026-12-31`` or ``31.12.2026``)
    :param visibility: the level at which readers may know of it (``verwaltung`` if left out, at most ``partner``)
    :param theme: codes, URIs or labels of themes
    :param shares: who else has a part in it, as ``[{"organization", "share", "role"}]``
    :param note: remarks
    :param key: by which a list knows the entry again; unique within the organisation

    Raises NotAuthorized, and ValidationError by field.

    :returns: the entry as `mainz_inventory_show` gives it
    :rtype: dictionary
    """
    toolkit.check_access("mainz_inventory_create", context, data)
    person = people.acting(context)
    return told(person, entries.add(context, reading.checked(person, data)))


def mainz_inventory_update(context: Any, data: Dict) -> Dict:
    """Changes an entry (`id`); of the parameters of `mainz_inventory_create`, what is left out stays."""
    standing = actions.about(context, "mainz_inventory_update", data.get("id"))
    person, entry = people.acting(context), _entry(standing)
    wanted = reading.checked(person, {**as_given(entry), **data})
    entries.update(context, replace(wanted, id=entry.id, name=entry.name))
    return told(person, _entry(standing))


@toolkit.side_effect_free
def mainz_inventory_show(context: Any, data: Dict) -> Dict:
    """An entry (`id` or name of its record), also one that became a dataset.

    :returns: ``id``, ``name``, ``title``, ``description``, ``organization`` (its name), ``visibility``, ``lifecycle``,
        ``theme``, ``details``; where ``details`` is true, for people of the organisation, of those above it and of the
        Geschäftsstelle, also ``system``, ``place``, ``keeper``, ``reason``, ``review``, ``shares``, ``note``, ``key``
    :rtype: dictionary

    Raises ObjectNotFound for what is no entry or not readable, alike.
    """
    standing = actions.about(context, "mainz_inventory_show", data.get("id"))
    return told(people.acting(context), _entry(standing))


@toolkit.side_effect_free
def mainz_inventory_list(context: Any, data: Dict) -> list[Dict]:
    """The entries that whoever asks may read, by title.

    :param organization: those of one organisation alone (id, name, title or number)
    :param reason: those with this reason, a code of the vocabulary ``reasons``
    :param due: those that are to be looked at again by now, the longest overdue first
    :param q: those with this text in their title or key

    What stands beside the record is asked for and given only where whoever asks may know it, see
    `mainz_inventory_show`.

    :rtype: list of dictionaries
    """
    toolkit.check_access("mainz_inventory_list", context, data)
    person = people.acting(context)
    return [told(person, one) for one in found(person, data)]


@toolkit.side_effect_free
def mainz_inventory_progress(context: Any, data: Dict) -> list[Dict]:
    """How far the organisations are, for the Geschäftsstelle: ``[{"name", "title", "all", "begun", "datasets",
    "public", "due"}]``, each a number of entries (see `progress.Progress`)."""
    toolkit.check_access("mainz_inventory_progress", context, data)
    return [asdict(one) for one in progress.by_organization()]


def _entry(standing: Standing) -> Entry:
    found = entries.show(standing.id)
    if found is None:
        raise toolkit.ObjectNotFound(auth.nothing_there())
    return found


def found(person: Person, asked: Mapping[str, Any]) -> list[Entry]:
    """The entries that a person reads and asks for."""
    organizations = offices.read().find(str(asked["organization"])) if asked.get("organization") else None
    ids = None if organizations is None else [one.id for one in organizations]
    listed = [one for one in entries.every(ids) if reads(person, one) and _is_asked_for(person, one, asked)]
    return sorted(listed, key=lambda one: str(one.review)) if _due(asked) else listed


def reads(person: Person, entry: Entry) -> bool:
    """Whether a person reads the record of an entry."""
    standing = Standing(
        *(entry.id, entry.name, entries.TYPE, entry.level, entry.state, entry.organization),
        shared_with=frozenset(),
        form_open=False,
        deleted=False,
        private=True,
    )
    return readers.reads(person, standing)


def _is_asked_for(person: Person, entry: Entry, asked: Mapping[str, Any]) -> bool:
    inside = knows_all(person, entry.organization)
    reason, text = str(asked.get("reason") or ""), entries.plain(str(asked.get("q") or ""))
    if (reason and not (inside and entry.reason == reason)) or (_due(asked) and not (inside and entry.is_due)):
        return False
    return not text or text in entries.plain(entry.title) or (inside and text == entries.plain(entry.key))


def _due(asked: Mapping[str, Any]) -> bool:
    return bool(toolkit.asbool(asked.get("due") or False))


def told(person: Person, entry: Entry) -> Dict:
    """An entry as far as a person may know it."""
    owner = people.organizations().get(entry.organization)
    open_part = {
        "id": entry.id,
        "name": entry.name,
        "title": entry.title,
        "description": entry.description,
        "organization": owner.name if owner else "",
        "visibility": entry.level,
        "lifecycle": entry.state,
        "theme": list(entry.theme),
        "details": knows_all(person, entry.organization),
    }
    if not open_part["details"]:
        return open_part
    return {
        **open_part,
        **{name: getattr(entry, name) for name in entries.OWN},
        "review": entry.review.isoformat() if entry.review else None,
        "shares": [asdict(one) for one in entry.shares],
    }


def as_given(entry: Entry) -> Dict:
    """An entry in the fields that a form or program gives."""
    fields = {name: getattr(entry, importing.ATTRIBUTES[name]) for name in words.FIELDS}
    return {**fields, "shares": [asdict(one) for one in entry.shares]}


# --- lists -----------------------------------------------------------------------------------------------------------


def mainz_inventory_import(context: Any, data: Dict) -> Dict:
    """Takes a list in, or says what that would do.

    :param upload: a file (CSV, XLSX, ODS), or
    :param content: its bytes in base64, or
    :param rows: its rows as a list of objects by the names of fields or columns
    :param organization: the organisation of rows that name none
    :param dry: only say what it would do; true unless it is given as false

    An entry is known again by its organisation with its key, or else its title, so that no list doubles anything.
    Columns that a list does not have change nothing.

    :returns: ``columns`` (field → name in the list), ``ignored`` (columns that nobody knows), ``left_out`` (lines below
        the table), the numbers of rows that are ``new``, ``changed``, the ``same``, already a ``dataset`` or ``wrong``,
        and ``errors``: ``[{"row", "title", "errors": {field: [message]}, "messages"}]``; ``row`` is the number in the
        file
    :rtype: dictionary

    Raises ValidationError at ``upload`` for what is no such list; NotAuthorized.
    """
    toolkit.check_access("mainz_inventory_import", context, data)
    sheet = _sheet(data)
    report = importing.judge(people.acting(context), sheet, str(data.get("organization") or ""))
    if not toolkit.asbool(data.get("dry", True)):
        report = importing.write(context, report)
    return report.as_dict


def _sheet(data: Mapping[str, Any]) -> Sheet:
    rows = data.get("rows")
    if rows is not None:
        right = isinstance(rows, list) and all(isinstance(one, dict) for one in rows)
        if not right or not 0 < len(rows) <= lists.MOST_ROWS:
            raise toolkit.ValidationError({"rows": [_(NO_ROWS).format(most=lists.MOST_ROWS)]})
        return lists.of_rows(rows)
    with on_disk(_content(data)) as path:
        return lists.read(path)


def _content(data: Mapping[str, Any]) -> bytes:
    upload = data.get("upload")
    if isinstance(upload, FileStorage):
        return content_of(upload)
    try:
        content = base64.b64decode(str(data.get("content") or ""), validate=True)
    except (binascii.Error, ValueError) as error:
        raise toolkit.ValidationError({"content": [_(NO_BASE64)]}) from error
    return _bounded(content)


def content_of(upload: FileStorage) -> bytes:
    """The bytes of an uploaded list. Raises `toolkit.ValidationError` at ``upload`` for none or too many."""
    return _bounded(upload.stream.read(config.max_file_bytes() + 1))


def _bounded(content: bytes) -> bytes:
    if not content:
        raise lists.refused(_(NO_FILE))
    if len(content) > config.max_file_bytes():
        raise lists.refused(_(LARGE).format(limit=config.max_file_bytes() // config.MEGABYTE))
    return content


@contextmanager
def on_disk(content: bytes) -> Iterator[Path]:
    """A file with these bytes, gone at the end of the block."""
    with NamedTemporaryFile(prefix="mainz-inventory-") as file:
        file.write(content)
        file.flush()
        yield Path(file.name)


@toolkit.side_effect_free
def mainz_inventory_export(context: Any, data: Dict) -> Dict:
    """The entries that whoever asks keeps (all, for the Geschäftsstelle), as a list that can be imported again.

    :param format: ``csv`` (if left out) or ``xlsx``

    `organization`, `reason`, `due` and `q` as of `mainz_inventory_list`.

    :returns: ``{"name", "content"}``, the content in base64
    :rtype: dictionary
    """
    toolkit.check_access("mainz_inventory_export", context, data)
    kind = str(data.get("format") or files.CSV).lower()
    if kind not in files.MEDIA_TYPES:
        raise toolkit.ValidationError({"format": [_(NO_FORM).format(names=", ".join(files.MEDIA_TYPES))]})
    made = files.export(kept(people.acting(context), data), kind)
    return {"name": made.name, "content": base64.b64encode(made.content).decode()}


def kept(person: Person, asked: Mapping[str, Any]) -> list[Entry]:
    """The entries asked for that a person keeps."""
    return [one for one in found(person, asked) if entries.keeps(person, one.organization)]
