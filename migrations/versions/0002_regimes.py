"""The legal regimes under their full names."""

from __future__ import annotations

from migrations.choices import choose

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

RENAMED = {"works": "construction", "procurement": "government_procurement"}


def upgrade() -> None:
    for table in ("project", "lot"):
        choose(table, "regime", "legal_regime", RENAMED.values(), RENAMED)


def downgrade() -> None:
    raise NotImplementedError("evidence is not unmade: restore a backup")
