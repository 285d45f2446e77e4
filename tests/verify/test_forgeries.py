"""A forger who holds every key tells another story: genuine signatures, a genuine log, and each lie is found by playing the case again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.verify.steps import verify
from core.kernel import clock
from tests.verify.forging import Case, Said, packed

Edit = Callable[[list[Said]], object]


def of(story: list[Said], kind: str, nth: int = 0) -> Said:
    """The nth statement of a kind."""
    return [said for said in story if said["payload"]["type"] == kind][nth]


def body(story: list[Said], kind: str, nth: int = 0) -> dict[str, Any]:
    """Its body, to be edited."""
    found: dict[str, Any] = of(story, kind, nth)["payload"]["body"]
    return found


def drop(story: list[Said], kind: str, nth: int = 0) -> None:
    """As if it had never been said; the close counts what is left."""
    story.remove(of(story, kind, nth))
    body(story, "case.close")["events"] = len(story) - 1


def move(story: list[Said], kind: str, before: str, nth: int = 0) -> None:
    """Said before another statement, in that one's batch and at its moment."""
    said = of(story, kind, nth)
    story.remove(said)
    there = of(story, before)
    said |= {"leaf": there["leaf"], "at": there["at"]}
    story.insert(story.index(there), said)


def put(story: list[Said], kind: str, nth: int = 0, **changes: Any) -> None:
    """Other members in a body."""
    body(story, kind, nth).update(changes)


def twice(story: list[Said], kind: str, nth: int = 0) -> None:
    """Said once more, under a nonce of its own, right behind."""
    said = of(story, kind, nth)
    again = {**said, "payload": said["payload"] | {"nonce": "f" * 32}, "old": "0" * 64}
    story.insert(story.index(said) + 1, again)
    body(story, "case.close")["events"] = len(story) - 1


def prices_voted_out(story: list[Said]) -> None:
    """Three who kept a bid in voted it out."""
    for place in range(2, 5):
        put(story, "price_matter.vote", place, stays=False)


def swap_scores(story: list[Said]) -> None:
    """One member's best mark goes to another bid."""
    one, two = body(story, "score")["sheets"][:2]
    one["scores"], two["scores"] = two["scores"], one["scores"]
    first = next(iter(one["scores"]))
    one["scores"][first] = "0" if one["scores"][first] != "0" else "1"


def another_winner(story: list[Said]) -> None:
    result = body(story, "award.result")
    other = next(org for org in body(story, "report.submit")["candidates"] if org != result["winner"])
    result["winner"] = other


def dearer(story: list[Said]) -> None:
    for place in (0, 1):
        body(story, "contract.sign", place)["price_fen"] += 100


def leave_out(story: list[Said]) -> None:
    listed = body(story, "close")["accepted"]
    listed.pop()


def list_withdrawn(story: list[Said]) -> None:
    listed = body(story, "close")["accepted"]
    listed.append(body(story, "withdraw")["seals"][0])
    listed.sort()


def seats_swapped(story: list[Said]) -> None:
    one, two = body(story, "committee.form")["seats"][:2]
    one["pseudonym"], two["pseudonym"] = two["pseudonym"], one["pseudonym"]


def slip(story: list[Said]) -> None:
    put(story, "draw.reveal", value="ab" * 32)


def picked(story: list[Said]) -> None:
    stratum = next(iter(body(story, "draw.result")["picked"].values()))
    stratum.append(stratum.pop(0))


def sheet_of_a_stranger(story: list[Said]) -> None:
    stranger, score = of(story, "opening.record.sign", 1), of(story, "score")
    score["payload"]["actor"] = stranger["payload"]["actor"] | {"role": "expert"}
    score["keys"] = stranger["keys"]


def weak(story: list[Said]) -> None:
    said = of(story, "report.sign")
    device = of(story, "room.sign_in", [one["payload"]["actor"]["id"] for one in rooms(story)].index(said["payload"]["actor"]["id"]))
    del said["payload"]["step_up"]
    said["payload"]["actor"] = device["payload"]["actor"]
    said["keys"] = device["keys"]


def rooms(story: list[Said]) -> list[Said]:
    return [said for said in story if said["payload"]["type"] == "room.sign_in"]


def code_names(story: list[Said]) -> None:
    held = body(story, "blind.opened")["map"]
    one, two = list(held)[:2]
    held[one], held[two] = held[two], held[one]


def one_for_both(story: list[Said]) -> None:
    """The centre's person signs for the supervisor too."""
    first, second = of(story, "blind.open"), of(story, "blind.open", 1)
    second["payload"]["actor"], second["keys"] = first["payload"]["actor"], first["keys"]


def fails_after_all(story: list[Said]) -> None:
    """A rival's envelope is said to be damaged."""
    opened = of(story, "opened", -1)
    said = opened["payload"]["body"]
    opened["payload"]["type"] = "open.failed"
    opened["payload"]["body"] = {"env": said["env"], "bidder": said["bidder"], "cause": "own", "reason": "seal.cannot_open"}


def dated(story: list[Said], kind: str, at: str) -> None:
    of(story, kind)["at"] = at


def later(at: str, seconds: int) -> str:
    return clock.text(clock.moment(at) + timedelta(seconds=seconds))


def two_bidders_swapped(story: list[Said]) -> None:
    one, two = body(story, "opened", 0), body(story, "opened", 1)
    one["bidder"], two["bidder"] = two["bidder"], one["bidder"]


def said_instead(story: list[Said], kind: str, instead: str, said: dict[str, Any]) -> None:
    """Another kind of statement in the place of one."""
    of(story, instead)["payload"].update(type=kind, body=said)


PLAN = {"plan": "P2026-000001", "plan_sha256": "ab" * 32, "published_at": "2026-01-01T00:00:00.000Z", "month": "2026-12"}
LIES: dict[str, tuple[str, str, Edit]] = {
    # who is caught doing what → the check, the code, the lie
    "an event is left out": ("receipts", "receipt_missing", lambda story: drop(story, "receipt")),
    "a receipt without a seal": ("receipts", "seal_unknown", lambda story: drop(story, "seal", -1)),
    "a second receipt": ("receipts", "receipt_twice", lambda story: twice(story, "receipt")),
    "a late bid dated back in its receipt alone": (
        "receipts",
        "sealed_late",
        lambda story: of(story, "seal").update(at=of(story, "close")["at"]),
    ),
    "a bid is left off the list": ("closing_list", "bid_left_out", leave_out),
    "a withdrawn bid is listed": ("closing_list", "bid_not_standing", list_withdrawn),
    "a deadline put off": ("closing_list", "deadline_differs", lambda story: put(story, "close", deadline="2027-01-01T00:00:00.000Z")),
    "another award plan": ("publication", "plan_missing", lambda story: put(story, "notice.publish", award_plan_sha256="ab" * 32)),
    "the plan after the document": ("publication", "plan_too_late", lambda story: move(story, "document.publish", "award_plan.fix")),
    "the opening of another list": ("opening_start", "digest_differs", lambda story: put(story, "opening.start", close_sha256="ab" * 32)),
    "another coefficient than was drawn": (
        "coefficients",
        "draw_differs",
        lambda story: put(story, "coefficient.result", drawn={"K": "9.99"}),
    ),
    "a coefficient drawn among other values": (
        "coefficients",
        "draw_differs",
        lambda story: body(story, "coefficient.request")["request"]["pool"].pop(),
    ),
    "another slip for the coefficient": ("coefficients", "slip_differs", lambda story: put(story, "coefficient.reveal", value="ab" * 32)),
    "a coefficient's slip left out": ("coefficients", "revealed_too_early", lambda story: drop(story, "coefficient.commit")),
    "keys before the coefficient": (
        "coefficients",
        "coefficients_missing",
        lambda story: move(story, "opening.identity", "coefficient.result"),
    ),
    "a file called odd that nobody sent": ("reopened", "file_unknown", lambda story: put(story, "file.odd", sha256="ab" * 32)),
    "a key released before the hall began": ("order", "too_early", lambda story: move(story, "release", "opening.start")),
    "a key for another bid": ("releases", "version_differs", lambda story: put(story, "release", ver=7)),
    "a price opened before the keys were in": (
        "releases",
        "opened_before_all_keys",
        lambda story: move(story, "opened", "share-release", 0),
    ),
    "price keys of who failed": ("commercial_request", "asked_of_others", lambda story: body(story, "opening.request")["passed"].pop()),
    "an envelope never opened": ("opened", "never_opened", lambda story: drop(story, "opened", -1)),
    "another price read out": (
        "opening_record",
        "record_differs",
        lambda story: put(story, "opened", -1, read_out={"items": {}, "price": "1.00"}),
    ),
    "another plaintext": ("opening_record", "record_differs", lambda story: put(story, "opened", pt_sha256="ab" * 32)),
    "a bid said to be damaged that opens": ("reopened", "opens_after_all", fails_after_all),
    "bids of two bidders swapped": ("opened", "bidder_differs", two_bidders_swapped),
    "a key released after its window": (
        "releases",
        "outside_window",
        lambda story: dated(story, "release", later(of(story, "share-release")["at"], 60)),
    ),
    "a share before the bidder's window was over": (
        "releases",
        "outside_window",
        lambda story: dated(story, "share-release", of(story, "release")["at"]),
    ),
    "an event dated back": ("inclusion", "dated_back", lambda story: dated(story, "award.notice", of(story, "report.draft")["at"])),
    "an event dated ahead": ("inclusion", "dated_ahead", lambda story: dated(story, "notice.publish", of(story, "contract.sign")["at"])),
    "somebody present who never came": (
        "opening_start",
        "presence_differs",
        lambda story: body(story, "opening.identity")["present"].append(body(story, "opened", -1)["bidder"] + "0"),
    ),
    "a bid not read out": ("opened", "seals_differ", lambda story: body(story, "opening.read_out")["opened"].pop()),
    "a lot before that was never registered": (
        "retender",
        "predecessor_differs",
        lambda story: put(story, "notice.publish", retender={"predecessor": "T2026-000009-1", "round": 2}),
    ),
    "a plan that no registration names": ("plan", "plan_differs", lambda story: said_instead(story, "plan.link", "collusion.check", PLAN)),
    "a member too many": ("forms", "body.malformed", lambda story: put(story, "contract.sign", odd=1)),
    "another slip than was sealed": ("draw", "draw_differs", slip),
    "a list in another order": ("draw", "draw_differs", picked),
    "a slip missing": ("draw", "revealed_too_early", lambda story: drop(story, "draw.commit")),
    "seats given out otherwise": ("calls", "seats_differ", seats_swapped),
    "a chair who was not elected": ("room", "chair_differs", lambda story: put(story, "chair.elected", chair="1")),
    "a member who never declared": ("room", "member_silent", lambda story: drop(story, "recusal.declare")),
    "code names swapped": ("blind_map", "map_differs", code_names),
    "code names opened by one": ("blind_map", "map_not_two", lambda story: drop(story, "blind.open")),
    "code names opened by one twice": ("blind_map", "map_not_two", one_for_both),
    "code names opened for another result": (
        "blind_map",
        "blind.open.other",
        lambda story: put(story, "blind.open", result_sha256="ab" * 32),
    ),
    "a rejection without a majority": (
        "preliminary",
        "rejection_differs",
        lambda story: body(story, "preliminary.result")["standing"].pop(),
    ),
    "a vote to reject turned": (
        "preliminary",
        "rejection_differs",
        lambda story: body(story, "rejection.vote", 3)["votes"][0].update(ground="not_responsive"),
    ),
    "a vote to reject left out": ("preliminary", "member_silent", lambda story: drop(story, "rejection.vote", 4)),
    "a minority not recorded": (
        "preliminary",
        "rejection_differs",
        lambda story: body(story, "preliminary.result")["votes"][0]["against"].clear(),
    ),
    "a correction that its bidder did not accept": (
        "scores",
        "price_matter_differs",
        lambda story: put(story, "bid_question.answer", accepts="no"),
    ),
    "another correction": ("scores", "summary_differs", lambda story: put(story, "bid_question.ask", 1, correction="-2000.00")),
    "silence that was none": ("questions", "question_differs", lambda story: put(story, "bid_question.overdue", number=2)),
    "a low price not flagged": ("scores", "price_matter_differs", lambda story: put(story, "low_price.flag", bids={})),
    "votes on a price turned": (
        "scores",
        "price_matter_differs",
        prices_voted_out,
    ),
    "a minority on a price left out": ("scores", "price_matter_differs", lambda story: put(story, "price_matter.result", against=[])),
    "marks changed on a signed sheet": ("technical", "technical_differs", swap_scores),
    "a sheet of a stranger": ("technical", "not_a_member", sheet_of_a_stranger),
    "a second sheet": ("technical", "said_twice", lambda story: twice(story, "score")),
    "a technical lock of others": ("commercial_request", "asked_of_others", lambda story: body(story, "technical.lock")["passed"].pop()),
    "another result": ("scores", "digest_differs", lambda story: put(story, "summary", result_sha256="ab" * 32)),
    "a finding that the sheets do not give": (
        "consistency",
        "findings_differ",
        lambda story: body(story, "consistency.result")["findings"].append(
            {"kind": "order_reversed", "seats": ["1"], "bid": "", "criterion": "", "figures": {}}
        ),
    ),
    "another benchmark": ("scores", "summary_differs", lambda story: put(story, "price.result", benchmark="1.00")),
    "a report that nobody signed": (
        "report",
        "report.sign.other_report",
        lambda story: put(story, "report.draft", report_sha256="ab" * 32),
    ),
    "a member's signature missing": ("report", "member_silent", lambda story: drop(story, "report.sign")),
    "a signature without step-up": ("speakers", "step_up_missing", weak),
    "candidates of nobody's": ("candidates", "candidates_differ", lambda story: body(story, "report.submit")["candidates"].pop()),
    "a candidate at another price": (
        "publicity",
        "candidates_differ",
        lambda story: body(story, "candidates.publish")["candidates"][0].update(price_fen=1),
    ),
    "publicity cut short": ("publicity", "too_early", lambda story: put(story, "publicity.end", until="2027-06-01T00:00:00.000Z")),
    "a ballot left out": ("vote", "vote_differs", lambda story: drop(story, "ballot", -1)),
    "a second ballot": ("vote", "said_twice", lambda story: twice(story, "ballot")),
    "a winner without votes": ("vote", "winner_differs", another_winner),
    "a notice to another": ("award_notice", "price_differs", lambda story: put(story, "award.notice", price_fen=5)),
    "a dearer contract": ("contract", "price_differs", dearer),
    "a contract of one": ("contract", "signatures_differ", lambda story: drop(story, "contract.sign", 1)),
    "a close that counts otherwise": ("close", "count_differs", lambda story: put(story, "case.close", events=3)),
    "no close": ("close", "close_missing", lambda story: story.remove(of(story, "case.close"))),
    "an unknown kind": ("speakers", "kind_unknown", lambda story: of(story, "room.assembled")["payload"].update(type="room.odd")),
    "a role that may not": (
        "speakers",
        "role_differs",
        lambda story: of(story, "opening.identity")["payload"]["actor"].update(role="bidder"),
    ),
    "a nonce used again": (
        "speakers",
        "nonce_twice",
        lambda story: of(story, "report.submit")["payload"].update(nonce=of(story, "report.draft")["payload"]["nonce"]),
    ),
    "a card said to be stronger": (
        "collusion",
        "record_differs",
        lambda story: (card := body(story, "collusion.check")["cards"][0]).update(strength="low" if card["strength"] == "high" else "high"),
    ),
    "bids compared before they were opened": ("collusion", "too_early", lambda story: move(story, "collusion.check", before="opened")),
    "a decision on a card that there is not": ("collusion", "card_unknown", lambda story: put(story, "collusion.decide", card="f" * 32)),
    "a card decided twice": ("collusion", "decided_wrongly", lambda story: twice(story, "collusion.decide")),
}


def found(case: Case, members: dict[str, bytes], folder: Path, edit: Edit) -> list[tuple[str, str, str]]:
    """What does not hold of a forged package: check, code, member."""
    path = folder / "forged.zip"
    path.write_bytes(packed(case.forge(members, edit)))
    verdict = verify(path, case.unstamped)
    return [(finding.check, finding.code, finding.member) for finding in verdict.findings if not finding.holds]


def test_the_forger_can_retell_the_true_story(case: Case, members: dict[str, bytes], tmp_path: Path) -> None:
    assert found(case, members, tmp_path, lambda story: None) == []


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_is_found_where_it_was_told(case: Case, members: dict[str, bytes], tmp_path: Path, lie: str) -> None:
    check, code, edit = LIES[lie]
    broken = found(case, members, tmp_path, edit)
    assert (check, code) in [(one, what) for one, what, _ in broken], broken
