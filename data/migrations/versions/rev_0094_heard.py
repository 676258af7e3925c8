"""Who has heard what a version of a day's plan does with them."""

import sqlalchemy as sa
from alembic import op

revision = "0094"
down_revision = "0093"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "heard",
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["request_id"], ["requests.id"], name=op.f("fk_heard_request_id")),
        sa.PrimaryKeyConstraint("request_id", "date", "version", name=op.f("pk_heard")),
    )
    op.create_index(op.f("ix_heard_region_date"), "heard", ["region", "date"])


def downgrade() -> None:
    op.drop_table("heard")
