"""A table of rates that one person made alone, that reaches back, or that nobody proposed is found out."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, cast

import pytest

from app.verify.entries import Entry
from app.verify.replay.rates import read_table
from app.verify.verdict import Broken
from core.kernel import signing
from core.kernel.evidence import Placement
from core.kernel.signing import NOTHING_SEEN, Actor, read_statement
from deposits.domain.interest import RATES
from deposits.domain.rate import CHAIN

AT = datetime(2026, 12, 1, 4, tzinfo=UTC)
BODY = {"since": "2026-12-05", "yearly": "0.0004", "source": "银行公告"}


class Logged:
    """As much of a logged event as the replay looks at."""

    received_at = AT


def said(kind: str, who: str, body: dict[str, Any]) -> Entry:
    actor = Actor(f"urn:ztb:person:{who}", "finance", "0" * 64)
    placed: dict[str, Any] = {"case": CHAIN, "lot": "", "round": 0, "prev": "", "nonce": "0" * 32, "ckpt": NOTHING_SEEN}
    payload = signing.statement(type=kind, actor=actor, iat=AT, body=body, **placed)
    return Entry("rates/000000.json", cast("Any", Logged()), read_statement(payload), Placement(b"", 0, 0, ()))


def told(proposer: str = "1", approver: str = "2", digest: str = "", **changes: Any) -> list[Entry]:
    proposed = said("rate.propose", proposer, BODY | changes)
    return [proposed, said("rate.approve", approver, {"proposal_sha256": digest or proposed.digest})]


def test_a_rate_of_two_persons_is_part_of_the_table() -> None:
    assert len(read_table(told())) == len(RATES) + 1
    assert read_table([]) == RATES


@pytest.mark.parametrize(
    ("entries", "code"),
    [
        (told(approver="1"), "rate_same_person"),
        (told(digest="f" * 64), "rate_unknown"),
        (told(since="2026-11-30"), "interest_rate.since"),
        ([*told(), told()[1]], "rate_unknown"),
        ([*told(), *told()], "interest_rate.since"),
    ],
)
def test_a_lie_about_rates_is_found(entries: list[Entry], code: str) -> None:
    with pytest.raises(Broken) as broken:
        read_table(entries)
    assert broken.value.what == code
