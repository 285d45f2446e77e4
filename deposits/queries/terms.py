"""How a lot takes its deposits."""

from __future__ import annotations

from collections.abc import Collection
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
    return terms_of_all(session, (lot,))[lot]


def terms_of_all(session: Session, lots: Collection[LotId]) -> dict[LotId, TermsView]:
    """The terms of each of these lots."""
    rows = {row.lot_id: row for row in session.scalars(select(TermsRow).where(TermsRow.lot_id.in_(lots)))}
    return {lot: _view(rows[lot]) if lot in rows else NONE_SAID for lot in lots}


def _view(row: TermsRow) -> TermsView:
    return TermsView(row.title, DepositTerms.kept(cast("dict[str, object]", row.terms)), row.basic_only)


def terms_by_number(session: Session, number: str) -> TermsView:
    """The same by the lot's sayable number."""
    lot = session.scalar(select(Requirement.lot_id).where(Requirement.number == number))
    return NONE_SAID if lot is None else terms_of(session, LotId(lot))
