"""The outbox of the search index and the triggers that fill it."""

from importlib.resources import files

from alembic import op
from sqlalchemy import text

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

SQL = files("ckanext.mainz.search") / "sql"


def upgrade() -> None:
    op.execute(text((SQL / "outbox.sql").read_text(encoding="utf-8")))


def downgrade() -> None:
    op.execute(text((SQL / "outbox_down.sql").read_text(encoding="utf-8")))
