"""Sheets of several parts; the code names are opened by two persons, in a state of their own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.kernel import db
from migrations.choices import choose

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

STATES = (
    *("committee_formed", "signed_in", "chair_elected", "preliminary", "rejection"),
    *("technical", "locked", "commercial", "summary", "signing", "submitted"),
)


def upgrade() -> None:
    op.add_column("evaluation", sa.Column("findings", db.JsonText(), nullable=True))
    choose("evaluation", "state", "state", STATES)
    with op.batch_alter_table("score_sheet") as batch_op:
        batch_op.add_column(sa.Column("part", sa.String(length=12), nullable=False, server_default="technical"))
        batch_op.drop_constraint("pk_score_sheet", type_="primary")
        batch_op.create_primary_key("pk_score_sheet", ["seat_id", "part"])
    with op.batch_alter_table("score_sheet") as batch_op:
        batch_op.alter_column("part", server_default=None)
    op.create_table(
        "blind_opening",
        sa.Column("evaluation_id", sa.Uuid(), nullable=False),
        sa.Column("office", sa.String(length=12), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("at", db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["evaluation_id"], ["evaluation.id"], name=op.f("fk_blind_opening_evaluation_id_evaluation")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_blind_opening_person_id_person")),
        sa.PrimaryKeyConstraint("evaluation_id", "office", name=op.f("pk_blind_opening")),
    )


def downgrade() -> None:
    raise NotImplementedError("evidence is not unmade: restore a backup")
