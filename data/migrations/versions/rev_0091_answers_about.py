"""Whom an answer is about, so that it can be forgotten with them."""

import sqlalchemy as sa
from alembic import op

revision = "0091"
down_revision = "0090"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("answers", sa.Column("about", sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    op.drop_column("answers", "about")
