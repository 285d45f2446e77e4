"""From the registration to the release of the tender document: nothing was decided later than it was published."""

from __future__ import annotations

from collections.abc import Mapping

from app.verify.entries import Entry
from app.verify.replay.story import Story, before, same
from app.verify.verdict import Broken, inside
from core.kernel import clock, jcs
from core.kernel.calendar import CHINA
from core.kernel.encoding import sha256
from trading.domain import award_plan
from trading.domain.application import ROUND
from trading.domain.clock import Law
from trading.domain.notice import NoticeFacts, TenderNotice, check
from trading.domain.project import Registration

ORDER: Mapping[str, str] = {
    # what comes → only after
    "project.countersign": "project.register",
    "document.publish": "project.countersign",
    "notice.publish": "document.publish",
    "invitation.answer": "notice.publish",
    "prequalification.document": "project.countersign",
    "prequalification.publish": "prequalification.document",
    "prequalification.amend": "prequalification.publish",
    "prequalification.halt": "prequalification.publish",
    "prequalification.go_on": "prequalification.halt",
    "prequalification.committee": "prequalification.publish",
    "prequalification.review": "prequalification.publish",
    "prequalification.conclude": "prequalification.review",
    "prequalification.result": "prequalification.conclude",
    "bidding.open": "notice.publish",
    "plan.link": "notice.publish",
    "lot.terminate": "notice.publish",
    "lot.suspend": "bidding.open",
    "lot.resume": "lot.suspend",
    "document.amend": "bidding.open",
    "clarification.publish": "bidding.open",
    "deadline.extend": "bidding.open",
    "consortium.register": "bidding.open",
    "consortium.sign": "consortium.register",
    "consortium.dissolve": "consortium.register",
    "seal": "bidding.open",
    "withdraw": "seal",
    "close": "bidding.open",
    "failure.publish": "close",
    "opening.start": "close",
    "coefficient.request": "opening.start",
    "coefficient.commit": "coefficient.request",
    "coefficient.reveal": "coefficient.commit",
    "coefficient.result": "coefficient.reveal",
    "opening.identity": "opening.start",
    "opening.request": "blind.opened",
    "release": "opening.identity",
    "share-release": "opening.identity",
    "opened": "opening.identity",
    "open.failed": "opening.identity",
    "opening.record": "opening.read_out",
    "opening.close": "opening.record",
    "draw.request": "close",
    "draw.commit": "draw.request",
    "draw.reveal": "draw.commit",
    "draw.reply": "draw.request",
    "draw.result": "draw.request",  # `draw` and `provincial` look at slips and replies
    "committee.form": "draw.result",
    "room.sign_in": "committee.form",
    **dict.fromkeys(("room.leave", "room.replace"), "room.sign_in"),
    "supervision.act": "draw.request",  # an alarm of the draw; `supervision` looks at what needs a room
    "supervision.view": "committee.form",
    **dict.fromkeys(("supervision.look", "supervision.view_end"), "supervision.view"),
    **dict.fromkeys(("supervision.answer", "supervision.urge", "supervision.overdue"), "supervision.act"),
    **dict.fromkeys(("supervision.resume", "supervision.close"), "supervision.act"),
    "chair.vote": "room.assembled",
    "recusal.declare": "chair.elected",
    "preliminary.open": "recusal.declare",
    "preliminary.review": "preliminary.open",
    "preliminary.result": "preliminary.review",
    "score": "preliminary.result",
    "sheet.unlock.ask": "score",
    "sheet.unlock.decide": "sheet.unlock.ask",
    "technical.lock": "preliminary.result",
    "blind.open": "technical.lock",
    "blind.opened": "blind.open",
    "weighing.propose": "blind.opened",
    "weighing.vote": "weighing.propose",
    "weighing.result": "weighing.vote",
    "summary": "preliminary.result",
    "consistency.result": "summary",
    "finding.answer": "consistency.result",
    "tie_draw.request": "summary",
    "tie_draw.commit": "tie_draw.request",
    "tie_draw.reveal": "tie_draw.commit",
    "tie_draw.result": "tie_draw.reveal",
    "tie_draw.ranking": "tie_draw.result",
    "doubt.raise": "consistency.result",
    "doubt.vote": "doubt.raise",
    "doubt.result": "doubt.vote",
    **dict.fromkeys(("doubt.answer", "doubt.silence", "doubt.replace"), "doubt.result"),
    "report.draft": "summary",
    "report.sign": "report.draft",
    "report.deadline": "report.sign",
    "report.refusal": "report.deadline",
    "report.submit": "report.sign",
    "reevaluation.order": "report.submit",
    "reevaluation.open": "reevaluation.order",
    "objection.file": "bidding.open",
    "objection.answer": "objection.file",
    "objection.withdraw": "objection.file",
    "objection.overdue": "objection.file",
    "objection.close": "objection.file",
    "bidding.go_on": "bidding.halt",
    "complaint.file": "bidding.open",
    "complaint.accept": "complaint.file",
    "complaint.refuse": "complaint.file",
    "complaint.hand_over": "complaint.file",
    "complaint.investigate": "complaint.accept",
    "complaint.suspend": "complaint.accept",
    "complaint.lift": "complaint.suspend",
    "complaint.lapse": "complaint.suspend",
    "complaint.decide": "complaint.investigate",
    "complaint.publish": "complaint.decide",
    "fee.break": "committee.form",
    "fee.calculate": "fee.rule",
    **dict.fromkeys(("fee.object", "fee.correct", "fee.confirm"), "fee.calculate"),
    "candidates.publish": "report.submit",
    "publicity.end": "candidates.publish",
    "award.open": "publicity.end",
    "award.sign_in": "award.open",
    "award.declare": "award.sign_in",
    "award.replace": "award.open",
    "award.opinion": "award.declare",
    "ballot": "award.declare",
    "award.result": "award.declare",
    "award_draw.request": "award.open",
    "award_draw.commit": "award_draw.request",
    "award_draw.reveal": "award_draw.commit",
    "award_draw.result": "award_draw.reveal",
    **dict.fromkeys(("award.choose", "award.notice"), "publicity.end"),
    "contract.sign": "award.notice",
}


OF_APPLICATIONS: Mapping[str, str] = {
    "seal": "prequalification.publish",
    "application.close": "prequalification.publish",
    "application.open": "application.close",
    "share-release": "application.open",
    "opened": "application.open",
    "open.failed": "application.open",
}


def _needed(story: Story, entry: Entry) -> str | None:
    if entry.kind == "failure.publish" and not story.has("notice.publish"):
        return "application.close"  # the lot failed in its round
    if entry.kind in AFTER_AWARD and story.publishes_after:
        return AFTER_AWARD[entry.kind]
    return OF_APPLICATIONS.get(entry.kind) if _is_of_application(entry) else ORDER.get(entry.kind)


AFTER_AWARD: Mapping[str, str] = {"award.open": "report.submit", "candidates.publish": "award.result"}
"""Where the plan has the result published after the award."""


def _is_of_application(entry: Entry) -> bool:
    return (entry.kind in OF_APPLICATIONS and entry.statement.round == ROUND) or (entry.kind == "seal" and "purpose" in entry.body)


def check_order(story: Story) -> None:
    """Every step came after the one that it rests on."""
    first: dict[str, int] = {}
    for entry in story.entries:
        needed = _needed(story, entry)
        entry.require(needed is None or needed in first, "too_early", kind=entry.kind, needs=needed)
        first.setdefault(entry.kind, entry.seq)


def check_registration(story: Story) -> str:
    """The case begins with its registration, which the tenderer took as its own."""
    register = story.the("project.register")
    register.require(register.seq == 0, "too_late", kind=register.kind)
    for entry in story.all("project.countersign"):
        same(entry, entry.text("register_sha256"), register.digest, "digest_differs", field="register_sha256")
    register.require(_planned(story) is not None, "lot_unknown", lot=story.lot)
    return str(register.text("title"))


def check_plan(story: Story) -> str:
    """The plan that is linked is the one that the registration names, and it was published before; returns its number."""
    named = str(story.the("project.register").body.get("plan", ""))
    for entry in story.all("plan.link"):
        same(entry, entry.text("plan"), named, "plan_differs")
        entry.require(clock.moment(entry.text("published_at")) <= story.the("project.register").at, "plan_differs")
    return named


def _planned(story: Story) -> Mapping[str, object] | None:
    """The lot as its registration announced it."""
    return next((one for one in story.the("project.register").parts("lots") if one["no"] == story.lot), None)


def predecessor(story: Story) -> str:
    """The lot that this one tenders again, as its registration says; "" for none."""
    return str((_planned(story) or {}).get("predecessor", ""))


def says_again(story: Story) -> bool:
    """Whether registration or notice names a lot that is tendered again."""
    return bool(predecessor(story)) or any("retender" in entry.body for entry in story.all("notice.publish"))


def check_retender(story: Story) -> str:
    """The notice names the predecessor that the registration names, in another case; returns its number."""
    number = predecessor(story)
    for entry in story.all("notice.publish"):
        with inside(entry.member):
            said = TenderNotice.read(entry.body).retender
        same(entry, "" if said is None else said.predecessor, number, "predecessor_differs")
    register = story.the("project.register")
    register.require(number.rpartition("-")[0] != register.statement.case, "predecessor_differs")
    return number


def check_publication(story: Story) -> str:
    """Award plan and document are those that the notice names, fixed before it; returns the deadline."""
    notice, document, plan = story.notice, story.document, story.plan
    for entry in story.all("award_plan.fix"):
        made = sha256(jcs.canonical(dict(entry.part("plan")))).hex()
        same(entry, entry.text("plan_sha256"), made, "digest_differs", field="plan_sha256")
        _check_plan(story, entry, made)
    for entry in story.all("document.publish"):
        rest = {name: value for name, value in entry.body.items() if name != "document_sha256"}
        same(entry, entry.text("document_sha256"), sha256(jcs.canonical(rest)).hex(), "digest_differs", field="document_sha256")
    before(plan, document, "plan_too_late")
    before(document, notice, "document_too_late")
    same(notice, notice.text("opening_at"), notice.text("deadline"), "opening_not_at_deadline")
    for entry in story.all("bidding.open"):
        same(entry, entry.text("document_sha256"), notice.text("document_sha256"), "digest_differs", field="document_sha256")
        entry.require(entry.at >= clock.moment(notice.text("release_at")), "too_early", kind=entry.kind)
    return notice.text("deadline")


def _check_plan(story: Story, entry: Entry, made: str) -> None:
    """The plan keeps the rules of its method and of the law it is under; the special rule that it rests on is here."""
    with inside(entry.member):
        plan = award_plan.AwardPlan.read(entry.part("plan"))
        award_plan.check_plan(plan, made, made, law_of(story).regime)
    if plan.special_rule is not None:
        story.package.paper(plan.special_rule.sha256)


def law_of(story: Story) -> Law:
    """The law that the lot was under, as its registration says."""
    with inside(story.the("project.register").member):
        said = Registration.read(story.the("project.register").body)
    return Law(said.regime, said.legally_mandatory, CHINA, said.region)


def check_periods(story: Story) -> int:
    """The notice kept the law's periods; what it left did not bind, was explained, and was approved by its signer, who had not drafted it.

    Returns how many periods it left.
    """
    entry, law = story.notice, law_of(story)
    with inside(entry.member):
        said = TenderNotice.read(entry.body)
        drafters = {one.drafter for one in said.deviations}
        facts = NoticeFacts(
            now=entry.at,
            law=law,
            document_sha256=said.document_sha256,
            award_plan_sha256=said.award_plan_sha256,
            retender=said.retender,  # `check_retender` holds it against the registration
            planned_at=next((clock.moment(one.text("published_at")) for one in story.all("plan.link")), None),
            drafter=next(iter(drafters), None),
            round_sha256=said.round_sha256,  # `check_round` holds it against the conclusion
        )
        check(said, facts)
    for one in said.deviations:
        entry.require(entry.actor == f"person:{one.approver}", "approver_differs")
    return len(said.deviations)


def check_papers(story: Story) -> int:
    """The tender document's files are here, as they were signed; returns how many."""
    files = [one for entry in story.all("document.publish") for one in entry.parts("files")]
    files += [one for entry in story.all("document.amend") for one in entry.part("document").get("files", ())]
    for one in files:
        name = story.package.paper(one["sha256"])
        if story.package.members[name].size != one["size"]:
            raise Broken(name, "not_as_signed")
    return len(files)
