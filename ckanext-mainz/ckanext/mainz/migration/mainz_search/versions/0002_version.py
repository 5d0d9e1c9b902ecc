"""The version of the search index."""

from importlib.resources import files

from alembic import op
from sqlalchemy import text

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(text((files("ckanext.mainz.search") / "sql" / "version.sql").read_text(encoding="utf-8")))


def downgrade() -> None:
    op.execute(text("DROP TABLE IF EXISTS mainz_search_version"))
