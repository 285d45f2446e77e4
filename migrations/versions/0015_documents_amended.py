"""Tender documents are amended, asked about, clarified, and downloads receipted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.kernel import db
from migrations.choices import choose

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

DRAFTS = ("award-plan", "document", "notice", "contract", "amendment", "clarification")


def upgrade() -> None:
    choose("lot_draft", "kind", "draft_kind", DRAFTS)
    op.create_table(
        "document_amendment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("previous_sha256", sa.String(length=64), nullable=False),
        sa.Column("document_sha256", sa.String(length=64), nullable=False),
        sa.Column("body", db.JsonText(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("affects_bids", sa.Boolean(), nullable=False),
        sa.Column("deadline_before", db.UtcDateTime(), nullable=False),
        sa.Column("deadline", db.UtcDateTime(), nullable=False),
        sa.Column("notice", sa.String(length=32), nullable=False),
        sa.Column("published_at", db.UtcDateTime(), nullable=False),
        sa.CheckConstraint("deadline >= deadline_before", name=op.f("ck_document_amendment_deadline_never_shortened")),
        sa.CheckConstraint("number > 0", name=op.f("ck_document_amendment_number_positive")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_document_amendment_lot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_amendment")),
        sa.UniqueConstraint("lot_id", "number", name=op.f("uq_document_amendment_lot_id_number")),
    )
    with op.batch_alter_table("document_amendment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_document_amendment_lot_id"), ["lot_id"], unique=False)

    op.create_table(
        "document_clarification",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("answers", db.JsonText(), nullable=False),
        sa.Column("affects_bids", sa.Boolean(), nullable=False),
        sa.Column("deadline_before", db.UtcDateTime(), nullable=False),
        sa.Column("deadline", db.UtcDateTime(), nullable=False),
        sa.Column("notice", sa.String(length=32), nullable=False),
        sa.Column("published_at", db.UtcDateTime(), nullable=False),
        sa.CheckConstraint("deadline >= deadline_before", name=op.f("ck_document_clarification_deadline_never_shortened")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_document_clarification_lot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_clarification")),
        sa.UniqueConstraint("lot_id", "number", name=op.f("uq_document_clarification_lot_id_number")),
    )
    with op.batch_alter_table("document_clarification", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_document_clarification_lot_id"), ["lot_id"], unique=False)

    op.create_table(
        "document_question",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("asked_at", db.UtcDateTime(), nullable=False),
        sa.Column("settled_by", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_document_question_lot_id")),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk_document_question_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_question")),
        sa.UniqueConstraint("lot_id", "org_id", "digest", name=op.f("uq_document_question_lot_id_org_id_digest")),
    )
    with op.batch_alter_table("document_question", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_document_question_org_id"), ["org_id"], unique=False)
        batch_op.create_index("ix_document_question_waiting", ["lot_id", "settled_by"], unique=False)

    op.create_table(
        "download_receipt",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("document_sha256", sa.String(length=64), nullable=False),
        sa.Column("given_at", db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_download_receipt_lot_id")),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk_download_receipt_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_download_receipt")),
        sa.UniqueConstraint("number", name=op.f("uq_download_receipt_number")),
    )
    with op.batch_alter_table("download_receipt", schema=None) as batch_op:
        batch_op.create_index("ix_download_receipt_lot_org", ["lot_id", "org_id"], unique=False)


def downgrade() -> None:
    raise NotImplementedError("evidence is not unmade: restore a backup")
