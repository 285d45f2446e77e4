"""The six methods of the award: worked by values, and what must hold of every one of them whatever the ballots say."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.kernel.errors import RuleBroken
from evaluation.domain.award import VoteFault
from evaluation.domain.award_methods import PROCEDURES, Candidate, Drawn, Lots, Outcome, Papers, Standing, Voice, output, stand
from tests.builders.trading import plan
from trading.domain.award_plan import NEEDS, AwardMethod, AwardPlan

MEMBERS = "abcde"
THREE = (
    Candidate("X", Decimal(100), Decimal("90.1")),
    Candidate("Y", Decimal(99), Decimal("88")),
    Candidate("Z", Decimal(99), Decimal("90.1")),
)
FACTORS = [{"name": "履约", "definition": "履约评价", "weight": "60"}, {"name": "价格", "definition": "合理性", "weight": "40"}]
POSTS = {"posts": ["负责人", "成员"], "chair_post": "负责人"}


def read(method: str = "DIRECT_VOTE", **changes: Any) -> AwardPlan:
    return AwardPlan.read(plan(method, **changes))


def voices(choices: str, members: str = MEMBERS) -> list[Voice]:
    """One letter per member, `-` abstains."""
    return [Voice(member, None if choice == "-" else choice) for member, choice in zip(members, choices, strict=True)]


def papers(made: AwardPlan, *rounds: str, candidates: Sequence[Candidate] = THREE, **more: Any) -> Papers:
    return Papers(plan=made, candidates=candidates, rounds=[voices(one) for one in rounds], **more)


def points(member: str, **given_: tuple[str, str]) -> Voice:
    return Voice(member, scores={org: {"F1": one, "F2": two} for org, (one, two) in given_.items()})


def test_every_method_that_separates_has_its_procedure() -> None:
    assert set(PROCEDURES) == set(NEEDS) - {AwardMethod.RANK_ONE}


# Votes


def test_direct_vote_counts_more_than_half_of_all_members_of_the_plan() -> None:
    assert stand(papers(read(), "XXXYZ")).winner == "X"
    four = Papers(plan=read(quorum=3), candidates=THREE, rounds=[voices("XXXY", "abcd")])
    assert stand(four).winner == "X" and stand(four).rounds[0]["electors"] == 5
    two_of_four = Papers(plan=read(quorum=3), candidates=THREE, rounds=[voices("XXYZ", "abcd")])
    assert stand(two_of_four).outcome is Outcome.ANOTHER_ROUND


def test_no_majority_calls_a_run_off_and_a_tie_goes_to_the_keys_of_the_plan() -> None:
    assert stand(papers(read(), "XXYYZ")).next_round == ("X", "Y")
    level = ("XXYY-", "XXYY-", "XXYY-")
    won = stand(papers(read(abstention=True), *level))
    assert (won.winner, won.how) == ("Y", "preset")
    assert stand(papers(read(ties=["evaluation_score"]), *level)).winner == "X"


def test_a_tie_that_the_keys_leave_goes_to_a_draw_and_the_draw_ends_it() -> None:
    made = read(ties=["draw"], abstention=True)
    tied = stand(papers(made, "XXYY-", "XXYY-", "XXYY-"))
    assert (tied.outcome, tied.among, tied.lots) == (Outcome.DRAW, ("X", "Y"), Lots.TIE)
    drawn = stand(papers(made, "XXYY-", "XXYY-", "XXYY-", drawn=[Drawn(Lots.TIE, ("Y", "X"))]))
    assert (drawn.outcome, drawn.winner) == (Outcome.WON, "Y")


def test_elimination_goes_round_by_round_and_a_draw_at_the_cut_lets_it_go_on() -> None:
    made = read("ELIMINATION_VOTE", ties=["draw"], abstention=True)
    rounds = ("XXYZ-", "YZ---", "YZ---")
    tied = stand(papers(made, *rounds))
    assert (tied.outcome, tied.among) == (Outcome.DRAW, ("Y", "Z"))
    after = stand(papers(made, *rounds, drawn=[Drawn(Lots.TIE, ("Z", "Y"))]))
    assert (after.outcome, after.next_round, after.rounds[-1]["eliminated"]) == (Outcome.ANOTHER_ROUND, ("X", "Z"), "Y")


def test_vote_then_draw_keeps_three_and_draws_the_winner_among_them() -> None:
    made = read("VOTE_THEN_DRAW", keep=3)
    four = (*THREE, Candidate("W", Decimal(98), Decimal(80)))
    assert stand(papers(made, candidates=four)).outcome is Outcome.ANOTHER_ROUND
    kept = stand(papers(made, "XXYZZ", candidates=four))
    assert (kept.outcome, kept.among, kept.lots) == (Outcome.DRAW, ("X", "Y", "Z"), Lots.WINNER)
    won = stand(papers(made, "XXYZZ", candidates=four, drawn=[Drawn(Lots.WINNER, ("Z", "X", "Y"))]))
    assert (won.winner, won.how) == ("Z", "draw")
    assert stand(papers(made)).lots is Lots.WINNER  # three candidates: nothing to vote


def test_a_round_too_many_and_a_stranger_are_refused() -> None:
    with pytest.raises(VoteFault, match="vote_is_over"):
        stand(papers(read(), "XXXYZ", "XXXYZ"))
    with pytest.raises(VoteFault, match="not_a_contender"):
        stand(papers(read(), "XXXYW"))


# The formula


def test_the_lowest_price_wins_when_all_have_checked_it_and_equal_prices_go_to_the_keys() -> None:
    made = read("PRICE_COMPETITION", price={"goal": "lowest"}, ties=["evaluation_score"])
    assert stand(papers(made)).outcome is Outcome.ANOTHER_ROUND
    won = stand(papers(made, "-----"))
    assert (won.winner, won.how, won.rounds[0]["distances"]) == ("Z", "preset", {"X": "1.00", "Y": "0.00", "Z": "0.00"})
    assert stand(papers(made, "-----", candidates=[*THREE[:1], replace(THREE[1], price=Decimal(80))])).how == "formula"
    with pytest.raises(VoteFault, match="second_ballot"):
        stand(Papers(plan=made, candidates=THREE, rounds=[[Voice("a"), Voice("a")]]))
    with pytest.raises(VoteFault, match="vote_is_over"):
        stand(papers(made, "-----", "-----"))


G5 = {"A": "4850.00", "B": "4920.50", "C": "4780.20", "F": "4899.90", "G": "4831.60"}  # without the two that its mean drops


@pytest.mark.parametrize(
    ("mark", "factor", "benchmark", "winner"),
    [
        ("mean", "1", "4856.44", "A"),
        ("mean", "0.97", "4710.75", "C"),
        ("second_lowest", "1", "4831.60", "G"),
        ("ceiling", "0.9", "4680.00", "C"),
    ],
)
def test_the_nearest_to_the_stated_benchmark_wins(mark: str, factor: str, benchmark: str, winner: str) -> None:
    prices = G5
    some = [Candidate(org, Decimal(price), Decimal(0)) for org, price in prices.items()]
    made = read("PRICE_COMPETITION", price={"goal": "nearest", "mark": mark, "factor": factor})
    found = papers(made, "-----", candidates=some, ceiling=Decimal(5200))
    assert output(found)["benchmark"] == benchmark
    assert stand(found).winner == winner


def test_a_benchmark_of_a_missing_ceiling_is_refused() -> None:
    with pytest.raises(RuleBroken) as refused:
        output(papers(read("PRICE_COMPETITION", price={"goal": "nearest", "mark": "ceiling", "factor": "1"})))
    assert refused.value.code == "award.no_ceiling"


# The chair, the mean


def test_after_a_deliberation_the_chair_alone_decides() -> None:
    made = read("COLLECTIVE_DELIBERATION", **POSTS)
    assert stand(papers(made)).outcome is Outcome.ANOTHER_ROUND
    alone = Papers(plan=made, candidates=THREE, rounds=[[Voice("a", "Z")]])
    assert (stand(alone).winner, stand(alone).how) == ("Z", "chair")
    with pytest.raises(VoteFault, match="not_the_chair_alone"):
        stand(papers(made, "XXXYZ"))
    with pytest.raises(VoteFault, match="chair_abstained"):
        stand(Papers(plan=made, candidates=THREE, rounds=[[Voice("a")]]))


def test_the_highest_mean_of_points_wins_rounded_as_the_plan_says() -> None:
    made = read("SCORING_AWARD", factors=FACTORS, places=2)
    assert stand(papers(made)).outcome is Outcome.ANOTHER_ROUND
    sheets = [points("a", X=("50", "30"), Y=("60", "40"), Z=("0", "0")), points("b", X=("55.5", "30"), Y=("20", "40"), Z=("0", "0"))]
    sheets.append(points("c", X=("50", "30"), Y=("60", "20"), Z=("1", "0")))
    won = stand(Papers(plan=made, candidates=THREE, rounds=[sheets]))
    assert (won.winner, won.how, won.rounds[0]["scores"]) == ("X", "scores", {"X": "81.83", "Y": "80.00", "Z": "0.33"})
    level = [points("a", X=("50", "30"), Y=("40", "40"), Z=("0", "0"))]
    assert stand(Papers(plan=made, candidates=THREE, rounds=[level])).winner == "Y"  # by price
    tied = stand(Papers(plan=replace(made, ties=()), candidates=THREE, rounds=[level]))
    assert (tied.outcome, tied.among) == (Outcome.DRAW, ("X", "Y"))
    with pytest.raises(VoteFault, match="scores_missing"):
        stand(Papers(plan=made, candidates=THREE, rounds=[[Voice("a")]]))


# What must hold of every method

METHODS = {
    "DIRECT_VOTE": read(ties=["draw"], abstention=True),
    "ELIMINATION_VOTE": read("ELIMINATION_VOTE", ties=["draw"], abstention=True),
    "VOTE_THEN_DRAW": read("VOTE_THEN_DRAW", ties=["draw"], keep=3, abstention=True),
    "PRICE_COMPETITION": read("PRICE_COMPETITION", price={"goal": "lowest"}, ties=["draw"]),
    "COLLECTIVE_DELIBERATION": read("COLLECTIVE_DELIBERATION", ties=["draw"], **POSTS),
    "SCORING_AWARD": read("SCORING_AWARD", factors=FACTORS, ties=["draw"]),
}
CROWD = tuple(Candidate(org, Decimal(price), Decimal(0)) for org, price in zip("UVWXYZ", (5, 5, 7, 9, 9, 5), strict=True))
MOST_ROUNDS = 40


def one_voice(made: AwardPlan, member: str, standing: Sequence[str], chance: random.Random) -> Voice:
    if made.method is AwardMethod.SCORING_AWARD:
        return Voice(member, scores={org: {"F1": str(chance.randint(0, 3)), "F2": str(chance.randint(0, 2))} for org in standing})
    if made.method is AwardMethod.PRICE_COMPETITION:
        return Voice(member)
    may_abstain = made.abstention and chance.random() < 0.2
    return Voice(member, None if may_abstain else chance.choice(list(standing)))


def play(made: AwardPlan, candidates: Sequence[Candidate], chance: random.Random) -> tuple[Standing, Papers]:
    """A whole award by chance, lots included; fails where it does not end."""
    rounds: list[list[Voice]] = []
    drawn: list[Drawn] = []
    members = "a" if made.method is AwardMethod.COLLECTIVE_DELIBERATION else MEMBERS
    for _ in range(MOST_ROUNDS):
        held = Papers(plan=made, candidates=candidates, rounds=rounds, drawn=drawn)
        found = stand(held)
        if found.outcome is Outcome.WON:
            return found, held
        if found.outcome is Outcome.DRAW:
            assert found.lots is not None
            drawn.append(Drawn(found.lots, tuple(chance.sample(found.among, len(found.among)))))
        else:
            rounds.append([one_voice(made, member, found.next_round, chance) for member in members])
    raise AssertionError("the award does not end")


@pytest.mark.parametrize("method", METHODS)
@given(seed=st.integers(0, 2**32), count=st.integers(1, 6))
def test_every_award_ends_with_one_of_the_candidates(method: str, seed: int, count: int) -> None:
    won, held = play(METHODS[method], CROWD[:count], random.Random(seed))
    assert won.winner in held.orgs and won.how
    assert len(held.rounds) == len(won.rounds) and not won.next_round and not won.among


@pytest.mark.parametrize("method", METHODS)
@given(seed=st.integers(0, 2**32))
def test_the_order_of_ballots_and_candidates_decides_nothing(method: str, seed: int) -> None:
    chance = random.Random(seed)
    won, held = play(METHODS[method], CROWD, chance)
    shuffled = [chance.sample(list(one), len(one)) for one in held.rounds]
    assert stand(replace(held, rounds=shuffled, candidates=chance.sample(CROWD, len(CROWD)))) == won


@pytest.mark.parametrize("method", METHODS)
@given(seed=st.integers(0, 2**32))
def test_other_names_give_the_same_award_under_other_names(method: str, seed: int) -> None:
    chance = random.Random(seed)
    won, held = play(METHODS[method], CROWD, chance)
    names = dict(zip("UVWXYZ", chance.sample("UVWXYZ", 6), strict=True))
    again = stand(
        replace(
            held,
            candidates=[replace(one, org=names[one.org]) for one in held.candidates],
            rounds=[[renamed(voice, names) for voice in one] for one in held.rounds],
            drawn=[Drawn(one.lots, tuple(names[org] for org in one.order)) for one in held.drawn],
        )
    )
    assert (again.winner, again.how) == (names[won.winner], won.how)


def renamed(voice: Voice, names: Mapping[str, str]) -> Voice:
    scores = None if voice.scores is None else {names[org]: sheet for org, sheet in voice.scores.items()}
    return Voice(voice.member, voice.choice and names[voice.choice], scores)


@given(seed=st.integers(0, 2**32), members=st.sampled_from(["abcde", "abcdefg"]))
def test_a_majority_winner_is_never_lost(seed: int, members: str) -> None:
    chance = random.Random(seed)
    many = members[: len(members) // 2 + 1]
    first = [Voice(one, "X" if one in many else chance.choice("UVWYZ")) for one in members]
    chance.shuffle(first)
    for method in ("DIRECT_VOTE", "ELIMINATION_VOTE"):
        made = replace(METHODS[method], members=len(members))
        assert stand(Papers(plan=made, candidates=CROWD, rounds=[first])).winner == "X"
