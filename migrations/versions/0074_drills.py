"""Drills: invented lots, the faults injected in their rooms, and hours that are put forward there."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.kernel import db
from migrations.choices import choose

revision = "0074"
down_revision = "0073"
branch_labels = None
depends_on = None

PROJECTS = ("numbered", "drafted", "registered", "closing", "closed", "drill")
LOTS = (
    *("planned", "registered", "noticed", "bidding", "suspended", "terminated", "failed", "opening", "evaluating", "all_rejected"),
    *("evaluated", "candidates_published", "award_deciding", "awarded", "notice_sent", "contracted", "closed", "archived", "reevaluation"),
    *("drill", "drilled"),
)
FAULTS = ("seat_silent", "camera_lost", "network_cut", "down_before", "down_during", "two_hours", "four_hours", "expert_out")


def upgrade() -> None:
    choose("project", "state", "project_state", PROJECTS)
    choose("lot", "state", "lot_state", LOTS)
    op.add_column("halt", sa.Column("counts_from", db.UtcDateTime(), nullable=True))
    state = sa.Enum("running", "ended", name="state", native_enum=False, create_constraint=True, length=40)
    fault = sa.Enum(*FAULTS, name="fault", native_enum=False, create_constraint=True, length=40)
    op.create_table(
        "drill",
        sa.Column("evaluation_id", sa.Uuid(), nullable=False),
        sa.Column("state", state, nullable=False),
        sa.Column("begun_at", db.UtcDateTime(), nullable=False),
        sa.Column("ended_at", db.UtcDateTime(), nullable=True),
        sa.Column("text", sa.String(length=1000), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["evaluation_id"], ["evaluation.id"], name=op.f("fk_drill_evaluation_id")),
        sa.PrimaryKeyConstraint("evaluation_id", name=op.f("pk_drill")),
    )
    op.create_table(
        "drill_fault",
        sa.Column("evaluation_id", sa.Uuid(), nullable=False),
        sa.Column("no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("fault", fault, nullable=False),
        sa.Column("seat", sa.String(length=4), nullable=False),
        sa.Column("site", sa.String(length=60), nullable=False),
        sa.Column("at", db.UtcDateTime(), nullable=False),
        sa.Column("lifted_at", db.UtcDateTime(), nullable=True),
        sa.Column("payload_sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["evaluation_id"], ["drill.evaluation_id"], name=op.f("fk_drill_fault_evaluation_id")),
        sa.PrimaryKeyConstraint("evaluation_id", "no", name=op.f("pk_drill_fault")),
        sa.UniqueConstraint("payload_sha256", name=op.f("uq_drill_fault_payload_sha256")),
    )


def downgrade() -> None:
    raise NotImplementedError("evidence is not unmade: restore a backup")
