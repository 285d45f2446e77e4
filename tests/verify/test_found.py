"""An objective item that differed and was scored again: the true story holds, and every lie about the answers is found."""

from __future__ import annotations

import copy
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from evaluation.domain.checking import findings
from evaluation.domain.scoring_case import PricedBid, assemble, digest, full_result, technical_result
from tests.verify.forging import Case, Said
from tests.verify.test_forgeries import Edit, body, drop, found, of, put
from tests.verify.test_insider import all_of, report_again, sheets_of
from tests.verify.test_unlocked import member, say


def objective(story: list[Said]) -> dict[str, Any]:
    """The document makes the first criterion an objective one."""
    criterion = body(story, "summary")["document"]["criteria"][0]
    rules = {"criteria": [{"id": criterion["id"], "mode": "range", "objective": True}]}
    for said in all_of(story, "document.publish"):
        said["score_rules"] = rules
    for said in all_of(story, "document.amend"):
        said["document"]["score_rules"] = rules
    return rules


def added_up(story: list[Said], rules: dict[str, Any], nth: int) -> None:
    """The nth summary, its prices and its comparison, as the sheets now have them."""
    sheets, summary = sheets_of(story), body(story, "summary", nth)
    method = {name: value for name, value in summary["document"].items() if name not in ("bids", "sheets")}
    case = assemble(method, [], sheets) | {"bids": summary["document"]["bids"]}
    result = full_result(case)
    summary.update(document=case, result=result, case_sha256=digest(case), result_sha256=digest(result))
    rows: Any = result["rows"]
    put(story, "price.result", nth, scores={one["bid"]: str(one["price_score"] or "") for one in rows})
    put(story, "consistency.result", nth, findings=[dict(one) for one in findings(method, rules, sheets)])
    locked = digest(technical_result(assemble(method, [PricedBid(bid["id"]) for bid in summary["document"]["bids"]], sheets)).to_json())
    for said in [body(story, "technical.lock"), *all_of(story, "blind.open")] if nth == 0 else ():
        said["result_sha256"] = locked


def answered(story: list[Said]) -> None:
    """All give every bid the same for the first criterion, but seat 1 less for the first bid; asked, it gives what all gave."""
    rules, criterion = objective(story), body(story, "summary")["document"]["criteria"][0]["id"]
    bid = body(story, "summary")["result"]["rows"][0]["bid"]
    marks = [one["scores"][criterion] for said in all_of(story, "score") for one in said["sheets"]]
    usual = max(marks, key=Decimal)  # nobody falls below the minimum
    for said in all_of(story, "score"):
        for one in said["sheets"]:
            one["scores"][criterion] = usual
    mine = next(one for one in member(story, "1")["payload"]["body"]["sheets"] if one["bid"] == bid)
    mine["scores"][criterion] = str(Decimal(usual) - Decimal("0.5"))
    added_up(story, rules, 0)
    said = {"bid": bid, "criterion": criterion, "score": usual, "reason": "", "ticks": {}}
    last = say(story, of(story, "consistency.result"), member(story, "1"), "finding.answer", said, mark="a")
    for kind, mark in (("price.result", "b"), ("summary", "c"), ("consistency.result", "d")):
        last = say(story, last, of(story, kind), kind, copy.deepcopy(body(story, kind)), mark=mark)
    signed = mine["scores"][criterion]
    mine["scores"][criterion] = usual
    added_up(story, rules, 1)
    mine["scores"][criterion] = signed
    put(story, "report.submit", case_sha256=body(story, "summary", 1)["case_sha256"])
    report_again(story)


def then(edit: Edit) -> Edit:
    """The same with another turn."""

    def told(story: list[Said]) -> None:
        answered(story)
        edit(story)

    return told


def by_another(story: list[Said]) -> None:
    """The answer is put into the mouth of a member whom nothing was found of."""
    said, other = of(story, "finding.answer"), member(story, "3")
    said["payload"]["actor"], said["keys"] = other["payload"]["actor"], other["keys"]


def unanswered(story: list[Said]) -> None:
    """Nobody answers, and the first summary goes into the report."""
    for kind in ("finding.answer", "price.result", "summary", "consistency.result"):
        drop(story, kind, 0 if kind == "finding.answer" else 1)
    put(story, "report.submit", case_sha256=body(story, "summary")["case_sha256"])


LIES: dict[str, tuple[str, str, Edit]] = {
    "a report that waited for no answer": ("consistency", "answer_missing", then(unanswered)),
    "an answer of another member": ("scores", "answer_differs", then(by_another)),
    "an answer on another bid": ("scores", "answer_differs", then(lambda story: put(story, "finding.answer", bid=other_bid(story)))),
    "another score than was answered": ("scores", "summary_differs", then(lambda story: put(story, "finding.answer", score="0"))),
    "a score out of bounds": ("scores", "score.above_maximum", then(lambda story: put(story, "finding.answer", score="99"))),
    "a second summary for no other score": (
        "scores",
        "event_twice",
        then(lambda story: put(story, "finding.answer", score="", reason="维持")),
    ),
    "the report of the first summary": (
        "report",
        "digest_differs",
        then(lambda story: put(story, "report.submit", case_sha256=body(story, "summary")["case_sha256"])),
    ),
    "another comparison after it": (
        "consistency",
        "findings_differ",
        then(lambda story: put(story, "consistency.result", 1, findings=[{}])),
    ),
}


def other_bid(story: list[Said]) -> str:
    """The second bid of the ranking."""
    return str(body(story, "summary")["result"]["rows"][1]["bid"])


def test_an_item_that_was_scored_again_counts_as_it_was_answered(case: Case, members: dict[str, bytes], tmp_path: Path) -> None:
    assert found(case, members, tmp_path, answered) == []


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_about_an_answer_is_found(case: Case, members: dict[str, bytes], tmp_path: Path, lie: str) -> None:
    check, code, edit = LIES[lie]
    broken = found(case, members, tmp_path, edit)
    assert (check, code) in [(one, what) for one, what, _ in broken], broken
