"""An insider holds the database and the keys of platform, log and witness, but no person's: what he changes of people's words is refused.

He has the platform say whatever follows from it, hashes and logs it all anew. Under everybody's keys the same story holds: nothing but
the missing hand gives him away.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, Decimal
from pathlib import Path
from typing import Any

import pytest

from app.verify.steps import verify
from core.kernel import clock
from core.kernel.dsse import Signature
from core.kernel.events import as_json
from core.kernel.signing import KeyRecord, SoftwareP256Signer
from evaluation.domain import fee_evidence
from evaluation.domain.checking import findings
from evaluation.domain.rejection import STAYS, BidVote, decide
from evaluation.domain.scoring_case import PricedBid, assemble, digest, full_result, technical_result
from evaluation.domain.sheet import BidScores
from evaluation.domain.shield_matrix import matrix
from evaluation.domain.shield_record import record
from evaluation.domain.shield_said import DRAFT, MATRIX, Told
from evaluation.domain.shield_said import Said as Heard
from evaluation.domain.weighing import Proposal, Weighed, Weighings
from evaluation.domain.weighing import decide as decide_weighing
from tests.verify.forging import Case, Said, packed
from tests.verify.test_forgeries import body, of
from trading.domain.review_plan import plan_of

Edit = Callable[[list[Said]], object]


# What he changes: people's words first, then what the platform makes of them


def all_of(story: list[Said], kind: str) -> list[dict[str, Any]]:
    """The bodies of every statement of a kind."""
    return [said["payload"]["body"] for said in story if said["payload"]["type"] == kind]


def seat_of(story: list[Said], said: Said) -> str:
    """The seat of whoever speaks."""
    signed_in = [one["payload"] for one in story if one["payload"]["type"] == "room.sign_in"]
    return next(str(one["body"]["seat"]) for one in signed_in if one["actor"]["id"] == said["payload"]["actor"]["id"])


def sheets_of(story: list[Said]) -> dict[str, list[BidScores]]:
    """Seat → what its member signed."""
    signed = [said for said in story if said["payload"]["type"] == "score"]
    return {seat_of(story, said): [BidScores(**one) for one in said["payload"]["body"]["sheets"]] for said in signed}


def score_again(story: list[Said]) -> None:
    """Lock, findings and summary as the sheets now have them."""
    sheets, summary = sheets_of(story), body(story, "summary")
    method = {name: value for name, value in summary["document"].items() if name not in ("bids", "sheets")}
    shut = [PricedBid(bid["id"]) for bid in summary["document"]["bids"]]
    locked = digest(technical_result(assemble(method, shut, sheets)).to_json())
    for said in [body(story, "technical.lock"), *all_of(story, "blind.open")]:
        said["result_sha256"] = locked
    case = assemble(method, [], sheets) | {"bids": summary["document"]["bids"]}
    result = full_result(case)
    summary.update(document=case, result=result, case_sha256=digest(case), result_sha256=digest(result))
    body(story, "consistency.result")["findings"] = [dict(one) for one in findings(method, {}, sheets)]
    body(story, "report.submit")["case_sha256"] = digest(case)
    report_again(story)


def told_before(story: list[Said], kind: str) -> Told:
    """What had been said when a statement of that kind came."""
    earlier = story[: next(place for place, said in enumerate(story) if said["payload"]["type"] == kind)]
    return Told(_heard(said) for said in earlier)


def _heard(said: Said) -> Heard:
    payload, actor = said["payload"], said["payload"]["actor"]
    person = "" if actor["role"] == "system" else actor["id"].rpartition(":")[2]
    return Heard(payload["type"], payload["round"], person, actor["role"], clock.moment(said["at"]), said["old"], payload["body"])


def report_again(story: list[Said]) -> None:
    """Comparison and award report as the statements now have them."""
    body(story, MATRIX)["matrix"] = matrix(told_before(story, MATRIX))
    body(story, DRAFT)["record"] = as_json(record(told_before(story, DRAFT)))


def another_mark(story: list[Said]) -> None:
    """A bid has full marks for one criterion from all: its total changes."""
    summary = body(story, "summary")
    once, criterion = copy.deepcopy(summary["result"]["rows"]), summary["document"]["criteria"][0]
    for sheet in all_of(story, "score"):
        next(one for one in sheet["sheets"] if one["bid"] == once[0]["bid"])["scores"][criterion["id"]] = criterion["max"]
    score_again(story)
    assert [row["total"] for row in once] != [row["total"] for row in body(story, "summary")["result"]["rows"]]


def another_order(story: list[Said]) -> None:
    """Every member gives the second bid full marks, and the first three quarters: the ranking changes."""
    first, second = (row["bid"] for row in body(story, "summary")["result"]["rows"][:2])
    most = {one["id"]: Decimal(one["max"]) for one in body(story, "summary")["document"]["criteria"]}
    for sheet in all_of(story, "score"):
        for one in sheet["sheets"]:
            if one["bid"] in (first, second):
                share = Decimal(1) if one["bid"] == second else Decimal("0.75")
                one["scores"] = {name: str((top * share * 2).to_integral_value(ROUND_CEILING) / 2) for name, top in most.items()}
    score_again(story)
    assert [row["bid"] for row in body(story, "summary")["result"]["rows"][:2]] == [second, first]


def another_rejection_vote(story: list[Said]) -> None:
    """One member more is against a bid, which stays all the same: the recorded minority is another."""
    said = next(
        one for one in story if one["payload"]["type"] == "rejection.vote" and one["payload"]["body"]["votes"][0]["ground"] == STAYS
    )
    said["payload"]["body"]["votes"][0].update(ground="no_signature", reason="未按要求签章")
    votes = {
        seat_of(story, one): [BidVote(**vote) for vote in one["payload"]["body"]["votes"]]
        for one in story
        if one["payload"]["type"] == "rejection.vote"
    }
    body(story, "preliminary.result")["votes"] = [decision.to_json() for decision in decide(votes)]


def another_ballot(story: list[Said]) -> None:
    """One ballot more for whoever won: the winner stays, the vote was another."""
    decided = body(story, "award.result")
    newest = [said for said in story if said["payload"]["type"] == "ballot" and said["payload"]["round"] == len(decided["rounds"])]
    changed = next(said["payload"]["body"] for said in newest if said["payload"]["body"]["choice"] != decided["winner"])
    votes = decided["rounds"][-1]["votes"]
    votes[changed["choice"]] -= 1
    votes[decided["winner"]] += 1
    changed["choice"] = decided["winner"]
    said = {name: decided[name] for name in ("method", "rounds", "winner", "how")}
    decided["result_sha256"] = body(story, "award.notice")["result_sha256"] = digest(said)
    report_again(story)


def another_fee(story: list[Said]) -> None:
    """What the host noted for one member is not noted: the fee is another, in the calculation and in what was confirmed."""
    noted = body(story, "fee.correct")
    noted["emergency"] = not noted["emergency"]
    calculated = [said for said in story if said["payload"]["type"] == "fee.calculate"]
    earlier = [said for said in story[: story.index(calculated[-1])] if said["payload"]["type"] in fee_evidence.KINDS]
    heard = [_of_fees(said) for said in earlier]
    line = next(one for one in fee_evidence.lines(heard) if one.line == noted["line"])
    told = calculated[-1]["payload"]["body"]
    before = told["total_fen"]
    told.update(lines=[line.to_json()], total_fen=fee_evidence.total([line]).fen)
    body(story, "fee.confirm")["total_fen"] += told["total_fen"] - before
    assert told["total_fen"] != before


def weigh_again(story: list[Said]) -> None:
    """The votes on what is weighed counted, and prices scored, as the statements now have them."""
    weighed = []
    for number, said in enumerate([one for one in story if one["payload"]["type"] == "weighing.propose"], 1):
        cast = [one for one in story if one["payload"]["type"] == "weighing.vote" and one["payload"]["body"]["proposal"] == said["old"]]
        decided = decide_weighing({seat_of(story, one): one["payload"]["body"]["agrees"] for one in cast})
        next(one for one in all_of(story, "weighing.result") if one["number"] == number).update(decided.to_json())
        weighed.append(Weighed(Proposal(**said["payload"]["body"]), decided.adopted))
    documents = [*all_of(story, "document.publish"), *(one["document"] for one in all_of(story, "document.amend"))]
    found, summary = Weighings(plan_of(documents[-1]["review"]).prices, weighed), body(story, "summary")
    for bid in summary["document"]["bids"]:
        corrections = [one for one in bid.pop("adjustments", ()) if one["kind"] == "correction"]
        bid.pop("preference_percent", None)
        rows, percent = [*corrections, *found.adjustments().get(bid["id"], ())], found.preferences().get(bid["id"])
        bid.update({"adjustments": rows} if rows else {}, **({"preference_percent": percent} if percent else {}))
    score_again(story)
    result = body(story, "summary")["result"]
    scores = {one["bid"]: str(one["price_score"] or "") for one in result["rows"]}
    body(story, "price.result").update(scores=scores, benchmark=str(result["benchmark"] or ""))


def another_deviation(story: list[Said]) -> None:
    """A bid is late by one week, not by two."""
    assert body(story, "weighing.propose")["rule"] == "late"
    body(story, "weighing.propose")["figure"] = "1"
    weigh_again(story)


def another_preference(story: list[Said]) -> None:
    """Four members did not agree that a firm is small: its price is compared as it is."""
    preferred = of(story, "weighing.propose", 2)["old"]
    for vote in [one for one in all_of(story, "weighing.vote") if one["proposal"] == preferred][:4]:
        vote["agrees"] = False
    weigh_again(story)
    assert not any("preference_percent" in bid for bid in body(story, "summary")["document"]["bids"])


def _of_fees(said: Said) -> fee_evidence.Said:
    payload = said["payload"]
    return fee_evidence.Said(payload["type"], payload["actor"]["id"], clock.moment(said["at"]), said["old"], payload["body"])


CHANGES: dict[str, Edit] = {
    "a total": another_mark,
    "the ranking": another_order,
    "a vote to reject": another_rejection_vote,
    "a vote on the award": another_ballot,
    "a fee": another_fee,
    "a weighed deviation": another_deviation,
    "a preference": another_preference,
}


# How he makes do without people's hands


@dataclass(frozen=True)
class OldSignature:
    """The signature that a person once made, put under other words."""

    key: KeyRecord
    once: Signature

    def sign(self, message: bytes) -> Signature:
        """The old one, whatever the words."""
        return self.once


@dataclass(frozen=True)
class UnderAnothersName:
    """His own key's signature, said to be a person's."""

    key: KeyRecord
    own: SoftwareP256Signer

    def sign(self, message: bytes) -> Signature:
        """Under the person's key id."""
        return replace(self.own.sign(message), keyid=self.key.key_id)


def told(case: Case, members: dict[str, bytes], folder: Path, edit: Edit) -> list[tuple[str, str, str]]:
    """What does not hold of the package: check, code, member."""
    path = folder / "told.zip"
    path.write_bytes(packed(case.forge(members, edit)))
    verdict = verify(path, case.unstamped)
    return [(finding.check, finding.code, finding.member) for finding in verdict.findings if not finding.holds]


@pytest.mark.parametrize("change", CHANGES)
def test_under_everybodys_keys_the_changed_story_holds(case: Case, members: dict[str, bytes], tmp_path: Path, change: str) -> None:
    assert told(case, members, tmp_path, CHANGES[change]) == []


class Insider(dict[str, Any]):
    """The keys of the machines; for a person's there is a way to do without."""

    def __init__(self, case: Case, members: dict[str, bytes], without: Callable[[KeyRecord, Signature], Any]) -> None:
        super().__init__()
        machines = {case.platform.key.key_id: case.platform}
        lines = [line for said in case.story(members) for line in said["envelope"].signatures]
        once = {line.keyid: line for line in lines}
        for key, signer in case.signers.items():
            old = once.get(key, Signature(key, signer.key.kind, bytes(64)))
            self[key] = machines.get(key) or without(signer.key, old)


WITHOUT: dict[str, Callable[[KeyRecord, Signature], Any]] = {
    "the signature of other words": OldSignature,
    "his own key under their name": lambda key, _: UnderAnothersName(key, SoftwareP256Signer.generate()),
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("way", WITHOUT)
def test_who_holds_no_persons_key_is_refused(case: Case, members: dict[str, bytes], tmp_path: Path, change: str, way: str) -> None:
    insider = replace(case, signers=Insider(case, members, WITHOUT[way]))
    broken = told(insider, members, tmp_path, CHANGES[change])
    assert broken and {check for check, _, _ in broken} == {"signatures"}, broken


@pytest.mark.parametrize("change", CHANGES)
def test_the_machines_words_alone_are_not_believed(case: Case, members: dict[str, bytes], tmp_path: Path, change: str) -> None:
    """He changes what the platform said and leaves what people signed as it is."""
    edit = CHANGES[change]

    def without_people(story: list[Said]) -> None:
        kept = [copy.deepcopy(said["payload"]["body"]) for said in story]
        edit(story)
        for said, once in zip(story, kept, strict=True):
            if said["payload"]["actor"]["role"] != "system":
                said["payload"]["body"] = once

    broken = told(case, members, tmp_path, without_people)
    assert broken and all(check != "signatures" for check, _, _ in broken), broken
