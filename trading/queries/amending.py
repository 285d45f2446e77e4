"""What the pages need on which a tender document is amended and clarified, and on which a firm asks about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.errors import NotFound
from core.kernel.roles import Role
from trading.domain.amendment import Changes, Extension, changes, extension
from trading.domain.bid import BidFacts, bidding_is_open, takes_bids
from trading.domain.document import TenderDocument
from trading.domain.draft import DraftKind
from trading.queries import clarifications, downloads
from trading.queries import document_versions as versions
from trading.queries.clarifications import ClarificationView, OwnQuestion, Waiting
from trading.queries.downloads import OwnDownload
from trading.queries.lot_page import may_have_document
from trading.queries.lots import LotView
from trading.queries.workplace import Workplace, workplace


@dataclass(frozen=True, slots=True)
class Amending:
    """The page of an amendment. `standing` is the body in force; of a saved draft: what it changes, and what the deadline would do if it
    were published now."""

    place: Workplace
    version: int
    standing: dict[str, Any]
    changes: Changes | None = None
    moves: Extension | None = None

    @property
    def offered(self) -> dict[str, dict[str, Any]]:
        """The files that the next version may keep, by digest: those in force and those of the draft."""
        drafted = self.place.draft.body["document"]["files"] if self.place.draft else []
        return {entry["sha256"]: dict(entry) for entry in (*self.standing["files"], *drafted)}


def amending(session: Session, number: str, actor: Actor, now: datetime) -> Amending:
    """The page for a party of the lot; raises NotFound for everybody else, and before there is a document."""
    place = workplace(session, number, actor, now, DraftKind.AMENDMENT)
    lot, version = place.page.lot, versions.version_of(session, place.page.lot.id)
    standing = versions.standing_body(session, lot)
    if place.draft is None or lot.deadline is None:
        return Amending(place, version, standing)
    body = place.draft.body
    drafted = TenderDocument.read(body["document"])
    wish = clock.moment(body["not_before"]) if body["not_before"] else None
    moves = extension(lot.law, now, lot.deadline, body["affects_bids"], wish)
    return Amending(place, version, standing, changes(TenderDocument.read(standing), drafted), moves)


@dataclass(frozen=True, slots=True)
class Clarifying:
    """The page on which the agency answers: the questions that wait, without a name, and what is out."""

    place: Workplace
    waiting: tuple[Waiting, ...]
    published: tuple[ClarificationView, ...]
    moves: Extension | None


def clarifying(session: Session, number: str, actor: Actor, now: datetime) -> Clarifying:
    """The page for the lot's agency; raises NotFound for everybody else: nobody but who answers sees a question before its answer."""
    place = workplace(session, number, actor, now, DraftKind.CLARIFICATION)
    if Role.AGENCY not in place.page.roles:
        raise NotFound("lot.not_found")
    lot, affects = place.page.lot, bool(place.draft and place.draft.body["affects_bids"])
    moves = extension(lot.law, now, lot.deadline, affects) if lot.deadline else None
    return Clarifying(place, clarifications.waiting(session, lot.id), clarifications.published(session, lot.id), moves)


@dataclass(frozen=True, slots=True)
class Asking:
    """A firm's own page: its questions, its receipts for downloads, and whether questions are still taken."""

    lot: LotView
    now: datetime
    version: int
    questions: tuple[OwnQuestion, ...]
    notices: dict[int, str]  # clarification → number of its notice
    downloads: tuple[OwnDownload, ...]
    is_open: bool


def asking(session: Session, number: str, actor: Actor, now: datetime) -> Asking:
    """The firm's own page, from the release on; raises NotFound before, and for whoever belongs to no firm."""
    lot = may_have_document(session, number, actor)
    if actor.org is None:
        raise NotFound("bid.no_organisation")
    is_open = bidding_is_open(BidFacts(now, lot.deadline, takes_bids(lot.state))) is None
    notices = {view.number: view.notice for view in clarifications.published(session, lot.id)}
    own = clarifications.own(session, lot.id, actor.org)
    return Asking(lot, now, versions.version_of(session, lot.id), own, notices, downloads.own(session, lot.id, actor.org), is_open)
