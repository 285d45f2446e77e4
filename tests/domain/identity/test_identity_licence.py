"""What a licence provider must say before somebody is let in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.identity.domain.licence import CEREMONY, SKEW, Asked, Names, Presented, check, is_in_time, present
from core.identity.domain.person import login_name
from core.kernel.errors import BadSignature, RuleBroken
from tests.builders.people import uscc_of

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
ISSUER = "https://licence.example.cn"
NAMES = Names("uscc", "org_name", "name")


def claims(**changes: Any) -> dict[str, Any]:
    at = int(NOW.timestamp())
    said: dict[str, Any] = {"iss": ISSUER, "aud": "gongheng", "nonce": "n", "iat": at, "exp": at + 300, "sub": "zhang"}
    said |= {"uscc": uscc_of("第一建筑工程有限公司"), "org_name": "第一建筑工程有限公司", "name": "张伟"}
    return {name: member for name, member in (said | changes).items() if member is not None}


def seconds(moment: datetime) -> int:
    return int(moment.timestamp())


def judge(said: dict[str, Any]) -> None:
    check(said, ISSUER, "gongheng", "n", NOW)


def test_a_token_of_now_for_us_and_of_this_login_is_taken() -> None:
    judge(claims())
    judge(claims(aud=["gongheng", "other"], azp="gongheng"))
    judge(claims(iat=seconds(NOW + SKEW)))
    judge(claims(exp=seconds(NOW - SKEW) + 1))


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("issuer", {"iss": "https://other.example.cn"}),
        ("issuer", {"iss": None}),
        ("audience", {"aud": "other"}),
        ("audience", {"aud": ["gongheng", "other"]}),
        ("audience", {"azp": "other"}),
        ("audience", {"aud": {"gongheng": 1}}),
        ("nonce", {"nonce": "m"}),
        ("nonce", {"nonce": None}),
        ("time", {"iat": None}),
        ("time", {"exp": None}),
        ("time", {"exp": "soon"}),
        ("time", {"exp": True}),
        ("time", {"iat": 2**60}),
        ("time", {"iat": seconds(NOW + SKEW) + 1}),
        ("time", {"nbf": seconds(NOW + SKEW) + 1}),
        ("time", {"exp": seconds(NOW - SKEW)}),
        ("time", {"iat": seconds(NOW - CEREMONY) - 1}),
    ],
)
def test_any_other_token_is_refused(code: str, changes: dict[str, Any]) -> None:
    with pytest.raises(BadSignature, match=rf"licence\.{code}"):
        judge(claims(**changes))


def test_no_nonce_of_ours_fits_no_nonce_of_theirs() -> None:
    with pytest.raises(BadSignature, match="nonce"):
        check(claims(nonce=""), ISSUER, "gongheng", "", NOW)


def test_a_licence_names_organisation_and_holder() -> None:
    shown = present(claims(), NAMES)
    assert (shown.issuer, shown.subject, shown.handler, shown.org_name) == (ISSUER, "zhang", "张伟", "第一建筑工程有限公司")
    assert login_name(shown.login) == shown.login
    assert shown.login != Presented(ISSUER, "li", shown.uscc, shown.org_name, "李明").login


@pytest.mark.parametrize(
    "changes", [{"uscc": None}, {"uscc": 1}, {"uscc": "91420100000000000X"}, {"org_name": ""}, {"name": None}, {"sub": "x" * 256}]
)
def test_a_licence_without_code_name_or_holder_lets_nobody_in(changes: dict[str, Any]) -> None:
    with pytest.raises(RuleBroken):
        present(claims(**changes), NAMES)


def test_who_stays_away_too_long_begins_again() -> None:
    asked = Asked("one", "s", "n", "v", "/", NOW)
    assert is_in_time(asked, NOW + CEREMONY)
    assert not is_in_time(asked, NOW + CEREMONY + timedelta(seconds=1))
    assert not is_in_time(asked, NOW - SKEW - timedelta(seconds=1))
