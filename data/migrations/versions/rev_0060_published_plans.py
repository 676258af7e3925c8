"""Which versions of plans are published, by whom; those never change until they are forgotten."""

import sqlalchemy as sa
from alembic import op

revision = "0060"
down_revision = "0030"
branch_labels = None
depends_on = None

# A forgotten plan (data.retention) has an empty input key, and is never given out again.
SAME_DAY_AND_VERSION = " AND ".join(
    f"NEW.{name} = OLD.{name}" for name in ("id", "region", "date", "version", "created")
)
FORGETTING = f"NEW.input_key = '' AND NEW.published IS NOT NULL AND {SAME_DAY_AND_VERSION}"
# REPLACE deletes on SQLite without a trigger for it.
TAKES_ITS_PLACE = (
    "EXISTS (SELECT 1 FROM plans AS other WHERE other.published IS NOT NULL {but} "
    "AND (other.id = NEW.id OR (other.region = NEW.region AND other.date = NEW.date "
    "AND other.version = NEW.version)))"
)
REFUSED = "a published plan never changes"
SQLITE = (
    (
        "CREATE TRIGGER plans_published_stay_as_they_are BEFORE UPDATE ON plans "
        f"WHEN (OLD.published IS NOT NULL AND NOT ({FORGETTING})) "
        f"OR {TAKES_ITS_PLACE.format(but='AND other.id <> OLD.id')} "
        f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
    ),
    (
        "CREATE TRIGGER plans_published_stay BEFORE DELETE ON plans "
        "WHEN OLD.published IS NOT NULL AND OLD.input_key <> '' "
        f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
    ),
    (
        "CREATE TRIGGER plans_published_are_not_replaced BEFORE INSERT ON plans "
        f"WHEN {TAKES_ITS_PLACE.format(but='')} "
        f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
    ),
)
POSTGRESQL = (
    (
        "CREATE FUNCTION plans_published_stay() "  # noqa: S608  (all of it stands here)
        "RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF TG_OP = 'UPDATE' THEN "
        f"IF OLD.published IS NULL OR ({FORGETTING}) THEN RETURN NEW; END IF; "
        "ELSIF TG_OP = 'DELETE' THEN "
        "IF OLD.published IS NULL OR OLD.input_key = '' THEN RETURN OLD; END IF; "
        "ELSIF NOT EXISTS (SELECT 1 FROM plans WHERE published IS NOT NULL AND input_key <> '') "
        "THEN RETURN NULL; "
        f"END IF; RAISE EXCEPTION '{REFUSED}'; END $$"
    ),
    (
        "CREATE TRIGGER plans_published_stay BEFORE UPDATE OR DELETE ON plans "
        "FOR EACH ROW EXECUTE FUNCTION plans_published_stay()"
    ),
    (
        "CREATE TRIGGER plans_published_stay_whole BEFORE TRUNCATE ON plans "
        "FOR EACH STATEMENT EXECUTE FUNCTION plans_published_stay()"
    ),
)


def upgrade() -> None:
    op.add_column("plans", sa.Column("published", sa.DateTime(timezone=True), nullable=True))
    op.add_column("plans", sa.Column("publisher", sa.String(), nullable=True))
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for statement in SQLITE:
            op.execute(f"DROP TRIGGER {statement.split()[2]}")
    else:
        op.execute("DROP FUNCTION plans_published_stay() CASCADE")
    op.drop_column("plans", "publisher")
    op.drop_column("plans", "published")
