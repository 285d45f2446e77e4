"""The rules of a practice, with nothing but values."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import product
from typing import Any
from uuid import UUID

import pytest

from core.kernel import lotfile, practice_lot
from core.kernel.actor import Actor
from core.kernel.certificates import holder
from core.kernel.encoding import sha256
from core.kernel.errors import BadSignature, RuleBroken, Stale
from core.kernel.ids import CaseId, OrgId, PersonId
from core.kernel.lotfile import LotEnvelope
from core.kernel.practice import LIFETIME, NOTICE, is_practice
from core.kernel.roles import Role
from core.kernel.sealing import SealBody
from trading.domain.practice import ReleaseBody, bidder_of, check_release, receipt_body, receipt_number, role_of, seal_facts

PERSON, ORG = PersonId(UUID(int=1)), OrgId(UUID(int=2))
NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)
ENVELOPES = (LotEnvelope("technical", "技术标", ()), LotEnvelope("commercial", "商务标", ()))


@pytest.mark.parametrize(("org", "expected"), [(ORG, ORG), (None, PERSON)])
def test_one_practises_as_ones_organisation_or_as_oneself(org: OrgId | None, expected: object) -> None:
    assert bidder_of(Actor(PERSON, org)) == expected


def test_nobody_practises_as_nobody() -> None:
    assert bidder_of(Actor()) is None


@pytest.mark.parametrize(
    ("roles", "expected"),
    [
        ({Role.BIDDER, Role.OFFICER, Role.ADMIN}, Role.BIDDER),
        ({Role.OFFICER, Role.SUPERVISOR}, Role.SUPERVISOR),
        ({Role.TENDERER, Role.AGENCY}, Role.AGENCY),
        ({Role.OFFICER}, Role.OFFICER),
    ],
)
def test_one_signs_as_a_bidder_where_one_is_and_as_an_officer_last(roles: set[Role], expected: Role) -> None:
    assert role_of(Actor(PERSON, ORG, frozenset(roles))) is expected


def test_a_case_is_drawn_and_no_real_number_looks_like_it() -> None:
    cases = {practice_lot.new_case() for _ in range(100)}
    assert len(cases) == 100 and all(is_practice(case) and len(case) == 21 for case in cases)
    assert not any(is_practice(real) for real in ("T2026-000123", "PLATFORM", "D-T2026-000123-1", "EXPERTS"))


def test_a_practice_lot_holds_under_its_own_keys_and_under_no_other_policy() -> None:
    case = CaseId("PRACTICE-0123456789AB")
    one, other = (lotfile.read_lot(practice_lot.make(case, ENVELOPES, NOON).to_json()) for _ in range(2))
    assert set(lotfile.trusted_offices(one, one.own_policy, NOON)) == {"tenderer", "centre", "supervisor"}
    assert one.deadline == NOON + LIFETIME and "练习" in one.title and not one.witnesses
    with pytest.raises(BadSignature):
        lotfile.trusted_offices(one, other.own_policy, NOON)
    keys = [{key.recipient for keys in lot.offices.values() for key in keys} for lot in (one, other)]
    assert len(keys[0]) == len(keys[1]) == 3 and not keys[0] & keys[1]
    assert {holder(key.certificate).id for keys in one.offices.values() for key in keys} == {
        f"practice-{office}" for office in ("tenderer", "centre", "supervisor")
    }


def test_a_version_must_fit_the_practices_own_offices() -> None:
    lot = practice_lot.make(practice_lot.new_case(), ENVELOPES, NOON)
    facts = seal_facts(lot, 4)
    assert (facts.envelopes, facts.next_ver) == (("technical", "commercial"), 4)
    assert facts.recipients == {office: frozenset({keys[0].recipient}) for office, keys in lot.offices.items()}


def test_a_receipt_says_in_words_what_it_is_and_bears_a_number_of_its_own() -> None:
    body = SealBody("technical", 1, "age1x", "c" * 64, 300, (), "d" * 64, "test")
    said = receipt_body(b"seal", body, "2026-11-24T04:00:00.000Z")
    digest = sha256(b"seal").hex()
    about = {"seal_sha256": digest, "ct_sha256": "c" * 64, "ct_size": 300, "received_at": "2026-11-24T04:00:00.000Z"}
    assert said == about | {"notice": NOTICE}
    assert receipt_number(digest) == f"PX-{digest[:16].upper()}"


RELEASE: dict[str, Any] = {"env": "technical", "ver": 2, "bid_pub": "age1x"}


def test_a_release_names_the_envelope_and_its_key() -> None:
    body = ReleaseBody.read(RELEASE)
    assert (body.env, body.ver, body.bid_pub) == ("technical", 2, "age1x")
    check_release(body, 2, "age1x")


@pytest.mark.parametrize(("ver", "bid_pub"), [pair for pair in product((1, 2), ("age1x", "age1y")) if pair != (2, "age1x")])
def test_a_release_of_another_version_or_key_is_stale(ver: int, bid_pub: str) -> None:
    with pytest.raises(Stale, match=r"practice\.release\.version"):
        check_release(ReleaseBody.read(RELEASE), ver, bid_pub)


@pytest.mark.parametrize("change", [{"secret": "AGE-SECRET-KEY-1"}, {"method": "bidder"}, {"ver": 0}, {"env": ""}, {"bid_pub": 3}])
def test_a_release_that_brings_a_key_or_rubbish_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(RuleBroken, match=r"body\.malformed"):
        ReleaseBody.read(RELEASE | change)
