"""Slips of silent parties: which offices hold shares, and what an office is asked for when the time to show a slip is over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.identity.queries import acts, certificates
from core.kernel import chain
from core.kernel.actor import Actor
from core.kernel.errors import NotAllowed
from core.kernel.ids import KeyId, LotId
from core.kernel.signing import read_statement
from core.kernel.slips import WINDOW, SlipRequest
from evaluation.domain.draw import PARTIES, State
from evaluation.models.draws import Draw, DrawSlip, SlipRelease
from trading.models.lot import Lot
from trading.queries import lots
from trading.queries.bids import offices
from trading.queries.lot_files import event_proof
from trading.queries.lots import LotView


@dataclass(frozen=True, slots=True)
class PendingSlip:
    """A slip whose share an office is asked for."""

    request: SlipRequest
    lot: LotView


def office_recipients(session: Session, lot: LotView, now: datetime) -> dict[str, tuple[str, ...]]:
    """Office → the recipients of its live keys; an office without one has an empty list."""
    project = session.scalars(select(Lot.project_id).where(Lot.id == lot.id)).one()
    return {
        office: tuple(key.recipient for key in certificates.officer_keys(session, office, now, org))
        for office, org in offices(session, project).items()
    }


def silent(session: Session, draw: Draw) -> list[DrawSlip]:
    """The slips that their parties have not shown."""
    return list(session.scalars(select(DrawSlip).where(DrawSlip.draw_id == draw.id, DrawSlip.value == "").order_by(DrawSlip.party)))


def is_overdue(draw: Draw, now: datetime) -> bool:
    """Whether the parties' own time to show their slips is over."""
    return draw.committed_at is not None and now >= draw.committed_at + WINDOW


def pending(session: Session, actor: Actor, office: str, authorities: Sequence[x509.Certificate], now: datetime) -> tuple[PendingSlip, ...]:
    """What this officer's office is asked for; the tenderer's officers in their own projects alone. Raises NotAllowed for no officer."""
    if actor.person is None or not office:
        raise NotAllowed("draw.open.not_allowed")
    running = select(Draw).where(Draw.state == State.COMMITTED, Draw.committed_at <= now - WINDOW).order_by(Draw.committed_at)
    found: list[PendingSlip] = []
    for draw in session.scalars(running):
        lot = lots.by_id(session, LotId(draw.lot_id))
        project = session.scalars(select(Lot.project_id).where(Lot.id == lot.id)).one()
        if offices(session, project)[office] in (None, actor.org):
            found += _asked(session, actor, office, authorities, (draw, lot))
    return tuple(found)


def _asked(
    session: Session, actor: Actor, office: str, authorities: Sequence[x509.Certificate], place: tuple[Draw, LotView]
) -> list[PendingSlip]:
    draw, lot = place
    assert actor.person is not None
    events = [event for event in chain.find(session, lot.case, "draw.commit", draw.name) if _is_of(event, lot.no)]
    proofs = {str(read_statement(event.envelope.payload).body["party"]): event_proof(session, event) for event in events}
    held = {party: proof for party, proof in proofs.items() if proof is not None}
    if set(held) != PARTIES:
        return []  # not in the log yet
    made = []
    for slip in silent(session, draw):
        if slip.shares and session.get(SlipRelease, (draw.id, slip.party, office)) is None:
            request = SlipRequest(
                case=lot.case,
                lot=lot.no,
                role=office,
                draw=draw.name,
                party=slip.party,
                authorities=tuple(authorities),
                signers=_signers(session, events),
                commits=held,
                prev=acts.prev(session, actor.person, lot.case),
            )
            made.append(PendingSlip(request, lot))
    return made


def _is_of(event: chain.StoredEvent, no: str) -> bool:
    return read_statement(event.envelope.payload).lot == no


def _signers(session: Session, events: Sequence[chain.StoredEvent]) -> tuple[x509.Certificate, ...]:
    keys = [certificates.key_by_id(session, KeyId(event.envelope.signatures[0].keyid)) for event in events]
    return tuple(x509.load_der_x509_certificate(key.certificate) for key in keys if key is not None)
