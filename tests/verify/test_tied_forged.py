"""A whole package in which two bids were exactly equal at the border: it holds, and what the platform changes of the draw is refused."""

from __future__ import annotations

from decimal import ROUND_FLOOR, Decimal
from pathlib import Path
from typing import Any

import pytest

from core.kernel import draw as kernel
from core.kernel import jcs
from core.kernel.draw import parse_draw
from evaluation.domain.checking import findings
from evaluation.domain.scoring_case import PricedBid, assemble, digest, full_result, technical_result
from evaluation.domain.ties import STRATUM, request_of, with_lots
from tests.verify.forging import Case, Said
from tests.verify.test_forgeries import Edit, body, drop, found, of, put
from tests.verify.test_insider import all_of, report_again, sheets_of
from tests.verify.test_unlocked import say
from trading.domain.lots_drawn import PARTIES

NAME = "tie-1-1"
Members = dict[str, bytes]


def tied(story: list[Said], members: Members) -> None:
    """Prices weigh nothing, third and fourth bid have the same marks of all: lots are drawn, the third stays in front."""
    *first, third, fourth = (row["bid"] for row in body(story, "summary")["result"]["rows"])
    terms = [*all_of(story, "document.publish"), *(said["document"] for said in all_of(story, "document.amend"))]
    for said in terms:
        said["method"] |= {"tie_break": ["draw"], "price": said["method"]["price"] | {"weight": "0"}}
    most = {one["id"]: Decimal(one["max"]) for one in body(story, "summary")["document"]["criteria"]}
    shares = dict(zip((*first, third, fourth), ("1", "0.9", "0.8", "0.8"), strict=True))
    for said in all_of(story, "score"):
        for one in said["sheets"]:
            share = Decimal(shares[one["bid"]])
            one["scores"] = {name: str((top * share * 2).to_integral_value(ROUND_FLOOR) / 2) for name, top in most.items()}
    summary, sheets = body(story, "summary"), sheets_of(story)
    method = {name: value for name, value in summary["document"].items() if name not in ("bids", "sheets")}
    method |= {"tie_break": ["draw"], "price": method["price"] | {"weight": "0"}}
    shut = [PricedBid(bid["id"]) for bid in summary["document"]["bids"]]
    locked = digest(technical_result(assemble(method, shut, sheets)).to_json())
    for said in [body(story, "technical.lock"), *all_of(story, "blind.open")]:
        said["result_sha256"] = locked
    case = assemble(method, [], sheets) | {"bids": summary["document"]["bids"]}
    result = full_result(case)
    summary.update(document=case, result=result, case_sha256=digest(case), result_sha256=digest(result))
    body(story, "consistency.result")["findings"] = [dict(one) for one in findings(method, {}, sheets)]
    record = drawn(story, (third, fourth))
    lots(story, record)
    ranked(story, case, [third, fourth])
    members[f"draw/1-{NAME}.json"] = jcs.canonical(record)  # type: ignore[arg-type]
    report_again(story)


def drawn(story: list[Said], order: tuple[str, str]) -> dict[str, Any]:
    """A record of slips from which these bids come out in this order."""
    case = body(story, "summary")["document"]["case"].rpartition("-")[0]
    for number in range(256):
        values = {party: bytes([number % 256]) * 31 + bytes([len(party)]) for party in PARTIES}
        made: dict[str, Any] = {"case": case, "draw": NAME, "request": request_of(order), "recused_later": []}
        made["commits"] = {party: kernel.commit(case, NAME, party, value).hex() for party, value in values.items()}
        made["reveals"] = {party: value.hex() for party, value in values.items()}
        if kernel.replay(parse_draw(made)).picked[STRATUM][0] == order[0]:
            return made
    raise AssertionError


def lots(story: list[Said], record: dict[str, Any]) -> None:
    """The platform asks, three parties seal and open their slips, the platform says the order."""
    request = record["request"]
    asked = {"draw": NAME, "parties": list(PARTIES), "request": request, "pool_hash": kernel.pool_hash(request).hex()}
    last = say(story, of(story, "consistency.result"), of(story, "summary"), "tie_draw.request", asked, mark="1")
    hands = {said["payload"]["actor"]["role"]: said for said in story if said["payload"]["type"] == "coefficient.commit"}
    for mark, party in zip("234", PARTIES, strict=True):
        said = {"draw": NAME, "party": party, "commit": record["commits"][party]}
        last = say(story, last, hands[party], "tie_draw.commit", said, mark=mark)
    for mark, party in zip("567", PARTIES, strict=True):
        said = {"draw": NAME, "party": party, "value": record["reveals"][party]}
        last = say(story, last, hands[party], "tie_draw.reveal", said, mark=mark)
    found_ = kernel.replay(parse_draw(record))
    order = [*found_.picked[STRATUM], *found_.reserves[STRATUM]]
    result = {"draw": NAME, "pool_hash": found_.pool_hash.hex(), "seed": found_.seed.hex(), "order": order}
    say(story, last, of(story, "summary"), "tie_draw.result", result, mark="8")


def ranked(story: list[Said], case: dict[str, Any], order: list[str]) -> None:
    """The platform ranks by this order, and the report rests on it."""
    document = with_lots(case, [(NAME, order)])
    result = full_result(document)
    said = {"case_sha256": digest(document), "result_sha256": digest(result), "document": document, "result": result}
    if any(one["payload"]["type"] == "tie_draw.ranking" for one in story):
        put(story, "tie_draw.ranking", **said)
    else:
        say(story, of(story, "tie_draw.result"), of(story, "summary"), "tie_draw.ranking", said, mark="9")
    put(story, "report.submit", case_sha256=digest(document))


def other_slip(story: list[Said], members: Members) -> None:
    """The supervisor's slip is another, and the platform draws, ranks and records what it makes."""
    put(story, "tie_draw.reveal", 1, value="ab" * 32)
    record = jcs.parse_object(members[f"draw/1-{NAME}.json"])
    record["reveals"]["supervisor"] = "ab" * 32  # type: ignore[index,call-overload]
    members[f"draw/1-{NAME}.json"] = jcs.canonical(record)
    made = kernel.replay(parse_draw(record))
    put(story, "tie_draw.result", seed=made.seed.hex(), order=[*made.picked[STRATUM], *made.reserves[STRATUM]])
    ranked(story, body(story, "summary")["document"], [*made.picked[STRATUM], *made.reserves[STRATUM]])


def other_order(story: list[Said], members: Members) -> None:
    """The order is turned round, and all that follows says so."""
    order = [*reversed(body(story, "tie_draw.result")["order"])]
    put(story, "tie_draw.result", order=order)
    ranked(story, body(story, "summary")["document"], order)


def other_ranks(story: list[Said], members: Members) -> None:
    """The lots as drawn, the report against them."""
    ranked(story, body(story, "summary")["document"], [*reversed(body(story, "tie_draw.result")["order"])])


def never(story: list[Said], members: Members) -> None:
    """Nobody drew: the report has four candidates."""
    for kind in ("request", *["commit"] * 3, *["reveal"] * 3, "result", "ranking"):
        drop(story, f"tie_draw.{kind}")
    del members[f"draw/1-{NAME}.json"]
    put(story, "report.submit", case_sha256=body(story, "summary")["case_sha256"])


def no_record(story: list[Said], members: Members) -> None:
    del members[f"draw/1-{NAME}.json"]


LIES: dict[str, tuple[str, str, Any]] = {
    "another slip": ("ties", "slip_differs", other_slip),
    "another order": ("ties", "draw_differs", other_order),
    "other ranks": ("ties", "lots_differ", other_ranks),
    "no draw": ("ties", "lots_missing", never),
    "no record": ("draw", "draw_differs", no_record),
}


def told(members: Members, *turns: Any) -> Edit:
    def edit(story: list[Said]) -> None:
        for turn in (tied, *turns):
            turn(story, members)

    return edit


def test_a_package_with_a_draw_among_equal_bids_holds(case: Case, members: Members, tmp_path: Path) -> None:
    assert found(case, members, tmp_path, told(members)) == []


@pytest.mark.parametrize("lie", LIES)
def test_what_the_platform_changes_of_the_draw_is_refused(case: Case, members: Members, tmp_path: Path, lie: str) -> None:
    check, code, turn = LIES[lie]
    broken = found(case, members, tmp_path, told(members, turn))
    assert (check, code) in [(one, what) for one, what, _ in broken], broken
