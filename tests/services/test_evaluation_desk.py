"""Desks and discussion on both databases: drafts in turn, notes that are nobody else's business, signed words of members alone."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from core.kernel import chain
from core.kernel.errors import NotAllowed, Refusal, RuleBroken, WrongState
from evaluation.domain.draft import Mark
from evaluation.domain.note import Note, NoteKind
from evaluation.queries import desks
from evaluation.queries import discussions as discussion_queries
from evaluation.services import discussions, drafts, notes, scores
from tests.builders.discussion import open_topic, say
from tests.builders.evaluation import Room
from tests.builders.people import Person
from tests.builders.stages import READY, SCORING, SUMMARISED

pytestmark = [pytest.mark.begins(READY), pytest.mark.sqlite_alone]
DOCUMENT = "aa" * 32


def read(room: Room, who: Person) -> Any:
    return room.tender.door.read(lambda session: discussion_queries.view(session, who.actor, room.number))


@pytest.mark.on_both
def test_the_committee_talks_from_the_moment_when_all_are_there(room: Room) -> None:
    room.formed()
    one, two, *_ = room.members
    room.sign_in(one)
    with pytest.raises(WrongState):
        say(room, one, "太早")
    for who in room.members[1:]:
        room.sign_in(who)
    assert say(room, two, "请大家推选组长") == {"no": 1}
    with pytest.raises(NotAllowed):
        open_topic(room, two)  # there is no chair yet
    for who in room.members:
        room.vote_chair(who, "1")
    with pytest.raises(NotAllowed, match="chair"):
        open_topic(room, two)
    assert open_topic(room, one) == {"no": 1}
    assert say(room, two, "含临设", 1) == {"no": 2}
    with pytest.raises(NotAllowed):
        say(room, room.tender.supervisor, "监督插话")
    outside = next(one for one in room.experts[1:] if one not in room.members)
    with pytest.raises(NotAllowed):
        say(room, outside, "旁人")
    found = read(room, two)
    assert [(topic.no, [(each.name, each.text, each.is_mine) for each in topic.messages]) for topic in found.topics] == [
        (0, [("专家2", "请大家推选组长", True)]),
        (1, [("专家2", "含临设", True)]),
    ]
    for who in (room.tender.supervisor, room.tender.centre):
        with pytest.raises(NotAllowed):
            read(room, who)
    kinds = [event.kind for event in room.tender.door.read(lambda session: chain.events(session, room.case))]
    assert kinds.count("discussion.message") == 2 and kinds.count("discussion.topic") == 1


@pytest.mark.begins(SUMMARISED)
def test_supervisors_read_it_when_all_is_scored_and_the_host_never_does(room: Room) -> None:
    say(room, room.members[0], "汇总无误")
    [topic] = read(room, room.tender.supervisor).topics
    assert [each.text for each in topic.messages] == ["汇总无误"]
    with pytest.raises(NotAllowed):
        read(room, room.tender.centre)


@pytest.mark.on_both
def test_a_message_sent_again_is_said_once(room: Room) -> None:
    room.assembled()
    who = room.members[0]
    request = who.act("discussion.message", room.case, room.tender.no, 0, {"topic": 0, "text": "同意"})
    answers = [room.perform(who, lambda work: discussions.speak(work, room.number, request)) for _ in range(2)]
    assert answers == [{"no": 1}, {"no": 1}] and read(room, who).last == 1


def save(room: Room, who: Person, mark: Mark, score: str) -> dict[str, Any]:
    code = room.codes[0]

    def keep(work: Any) -> dict[str, Any]:
        return scores.save_draft(work, room.number, code, {"method": score}, {})

    return room.perform(who, lambda work: drafts.in_turn(work, room.number, code, mark, keep))  # type: ignore[no-any-return]


@pytest.mark.begins(SCORING)
@pytest.mark.on_both
def test_two_windows_of_one_seat_never_write_over_what_the_other_wrote_since(room: Room) -> None:
    who = room.members[0]
    assert save(room, who, Mark("a", 1, 0), "3")["seq"] == 1
    assert save(room, who, Mark("a", 2, 1), "4")["seq"] == 2
    again = save(room, who, Mark("a", 1, 0), "3")
    assert again == {"saved": True, "seq": 2}
    behind = save(room, who, Mark("b", 1, 1), "9")
    assert (behind["saved"], behind["seq"], behind["kept"]["scores"]) == (False, 2, {"method": "4"})
    assert save(room, who, Mark("b", 2, 2), "9")["seq"] == 3
    with pytest.raises(RuleBroken):
        save(room, who, Mark("b", 3, 3), "99")
    desk = room.tender.door.read(lambda session: desks.desk(session, who.actor, room.number))
    assert desk.drafts == {room.codes[0]: 3}
    other = room.tender.door.read(lambda session: desks.desk(session, room.members[1].actor, room.number))
    assert other.drafts == {} and other.seat != desk.seat


@pytest.mark.on_both
def test_notes_belong_to_the_seat_alone_and_are_no_event(room: Room) -> None:
    room.with_chair()
    one, two, *_ = room.members
    code = next(iter(room.view(one).codes), "T-10")
    made, note = uuid4(), Note(code, DOCUMENT, 86, NoteKind.NOTE, "method", "止水帷幕", "未说明交叉处")

    def keep(who: Person, what: Note, note_id: Any = made) -> Any:
        return room.perform(who, lambda work: notes.keep(work, room.number, note_id, what))

    with pytest.raises(WrongState):
        keep(one, note)
    for who in room.members:
        room.declare(who)
    code = room.codes[0]
    note = Note(code, DOCUMENT, 86, NoteKind.NOTE, "method", "止水帷幕", "未说明交叉处")
    events = len(list(room.tender.door.read(lambda session: list(chain.events(session, room.case)))))
    assert keep(one, note) == keep(one, note) == {"id": str(made)}
    with pytest.raises(NotAllowed):
        keep(two, note)
    keep(two, Note(code, DOCUMENT, 1, NoteKind.BOOKMARK), uuid4())
    with pytest.raises(Refusal):
        keep(one, Note(code, "cc" * 32, 1, NoteKind.BOOKMARK), uuid4())

    def held(who: Person) -> list[tuple[int, str]]:
        found = room.tender.door.read(lambda session: desks.notes(session, who.actor, room.number))
        return [(each.page, each.kind) for each in found]

    assert held(one) == [(86, "note")] and held(two) == [(1, "bookmark")]
    for who in (room.tender.supervisor, room.tender.centre):
        with pytest.raises(NotAllowed):
            held(who)
    room.perform(two, lambda work: notes.drop(work, room.number, made))  # somebody else's: nothing happens
    assert held(one) == [(86, "note")]
    for _ in range(2):
        room.perform(one, lambda work: notes.drop(work, room.number, made))
    assert held(one) == [] and len(list(room.tender.door.read(lambda session: list(chain.events(session, room.case))))) == events
