"""Entries of the expert pool say what a draw must know of a person; agreements with other cities' pools."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from core.kernel import db

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

STATES = ("draft", "active", "removed")
GROUNDS = ("punished", "discipline", "requested", "investigated")
PURPOSES = ("identity", "face", "voice")
KINDS = ("phone", "id_number")


def upgrade() -> None:
    _agreements()
    _experts()
    _notes()
    _own()


def downgrade() -> None:
    raise NotImplementedError("evidence is not unmade: restore a backup")


def _choice(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _agreements() -> None:
    op.create_table(
        "pool_agreement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("partner", sa.String(length=120), nullable=False),
        sa.Column("city", sa.String(length=60), nullable=False),
        sa.Column("document", sa.String(length=120), nullable=False),
        sa.Column("since_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=False),
        sa.Column("recognises", db.JsonText(), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("statement_sha256", sa.String(length=64), nullable=False),
        sa.Column("concluded_at", db.UtcDateTime(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("end_reason", sa.String(length=500), nullable=False),
        sa.CheckConstraint("until_day >= since_day", name=op.f("ck_pool_agreement_days")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pool_agreement")),
        sa.UniqueConstraint("number", name=op.f("uq_pool_agreement_number")),
    )
    op.create_index("ix_pool_agreement_until", "pool_agreement", ["until_day"])


def _experts() -> None:
    """Made anew and filled again: who stood in the pool stays in it, and is drawn again once the keeper has said until when they qualify."""
    op.create_table(
        "expert_count",
        sa.Column("year", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_expert_count")),
    )
    connection = op.get_bind()
    rows = _entries(connection)
    referring = [("draw_pseudonym", "expert_id"), ("seat", "expert_id")]
    if connection.dialect.name == "sqlite":
        op.execute("PRAGMA defer_foreign_keys = ON")  # until the rows stand again
    else:
        for table, column in referring:
            op.drop_constraint(f"fk_{table}_{column}", table, type_="foreignkey")
    op.drop_table("expert")
    op.create_table(
        "expert",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("state", _choice("expert_state", STATES), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("employer_uscc", sa.String(length=18), nullable=False),
        sa.Column("employer_name", sa.String(length=120), nullable=False),
        sa.Column("region", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=60), nullable=False),
        sa.Column("qualified_from", sa.Date(), nullable=True),
        sa.Column("qualified_to", sa.Date(), nullable=True),
        sa.Column("strata", db.JsonText(), nullable=False),
        sa.Column("past", db.JsonText(), nullable=False),
        sa.Column("relatives", db.JsonText(), nullable=False),
        sa.Column("ties", db.JsonText(), nullable=False),
        sa.Column("declared_at", db.UtcDateTime(), nullable=True),
        sa.Column("origin_id", sa.Uuid(), nullable=True),
        sa.Column("origin_key", sa.String(length=60), nullable=False),
        sa.Column("profile_sha256", sa.String(length=64), nullable=False),
        sa.Column("saved_at", db.UtcDateTime(), nullable=False),
        sa.Column("admitted_at", db.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_expert_person_id")),
        sa.ForeignKeyConstraint(["origin_id"], ["pool_agreement.id"], name=op.f("fk_expert_origin_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expert")),
        sa.UniqueConstraint("person_id", name=op.f("uq_expert_person_id")),
        sa.UniqueConstraint("number", name=op.f("uq_expert_number")),
    )
    op.create_index(op.f("ix_expert_state"), "expert", ["state"])
    _fill(connection, rows)
    if connection.dialect.name != "sqlite":
        for table, column in referring:
            op.create_foreign_key(f"fk_{table}_{column}", table, "expert", [column], ["id"])


def _entries(connection: sa.Connection) -> list[dict[str, Any]]:
    said = sa.text(
        "SELECT e.id, e.person_id, e.strata, e.is_active, e.admitted_at, p.name, o.uscc, o.name AS employer FROM expert e "
        "JOIN person p ON p.id = e.person_id JOIN organisation o ON o.id = e.employer_id ORDER BY e.id"
    )
    typed = said.columns(id=sa.Uuid, person_id=sa.Uuid, is_active=sa.Boolean, admitted_at=db.UtcDateTime)
    found, count = [], dict[int, int]()
    for row in connection.execute(typed).mappings():
        year = row["admitted_at"].year
        count[year] = count.get(year, 0) + 1
        found.append(dict(row) | {"year": year, "count": count[year]})
    return found


def _fill(connection: sa.Connection, rows: list[dict[str, Any]]) -> None:
    table = sa.table(
        "expert",
        *(sa.column(name, sa.Uuid) for name in ("id", "person_id")),
        *(sa.column(name, db.UtcDateTime) for name in ("saved_at", "admitted_at")),
        *(sa.column(name) for name in ("number", "state", "name", "employer_uscc", "employer_name", "region", "title")),
        *(sa.column(name) for name in ("strata", "past", "relatives", "ties", "origin_key", "profile_sha256")),
    )
    for row in rows:
        number = f"E{row['year']}-{row['count']:06d}"
        known = {"id": row["id"], "person_id": row["person_id"], "saved_at": row["admitted_at"], "admitted_at": row["admitted_at"]}
        said = {"number": number, "state": "active" if row["is_active"] else "removed", "name": row["name"], "strata": row["strata"]}
        said |= {"employer_uscc": row["uscc"], "employer_name": row["employer"], "past": "[]", "relatives": "[]", "ties": "[]"}
        connection.execute(table.insert().values(known | said | dict.fromkeys(("region", "title", "origin_key", "profile_sha256"), "")))
    counts = sa.table("expert_count", sa.column("year"), sa.column("count"))
    for year in {row["year"] for row in rows}:
        connection.execute(counts.insert().values(year=year, count=sum(row["year"] == year for row in rows)))


def _notes() -> None:
    op.create_table(
        "expert_training",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("expert_id", sa.Uuid(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.Column("course", sa.String(length=120), nullable=False),
        sa.Column("is_partners", sa.Boolean(), nullable=False),
        sa.CheckConstraint("until_day >= on_day", name=op.f("ck_expert_training_days")),
        sa.ForeignKeyConstraint(["expert_id"], ["expert.id"], name=op.f("fk_expert_training_expert_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expert_training")),
    )
    op.create_table(
        "expert_suspension",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("expert_id", sa.Uuid(), nullable=False),
        sa.Column("since_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=True),
        sa.Column("ground", _choice("ground", GROUNDS), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("ordered_by", sa.String(length=120), nullable=False),
        sa.Column("document", sa.String(length=120), nullable=False),
        sa.Column("lifted_on", sa.Date(), nullable=True),
        sa.Column("lift_reason", sa.String(length=500), nullable=False),
        sa.CheckConstraint("until_day IS NULL OR until_day >= since_day", name=op.f("ck_expert_suspension_days")),
        sa.ForeignKeyConstraint(["expert_id"], ["expert.id"], name=op.f("fk_expert_suspension_expert_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expert_suspension")),
    )
    op.create_table(
        "expert_rating",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("expert_id", sa.Uuid(), nullable=False),
        sa.Column("lot_number", sa.String(length=24), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("rated_at", db.UtcDateTime(), nullable=False),
        sa.CheckConstraint("points BETWEEN 0 AND 100", name=op.f("ck_expert_rating_points")),
        sa.ForeignKeyConstraint(["expert_id"], ["expert.id"], name=op.f("fk_expert_rating_expert_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expert_rating")),
        sa.UniqueConstraint("expert_id", "lot_number", name=op.f("uq_expert_rating_expert_id_lot_number")),
    )
    for table in ("expert_training", "expert_suspension", "expert_rating"):
        op.create_index(op.f(f"ix_{table}_expert_id"), table, ["expert_id"])


def _own() -> None:
    op.create_table(
        "expert_consent",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("expert_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", _choice("purpose", PURPOSES), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("given_at", db.UtcDateTime(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=False),
        sa.Column("withdrawn_at", db.UtcDateTime(), nullable=True),
        sa.Column("erased_at", db.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["expert_id"], ["expert.id"], name=op.f("fk_expert_consent_expert_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expert_consent")),
    )
    op.create_index(op.f("ix_expert_consent_expert_id"), "expert_consent", ["expert_id"])
    op.create_index(op.f("ix_expert_consent_erased_at"), "expert_consent", ["erased_at"])
    op.create_table(
        "expert_secret",
        sa.Column("expert_id", sa.Uuid(), nullable=False),
        sa.Column("kind", _choice("secret_kind", KINDS), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("kept_at", db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["expert_id"], ["expert.id"], name=op.f("fk_expert_secret_expert_id")),
        sa.PrimaryKeyConstraint("expert_id", "kind", name=op.f("pk_expert_secret")),
    )
