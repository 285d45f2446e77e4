"""Claims under guarantees."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.kernel import db
from migrations.choices import choose

revision = "0065"
down_revision = "0064"
branch_labels = None
depends_on = None

GUARANTEES = (
    *("applied", "underwriting", "approved", "paid_premium", "rejected", "issued_sealed"),
    *("unsealed", "verified", "faulty", "released", "cancelled", "expired", "called"),
)
CLAIMS = ("decided", "disagreed", "claimed", "in_review", "paid", "settled", "refused")
GROUNDS = ("revoked", "not_decrypted", "contract_refused", "conditions", "no_security", "document")
OPEN = sa.text("state IN ('decided', 'claimed', 'in_review')")


def _one_of(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    choose("guarantee", "state", "guarantee_state", GUARANTEES)
    op.create_table(
        "guarantee_claim",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("guarantee_id", sa.Uuid(), nullable=False),
        sa.Column("claimant_org", sa.Uuid(), nullable=False),
        sa.Column("state", _one_of("claim_state", CLAIMS), nullable=False),
        sa.Column("ground", _one_of("ground", GROUNDS), nullable=False),
        sa.Column("amount", db.Fen(), nullable=False),
        sa.Column("clause", sa.String(length=500), nullable=False),
        sa.Column("reason", sa.String(length=2000), nullable=False),
        sa.Column("payee_name", sa.String(length=120), nullable=False),
        sa.Column("payee_account", sa.String(length=34), nullable=False),
        sa.Column("payee_bank", sa.String(length=100), nullable=False),
        sa.Column("decision", sa.LargeBinary(), nullable=False),
        sa.Column("decided_at", db.UtcDateTime(), nullable=False),
        sa.Column("note", sa.String(length=2000), nullable=False),
        sa.Column("note_envelope", sa.LargeBinary(), nullable=False),
        sa.Column("noted_at", db.UtcDateTime(), nullable=True),
        sa.Column("asked_at", db.UtcDateTime(), nullable=True),
        sa.Column("cause", sa.String(length=200), nullable=False),
        sa.Column("reference", sa.String(length=200), nullable=False),
        sa.Column("answered_at", db.UtcDateTime(), nullable=True),
        sa.Column("receipt", sa.String(length=60), nullable=False),
        sa.Column("settled_at", db.UtcDateTime(), nullable=True),
        sa.Column("end_reason", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["guarantee_id"], ["guarantee.id"], name=op.f("fk_guarantee_claim_guarantee_id")),
        sa.ForeignKeyConstraint(["claimant_org"], ["organisation.id"], name=op.f("fk_guarantee_claim_claimant_org")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guarantee_claim")),
        sa.UniqueConstraint("sha256", name=op.f("uq_guarantee_claim_sha256")),
    )
    op.create_index(op.f("ix_guarantee_claim_guarantee_id"), "guarantee_claim", ["guarantee_id"])
    op.create_index(op.f("ix_guarantee_claim_state"), "guarantee_claim", ["state"])
    op.create_index(
        "uq_guarantee_claim_guarantee", "guarantee_claim", ["guarantee_id"], unique=True, sqlite_where=OPEN, postgresql_where=OPEN
    )


def downgrade() -> None:
    raise NotImplementedError("evidence is not unmade: restore a backup")
