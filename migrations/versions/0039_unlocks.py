"""Signed sheets reopened, the sheets they replace, and members who do not sign the report."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.kernel import db

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("evaluation", sa.Column("report_until", db.UtcDateTime(), nullable=True))
    op.create_table(
        "sheet_unlock",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("evaluation_id", sa.Uuid(), nullable=False),
        sa.Column("seat_id", sa.Uuid(), nullable=False),
        sa.Column("part", sa.String(length=12), nullable=False),
        sa.Column("sheet_sha256", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("payload_sha256", sa.String(length=64), nullable=False),
        sa.Column("deciders", db.JsonText(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("open", "granted", "refused", name="state", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("asked_at", db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["evaluation_id"], ["evaluation.id"], name=op.f("fk_sheet_unlock_evaluation_id_evaluation")),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_sheet_unlock_seat_id_seat")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sheet_unlock")),
        sa.UniqueConstraint("payload_sha256", name=op.f("uq_sheet_unlock_payload_sha256")),
    )
    op.create_index(op.f("ix_sheet_unlock_evaluation_id"), "sheet_unlock", ["evaluation_id"])
    op.create_table(
        "unlock_decision",
        sa.Column("unlock_id", sa.Uuid(), nullable=False),
        sa.Column("decider", sa.String(length=12), nullable=False),
        sa.Column("granted", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("at", db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["unlock_id"], ["sheet_unlock.id"], name=op.f("fk_unlock_decision_unlock_id_sheet_unlock")),
        sa.PrimaryKeyConstraint("unlock_id", "decider", name=op.f("pk_unlock_decision")),
    )
    op.create_table(
        "replaced_sheet",
        sa.Column("seat_id", sa.Uuid(), nullable=False),
        sa.Column("part", sa.String(length=12), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("sheets", db.JsonText(), nullable=False),
        sa.Column("payload_sha256", sa.String(length=64), nullable=False),
        sa.Column("at", db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_replaced_sheet_seat_id_seat")),
        sa.PrimaryKeyConstraint("seat_id", "part", "turn", name=op.f("pk_replaced_sheet")),
    )
    op.create_table(
        "report_refusal",
        sa.Column("seat_id", sa.Uuid(), nullable=False),
        sa.Column("dissent", sa.String(length=2000), nullable=False),
        sa.Column("at", db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_report_refusal_seat_id_seat")),
        sa.PrimaryKeyConstraint("seat_id", name=op.f("pk_report_refusal")),
    )


def downgrade() -> None:
    raise NotImplementedError("evidence is not unmade: restore a backup")
