"""Fees: the rule of a lot, each member's fee, its orders to the bank, and the accounts they go from and to."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, JsonText, UtcDateTime, state_column
from core.kernel.jcs import JSON
from core.kernel.money import Money
from evaluation.domain.fee_life import FeeState


class FeeRule(Base):
    """By which standard the experts of a lot are paid, and who pays; fixed once."""

    __tablename__ = "fee_rule"

    lot_id: Mapped[UUID] = mapped_column(ForeignKey("lot.id"), primary_key=True)
    body: Mapped[JSON] = mapped_column(JsonText)  # RuleBody, as signed
    statement_sha256: Mapped[str] = mapped_column(String(64))
    payer_org: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    fixed_at: Mapped[datetime]
    calculated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Fee(Base):
    """What one member of a committee is paid; `line` is seat and turn. The person behind it is shown to nobody before the result."""

    __tablename__ = "fee"
    __table_args__ = (UniqueConstraint("lot_id", "line"), Index("ix_fee_state", "state"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    lot_id: Mapped[UUID] = mapped_column(ForeignKey("fee_rule.lot_id"))
    line: Mapped[str] = mapped_column(String(8))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    payer_org: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    state: Mapped[FeeState] = state_column(FeeState)
    calculation: Mapped[JSON] = mapped_column(JsonText)  # fee_evidence.Line.to_json
    fee: Mapped[Money]
    travel: Mapped[Money]
    objection: Mapped[str] = mapped_column(String(500))
    correction: Mapped[str] = mapped_column(String(500))
    calculated_at: Mapped[datetime]
    objected_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    corrected_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    warned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # that it was overdue


class FeeOrder(Base):
    """An order to the bank; its id is the key under which the bank pays once. One that came back makes room for the next."""

    __tablename__ = "fee_order"
    __table_args__ = (UniqueConstraint("fee_id", "attempt"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    fee_id: Mapped[UUID] = mapped_column(ForeignKey("fee.id"))
    attempt: Mapped[int] = mapped_column(Integer)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    payer_org: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    month: Mapped[str] = mapped_column(String(7), index=True)  # 2026-11, of the order: the month whose payments are one in tax law
    fee: Mapped[Money]
    before: Mapped[Money]  # paid by the same payer earlier in the month
    withheld: Mapped[Money]  # on that
    tax: Mapped[Money]
    travel: Mapped[Money]
    payer_name: Mapped[str] = mapped_column(String(140))
    payer_account: Mapped[str] = mapped_column(String(34))
    payee_name: Mapped[str] = mapped_column(String(140))
    payee_account: Mapped[str] = mapped_column(String(34))
    ordered_at: Mapped[datetime]
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    paid_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    returned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    cause: Mapped[str] = mapped_column(String(4))  # the bank's code for a return


class ExpertAccount(Base):
    """Where an expert's fees go, as the expert signed it."""

    __tablename__ = "expert_account"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    number: Mapped[str] = mapped_column(String(34))
    bank: Mapped[str] = mapped_column(String(100))
    given_at: Mapped[datetime]


class PayerAccount(Base):
    """The account from which an organisation has its experts paid, under a mandate to its bank."""

    __tablename__ = "fee_payer_account"

    org_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(140))
    number: Mapped[str] = mapped_column(String(34))
    bank: Mapped[str] = mapped_column(String(100))
    given_at: Mapped[datetime]
