"""The expert pool: its entries with their trainings, suspensions, ratings and consents, what is kept sealed, and the sites."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, Integer, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, JsonText, UtcDateTime, state_column
from core.kernel.jcs import JSON
from evaluation.domain.expert import ExpertState, Ground, Purpose
from evaluation.domain.expert_import import ImportState
from evaluation.domain.secret import SecretKind
from evaluation.domain.site import SiteState


class ExpertCount(Base):
    """How many entries a year has numbered; its row is the lock of the next one."""

    __tablename__ = "expert_count"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    count: Mapped[int]


class Expert(Base):
    """An entry of the pool as it stands, or as its draft has it. `origin_id`: the agreement by which a partner city lends them.

    `past`, `relatives` and `ties` are lists of firms; what of them counts for a recusal is decided in `domain/expert.py`.
    """

    __tablename__ = "expert"
    __table_args__ = (
        UniqueConstraint("person_id"),
        UniqueConstraint("number"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20))  # E2026-000001, the id of the chain
    state: Mapped[ExpertState] = state_column(ExpertState, index=True)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    name: Mapped[str] = mapped_column(String(60))
    employer_uscc: Mapped[str] = mapped_column(String(18))
    employer_name: Mapped[str] = mapped_column(String(120))
    region: Mapped[str] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(String(60))
    qualified_from: Mapped[date | None] = mapped_column(Date)
    qualified_to: Mapped[date | None] = mapped_column(Date)
    strata: Mapped[JSON] = mapped_column(JsonText)  # list of codes of the catalogue
    past: Mapped[JSON] = mapped_column(JsonText)  # [{uscc, name, since, until}]
    relatives: Mapped[JSON] = mapped_column(JsonText)  # [{uscc, name, relation}], declared by the expert
    ties: Mapped[JSON] = mapped_column(JsonText)  # [{uscc, name, relation}], likewise
    declared_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    origin_id: Mapped[UUID | None] = mapped_column(ForeignKey("pool_agreement.id"))
    origin_key: Mapped[str] = mapped_column(String(60))  # what the partner's catalogue calls them, "" for the pool's own
    profile_sha256: Mapped[str] = mapped_column(String(64))  # of the profile that stands; "" for a draft
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    admitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ExpertTraining(Base):
    """A training that somebody took."""

    __tablename__ = "expert_training"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    expert_id: Mapped[UUID] = mapped_column(ForeignKey("expert.id"), index=True)
    on_day: Mapped[date] = mapped_column(Date)
    until_day: Mapped[date] = mapped_column(Date)
    hours: Mapped[int]
    course: Mapped[str] = mapped_column(String(120))
    is_partners: Mapped[bool]

    __table_args__ = (CheckConstraint("until_day >= on_day", name="days"),)


class ExpertSuspension(Base):
    """A span of days on which somebody is not drawn; `until_day` None: until it is lifted."""

    __tablename__ = "expert_suspension"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    expert_id: Mapped[UUID] = mapped_column(ForeignKey("expert.id"), index=True)
    since_day: Mapped[date] = mapped_column(Date)
    until_day: Mapped[date | None] = mapped_column(Date)
    ground: Mapped[Ground] = state_column(Ground)
    reason: Mapped[str] = mapped_column(String(500))
    ordered_by: Mapped[str] = mapped_column(String(120))
    document: Mapped[str] = mapped_column(String(120))
    lifted_on: Mapped[date | None] = mapped_column(Date)
    lift_reason: Mapped[str] = mapped_column(String(500))

    __table_args__ = (CheckConstraint("until_day IS NULL OR until_day >= since_day", name="days"),)


class ExpertRating(Base):
    """What the host or the centre noted of somebody's conduct in one evaluation: points of a hundred and why."""

    __tablename__ = "expert_rating"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    expert_id: Mapped[UUID] = mapped_column(ForeignKey("expert.id"), index=True)
    lot_number: Mapped[str] = mapped_column(String(24))
    points: Mapped[int]
    reason: Mapped[str] = mapped_column(String(500))
    rated_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (
        UniqueConstraint("expert_id", "lot_number"),
        CheckConstraint("points BETWEEN 0 AND 100", name="points"),
    )


class ExpertConsent(Base):
    """What an expert agreed to, for one purpose; `until_day`: the last day for which the data may be kept."""

    __tablename__ = "expert_consent"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    expert_id: Mapped[UUID] = mapped_column(ForeignKey("expert.id"), index=True)
    purpose: Mapped[Purpose] = state_column(Purpose)
    version: Mapped[int]
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)
    until_day: Mapped[date] = mapped_column(Date)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)


class ExpertSecret(Base):
    """What only the keeper of the pool and the expert may read, sealed under the pool's key; gone once erased."""

    __tablename__ = "expert_secret"

    expert_id: Mapped[UUID] = mapped_column(ForeignKey("expert.id"), primary_key=True)
    kind: Mapped[SecretKind] = state_column(SecretKind, primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    kept_at: Mapped[datetime] = mapped_column(UtcDateTime)


class PoolAgreement(Base):
    """An agreement with the pool of another city: what is recognised, and from when to when."""

    __tablename__ = "pool_agreement"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)  # A2026-000001
    partner: Mapped[str] = mapped_column(String(120))
    city: Mapped[str] = mapped_column(String(60))
    document: Mapped[str] = mapped_column(String(120))
    since_day: Mapped[date] = mapped_column(Date)
    until_day: Mapped[date] = mapped_column(Date)
    recognises: Mapped[JSON] = mapped_column(JsonText)  # list of what
    note: Mapped[str] = mapped_column(String(500))
    statement_sha256: Mapped[str] = mapped_column(String(64))
    concluded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_on: Mapped[date | None] = mapped_column(Date)
    end_reason: Mapped[str] = mapped_column(String(500))

    __table_args__ = (CheckConstraint("until_day >= since_day", name="days"), Index("ix_pool_agreement_until", "until_day"))


class Site(Base):
    """A place with workstations; `name` is what statements call it. `profile_sha256` is empty while nobody has signed for its rooms: then
    it has none, and only counts its workstations."""

    __tablename__ = "site"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    city: Mapped[str] = mapped_column(String(60))
    is_host: Mapped[bool]
    workstations: Mapped[int] = mapped_column(Integer)
    state: Mapped[SiteState] = state_column(SiteState, default=SiteState.OPEN, server_default=SiteState.OPEN.value)
    operator_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"))  # of a partner's site
    agreement_id: Mapped[UUID | None] = mapped_column(ForeignKey("pool_agreement.id"))
    address: Mapped[str] = mapped_column(String(200), default="", server_default="")
    buffer_minutes: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    profile_sha256: Mapped[str] = mapped_column(String(64), default="", server_default="")

    __table_args__ = (CheckConstraint("workstations > 0", name="workstations_positive"),)


class PoolImport(Base):
    """A sheet of experts that was handed in. `faults`: [{row, column, code, facts}] of the rows that are out."""

    __tablename__ = "pool_import"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    state: Mapped[ImportState] = state_column(ImportState, index=True)
    file_name: Mapped[str] = mapped_column(String(120))
    file_sha256: Mapped[str] = mapped_column(String(64))
    origin: Mapped[str] = mapped_column(String(20))  # number of the agreement, "" for the pool's own
    rows: Mapped[int]
    faults: Mapped[JSON] = mapped_column(JsonText)
    statement_sha256: Mapped[str] = mapped_column(String(64))
    handed_in_at: Mapped[datetime] = mapped_column(UtcDateTime)
    handed_in_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))


class PoolImportRow(Base):
    """A row that holds, until and after it was taken over under `number`."""

    __tablename__ = "pool_import_row"

    import_id: Mapped[UUID] = mapped_column(ForeignKey("pool_import.id"), primary_key=True)
    row: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    content: Mapped[JSON] = mapped_column(JsonText)  # {row, profile, training}
    number: Mapped[str] = mapped_column(String(20))  # "" until taken over
