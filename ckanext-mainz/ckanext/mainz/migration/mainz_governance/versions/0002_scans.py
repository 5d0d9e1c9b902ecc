"""A table for what the release check has found in uploaded files."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "mainz_scan",
        sa.Column("resource_id", sa.Text, primary_key=True),
        sa.Column("file_key", sa.Text, primary_key=True),
        sa.Column("basis", sa.Text, nullable=False),
        sa.Column("findings", JSONB, nullable=False),
        sa.Column("unread_sheets", JSONB, nullable=False),
        sa.Column("problem", sa.Text, nullable=False, server_default=""),
        sa.Column("looked", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("mainz_scan")
