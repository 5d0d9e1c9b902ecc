"""Scores of datasets, what links answered, and the columns that were found in uploaded tables."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "mainz_quality",
        sa.Column("package_id", sa.Text, sa.ForeignKey("package.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("score", sa.Integer, nullable=False, index=True),
        sa.Column("dimensions", JSONB, nullable=False),
        sa.Column("findings", sa.Integer, nullable=False),
        sa.Column("computed", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "mainz_link",
        sa.Column("url", sa.Text, primary_key=True),
        sa.Column("status", sa.Integer),
        sa.Column("problem", sa.Text, nullable=False),
        sa.Column("asked", sa.DateTime(timezone=True), nullable=False),
        sa.Column("checked", sa.DateTime(timezone=True)),
    )
    op.create_table(
        "mainz_table_structure",
        sa.Column("resource_id", sa.Text, sa.ForeignKey("resource.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("file_key", sa.Text, nullable=False),
        sa.Column("columns", JSONB, nullable=False),
        sa.Column("delimiter", sa.Text, nullable=False),
        sa.Column("encoding", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
    )


def downgrade() -> None:
    for table in ("mainz_table_structure", "mainz_link", "mainz_quality"):
        op.drop_table(table)
