"""Messages to people, who follows which lot, and logins by electronic business licence."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.kernel import db

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "licence_shown",
        sa.Column("nonce_sha256", sa.LargeBinary(length=32), nullable=False),
        sa.Column("at", db.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("nonce_sha256", name=op.f("pk_licence_shown")),
    )
    op.create_table(
        "message_channel",
        sa.Column(
            "medium", sa.Enum("inbox", "mail", "sms", name="medium", native_enum=False, create_constraint=True, length=40), nullable=False
        ),
        sa.Column("ok_at", db.UtcDateTime(), nullable=True),
        sa.Column("failed_at", db.UtcDateTime(), nullable=True),
        sa.Column("fault", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("medium", name=op.f("pk_message_channel")),
    )
    op.create_table(
        "inbox_message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column(
            "topic",
            sa.Enum("change", "result", "task", "progress", "account", name="topic", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("words", sa.String(length=64), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=420), nullable=False),
        sa.Column("link", sa.String(length=200), nullable=False),
        sa.Column("is_shown", sa.Boolean(), nullable=False),
        sa.Column("told_at", db.UtcDateTime(), nullable=False),
        sa.Column("read_at", db.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_inbox_message_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox_message")),
        sa.UniqueConstraint("event_id", "person_id", name=op.f("uq_inbox_message_event_id_person_id")),
    )
    op.create_index("ix_inbox_message_person", "inbox_message", ["person_id", "id"], unique=False)
    op.create_index(
        "ix_inbox_message_unread",
        "inbox_message",
        ["person_id"],
        unique=False,
        sqlite_where=sa.text("read_at IS NULL AND is_shown"),
        postgresql_where=sa.text("read_at IS NULL AND is_shown"),
    )
    op.create_table(
        "licence_holder",
        sa.Column("issuer", sa.String(length=255), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("since", db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk_licence_holder_org_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_licence_holder_person_id")),
        sa.PrimaryKeyConstraint("issuer", "subject", name=op.f("pk_licence_holder")),
        sa.UniqueConstraint("person_id", name=op.f("uq_licence_holder_person_id")),
    )
    op.create_table(
        "message_contact",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column(
            "medium", sa.Enum("inbox", "mail", "sms", name="medium", native_enum=False, create_constraint=True, length=40), nullable=False
        ),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("asked", sa.String(length=200), nullable=False),
        sa.Column("code_sha256", sa.LargeBinary(length=32), nullable=True),
        sa.Column("code_at", db.UtcDateTime(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("confirmed_at", db.UtcDateTime(), nullable=True),
        sa.CheckConstraint("medium <> 'inbox'", name=op.f("ck_message_contact_outside")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_message_contact_person_id")),
        sa.PrimaryKeyConstraint("person_id", "medium", name=op.f("pk_message_contact")),
    )
    op.create_table(
        "message_manner",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.Enum("zh", "en", name="language", native_enum=False, create_constraint=True, length=40), nullable=False),
        sa.Column("quiet_begin", sa.Integer(), nullable=False),
        sa.Column("quiet_end", sa.Integer(), nullable=False),
        sa.CheckConstraint("quiet_begin BETWEEN 0 AND 23 AND quiet_end BETWEEN 0 AND 23", name=op.f("ck_message_manner_hours")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_message_manner_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_message_manner")),
    )
    op.create_table(
        "message_wish",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column(
            "topic",
            sa.Enum("change", "result", "task", "progress", "account", name="topic", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column(
            "medium", sa.Enum("inbox", "mail", "sms", name="medium", native_enum=False, create_constraint=True, length=40), nullable=False
        ),
        sa.Column("wanted", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_message_wish_person_id")),
        sa.PrimaryKeyConstraint("person_id", "topic", "medium", name=op.f("pk_message_wish")),
    )
    op.create_table(
        "message_delivery",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column(
            "medium", sa.Enum("inbox", "mail", "sms", name="medium", native_enum=False, create_constraint=True, length=40), nullable=False
        ),
        sa.Column(
            "state",
            sa.Enum("waiting", "sent", "failed", name="delivery_state", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("fault", sa.String(length=64), nullable=False),
        sa.Column("waits_s", sa.Integer(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("changed_at", db.UtcDateTime(), nullable=False),
        sa.CheckConstraint("medium <> 'inbox'", name=op.f("ck_message_delivery_outside")),
        sa.ForeignKeyConstraint(["message_id"], ["inbox_message.id"], name=op.f("fk_message_delivery_message_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_delivery")),
        sa.UniqueConstraint("message_id", "medium", name=op.f("uq_message_delivery_message_id_medium")),
    )
    op.create_index(
        "ix_message_delivery_trouble",
        "message_delivery",
        ["changed_at"],
        unique=False,
        sqlite_where=sa.text("is_open AND fault <> ''"),
        postgresql_where=sa.text("is_open AND fault <> ''"),
    )
    op.create_table(
        "lot_follow",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("since", db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_lot_follow_lot_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_lot_follow_person_id")),
        sa.PrimaryKeyConstraint("person_id", "lot_id", name=op.f("pk_lot_follow")),
    )
    op.create_index(op.f("ix_lot_follow_lot_id"), "lot_follow", ["lot_id"], unique=False)


def downgrade() -> None:
    raise NotImplementedError("evidence is not unmade: restore a backup")
