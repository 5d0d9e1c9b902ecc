"""Tables for runs of the harvest, and for what is remembered of each record of a source."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def _source(*, primary_key: bool = False) -> sa.Column:
    """The source that a row belongs to; with the source, its rows go."""
    return sa.Column(
        "source_id",
        sa.Text,
        sa.ForeignKey("harvest_source.id", ondelete="CASCADE"),
        primary_key=primary_key,
        nullable=False,
    )


def upgrade() -> None:
    op.create_table(
        "mainz_harvest_run",
        sa.Column("id", sa.Text, primary_key=True),
        _source(),
        sa.Column("job_id", sa.Text, nullable=False, server_default=""),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("dry", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("started", sa.DateTime(timezone=True), nullable=False),
        sa.Column("beat", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished", sa.DateTime(timezone=True)),
        sa.Column("total", sa.Integer, nullable=False, server_default="0"),
        sa.Column("done", sa.Integer, nullable=False, server_default="0"),
        sa.Column("complete", sa.Boolean),
        sa.Column("report", JSONB, nullable=False, server_default="{}"),
    )
    op.create_index("mainz_harvest_run_source", "mainz_harvest_run", ["source_id", "started"])
    op.create_table(
        "mainz_harvest_record",
        _source(primary_key=True),
        sa.Column("guid", sa.Text, primary_key=True),
        sa.Column("keys", ARRAY(sa.Text), nullable=False),
        sa.Column("likeness", sa.Text, nullable=False, server_default=""),
        sa.Column("fingerprint", sa.Text, nullable=False, server_default=""),
        sa.Column("package_id", sa.Text, nullable=False, server_default=""),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("missing", sa.Integer, nullable=False, server_default="0"),
        sa.Column("memory", JSONB, nullable=False, server_default="{}"),
        sa.Column("notes", JSONB, nullable=False, server_default="{}"),
        sa.Column("first_seen", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("mainz_harvest_record_keys", "mainz_harvest_record", ["keys"], postgresql_using="gin")
    op.create_index("mainz_harvest_record_package", "mainz_harvest_record", ["package_id"])
    op.create_table(
        "mainz_harvest_release",
        _source(primary_key=True),
        sa.Column("level", sa.Text, nullable=False),
        sa.Column("check", JSONB, nullable=False),
        sa.Column("licenses", ARRAY(sa.Text), nullable=False),
        sa.Column("released_by", sa.Text, nullable=False),
        sa.Column("released", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    for name in ("mainz_harvest_release", "mainz_harvest_record", "mainz_harvest_run"):
        op.drop_table(name)
