"""The versions of a lot's tender document, from the one that the notice named to the one in force, and what each changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.kernel.actor import Actor
from core.kernel.errors import NotFound
from core.kernel.ids import LotId, OrgId
from trading.domain.amendment import Changes, changes
from trading.domain.bid import BidState
from trading.domain.document import TenderDocument
from trading.models.amendment import DocumentAmendment
from trading.models.bid import Bid
from trading.models.lot import Lot
from trading.queries.documents import first_body
from trading.queries.lot_page import may_have_document
from trading.queries.lots import LotView


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionView:
    """A version of the tender document. What an amendment says is "" or None in the first; `changes` are those against the one before."""

    version: int
    document: TenderDocument
    published_at: datetime
    reason: str = ""
    affects_bids: bool = False
    deadline_before: datetime | None = None
    deadline: datetime | None = None
    notice: str = ""
    changes: Changes | None = None

    @property
    def moved(self) -> bool:
        """Whether the deadline moved with it."""
        return self.deadline != self.deadline_before


@dataclass(frozen=True, slots=True)
class Versions:
    """All versions of a lot's document that the public has had, the oldest first, and two of them compared."""

    lot: LotView
    versions: tuple[VersionView, ...]
    before: VersionView
    after: VersionView

    @property
    def compared(self) -> Changes:
        """What tells the two apart."""
        return changes(self.before.document, self.after.document)


def versions_page(session: Session, number: str, actor: Actor, before: int = 0, after: int = 0) -> Versions:
    """The versions for whoever may have the document; two of them compared, the last two unless said. Raises NotFound."""
    lot = may_have_document(session, number, actor)
    found = versions(session, lot)
    known = {view.version: view for view in found}
    after = after or found[-1].version
    before = before or max(1, after - 1)
    if before not in known or after not in known:
        raise NotFound("document_version.not_found")
    return Versions(lot, found, known[before], known[after])


def versions(session: Session, lot: LotView) -> tuple[VersionView, ...]:
    """The versions of a lot's document, the oldest first. Raises NotFound before there is one."""
    rows = amendments(session, lot.id)
    first = TenderDocument.read(first_body(session, lot.number, rows[0].previous_sha256 if rows else lot.document_sha256))
    found = [VersionView(version=1, document=first, published_at=lot.release_at or lot.notice_at or _EPOCH)]
    for row in rows:
        document = TenderDocument.read(cast("Mapping[str, object]", row.body))
        found.append(
            VersionView(
                version=row.number + 1,
                document=document,
                published_at=row.published_at,
                reason=row.reason,
                affects_bids=row.affects_bids,
                deadline_before=row.deadline_before,
                deadline=row.deadline,
                notice=row.notice,
                changes=changes(found[-1].document, document),
            )
        )
    return tuple(found)


_EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")  # a document without a notice has come out for nobody


def amendments(session: Session, lot: LotId) -> Sequence[DocumentAmendment]:
    """The amendments of a lot, in order."""
    return session.scalars(select(DocumentAmendment).where(DocumentAmendment.lot_id == lot).order_by(DocumentAmendment.number)).all()


def version_of(session: Session, lot: LotId) -> int:
    """The number of the version in force."""
    return 1 + (session.scalar(select(func.count()).select_from(DocumentAmendment).where(DocumentAmendment.lot_id == lot)) or 0)


def latest_change(session: Session, lot: LotId) -> datetime | None:
    """When the document was last amended, None where it never was."""
    return session.scalar(select(func.max(DocumentAmendment.published_at)).where(DocumentAmendment.lot_id == lot))


def standing_body(session: Session, lot: Lot | LotView) -> dict[str, Any]:
    """The body of the version in force, as it was signed. Raises NotFound before there is one."""
    rows = amendments(session, LotId(lot.id))
    return cast("dict[str, Any]", rows[-1].body) if rows else first_body(session, lot.number, lot.document_sha256)


def sealed_bidders(session: Session, lot: LotId) -> list[OrgId]:
    """Who has a sealed bid now. Secret: it may only decide whose own stream is written to."""
    query = select(Bid.org_id).where(Bid.lot_id == lot, Bid.state.in_((BidState.SEALED,))).order_by(Bid.org_id)
    return [OrgId(org) for org in session.scalars(query)]
