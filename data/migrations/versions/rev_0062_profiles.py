"""What is known of passengers beside who they are: needs, usual addresses, consent."""

import sqlalchemy as sa
from alembic import op

revision = "0062"
down_revision = "0050"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # One by one, in place: SQLite would make the table anew otherwise.
    for column in (
        sa.Column("details", sa.LargeBinary(), nullable=True),
        sa.Column("consent", sa.String(), nullable=False, server_default="unknown"),
        sa.Column("consent_on", sa.Date(), nullable=True),
        sa.Column("changed", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
    ):
        op.add_column("people", column)
    if op.get_bind().dialect.name == "postgresql":
        # Samples of it would outlive its rows.
        op.execute("ALTER TABLE people ALTER COLUMN details SET STATISTICS 0")


def downgrade() -> None:
    for name in ("version", "changed", "consent_on", "consent", "details"):
        op.drop_column("people", name)
