"""What the package of an old ledger of deposits holds: its chain, the paper of its rows, and the files of its claims."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.evidence.collect import Collected, Member, statements
from core.identity.authority import Authority
from core.kernel import chain
from core.kernel.chain import StoredEvent
from core.kernel.errors import NotFound
from core.kernel.files import FileStore
from core.kernel.records import CaseHead
from core.kernel.signing import read_statement
from core.kernel.trust import TrustPolicy
from deposits.domain.dormant_said import Claim

CAME_IN = ("dormant.import", "dormant.take_over")


def collect(session: Session, files: FileStore, authority: Authority, case: str, policy: TrustPolicy) -> Collected:
    """All that was said of an old ledger until now. Raises NotFound for none, WrongState "package.not_witnessed"."""
    events = chain.events(session, case)
    if not events:
        raise NotFound("package.not_found")
    package = statements(session, authority, policy, {"events": events}, set())
    package.members += _papers(files, events)
    return package


def heads(session: Session, case: str) -> str:
    """How far the chain has come; another package is made only where this has changed. Raises NotFound."""
    seq = session.scalar(select(CaseHead.case_seq).where(CaseHead.case_id == case))
    if seq is None:
        raise NotFound("package.not_found")
    return f"{case}:{seq}"


def _papers(files: FileStore, events: list[StoredEvent]) -> Iterator[Member]:
    """The rows as they were signed for, and the files of every claim, each once."""
    named = set[str]()
    for event in events:
        body = read_statement(event.envelope.payload).body
        if event.kind in CAME_IN:
            named.add(str(body["rows_sha256"]))
        elif event.kind == "dormant.claim":
            named |= {file.sha256 for file in Claim.read(body).files}
    yield from ((f"papers/{sha}", files.path(sha)) for sha in sorted(named))
