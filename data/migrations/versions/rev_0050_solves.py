"""Days that are to be planned: a row first, and work second."""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0070"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
OPEN = sa.text("state IN ('waiting', 'running')")


def upgrade() -> None:
    op.create_table(
        "solves",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=True),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("asked", MOMENT, nullable=False),
        sa.Column("begun", MOMENT, nullable=True),
        sa.Column("ended", MOMENT, nullable=True),
        sa.Column("stop_asked", MOMENT, nullable=True),
        sa.Column("holder", sa.String(), nullable=True),
        sa.Column("heartbeat", MOMENT, nullable=True),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("progress", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("error", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_solves")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_solves_region_date"), "solves", ["region", "date"], unique=False)
    op.create_index(op.f("ix_solves_state"), "solves", ["state"], unique=False)
    op.create_index(
        "uq_solves_open",
        "solves",
        ["region", "date"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )


def downgrade() -> None:
    op.drop_table("solves")
