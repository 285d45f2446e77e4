"""Tender plans, their trace, and the projects that come of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.kernel import db
from migrations.choices import choose

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

STATES = ("draft", "published", "linked", "cancelled")
REGIMES = ("construction", "government_procurement")
CATEGORIES = ("construction", "goods", "services")
TAGS = ("planning", "planningUpdate", "tender", "tenderUpdate", "tenderCancellation", "award", "awardUpdate", "contract")


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    op.create_table(
        "plan_count",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_plan_count")),
    )
    op.create_table(
        "tender_plan",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("state", _choice("plan_state", *STATES), nullable=False),
        sa.Column("tenderer_org", sa.Uuid(), nullable=False),
        sa.Column("tenderer_name", sa.String(length=200), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("content", sa.String(length=500), nullable=False),
        sa.Column("regime", _choice("legal_regime", *REGIMES), nullable=False),
        sa.Column("category", _choice("category", *CATEGORIES), nullable=False),
        sa.Column("region", sa.String(length=60), nullable=False),
        sa.Column("amount", db.Fen(), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("draft", db.JsonText(), nullable=True),
        sa.Column("search_text", sa.String(length=1000), nullable=False),
        sa.Column("statement_sha256", sa.String(length=64), nullable=False),
        sa.Column("saved_at", db.UtcDateTime(), nullable=False),
        sa.Column("published_at", db.UtcDateTime(), nullable=True),
        sa.Column("changed_at", db.UtcDateTime(), nullable=True),
        sa.Column("project_number", sa.String(length=20), nullable=False),
        sa.Column("lot_number", sa.String(length=24), nullable=False),
        sa.ForeignKeyConstraint(["tenderer_org"], ["organisation.id"], name=op.f("fk_tender_plan_tenderer_org")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tender_plan")),
        sa.UniqueConstraint("number", name=op.f("uq_tender_plan_number")),
    )
    op.create_index("ix_tender_plan_page", "tender_plan", ["published_at", "id"])
    for column in ("state", "tenderer_org", "month"):
        op.create_index(op.f(f"ix_tender_plan_{column}"), "tender_plan", [column])
    op.create_table(
        "tender_plan_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("body", db.JsonText(), nullable=False),
        sa.Column("signed_sha256", sa.String(length=64), nullable=False),
        sa.Column("at", db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["tender_plan.id"], name=op.f("fk_tender_plan_version_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tender_plan_version")),
        sa.UniqueConstraint("plan_id", "no", name=op.f("uq_tender_plan_version_plan_id_no")),
    )
    op.add_column("project", sa.Column("plan", sa.String(length=20), nullable=False, server_default=""))
    op.add_column("project", sa.Column("planned_at", db.UtcDateTime(), nullable=True))
    choose("ocds_release", "tag", "release_tag", TAGS)


def downgrade() -> None:
    raise NotImplementedError("evidence is not unmade: restore a backup")
