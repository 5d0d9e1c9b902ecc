"""Tables of the room, as the migration of ``mainz_harvest`` makes them."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

metadata = sa.MetaData()


def _time(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True))


#: A run of a source. `state`: ``running``, ``finished``, ``stopped`` (waits for a person), ``failed``, ``aborted`` (its
#: process ended); `beat`: when it last showed that it lives; `total` and `done` count records; `complete`: whether the
#: source was read to its end; `report`: see `report.Report`.
run = sa.Table(
    "mainz_harvest_run",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("source_id", sa.Text),
    sa.Column("job_id", sa.Text),
    sa.Column("state", sa.Text),
    sa.Column("dry", sa.Boolean),
    _time("started"),
    _time("beat"),
    _time("finished"),
    sa.Column("total", sa.Integer),
    sa.Column("done", sa.Integer),
    sa.Column("complete", sa.Boolean),
    sa.Column("report", JSONB),
)

#: What is remembered of a record of a source. `keys` and `likeness`: see `identity`; `fingerprint`: of its mapped form;
#: `state`: ``current``, ``refused``, ``archived``; `missing`: complete runs in a row without it; `memory`: see
#: `merging.Memory`; `notes`: what was mended, left out or refused.
record = sa.Table(
    "mainz_harvest_record",
    metadata,
    sa.Column("source_id", sa.Text, primary_key=True),
    sa.Column("guid", sa.Text, primary_key=True),
    sa.Column("keys", ARRAY(sa.Text)),
    sa.Column("likeness", sa.Text),
    sa.Column("fingerprint", sa.Text),
    sa.Column("package_id", sa.Text),
    sa.Column("state", sa.Text),
    sa.Column("missing", sa.Integer),
    sa.Column("memory", JSONB),
    sa.Column("notes", JSONB),
    _time("first_seen"),
    _time("changed"),
)

#: The release of a source: what it delivers later is released at `level` as long as its licence is one of `licenses`
#: and the answers of the release check (`check`) hold for it.
release = sa.Table(
    "mainz_harvest_release",
    metadata,
    sa.Column("source_id", sa.Text, primary_key=True),
    sa.Column("level", sa.Text),
    sa.Column("check", JSONB),
    sa.Column("licenses", ARRAY(sa.Text)),
    sa.Column("released_by", sa.Text),
    _time("released"),
)
