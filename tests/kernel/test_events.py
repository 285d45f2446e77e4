"""Events: every kind once, and the one JSON form of what they carry."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from uuid import UUID

import pytest

from core.kernel.chain import event_data
from core.kernel.dsse import Envelope, Signature
from core.kernel.events import KINDS, Event, as_json
from core.kernel.ids import CaseId
from core.kernel.jcs import canonical, parse_object
from core.kernel.money import Money
from core.kernel.records import append_only


class Colour(Enum):
    RED = "red"


@dataclass(frozen=True)
class Part:
    n: int


@dataclass(frozen=True, kw_only=True)
class Full(Event):
    KIND = "try.full"
    money: Money
    score: Decimal
    at: datetime
    who: UUID
    raw: bytes
    colour: Colour
    parts: tuple[Part, ...]
    table: dict[str, object]
    nothing: None = None
    yes: bool = True


def test_the_body_is_the_event_s_own_fields_as_json():
    event = Full(
        case=CaseId("C-1"),
        lot="1",
        round=2,
        subject="s",
        money=Money(5),
        score=Decimal("33.50"),
        at=datetime(2026, 1, 2, 3, 4, 5, 678901, UTC),
        who=UUID(int=1),
        raw=b"\x01\xff",
        colour=Colour.RED,
        parts=(Part(1), Part(2)),
        table={"a": Money(1)},
    )
    assert event.body() == {
        "money": 5,
        "score": "33.50",
        "at": "2026-01-02T03:04:05.678Z",
        "who": "00000000-0000-0000-0000-000000000001",
        "raw": "01ff",
        "colour": "red",
        "parts": [{"n": 1}, {"n": 2}],
        "table": {"a": 1},
        "nothing": None,
        "yes": True,
    }


@pytest.mark.parametrize("stranger", [1.5, date(2026, 1, 1), object(), {1, 2}])
def test_what_has_no_json_form_is_refused(stranger):
    with pytest.raises(TypeError):
        as_json(stranger)


def test_a_kind_is_registered_once_and_never_empty():
    assert KINDS["try.full"] is Full
    with pytest.raises(TypeError):
        type("Other", (Event,), {"KIND": "try.full"})
    with pytest.raises(TypeError):
        type("Nameless", (Event,), {})


def test_the_fast_form_of_an_event_s_data_is_the_canonical_one():
    envelope = Envelope("application/vnd.ztb.x.v1+json", '{"名":"专家\\u0001"}'.encode(), (Signature("00" * 32, "ed25519", b"\x01" * 64),))
    data = event_data("T2026-000001", 3, "ab" * 32, datetime(2026, 1, 1, tzinfo=UTC), envelope)
    assert canonical(parse_object(data)) == data
    keyed = Signature("00" * 32, "webauthn-es256", b"\x01" * 64, b"\x02", b"{}")
    data = event_data('T"甲', 0, "", datetime(2026, 1, 1, tzinfo=UTC), Envelope("x", b"{}", (keyed, *envelope.signatures)))
    assert canonical(parse_object(data)) == data


def test_the_statements_that_freeze_the_evidence_are_known_for_both_databases():
    assert len(append_only("sqlite")) == 8 and len(append_only("postgresql")) == 16
