"""What happened on a day that was planned already."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # As SQL's NULL: JSON has a null of its own.
    op.add_column("plans", sa.Column("amendment", sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    op.drop_column("plans", "amendment")
