"""A member sits down at the workstation drawn: the body's members, the device bound there, its signature, and how old its word may be."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.kernel import clock
from core.kernel.encoding import b64
from core.kernel.errors import BadSignature, NotAllowed, Refusal, RuleBroken
from evaluation.domain.seating import FRESH, CheckInBody, Spot
from tests.builders.sites import Device

AT = datetime(2026, 12, 1, 1, tzinfo=UTC)
CASE, LOT, SEAT = "T2026-000001", "1", "3"
DEVICE, OTHER = Device(), Device()
INSTANT = timedelta(microseconds=1)


def spot_of(device: Device) -> Spot:
    return Spot("主场", "301", "301-1", device.key_id, b64(device.spki))


SPOT = spot_of(DEVICE)


def signed_by(device: Device, **changes: Any) -> CheckInBody:
    bare = replace(CheckInBody(2, SEAT, SPOT.site, SPOT.station, device.key_id, AT, ""), **changes)
    return replace(bare, proof=device.sign(bare.device_said(CASE, LOT)))


def as_json(said: CheckInBody) -> dict[str, Any]:
    whole = {"no": said.no, "seat": said.seat, "site": said.site, "station": said.station, "key_id": said.key_id}
    return whole | {"at": clock.text(said.at), "proof": said.proof}


def told(said: CheckInBody, spot: Spot = SPOT, now: datetime = AT, case: str = CASE, lot: str = LOT) -> tuple[type[Refusal], str] | None:
    try:
        said.check(case, lot, SEAT, spot, now)
    except Refusal as refusal:
        return type(refusal), refusal.code
    return None


def test_a_body_is_read_as_it_was_signed() -> None:
    said = signed_by(DEVICE)
    assert CheckInBody.read(as_json(said)) == said
    for most in ({"no": 1}, {"no": 1000}, {"seat": "1234"}, {"site": "场" * 60}, {"station": "A" * 12}, {"proof": "A" * 100}):
        assert as_json(CheckInBody.read(as_json(said) | most)) == as_json(said) | most


@pytest.mark.parametrize(
    ("change", "member"),
    [
        ({"no": 0}, "no"),
        ({"no": 1001}, "no"),
        ({"seat": ""}, "seat"),
        ({"seat": "12345"}, "seat"),
        ({"site": ""}, "site"),
        ({"site": "场" * 61}, "site"),
        ({"station": ""}, "station"),
        ({"station": "A" * 13}, "station"),
        ({"key_id": ""}, "key_id"),
        ({"at": "2026-12-01"}, "at"),
        ({"proof": ""}, "proof"),
        ({"proof": "A" * 101}, "proof"),
        ({"room": "301"}, "room"),
    ],
)
def test_what_a_body_may_not_say(change: dict[str, Any], member: str) -> None:
    with pytest.raises(RuleBroken) as refusal:
        CheckInBody.read(as_json(signed_by(DEVICE)) | change)
    assert (refusal.value.code, refusal.value.facts) == ("body.malformed", {"member": member})


def test_a_device_says_which_draw_seat_and_workstation_and_when() -> None:
    said = {"type": "seat.check_in", "case": CASE, "lot": LOT, "no": 2, "seat": SEAT, "station": "301-1", "at": clock.text(AT)}
    assert signed_by(DEVICE).device_said(CASE, LOT) == said


def test_a_place_names_no_device() -> None:
    assert SPOT.place() == {"site": "主场", "room": "301", "station": "301-1"}


@pytest.mark.parametrize("change", [{"seat": "4"}, {"site": "副场"}, {"station": "301-2"}])
def test_only_at_the_workstation_drawn_for_the_own_seat(change: dict[str, Any]) -> None:
    assert told(signed_by(DEVICE)) is None
    assert told(signed_by(DEVICE, **change)) == (NotAllowed, "seating.other_station")


def test_only_at_the_device_that_is_bound_there() -> None:
    assert told(signed_by(OTHER)) == (NotAllowed, "seating.other_device")
    assert told(signed_by(OTHER), spot_of(OTHER)) is None
    unbound = replace(SPOT, key_id="", spki="")
    assert told(signed_by(DEVICE), unbound) == (NotAllowed, "seating.other_device")
    assert told(signed_by(DEVICE, key_id=""), unbound) == (NotAllowed, "seating.other_device"), "no device is none, not any"


@pytest.mark.parametrize("off", [FRESH, -FRESH])
def test_a_word_is_good_for_five_minutes_either_way(off: timedelta) -> None:
    assert abs(off) == timedelta(minutes=5)
    further = off + INSTANT if off > timedelta() else off - INSTANT
    assert told(signed_by(DEVICE), now=AT + off) is None
    assert told(signed_by(DEVICE), now=AT + further) == (RuleBroken, "seating.not_fresh")


def test_another_device_cannot_sign_under_the_name_of_the_one_that_is_bound() -> None:
    forged = signed_by(OTHER, key_id=DEVICE.key_id)
    assert told(forged) == (BadSignature, "station.device_signature")


@pytest.mark.parametrize("change", [{"no": 3}, {"at": AT + timedelta(seconds=1)}])
def test_a_signature_serves_one_draw_and_moment(change: dict[str, Any]) -> None:
    assert told(replace(signed_by(DEVICE), **change)) == (BadSignature, "station.device_signature")


def test_a_signature_serves_one_lot_of_one_case_one_seat_and_one_workstation() -> None:
    said, wrong = signed_by(DEVICE), (BadSignature, "station.device_signature")
    assert told(said, case="T2026-000002") == wrong
    assert told(said, lot="2") == wrong
    assert told(replace(said, station="301-2"), replace(SPOT, station="301-2")) == wrong
    assert told(replace(signed_by(DEVICE, seat="4"), seat=SEAT)) == wrong
