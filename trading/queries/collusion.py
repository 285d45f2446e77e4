"""What the check for collusion looks at, and its cards as they are kept; who may see them is asked of the table of reads by the caller."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased

from core.identity.models.people import Person
from core.identity.queries.certificates import key_by_id
from core.kernel import chain, jcs
from core.kernel.errors import NotFound
from core.kernel.ids import KeyId, LotId, OrgId
from core.kernel.jcs import JSON
from core.kernel.money import Money
from core.kernel.roles import Role
from deposits.queries.payers import payers
from trading.domain.bid import EnvelopeState
from trading.domain.collusion.card import Signal, Strength
from trading.domain.collusion.life import CardAction, CardState
from trading.domain.collusion.material import BidMaterial, Document
from trading.domain.collusion.particulars import Particulars
from trading.models.bid import Bid, BidEnvelope
from trading.models.collusion import BidParticulars, CollusionCard, CollusionCheck, CollusionDecision
from trading.models.document import DocumentFile
from trading.models.lot import Lot
from trading.models.opening import OpenedFile, Opening
from trading.models.parsed import ParsedFileRow
from trading.models.project import Project
from trading.queries import lots, parsed
from trading.queries.lots import LotView

# What is looked at


@dataclass(frozen=True, slots=True)
class TenderFile:
    """A file of the tender document, of any of its versions: hex SHA-256, its place in the content store, and its name."""

    sha256: str
    name: str


@dataclass(frozen=True, slots=True)
class Gathered:
    """What one opening brought to light; nothing of envelopes that are still shut. The tender document's files are still to be read."""

    lot: LotView
    round: int
    bids: tuple[BidMaterial, ...]
    tender: tuple[TenderFile, ...]


def due(session: Session, now: datetime) -> list[UUID]:
    """Openings whose envelopes are open and whose files have all been read, and that have not been compared; none of closed cases."""
    unread = select(OpenedFile.id).join(BidEnvelope, BidEnvelope.id == OpenedFile.envelope_id)
    unread = unread.outerjoin(ParsedFileRow, ParsedFileRow.file_id == OpenedFile.id).where(ParsedFileRow.file_id.is_(None))
    waiting = unread.where(BidEnvelope.lot_id == Opening.lot_id, BidEnvelope.env == Opening.env)
    waiting = waiting.where(or_(BidEnvelope.asked_in.is_(None), BidEnvelope.asked_in <= Opening.round))
    earlier = aliased(Opening)  # a later opening of price envelopes is compared with what the earlier ones brought
    running = select(earlier.id).where(
        earlier.lot_id == Opening.lot_id, earlier.env == Opening.env, earlier.round < Opening.round, earlier.opened_at.is_(None)
    )
    done = select(CollusionCheck.id).where(CollusionCheck.lot_id == Opening.lot_id, CollusionCheck.round == Opening.round)
    query = select(Opening.id).join(Lot, Lot.id == Opening.lot_id).join(Project, Project.id == Lot.project_id)
    query = query.where(Opening.opened_at.is_not(None), Project.closed_at.is_(None), ~waiting.exists(), ~done.exists(), ~running.exists())
    return list(session.scalars(query.order_by(Opening.opened_at)))


def gather(session: Session, opening_id: UUID) -> Gathered | None:
    """The material of an opening whose batch has run; None before that, and once it has been checked."""
    opening = session.get(Opening, opening_id)
    if opening is None or opening.opened_at is None or is_checked(session, LotId(opening.lot_id), opening.round):
        return None
    lot = lots.by_id(session, LotId(opening.lot_id))
    held = select(BidEnvelope, Bid.org_id).join(Bid, Bid.id == BidEnvelope.bid_id).where(BidEnvelope.lot_id == opening.lot_id)
    opened = held.where(BidEnvelope.env == opening.env, BidEnvelope.state == EnvelopeState.OPENED).order_by(Bid.org_id)
    opened = opened.where(or_(BidEnvelope.asked_in.is_(None), BidEnvelope.asked_in <= opening.round))  # with those of earlier rounds
    paid = payers(session, lot.id) if opening.round == 0 else {}
    documents = _documents(session, lot.id, opening.env)
    bids = tuple(
        replace(_bid(session, lot, envelope), org=str(org), documents=documents.get(OrgId(org), ()), payers=paid.get(OrgId(org), ()))
        for envelope, org in session.execute(opened)
    )
    published = select(DocumentFile).where(DocumentFile.lot_id == opening.lot_id).order_by(DocumentFile.published_at, DocumentFile.place)
    tender = {row.sha256: TenderFile(row.sha256, row.name) for row in session.scalars(published)}
    return Gathered(lot, opening.round, bids, tuple(tender.values()))


def _documents(session: Session, lot_id: LotId, env: str) -> dict[OrgId, tuple[Document, ...]]:
    found: dict[OrgId, tuple[Document, ...]] = {}
    for one in parsed.files_of(session, lot_id, (env,)):
        document = Document(one.sha256, one.name, one.parsed.pages, dict(one.parsed.metadata))
        found[one.org] = (*found.get(one.org, ()), document)
    return found


def is_checked(session: Session, lot_id: LotId, round_: int) -> bool:
    """Whether that round has been checked."""
    query = select(CollusionCheck.id).where(CollusionCheck.lot_id == lot_id, CollusionCheck.round == round_)
    return session.scalar(query) is not None


def _bid(session: Session, lot: LotView, row: BidEnvelope) -> BidMaterial:
    """What one opened envelope says by itself."""
    told = session.get(BidParticulars, row.id)
    particulars = cast("Mapping[str, Any]", told.said) if told is not None else {}
    price = row.read_out.get("price") if isinstance(row.read_out, dict) else None
    return BidMaterial(
        org="",
        particulars=Particulars.read(particulars),
        price=Money.yuan(price).fen if isinstance(price, str) else None,
        signers=_signers(session, lot, row),
    )


def _signers(session: Session, lot: LotView, row: BidEnvelope) -> tuple[str, ...]:
    """Who signed the seal of this envelope: name and id of the person whose key it was."""
    lines = [line for event in chain.find(session, lot.case, "seal", row.seal_sha256) for line in event.envelope.signatures]
    known = [key for line in lines if (key := key_by_id(session, KeyId(line.keyid))) is not None]
    return tuple(sorted({f"{key.person_name} {key.person}" for key in known}))


# The cards


@dataclass(frozen=True, slots=True)
class DecisionView:
    """A decision on a card, as signed."""

    action: CardAction
    note: str
    name: str
    role: Role
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class CardRow:
    """A card as it is kept; `content` has the members that docs/formats/collusion-card.md names."""

    id: UUID
    ref: str
    round: int
    signal: Signal
    strength: Strength
    state: CardState
    sha256: str
    content: Mapping[str, Any]
    decisions: tuple[DecisionView, ...]

    @property
    def bidders(self) -> Sequence[str]:
        """The organisation ids that it is about."""
        return cast("Sequence[str]", self.content["bidders"])


@dataclass(frozen=True, slots=True)
class CheckView:
    """That a round was checked: when, by which method, and which files could not be read."""

    round: int
    method: str
    checked_at: datetime
    unread: tuple[str, ...]


_BY_STRENGTH = list(Strength)


def checks(session: Session, lot_id: LotId) -> tuple[CheckView, ...]:
    """The checks of a lot, by round."""
    rows = session.scalars(select(CollusionCheck).where(CollusionCheck.lot_id == lot_id).order_by(CollusionCheck.round))
    return tuple(CheckView(row.round, row.method, row.checked_at, tuple(_unread(row.looked_at))) for row in rows)


def _unread(looked_at: JSON) -> list[str]:
    rows = cast("Sequence[Mapping[str, Any]]", looked_at)
    return [str(file["name"]) for row in rows for file in row["files"] if not file["read"]]


def cards(session: Session, lot_id: LotId) -> tuple[CardRow, ...]:
    """Every card of a lot, the strongest first, and among equals in the order of their references, which are drawn."""
    query = select(CollusionCard, CollusionCheck.round).join(CollusionCheck, CollusionCheck.id == CollusionCard.check_id)
    rows = [_row(session, card, round_) for card, round_ in session.execute(query.where(CollusionCheck.lot_id == lot_id))]
    return tuple(sorted(rows, key=lambda row: (_BY_STRENGTH.index(row.strength), row.ref)))


def card(session: Session, lot_id: LotId, ref: str) -> CardRow:
    """One of them; raises NotFound."""
    found = next((row for row in cards(session, lot_id) if row.ref == ref), None)
    if found is None:
        raise NotFound("collusion.not_found")
    return found


def contents(session: Session, lot_ids: Sequence[UUID]) -> dict[str, bytes]:
    """Digest → canonical bytes of every card of these lots, for the evidence package."""
    query = select(CollusionCard.sha256, CollusionCard.content).join(CollusionCheck, CollusionCheck.id == CollusionCard.check_id)
    return {row.sha256: row.content for row in session.execute(query.where(CollusionCheck.lot_id.in_(lot_ids)))}


def _row(session: Session, card: CollusionCard, round_: int) -> CardRow:
    query = select(CollusionDecision, Person.name).join(Person, Person.id == CollusionDecision.person_id)
    made = session.execute(query.where(CollusionDecision.card_id == card.id).order_by(CollusionDecision.decided_at, CollusionDecision.id))
    return CardRow(
        id=card.id,
        ref=card.ref,
        round=round_,
        signal=card.signal,
        strength=card.strength,
        state=card.state,
        sha256=card.sha256,
        content=jcs.parse_object(card.content, strict=False),
        decisions=tuple(DecisionView(row.action, row.note, name, row.role, row.decided_at) for row, name in made),
    )
