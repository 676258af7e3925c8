"""Who drives on one date, instead of whom the files of the region name."""

import sqlalchemy as sa
from alembic import op

revision = "0080"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "shift_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("shift", sa.String(), nullable=False),
        sa.Column("decision", sa.String(), nullable=False),
        sa.Column("driver", sa.String(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shift_changes")),
        sa.UniqueConstraint(
            "region", "date", "shift", name=op.f("uq_shift_changes_region_date_shift")
        ),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    op.drop_table("shift_changes")
