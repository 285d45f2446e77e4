"""How a lot takes its deposits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.kernel.ids import LotId
from deposits.domain.terms import UNSAID, DepositTerms, Form
from deposits.models.requirement import Requirement
from deposits.models.terms import TermsRow


@dataclass(frozen=True, slots=True)
class TermsView:
    """A lot's terms; `title`: of its project and the lot, "" where nobody said it."""

    title: str
    terms: DepositTerms
    basic_only: bool

    @property
    def by_transfer(self) -> bool:
        """Whether money may be transferred to a sub-account."""
        return Form.TRANSFER in self.terms.forms


NONE_SAID = TermsView("", UNSAID, basic_only=True)


def terms_of(session: Session, lot: LotId) -> TermsView:
    """The terms of a lot, or what holds where nobody said any."""
    row = session.get(TermsRow, lot)
    return NONE_SAID if row is None else TermsView(row.title, DepositTerms.kept(cast("dict[str, object]", row.terms)), row.basic_only)


def terms_by_number(session: Session, number: str) -> TermsView:
    """The same by the lot's sayable number."""
    lot = session.scalar(select(Requirement.lot_id).where(Requirement.number == number))
    return NONE_SAID if lot is None else terms_of(session, LotId(lot))
