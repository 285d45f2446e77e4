"""What members answer to findings of the consistency checks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.kernel import db

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("evaluation", sa.Column("settled_at", db.UtcDateTime(), nullable=True))
    # What went on before this had nothing to wait for.
    op.execute("UPDATE evaluation SET settled_at = summarised_at WHERE summarised_at IS NOT NULL")
    op.create_table(
        "finding_answer",
        sa.Column("seat_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("criterion", sa.String(length=60), nullable=False),
        sa.Column("score", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=2000), nullable=False),
        sa.Column("ticks", db.JsonText(), nullable=False),
        sa.Column("at", db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_finding_answer_seat_id_seat")),
        sa.PrimaryKeyConstraint("seat_id", "code", "criterion", name=op.f("pk_finding_answer")),
    )


def downgrade() -> None:
    raise NotImplementedError("evidence is not unmade: restore a backup")
