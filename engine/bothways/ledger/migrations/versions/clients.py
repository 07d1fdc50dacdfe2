"""Which mail program a delivery went to."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the step."""
    op.add_column("views", sa.Column("client", sa.Text(), nullable=True))


def downgrade() -> None:
    """Take the step back."""
    op.drop_column("views", "client")
