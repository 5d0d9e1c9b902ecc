"""The files of a record as resources, each with its bytes (see `contents`)."""

from __future__ import annotations

from collections import Counter
from typing import Any

from ckanext.mainz.foundation.errors import N_
from ckanext.mainz.harvest.contents import CONTENT
from ckanext.mainz.harvest.duva import known, names, periods
from ckanext.mainz.harvest.duva.items import Item
from ckanext.mainz.harvest.duva.model import File, Record
from ckanext.mainz.harvest.duva.settings import DuvaSettings
from ckanext.mainz.harvest.gdi.prose import one_line, prose, shortened
from ckanext.mainz.harvest.report import Reason
from ckanext.mainz.harvest.spool import Spool
from ckanext.mainz.metadata import dates, formats
from ckanext.mainz.metadata.derive import SHA256

Resource = dict[str, Any]
NO_TABLE = N_("“{file}” is kept as it is, but cannot be read as a table: {why}")
ODD = N_("“{file}”: {finding}")
MOST_COLUMNS = 500
#: Kinds of files that are no tables and need not be.
OTHERWISE = frozenset({"json"})


def of_files(record: Record, title: str, settings: DuvaSettings, spool: Spool) -> list[Resource]:
    """The files in the order of their names."""
    return [_resource(one, record, title, settings, spool) for one in record.files]


def reasons(record: Record) -> list[Reason]:
    """What a person should know of the files: those that no reader takes, and what is odd in the others."""
    told = [_no_table(one) for one in record.files if one.look.refused and _ending(one) not in OTHERWISE]
    odd = [
        Reason("table", ODD, {"file": one.name, "finding": text}) for one in record.files for text in one.look.findings
    ]
    return [*told, *odd]


def _no_table(file: File) -> Reason:
    return Reason("no_table", NO_TABLE, {"file": file.name, "why": file.look.why})


def _resource(file: File, record: Record, title: str, settings: DuvaSettings, spool: Spool) -> Resource:
    description = prose(file.row.description) if len(record.files) > 1 else ""
    found = {
        "source_key": _key(file, record),
        "name": _name(file, record, title),
        "description": description if known.letters(description) != known.letters(title) else "",
        "format": file.look.format or _format(file),
        "modified": dates.moment(file.row.modified) if dates.is_moment(file.row.modified) else "",
        "license_attribution_text": one_line(file.row.attribution or settings.attribution or file.row.source),
        "data_dictionary": [dict(one) for one in file.look.columns[:MOST_COLUMNS]],
        "size": file.stored.size,
        "hash": file.stored.sha256,
        "hash_algorithm": SHA256,
        CONTENT: file.stored.content(file.name.rsplit("/", 1)[-1], spool),
    }
    return {name: value for name, value in found.items() if value not in ("", [])}


def _key(file: File, record: Record) -> str:
    """By which a run knows the file again: where a record has one of each ending, by that, so that a renamed file keeps
    its address; else by its name."""
    endings, compared = Counter(map(_ending, record.files)), Counter(map(_compared, record.files))
    if endings[_ending(file)] == 1 and not record.by_kennung:
        return _ending(file)
    return _compared(file) if compared[_compared(file)] == 1 else file.name


def _compared(file: File) -> str:
    return f"{names.key(file.name)}.{_ending(file)}"


def _name(file: File, record: Record, title: str) -> str:
    """The title of the file, with what tells it from the others of the record."""
    own = shortened(one_line(file.row.title)) or title
    if len(record.files) == 1:
        return own
    told = Counter(one.row.title for one in record.files)[file.row.title] == 1 and file.row.title
    period = "" if told else _years(file)
    return shortened(f"{own} ({', '.join(filter(None, [period, file.look.format or _format(file)]))})")


def _years(file: File) -> str:
    first, last = names.years(names.stem_of(file.name))
    if not first:
        period = (periods.read(file.row.period) if file.row.period else None) or file.look.period
        first, last = (period.start, period.end) if period else ("", "")
    return f"{first}–{last}" if last and last != first else first


def _format(file: File) -> str:
    found = formats.of_address(file.name.rsplit("/", 1)[-1]) or formats.unknown()
    return found.name


def _ending(file: File) -> str:
    return Item(file.name, "").ending
