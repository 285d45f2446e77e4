"""The award committee in full: sign-in, declarations, successors, opinions, ballots of every method, draws of lots."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.kernel import db
from migrations.choices import choose

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

STATES = ("member_draw", "sign_in", "recusal", "deliberation", "voting", "drawing", "decided")


def upgrade() -> None:
    choose("award_session", "state", "state", STATES, {"tied": "drawing"})
    op.add_column("award_session", sa.Column("listed", db.JsonText(), nullable=False, server_default="{}"))
    op.add_column("award_session", sa.Column("line", db.JsonText(), nullable=False, server_default="[]"))
    op.add_column("award_session", sa.Column("first_round", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("award_member", sa.Column("post", sa.String(length=60), nullable=False, server_default=""))
    for moment in ("signed_in_at", "declared_at", "left_at"):
        op.add_column("award_member", sa.Column(moment, db.UtcDateTime(), nullable=True))
    op.add_column("award_member", sa.Column("left_reason", sa.String(length=500), nullable=False, server_default=""))
    op.add_column("award_member", sa.Column("successor_number", sa.Integer(), nullable=False, server_default="0"))
    _ballots()
    _lots()


def _ballots() -> None:
    """A table of its own, since a ballot need not name a candidate any more."""
    op.create_table(
        "award_ballot",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("choice", sa.Uuid(), nullable=True),
        sa.Column("said", db.JsonText(), nullable=False, server_default="{}"),
        sa.Column("reasons", db.JsonText(), nullable=False),
        sa.Column("payload_sha256", sa.String(length=64), nullable=False),
        sa.Column("at", db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["choice"], ["organisation.id"], name=op.f("fk_award_ballot_choice")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_award_ballot_person_id")),
        sa.ForeignKeyConstraint(["session_id"], ["award_session.id"], name=op.f("fk_award_ballot_session_id")),
        sa.PrimaryKeyConstraint("session_id", "person_id", "round", name=op.f("pk_award_ballot")),
    )
    names = ("session_id", "person_id", "round", "choice", "reasons", "payload_sha256", "at")
    old, new = (sa.table(name, *(sa.column(column) for column in names)) for name in ("ballot", "award_ballot"))
    op.execute(new.insert().from_select(names, sa.select(*old.c)))
    op.drop_table("ballot")


def _lots() -> None:
    states = ("requested", "committed", "drawn", "abandoned")
    op.create_table(
        "award_lots",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("first_round", sa.Integer(), nullable=False),
        sa.Column("state", sa.Enum(*states, name="draw_state", native_enum=False, create_constraint=True, length=40), nullable=False),
        sa.Column("parties", db.JsonText(), nullable=False),
        sa.Column("request", db.JsonText(), nullable=False),
        sa.Column("pool_hash", sa.String(length=64), nullable=False),
        sa.Column("seed", sa.String(length=64), nullable=False),
        sa.Column("drawn_order", db.JsonText(), nullable=False),
        sa.Column("since", db.UtcDateTime(), nullable=False),
        sa.Column("drawn_at", db.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["session_id"], ["award_session.id"], name=op.f("fk_award_lots_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award_lots")),
        sa.UniqueConstraint("session_id", "number", name=op.f("uq_award_lots_session_id_number")),
    )
    op.create_index(op.f("ix_award_lots_session_id"), "award_lots", ["session_id"], unique=False)
    op.create_table(
        "award_slip",
        sa.Column("lots_id", sa.Uuid(), nullable=False),
        sa.Column("party", sa.String(length=20), nullable=False),
        sa.Column("commitment", sa.String(length=64), nullable=False),
        sa.Column("value", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["lots_id"], ["award_lots.id"], name=op.f("fk_award_slip_lots_id")),
        sa.PrimaryKeyConstraint("lots_id", "party", name=op.f("pk_award_slip")),
    )


def downgrade() -> None:
    raise NotImplementedError("evidence is not unmade: restore a backup")
