"""What the package of a drill holds: its own chain, from the beginning to its end, its report, and what cameras saw of it."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.evidence import recordings
from app.evidence.collect import Collected, Stores, papers, statements
from app.verify.entries import EVENTS, RECORDINGS
from core.identity.authority import Authority
from core.kernel import chain
from core.kernel.errors import NotFound, WrongState
from core.kernel.records import CaseHead
from core.kernel.trust import TrustPolicy
from trading.queries import lots


def collect(session: Session, stores: Stores, authority: Authority, case: str, policy: TrustPolicy) -> Collected:
    """All of it. Raises NotFound, or WrongState "package.case_open" while it goes on, "package.not_witnessed"."""
    events = chain.events(session, case)
    if not events:
        raise NotFound("package.not_found")
    if all(event.kind != "drill.end" for event in events):
        raise WrongState("package.case_open")
    chains, lot_ids = {EVENTS: events}, [view.id for view in lots.by_case(session, case)]
    if recorded := recordings.events(session, case):
        chains[RECORDINGS] = recorded
    package = statements(session, authority, policy, chains, set())
    package.members += recordings.files(session, stores.tapes, lot_ids, stores.with_tapes)
    package.members += papers(session, stores.files, lot_ids, events)
    return package


def heads(session: Session, case: str) -> str:
    """How far the chain has come; another package is made only where this has changed."""
    return f"{session.scalar(select(CaseHead.case_seq).where(CaseHead.case_id == case))}, {recordings.head(session, case)}"
