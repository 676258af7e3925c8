"""Answers that were given under a key, for whoever repeats a call."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "answers",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("proof", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("given", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_answers")),
    )
    op.create_index(op.f("ix_answers_given"), "answers", ["given"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_answers_given"), table_name="answers")
    op.drop_table("answers")
