"""The mix of regions, by values: further strata, and what does not fit together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.kernel import draw as kernel
from core.kernel.errors import RuleBroken
from evaluation.domain.draw import PoolMember, Quota, request_body
from evaluation.domain.redraw import leaves_a_choice
from evaluation.domain.region_mix import Share, belongs, is_coherent, spread

LOCAL, CLOUD, OTHER = "临江市", "云川市", "平湖市"


def rows(quotas: Sequence[Quota]) -> list[tuple[str, int]]:
    return [(one.stratum, one.count) for one in quotas]


@pytest.mark.parametrize(
    ("shares", "made"),
    [
        ([], [("civil", 5)]),
        ([Share("civil", CLOUD, 2)], [("civil@云川市", 2), ("civil", 3)]),
        ([Share("civil", CLOUD, 3), Share("civil", OTHER, 2)], [("civil@云川市", 3), ("civil@平湖市", 2)]),
        ([Share("civil", LOCAL, 1, False)], [("civil@!临江市", 4), ("civil", 1)]),
        ([Share("civil", LOCAL, 0, False)], [("civil@!临江市", 5)]),
        ([Share("civil", CLOUD, 2), Share("civil", LOCAL, 2, False)], [("civil@云川市", 2), ("civil@!临江市", 1), ("civil", 2)]),
        ([Share("civil", CLOUD, 3), Share("civil", LOCAL, 2, False)], [("civil@云川市", 3), ("civil", 2)]),
        (
            [Share("civil", LOCAL, 1), Share("civil", LOCAL, 2, False)],
            [("civil@临江市", 1), ("civil@!临江市", 3), ("civil", 1)],
        ),
    ],
)
def test_shares_become_strata_before_their_specialty(shares: list[Share], made: list[tuple[str, int]]) -> None:
    assert rows(spread([Quota("civil", 5), Quota("cost", 2)], shares)) == [*made, ("cost", 2)]


@pytest.mark.parametrize(
    ("shares", "code"),
    [
        ([Share("civil", CLOUD, 1)] * 9, "draw.mix.too_many"),
        ([Share("law", CLOUD, 1)], "draw.mix.stratum"),
        ([Share("civil", "", 1)], "draw.mix.region"),
        ([Share("civil", "!云川市", 1)], "draw.mix.region"),
        ([Share("civil", CLOUD, 1), Share("civil", CLOUD, 2)], "draw.mix.twice"),
        ([Share("civil", CLOUD, 1, False), Share("civil", LOCAL, 1, False)], "draw.mix.twice"),
        ([Share("civil", CLOUD, 0)], "draw.mix.twice"),
        ([Share("civil", CLOUD, 6)], "draw.mix.sum"),
        ([Share("civil", LOCAL, 5, False)], "draw.mix.most"),
        ([Share("civil", LOCAL, 2), Share("civil", LOCAL, 1, False)], "draw.mix.most"),
    ],
)
def test_what_does_not_fit_together_is_refused(shares: list[Share], code: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        spread([Quota("civil", 5)], shares)
    assert refused.value.code == code


def test_who_belongs_to_a_stratum() -> None:
    assert belongs("civil", ("civil",), LOCAL) and not belongs("civil", ("cost",), LOCAL)
    assert belongs("civil@临江市", ("civil",), LOCAL) and not belongs("civil@云川市", ("civil",), LOCAL)
    assert belongs("civil@!临江市", ("civil",), CLOUD) and not belongs("civil@!临江市", ("civil",), LOCAL)
    assert not belongs("civil@临江市", ("cost",), LOCAL)


def asked(regions: dict[str, str], quotas: Sequence[Quota]) -> dict[str, Any]:
    members = [
        PoolMember(one, tuple(each.stratum for each in quotas if belongs(each.stratum, ("civil",), where)), one)
        for one, where in regions.items()
    ]
    return request_body(members, quotas, [], 1)


def test_a_request_shows_that_its_regions_are_coherent() -> None:
    regions = {"P1": LOCAL, "P2": CLOUD, "P3": CLOUD, "P4": OTHER}
    made = asked(regions, spread([Quota("civil", 3)], [Share("civil", CLOUD, 1), Share("civil", LOCAL, 1, False)]))
    assert is_coherent(made) is None and leaves_a_choice(made) is None
    wrong = [["civil@云川市", "civil@临江市", "civil"], ["civil@云川市"], ["civil", "civil@云川市", "civil@!云川市"]]
    for strata in wrong:
        pool = [{"id": "P9", "strata": strata, "org": "O"}]
        refusal = is_coherent(made | {"pool": pool})
        assert refusal is not None and refusal.code == "draw.mix.incoherent"


def test_regions_of_one_specialty_leave_a_choice_only_together() -> None:
    regions = {"P1": LOCAL, "P2": CLOUD, "P3": CLOUD}
    refusal = leaves_a_choice(asked(regions, spread([Quota("civil", 3)], [Share("civil", CLOUD, 1)])))
    assert refusal is not None and refusal.code == "draw.request.no_choice" and refusal.facts["stratum"] == "civil"


@given(
    pool=st.lists(st.sampled_from([LOCAL, CLOUD, OTHER]), min_size=24, max_size=40),
    least=st.integers(1, 3),
    most=st.integers(1, 4),
    seed=st.binary(min_size=32, max_size=32),
    leaving=st.integers(0, 4),
)
def test_whoever_is_drawn_and_whoever_follows_the_mix_is_kept(pool: list[str], least: int, most: int, seed: bytes, leaving: int) -> None:
    regions = {f"P{number}": where for number, where in enumerate(pool)}
    quotas = spread([Quota("civil", 5)], [Share("civil", CLOUD, least), Share("civil", LOCAL, most, False)])
    try:
        committee = kernel.Committee(kernel.parse_request(asked(regions, quotas)), seed)
        committee.recuse([one for ids in committee.picked().values() for one in ids][leaving])
    except kernel.DrawFault:
        return  # fewer from a region than were asked for
    seated = [regions[one] for ids in committee.picked().values() for one in ids]
    assert len(seated) == 5 and seated.count(CLOUD) >= least and seated.count(LOCAL) <= most
