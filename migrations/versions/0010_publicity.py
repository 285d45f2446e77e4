"""More kinds of notices, and the releases of open data."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.kernel import db
from deposits.models.frozen import append_only
from migrations.choices import choose

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

KINDS = (
    *("tender", "amendment", "clarification", "suspension", "resumption", "termination", "failure"),
    *("candidates", "result", "contract", "decision"),
)
TAGS = ("tender", "tenderUpdate", "tenderCancellation", "award", "awardUpdate", "contract")


def upgrade() -> None:
    choose("notice", "kind", "notice_kind", KINDS)
    op.create_table(
        "ocds_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ocds_head")),
    )
    op.create_table(
        "ocds_release",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("case_id", sa.String(length=20), nullable=False),
        sa.Column("release_id", sa.String(length=40), nullable=False),
        sa.Column("tag", sa.Enum(*TAGS, name="release_tag", native_enum=False, create_constraint=True, length=40), nullable=False),
        sa.Column("at", db.UtcDateTime(), nullable=False),
        sa.Column("body", db.JsonText(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_ocds_release")),
        sa.UniqueConstraint("release_id", name=op.f("uq_ocds_release_release_id")),
    )
    op.create_index(op.f("ix_ocds_release_case_id"), "ocds_release", ["case_id"])
    for statement in append_only(op.get_bind().dialect.name, "ocds_release"):
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("evidence is not unmade: restore a backup")
