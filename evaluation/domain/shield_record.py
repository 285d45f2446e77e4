"""What the award report says (定标报告), put together from statements alone, so that the platform and the offline verifier get the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.kernel import clock
from core.kernel.jcs import JSON
from evaluation.domain.shield import proof_json, table_json
from evaluation.domain.shield_matrix import paper_json
from evaluation.domain.shield_said import MATRIX, PAPER, RESULT, ROUND, VOICES, Said, Told
from trading.domain.award import AwardTold

VOTED = ("majority", "most_votes", "last_left")
"""Ways in which the votes themselves decided."""


def record(told: Told) -> dict[str, JSON]:
    """The content of the report; members stand by their number, persons by id beside it."""
    plan, made = told.plan, told.last(MATRIX)
    return {
        "plan": {} if plan is None else {"sha256": str(plan.body["plan_sha256"]), "said": plan.body["plan"]},
        "members": [{"number": one.number, "person": one.person, "post": one.post, "left": one.left} for one in told.seats],
        "matrix": {} if made is None else made.body["matrix"],
        "rounds": _rounds(told),
        "result": _result(told),
        "papers": [paper_json(one) for one in told.all(PAPER)],
        "register": {"entries": list(told.entries), "signed": [proof_json(one) for one in told.closers()]},
        "table": table_json(told),
    }


def public(record: Mapping[str, Any], report_sha256: str) -> AwardTold:
    """What the report lets the public know: no member, no ballot, no reason."""
    said = record["result"]["said"]
    counted = [one["votes"] for one in said["rounds"] if one.get("votes")]
    return AwardTold(
        report_sha256=report_sha256,
        method=str(said["method"]),
        members=sum(not one["left"] for one in record["members"]),
        rounds=len(record["rounds"]),
        votes=int(counted[-1].get(said["winner"], 0)) if counted and said["how"] in VOTED else None,
    )


def _rounds(told: Told) -> list[JSON]:
    """Every round: what each member said in it, and how it was counted; the last was counted by the result."""
    counted = {one.round: one for one in told.all(ROUND)}
    numbers = sorted({one.round for one in told.all(*VOICES)} | set(counted))
    return [
        {
            "round": number,
            "said": [_voice(told, one) for one in told.all(*VOICES) if one.round == number],
            "counted": counted[number].body if number in counted else {},
        }
        for number in numbers
    ]


def _voice(told: Told, one: Said) -> JSON:
    number = next((seat.number for seat in told.seats if seat.person == one.person), 0)
    return {"member": number, "kind": one.kind, "sha256": one.sha256, "body": one.body}


def _result(told: Told) -> JSON:
    result = told.last(RESULT)
    return {} if result is None else {"at": clock.text(result.at), "said": result.body}
