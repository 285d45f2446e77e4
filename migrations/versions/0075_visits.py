"""A supervisor says once for what purpose they look, and watches streams under that; purposes of host and supervisor are the same."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.choices import choose

revision = "0075"
down_revision = "0074"
branch_labels = None
depends_on = None

PURPOSES = ("routine", "alarm", "measure", "complaint", "review", "other")
BEFORE = {"patrol": "routine", "inquiry": "other", "archive": "review"}


def upgrade() -> None:
    choose("recording_view", "purpose", "purpose", PURPOSES, BEFORE)
    name = "fk_recording_view_visit_id_supervision_view"
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"ALTER TABLE recording_view ADD COLUMN visit_id CHAR(32) CONSTRAINT {name} REFERENCES supervision_view (id)")
    else:
        op.add_column("recording_view", sa.Column("visit_id", sa.Uuid(), nullable=True))
        op.create_foreign_key(op.f(name), "recording_view", "supervision_view", ["visit_id"], ["id"])
    op.create_index(op.f("ix_recording_view_visit_id"), "recording_view", ["visit_id"], unique=False)


def downgrade() -> None:
    raise NotImplementedError("evidence is not unmade: restore a backup")
