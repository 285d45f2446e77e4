"""The order in which a lot is replayed; what it did not come to is not asked for, and what it came to must have what goes before."""

from __future__ import annotations

from app.verify.replay import (
    amendments,
    applications,
    award,
    bids,
    calls,
    coefficients,
    collusion,
    committee,
    consortium,
    contingency,
    deposits,
    discussion,
    doubts,
    draw,
    failure,
    fees,
    guarantees,
    host_calls,
    invitation,
    leaving,
    opening,
    orders,
    performance,
    prequalification,
    provincial,
    questions,
    reevaluation,
    remedies,
    report,
    scores,
    seating,
    shield,
    supervision,
    tender,
    ties,
    unlocks,
    votes,
)
from app.verify.replay.story import Story
from app.verify.verdict import Verdict


def play(story: Story, verdict: Verdict) -> None:
    """Runs every check of a lot that its events came to."""
    verdict.lot = story.lot
    _tender(story, verdict)
    if story.has("objection.file") or story.has("complaint.file"):
        with verdict.check("remedies") as said:
            said.append(str(remedies.check_remedies(story)))
    if story.has("application.close"):
        _applications(story, verdict)
    if story.has("close"):
        _bids(story, verdict)
    if story.has("failure.publish"):
        with verdict.check("failure") as said:
            said.append(failure.check_failure(leaving.standing(story)))
    if story.has("opening.start"):
        _opening(story, verdict)
    if story.has("draw.request"):
        _committee(story, verdict)
    _earlier_rounds(story, verdict)
    counts = doubts.standing(leaving.standing(story))
    if counts.has("preliminary.result"):
        _scores(counts, verdict)
    if counts.has("report.draft"):
        _report(counts, verdict)
    if story.has("fee.calculate") or story.has("fee.confirm"):
        with verdict.check("fees") as said:
            said.append(fees.check_fees(story))
    if counts.has("candidates.publish") or counts.has("award.open"):
        _award(counts, leaving.since_rounds(story), verdict)
    if story.deposits:
        _deposits(story, verdict)


def _tender(story: Story, verdict: Verdict) -> None:
    with verdict.check("order"):
        tender.check_order(story)
    with verdict.check("registration") as said:
        said.append(tender.check_registration(story))
    if prequalification.has_round(story):
        with verdict.check("prequalification") as said:
            said.append(prequalification.check_round(story))
    if story.has("plan.link"):
        with verdict.check("plan") as said:
            said.append(tender.check_plan(story))
    if tender.says_again(story):
        with verdict.check("retender") as said:
            said.append(tender.check_retender(story))
    if story.has("notice.publish"):
        with verdict.check("publication") as said:
            said.append(tender.check_publication(story))
            said.append(str(tender.check_papers(story)))
        with verdict.check("periods") as said:
            said.append(str(tender.check_periods(story)))
        with verdict.check("amendments") as said:
            said.append(amendments.check_amendments(story))
    if invitation.is_by_invitation(story):
        with verdict.check("invitation") as said:
            said.append(invitation.check_invitation(story))
    if story.all("lot.suspend", "lot.resume", "lot.terminate"):
        with verdict.check("orders") as said:
            said.append(orders.check_orders(story))


def _applications(story: Story, verdict: Verdict) -> None:
    with verdict.check("applications") as said:
        said.append(applications.check_received(story))
    with verdict.check("applications_opened") as said:
        said.append(str(applications.check_opened(story)))
        if not opening.can_reopen():
            verdict.note("not_reopened")


def _bids(story: Story, verdict: Verdict) -> None:
    with verdict.check("receipts") as said:
        said.append(str(bids.check_receipts(story)))
        bids.check_uniqueness(story)
    with verdict.check("closing_list") as said:
        bids.check_withdrawals(story)
        said.append(bids.check_closing_list(story))
    if story.has("application.close"):
        with verdict.check("members"):
            applications.check_members(story)
    if consortium.has_any(story):
        with verdict.check("consortia") as said:
            said.append(consortium.check_consortia(story))
    with verdict.check("share_boxes") as said:
        said.append(str(bids.check_shares(story)))
    with verdict.check("ciphertexts") as said:
        said.append(str(bids.check_ciphertexts(story)))


def _opening(story: Story, verdict: Verdict) -> None:
    with verdict.check("opening_start"):
        opening.check_start(story)
        if story.has("opening.identity"):
            opening.check_presence(story)
    if story.has("coefficient.request") or story.document.part("method").get("coefficients"):
        with verdict.check("coefficients") as said:
            said.append(coefficients.check_coefficients(story))
            if not story.has("draw.request"):
                draw.check_records(story)
    if story.has("opening.request"):
        with verdict.check("commercial_request"):
            opening.check_requests(story)
    for round_ in opening.rounds(story):
        if story.all("opened", "open.failed", round=round_):
            with verdict.check("releases") as said:
                said.append(opening.check_releases(story, round_))
            with verdict.check("opened") as said:
                said.append(str(opening.check_opened(story, round_)))
                opening.check_read_out(story, round_)
        if story.last("opening.close", round=round_) is not None:
            with verdict.check("opening_record"):
                opening.check_record(story, round_)
    if story.has("file.odd"):
        with verdict.check("odd_files") as said:
            said.append(str(opening.check_odd_files(story)))
    if story.has("collusion.check"):
        with verdict.check("collusion") as said:
            said.append(str(collusion.check_cards(story)))
            said.append(str(collusion.check_decisions(story)))
    with verdict.check("reopened") as said:
        opening.check_release_files(story)
        if opening.can_reopen():
            said.append(str(opening.reopen(story)))
        else:
            verdict.note("not_reopened")


def _committee(story: Story, verdict: Verdict) -> None:
    with verdict.check("draw") as said:
        said.append(str(draw.check_draws(story)))
        for held in draw.draws(story):
            if (by := provincial.by_of(held.request)) is not None:
                verdict.note("provincial_draw", draw=held.name, partner=by.partner)
        draw.check_records(story)
    with verdict.check("calls") as said:
        said.append(str(calls.check_calls(story)))
    if story.has("committee.form"):
        with verdict.check("committee") as said:
            said.append(str(committee.check_seats(story)))
    counts = leaving.standing(story)
    if counts.has("preliminary.open"):
        with verdict.check("room") as said:
            committee.check_presence(counts)
            committee.check_platform_words(counts)
            said.append(committee.check_chair(story))
    if leaving.has_any(story):
        with verdict.check("replaced") as said:
            said.append(str(leaving.check_leaving(story)))
    check_room(story, verdict)
    if story.has("blind.map"):
        with verdict.check("blind_map") as said:
            said.append(str(committee.check_blind_map(counts)))


def check_evaluation(story: Story, verdict: Verdict) -> None:
    """What the committee of a drill makes of its bids: blind names, review, scores, report, as in a real room."""
    counts = doubts.standing(leaving.standing(story))
    if counts.has("preliminary.open"):
        with verdict.check("room"):
            committee.check_presence(counts)
            committee.check_platform_words(counts)
    with verdict.check("blind_map") as said:
        said.append(str(committee.check_blind_map(counts)))
        for one in counts.document.parts("bids"):
            story.package.paper(str(one["sha256"]))
    if counts.has("preliminary.result"):
        _scores(counts, verdict)
    if counts.has("report.draft"):
        _report(counts, verdict)


def check_room(story: Story, verdict: Verdict) -> None:
    """What goes on in a room beside its steps, that of a drill too."""
    if discussion.has_any(story):
        with verdict.check("discussion") as said:
            said.append(discussion.check_discussion(story))
    if story.has("host.call") or story.has("host.answer"):
        with verdict.check("host_calls") as said:
            said.append(str(host_calls.check_calls(story)))
    if story.all("supervision.act", "supervision.view"):
        with verdict.check("supervision") as said:
            said.append(supervision.check_supervision(story))
    if story.all(*contingency.KINDS):
        with verdict.check("halts") as said:
            said.append(contingency.check_halts(story))
    if story.all(*seating.KINDS):
        with verdict.check("seating") as said:
            said.append(seating.check_seating(story))


def _scores(story: Story, verdict: Verdict) -> None:
    with verdict.check("preliminary") as said:
        said.append(str(votes.check_review(story)))
    if story.all("bid_question.ask", "low_price.flag", "price_check.close"):
        with verdict.check("questions") as said:
            said.append(str(questions.check_questions(story)))
    if story.all(*unlocks.KINDS):
        with verdict.check("unlocks") as said:
            said.append(str(unlocks.check_unlocks(story)))
    if story.has("technical.lock"):
        with verdict.check("technical") as said:
            said.append(str(scores.check_technical(story)))
    if story.review.prices or story.all("weighing.propose", "weighing.vote", "weighing.result"):
        with verdict.check("weighings") as said:
            said.append(str(scores.check_weighings(story)))
    if story.has("summary"):
        with verdict.check("scores") as said:
            scores.check_reference_price(story)
            scores.check_prices(story)
            said.append(scores.check_summary(story))
        with verdict.check("consistency") as said:
            said.append(str(scores.check_consistency(story)))
    if story.all(*doubts.KINDS):
        with verdict.check("doubts") as said:
            said.append(str(scores.check_doubts(story)))
    if ties.concerns(story):
        with verdict.check("ties") as said:
            said.append(str(ties.check_ties(story)))


def _earlier_rounds(story: Story, verdict: Verdict) -> None:
    """What the committee had concluded, and what had come of it, each time it was ordered to evaluate again; and the orders."""
    for held, whole in reevaluation.rounds(story):
        _earlier_round(doubts.standing(held), whole, verdict)
    if reevaluation.has_any(story):
        with verdict.check("reevaluation") as said:
            said.append(str(reevaluation.check_orders(story)))


def _earlier_round(story: Story, whole: Story, verdict: Verdict) -> None:
    with verdict.check("room"):
        committee.check_presence(story)
    with verdict.check("blind_map"):
        committee.check_blind_map(story)
    _scores(story, verdict)
    _report(story, verdict, is_last=False)
    if story.has("candidates.publish") or story.has("award.open"):
        _award(story, whole, verdict, is_last=False)


def _report(story: Story, verdict: Verdict, *, is_last: bool = True) -> None:
    with verdict.check("report") as said:
        said.append(str(report.check_report(story, is_last=is_last)))
    with verdict.check("candidates") as said:
        said.append(str(report.check_recommendation(story)))


def _award(story: Story, whole: Story, verdict: Verdict, *, is_last: bool = True) -> None:
    if story.has("candidates.publish"):
        with verdict.check("publicity") as said:
            said.append(str(award.check_publicity(story)))
    if story.has("award.open"):
        with verdict.check("vote") as said:
            said.append(award.check_vote(story))
    if story.has("award.open"):
        with verdict.check("shield") as said:
            said.append(shield.check_shield(whole, is_last=is_last))
    if story.has("award.notice"):
        with verdict.check("award_notice") as said:
            said.append(f"{award.check_notice(story)}")
    if story.has("contract.sign") and is_last:  # of an earlier round it was an offer
        with verdict.check("contract"):
            award.check_contract(story)


def _deposits(story: Story, verdict: Verdict) -> None:
    with verdict.check("deposits") as said:
        books = deposits.check_deposits(story)
        said.append(f"{len(books.matched)}; {len(books.confirmed)}")
        if waiting := deposits.open_matters(story, books):
            verdict.note("refunds_open", count=len(waiting))
    if guarantees.says_any(story):
        with verdict.check("guarantees") as said:
            said.append(guarantees.check_guarantees(story))
    if performance.says_any(story):
        with verdict.check("performance") as said:
            said.append(performance.check_performance(story))
