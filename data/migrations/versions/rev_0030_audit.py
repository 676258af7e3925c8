"""Who read and changed what: rows that can be added and neither changed nor taken away."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0010"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)

# What is older than the anchor may go (data.audit_chain). REPLACE deletes on SQLite without a
# trigger for it: rows come only after the last one.
SQLITE = (
    (
        "CREATE TRIGGER audit_stays_as_it_is BEFORE UPDATE ON audit "
        "BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END"
    ),
    (
        "CREATE TRIGGER audit_stays BEFORE DELETE ON audit "
        "WHEN OLD.id > coalesce((SELECT number FROM audit_anchor WHERE id = 1), 0) "
        "BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END"
    ),
    (
        "CREATE TRIGGER audit_grows BEFORE INSERT ON audit "
        "WHEN NEW.id <= (SELECT coalesce(max(id), 0) FROM audit) "
        "BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END"
    ),
    (
        "CREATE TRIGGER audit_anchor_stays BEFORE DELETE ON audit_anchor "
        "BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END"
    ),
    (
        "CREATE TRIGGER audit_anchor_grows BEFORE UPDATE ON audit_anchor "
        "WHEN NEW.number < OLD.number BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END"
    ),
)
POSTGRESQL = (
    (
        "CREATE FUNCTION audit_stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF TG_OP = 'INSERT' THEN "
        "IF NEW.id > (SELECT coalesce(max(id), 0) FROM audit) THEN RETURN NEW; END IF; "
        "ELSIF TG_OP = 'DELETE' THEN "
        "IF OLD.id <= coalesce((SELECT number FROM audit_anchor WHERE id = 1), 0) "
        "THEN RETURN OLD; END IF; "
        "END IF; RAISE EXCEPTION 'audit is append-only'; END $$"
    ),
    (
        "CREATE FUNCTION audit_anchor_stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF TG_OP = 'UPDATE' THEN "
        "IF NEW.number >= OLD.number THEN RETURN NEW; END IF; "
        "END IF; RAISE EXCEPTION 'audit is append-only'; END $$"
    ),
    (
        "CREATE TRIGGER audit_stays BEFORE INSERT OR UPDATE OR DELETE ON audit "
        "FOR EACH ROW EXECUTE FUNCTION audit_stays()"
    ),
    (
        "CREATE TRIGGER audit_stays_whole BEFORE TRUNCATE ON audit "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_stays()"
    ),
    (
        "CREATE TRIGGER audit_anchor_stays BEFORE UPDATE OR DELETE ON audit_anchor "
        "FOR EACH ROW EXECUTE FUNCTION audit_anchor_stays()"
    ),
    (
        "CREATE TRIGGER audit_anchor_stays_whole BEFORE TRUNCATE ON audit_anchor "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_anchor_stays()"
    ),
)


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("touched", sa.String(), nullable=False),
        sa.Column("request_id", sa.String(), nullable=False),
        sa.Column("previous", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_table(
        "audit_anchor",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_anchor")),
    )
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("audit")
    op.drop_table("audit_anchor")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION audit_stays(), audit_anchor_stays()")
