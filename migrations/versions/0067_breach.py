"""Breach of a contract: a ground on which a performance security may be kept, or claimed under."""

from __future__ import annotations

from migrations.choices import choose

revision = "0067"
down_revision = "0066"
branch_labels = None
depends_on = None

GROUNDS = ("revoked", "not_decrypted", "contract_refused", "conditions", "no_security", "document", "breach")


def upgrade() -> None:
    choose("deposit_forfeiture", "ground", "ground", GROUNDS)
    choose("guarantee_claim", "ground", "ground", GROUNDS)


def downgrade() -> None:
    raise NotImplementedError("evidence is not unmade: restore a backup")
