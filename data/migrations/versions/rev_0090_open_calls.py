"""Calls that are not complete yet."""

import sqlalchemy as sa
from alembic import op

revision = "0090"
down_revision = "0063"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "open_calls",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("form", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("changed", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_open_calls")),
        sa.UniqueConstraint("region", "form", name=op.f("uq_open_calls_region_form")),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    op.drop_table("open_calls")
