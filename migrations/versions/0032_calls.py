"""Calls after a draw, their keypad answers, alarms about draws that are made again; a request fixes when and where."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.kernel import db

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

OLD = ("requested", "committed", "drawn", "formed")
NEW = ("requested", "committed", "drawn", "calling", "list_sealed", "formed", "exhausted", "set_aside")
CALL = ("due", "placed", "confirmed", "declined", "silent", "unreachable", "ended")


def _state(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    with op.batch_alter_table("expert_draw", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_expert_draw_state"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_expert_draw_state"), sa.column("state").in_(NEW))
    with op.batch_alter_table("prepared_draw", schema=None) as batch_op:
        batch_op.drop_column("sites")
        batch_op.add_column(sa.Column("calling", db.JsonText(), nullable=False, server_default="{}"))
        batch_op.add_column(sa.Column("again", db.JsonText(), nullable=False, server_default="{}"))
    with op.batch_alter_table("draw_recusal", schema=None) as batch_op:
        batch_op.add_column(sa.Column("successor", sa.String(20), nullable=False, server_default=""))
    op.create_table(
        "draw_call",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(40), nullable=False),
        sa.Column("draw_id", sa.Uuid(), nullable=False),
        sa.Column("pseudonym", sa.String(20), nullable=False),
        sa.Column("site", sa.String(60), nullable=False),
        sa.Column("state", _state("state", CALL), nullable=False),
        sa.Column("cause", sa.String(20), nullable=False),
        sa.Column("way", sa.String(10), nullable=False),
        sa.Column("placed_at", db.UtcDateTime(), nullable=True),
        sa.Column("reply_until", db.UtcDateTime(), nullable=True),
        sa.Column("answered_at", db.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["draw_id"], ["expert_draw.id"], name=op.f("fk_draw_call_draw_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draw_call")),
        sa.UniqueConstraint("number", name=op.f("uq_draw_call_number")),
        sa.UniqueConstraint("draw_id", "pseudonym", name=op.f("uq_draw_call_draw_id_pseudonym")),
    )
    running = sa.text("state = 'placed'")
    op.create_index("ix_draw_call_running", "draw_call", ["reply_until"], sqlite_where=running, postgresql_where=running)
    op.create_table(
        "keypad_reply",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("digit", sa.String(1), nullable=False),
        sa.Column("at", db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["draw_call.id"], name=op.f("fk_keypad_reply_call_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_keypad_reply")),
    )
    op.create_table(
        "draw_alarm",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("level", _state("level", ("amber", "red")), nullable=False),
        sa.Column("why", sa.String(20), nullable=False),
        sa.Column("text", sa.String(500), nullable=False),
        sa.Column("at", db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_draw_alarm_lot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draw_alarm")),
    )
    op.create_index("ix_draw_alarm_lot", "draw_alarm", ["lot_id"])


def downgrade() -> None:
    raise NotImplementedError("evidence is not unmade: restore a backup")
