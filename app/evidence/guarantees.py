"""What an evidence package holds of guarantees: who registered their guarantors, and the opened files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.kernel import chain
from core.kernel.chain import StoredEvent
from core.kernel.events import PLATFORM
from core.kernel.signing import read_statement
from deposits.domain.guarantor import REGISTER
from deposits.domain.performance import asked_id
from deposits.models.guarantees import Guarantee, GuaranteeFile


def registrations(session: Session, events: Sequence[StoredEvent]) -> list[StoredEvent]:
    """The entries of the platform's chain under which the guarantors that these events name were registered."""
    named = {str(read_statement(event.envelope.payload).body["guarantor"]) for event in events if event.kind == "guarantee.apply"}
    return [event for root in sorted(named) for event in chain.find(session, PLATFORM, REGISTER, root)]


def files(session: Session, lot_ids: Sequence[Any]) -> Iterator[tuple[str, bytes]]:
    """The opened guarantees of these lots, for bids and performance, by the digest committed to at their issue; another file is none."""
    of = [*lot_ids, *(asked_id(one) for one in lot_ids)]
    query = select(GuaranteeFile).join(Guarantee, Guarantee.id == GuaranteeFile.guarantee_id).where(Guarantee.lot_id.in_(of))
    for row in session.scalars(query.order_by(GuaranteeFile.sha256)):
        if row.pdf and "changed_file" not in _faults(session, row):
            yield f"papers/{row.sha256}", row.pdf


def _faults(session: Session, row: GuaranteeFile) -> list[str]:
    found: Any = session.scalar(select(Guarantee.faults).where(Guarantee.id == row.guarantee_id))
    return list(found)
