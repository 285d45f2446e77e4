"""The report: rendered once outside the door, its digest fixed, signed by every member, then submitted by itself."""

from __future__ import annotations

from uuid import UUID

from core.identity.services.acts import Act, Expect, SignedRequest, once
from core.kernel.ids import LotId
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Work
from evaluation.domain.report import SignatureBody
from evaluation.domain.room import Action
from evaluation.events import ReportDrafted, ReportSigned
from evaluation.models.rooms import Evaluation, ReportSignature
from evaluation.queries import doubts
from evaluation.services.locked import LockedRoom
from evaluation.services.progress import go_on
from trading.queries import lots
from trading.queries.lots import LotView


def draft(work: Work, evaluation: UUID, report_sha256: str, sitting: str | None = None) -> None:
    """Fixes the digest of the rendered report; a second rendering of the same session changes nothing, nor one of a summary that a
    replacement or a doubt has voided since: `sitting` is that of the rendered data. Records ReportDrafted."""
    row = work.session.get_one(Evaluation, evaluation)
    room = LockedRoom(work, lots.by_id(work.session, LotId(row.lot_id)))
    if room.row.report_sha256 or sitting not in (None, doubts.sitting(work.session, room.row)):
        return
    room.follow(Action.DRAFT_REPORT)
    room.row.report_sha256 = report_sha256
    work.record(ReportDrafted(case=room.lot.case, lot=room.lot.no, report_sha256=report_sha256, subject=report_sha256))


def sign(work: Work, number: str, signed: SignedRequest) -> dict[str, JSON]:
    """A member signs the report, with a dissent if there is one; the last signature submits it. Records ReportSigned."""
    lot = lots.by_number(work.session, number)
    return once(work, signed, Expect("report.sign", lot.case, lot.no, role=Role.EXPERT, step_up=True), lambda act: _sign(work, lot, act))


def _sign(work: Work, lot: LotView, act: Act) -> dict[str, JSON]:
    room = LockedRoom(work, lot)
    seat = room.act(Action.SIGN_REPORT, act)
    body = SignatureBody.read(act.body, room.row.report_sha256)
    work.session.add(ReportSignature(seat_id=seat.id, dissent=body.dissent, at=room.now))
    work.record(
        ReportSigned(
            case=lot.case, lot=lot.no, signed=act.envelope, seat=seat.code, report_sha256=body.report_sha256, dissents=bool(body.dissent)
        )
    )
    return go_on(work, room)
