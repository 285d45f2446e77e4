"""Authorities that are not ours, the keys that they vouch for, and what they say of those certificates."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.kernel import db

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

STATES = ("proposed", "recognised", "ending", "ended", "dropped")
LIVE = sa.text("state IN ('proposed', 'recognised', 'ending')")


def upgrade() -> None:
    op.create_table(
        "trust_anchor",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("root_sha256", sa.String(length=64), nullable=False),
        sa.Column("name_zh", sa.String(length=120), nullable=False),
        sa.Column("name_en", sa.String(length=120), nullable=False),
        sa.Column("body", db.JsonText(), nullable=False),
        sa.Column("until", db.UtcDateTime(), nullable=False),
        sa.Column("state", sa.Enum(*STATES, name="anchor_state", native_enum=False, create_constraint=True, length=40), nullable=False),
        sa.Column("proposal", db.JsonText(), nullable=True),
        sa.Column("proposed_at", db.UtcDateTime(), nullable=False),
        sa.Column("recognised_at", db.UtcDateTime(), nullable=True),
        sa.Column("ended_at", db.UtcDateTime(), nullable=True),
        sa.Column("end_reason", sa.String(length=500), nullable=False),
        sa.CheckConstraint("(state IN ('proposed', 'ending')) = (proposal IS NOT NULL)", name=op.f("ck_trust_anchor_second_person")),
        sa.CheckConstraint("(state = 'ended') = (ended_at IS NOT NULL)", name=op.f("ck_trust_anchor_ended_when")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trust_anchor")),
    )
    op.create_index("uq_trust_anchor_live", "trust_anchor", ["root_sha256"], unique=True, sqlite_where=LIVE, postgresql_where=LIVE)
    op.create_table(
        "vouch",
        sa.Column("key_id", sa.String(length=64), nullable=False),
        sa.Column("anchor_id", sa.Uuid(), nullable=False),
        sa.Column("certificate_sha256", sa.String(length=64), nullable=False),
        sa.Column("chain", db.JsonText(), nullable=False),
        sa.Column("subject", sa.String(length=1000), nullable=False),
        sa.Column("since", db.UtcDateTime(), nullable=False),
        sa.Column("told_at", db.UtcDateTime(), nullable=False),
        sa.Column("good_until", db.UtcDateTime(), nullable=True),
        sa.Column("ask_at", db.UtcDateTime(), nullable=True),
        sa.Column("revoked_at", db.UtcDateTime(), nullable=True),
        sa.Column("learned_at", db.UtcDateTime(), nullable=True),
        sa.CheckConstraint("(revoked_at IS NULL) = (learned_at IS NULL)", name=op.f("ck_vouch_revoked_when")),
        sa.ForeignKeyConstraint(["key_id"], ["certificate.key_id"], name=op.f("fk_vouch_key_id")),
        sa.ForeignKeyConstraint(["anchor_id"], ["trust_anchor.id"], name=op.f("fk_vouch_anchor_id")),
        sa.PrimaryKeyConstraint("key_id", name=op.f("pk_vouch")),
        sa.UniqueConstraint("certificate_sha256", name=op.f("uq_vouch_certificate_sha256")),
    )
    op.create_index(op.f("ix_vouch_anchor_id"), "vouch", ["anchor_id"])
    op.create_index(op.f("ix_vouch_ask_at"), "vouch", ["ask_at"])
    op.create_table(
        "status_paper",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=4), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("source IN ('ocsp', 'crl')", name=op.f("ck_status_paper_source")),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_status_paper")),
    )
    op.create_table(
        "status_kept",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key_id", sa.String(length=64), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("paper_sha256", sa.String(length=64), nullable=False),
        sa.Column("kept_at", db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["key_id"], ["vouch.key_id"], name=op.f("fk_status_kept_key_id")),
        sa.ForeignKeyConstraint(["paper_sha256"], ["status_paper.sha256"], name=op.f("fk_status_kept_paper_sha256")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_status_kept")),
        sa.UniqueConstraint("key_id", "place", "paper_sha256", name=op.f("uq_status_kept_key_id_place_paper_sha256")),
    )


def downgrade() -> None:
    raise NotImplementedError("evidence is not unmade: restore a backup")
