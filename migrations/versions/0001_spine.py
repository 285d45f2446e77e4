"""The tables of the spine."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.kernel import db
from core.kernel.records import append_only
from deposits.models import frozen

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bank_position",
        sa.Column("name", sa.String(length=16), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("checked_at", db.UtcDateTime(), nullable=True),
        sa.Column("bank_balance", db.Fen(), nullable=True),
        sa.Column("ledger_balance", db.Fen(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_bank_position")),
    )
    op.create_table(
        "batch",
        sa.Column("leaf_index", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("salt", sa.LargeBinary(length=32), nullable=False),
        sa.Column("root", sa.LargeBinary(length=32), nullable=False),
        sa.Column("at", db.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("leaf_index", name=op.f("pk_batch")),
    )
    op.create_table(
        "case_head",
        sa.Column("case_id", sa.String(length=64), nullable=False),
        sa.Column("case_seq", sa.Integer(), nullable=False),
        sa.Column("commitment", sa.LargeBinary(length=32), nullable=False),
        sa.Column("platform_prev", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_case_head")),
    )
    op.create_table(
        "checkpoint",
        sa.Column("size", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("root", sa.LargeBinary(length=32), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(length=64), nullable=False),
        sa.Column("at", db.UtcDateTime(), nullable=False),
        sa.Column("cosignatures", sa.Text(), nullable=False),
        sa.Column("tsr", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("size", name=op.f("pk_checkpoint")),
    )
    op.create_table(
        "clock_offset",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("offset_ms", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_clock_offset_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock_offset")),
    )
    op.create_table(
        "deposit_requirement",
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("amount", db.Fen(), nullable=False),
        sa.Column("deadline", db.UtcDateTime(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("taking", "closed", "opened", name="requirement_state", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("lot_id", name=op.f("pk_deposit_requirement")),
        sa.UniqueConstraint("number", name=op.f("uq_deposit_requirement_number")),
    )
    with op.batch_alter_table("deposit_requirement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_deposit_requirement_deadline"), ["deadline"], unique=False)

    op.create_table(
        "event",
        sa.Column("case_id", sa.String(length=64), nullable=False),
        sa.Column("case_seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=128), nullable=False),
        sa.Column("at", db.UtcDateTime(), nullable=False),
        sa.Column("salt", sa.LargeBinary(length=32), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("commitment", sa.LargeBinary(length=32), nullable=False),
        sa.Column("leaf_index", sa.BigInteger(), nullable=True),
        sa.Column("place", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("case_id", "case_seq", name=op.f("pk_event")),
    )
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.create_index("ix_event_kind_subject", ["case_id", "kind", "subject"], unique=False)
        batch_op.create_index("ix_event_leaf_index", ["leaf_index", "place"], unique=True)
        batch_op.create_index(
            "ix_event_unbatched",
            ["at"],
            unique=False,
            sqlite_where=sa.text("leaf_index IS NULL"),
            postgresql_where=sa.text("leaf_index IS NULL"),
        )

    op.create_table(
        "lease",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("holder", sa.String(length=40), nullable=False),
        sa.Column("until", db.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_lease")),
    )
    op.create_table(
        "ledger_account",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "bank",
                "held",
                "suspense",
                "in_transit",
                "interest_paid",
                "interest_earned",
                name="account_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("of", sa.String(length=36), nullable=False),
        sa.Column("balance", db.Fen(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_ledger_account")),
    )
    with op.batch_alter_table("ledger_account", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ledger_account_kind"), ["kind"], unique=False)

    op.create_table(
        "ledger_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "receive",
                "match",
                "earn",
                "order",
                "settle",
                "undo",
                name="entry_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("ref", sa.String(length=36), nullable=False),
        sa.Column("at", db.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_entry")),
        sa.UniqueConstraint("kind", "ref", name=op.f("uq_ledger_entry_kind_ref")),
    )
    op.create_table(
        "log_node",
        sa.Column("level", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("idx", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("level", "idx", name=op.f("pk_log_node")),
    )
    op.create_table(
        "organisation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("uscc", sa.String(length=18), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("joined_at", db.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
        sa.UniqueConstraint("uscc", name=op.f("uq_organisation_uscc")),
    )
    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_organisation_name"), ["name"], unique=False)

    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("topic", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=128), nullable=False),
        sa.Column("payload", db.JsonText(), nullable=False),
        sa.Column("due_at", db.UtcDateTime(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("done_at", db.UtcDateTime(), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("topic", "key", name=op.f("uq_outbox_topic_key")),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index(
            "ix_outbox_due", ["due_at"], unique=False, sqlite_where=sa.text("done_at IS NULL"), postgresql_where=sa.text("done_at IS NULL")
        )

    op.create_table(
        "person",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("login", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column(
            "duty",
            sa.Enum(
                "system",
                "hosting",
                "oversight",
                "keeping",
                "treasury",
                "panel",
                "party",
                name="duty",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("joined_at", db.UtcDateTime(), nullable=False),
        sa.Column("disabled_at", db.UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("id", "duty", name=op.f("uq_person_id_duty")),
        sa.UniqueConstraint("login", name=op.f("uq_person_login")),
    )
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_name"), ["name"], unique=False)

    op.create_table(
        "platform_certificate",
        sa.Column("key_id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("serial", sa.String(length=40), nullable=False),
        sa.Column("der", sa.LargeBinary(), nullable=False),
        sa.Column("not_before", db.UtcDateTime(), nullable=False),
        sa.Column("not_after", db.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("key_id", name=op.f("pk_platform_certificate")),
        sa.UniqueConstraint("serial", name=op.f("uq_platform_certificate_serial")),
    )
    op.create_table(
        "project_count",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_project_count")),
    )
    op.create_table(
        "site",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("city", sa.String(length=60), nullable=False),
        sa.Column("is_host", sa.Boolean(), nullable=False),
        sa.Column("workstations", sa.Integer(), nullable=False),
        sa.CheckConstraint("workstations > 0", name=op.f("ck_site_workstations_positive")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site")),
        sa.UniqueConstraint("name", name=op.f("uq_site_name")),
    )
    op.create_table(
        "stream_entry",
        sa.Column("case_id", sa.String(length=64), nullable=False),
        sa.Column("audience", sa.String(length=80), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("at", db.UtcDateTime(), nullable=False),
        sa.Column("data", db.JsonText(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "audience", "seq", name=op.f("pk_stream_entry")),
    )
    op.create_table(
        "stream_head",
        sa.Column("case_id", sa.String(length=64), nullable=False),
        sa.Column("audience", sa.String(length=80), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "audience", name=op.f("pk_stream_head")),
    )
    op.create_table(
        "upload",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("length", sa.BigInteger(), nullable=False),
        sa.Column("acknowledged", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("created_at", db.UtcDateTime(), nullable=False),
        sa.Column("expires_at", db.UtcDateTime(), nullable=False),
        sa.CheckConstraint("acknowledged >= 0 AND acknowledged <= length", name=op.f("ck_upload_within")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload")),
    )
    with op.batch_alter_table("upload", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_upload_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_upload_sha256"), ["sha256"], unique=False)

    op.create_table(
        "act",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("nonce", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.String(length=64), nullable=False),
        sa.Column("payload_sha256", sa.String(length=64), nullable=False),
        sa.Column("answer", db.JsonText(), nullable=False),
        sa.Column("accepted_at", db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_act_person_id")),
        sa.PrimaryKeyConstraint("person_id", "nonce", name=op.f("pk_act")),
    )
    op.create_table(
        "act_head",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.String(length=64), nullable=False),
        sa.Column("payload_sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_act_head_person_id")),
        sa.PrimaryKeyConstraint("person_id", "case_id", name=op.f("pk_act_head")),
    )
    op.create_table(
        "basic_account",
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("number", sa.String(length=34), nullable=False),
        sa.Column("bank", sa.String(length=100), nullable=False),
        sa.Column("registered_at", db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk_basic_account_org_id")),
        sa.PrimaryKeyConstraint("org_id", name=op.f("pk_basic_account")),
    )
    op.create_table(
        "certificate",
        sa.Column("key_id", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("suite", sa.String(length=20), nullable=False),
        sa.Column("spki", sa.LargeBinary(), nullable=False),
        sa.Column("recipient", sa.String(length=80), nullable=False),
        sa.Column("label", sa.String(length=120), nullable=False),
        sa.Column("serial", sa.String(length=40), nullable=False),
        sa.Column("der", sa.LargeBinary(), nullable=False),
        sa.Column("not_before", db.UtcDateTime(), nullable=False),
        sa.Column("not_after", db.UtcDateTime(), nullable=False),
        sa.Column("life", sa.Enum("issued", "revoked", name="life", native_enum=False, create_constraint=True, length=40), nullable=False),
        sa.Column("issued_at", db.UtcDateTime(), nullable=False),
        sa.Column("revoked_at", db.UtcDateTime(), nullable=True),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.CheckConstraint("(life = 'revoked') = (revoked_at IS NOT NULL)", name=op.f("ck_certificate_revoked_when")),
        sa.CheckConstraint("(purpose = 'step-up') = (kind = 'webauthn-es256')", name=op.f("ck_certificate_step_up_is_webauthn")),
        sa.CheckConstraint("(purpose = 'step-up') = (recipient = '')", name=op.f("ck_certificate_step_up_cannot_decrypt")),
        sa.CheckConstraint("kind IN ('es256', 'webauthn-es256')", name=op.f("ck_certificate_kind")),
        sa.CheckConstraint("not_before < not_after", name=op.f("ck_certificate_times")),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk_certificate_org_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_certificate_person_id")),
        sa.PrimaryKeyConstraint("key_id", name=op.f("pk_certificate")),
        sa.UniqueConstraint("serial", name=op.f("uq_certificate_serial")),
    )
    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_certificate_org_id"), ["org_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_certificate_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_certificate_purpose"), ["purpose"], unique=False)

    op.create_table(
        "deposit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("org_name", sa.String(length=120), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "requested",
                "short",
                "matched",
                "locked",
                "lapsed",
                "refund_due",
                "refunding",
                "refunded",
                "refund_failed",
                name="deposit_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("sub_account", sa.String(length=34), nullable=False),
        sa.Column("required", db.Fen(), nullable=False),
        sa.Column("paid", db.Fen(), nullable=False),
        sa.Column("has_bid", sa.Boolean(), nullable=False),
        sa.Column("requested_at", db.UtcDateTime(), nullable=False),
        sa.Column("changed_at", db.UtcDateTime(), nullable=False),
        sa.CheckConstraint("paid <= required", name=op.f("ck_deposit_no_more_than_required")),
        sa.ForeignKeyConstraint(["lot_id"], ["deposit_requirement.lot_id"], name=op.f("fk_deposit_lot_id")),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk_deposit_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deposit")),
        sa.UniqueConstraint("lot_id", "org_id", "no", name=op.f("uq_deposit_lot_id_org_id_no")),
        sa.UniqueConstraint("sub_account", name=op.f("uq_deposit_sub_account")),
    )
    with op.batch_alter_table("deposit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_deposit_org_id"), ["org_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_deposit_state"), ["state"], unique=False)

    op.create_table(
        "expert",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("employer_id", sa.Uuid(), nullable=False),
        sa.Column("strata", db.JsonText(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("admitted_at", db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["employer_id"], ["organisation.id"], name=op.f("fk_expert_employer_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_expert_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expert")),
        sa.UniqueConstraint("person_id", name=op.f("uq_expert_person_id")),
    )
    op.create_table(
        "ledger_transfer",
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("debit", sa.String(length=64), nullable=False),
        sa.Column("credit", sa.String(length=64), nullable=False),
        sa.Column("amount", db.Fen(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_ledger_transfer_moves_something")),
        sa.CheckConstraint("debit <> credit", name=op.f("ck_ledger_transfer_moves_somewhere")),
        sa.ForeignKeyConstraint(["credit"], ["ledger_account.key"], name=op.f("fk_ledger_transfer_credit")),
        sa.ForeignKeyConstraint(["debit"], ["ledger_account.key"], name=op.f("fk_ledger_transfer_debit")),
        sa.ForeignKeyConstraint(["entry_id"], ["ledger_entry.id"], name=op.f("fk_ledger_transfer_entry_id")),
        sa.PrimaryKeyConstraint("entry_id", "place", name=op.f("pk_ledger_transfer")),
    )
    with op.batch_alter_table("ledger_transfer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ledger_transfer_credit"), ["credit"], unique=False)
        batch_op.create_index(batch_op.f("ix_ledger_transfer_debit"), ["debit"], unique=False)

    op.create_table(
        "project",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "numbered",
                "drafted",
                "registered",
                "closing",
                "closed",
                name="project_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("agency_org", sa.Uuid(), nullable=False),
        sa.Column("tenderer_org", sa.Uuid(), nullable=False),
        sa.Column("agency_name", sa.String(length=200), nullable=False),
        sa.Column("tenderer_name", sa.String(length=200), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column(
            "regime",
            sa.Enum("works", "procurement", name="legal_regime", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column(
            "category",
            sa.Enum("construction", "goods", "services", name="category", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("region", sa.String(length=60), nullable=False),
        sa.Column("legally_mandatory", sa.Boolean(), nullable=False),
        sa.Column("approval", sa.String(length=200), nullable=False),
        sa.Column("funding", sa.String(length=200), nullable=False),
        sa.Column("estimate", db.Fen(), nullable=False),
        sa.Column("register_sha256", sa.String(length=64), nullable=False),
        sa.Column("drafted_at", db.UtcDateTime(), nullable=False),
        sa.Column("registered_at", db.UtcDateTime(), nullable=True),
        sa.Column("close_proposal", db.JsonText(), nullable=True),
        sa.Column("closed_at", db.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["agency_org"], ["organisation.id"], name=op.f("fk_project_agency_org")),
        sa.ForeignKeyConstraint(["tenderer_org"], ["organisation.id"], name=op.f("fk_project_tenderer_org")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project")),
        sa.UniqueConstraint("number", name=op.f("uq_project_number")),
    )
    with op.batch_alter_table("project", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_project_agency_org"), ["agency_org"], unique=False)
        batch_op.create_index(batch_op.f("ix_project_state"), ["state"], unique=False)
        batch_op.create_index(batch_op.f("ix_project_tenderer_org"), ["tenderer_org"], unique=False)

    op.create_table(
        "project_number",
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("agency_org", sa.Uuid(), nullable=False),
        sa.Column("given_at", db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["agency_org"], ["organisation.id"], name=op.f("fk_project_number_agency_org")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_project_number")),
    )
    with op.batch_alter_table("project_number", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_project_number_agency_org"), ["agency_org"], unique=False)

    op.create_table(
        "role_grant",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column(
            "duty",
            sa.Enum(
                "system",
                "hosting",
                "oversight",
                "keeping",
                "treasury",
                "panel",
                "party",
                name="duty",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "role",
            sa.Enum(
                "tenderer",
                "agency",
                "centre",
                "supervisor",
                "bidder",
                "expert",
                "award_member",
                "finance",
                "officer",
                "admin",
                "system",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "office",
            sa.Enum("", "tenderer", "centre", "supervisor", name="office", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("granted_by", sa.Uuid(), nullable=True),
        sa.Column("granted_at", db.UtcDateTime(), nullable=False),
        sa.Column("ended_at", db.UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "(duty = 'system' AND role IN ('admin')) OR (duty = 'hosting' AND role IN ('centre')) OR (duty = 'oversight' AND role IN ('supervisor')) OR (duty = 'keeping' AND role IN ('officer')) OR (duty = 'treasury' AND role IN ('finance')) OR (duty = 'panel' AND role IN ('expert')) OR (duty = 'party' AND role IN ('agency', 'award_member', 'bidder', 'tenderer'))",
            name=op.f("ck_role_grant_duty_fits_role"),
        ),
        sa.CheckConstraint("(role = 'officer') = (office <> '')", name=op.f("ck_role_grant_office_of_officers")),
        sa.ForeignKeyConstraint(["granted_by"], ["person.id"], name=op.f("fk_role_grant_granted_by")),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk_role_grant_org_id")),
        sa.ForeignKeyConstraint(["person_id", "duty"], ["person.id", "person.duty"], name=op.f("fk_role_grant_person_id_duty")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_grant")),
    )
    with op.batch_alter_table("role_grant", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_role_grant_org_id"), ["org_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_role_grant_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            "uq_role_grant_live",
            ["person_id", "org_id", "role"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "bank_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ref", sa.String(length=35), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("credit", sa.Boolean(), nullable=False),
        sa.Column("amount", db.Fen(), nullable=False),
        sa.Column("booked_at", db.UtcDateTime(), nullable=False),
        sa.Column("value_at", db.UtcDateTime(), nullable=False),
        sa.Column("sub_account", sa.String(length=34), nullable=False),
        sa.Column("party_name", sa.String(length=140), nullable=False),
        sa.Column("party_account", sa.String(length=34), nullable=False),
        sa.Column("end_to_end_id", sa.String(length=35), nullable=False),
        sa.Column("received_at", db.UtcDateTime(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "matched",
                "short",
                "over",
                "late",
                "wrong_name",
                "not_basic_account",
                "duplicate",
                "unknown",
                "interest",
                "refund",
                "unexplained",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("deposit_id", sa.Uuid(), nullable=True),
        sa.Column("taken", db.Fen(), nullable=False),
        sa.Column("returned", db.Fen(), nullable=False),
        sa.CheckConstraint("taken + returned <= amount", name=op.f("ck_bank_entry_no_more_than_came")),
        sa.ForeignKeyConstraint(["deposit_id"], ["deposit.id"], name=op.f("fk_bank_entry_deposit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_entry")),
        sa.UniqueConstraint("ref", name=op.f("uq_bank_entry_ref")),
    )
    with op.batch_alter_table("bank_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_bank_entry_deposit_id"), ["deposit_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_bank_entry_outcome"), ["outcome"], unique=False)

    op.create_table(
        "login_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_sha256", sa.LargeBinary(length=32), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("grant_id", sa.Uuid(), nullable=True),
        sa.Column("device", sa.String(length=200), nullable=False),
        sa.Column("opened_at", db.UtcDateTime(), nullable=False),
        sa.Column("seen_at", db.UtcDateTime(), nullable=False),
        sa.Column("ended_at", db.UtcDateTime(), nullable=True),
        sa.Column("challenge", sa.LargeBinary(length=32), nullable=True),
        sa.Column("challenged_at", db.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["grant_id"], ["role_grant.id"], name=op.f("fk_login_session_grant_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_login_session_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_session")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_login_session_token_sha256")),
    )
    with op.batch_alter_table("login_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_login_session_person_id"), ["person_id"], unique=False)

    op.create_table(
        "lot",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("no", sa.String(length=3), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "planned",
                "registered",
                "noticed",
                "bidding",
                "suspended",
                "terminated",
                "failed",
                "opening",
                "evaluating",
                "all_rejected",
                "evaluated",
                "candidates_published",
                "award_deciding",
                "awarded",
                "notice_sent",
                "contracted",
                "closed",
                "archived",
                "reevaluation",
                name="lot_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "regime",
            sa.Enum("works", "procurement", name="legal_regime", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("separation", sa.Boolean(), nullable=False),
        sa.Column("award_plan", db.JsonText(), nullable=True),
        sa.Column("award_plan_sha256", sa.String(length=64), nullable=False),
        sa.Column("document_sha256", sa.String(length=64), nullable=False),
        sa.Column("method", db.JsonText(), nullable=True),
        sa.Column("envelopes", db.JsonText(), nullable=True),
        sa.Column(
            "escrow",
            sa.Enum("required", "optional", "none", name="escrow", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("deposit", db.Fen(), nullable=True),
        sa.Column("ceiling", db.Fen(), nullable=True),
        sa.Column("reference_price_commit", sa.String(length=64), nullable=False),
        sa.Column("release_at", db.UtcDateTime(), nullable=True),
        sa.Column("deadline", db.UtcDateTime(), nullable=True),
        sa.Column("publicity_days", sa.Integer(), nullable=False),
        sa.Column("notice_at", db.UtcDateTime(), nullable=True),
        sa.Column("report_sha256", sa.String(length=64), nullable=False),
        sa.Column("case_sha256", sa.String(length=64), nullable=False),
        sa.Column("report_at", db.UtcDateTime(), nullable=True),
        sa.Column("ranked", sa.Boolean(), nullable=False),
        sa.Column("publicity_from", db.UtcDateTime(), nullable=True),
        sa.Column("publicity_until", db.UtcDateTime(), nullable=True),
        sa.Column("winner_org", sa.Uuid(), nullable=True),
        sa.Column("price", db.Fen(), nullable=True),
        sa.Column("result_sha256", sa.String(length=64), nullable=False),
        sa.Column("awarded_at", db.UtcDateTime(), nullable=True),
        sa.Column("award_notice_at", db.UtcDateTime(), nullable=True),
        sa.Column("contract_sha256", sa.String(length=64), nullable=False),
        sa.Column("contract_at", db.UtcDateTime(), nullable=True),
        sa.CheckConstraint("(release_at IS NULL) = (deadline IS NULL)", name=op.f("ck_lot_times_together")),
        sa.CheckConstraint("release_at IS NULL OR release_at < deadline", name=op.f("ck_lot_release_before_deadline")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_lot_project_id")),
        sa.ForeignKeyConstraint(["winner_org"], ["organisation.id"], name=op.f("fk_lot_winner_org")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lot")),
        sa.UniqueConstraint("number", name=op.f("uq_lot_number")),
        sa.UniqueConstraint("project_id", "no", name=op.f("uq_lot_project_id_no")),
    )
    with op.batch_alter_table("lot", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lot_deadline"), ["deadline"], unique=False)
        batch_op.create_index(batch_op.f("ix_lot_project_id"), ["project_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_lot_publicity_until"), ["publicity_until"], unique=False)
        batch_op.create_index(batch_op.f("ix_lot_release_at"), ["release_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_lot_state"), ["state"], unique=False)

    op.create_table(
        "webauthn_credential",
        sa.Column("key_id", sa.String(length=64), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(length=1023), nullable=False),
        sa.Column("rp_id", sa.String(length=253), nullable=False),
        sa.Column("origin", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["key_id"], ["certificate.key_id"], name=op.f("fk_webauthn_credential_key_id")),
        sa.PrimaryKeyConstraint("key_id", name=op.f("pk_webauthn_credential")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_webauthn_credential_credential_id")),
    )
    op.create_table(
        "award_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("voting", "decided", "tied", name="state", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("plan", db.JsonText(), nullable=False),
        sa.Column("plan_sha256", sa.String(length=64), nullable=False),
        sa.Column("candidates", db.JsonText(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("standing", db.JsonText(), nullable=False),
        sa.Column("result", db.JsonText(), nullable=True),
        sa.Column("opened_at", db.UtcDateTime(), nullable=False),
        sa.Column("decided_at", db.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_award_session_lot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award_session")),
        sa.UniqueConstraint("lot_id", name=op.f("uq_award_session_lot_id")),
    )
    op.create_table(
        "bid",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("org_name", sa.String(length=200), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "uploading",
                "sealed",
                "withdrawn",
                "locked",
                "read_out",
                "decrypt_failed_own",
                "decrypt_failed_other",
                name="bid_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("ver", sa.Integer(), nullable=False),
        sa.Column("changed_at", db.UtcDateTime(), nullable=False),
        sa.CheckConstraint("ver >= 0", name=op.f("ck_bid_ver_not_negative")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_bid_lot_id")),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk_bid_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bid")),
        sa.UniqueConstraint("lot_id", "org_id", name=op.f("uq_bid_lot_id_org_id")),
    )
    with op.batch_alter_table("bid", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_bid_lot_id"), ["lot_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_bid_org_id"), ["org_id"], unique=False)

    op.create_table(
        "candidate",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("price", db.Fen(), nullable=False),
        sa.CheckConstraint("rank >= 0", name=op.f("ck_candidate_rank_not_negative")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_candidate_lot_id")),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk_candidate_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_candidate")),
        sa.UniqueConstraint("lot_id", "org_id", name=op.f("uq_candidate_lot_id_org_id")),
    )
    with op.batch_alter_table("candidate", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_candidate_lot_id"), ["lot_id"], unique=False)

    op.create_table(
        "document_file",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("document_sha256", sa.String(length=64), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("published_at", db.UtcDateTime(), nullable=False),
        sa.CheckConstraint("size > 0", name=op.f("ck_document_file_size_positive")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_document_file_lot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_file")),
        sa.UniqueConstraint("lot_id", "document_sha256", "place", name=op.f("uq_document_file_lot_id_document_sha256_place")),
    )
    with op.batch_alter_table("document_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_document_file_lot_id"), ["lot_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_document_file_sha256"), ["sha256"], unique=False)

    op.create_table(
        "lot_draft",
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "award-plan", "document", "notice", "contract", name="draft_kind", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("body", db.JsonText(), nullable=False),
        sa.Column("saved_at", db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_lot_draft_lot_id")),
        sa.PrimaryKeyConstraint("lot_id", "kind", name=op.f("pk_lot_draft")),
    )
    op.create_table(
        "notice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("tender", "candidates", "result", "contract", name="notice_kind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("search_text", sa.String(length=1000), nullable=False),
        sa.Column("body", db.JsonText(), nullable=False),
        sa.Column("signed_sha256", sa.String(length=64), nullable=False),
        sa.Column("published_at", db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_notice_lot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("number", name=op.f("uq_notice_number")),
    )
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_notice_lot_id"), ["lot_id"], unique=False)
        batch_op.create_index("ix_notice_page", ["published_at", "id"], unique=False)

    op.create_table(
        "opening",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("env", sa.String(length=20), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "scheduled",
                "sign_in",
                "identity_check",
                "decrypting",
                "read_out",
                "objection_window",
                "record_signing",
                "closed",
                name="opening_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("began_at", db.UtcDateTime(), nullable=False),
        sa.Column("started_at", db.UtcDateTime(), nullable=True),
        sa.Column("release_from", db.UtcDateTime(), nullable=True),
        sa.Column("release_until", db.UtcDateTime(), nullable=True),
        sa.Column("rescue_until", db.UtcDateTime(), nullable=True),
        sa.Column("batch_at", db.UtcDateTime(), nullable=True),
        sa.Column("opened_at", db.UtcDateTime(), nullable=True),
        sa.Column("objection_until", db.UtcDateTime(), nullable=True),
        sa.Column("record", sa.LargeBinary(), nullable=False),
        sa.Column("record_sha256", sa.String(length=64), nullable=False),
        sa.Column("closed_at", db.UtcDateTime(), nullable=True),
        sa.CheckConstraint("round >= 0", name=op.f("ck_opening_round_not_negative")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_opening_lot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opening")),
        sa.UniqueConstraint("lot_id", "round", name=op.f("uq_opening_lot_id_round")),
    )
    with op.batch_alter_table("opening", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_opening_lot_id"), ["lot_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_opening_state"), ["state"], unique=False)

    op.create_table(
        "prepared_draw",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("request", db.JsonText(), nullable=False),
        sa.Column("sites", db.JsonText(), nullable=False),
        sa.Column("prepared_at", db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_prepared_draw_lot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prepared_draw")),
    )
    op.create_table(
        "refund",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("deposit_id", sa.Uuid(), nullable=True),
        sa.Column("bank_entry_id", sa.Uuid(), nullable=True),
        sa.Column("lot_id", sa.Uuid(), nullable=True),
        sa.Column("org_id", sa.Uuid(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "scheduled",
                "sending",
                "in_doubt",
                "accepted",
                "confirmed",
                "rejected",
                name="refund_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "reason",
            sa.Enum(
                "contract_signed",
                "lot_failed",
                "withdrawn",
                "award_lost",
                "no_bid",
                "short",
                "platform_failure",
                "over",
                "late",
                "wrong_name",
                "not_basic_account",
                "duplicate",
                "unknown",
                name="refund_reason",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("principal", db.Fen(), nullable=False),
        sa.Column("interest", db.Fen(), nullable=False),
        sa.Column("from_account", sa.String(length=34), nullable=False),
        sa.Column("payee_name", sa.String(length=140), nullable=False),
        sa.Column("payee_account", sa.String(length=34), nullable=False),
        sa.Column("due_at", db.UtcDateTime(), nullable=False),
        sa.Column("scheduled_at", db.UtcDateTime(), nullable=False),
        sa.Column("sent_at", db.UtcDateTime(), nullable=True),
        sa.Column("asked_at", db.UtcDateTime(), nullable=True),
        sa.Column("confirmed_at", db.UtcDateTime(), nullable=True),
        sa.Column("cause", sa.String(length=4), nullable=False),
        sa.Column("replaced", sa.Boolean(), nullable=False),
        sa.CheckConstraint("(deposit_id IS NULL) <> (bank_entry_id IS NULL)", name=op.f("ck_refund_one_source")),
        sa.ForeignKeyConstraint(["bank_entry_id"], ["bank_entry.id"], name=op.f("fk_refund_bank_entry_id")),
        sa.ForeignKeyConstraint(["deposit_id"], ["deposit.id"], name=op.f("fk_refund_deposit_id")),
        sa.ForeignKeyConstraint(["lot_id"], ["deposit_requirement.lot_id"], name=op.f("fk_refund_lot_id")),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk_refund_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refund")),
    )
    with op.batch_alter_table("refund", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_refund_lot_id"), ["lot_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_refund_org_id"), ["org_id"], unique=False)
        batch_op.create_index("ix_refund_state_due_at", ["state", "due_at"], unique=False)
        batch_op.create_index(
            "uq_refund_bank_entry",
            ["bank_entry_id"],
            unique=True,
            sqlite_where=sa.text("state <> 'rejected'"),
            postgresql_where=sa.text("state <> 'rejected'"),
        )
        batch_op.create_index(
            "uq_refund_deposit",
            ["deposit_id"],
            unique=True,
            sqlite_where=sa.text("state <> 'rejected'"),
            postgresql_where=sa.text("state <> 'rejected'"),
        )

    op.create_table(
        "award_member",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_award_member_person_id")),
        sa.ForeignKeyConstraint(["session_id"], ["award_session.id"], name=op.f("fk_award_member_session_id")),
        sa.PrimaryKeyConstraint("session_id", "person_id", name=op.f("pk_award_member")),
        sa.UniqueConstraint("session_id", "number", name=op.f("uq_award_member_session_id_number")),
    )
    op.create_table(
        "ballot",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("choice", sa.Uuid(), nullable=False),
        sa.Column("reasons", db.JsonText(), nullable=False),
        sa.Column("payload_sha256", sa.String(length=64), nullable=False),
        sa.Column("at", db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["choice"], ["organisation.id"], name=op.f("fk_ballot_choice")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_ballot_person_id")),
        sa.ForeignKeyConstraint(["session_id"], ["award_session.id"], name=op.f("fk_ballot_session_id")),
        sa.PrimaryKeyConstraint("session_id", "person_id", "round", name=op.f("pk_ballot")),
    )
    op.create_table(
        "bid_envelope",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("bid_id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("ver", sa.Integer(), nullable=False),
        sa.Column("env", sa.String(length=20), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "sealed",
                "replaced",
                "withdrawn",
                "locked",
                "released",
                "opened",
                "decrypt_failed_own",
                "decrypt_failed_other",
                "shut",
                name="envelope_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("bid_pub", sa.String(length=100), nullable=False),
        sa.Column("ct_sha256", sa.String(length=64), nullable=False),
        sa.Column("ct_size", sa.BigInteger(), nullable=False),
        sa.Column("bidder_box", sa.LargeBinary(), nullable=False),
        sa.Column("seal_sha256", sa.String(length=64), nullable=False),
        sa.Column("receipt_no", sa.String(length=32), nullable=False),
        sa.Column("received_at", db.UtcDateTime(), nullable=False),
        sa.Column("waited_ms", sa.Integer(), nullable=False),
        sa.Column("pt_sha256", sa.String(length=64), nullable=False),
        sa.Column("pt_size", sa.BigInteger(), nullable=False),
        sa.Column("read_out", db.JsonText(), nullable=True),
        sa.Column("cause", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["bid_id"], ["bid.id"], name=op.f("fk_bid_envelope_bid_id")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_bid_envelope_lot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bid_envelope")),
        sa.UniqueConstraint("bid_id", "ver", "env", name=op.f("uq_bid_envelope_bid_id_ver_env")),
        sa.UniqueConstraint("bid_pub", name=op.f("uq_bid_envelope_bid_pub")),
        sa.UniqueConstraint("ct_sha256", name=op.f("uq_bid_envelope_ct_sha256")),
        sa.UniqueConstraint("receipt_no", name=op.f("uq_bid_envelope_receipt_no")),
        sa.UniqueConstraint("seal_sha256", name=op.f("uq_bid_envelope_seal_sha256")),
    )
    with op.batch_alter_table("bid_envelope", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_bid_envelope_bid_id"), ["bid_id"], unique=False)
        batch_op.create_index("ix_bid_envelope_lot_env", ["lot_id", "env", "state"], unique=False)

    op.create_table(
        "draw_pseudonym",
        sa.Column("prepared_id", sa.Uuid(), nullable=False),
        sa.Column("pseudonym", sa.String(length=20), nullable=False),
        sa.Column("expert_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["expert_id"], ["expert.id"], name=op.f("fk_draw_pseudonym_expert_id")),
        sa.ForeignKeyConstraint(["prepared_id"], ["prepared_draw.id"], name=op.f("fk_draw_pseudonym_prepared_id")),
        sa.PrimaryKeyConstraint("prepared_id", "pseudonym", name=op.f("pk_draw_pseudonym")),
        sa.UniqueConstraint("prepared_id", "expert_id", name=op.f("uq_draw_pseudonym_prepared_id_expert_id")),
    )
    op.create_table(
        "expert_draw",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column(
            "state",
            sa.Enum("requested", "committed", "drawn", "formed", name="state", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("purpose", sa.String(length=500), nullable=False),
        sa.Column("pool_hash", sa.String(length=64), nullable=False),
        sa.Column("seed", sa.String(length=64), nullable=False),
        sa.Column("picked", db.JsonText(), nullable=True),
        sa.Column("reserves", db.JsonText(), nullable=True),
        sa.Column("requested_at", db.UtcDateTime(), nullable=False),
        sa.Column("drawn_at", db.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["id"], ["prepared_draw.id"], name=op.f("fk_expert_draw_id")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_expert_draw_lot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expert_draw")),
        sa.UniqueConstraint("lot_id", "name", name=op.f("uq_expert_draw_lot_id_name")),
    )
    op.create_table(
        "opening_attendance",
        sa.Column("opening_id", sa.Uuid(), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("signed_in_at", db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["opening_id"], ["opening.id"], name=op.f("fk_opening_attendance_opening_id")),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk_opening_attendance_org_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_opening_attendance_person_id")),
        sa.PrimaryKeyConstraint("opening_id", "org_id", name=op.f("pk_opening_attendance")),
    )
    op.create_table(
        "opening_objection",
        sa.Column("opening_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("raised_at", db.UtcDateTime(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_at", db.UtcDateTime(), nullable=True),
        sa.CheckConstraint("(answer = '') = (answered_at IS NULL)", name=op.f("ck_opening_objection_answer_with_moment")),
        sa.ForeignKeyConstraint(["opening_id"], ["opening.id"], name=op.f("fk_opening_objection_opening_id")),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk_opening_objection_org_id")),
        sa.PrimaryKeyConstraint("opening_id", "number", name=op.f("pk_opening_objection")),
    )
    op.create_table(
        "opening_record_signature",
        sa.Column("opening_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "tenderer",
                "agency",
                "centre",
                "supervisor",
                "bidder",
                "expert",
                "award_member",
                "finance",
                "officer",
                "admin",
                "system",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("signed_at", db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["opening_id"], ["opening.id"], name=op.f("fk_opening_record_signature_opening_id")),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk_opening_record_signature_org_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_opening_record_signature_person_id")),
        sa.PrimaryKeyConstraint("opening_id", "person_id", name=op.f("pk_opening_record_signature")),
    )
    op.create_table(
        "draw_recusal",
        sa.Column("draw_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("pseudonym", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("at", db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["draw_id"], ["expert_draw.id"], name=op.f("fk_draw_recusal_draw_id")),
        sa.PrimaryKeyConstraint("draw_id", "number", name=op.f("pk_draw_recusal")),
        sa.UniqueConstraint("draw_id", "pseudonym", name=op.f("uq_draw_recusal_draw_id_pseudonym")),
    )
    op.create_table(
        "draw_slip",
        sa.Column("draw_id", sa.Uuid(), nullable=False),
        sa.Column("party", sa.String(length=20), nullable=False),
        sa.Column("commit", sa.String(length=64), nullable=False),
        sa.Column("value", sa.String(length=64), nullable=False),
        sa.CheckConstraint("party IN ('centre', 'supervisor', 'tenderer')", name=op.f("ck_draw_slip_party")),
        sa.ForeignKeyConstraint(["draw_id"], ["expert_draw.id"], name=op.f("fk_draw_slip_draw_id")),
        sa.PrimaryKeyConstraint("draw_id", "party", name=op.f("pk_draw_slip")),
    )
    op.create_table(
        "evaluation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("draw_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "committee_formed",
                "signed_in",
                "chair_elected",
                "preliminary",
                "technical",
                "commercial",
                "summary",
                "signing",
                "submitted",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("formed_at", db.UtcDateTime(), nullable=False),
        sa.Column("chair_round", sa.Integer(), nullable=False),
        sa.Column("chair_among", db.JsonText(), nullable=False),
        sa.Column("chair", sa.String(length=4), nullable=False),
        sa.Column("blind_salt", sa.LargeBinary(length=32), nullable=False),
        sa.Column("rejections", db.JsonText(), nullable=True),
        sa.Column("technical", db.JsonText(), nullable=True),
        sa.Column("locked_at", db.UtcDateTime(), nullable=True),
        sa.Column("reference_price", sa.String(length=20), nullable=False),
        sa.Column("scoring_case", db.JsonText(), nullable=True),
        sa.Column("result", db.JsonText(), nullable=True),
        sa.Column("summarised_at", db.UtcDateTime(), nullable=True),
        sa.Column("report_sha256", sa.String(length=64), nullable=False),
        sa.Column("submitted_at", db.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["draw_id"], ["expert_draw.id"], name=op.f("fk_evaluation_draw_id")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_evaluation_lot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluation")),
        sa.UniqueConstraint("lot_id", name=op.f("uq_evaluation_lot_id")),
    )
    op.create_table(
        "key_release",
        sa.Column("envelope_id", sa.Uuid(), nullable=False),
        sa.Column("method", sa.String(length=10), nullable=False),
        sa.Column("secret", sa.String(length=100), nullable=False),
        sa.Column("released_at", db.UtcDateTime(), nullable=False),
        sa.CheckConstraint("method IN ('bidder', 'escrow')", name=op.f("ck_key_release_method")),
        sa.ForeignKeyConstraint(["envelope_id"], ["bid_envelope.id"], name=op.f("fk_key_release_envelope_id")),
        sa.PrimaryKeyConstraint("envelope_id", name=op.f("pk_key_release")),
    )
    op.create_table(
        "opened_file",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("envelope_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["envelope_id"], ["bid_envelope.id"], name=op.f("fk_opened_file_envelope_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opened_file")),
        sa.UniqueConstraint("envelope_id", "name", name=op.f("uq_opened_file_envelope_id_name")),
    )
    with op.batch_alter_table("opened_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_opened_file_envelope_id"), ["envelope_id"], unique=False)

    op.create_table(
        "share_box",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("envelope_id", sa.Uuid(), nullable=False),
        sa.Column("office", sa.String(length=20), nullable=False),
        sa.Column("box", sa.LargeBinary(), nullable=False),
        sa.Column("box_sha256", sa.String(length=64), nullable=False),
        sa.Column("share_commit", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["envelope_id"], ["bid_envelope.id"], name=op.f("fk_share_box_envelope_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_share_box")),
        sa.UniqueConstraint("envelope_id", "office", name=op.f("uq_share_box_envelope_id_office")),
    )
    op.create_table(
        "share_release",
        sa.Column("envelope_id", sa.Uuid(), nullable=False),
        sa.Column("office", sa.String(length=20), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("share", sa.String(length=66), nullable=False),
        sa.Column("released_at", db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["envelope_id"], ["bid_envelope.id"], name=op.f("fk_share_release_envelope_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_share_release_person_id")),
        sa.PrimaryKeyConstraint("envelope_id", "office", name=op.f("pk_share_release")),
    )
    op.create_table(
        "blind_code",
        sa.Column("evaluation_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["evaluation_id"], ["evaluation.id"], name=op.f("fk_blind_code_evaluation_id")),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk_blind_code_org_id")),
        sa.PrimaryKeyConstraint("evaluation_id", "code", name=op.f("pk_blind_code")),
        sa.UniqueConstraint("evaluation_id", "org_id", name=op.f("uq_blind_code_evaluation_id_org_id")),
    )
    op.create_table(
        "seat",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("evaluation_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=4), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("expert_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("pseudonym", sa.String(length=20), nullable=False),
        sa.Column("signed_in_at", db.UtcDateTime(), nullable=True),
        sa.Column("declared_at", db.UtcDateTime(), nullable=True),
        sa.Column("left_at", db.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["evaluation_id"], ["evaluation.id"], name=op.f("fk_seat_evaluation_id")),
        sa.ForeignKeyConstraint(["expert_id"], ["expert.id"], name=op.f("fk_seat_expert_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_seat_person_id")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_seat_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seat")),
        sa.UniqueConstraint("evaluation_id", "person_id", name=op.f("uq_seat_evaluation_id_person_id")),
    )
    with op.batch_alter_table("seat", schema=None) as batch_op:
        batch_op.create_index("ix_seat_person", ["person_id"], unique=False)
        batch_op.create_index(
            "uq_seat_in_office",
            ["evaluation_id", "code"],
            unique=True,
            sqlite_where=sa.text("left_at IS NULL"),
            postgresql_where=sa.text("left_at IS NULL"),
        )

    op.create_table(
        "chair_vote",
        sa.Column("seat_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("choice", sa.String(length=4), nullable=False),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_chair_vote_seat_id")),
        sa.PrimaryKeyConstraint("seat_id", "round", name=op.f("pk_chair_vote")),
    )
    op.create_table(
        "preliminary_review",
        sa.Column("seat_id", sa.Uuid(), nullable=False),
        sa.Column("items", db.JsonText(), nullable=False),
        sa.Column("at", db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_preliminary_review_seat_id")),
        sa.PrimaryKeyConstraint("seat_id", name=op.f("pk_preliminary_review")),
    )
    op.create_table(
        "report_signature",
        sa.Column("seat_id", sa.Uuid(), nullable=False),
        sa.Column("dissent", sa.String(length=2000), nullable=False),
        sa.Column("at", db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_report_signature_seat_id")),
        sa.PrimaryKeyConstraint("seat_id", name=op.f("pk_report_signature")),
    )
    op.create_table(
        "score_draft",
        sa.Column("seat_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("scores", db.JsonText(), nullable=False),
        sa.Column("reasons", db.JsonText(), nullable=False),
        sa.Column("saved_at", db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_score_draft_seat_id")),
        sa.PrimaryKeyConstraint("seat_id", "code", name=op.f("pk_score_draft")),
    )
    op.create_table(
        "score_sheet",
        sa.Column("seat_id", sa.Uuid(), nullable=False),
        sa.Column("sheets", db.JsonText(), nullable=False),
        sa.Column("payload_sha256", sa.String(length=64), nullable=False),
        sa.Column("at", db.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_score_sheet_seat_id")),
        sa.PrimaryKeyConstraint("seat_id", name=op.f("pk_score_sheet")),
    )
    dialect = op.get_bind().dialect.name
    ledger = [statement for name in ("ledger_transfer", "ledger_entry") for statement in frozen.append_only(dialect, name)]
    for statement in [*append_only(dialect), *ledger]:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("evidence is not unmade: restore a backup")
