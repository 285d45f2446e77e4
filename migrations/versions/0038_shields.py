"""The file that protects a tenderer while an award is decided."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.kernel import db

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

STATES = ("preparing", "sitting", "closing", "signing", "handed_over")


def upgrade() -> None:
    op.create_table(
        "award_shield",
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Enum(*STATES, name="state", native_enum=False, create_constraint=True, length=40), nullable=False),
        sa.Column("winner", sa.Uuid(), nullable=True),
        sa.Column("result_sha256", sa.String(length=64), nullable=False),
        sa.Column("report_sha256", sa.String(length=64), nullable=False),
        sa.Column("drafted_at", db.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_award_shield_lot_id")),
        sa.ForeignKeyConstraint(["winner"], ["organisation.id"], name=op.f("fk_award_shield_winner")),
        sa.PrimaryKeyConstraint("lot_id", name=op.f("pk_award_shield")),
    )
    op.create_table(
        "award_shield_statement",
        sa.Column("payload_sha256", sa.String(length=64), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("at", db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["lot_id"], ["award_shield.lot_id"], name=op.f("fk_award_shield_statement_lot_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_award_shield_statement_person_id")),
        sa.PrimaryKeyConstraint("payload_sha256", name=op.f("pk_award_shield_statement")),
    )
    with op.batch_alter_table("award_shield_statement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_award_shield_statement_lot_id"), ["lot_id"], unique=False)
    op.create_table(
        "award_shield_file",
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["lot_id"], ["award_shield.lot_id"], name=op.f("fk_award_shield_file_lot_id")),
        sa.PrimaryKeyConstraint("lot_id", "sha256", name=op.f("pk_award_shield_file")),
    )


def downgrade() -> None:
    raise NotImplementedError("evidence is not unmade: restore a backup")
