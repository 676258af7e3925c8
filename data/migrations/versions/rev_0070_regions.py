"""How long a region keeps people; and what is sealed is not noted by PostgreSQL's planner."""

import sqlalchemy as sa
from alembic import op

revision = "0070"
down_revision = "0061"
branch_labels = None
depends_on = None

# Samples of these columns would outlive their rows, in a catalogue that only a superuser can clear.
SEALED = (
    ("people", "sealed"),
    ("homes", "sealed"),
    ("homes", "spot"),
    ("notes", "sealed"),
    ("imported", "sealed"),
    ("geocodes", "sealed"),
    ("geocodes", "spot"),
    ("answers", "sealed"),
)


def upgrade() -> None:
    """Make the table; whatever was sampled is gone with the next ANALYZE."""
    if op.get_bind().dialect.name == "postgresql":
        for table, column in SEALED:
            op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET STATISTICS 0")
    op.create_table(
        "regions",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("timezone", sa.String(), nullable=False),
        sa.Column("personal_weeks", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_regions"),
    )


def downgrade() -> None:
    """Remove the table; the next night after an upgrade fills it again."""
    if op.get_bind().dialect.name == "postgresql":
        for table, column in SEALED:
            op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET STATISTICS -1")
    op.drop_table("regions")
