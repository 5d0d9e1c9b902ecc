"""Tables of governance, the state of the records that are there, and the fence and the index told by triggers."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TYPES = "('dataset', 'dataset_series', 'data_service')"

# What was public is taken over as released, all else as a draft; governance/prepare.py writes the log.
TAKE_OVER = f"""
UPDATE package SET
    private = private OR state <> 'active',
    extras = extras || jsonb_build_object(
        'visibility', 'oeffentlich',
        'lifecycle', CASE WHEN private OR state <> 'active' THEN 'entwurf' ELSE 'freigegeben' END)
WHERE type IN {TYPES} AND NOT extras ? 'lifecycle'
"""  # noqa: S608 - constants of this file

# The fence, held by the database itself: a mistake of ours or of an extension fails instead of showing a record.
FENCE = f"""
CREATE OR REPLACE FUNCTION mainz_fence() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.type IN {TYPES} AND NEW.private IS DISTINCT FROM NOT COALESCE(
        NEW.extras->>'visibility' = 'oeffentlich' AND NEW.extras->>'lifecycle' IN ('freigegeben', 'archiviert'), false)
    THEN
        RAISE EXCEPTION 'The record % may not have private=% at level "%" and state "%"',
            NEW.id, NEW.private, NEW.extras->>'visibility', NEW.extras->>'lifecycle' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER mainz_fence BEFORE INSERT OR UPDATE ON package
    FOR EACH ROW EXECUTE FUNCTION mainz_fence();
"""

# Whatever takes readers away from a record or a file hides it until the index has caught up (mainz_search_enqueue).
READERS = """
CREATE OR REPLACE FUNCTION mainz_level_rank(level text) RETURNS integer LANGUAGE sql IMMUTABLE AS $$
    SELECT COALESCE(array_position(ARRAY['intern', 'verwaltung', 'konzern', 'partner', 'oeffentlich'], level), 0)
$$;
CREATE OR REPLACE FUNCTION mainz_readers_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.extras->>'lifecycle' IN ('freigegeben', 'archiviert', 'inventar') AND (
        NEW.extras->>'lifecycle' NOT IN ('freigegeben', 'archiviert', 'inventar')
        OR mainz_level_rank(NEW.extras->>'visibility') < mainz_level_rank(OLD.extras->>'visibility')
        OR NEW.extras->>'shared_with' IS DISTINCT FROM OLD.extras->>'shared_with')
    THEN
        PERFORM mainz_search_enqueue(NEW.id, true);
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER mainz_readers AFTER UPDATE OF extras ON package
    FOR EACH ROW EXECUTE FUNCTION mainz_readers_changed();
CREATE OR REPLACE FUNCTION mainz_file_readers_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NULLIF(NEW.extras, '')::json->>'visibility' IS DISTINCT FROM NULLIF(OLD.extras, '')::json->>'visibility' THEN
        PERFORM mainz_search_enqueue(NEW.package_id, true);
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER mainz_readers AFTER UPDATE OF extras ON resource
    FOR EACH ROW EXECUTE FUNCTION mainz_file_readers_changed();
"""


def of_package(primary_key: bool = False, nullable: bool = False, index: bool = False) -> sa.Column:
    there = sa.ForeignKey("package.id", ondelete="CASCADE")
    return sa.Column("package_id", sa.Text, there, primary_key=primary_key, nullable=nullable, index=index)


def of_user() -> sa.Column:
    return sa.Column("user_id", sa.Text, sa.ForeignKey("user.id", ondelete="CASCADE"), primary_key=True)


def text(name: str) -> sa.Column:
    return sa.Column(name, sa.Text, nullable=False, server_default="")


def json(name: str, empty: str = "{}") -> sa.Column:
    return sa.Column(name, JSONB, nullable=False, server_default=empty)


def time(name: str, nullable: bool = True) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "mainz_record",
        of_package(primary_key=True),
        json("check"),
        text("asked_by"),
        time("asked"),
        text("released_by"),
        time("released"),
        time("first_public"),
        sa.Column("standing", JSONB),
        sa.Column("returned", JSONB),
        text("source"),
    )
    op.create_table(
        "mainz_contribution",
        of_package(primary_key=True),
        sa.Column("user_id", sa.Text, primary_key=True),
        time("at", False),
    )
    op.create_table(
        "mainz_proposal",
        sa.Column("id", sa.Text, primary_key=True),
        of_package(nullable=False, index=True),
        text("kind"),
        sa.Column("state", sa.Text, nullable=False, index=True),
        text("author"),
        time("created", False),
        json("changes"),
        text("level"),
        json("check"),
        text("replaced_by"),
        text("decided_by"),
        time("decided"),
        text("reason"),
        text("note"),
    )
    op.create_table(
        "mainz_release",
        of_package(primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        time("at", False),
        text("role"),
        text("level"),
        json("content"),
    )
    op.create_table(
        "mainz_tombstone",
        sa.Column("package_id", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False, index=True),
        sa.Column("withdrawn", sa.Date, nullable=False),
        text("successor"),
    )
    op.create_table(
        "mainz_portal_role",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("user_id", sa.Text, sa.ForeignKey("user.id", ondelete="CASCADE"), nullable=False, index=True),
        sa.Column("role", sa.Text, nullable=False),
        text("organization_id"),
        text("for_user"),
        sa.Column("until", sa.Date),
        text("granted_by"),
        time("granted", False),
    )
    op.create_table(
        "mainz_invitation",
        of_user(),
        text("organization_id"),
        text("capacity"),
        time("until", False),
        text("invited_by"),
    )
    op.create_table(
        "mainz_inventory",
        of_package(primary_key=True),
        *(text(name) for name in ("system", "place", "keeper", "reason", "note")),
        sa.Column("review", sa.Date, index=True),
        json("shares", "[]"),
        text("key"),
    )
    op.create_table(
        "mainz_mail",
        of_user(),
        time("sent"),
        text("digest"),
        sa.Column("unsubscribed", sa.Boolean, nullable=False, server_default="false"),
        text("token"),
    )
    for statement in (TAKE_OVER, FENCE, READERS):
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TRIGGER IF EXISTS mainz_fence ON package")
    for table in ("package", "resource"):
        op.execute(f"DROP TRIGGER IF EXISTS mainz_readers ON {table}")
    op.execute(
        "DROP FUNCTION IF EXISTS mainz_fence, mainz_readers_changed, mainz_file_readers_changed, mainz_level_rank"
    )
    for name in [
        "mail",
        "inventory",
        "invitation",
        "portal_role",
        "tombstone",
        "release",
        "proposal",
        "contribution",
        "record",
    ]:
        op.drop_table(f"mainz_{name}")
