"""The practice area: its own tables, and uploads that belong to it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.kernel import db

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

BID = ("draft", "uploading", "sealed", "withdrawn", "locked", "read_out", "decrypt_failed_own", "decrypt_failed_other")
ENVELOPE = ("sealed", "replaced", "withdrawn", "locked", "released", "opened", "decrypt_failed_own", "decrypt_failed_other", "shut")


def upgrade() -> None:
    with op.batch_alter_table("upload", schema=None) as batch_op:
        batch_op.add_column(sa.Column("practice", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("upload", schema=None) as batch_op:
        batch_op.alter_column("practice", server_default=None, existing_type=sa.Boolean(), existing_nullable=False)
    op.create_table(
        "practice",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.String(length=40), nullable=False),
        sa.Column("lot_file", db.JsonText(), nullable=False),
        sa.Column("state", sa.Enum(*BID, name="bid_state", native_enum=False, create_constraint=True, length=40), nullable=False),
        sa.Column("ver", sa.Integer(), nullable=False),
        sa.Column("deadline", db.UtcDateTime(), nullable=True),
        sa.Column("expires_at", db.UtcDateTime(), nullable=False),
        sa.CheckConstraint("ver >= 0", name=op.f("ck_practice_ver_not_negative")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_practice")),
        sa.UniqueConstraint("case_id", name=op.f("uq_practice_case_id")),
    )
    op.create_index(op.f("ix_practice_expires_at"), "practice", ["expires_at"])
    op.create_table(
        "practice_envelope",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("upload_id", sa.Uuid(), nullable=False),
        sa.Column("ver", sa.Integer(), nullable=False),
        sa.Column("env", sa.String(length=20), nullable=False),
        sa.Column("state", sa.Enum(*ENVELOPE, name="envelope_state", native_enum=False, create_constraint=True, length=40), nullable=False),
        sa.Column("bid_pub", sa.String(length=100), nullable=False),
        sa.Column("ct_sha256", sa.String(length=64), nullable=False),
        sa.Column("ct_size", sa.BigInteger(), nullable=False),
        sa.Column("bidder_box", sa.LargeBinary(), nullable=False),
        sa.Column("seal_sha256", sa.String(length=64), nullable=False),
        sa.Column("receipt_no", sa.String(length=32), nullable=False),
        sa.Column("seal", db.JsonText(), nullable=False),
        sa.Column("receipt", db.JsonText(), nullable=False),
        sa.Column("received_at", db.UtcDateTime(), nullable=False),
        sa.Column("waited_ms", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["practice.person_id"], name=op.f("fk_practice_envelope_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practice_envelope")),
        sa.UniqueConstraint("person_id", "ver", "env", name=op.f("uq_practice_envelope_person_id_ver_env")),
    )


def downgrade() -> None:
    """Takes it away again."""
    op.drop_table("practice_envelope")
    op.drop_table("practice")
    with op.batch_alter_table("upload", schema=None) as batch_op:
        batch_op.drop_column("practice")
