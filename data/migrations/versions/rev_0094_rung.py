"""Whom somebody has rung about a version of a day's plan."""

import sqlalchemy as sa
from alembic import op

revision = "0094"
down_revision = "0093"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rung",
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"], ["requests.id"], name=op.f("fk_rung_request_id_requests")
        ),
        sa.PrimaryKeyConstraint("request_id", "version", name=op.f("pk_rung")),
    )
    op.create_index(op.f("ix_rung_region_date"), "rung", ["region", "date"])


def downgrade() -> None:
    op.drop_table("rung")
