"""The table of the release check, as the migration of ``mainz_governance`` makes it."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

metadata = sa.MetaData()

#: What the scan has found in the bytes that `file_key` names. Derived data: what is missing is looked for again.
#: `basis` says by which scan, threshold and title; `problem` is a code of `findings.Unread`, empty for a table.
scan = sa.Table(
    "mainz_scan",
    metadata,
    sa.Column("resource_id", sa.Text, primary_key=True),
    sa.Column("file_key", sa.Text, primary_key=True),
    sa.Column("basis", sa.Text, nullable=False),
    sa.Column("findings", JSONB, nullable=False),
    sa.Column("unread_sheets", JSONB, nullable=False),
    sa.Column("problem", sa.Text, nullable=False),
    sa.Column("looked", sa.DateTime(timezone=True), nullable=False),
)
