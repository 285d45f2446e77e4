"""Tables of guarantors, of what lots ask of a guarantee, of guarantees, and of their files once they are opened."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, JsonText, UtcDateTime, state_column
from core.kernel.jcs import JSON
from core.kernel.money import Money
from deposits.domain.guarantee import GuaranteeState, Product
from deposits.domain.guarantor import GuarantorState


class Guarantor(Base):
    """A guarantor that the centre has registered."""

    __tablename__ = "guarantor"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    url: Mapped[str] = mapped_column(String(300))
    root: Mapped[str] = mapped_column(Text)  # PEM
    root_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    state: Mapped[GuarantorState] = state_column(GuarantorState)
    registered_at: Mapped[datetime]
    suspend_reason: Mapped[str] = mapped_column(String(500))


class GuaranteeTerms(Base):
    """What a lot's guarantees must say besides the amount; the lot itself belongs to a package above."""

    __tablename__ = "guarantee_terms"

    lot_id: Mapped[UUID] = mapped_column(ForeignKey("deposit_requirement.lot_id"), primary_key=True)
    beneficiary: Mapped[str] = mapped_column(String(200))
    project_number: Mapped[str] = mapped_column(String(24))
    project: Mapped[str] = mapped_column(String(200))
    title: Mapped[str] = mapped_column(String(200))
    days: Mapped[int]  # for which a bid binds from the deadline on; 0: the document does not say


class Guarantee(Base):
    """One bidder's guarantee for one lot; `no` counts those that came before it. Until the opening `ciphertext` is all there is of its
    content, and the key lies with the guarantor."""

    __tablename__ = "guarantee"
    __table_args__ = (
        UniqueConstraint("lot_id", "org_id", "product", "no"),
        CheckConstraint("(ver = 0) = (ciphertext IS NULL)", name="issued_with_its_file"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    lot_id: Mapped[UUID] = mapped_column(ForeignKey("deposit_requirement.lot_id"))
    org_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    no: Mapped[int]
    org_name: Mapped[str] = mapped_column(String(120))
    org_uscc: Mapped[str] = mapped_column(String(18))
    guarantor_id: Mapped[UUID] = mapped_column(ForeignKey("guarantor.id"))
    product: Mapped[Product] = state_column(Product)
    state: Mapped[GuaranteeState] = state_column(GuaranteeState, index=True)
    amount: Mapped[Money]
    premium: Mapped[Money | None]  # once the guarantor has named it
    valid_from: Mapped[datetime]
    wanted_to: Mapped[datetime]  # until when it must hold by now
    opening_at: Mapped[datetime]  # as the guarantor was told
    valid_to: Mapped[datetime | None] = mapped_column(UtcDateTime)  # as the guarantor says
    ver: Mapped[int]  # 0: not issued
    guarantee_no: Mapped[str] = mapped_column(String(40), index=True)
    recipient: Mapped[str] = mapped_column(String(80))
    identity: Mapped[str] = mapped_column(String(80))  # "" until the opening
    file_sha256: Mapped[str] = mapped_column(String(64))
    ciphertext: Mapped[bytes | None] = mapped_column(LargeBinary)
    faults: Mapped[JSON] = mapped_column(JsonText)  # codes, once it is opened
    cause: Mapped[str] = mapped_column(String(200))  # why the guarantor will not
    reason: Mapped[str] = mapped_column(String(40))  # why it ended
    told: Mapped[bool]  # the guarantor knows of its end
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    applied_at: Mapped[datetime]
    issued_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime]


class GuaranteeFile(Base):
    """An opened guarantee: the PDF, its terms and the guarantor's signature over them."""

    __tablename__ = "guarantee_file"

    guarantee_id: Mapped[UUID] = mapped_column(ForeignKey("guarantee.id"), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    pdf: Mapped[bytes] = mapped_column(LargeBinary)
    terms: Mapped[bytes] = mapped_column(LargeBinary)
    signature: Mapped[bytes] = mapped_column(LargeBinary)
