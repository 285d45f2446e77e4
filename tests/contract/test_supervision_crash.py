"""kill -9 of the server half way through a supervisor's acts: each is there signed once or not at all, and its demand is answered once."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from core.kernel import clock
from core.kernel.roles import Role
from evaluation.queries import supervision as queries
from tests.builders.killing import Word, counted, survive_all, words_of
from tests.builders.recorders import seated
from tests.builders.served import Served
from tests.builders.supervising import REASON, begin_view

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400), pytest.mark.sqlite_alone]


def test_every_act_is_there_once_and_answered_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    served = Served(tmp_path)
    with served.prepared() as app:
        room = seated(served, app, monkeypatch)
        other = room.tender.crowd.join(Role.SUPERVISOR, "临江市发展和改革委员会")
        viewed = begin_view(room, other)
        case, due = room.case, clock.text(room.tender.now + timedelta(minutes=30))
        place, here = (case, room.tender.no), f"/lots/{room.number}/supervision"
        [acting], [host], [viewer] = (words_of(app, who, place) for who in (room.tender.supervisor, room.tender.centre, other))
        sent: list[Word] = []
        for measure, to, by in (
            *(("explain", "centre", host), ("warn", "centre", host), ("recusal", "centre", host)),
            *(("end_view", "viewer", viewer), ("pause", "centre", host)),
        ):
            body = {"measure": measure, "to": to, "about": viewed if measure == "end_view" else "", "reason": REASON, "due": due}
            sent.append(acting.say(f"{here}/acts", "supervision.act", body, strong=True))
            word = {"act_sha256": acting.prev, "text": "已核实，现场无异常。"}
            sent.append(by.say(f"{here}/answers", "supervision.answer", word))
    survive_all(served, sent)
    with served.prepared() as app:
        door = app.extensions["gongheng"].door
        told = counted(door, case)
        assert (told["supervision.act"], told["supervision.answer"], told["supervision.view_end"]) == (5, 5, 1)
        found = door.read(lambda session: queries.of_room(session, room.tender.supervisor.actor, room.number, door.clock(session)))
        assert [(one.no, one.measure.value, one.state.value, len(one.words)) for one in reversed(found.rows)] == [
            (1, "explain", "answered", 1),
            (2, "warn", "answered", 1),
            (3, "recusal", "answered", 1),
            (4, "end_view", "answered", 1),
            (5, "pause", "answered", 1),
        ]
        assert found.is_paused
