"""How a lot takes its deposits is set by whoever tenders it."""

from __future__ import annotations

from sqlalchemy import update

from core.kernel.db import insert_new
from core.kernel.ids import LotId
from core.kernel.work import Work
from deposits.domain.terms import DepositTerms
from deposits.models.terms import TermsRow


def set_terms(work: Work, lot: LotId, title: str, terms: DepositTerms, basic_only: bool) -> None:
    """From now on this lot, which has its requirement, takes deposits so; `title`: of the project and the lot. Again: amended."""
    said = {"title": title, "terms": terms.to_json(), "basic_only": basic_only}
    if not insert_new(work.session.connection(), TermsRow, [{"lot_id": lot, **said}]):
        work.session.execute(update(TermsRow).where(TermsRow.lot_id == lot).values(**said))
