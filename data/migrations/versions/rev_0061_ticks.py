"""What drivers mark of each trip: rows that can be added, and change only to be forgotten."""

import sqlalchemy as sa
from alembic import op

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)

# A forgotten row (data.retention) has no actor any more; only such a row may go.
FORGETTING = "NEW.actor = '' AND " + " AND ".join(
    f"NEW.{name} = OLD.{name}"
    for name in ("id", "region", "date", "request_id", "trip", "shift", "mark")
)
# REPLACE deletes on SQLite without a trigger for it: numbers come only after the last one, and
# the key of another row is refused before.
TAKES_ITS_PLACE = (
    "EXISTS (SELECT 1 FROM ticks AS other WHERE other.region = NEW.region AND other.key = NEW.key "
    "{but})"
)
REFUSED = "ticks are append-only"
SQLITE = (
    (
        f"CREATE TRIGGER ticks_stay_as_they_are BEFORE UPDATE ON ticks WHEN NOT ({FORGETTING}) "
        f"OR {TAKES_ITS_PLACE.format(but='AND other.id <> OLD.id')} "
        f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
    ),
    (
        "CREATE TRIGGER ticks_stay BEFORE DELETE ON ticks WHEN OLD.actor <> '' "
        f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
    ),
    (
        "CREATE TRIGGER ticks_grow BEFORE INSERT ON ticks "  # noqa: S608  (all of it stands here)
        "WHEN EXISTS (SELECT 1 FROM ticks AS other WHERE other.id = NEW.id) "
        f"OR {TAKES_ITS_PLACE.format(but='')} "
        f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
    ),
)
POSTGRESQL = (
    (
        "CREATE FUNCTION ticks_stay() "  # noqa: S608  (all of it stands here)
        "RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF TG_OP = 'UPDATE' THEN IF {FORGETTING} THEN RETURN NEW; END IF; "
        "ELSIF TG_OP = 'DELETE' THEN IF OLD.actor = '' THEN RETURN OLD; END IF; "
        "ELSIF NOT EXISTS (SELECT 1 FROM ticks WHERE actor <> '') THEN RETURN NULL; "
        f"END IF; RAISE EXCEPTION '{REFUSED}'; END $$"
    ),
    (
        "CREATE TRIGGER ticks_stay BEFORE UPDATE OR DELETE ON ticks "
        "FOR EACH ROW EXECUTE FUNCTION ticks_stay()"
    ),
    (
        "CREATE TRIGGER ticks_stay_whole BEFORE TRUNCATE ON ticks "
        "FOR EACH STATEMENT EXECUTE FUNCTION ticks_stay()"
    ),
)


def upgrade() -> None:
    op.create_table(
        "ticks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("trip", sa.String(), nullable=False),
        sa.Column("shift", sa.String(), nullable=False),
        sa.Column("mark", sa.String(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("received", MOMENT, nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["request_id"], ["requests.id"], name=op.f("fk_ticks_request_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticks")),
        sa.UniqueConstraint("region", "key", name=op.f("uq_ticks_region_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_ticks_region_date"), "ticks", ["region", "date"], unique=False)
    op.create_index(op.f("ix_ticks_request_id"), "ticks", ["request_id"], unique=False)
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("ticks")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION ticks_stay()")
