"""Recordings over HTTP: who begins, who lists, who watches in which form, and that nothing is shown without a purpose."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import update

from core.kernel.actor import SYSTEM_ACTOR
from core.kernel.db import table
from core.kernel.roles import Role
from core.kernel.tapestore import TapeStore
from evaluation.domain.recording import Form
from tests.builders.evaluation import Room
from tests.builders.people import Person
from tests.builders.stages import SCORING
from tests.builders.supervising import begin_view
from tests.builders.tapes import MEDIA, record
from tests.web.evaluation_world import Client
from trading.domain.lot import LotState
from trading.models.lot import Lot

pytestmark = pytest.mark.begins(SCORING)


@pytest.fixture
def store(app: Any) -> TapeStore:
    return TapeStore(app.extensions["gongheng"].settings.tapes_dir)


def test_a_seat_begins_its_two_tapes_and_nobody_else_does(room: Room, app: Any) -> None:
    body = {"clear": MEDIA, "shield": "video/webm;codecs=vp8"}
    path = f"/lots/{room.number}/evaluation/video/tapes"
    begun = Client(app, room.members[0]).send("POST", path, body)
    assert begun.status_code == 200 and set(begun.get_json()["tapes"]) == {"clear", "shield"} and begun.get_json()["seat"] == "1"
    for who in (room.tender.supervisor, room.tender.centre, room.tender.bidders[0], None):
        assert Client(app, who).send("POST", path, body).status_code in (401, 403)
    refused = Client(app, room.members[1]).send("POST", path, body | {"clear": "text/html"})
    assert refused.status_code == 422


def test_a_supervisor_sees_a_shield_until_the_award_is_told_and_never_without_a_purpose(room: Room, app: Any, store: TapeStore) -> None:
    made = record(room, store, room.members[0], (0, 1000))
    api = f"/lots/{room.number}/evaluation/video"
    client = Client(app, room.tender.supervisor)
    told = client.get(api).get_json()
    assert told["form"] == "shield" and [line["state"] for line in told["lines"]] == ["ended", *["none"] * 6]
    host = Client(app, room.tender.centre)
    assert host.send("POST", f"{api}/views", {"note": "看看"}).status_code == 422
    unsaid = host.send("POST", f"{api}/views", {"purpose": "complaint"})
    assert unsaid.status_code == 422 and "核查的具体事项" in unsaid.get_data(as_text=True)
    view = client.send("POST", f"{api}/views", {"seats": ["1"]}).get_json()  # the purpose was said when the visit began
    assert view["form"] == "shield"
    [tape] = client.get(f"{api}/views/{view['view']}").get_json()["tapes"]
    assert tape["tape"] == made[Form.SHIELD] and tape["name"] == "专家1"
    played = client.client.get(tape["href"], headers={"Range": "bytes=0-3"})
    assert (played.status_code, played.data, played.mimetype) == (206, b"\x1a\x45\xdf\xa3", "video/webm")
    assert client.client.get(tape["href"]).data == store.recording(made[Form.SHIELD]).read_bytes()
    clear = tape["href"].replace(made[Form.SHIELD], made[Form.CLEAR])
    assert client.client.get(clear, headers={"Accept": "application/json"}).status_code == 404
    other = Client(app, room.tender.centre)
    assert other.client.get(tape["href"], headers={"Accept": "application/json"}).status_code == 404
    rows = update(table(Lot)).where(Lot.number == room.number).values(state=LotState.NOTICE_SENT)
    room.tender.door.perform(SYSTEM_ACTOR, lambda work: work.session.execute(rows) and None)
    [visit] = client.get(f"/lots/{room.number}/supervision/views").get_json()["views"]
    assert [look["what"] for look in visit["looked"]] == [
        *("evaluation/video", f"evaluation/video/tapes/{made[Form.SHIELD]}", f"evaluation/video/tapes/{made[Form.CLEAR]}")
    ]
    later = client.send("POST", f"{api}/views", {}).get_json()
    assert later["form"] == "clear" and len(later["seats"]) == 7
    shown = clear.replace(view["view"], later["view"])
    assert client.client.get(shown).data == store.recording(made[Form.CLEAR]).read_bytes()


def test_nobody_else_sees_lines_tapes_or_pictures(room: Room, app: Any, store: TapeStore) -> None:
    made = record(room, store, room.members[0], (0, 1000))
    api = f"/lots/{room.number}/evaluation/video"
    watcher = Client(app, room.tender.supervisor)
    assert watcher.send("POST", f"{api}/views", {}).get_json()["code"] == "view.purpose_needed"
    begin_view(room)
    view = watcher.send("POST", f"{api}/views", {}).get_json()["view"]
    for who in (*room.members[:2], room.tender.tenderer, room.tender.agency, room.tender.bidders[0], None):
        client = Client(app, who)
        assert client.get(api).status_code in (401, 403)
        assert client.send("POST", f"{api}/views", {"purpose": "routine"}).status_code in (401, 403)
        assert client.get(f"{api}/views/{view}").status_code in (401, 403)
        picture = client.client.get(f"/video/{room.number}/views/{view}/tapes/{made[Form.SHIELD]}", headers={"Accept": "application/json"})
        assert picture.status_code in (401, 403)


def test_the_pages_of_camera_and_lines_stand_in_both_languages(room: Room, app: Any, store: TapeStore) -> None:
    record(room, store, room.members[0], (0, 1000))
    number = room.number
    for lang, camera, purpose in (("zh", "席位录像", "目的"), ("en", "Camera of the seat", "urpose")):
        own = Client(app, room.members[0]).page(f"/lots/{number}/evaluation/camera", lang)
        assert own.status_code == 200 and camera in own.get_data(as_text=True) and 'data-camera-voice="muted"' in own.get_data(as_text=True)
        for who in (room.tender.supervisor, room.tender.centre):
            shown = Client(app, who).page(f"/lots/{number}/evaluation/video", lang)
            text = shown.get_data(as_text=True)
            assert shown.status_code == 200 and purpose in text and text.count("data-line-seat") == 7 and "<video" not in text
            assert ('name="purpose"' in text) is (who is room.tender.centre)  # a supervisor has said so before
    for who, path in ((room.tender.supervisor, "camera"), (room.members[0], "video"), (room.tender.tenderer, "video")):
        assert Client(app, who).page(f"/lots/{number}/evaluation/{path}").status_code == 403
    desk = Client(app, room.members[0]).page(f"/lots/{number}/evaluation").get_data(as_text=True)
    assert "data-camera-window" in desk


def test_the_page_of_keeping_says_until_when_and_what_holds(room: Room, app: Any, store: TapeStore) -> None:
    path = f"/lots/{room.number}/evaluation/video/keeping"
    empty = Client(app, room.tender.centre).page(path).get_data(as_text=True)
    assert "没有录像" in empty and "案卷还没有归档" in empty
    record(room, store, room.members[0], (0, 1000))
    chinese, english = (
        ("录像保管", "专家1", "归档之前录像一律保留", "未设置"),
        ("Keeping of recordings", "Not set up", "Until then every recording stays"),
    )
    for lang, words in (("zh", chinese), ("en", english)):
        for who in (room.tender.centre, room.tender.supervisor):
            shown = Client(app, who).page(path, lang)
            text = shown.get_data(as_text=True)
            assert shown.status_code == 200 and all(word in text for word in (*words, f"{room.tender.now.year + 15}-")), lang
    for other in (room.members[0], room.tender.tenderer, room.tender.bidders[0], room.tender.agency):
        assert Client(app, other).page(path).status_code == 403


def shown_to(app: Any, room: Room, who: Person | None) -> str:
    """The form that somebody is shown who tries all there is, "" for nothing at all."""
    client, api = Client(app, who), f"/lots/{room.number}/evaluation/video"
    listed, page = client.get(api), client.page(api)
    view = client.send("POST", f"{api}/views", {"purpose": "routine"})
    if {listed.status_code, page.status_code, view.status_code} <= {303, 401, 403}:
        return ""
    found = view.get_json()
    tapes = client.get(f"{api}/views/{found['view']}").get_json()
    pictures = {client.client.get(tape["href"]).status_code for tape in tapes["tapes"]}
    assert pictures == {200} and {listed.get_json()["form"], found["form"], tapes["form"]} == {found["form"]}
    return str(found["form"])


AUDIENCES = {
    # of whom, until the award is told, once it is told
    "host": ("shield", "clear"),
    "supervisor": ("shield", "clear"),
    "the member who is recorded": ("", ""),
    "another member": ("", ""),
    "an expert outside": ("", ""),
    "tenderer": ("", ""),
    "agency": ("", ""),
    "bidder": ("", ""),
    "award member": ("", ""),
    "finance": ("", ""),
    "public": ("", ""),
}


def test_who_is_shown_which_form_from_when_on(room: Room, app: Any, store: TapeStore) -> None:
    record(room, store, room.members[0], (0, 1000))
    tender = room.tender
    people: dict[str, Person | None] = {
        "host": tender.centre,
        "supervisor": tender.supervisor,
        "the member who is recorded": room.members[0],
        "another member": room.members[1],
        "an expert outside": next(one for one in room.experts if one not in room.members),
        "tenderer": tender.tenderer,
        "agency": tender.agency,
        "bidder": tender.bidders[0],
        "award member": tender.crowd.join(Role.AWARD_MEMBER, tender.tenderer.org_name),
        "finance": tender.crowd.join(Role.FINANCE, tender.centre.org_name),
        "public": None,
    }
    before = {name: shown_to(app, room, who) for name, who in people.items()}
    rows = update(table(Lot)).where(Lot.number == room.number).values(state=LotState.NOTICE_SENT)
    tender.door.perform(SYSTEM_ACTOR, lambda work: work.session.execute(rows) and None)
    after = {name: shown_to(app, room, who) for name, who in people.items()}
    assert {name: (before[name], after[name]) for name in people} == AUDIENCES
