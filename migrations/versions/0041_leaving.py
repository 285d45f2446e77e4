"""A member is replaced at any state: why and when they left, and whose prices had been asked for by then."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.kernel import db

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("evaluation", sa.Column("asked", db.JsonText(), nullable=True))
    op.add_column("seat", sa.Column("left_cause", sa.String(length=20), nullable=False, server_default=""))
    op.add_column("seat", sa.Column("left_from", sa.String(length=20), nullable=False, server_default=""))
    op.add_column("seat", sa.Column("map_was_open", sa.Boolean(), nullable=False, server_default=sa.false()))
    evaluation = sa.table(
        "evaluation", sa.column("id"), sa.column("asked", db.JsonText), sa.column("technical", db.JsonText), sa.column("state")
    )
    opened = evaluation.c.state.in_(("commercial", "summary", "signing", "submitted"))
    bind = op.get_bind()
    for row in bind.execute(sa.select(evaluation.c.id, evaluation.c.technical).where(opened)).all():
        if row.technical is not None:
            bind.execute(sa.update(evaluation).where(evaluation.c.id == row.id).values(asked=row.technical["passed"]))


def downgrade() -> None:
    raise NotImplementedError("evidence is not unmade: restore a backup")
