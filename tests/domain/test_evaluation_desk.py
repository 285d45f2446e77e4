"""A member's desk: drafts of several windows in their order, notes of one's own, and what may be said in the discussion."""

from __future__ import annotations

import pytest

from core.kernel.errors import NotAllowed, Refusal, RuleBroken, WrongState
from core.kernel.roles import Role
from evaluation.domain import discussion, host_call, note
from evaluation.domain.discussion import MessageBody, TopicBody
from evaluation.domain.draft import Held, Mark, Turn, turn
from evaluation.domain.note import Note, NoteKind
from evaluation.domain.room import State

EXPERT, SUPERVISOR = frozenset({Role.EXPERT}), frozenset({Role.SUPERVISOR})
OUTSIDE = frozenset({Role.CENTRE, Role.TENDERER, Role.BIDDER, Role.AGENCY})
HELD = Held(seq=7, tab="a", number=3)


@pytest.mark.parametrize(
    ("held", "sent", "expected"),
    [
        (Held(), Mark("a", 1, 0), Turn.TAKEN),
        (HELD, Mark("a", 4, 7), Turn.TAKEN),
        (HELD, Mark("a", 4, 0), Turn.TAKEN),  # its own answers got lost: no other window has written since
        (HELD, Mark("a", 3, 7), Turn.KNOWN),  # sent again
        (HELD, Mark("a", 2, 7), Turn.KNOWN),  # overtaken on the way
        (HELD, Mark("b", 1, 7), Turn.TAKEN),  # the other window knew what is kept
        (HELD, Mark("b", 1, 6), Turn.BEHIND),
        (HELD, Mark("b", 99, 0), Turn.BEHIND),
    ],
)
def test_a_draft_is_taken_in_its_turn(held: Held, sent: Mark, expected: Turn) -> None:
    assert turn(held, sent) is expected


NOTE = Note("T-41", "aa" * 32, 86, NoteKind.NOTE, "method", "止水帷幕", "未说明交叉处")


@pytest.mark.parametrize(
    ("made", "held", "code"),
    [
        (NOTE, 0, ""),
        (Note("T-41", "aa" * 32, 86, NoteKind.BOOKMARK), 499, ""),
        (Note("T-41", "aa" * 32, 86, NoteKind.NOTE, quote="止水帷幕"), 0, ""),
        (Note("T-41", "bb" * 32, 86, NoteKind.BOOKMARK), 0, "note.document"),
        (Note("T-41", "aa" * 32, 86, NoteKind.NOTE, "price"), 0, "score.criterion_unknown"),
        (Note("T-41", "aa" * 32, 86, NoteKind.NOTE, text="  "), 0, "note.empty"),
        (NOTE, note.MOST, "note.too_many"),
    ],
)
def test_a_note_says_something_of_a_document_of_its_bid(made: Note, held: int, code: str) -> None:
    if not code:
        note.check(made, {"aa" * 32}, {"method"}, held)
        return
    with pytest.raises(RuleBroken) as caught:
        note.check(made, {"aa" * 32}, {"method"}, held)
    assert caught.value.code == code


@pytest.mark.parametrize("state", State)
def test_notes_are_taken_while_the_bids_lie_open(state: State) -> None:
    open_ = State.PRELIMINARY.value, State.SUBMITTED.value
    order = [one.value for one in State]
    is_open = order.index(open_[0]) <= order.index(state.value) < order.index(open_[1])
    for action in note.Action:
        assert (action in note.MOVES.available(state, EXPERT, None)) is is_open
        assert action not in note.MOVES.available(state, OUTSIDE | SUPERVISOR, None)


@pytest.mark.parametrize("state", State)
def test_members_alone_speak_from_the_moment_when_all_are_there_until_the_report_is_handed_over(state: State) -> None:
    member, chair = discussion.Facts(), discussion.Facts(is_chair=True)
    is_open = state not in (State.COMMITTEE_FORMED, State.SUBMITTED)
    speak, lead = discussion.Action.SPEAK, discussion.Action.OPEN_TOPIC
    assert discussion.MOVES.available(state, EXPERT, chair) == ((speak, lead) if is_open else ())
    assert discussion.MOVES.available(state, EXPERT, member) == ((speak,) if is_open else ())
    assert discussion.MOVES.available(state, SUPERVISOR | OUTSIDE, chair) == ()
    if is_open:
        assert discussion.MOVES.choose(speak, state, EXPERT, member) is state
        with pytest.raises(NotAllowed, match=r"discussion\.topic\.chair"):
            discussion.MOVES.choose(lead, state, EXPERT, member)
    else:
        with pytest.raises(WrongState):
            discussion.MOVES.choose(speak, state, EXPERT, member)


@pytest.mark.parametrize("state", State)
def test_before_the_summary_nobody_but_a_member_reads_what_was_said(state: State) -> None:
    order = list(State)
    may = discussion.READS.may
    see = discussion.See.MESSAGES
    assert may(see, state, EXPERT) is (state is not State.COMMITTEE_FORMED)
    assert may(see, state, SUPERVISOR) is (order.index(state) >= order.index(State.SUMMARY))
    assert not may(see, state, OUTSIDE)


BIDS, CRITERIA = {"T-41"}, {"method"}
TOPIC = {"no": 2, "title": "总体部署是否含临设", "bid": "T-41", "criterion": "method"}


def test_a_topic_is_the_next_one_and_names_what_there_is() -> None:
    assert TopicBody.read(TOPIC, BIDS, CRITERIA, 1) == TopicBody(2, "总体部署是否含临设", "T-41", "method")
    assert TopicBody.read(TOPIC | {"bid": "", "criterion": ""}, (), (), 1).bid == ""


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"no": 3}, "discussion.topic.number"),
        ({"title": " "}, "evaluation.body"),
        ({"title": "长" * 81}, "evaluation.body"),
        ({"bid": "T-99"}, "score.bid_unknown"),
        ({"criterion": "price"}, "score.criterion_unknown"),
        ({"score": "7"}, "evaluation.body"),
    ],
)
def test_a_topic_that_does_not_fit_is_refused(changes: dict[str, object], code: str) -> None:
    with pytest.raises(Refusal) as caught:
        TopicBody.read(TOPIC | changes, BIDS, CRITERIA, 1)
    assert caught.value.code == code


def test_a_message_belongs_to_a_topic_that_is_open_or_to_none() -> None:
    assert MessageBody.read({"topic": 2, "text": "请组长解释口径"}, 2) == MessageBody(2, "请组长解释口径")
    assert MessageBody.read({"topic": 0, "text": "同意"}, 0).topic == 0
    for body, code in (
        ({"topic": 3, "text": "同意"}, "discussion.topic.unknown"),
        ({"topic": 0, "text": "\n "}, "evaluation.body"),
        ({"topic": 0, "text": "长" * 1001}, "evaluation.body"),
        ({"topic": 0}, "evaluation.body"),
    ):
        with pytest.raises(RuleBroken) as caught:
            MessageBody.read(body, 2)
        assert caught.value.code == code


@pytest.mark.parametrize("state", list(State))
def test_a_seat_calls_the_host_once_at_a_time_until_the_report_is_handed_over(state: State) -> None:
    call, answer, waits = host_call.Action.CALL, host_call.Action.ANSWER, host_call.Facts(is_waiting=True)
    if state is State.SUBMITTED:
        for action, role in ((call, Role.EXPERT), (answer, Role.CENTRE)):
            with pytest.raises(WrongState):
                host_call.MOVES.choose(action, state, frozenset({role}), waits)
        return
    assert host_call.MOVES.choose(call, state, EXPERT, host_call.Facts()) is state
    assert host_call.MOVES.choose(answer, state, frozenset({Role.CENTRE}), waits) is state
    with pytest.raises(WrongState, match="waiting"):
        host_call.MOVES.choose(call, state, EXPERT, waits)
    with pytest.raises(WrongState, match="not_waiting"):
        host_call.MOVES.choose(answer, state, frozenset({Role.CENTRE}), host_call.Facts())
    for role in (Role.SUPERVISOR, Role.CENTRE, Role.TENDERER, Role.BIDDER):
        with pytest.raises(NotAllowed):
            host_call.MOVES.choose(call, state, frozenset({role}), host_call.Facts())
    with pytest.raises(NotAllowed):
        host_call.MOVES.choose(answer, state, EXPERT | SUPERVISOR, waits)
