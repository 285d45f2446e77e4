"""Orders on a lot as the verifier replays them: what may not happen while it stands still, and nothing after its end."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import pytest

from app.verify.replay.orders import check_orders
from app.verify.replay.story import Story
from app.verify.verdict import Broken


class Told(SimpleNamespace):
    """An event of lot 1, of which its kind alone counts."""

    kind: str
    lot = "1"
    member = "events/000001.json"

    def require(self, holds: bool, code: str, **facts: object) -> None:
        if not holds:
            raise Broken(self.member, code, **facts)


def story(*kinds: str) -> Story:
    return cast(Story, SimpleNamespace(entries=[Told(kind=kind) for kind in kinds]))


def test_a_lot_may_be_suspended_and_then_terminated() -> None:
    assert check_orders(story("seal", "lot.suspend", "withdraw", "lot.terminate", "case.close")) == "2"


@pytest.mark.parametrize(
    ("kinds", "code"),
    [
        (("lot.suspend", "seal"), "while_suspended"),
        (("lot.suspend", "close"), "while_suspended"),
        (("lot.suspend", "lot.suspend"), "event_twice"),
        (("lot.resume",), "event_missing"),
        (("lot.terminate", "close"), "after_termination"),
        (("lot.terminate", "lot.suspend"), "after_termination"),
        (("lot.terminate", "lot.terminate"), "event_twice"),
    ],
)
def test_orders_out_of_turn_are_refused(kinds: tuple[str, ...], code: str) -> None:
    with pytest.raises(Broken) as broken:
        check_orders(story(*kinds))
    assert broken.value.what == code
