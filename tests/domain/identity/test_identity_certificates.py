"""The life of a certificate, what each key is for, and who may ask for one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest

from core.identity.domain.certificate import (
    MOST_KEYS,
    MOVES,
    Action,
    Enrolment,
    Life,
    Standby,
    Standing,
    accept_enrolment,
    purposes,
    refuse_key,
    standings,
)
from core.identity.domain.grant import Office
from core.kernel.encoding import b64
from core.kernel.errors import BadSignature, NotAllowed, RuleBroken, WrongState
from core.kernel.roles import Role

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
YEAR = timedelta(days=365)
DEVICE = Standby("device", NOON, NOON + YEAR, None)
BODY: dict[str, Any] = {"purpose": "device", "spki": b64(b"key"), "recipient": "age1x", "label": "台式机"}


@pytest.mark.parametrize(("action", "life", "standing"), list(product(Action, Life, [None, *Standing])))
def test_only_owners_and_administrators_end_a_certificate_and_only_once(action: Action, life: Life, standing: Standing | None) -> None:
    held = frozenset() if standing is None else frozenset({standing})
    if standing is None:
        with pytest.raises(NotAllowed):
            MOVES.choose(action, life, held, None)
    elif life is Life.REVOKED:
        with pytest.raises(WrongState):
            MOVES.choose(action, life, held, None)
    else:
        assert MOVES.choose(action, life, held, None) is Life.REVOKED


def test_an_administrator_who_owns_a_certificate_is_both() -> None:
    assert standings(True, frozenset({Role.ADMIN})) == frozenset(Standing)
    assert standings(False, frozenset({Role.BIDDER})) == frozenset()


def test_an_enrolment_is_read_with_its_label_in_one_spelling() -> None:
    wish = Enrolment.read(BODY | {"label": " 办公室 电脑 "})
    assert (wish.purpose, wish.spki, wish.recipient, wish.label, wish.kind) == ("device", b"key", "age1x", "办公室电脑", "es256")
    assert Enrolment.read(BODY | {"purpose": "step-up"}).kind == "webauthn-es256"


@pytest.mark.parametrize(
    "change", [{"extra": ""}, {"purpose": 1}, {"recipient": None}, {"label": 3}, {"spki": "not base64"}, {"spki": 5}], ids=str
)
def test_a_malformed_enrolment_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(BadSignature):
        Enrolment.read(BODY | change)
    with pytest.raises(BadSignature):
        Enrolment.read({name: value for name, value in BODY.items() if name != "label"})


def test_a_label_that_nobody_could_read_is_refused() -> None:
    with pytest.raises(RuleBroken, match=r"enrolment\.label"):
        Enrolment.read(BODY | {"label": ""})


def test_officers_keys_are_of_their_office_and_nobody_elses() -> None:
    assert purposes(Role.OFFICER, Office.CENTRE) == ("officer:centre",)
    assert purposes(Role.BIDDER, Office.NONE) == ("device", "step-up")


@pytest.mark.parametrize(
    ("purpose", "recipient", "role", "office", "live", "code"),
    [
        ("device", "age1x", Role.BIDDER, Office.NONE, 0, ""),
        ("step-up", "", Role.BIDDER, Office.NONE, MOST_KEYS - 1, ""),
        ("officer:centre", "age1x", Role.OFFICER, Office.CENTRE, 0, ""),
        ("officer:centre", "age1x", Role.OFFICER, Office.TENDERER, 0, "enrolment.purpose"),
        ("officer:centre", "age1x", Role.CENTRE, Office.NONE, 0, "enrolment.purpose"),
        ("device", "age1x", Role.OFFICER, Office.CENTRE, 0, "enrolment.purpose"),
        ("platform", "age1x", Role.ADMIN, Office.NONE, 0, "enrolment.purpose"),
        ("device", "", Role.BIDDER, Office.NONE, 0, "enrolment.recipient"),
        ("step-up", "age1x", Role.BIDDER, Office.NONE, 0, "enrolment.recipient"),
        ("device", "age1x", Role.BIDDER, Office.NONE, MOST_KEYS, "enrolment.too_many"),
    ],
)
def test_a_key_is_certified_for_what_its_role_does(  # noqa: PLR0917 - a table of cases
    purpose: str, recipient: str, role: Role, office: Office, live: int, code: str
) -> None:
    wish = replace(Enrolment.read(BODY), purpose=purpose, recipient=recipient)
    if not code:
        accept_enrolment(wish, role, office, live)
        return
    with pytest.raises(RuleBroken, match=code):
        accept_enrolment(wish, role, office, live)


@pytest.mark.parametrize(
    ("key", "role", "at", "code"),
    [
        (DEVICE, Role.BIDDER, NOON, ""),
        (DEVICE, Role.BIDDER, NOON - timedelta(seconds=1), "act.key_expired"),
        (DEVICE, Role.BIDDER, NOON + YEAR, "act.key_expired"),
        (replace(DEVICE, revoked_at=NOON), Role.BIDDER, NOON, "act.key_revoked"),
        (DEVICE, Role.OFFICER, NOON, "act.key_purpose"),
        (replace(DEVICE, purpose="officer:centre"), Role.OFFICER, NOON, ""),
        (replace(DEVICE, purpose="officer:centre"), Role.CENTRE, NOON, "act.key_purpose"),
    ],
)
def test_a_key_signs_within_its_time_and_purpose(key: Standby, role: Role, at: datetime, code: str) -> None:
    refusal = refuse_key(key, role, at)
    assert (refusal.code if refusal else "") == code
