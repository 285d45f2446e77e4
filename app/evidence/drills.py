"""What the package of a drill holds: its own chain, from the beginning to its end."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.evidence.collect import Collected, statements
from app.verify.entries import EVENTS
from core.identity.authority import Authority
from core.kernel import chain
from core.kernel.errors import NotFound, WrongState
from core.kernel.records import CaseHead
from core.kernel.trust import TrustPolicy


def collect(session: Session, authority: Authority, case: str, policy: TrustPolicy) -> Collected:
    """All of it. Raises NotFound, or WrongState "package.case_open" while it goes on, "package.not_witnessed"."""
    events = chain.events(session, case)
    if not events:
        raise NotFound("package.not_found")
    if all(event.kind != "drill.end" for event in events):
        raise WrongState("package.case_open")
    return statements(session, authority, policy, {EVENTS: events}, set())


def heads(session: Session, case: str) -> str:
    """How far the chain has come; another package is made only where this has changed."""
    return str(session.scalar(select(CaseHead.case_seq).where(CaseHead.case_id == case)))
