"""The first shape of the ledger."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
TABLES = (
    "clients",
    "settings",
    "pairing_codes",
    "senders",
    "vendors",
    "messages",
    "aliases",
    "views",
    "findings",
    "copies",
    "edits",
    "open_attempts",
)


def upgrade() -> None:
    """Apply the step."""
    _create_clients()
    _create_messages()
    _create_findings()
    _create_copies()


def downgrade() -> None:
    """Take the step back."""
    for name in reversed(TABLES):
        op.drop_table(name)


def _create_clients() -> None:
    op.create_table(
        "clients",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("last_used_at", MOMENT, nullable=True),
        sa.Column("revoked_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_clients"),
        sa.UniqueConstraint("token_sha256", name="uq_clients_token_sha256"),
    )
    op.create_table(
        "pairing_codes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code_sha256", sa.String(length=64), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("tries_left", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_pairing_codes"),
    )
    op.create_table(
        "settings",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_settings"),
    )


def _create_messages() -> None:
    op.create_table(
        "senders",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("first_seen", MOMENT, nullable=False),
        sa.Column("last_seen", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_senders"),
        sa.UniqueConstraint("address", name="uq_senders_address"),
    )
    op.create_table(
        "vendors",
        sa.Column("id", sa.String(length=128), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("company", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_vendors"),
    )
    op.create_table(
        "messages",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=True),
        sa.Column("sender_id", sa.Integer(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("date", MOMENT, nullable=True),
        sa.Column("route", sa.String(length=64), nullable=False),
        sa.Column("notes", sa.JSON(), nullable=False),
        sa.Column("first_seen", MOMENT, nullable=False),
        sa.Column("last_seen", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["sender_id"], ["senders.id"], name="fk_messages_sender_id"),
        sa.PrimaryKeyConstraint("id", name="pk_messages"),
    )
    op.create_index("ix_messages_first_seen", "messages", ["first_seen"], unique=False)
    op.create_index("ix_messages_sender_id", "messages", ["sender_id"], unique=False)
    op.create_table(
        "aliases",
        sa.Column("alias", sa.String(length=900), nullable=False),
        sa.Column("message", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["message"], ["messages.id"], name="fk_aliases_message", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("alias", "message", name="pk_aliases"),
    )
    op.create_index("ix_aliases_message", "aliases", ["message"], unique=False)
    op.create_table(
        "views",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("message", sa.String(length=32), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("route", sa.String(length=64), nullable=False),
        sa.Column("delivery", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["message"], ["messages.id"], name="fk_views_message", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_views"),
    )
    op.create_index("ix_views_message_delivery", "views", ["message", "delivery"], unique=False)


def _create_findings() -> None:
    op.create_table(
        "open_attempts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("vendor", sa.String(length=128), nullable=True),
        sa.Column("blocked", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_open_attempts"),
    )
    op.create_index("ix_open_attempts_at", "open_attempts", ["at"], unique=False)
    op.create_table(
        "findings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("message", sa.String(length=32), nullable=False),
        sa.Column("url_sha256", sa.String(length=64), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("certainty", sa.String(length=64), nullable=False),
        sa.Column("action", sa.String(length=64), nullable=False),
        sa.Column("action_route", sa.String(length=64), nullable=False),
        sa.Column("why_seen", sa.String(length=64), nullable=True),
        sa.Column("visible", sa.Boolean(), nullable=False),
        sa.Column("element", sa.Text(), nullable=False),
        sa.Column("attribute", sa.Text(), nullable=False),
        sa.Column("vendor", sa.String(length=128), nullable=True),
        sa.Column("company", sa.Text(), nullable=True),
        sa.Column("carrier", sa.Text(), nullable=True),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("replacement", sa.Text(), nullable=True),
        sa.Column("first_seen", MOMENT, nullable=False),
        sa.Column("last_seen", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["message"], ["messages.id"], name="fk_findings_message", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["vendor"], ["vendors.id"], name="fk_findings_vendor"),
        sa.PrimaryKeyConstraint("id", name="pk_findings"),
        sa.UniqueConstraint("message", "url_sha256", name="uq_findings_message_url_sha256"),
    )
    op.create_index("ix_findings_vendor", "findings", ["vendor"], unique=False)


def _create_copies() -> None:
    op.create_table(
        "copies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("message", sa.String(length=32), nullable=False),
        sa.Column("place", sa.String(length=900), nullable=False),
        sa.Column("route", sa.String(length=64), nullable=False),
        sa.Column("original_sha256", sa.String(length=64), nullable=False),
        sa.Column("cleaned_sha256", sa.String(length=64), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["message"], ["messages.id"], name="fk_copies_message", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_copies"),
        sa.UniqueConstraint(
            "place",
            "original_sha256",
            "cleaned_sha256",
            name="uq_copies_place_original_sha256_cleaned_sha256",
        ),
    )
    op.create_index("ix_copies_cleaned_sha256", "copies", ["cleaned_sha256"], unique=False)
    op.create_index("ix_copies_message", "copies", ["message"], unique=False)
    op.create_table(
        "edits",
        sa.Column("copy", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("original", sa.LargeBinary(), nullable=False),
        sa.Column("replacement", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["copy"], ["copies.id"], name="fk_edits_copy", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("copy", "position", name="pk_edits"),
    )
