"""The end of the boxes: when a case is closed nobody needs them any more, and what was never opened stays shut for good."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import delete, select, update

from core.kernel.db import lock
from core.kernel.errors import WrongState
from core.kernel.work import Work
from trading.domain.bid import EnvelopeState
from trading.models.bid import BidEnvelope, ShareBox
from trading.models.lot import Lot
from trading.models.project import Project


def forget(work: Work, project_id: UUID) -> None:
    """Deletes the share boxes of a closed case, and the bidder boxes of envelopes that were never opened. Raises WrongState before."""
    project = lock(work.session, Project, Project.id == project_id)
    if project.closed_at is None:
        raise WrongState("project.not_closed")
    mine = select(BidEnvelope.id).join(Lot, Lot.id == BidEnvelope.lot_id).where(Lot.project_id == project_id)
    work.session.execute(delete(ShareBox).where(ShareBox.envelope_id.in_(mine)))
    never = update(BidEnvelope).where(BidEnvelope.id.in_(mine), BidEnvelope.state.not_in((EnvelopeState.OPENED,)))
    work.session.execute(never.values(bidder_box=b""), execution_options={"synchronize_session": False})
