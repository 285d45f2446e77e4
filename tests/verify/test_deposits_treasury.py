"""A treasury account that one person made alone or that nobody proposed is found out; which one held is told by the moment."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest

from app.verify.entries import Entry
from app.verify.replay.rates import read_table
from app.verify.replay.treasury import in_force
from app.verify.verdict import Broken
from core.kernel import signing
from core.kernel.evidence import Placement
from core.kernel.signing import NOTHING_SEEN, Actor, read_statement
from deposits.domain.interest import RATES
from deposits.domain.treasury import CHAIN
from tests.builders.treasury import TREASURY

AT = datetime(2026, 12, 1, 4, tzinfo=UTC)
BODY = {"name": TREASURY.name, "account": TREASURY.number, "bank": TREASURY.bank, "source": "通知"}


class Logged:
    """As much of a logged event as the replay looks at."""

    def __init__(self, at: datetime) -> None:
        self.received_at = at


def said(kind: str, who: str, body: dict[str, Any], at: datetime = AT) -> Entry:
    actor = Actor(f"urn:ztb:person:{who}", "finance", "0" * 64)
    placed: dict[str, Any] = {"case": CHAIN, "lot": "", "round": 0, "prev": "", "nonce": "0" * 32, "ckpt": NOTHING_SEEN}
    payload = signing.statement(type=kind, actor=actor, iat=at, body=body, **placed)
    return Entry("rates/000000.json", cast("Any", Logged(at)), read_statement(payload), Placement(b"", 0, 0, ()))


def told(approver: str = "2", digest: str = "", at: datetime = AT, **changes: Any) -> list[Entry]:
    proposed = said("treasury.propose", "1", BODY | changes, at)
    return [proposed, said("treasury.approve", approver, {"proposal_sha256": digest or proposed.digest}, at)]


def test_the_account_that_held_at_a_moment() -> None:
    later = AT + timedelta(days=1)
    entries = [*told(), *told(at=later, account="621000199902")]
    assert in_force(entries, AT - timedelta(seconds=1)) is None
    assert in_force(entries, AT) == TREASURY
    found = in_force(entries, later)
    assert found is not None and found.number == "621000199902"
    assert read_table(entries) == RATES  # the other statements of the chain are not rates


@pytest.mark.parametrize(
    ("entries", "code"),
    [
        (told(approver="1"), "treasury_same_person"),
        (told(digest="f" * 64), "treasury_unknown"),
        ([*told(), told()[1]], "treasury_unknown"),
    ],
)
def test_a_lie_about_it_is_found(entries: list[Entry], code: str) -> None:
    with pytest.raises(Broken) as broken:
        in_force(entries, AT)
    assert broken.value.what == code
