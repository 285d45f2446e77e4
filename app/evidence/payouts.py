"""What the package of the collecting account holds: the chains of batches and of the books, and of suspense where no lot is sealed."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.evidence.collect import Collected, statements
from app.verify.entries import BOOKS, EVENTS, SUSPENSE
from core.identity.authority import Authority
from core.kernel import chain
from core.kernel.errors import NotFound
from core.kernel.records import CaseHead
from core.kernel.trust import TrustPolicy
from deposits.domain import batch, reconciliation
from deposits.domain.deposit import NO_LOT
from deposits.queries.passbooks import any_sealed

CASE = batch.CHAIN


def collect(session: Session, authority: Authority, policy: TrustPolicy) -> Collected:
    """All that was said until now. Raises NotFound "package.no_batch" before the first batch, WrongState "package.not_witnessed"."""
    chains = {folder: events for folder, case in _chains(session).items() if (events := chain.events(session, case))}
    if EVENTS not in chains:
        raise NotFound("package.no_batch")
    return statements(session, authority, policy, chains, set())


def heads(session: Session) -> str:
    """How far the chains have come; another package is made only where this has changed."""
    cases = sorted(_chains(session).values())
    query = select(CaseHead.case_id, CaseHead.case_seq).where(CaseHead.case_id.in_(cases)).order_by(CaseHead.case_id)
    return ", ".join(f"{name}:{seq}" for name, seq in session.execute(query))


def _chains(session: Session) -> dict[str, str]:
    """Folder → chain. Nobody's payments may be of who pays into a lot still sealed: not even their number may be told before."""
    known: dict[str, str] = {EVENTS: CASE, BOOKS: reconciliation.CHAIN}
    return known if any_sealed(session) else known | {SUSPENSE: NO_LOT}
