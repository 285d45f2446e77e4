"""A supervisor's act belongs to a lot, which may have no room yet: alarms of a draw are dispatched too."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.kernel import db

revision = "0077"
down_revision = "0076"
branch_labels = None
depends_on = None

MEASURES = ("explain", "warn", "pause", "recusal", "handle", "end_view")
STATES = ("open", "answered", "closed")


def upgrade() -> None:
    """Made anew with the rows that it held, since nothing refers to it: a copy by Alembic would lose its CHECK constraints on SQLite."""
    bind = op.get_bind()
    lot = "(SELECT e.lot_id FROM evaluation e WHERE e.id = supervision_act.evaluation_id) AS lot_id"
    rows = [dict(row) for row in bind.execute(sa.text(f"SELECT {lot}, supervision_act.* FROM supervision_act")).mappings()]  # noqa: S608  # written above
    op.drop_index(op.f("ix_supervision_act_evaluation_id"), "supervision_act")
    op.drop_table("supervision_act")
    op.create_table(
        "supervision_act",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("measure", sa.Enum(*MEASURES, name="measure", native_enum=False, create_constraint=True, length=40), nullable=False),
        sa.Column("addressee", sa.String(length=20), nullable=False),
        sa.Column("seat_id", sa.Uuid(), nullable=True),
        sa.Column("about", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("payload_sha256", sa.String(length=64), nullable=False),
        sa.Column("state", sa.Enum(*STATES, name="state", native_enum=False, create_constraint=True, length=40), nullable=False),
        sa.Column("at", db.UtcDateTime(), nullable=False),
        sa.Column("due", db.UtcDateTime(), nullable=False),
        sa.Column("is_lapsed", sa.Boolean(), nullable=False),
        sa.Column("words", db.JsonText(), nullable=False),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_supervision_act_lot_id_lot")),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_supervision_act_seat_id_seat")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervision_act")),
        sa.UniqueConstraint("payload_sha256", name=op.f("uq_supervision_act_payload_sha256")),
    )
    op.create_index(op.f("ix_supervision_act_lot_id"), "supervision_act", ["lot_id"])
    for row in rows:
        row.pop("evaluation_id")
        into = f"INSERT INTO supervision_act ({', '.join(row)}) VALUES ({', '.join(f':{name}' for name in row)})"  # noqa: S608  # names of columns
        bind.execute(sa.text(into), row)


def downgrade() -> None:
    raise NotImplementedError("evidence is not unmade: restore a backup")
