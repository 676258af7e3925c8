"""Rides that come every week, and what became of each of their dates."""

import sqlalchemy as sa
from alembic import op

revision = "0063"
down_revision = "0080"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "series",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("destination", sa.String(), nullable=False),
        sa.Column("appointment", sa.Integer(), nullable=True),
        sa.Column("arrive_earliest", sa.Integer(), nullable=True),
        sa.Column("arrive_latest", sa.Integer(), nullable=True),
        sa.Column("way_back", sa.String(), nullable=False),
        sa.Column("return_at", sa.Integer(), nullable=True),
        sa.Column("stay", sa.Integer(), nullable=True),
        sa.Column("pharmacy", sa.String(), nullable=False),
        sa.Column("mobility", sa.String(), nullable=False),
        sa.Column("companions", sa.Integer(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("weekdays", sa.String(), nullable=False),
        sa.Column("every", sa.Integer(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=True),
        sa.Column("on_closed", sa.String(), nullable=False),
        sa.Column("created", MOMENT, nullable=False),
        sa.Column("changed", MOMENT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_series_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_series")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_series_region"), "series", ["region"], unique=False)
    op.create_table(
        "series_dates",
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("fate", sa.String(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=True),
        sa.Column("by_hand", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["series_id"],
            ["series.id"],
            name=op.f("fk_series_dates_series_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["requests.id"], name=op.f("fk_series_dates_request_id")
        ),
        sa.PrimaryKeyConstraint("series_id", "date", name=op.f("pk_series_dates")),
    )
    op.create_index(
        op.f("ix_series_dates_request_id"), "series_dates", ["request_id"], unique=False
    )
    if op.get_bind().dialect.name == "postgresql":
        # Samples of it would outlive its rows.
        op.execute("ALTER TABLE series ALTER COLUMN note SET STATISTICS 0")


def downgrade() -> None:
    op.drop_table("series_dates")
    op.drop_table("series")
