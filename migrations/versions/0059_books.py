"""The books of each day, and what did not agree."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.kernel import db

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None

KINDS = ("missing", "extra", "amount", "unexplained", "balance", "ledger", "deposit")
STATES = ("open", "closed")
CAUSES = ("timing", "bank", "ours", "other")


def _one_of(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    op.create_table(
        "book_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("compared_at", db.UtcDateTime(), nullable=False),
        sa.Column("closing", db.Fen(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("gap", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_book_day")),
    )
    op.create_table(
        "book_difference",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", _one_of("difference_kind", KINDS), nullable=False),
        sa.Column("ref", sa.String(length=40), nullable=False),
        sa.Column("fen", sa.BigInteger(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=True),
        sa.Column("party_name", sa.String(length=140), nullable=False),
        sa.Column("party_account", sa.String(length=34), nullable=False),
        sa.Column("found_at", db.UtcDateTime(), nullable=False),
        sa.Column("state", _one_of("difference_state", STATES), nullable=False),
        sa.Column("cause", _one_of("difference_cause", CAUSES), nullable=True),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("closed_by", sa.String(length=60), nullable=False),
        sa.Column("closed_at", db.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["lot_id"], ["deposit_requirement.lot_id"], name=op.f("fk_book_difference_lot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_book_difference")),
        sa.UniqueConstraint("day", "kind", "ref", name=op.f("uq_book_difference_day_kind_ref")),
    )
    op.create_index(op.f("ix_book_difference_lot_id"), "book_difference", ["lot_id"])
    op.create_index(op.f("ix_book_difference_state"), "book_difference", ["state"])


def downgrade() -> None:
    raise NotImplementedError("evidence is not unmade: restore a backup")
