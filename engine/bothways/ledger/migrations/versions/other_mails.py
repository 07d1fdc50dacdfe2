"""What a click told, and the shape of each URL: in which other mails does it stand?

The shapes of old findings are filled in; what a click on an old link told stays unknown.
"""

import sqlalchemy as sa
from alembic import op

from bothways.ledger.shapes import digest_shape

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

BY_URL = "ix_findings_url_sha256_message"
BY_SHAPE = "ix_findings_shape_message_url_sha256"
BATCH = 1000
findings = sa.table("findings", sa.column("id"), sa.column("url"), sa.column("shape"))


def upgrade() -> None:
    """Apply the step."""
    op.add_column("findings", sa.Column("link", sa.JSON(none_as_null=True), nullable=True))
    op.add_column("findings", sa.Column("shape", sa.String(length=32), nullable=True))
    _fill_shapes(op.get_bind())
    op.create_index(BY_URL, "findings", ["url_sha256", "message"], unique=False)
    op.create_index(BY_SHAPE, "findings", ["shape", "message", "url_sha256"], unique=False)


def downgrade() -> None:
    """Take the step back."""
    op.drop_index(BY_SHAPE, table_name="findings")
    op.drop_index(BY_URL, table_name="findings")
    op.drop_column("findings", "shape")
    op.drop_column("findings", "link")


def _fill_shapes(connection: sa.Connection) -> None:
    update = findings.update().where(findings.c.id == sa.bindparam("number"))
    last = 0
    while True:
        some = sa.select(findings.c.id, findings.c.url).where(findings.c.id > last).order_by(findings.c.id)
        rows = connection.execute(some.limit(BATCH)).all()
        if not rows:
            return
        last = rows[-1].id
        shaped = [{"number": row.id, "shape": digest_shape(row.url)} for row in rows]
        connection.execute(update, shaped)
