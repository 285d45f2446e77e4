"""Sites with rooms, workstations and their devices, bookings of both, and the staff of partners' sites as people of their own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.kernel import db
from migrations.choices import choose

revision = "0069"
down_revision = "0068"
branch_labels = None
depends_on = None

DUTIES = ("system", "hosting", "lending", "oversight", "keeping", "treasury", "panel", "party")
ROLES = ("tenderer", "agency", "centre", "supervisor", "bidder", "expert", "award_member", "finance", "site", "officer", "admin", "system")
HOSTS = "(duty = 'hosting' AND role IN ('centre'))"
LENDS = "(duty = 'lending' AND role IN ('site'))"


def upgrade() -> None:
    choose("person", "duty", "duty", DUTIES)
    choose("role_grant", "duty", "duty", DUTIES)
    choose("role_grant", "role", "role", ROLES)
    _let_them_lend()
    _sites()
    for make in (_site_room, _station, _site_draw, _booking, _booked_place):
        make()


def downgrade() -> None:
    raise NotImplementedError("evidence is not unmade: restore a backup")


def _let_them_lend() -> None:
    """Who lends a site has a duty of their own."""
    bind = op.get_bind()
    if bind.dialect.name == "sqlite":
        query = "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = 'role_grant'"
        before = str(bind.exec_driver_sql(query).scalar_one())
        if HOSTS not in before:
            raise ValueError("role_grant has no such CHECK")
        version = bind.exec_driver_sql("PRAGMA schema_version").scalar_one()
        bind.exec_driver_sql("PRAGMA writable_schema=ON")
        after = before.replace(HOSTS, f"{HOSTS} OR {LENDS}")
        bind.exec_driver_sql("UPDATE sqlite_master SET sql = ? WHERE type = 'table' AND name = 'role_grant'", (after,))
        bind.exec_driver_sql(f"PRAGMA schema_version={version + 1}")
        bind.exec_driver_sql("PRAGMA writable_schema=OFF")
        return
    fits = {"system": "'admin'", "hosting": "'centre'", "lending": "'site'", "oversight": "'supervisor'", "keeping": "'officer'"}
    fits |= {"treasury": "'finance'", "panel": "'expert'", "party": "'agency', 'award_member', 'bidder', 'tenderer'"}
    op.drop_constraint(op.f("ck_role_grant_duty_fits_role"), "role_grant", type_="check")
    condition = " OR ".join(f"(duty = '{duty}' AND role IN ({roles}))" for duty, roles in fits.items())
    op.create_check_constraint(op.f("ck_role_grant_duty_fits_role"), "role_grant", condition)


def _sites() -> None:
    """Those that are known get numbers, and their rooms once somebody signs for them."""
    state = sa.Enum("open", "retired", name="site_state", native_enum=False, create_constraint=True, length=40)
    with op.batch_alter_table("site") as batch_op:
        batch_op.add_column(sa.Column("number", sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column("state", state, server_default="open", nullable=False))
        batch_op.add_column(sa.Column("operator_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("agreement_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("address", sa.String(length=200), server_default="", nullable=False))
        batch_op.add_column(sa.Column("buffer_minutes", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("profile_sha256", sa.String(length=64), server_default="", nullable=False))
    bind = op.get_bind()
    place = sa.table("site", sa.column("id", sa.Uuid()), sa.column("number", sa.String()), sa.column("name", sa.String()))
    for count, row in enumerate(bind.execute(sa.select(place.c.id).order_by(place.c.id)), 1):
        bind.execute(sa.update(place).where(place.c.id == row.id).values(number=f"V2026-{count:06d}"))
    with op.batch_alter_table("site") as batch_op:
        batch_op.alter_column("number", existing_type=sa.String(length=20), nullable=False)
        batch_op.create_unique_constraint(op.f("uq_site_number"), ["number"])
        batch_op.create_foreign_key(op.f("fk_site_operator_id_organisation"), "organisation", ["operator_id"], ["id"])
        batch_op.create_foreign_key(op.f("fk_site_agreement_id_pool_agreement"), "pool_agreement", ["agreement_id"], ["id"])


def _site_room() -> None:
    kind = sa.Enum("evaluation", "pod", "opening", name="room_kind", native_enum=False, create_constraint=True, length=40)
    op.create_table(
        "site_room",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=30), nullable=False),
        sa.Column("kind", kind, nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("is_listed", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("is_sealed", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_site_room_site_id_site")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site_room")),
        sa.UniqueConstraint("site_id", "name", name=op.f("uq_site_room_site_id_name")),
    )


def _station() -> None:
    op.create_table(
        "station",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("room_id", sa.Uuid(), nullable=False),
        sa.Column("label", sa.String(length=12), nullable=False),
        sa.Column("network", sa.String(length=40), nullable=False),
        sa.Column("cameras", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("is_listed", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("key_id", sa.String(length=64), server_default="", nullable=False),
        sa.Column("spki", sa.String(length=400), server_default="", nullable=False),
        sa.Column("bound_at", db.UtcDateTime(), nullable=True),
        sa.Column("fault", sa.String(length=500), server_default="", nullable=False),
        sa.Column("fault_at", db.UtcDateTime(), nullable=True),
        sa.Column("code_sha256", sa.String(length=64), server_default="", nullable=False),
        sa.Column("code_until", db.UtcDateTime(), nullable=True),
        sa.Column("offered", db.JsonText(), server_default="{}", nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_station_site_id_site")),
        sa.ForeignKeyConstraint(["room_id"], ["site_room.id"], name=op.f("fk_station_room_id_site_room")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_station")),
        sa.UniqueConstraint("site_id", "label", name=op.f("uq_station_site_id_label")),
    )
    op.create_index(op.f("ix_station_key_id"), "station", ["key_id"], unique=False)
    op.create_index(op.f("ix_station_code_sha256"), "station", ["code_sha256"], unique=False)


def _site_draw() -> None:
    op.create_table(
        "site_draw",
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("secret", sa.LargeBinary(length=32), nullable=False),
        sa.Column("candidates", db.JsonText(), nullable=False),
        sa.Column("need", db.JsonText(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=True),
        sa.Column("prepared_at", db.UtcDateTime(), nullable=False),
        sa.Column("statement_sha256", sa.String(length=64), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_site_draw_lot_id_lot")),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_site_draw")),
    )


def _booking() -> None:
    purpose = sa.Enum("evaluation", "opening", "drill", name="purpose", native_enum=False, create_constraint=True, length=40)
    states = ("asked", "held", "refused", "cancelled", "used", "unused")
    op.create_table(
        "booking",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=True),
        sa.Column("draw", sa.String(length=20), nullable=True),
        sa.Column("purpose", purpose, nullable=False),
        sa.Column("state", sa.Enum(*states, name="state", native_enum=False, create_constraint=True, length=40), nullable=False),
        sa.Column("since", db.UtcDateTime(), nullable=False),
        sa.Column("until", db.UtcDateTime(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("is_apart", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(length=300), server_default="", nullable=False),
        sa.Column("asked_at", db.UtcDateTime(), nullable=False),
        sa.Column("statement_sha256", sa.String(length=64), nullable=False),
        sa.CheckConstraint("since < until", name=op.f("ck_booking_window")),
        sa.CheckConstraint("seats > 0", name=op.f("ck_booking_seats")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_booking_site_id_site")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_booking_lot_id_lot")),
        sa.ForeignKeyConstraint(["draw"], ["site_draw.name"], name=op.f("fk_booking_draw_site_draw")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking")),
        sa.UniqueConstraint("number", name=op.f("uq_booking_number")),
    )
    op.create_index("ix_booking_site_until", "booking", ["site_id", "until"], unique=False)
    op.create_index("ix_booking_lot", "booking", ["lot_id"], unique=False)


def _booked_place() -> None:
    op.create_table(
        "booked_place",
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=30), nullable=False),
        sa.Column("room", sa.String(length=30), nullable=False),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_booked_place_booking_id_booking")),
        sa.PrimaryKeyConstraint("booking_id", "key", name=op.f("pk_booked_place")),
    )
