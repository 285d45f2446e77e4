"""A forger who holds every key tells other calls than there were: each lie is found by playing draw and calls again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.verify.forging import Case, Said
from tests.verify.test_forgeries import body, drop, found, later, move, of, put

Edit = Callable[[list[Said]], object]


def gone(story: list[Said]) -> dict[str, Any]:
    """The answer of who does not come."""
    answer: dict[str, Any] = next(
        said["payload"]["body"]
        for said in story
        if said["payload"]["type"] == "draw.answer" and said["payload"]["body"]["answer"] == "cannot"
    )
    return answer


def another_successor(story: list[Said]) -> None:
    """A friend follows, who stands further down in the ticket order."""
    answer = gone(story)
    reserves = [one for ids in body(story, "draw.result")["reserves"].values() for one in ids]
    answer["successor"] = next(one for one in reserves if one != answer["successor"])


def said_to_be_silent(story: list[Said]) -> None:
    """Somebody unwelcome had confirmed, and is said to have been silent."""
    body(story, "draw.answer").update(answer="cannot", cause="silent", way="clock", proof={})


def unreachable(story: list[Said]) -> None:
    body(story, "draw.answer").update(answer="cannot", cause="unreachable", way="gateway", proof={})


def turned_round(story: list[Said]) -> None:
    """A refusal is told as a confirmation, its signature kept."""
    gone(story).update(answer="come", cause="", successor="")


def of_another(story: list[Said]) -> None:
    """One expert's signed word stands for another's."""
    body(story, "draw.answer", 1)["proof"] = body(story, "draw.answer", 2)["proof"]


def by_key(story: list[Said]) -> None:
    """A key is invented for a draw that calls nobody by telephone."""
    answer = body(story, "draw.answer", 1)
    said = {"id": "a", "call": answer["call"], "digit": "1", "at": of(story, "draw.answer", 1)["at"], "signature": "c2ln"}
    answer.update(way="keypad", proof=said)


def signed_by_a_stranger(story: list[Said]) -> None:
    proof = body(story, "draw.answer")["proof"]
    proof["payload"] = body(story, "draw.answer", 1)["proof"]["payload"]


def after_the_window(story: list[Said]) -> None:
    """The window was shorter than the request says."""
    call = of(story, "draw.call")
    call["payload"]["body"]["reply_until"] = later(call["at"], 1)


def named(story: list[Said]) -> None:
    """Everybody who fits would sit: no draw at all."""
    request = body(story, "draw.request")["request"]
    stratum = request["strata"][0]["id"]
    request["recused"] += [one["id"] for one in request["pool"] if stratum in one["strata"]][: -request["strata"][0]["quota"]]


def second_draw(story: list[Said]) -> None:
    body(story, "draw.request")["again"] = {"code": "fault", "text": "重新抽取"}


LIES: dict[str, tuple[str, str, Edit]] = {
    "another follows": ("calls", "successor_differs", another_successor),
    "silence of who had confirmed": ("calls", "outside_window", said_to_be_silent),
    "unreachable without a telephone": ("calls", "outside_window", unreachable),
    "a refusal turned round": ("calls", "answer_differs", turned_round),
    "one answer for another": ("calls", "answer_unproved", of_another),
    "a key without a gateway": ("calls", "answer_unproved", by_key),
    "another payload under a signature": ("calls", "signature.invalid", signed_by_a_stranger),
    "a shorter window": ("calls", "call_differs", after_the_window),
    "a call to another site": ("calls", "site_differs", lambda story: put(story, "draw.call", site="云端")),
    "a call to who was not drawn": ("calls", "call_differs", lambda story: put(story, "draw.call", id="P0001")),
    "somebody never called": ("calls", "call_differs", lambda story: drop(story, "draw.call")),
    "an answer left out": ("calls", "list_unconfirmed", lambda story: drop(story, "draw.answer", 3)),
    "another list": ("calls", "list_differs", lambda story: body(story, "draw.list")["confirmed"].pop()),
    "a committee before the list": ("calls", "list_unconfirmed", lambda story: move(story, "draw.list", "room.sign_in")),
    "calls before the result": ("calls", "draw_missing", lambda story: move(story, "draw.call", "draw.result")),
    "a naming": ("calls", "draw.request.no_choice", named),
    "a reason for the first draw": ("calls", "draw.request.no_reason_due", second_draw),
    "an assembly before anybody could answer": (
        "calls",
        "draw.calling.too_soon",
        lambda story: body(story, "draw.request")["calling"].update(at=of(story, "draw.request")["at"]),
    ),
    "a window of no length": ("forms", "evaluation.body", lambda story: body(story, "draw.request")["calling"].update(window=0)),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_about_a_call_is_found(case: Case, members: dict[str, bytes], tmp_path: Path, lie: str) -> None:
    check, code, edit = LIES[lie]
    broken = found(case, members, tmp_path, edit)
    assert (check, code) in [(one, what) for one, what, _ in broken], broken
