"""The award committee's votes, recomputed from ballots and tallies."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.domain.award import NO_KEY, Ballot, How, Tally, TieBreak, VoteFault, direct_vote, elimination_vote, tally

SEVEN = [f"M{number}" for number in range(1, 8)]


def counts(*rounds: str, electors: int = 7) -> list[Tally]:
    """`counts("X3 Y3 Z1", "X4 Y3")`."""
    return [Tally({word[0]: int(word[1:]) for word in one.split()}, electors) for one in rounds]


def best_first(order: str) -> TieBreak:
    """A key that orders all of them."""
    return TieBreak({one: (Decimal(place),) for place, one in enumerate(order)})


def ballots(choices: str, members: Sequence[str] = SEVEN) -> list[Ballot]:
    """One letter per member, `-` abstains."""
    return [Ballot(member, None if choice == "-" else choice) for member, choice in zip(members, choices, strict=True)]


# Ballots


def test_ballots_are_counted_by_contender_and_an_abstention_for_nobody() -> None:
    counted = tally(SEVEN, "XYZ", ballots("XXXYYX-"))
    assert counted == Tally({"X": 4, "Y": 2, "Z": 0}, 7)


@pytest.mark.parametrize(
    ("given", "code", "who"),
    [
        ([*ballots("XXXYYXY"), Ballot("guest", "X")], "not_a_member", "guest"),
        ([*ballots("XXXYYXY"), Ballot("M1", "X")], "second_ballot", "M1"),
        (ballots("XXXYYXW"), "not_a_contender", "W"),
        (ballots("XXXYYXY")[:-1], "ballot_missing", "M7"),
    ],
)
def test_ballots_that_do_not_fit_the_round_are_refused(given: list[Ballot], code: str, who: str) -> None:
    with pytest.raises(VoteFault) as caught:
        tally(SEVEN, "XY", given, 2)
    assert (caught.value.code, caught.value.round, caught.value.who) == (code, 2, who)
    assert str(caught.value) == f"round 2: {code} {who}"


# Direct vote


def test_more_than_half_of_all_members_wins_at_once() -> None:
    vote = direct_vote("XYZ", counts("X4 Y3 Z0"))
    assert (vote.winner, vote.how, vote.next_round) == ("X", How.MAJORITY, ())


def test_half_of_the_members_is_not_enough_though_others_abstained() -> None:
    vote = direct_vote("XY", counts("X3 Y2", electors=7))
    assert (vote.winner, vote.next_round) == (None, ("X", "Y"))
    vote = direct_vote("XY", counts("X3 Y2", electors=6))
    assert vote.winner is None


@pytest.mark.parametrize(
    ("first", "contenders"),
    [("W3 X2 Y1 Z1", "WX"), ("W3 X2 Y2 Z0", "WXY"), ("W2 X2 Y2 Z1", "WXY"), ("W3 X3 Y1 Z0", "WX"), ("W3 X0 Y0 Z0", "WXYZ")],
)
def test_the_run_off_is_between_the_top_two_and_their_ties(first: str, contenders: str) -> None:
    assert direct_vote("WXYZ", counts(first)).next_round == tuple(contenders)


def test_a_run_off_decides_by_majority() -> None:
    vote = direct_vote("XYZ", counts("X3 Y3 Z1", "X3 Y4"))
    assert (vote.winner, vote.how, len(vote.rounds)) == ("Y", How.MAJORITY, 2)


def test_a_run_off_of_three_goes_on_among_its_top_two() -> None:
    assert direct_vote("WXYZ", counts("W2 X2 Y2 Z1", "W3 X2 Y1")).next_round == ("W", "X")


def test_two_level_run_offs_hand_over_to_the_preset_key() -> None:
    rounds = counts("X3 Y3 Z1", "X3 Y3", "X3 Y3")
    assert direct_vote("XYZ", rounds[:2]).next_round == ("X", "Y")
    assert direct_vote("XYZ", rounds).tied == ("X", "Y")
    vote = direct_vote("XYZ", rounds, ties=best_first("ZYX"))
    assert (vote.winner, vote.how) == ("Y", How.PRESET)


def test_of_two_that_are_left_the_one_who_leads_wins_after_the_run_offs() -> None:
    rounds = counts("X3 Y2", "X3 Y2", "X3 Y2")
    assert direct_vote("XY", rounds[:2]).next_round == ("X", "Y")
    vote = direct_vote("XY", rounds)
    assert (vote.winner, vote.how, vote.tied) == ("X", How.MOST_VOTES, ())


def test_a_second_place_that_stays_shared_goes_to_the_key_and_a_last_run_off_follows() -> None:
    rounds = counts("X3 Y2 Z2", "X3 Y2 Z2", "X3 Y2 Z2")
    assert direct_vote("XYZ", rounds[:2]).next_round == ("X", "Y", "Z")
    assert direct_vote("XYZ", rounds).tied == ("Y", "Z")
    assert direct_vote("XYZ", rounds, best_first("ZYX")).next_round == ("X", "Z")
    drawn = TieBreak(drawn={frozenset("YZ"): "YZ"})
    assert direct_vote("XYZ", [*rounds, *counts("X3 Y4")], drawn).winner == "Y"


@pytest.mark.parametrize(
    ("rounds", "code", "number"),
    [
        (("X4 Y3 Z0", "X4 Y3"), "vote_is_over", 2),
        (("X3 Y3 Z1", "X3 Y3 Z1"), "wrong_contenders", 2),
        (("X3 Y3",), "wrong_contenders", 1),
        (("X4 Y4 Z0",), "more_votes_than_electors", 1),
        (("X4 Y-1 Z0",), "more_votes_than_electors", 1),
        (("X3 Y3 Z1", "X3 Y3", "X3 Y3", "X4 Y3"), "vote_is_over", 4),
    ],
)
def test_a_round_that_should_not_have_been_held_is_refused(rounds: tuple[str, ...], code: str, number: int) -> None:
    with pytest.raises(VoteFault) as caught:
        direct_vote("XYZ", counts(*rounds))
    assert (caught.value.code, caught.value.round) == (code, number)


def test_a_key_decides_among_the_tied_alone_and_a_draw_among_those_it_leaves_level() -> None:
    grades = {"X": (Decimal(1),), "Y": (Decimal(1),), "Z": (Decimal(2),)}
    ties = TieBreak(grades)
    assert (ties.first("XZ"), ties.last("XZ"), ties.first("XYZ"), ties.last("XYZ")) == (("X",), ("Z",), ("X", "Y"), ("Z",))
    drawn = TieBreak(grades, {frozenset("XY"): "YX"})
    assert (drawn.first("XYZ"), drawn.last("XY"), NO_KEY.first("XY")) == (("Y",), ("X",), ("X", "Y"))


# Elimination vote


def test_g11_the_last_is_dropped_until_somebody_has_more_than_half() -> None:
    assert elimination_vote("XYZ", counts("X3 Y3 Z1")).next_round == ("X", "Y")
    vote = elimination_vote("XYZ", counts("X3 Y3 Z1", "X4 Y3"))
    assert (vote.winner, vote.how, vote.rounds[0].eliminated) == ("X", How.MAJORITY, "Z")


def test_g11_a_tie_at_the_bottom_is_voted_again_among_the_tied_only() -> None:
    assert elimination_vote("XYZ", counts("X3 Y2 Z2")).next_round == ("Y", "Z")
    vote = elimination_vote("XYZ", counts("X3 Y2 Z2", "Y4 Z3"))
    assert (vote.rounds[1].eliminated, vote.next_round) == ("Z", ("X", "Y"))
    assert elimination_vote("XYZ", counts("X3 Y2 Z2", "Y4 Z3", "X3 Y4")).winner == "Y"


def test_a_lasting_tie_at_the_bottom_goes_to_the_preset_key() -> None:
    rounds = counts("X3 Y2 Z2", "Y3 Z3", "Y3 Z3")
    assert elimination_vote("XYZ", rounds[:2]).next_round == ("Y", "Z")
    assert elimination_vote("XYZ", rounds).tied == ("Y", "Z")
    vote = elimination_vote("XYZ", rounds, ties=best_first("XZY"))
    assert (vote.rounds[2].eliminated, vote.next_round) == ("Y", ("X", "Z"))


def test_a_tie_that_narrows_starts_counting_anew() -> None:
    vote = elimination_vote("WXYZ", counts("W4 X1 Y1 Z1", "X3 Y2 Z2", "Y3 Z3", electors=9))
    assert vote.next_round == ("Y", "Z")
    assert vote.tied == ()


def test_a_tie_of_the_last_two_ends_with_the_one_who_is_left() -> None:
    rounds = counts("X3 Y3", "X3 Y2")
    vote = elimination_vote("XY", rounds)
    assert (vote.winner, vote.how) == ("X", How.LAST_LEFT)
    preset = elimination_vote("XY", counts("X3 Y3", "X3 Y3", "X3 Y3"), ties=best_first("YX"))
    assert (preset.winner, preset.how) == ("Y", How.PRESET)


def test_several_can_be_kept_and_then_no_majority_ends_the_vote() -> None:
    vote = elimination_vote("WXYZ", counts("W4 X2 Y1 Z0", "W4 X2 Y1"), keep=2)
    assert (vote.chosen, vote.winner) == (("W", "X"), None)


def test_with_no_more_candidates_than_places_there_is_nothing_to_vote() -> None:
    assert elimination_vote("XY", [], keep=2).chosen == ("X", "Y")
    with pytest.raises(VoteFault, match="vote_is_over"):
        elimination_vote("XY", counts("X4 Y3"), keep=2)


def test_an_elimination_goes_no_further_than_its_end() -> None:
    with pytest.raises(VoteFault, match="vote_is_over"):
        elimination_vote("XYZ", counts("X4 Y3 Z0", "X4 Y3"))
    with pytest.raises(VoteFault, match="vote_is_over"):
        elimination_vote("XY", counts("X3 Y3", "X3 Y3", "X3 Y3", "X3 Y3"))


@given(st.lists(st.sampled_from("XYZ-"), min_size=7, max_size=7), st.randoms(use_true_random=False))
def test_the_order_of_ballots_decides_nothing(choices: list[str], chance: object) -> None:
    cast = ballots("".join(choices))
    before = direct_vote("XYZ", [tally(SEVEN, "XYZ", cast)])
    chance.shuffle(cast)  # type: ignore[attr-defined]
    after = direct_vote("ZYX", [tally(SEVEN[::-1], "ZYX", cast)])
    assert after == before
    if after.winner:
        assert choices.count(after.winner) >= 4
    else:
        assert len(after.next_round) >= 2
