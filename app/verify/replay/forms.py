"""The form of what people signed: every body is read by the reader through which the platform took it in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from app.verify.entries import Entry
from app.verify.verdict import inside
from core.kernel.body import Body
from core.kernel.sealing import read_seal_body
from evaluation.domain import fee_body
from evaluation.domain.award_roster import OpenBody, ReplaceBody
from evaluation.domain.committee import RecusalDeclaration
from evaluation.domain.draw import CommitBody, RecusalBody, RequestBody, RevealBody, SlipShareBody
from evaluation.domain.provincial import ReplyBody
from trading.domain import opening
from trading.domain.amendment import Amendment
from trading.domain.award import AwardNotice, Choice
from trading.domain.award_plan import AwardPlan
from trading.domain.bid import WithdrawBody
from trading.domain.clarification import Clarification
from trading.domain.closing import CloseBody
from trading.domain.collusion.life import Decision
from trading.domain.complaint import ComplaintFiling, Ruling
from trading.domain.consortium import Agreement, MemberSigning
from trading.domain.contract import ContractSigning
from trading.domain.document import TenderDocument
from trading.domain.invitation import Answer
from trading.domain.lot_order import Resumption, read_reason
from trading.domain.lots_drawn import RedrawBody, SlipBody
from trading.domain.notice import TenderNotice
from trading.domain.objection import ObjectionAnswer, ObjectionFiling, read_withdrawal
from trading.domain.prequalification import RoundDocument, RoundNotice
from trading.domain.prequalification_amendment import RoundAmendment
from trading.domain.prequalification_review import Conclusion, ReviewCommittee, ReviewSheet
from trading.domain.project import Registration
from trading.domain.publicity import Publicity
from trading.domain.reevaluation import Order


def _one(name: str) -> Callable[[Entry], object]:
    """A body that is one digest."""

    def read(entry: Entry) -> None:
        body = Body(entry.body)
        body.digest(name)
        body.done()

    return read


READERS: Mapping[str, Callable[[Entry], object]] = {
    "project.register": lambda entry: Registration.read(entry.body),
    "project.countersign": _one("register_sha256"),
    "award_plan.fix": lambda entry: AwardPlan.read(entry.part("plan")),
    "document.publish": lambda entry: TenderDocument.read(entry.body),
    "document.amend": lambda entry: Amendment.read(entry.body),
    "clarification.publish": lambda entry: Clarification.read(entry.body),
    "notice.publish": lambda entry: TenderNotice.read(entry.body),
    "prequalification.document": lambda entry: RoundDocument.read(entry.body),
    "prequalification.publish": lambda entry: RoundNotice.read(entry.body),
    "prequalification.amend": lambda entry: RoundAmendment.read(entry.body),
    "prequalification.committee": lambda entry: ReviewCommittee.read(entry.body),
    "prequalification.review": lambda entry: ReviewSheet.read(entry.body),
    "prequalification.conclude": lambda entry: Conclusion.read(entry.body),
    "lot.terminate": lambda entry: read_reason(entry.body),
    "lot.suspend": lambda entry: read_reason(entry.body),
    "lot.resume": lambda entry: Resumption.read(entry.body),
    "seal": lambda entry: read_seal_body(entry.body),
    "invitation.answer": lambda entry: Answer.read(entry.body),
    "consortium.register": lambda entry: Agreement.read(entry.body),
    "consortium.sign": lambda entry: MemberSigning.read(entry.body),
    "consortium.dissolve": lambda entry: MemberSigning.read(entry.body),
    "withdraw": lambda entry: WithdrawBody.read(entry.body),
    "opening.sign_in": lambda entry: opening.nothing(entry.body),
    "opening.start": _one("close_sha256"),
    "application.open": _one("close_sha256"),
    "coefficient.commit": lambda entry: SlipBody.read(entry.body, "commit"),
    "coefficient.reveal": lambda entry: SlipBody.read(entry.body, "value"),
    "coefficient.redraw": lambda entry: RedrawBody.read(entry.body),
    "release": lambda entry: opening.ReleaseBody.read(entry.body),
    "share-release": lambda entry: opening.ShareBody.read(entry.body),
    "opening.objection": lambda entry: opening.objection_text(entry.body),
    "opening.answer": lambda entry: opening.answer_of(entry.body),
    "opening.record.sign": _one("record_sha256"),
    "opening.record.decline": lambda entry: opening.declined_record(entry.body, entry.text("record_sha256")),
    "opening.close": _one("record_sha256"),
    "collusion.decide": lambda entry: Decision.read(entry.body),
    "draw.request": lambda entry: RequestBody.read(entry.body),
    "draw.reply": lambda entry: ReplyBody.read(entry.body),
    "draw.commit": lambda entry: CommitBody.read(entry.body),
    "draw.reveal": lambda entry: RevealBody.read(entry.body),
    "draw.share": lambda entry: SlipShareBody.read(entry.body),
    "draw.recusal": lambda entry: RecusalBody.read(entry.body),
    "recusal.declare": lambda entry: RecusalDeclaration.read(entry.body),
    "fee.rule": lambda entry: fee_body.RuleBody.read(entry.body),
    "fee.break": lambda entry: fee_body.BreakBody.read(entry.body),
    "fee.extra": lambda entry: fee_body.ExtraBody.read(entry.body),
    "fee.object": lambda entry: fee_body.ObjectionBody.read(entry.body),
    "fee.correct": lambda entry: fee_body.CorrectionBody.read(entry.body),
    "fee.confirm": lambda entry: fee_body.ConfirmationBody.read(entry.body),
    "objection.file": lambda entry: ObjectionFiling.read(entry.body),
    "objection.answer": lambda entry: ObjectionAnswer.read(entry.body),
    "objection.withdraw": lambda entry: read_withdrawal(entry.body, "objection"),
    "complaint.file": lambda entry: ComplaintFiling.read(entry.body),
    "complaint.withdraw": lambda entry: read_withdrawal(entry.body, "complaint"),
    "complaint.accept": lambda entry: Ruling.accept(entry.body),
    "complaint.refuse": lambda entry: Ruling.refuse(entry.body),
    "complaint.suspend": lambda entry: Ruling.suspend(entry.body),
    "complaint.decide": lambda entry: Ruling.decide(entry.body),
    **{f"complaint.{step}": lambda entry: Ruling.say(entry.body) for step in ("hand_over", "investigate", "lift", "publish")},
    "reevaluation.order": lambda entry: Order.read(entry.body),
    "candidates.publish": lambda entry: Publicity.read(entry.body),
    "award.open": lambda entry: OpenBody.read(entry.body),
    "award.declare": lambda entry: RecusalDeclaration.read(entry.body),
    "award.replace": lambda entry: ReplaceBody.read(entry.body),
    "award_draw.commit": lambda entry: SlipBody.read(entry.body, "commit"),
    "award_draw.reveal": lambda entry: SlipBody.read(entry.body, "value"),
    "award_draw.redraw": lambda entry: RedrawBody.read(entry.body),
    "tie_draw.commit": lambda entry: SlipBody.read(entry.body, "commit"),
    "tie_draw.reveal": lambda entry: SlipBody.read(entry.body, "value"),
    "tie_draw.redraw": lambda entry: RedrawBody.read(entry.body),
    "award.choose": lambda entry: Choice.read(entry.body),
    "award.notice": lambda entry: AwardNotice.read(entry.body),
    "contract.sign": lambda entry: ContractSigning.read(entry.body),
    "case.close": lambda entry: CloseBody.read(entry.body),
}


def check_forms(entries: Sequence[Entry]) -> int:
    """Every statement of a kind with a reader has the members that it must have and no other; returns how many were read."""
    read = 0
    for entry in entries:
        if entry.kind in READERS:
            read += 1
            with inside(entry.member):
                READERS[entry.kind](entry)
    return read
