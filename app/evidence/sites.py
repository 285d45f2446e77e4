"""What the package of the catalogue of sites holds: its chain and the agreements, as far as they have come."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.evidence.collect import Collected, statements
from app.verify.entries import EVENTS, POOL
from core.identity.authority import Authority
from core.kernel import chain
from core.kernel.errors import NotFound
from core.kernel.records import CaseHead
from core.kernel.trust import TrustPolicy
from evaluation.domain.site import SITES
from evaluation.events_experts import POOL as POOL_CHAIN


def collect(session: Session, authority: Authority, policy: TrustPolicy) -> Collected:
    """All that was said until now. Raises NotFound before the first site, WrongState "package.not_witnessed"."""
    events = chain.events(session, SITES)
    if not events:
        raise NotFound("package.not_found")
    chains = {EVENTS: events}
    if lent := chain.events(session, POOL_CHAIN):
        chains[POOL] = lent
    return statements(session, authority, policy, chains, set())


def heads(session: Session) -> str:
    """How far the chain has come; another package is made only where this has changed."""
    query = select(CaseHead.case_id, CaseHead.case_seq).where(CaseHead.case_id.in_((SITES, POOL_CHAIN))).order_by(CaseHead.case_id)
    return ", ".join(f"{name}:{seq}" for name, seq in session.execute(query))
