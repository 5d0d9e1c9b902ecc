"""Tables of the room, as the migration of ``mainz_metadata`` makes them."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

metadata = sa.MetaData()

#: The score of each dataset: in all, and by dimension (code → points). Derived data; computed on save and nightly.
quality = sa.Table(
    "mainz_quality",
    metadata,
    sa.Column("package_id", sa.Text, primary_key=True),
    sa.Column("score", sa.Integer, nullable=False),
    sa.Column("dimensions", JSONB, nullable=False),
    sa.Column("findings", sa.Integer, nullable=False),
    sa.Column("computed", sa.DateTime(timezone=True), nullable=False),
)

#: What an address answered. `asked`: since when it is in use here; `checked` is empty while nobody has looked;
#: `problem`: a code of `links.PROBLEMS`, empty where it answers.
link = sa.Table(
    "mainz_link",
    metadata,
    sa.Column("url", sa.Text, primary_key=True),
    sa.Column("status", sa.Integer),
    sa.Column("problem", sa.Text, nullable=False),
    sa.Column("asked", sa.DateTime(timezone=True), nullable=False),
    sa.Column("checked", sa.DateTime(timezone=True)),
)

#: The columns that were found in an uploaded table, and its checksum, for the bytes that `file_key` names.
structure = sa.Table(
    "mainz_table_structure",
    metadata,
    sa.Column("resource_id", sa.Text, primary_key=True),
    sa.Column("file_key", sa.Text, nullable=False),
    sa.Column("columns", JSONB, nullable=False),
    sa.Column("delimiter", sa.Text, nullable=False),
    sa.Column("encoding", sa.Text, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
)
