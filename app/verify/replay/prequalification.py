"""A round of prequalification: lawful in its time, reviewed by who may, its result what the sheets come to, and who passed alone bid."""

from __future__ import annotations

from uuid import UUID

from app.verify.entries import Entry
from app.verify.replay import bids
from app.verify.replay.story import Story, before, same
from app.verify.replay.tender import law_of
from app.verify.verdict import Broken, inside
from core.kernel import clock
from core.kernel.ids import OrgId
from core.kernel.sealing import Purpose
from trading.domain.clock import Law
from trading.domain.notice import TenderNotice
from trading.domain.prequalification import FEWEST_APPLICANTS, Reviewers, RoundDocument, RoundNotice, check_document, check_notice
from trading.domain.prequalification_amendment import RoundAmendment, check_amendment
from trading.domain.prequalification_review import (
    Applicant,
    Conclusion,
    Outcome,
    ReviewCommittee,
    ReviewSheet,
    check_committee,
    check_sheet,
    tally,
)

APPLYING = 2  # the round in which applications are opened


def has_round(story: Story) -> bool:
    """Whether there was a round, or a notice that says there was."""
    return story.has("prequalification.document") or any("prequalification" in one.body for one in story.all("notice.publish"))


def check_round(story: Story) -> str:
    """Replays the round; returns how many applied and how many passed, as far as it came."""
    notice = story.the("prequalification.publish")
    document = _check_document(story, notice)
    _check_failure(story)
    if not story.has("prequalification.conclude"):
        for entry in story.all("notice.publish"):
            entry.require(False, "round_unfinished")
        return str(len(_accepted(story)))
    outcomes = _check_result(story, document)
    passed = [one for one in outcomes if one.passed]
    _check_letters(story, outcomes)
    _check_sequel(story, passed)
    return f"{len(outcomes)}; {len(passed)}"


def passers(story: Story) -> frozenset[str]:
    """The organisations that passed; nobody where no round was concluded."""
    entry = story.last("prequalification.conclude")
    if entry is None:
        return frozenset()
    with inside(entry.member):
        return frozenset(str(one.org) for one in Conclusion.read(entry.body).passers)


def _check_document(story: Story, notice: Entry) -> RoundDocument:
    """Document and notice keep the law, and the notice names the last document that was laid down before it."""
    laid = [entry for entry in story.all("prequalification.document") if entry.seq < notice.seq]
    before(laid[-1] if laid else None, notice, "document_missing")
    for entry in story.all("prequalification.document"):
        entry.require(entry.seq < notice.seq, "document_too_late")
        for file in entry.parts("files"):
            name = story.package.paper(file["sha256"])
            if story.package.members[name].size != file["size"]:
                raise Broken(name, "not_as_signed")
    law = law_of(story)
    with inside(laid[-1].member):
        document = RoundDocument.read(laid[-1].body)
        check_document(document, laid[-1].body, law)
    with inside(notice.member):
        check_notice(RoundNotice.read(notice.body), document.document_sha256, notice.at, law)
    return _amended(story, document, law)


def _amended(story: Story, document: RoundDocument, law: Law) -> RoundDocument:
    """The document in force after its amendments, each of them of the one before, in time, with its files here (T6A)."""
    closed = story.last("application.close")
    for entry in story.all("prequalification.amend"):
        entry.require(closed is None or entry.seq < closed.seq, "document_too_late")
        deadline = bids.deadline_at(story, Purpose.APPLICATION, entry.seq)
        entry.require(entry.at < deadline, "document_too_late")
        with inside(entry.member):
            said = RoundAmendment.read(entry.body)
            check_amendment(said, document, deadline, entry.at, law)
        for file in said.document.files:
            name = story.package.paper(file.sha256)
            if story.package.members[name].size != file.size:
                raise Broken(name, "not_as_signed")
        document = said.document
    return document


def _accepted(story: Story) -> list[str]:
    """The seals on the closing list of applications, made at the deadline and not before."""
    found = story.last("application.close")
    if found is None:
        return []
    deadline = bids.deadline_at(story, Purpose.APPLICATION, found.seq)
    same(found, found.text("deadline"), clock.text(deadline), "deadline_differs")
    found.require(found.at >= deadline, "too_early", kind=found.kind)
    listed = found.texts("accepted")
    sealed = {entry.digest: entry for entry in story.all("seal")}
    for digest in listed:
        found.require(digest in sealed, "seal_unknown", seal=digest)
        sealed[digest].require(sealed[digest].at < deadline, "sealed_late")
    return listed


def _check_failure(story: Story) -> None:
    """With fewer than three applications nothing was opened or reviewed, and the lot failed of that."""
    if story.has("application.close") and len(_accepted(story)) < FEWEST_APPLICANTS:
        for entry in story.all("opened", "open.failed", round=APPLYING) + story.all("prequalification.review", "notice.publish"):
            entry.require(False, "too_few_applied")
        failed = story.the("failure.publish")
        same(failed, failed.text("reason"), "few_applicants", "failure_differs")


def _check_result(story: Story, document: RoundDocument) -> tuple[Outcome, ...]:
    """Who sat signed over all that was opened, and the result is what the sheets come to, counted again."""
    conclude = story.the("prequalification.conclude")
    opened = {entry.text("bidder") for entry in story.all("opened", round=APPLYING)}
    failed = {entry.text("bidder") for entry in story.all("open.failed", round=APPLYING)}
    conclude.require(len(opened | failed) == len(_accepted(story)), "applicants_differ")
    sheets = _sheets(story, document, sorted(opened))
    with inside(conclude.member):
        said = Conclusion.read(conclude.body)
    named = {str(one.org): one for one in said.results}
    conclude.require(named.keys() == opened | failed, "applicants_differ")
    applicants = [Applicant(one.org, one.name, one.uscc, org in opened) for org, one in named.items()]
    computed = tally(applicants, document.criteria, sheets)
    conclude.require(said.results == computed, "result_differs")
    return computed


def _sheets(story: Story, document: RoundDocument, opened: list[str]) -> list[ReviewSheet]:
    conclude = story.the("prequalification.conclude")
    seats: dict[str, str] = {}
    if document.reviewers is Reviewers.COMMITTEE:
        named = story.the("prequalification.committee")
        with inside(named.member):
            committee = ReviewCommittee.read(named.body)
            check_committee(committee)
        seats = {f"{one.person}": "expert" if one.expert else "tenderer" for one in committee.members}
    found: dict[str, ReviewSheet] = {}
    for entry in story.all("prequalification.review"):
        who = entry.actor.rpartition(":")[2]
        entry.require(entry.seq < conclude.seq, "too_late", kind=entry.kind)
        expected = seats.get(who) if seats else "tenderer"
        entry.require(expected == entry.role, "not_a_reviewer")
        entry.require(who not in found, "event_twice", kind=entry.kind)
        with inside(entry.member):
            found[who] = ReviewSheet.read(entry.body)
            check_sheet(found[who], document.criteria, [OrgId(UUID(org)) for org in opened])
    conclude.require(len(found) == (len(seats) or 1), "sheets_missing")
    return list(found.values())


def _check_letters(story: Story, outcomes: tuple[Outcome, ...]) -> None:
    """Each applicant had one letter, which says its own result."""
    conclude = story.the("prequalification.conclude")
    letters: dict[str, Entry] = {}
    for entry in story.all("prequalification.result"):
        entry.require(entry.text("org") not in letters, "event_twice", kind=entry.kind)
        letters[entry.text("org")] = entry
    for one in outcomes:
        letter = letters.pop(str(one.org), None)
        conclude.require(letter is not None, "letter_missing", org=str(one.org))
        assert letter is not None
        said = (letter.body.get("passed"), letter.parts("failures"), letter.text("result_sha256"))
        failures = [failure.to_json() for failure in one.failures]
        same(letter, said, (one.passed, failures, conclude.digest), "letter_differs")
    for stray in letters.values():
        stray.require(False, "letter_differs")


def _check_sequel(story: Story, passed: list[Outcome]) -> None:
    """Three or more passers are whom the notice admits, and nobody else bid; with fewer the lot failed of that."""
    conclude = story.the("prequalification.conclude")
    if len(passed) < FEWEST_APPLICANTS:
        failed = story.the("failure.publish")
        same(failed, failed.text("reason"), "few_passed", "failure_differs")
        for entry in story.all("notice.publish"):
            entry.require(False, "too_few_passed")
        return
    admitted = frozenset(str(one.org) for one in passed)
    for entry in story.all("notice.publish"):
        with inside(entry.member):
            said = TenderNotice.read(entry.body)
        same(entry, said.round_sha256, conclude.digest, "result_differs")
        before(conclude, entry, "round_unfinished")
    if story.has("close"):
        for _, org, seal in bids.places(story):
            seal.entry.require(org in admitted, "not_prequalified", org=org)
