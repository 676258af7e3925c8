"""How a request ended: denied, cancelled in time or late, nobody there."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("requests", sa.Column("outcome", sa.String(), nullable=True))
    # How early it was is not known any more.
    op.execute("UPDATE requests SET outcome = 'cancelled' WHERE cancelled IS NOT NULL")


def downgrade() -> None:
    # In place: made anew, the table would take with it what hangs on its rows.
    op.drop_column("requests", "outcome")
