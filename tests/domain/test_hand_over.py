"""What a partner's site hands over after a use: what the list may say, once and after the use alone, and received as it was listed."""

from __future__ import annotations

from typing import Any

import pytest

from core.kernel.errors import Refusal, RuleBroken, WrongState
from evaluation.domain.booking import HandOverBody, Material, ReceiptBody, State, may_hand_over, may_receive

DIGEST, OTHER = "a" * 64, "b" * 64
PAPER = {"kind": "paper", "name": "签到表", "count": 3}


def listed(*items: Any, **changes: Any) -> dict[str, Any]:
    return {"booking": "VB-AAAAAAAA", "items": list(items)} | changes


def told(refusal: Refusal | None) -> tuple[type[Refusal], str] | None:
    return None if refusal is None else (type(refusal), refusal.code)


def test_a_list_is_read_in_its_order() -> None:
    items = [PAPER, {"kind": "recording", "name": "评标室 301", "count": 1}, {"kind": "file", "name": "门禁记录", "count": 2}]
    read = HandOverBody.read(listed(*items))
    assert read.booking == "VB-AAAAAAAA"
    assert read.items == ((Material.PAPER, "签到表", 3), (Material.RECORDING, "评标室 301", 1), (Material.FILE, "门禁记录", 2))


@pytest.mark.parametrize(
    "said",
    [
        listed(*[PAPER] * 50),
        listed(PAPER | {"count": 1}),
        listed(PAPER | {"count": 10_000}),
        listed(PAPER | {"name": "表" * 100}),
        listed(PAPER, booking="V" * 20),
    ],
)
def test_the_largest_and_the_smallest_that_a_list_may_say(said: dict[str, Any]) -> None:
    assert len(HandOverBody.read(said).items) == len(said["items"])


@pytest.mark.parametrize(
    ("said", "member"),
    [
        (listed(), "items"),
        (listed(*[PAPER] * 51), "items"),
        (listed(PAPER, PAPER | {"kind": "key"}), "items.1.kind"),
        (listed(PAPER | {"name": ""}), "items.0.name"),
        (listed(PAPER | {"name": "表" * 101}), "items.0.name"),
        (listed(PAPER | {"count": 0}), "items.0.count"),
        (listed(PAPER | {"count": 10_001}), "items.0.count"),
        (listed(PAPER | {"bidder": "甲公司"}), "items.0.bidder"),
        (listed(PAPER, booking=""), "booking"),
        (listed(PAPER, booking="V" * 21), "booking"),
        (listed(PAPER, project="T2026-000001"), "project"),
    ],
)
def test_what_a_list_may_not_say(said: dict[str, Any], member: str) -> None:
    with pytest.raises(RuleBroken) as refusal:
        HandOverBody.read(said)
    assert (refusal.value.code, refusal.value.facts) == ("body.malformed", {"member": member})


def test_a_receipt_names_the_list_by_its_digest() -> None:
    said = {"booking": "VB-AAAAAAAA", "handed_sha256": DIGEST}
    assert ReceiptBody.read(said) == ReceiptBody("VB-AAAAAAAA", DIGEST)
    for change, member in (
        ({"handed_sha256": ""}, "handed_sha256"),
        ({"handed_sha256": DIGEST.upper()}, "handed_sha256"),
        ({"handed_sha256": DIGEST[1:]}, "handed_sha256"),
        ({"booking": ""}, "booking"),
        ({"items": []}, "items"),
    ):
        with pytest.raises(RuleBroken) as refusal:
            ReceiptBody.read(said | change)
        assert (refusal.value.code, refusal.value.facts) == ("body.malformed", {"member": member})


@pytest.mark.parametrize("state", list(State))
def test_only_after_a_use_is_there_something_to_hand_over(state: State) -> None:
    wanted = None if state is State.USED else (WrongState, "venue.hand_over.unused")
    assert told(may_hand_over(state, "")) == wanted
    assert told(may_hand_over(state, DIGEST)) == (wanted or (WrongState, "venue.handed_over")), "and once"


@pytest.mark.parametrize(
    ("handed", "said", "is_received", "wanted"),
    [
        (DIGEST, DIGEST, False, None),
        (DIGEST, OTHER, False, (RuleBroken, "venue.other_list")),
        (DIGEST, DIGEST, True, (WrongState, "venue.not_handed")),
        (DIGEST, OTHER, True, (WrongState, "venue.not_handed")),
        ("", DIGEST, False, (WrongState, "venue.not_handed")),
        ("", "", False, (WrongState, "venue.not_handed")),
    ],
)
def test_received_is_once_what_was_handed_over(handed: str, said: str, is_received: bool, wanted: Any) -> None:
    assert told(may_receive(handed, said, is_received=is_received)) == wanted
