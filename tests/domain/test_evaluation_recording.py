"""Recordings by values: who records and who watches what and when, how long tapes are kept, and which gaps follow from when slices came."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as some

from core.kernel.errors import NotAllowed, RuleBroken, WrongState
from core.kernel.roles import Role
from evaluation.domain import recording_audience
from evaluation.domain.recording import (
    FORMS,
    LINE,
    MOVES,
    Form,
    LineAction,
    TapeAction,
    TapeFacts,
    TapeState,
    Watching,
    case_of,
    chain_of,
    form_for,
    grows,
    kept_until,
)
from evaluation.domain.recording_gaps import SILENT, Hole, holes
from evaluation.domain.room import State
from evaluation.domain.viewing import Purpose
from trading.domain.lot import ENDED, LotState
from trading.domain.periods import LegalRegime

SYSTEM = frozenset({Role.SYSTEM})
DECIDED = {LotState.NOTICE_SENT, LotState.CONTRACTED, LotState.CLOSED, LotState.ARCHIVED}


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("role", Role)
def test_members_record_and_those_who_watch_over_them_watch(state: State, role: Role) -> None:
    available = LINE.available(state, frozenset({role}), LotState.EVALUATING)
    assert (LineAction.BEGIN in available) is (role is Role.EXPERT and state is not State.SUBMITTED)
    assert (LineAction.WATCH in available) is (role in (Role.CENTRE, Role.SUPERVISOR))


@pytest.mark.parametrize("lot", LotState)
def test_once_a_lot_has_ended_nothing_is_recorded_and_those_who_watch_go_on(lot: LotState) -> None:
    available = {one for role in Role for one in LINE.available(State.TECHNICAL, frozenset({role}), lot)}
    assert (LineAction.BEGIN in available) is (lot not in ENDED) and LineAction.WATCH in available
    if lot in ENDED:
        with pytest.raises(WrongState, match=r"recording\.lot_ended"):
            LINE.choose(LineAction.BEGIN, State.TECHNICAL, frozenset({Role.EXPERT}), lot)


@pytest.mark.parametrize("lot", LotState)
@pytest.mark.parametrize("role", Role)
def test_a_face_is_shown_to_nobody_before_the_award_was_told(lot: LotState, role: Role) -> None:
    watches = role in (Role.CENTRE, Role.SUPERVISOR)
    assert FORMS.may(Form.SHIELD, lot, frozenset({role})) is watches
    assert FORMS.may(Form.CLEAR, lot, frozenset({role})) is (watches and lot in DECIDED)
    assert form_for(lot, frozenset({role})) is (Form.CLEAR if watches and lot in DECIDED else Form.SHIELD)


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        (TapeFacts(kept_until=date(2041, 11, 30), today=date(2041, 12, 1), is_filed=True), ""),
        (TapeFacts(kept_until=date(2041, 11, 30), today=date(2041, 11, 30), is_filed=True), "recording.kept"),
        (TapeFacts(kept_until=None, today=date(2141, 1, 1), is_filed=True), "recording.kept"),
        (TapeFacts(kept_until=date(2041, 11, 30), today=date(2041, 12, 1), is_filed=True, holds=1), "recording.held"),
        (TapeFacts(kept_until=date(2041, 11, 30), today=date(2041, 12, 1)), "recording.not_filed"),
    ],
)
def test_a_tape_outlives_filing_term_and_holds(facts: TapeFacts, code: str) -> None:
    if not code:
        assert MOVES.choose(TapeAction.DISPOSE, TapeState.ENDED, SYSTEM, facts) is TapeState.DISPOSED
        return
    with pytest.raises(WrongState, match=code.replace(".", r"\.")):
        MOVES.choose(TapeAction.DISPOSE, TapeState.ENDED, SYSTEM, facts)


def test_only_a_tape_that_is_recorded_grows() -> None:
    assert [state for state in TapeState if grows(state)] == [TapeState.RECORDING]


def test_a_tape_ends_once_and_nobody_ends_it_by_hand() -> None:
    assert MOVES.choose(TapeAction.END, TapeState.RECORDING, SYSTEM, TapeFacts()) is TapeState.ENDED
    for state in (TapeState.ENDED, TapeState.DISPOSED):
        with pytest.raises(WrongState):
            MOVES.choose(TapeAction.END, state, SYSTEM, TapeFacts())
    with pytest.raises(NotAllowed):
        MOVES.choose(TapeAction.END, TapeState.RECORDING, frozenset(set(Role) - SYSTEM), TapeFacts())


@pytest.mark.parametrize(
    ("ended", "regime", "years", "until"),
    [
        (date(2026, 11, 30), LegalRegime.CONSTRUCTION, 15, date(2041, 11, 30)),
        (date(2026, 11, 30), LegalRegime.CONSTRUCTION, 1, date(2029, 11, 30)),  # the platform's own files: three years
        (date(2026, 11, 30), LegalRegime.GOVERNMENT_PROCUREMENT, 3, date(2041, 11, 30)),  # the law's fifteen
        (date(2024, 11, 30), LegalRegime.CONSTRUCTION, 2, date(2026, 11, 30)),  # before that rule
        (date(2028, 2, 29), LegalRegime.CONSTRUCTION, 15, date(2043, 3, 1)),
        (date(2028, 2, 29), LegalRegime.CONSTRUCTION, 16, date(2044, 2, 29)),
        (date(2026, 11, 30), LegalRegime.GOVERNMENT_PROCUREMENT, 0, None),
    ],
)
def test_the_term_is_the_policys_and_never_less_than_the_laws(ended: date, regime: LegalRegime, years: int, until: date | None) -> None:
    assert kept_until(ended, regime, years) == until


def test_who_watches_says_why() -> None:
    assert Watching.read({"purpose": "routine", "note": ""}) == Watching(Purpose.ROUTINE, "")
    assert Watching.read({"purpose": "other", "note": "投诉 2026-14"}).note == "投诉 2026-14"
    for purpose in ("other", "complaint"):
        with pytest.raises(RuleBroken, match=r"recording\.note_missing"):
            Watching.read({"purpose": purpose, "note": ""})
    with pytest.raises(RuleBroken, match=r"body\.malformed"):
        Watching.read({"purpose": "curiosity", "note": ""})


@pytest.mark.parametrize(
    ("arrived", "since", "now", "found"),
    [
        ([], None, 99_999, []),  # never recorded: nothing is missing of it
        ([1000, 1200, 1400], None, 1600, []),
        ([1000, 1000 + SILENT - 1], None, None, []),
        ([1000, 1000 + SILENT], None, None, [Hole(1000, 1000 + SILENT)]),
        ([1000], None, 1000 + SILENT - 1, []),
        ([1000], None, 1000 + SILENT, [Hole(1000, None)]),
        ([9000, 20_000], 5000, 24_000, [Hole(5000, 9000), Hole(9000, 20_000), Hole(20_000, None)]),
        ([], 5000, 9000, [Hole(5000, None)]),
        ([], 5000, None, []),
    ],
)
def test_a_gap_follows_from_when_slices_came(arrived: list[int], since: int | None, now: int | None, found: list[Hole]) -> None:
    assert list(holes(arrived, since, now)) == found


@given(some.lists(some.integers(0, 100_000), min_size=1, unique=True).map(sorted), some.integers(0, 99))
def test_looking_piece_by_piece_finds_the_same_gaps_as_looking_at_all(arrived: list[int], at: int) -> None:
    place = at % len(arrived)
    first, then = arrived[: place + 1], arrived[place + 1 :]
    assert [*holes(first), *holes(then, first[-1])] == list(holes(arrived))


def test_the_chain_of_recordings_is_the_cases_own() -> None:
    assert chain_of("T2026-000001") == "V-T2026-000001"
    assert "video.view" not in recording_audience.PROJECTIONS and "video.head" not in recording_audience.PROJECTIONS


def test_a_chain_of_recordings_names_its_case() -> None:
    assert case_of(chain_of("T2026-000001")) == "T2026-000001" == case_of("T2026-000001")
