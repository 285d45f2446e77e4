"""Orders to evaluate again, and the further rounds that they bring about."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.kernel import db

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

GROUNDS = ("complaint", "ordered", "changed", "illegal_act", "error")


def upgrade() -> None:
    op.add_column("evaluation", sa.Column("round", sa.Integer(), nullable=False, server_default="1"))
    op.create_table(
        "reevaluation_order",
        sa.Column("payload_sha256", sa.String(length=64), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("report_sha256", sa.String(length=64), nullable=False),
        sa.Column("ground", sa.Enum(*GROUNDS, name="ground", native_enum=False, create_constraint=True, length=40), nullable=False),
        sa.Column("complaint", sa.String(length=24), nullable=False),
        sa.Column("review", sa.Boolean(), nullable=False),
        sa.Column("criteria", db.JsonText(), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("at", db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_reevaluation_order_lot_id_lot")),
        sa.PrimaryKeyConstraint("payload_sha256", name=op.f("pk_reevaluation_order")),
        sa.UniqueConstraint("lot_id", "round", name=op.f("uq_reevaluation_order_lot_id_round")),
    )
    op.create_table(
        "evaluation_round",
        sa.Column("evaluation_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("order_sha256", sa.String(length=64), nullable=False),
        sa.Column("review", sa.Boolean(), nullable=False),
        sa.Column("criteria", db.JsonText(), nullable=False),
        sa.Column("kept", db.JsonText(), nullable=False),
        sa.Column("opened_at", db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["evaluation_id"], ["evaluation.id"], name=op.f("fk_evaluation_round_evaluation_id_evaluation")),
        sa.PrimaryKeyConstraint("evaluation_id", "number", name=op.f("pk_evaluation_round")),
        sa.UniqueConstraint("order_sha256", name=op.f("uq_evaluation_round_order_sha256")),
    )


def downgrade() -> None:
    raise NotImplementedError("evidence is not unmade: restore a backup")
