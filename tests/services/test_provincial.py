"""A provincial pool draws instead: letter, signed reply, calls, who follows, and every reply that is none."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from core.kernel import chain, streams
from core.kernel.errors import NotAllowed, Refusal, WrongState
from core.kernel.signing import read_statement
from core.kernel.work import Door
from evaluation.domain.draw import State
from evaluation.domain.provincial import drawn_by, order_commit
from evaluation.models.draws import Draw, PreparedDraw
from evaluation.queries import draws
from evaluation.queries import provincial as queries
from evaluation.services import provincial as services
from tests.builders.anchors import listed_of
from tests.builders.evaluation import Room
from tests.builders.partners import Office
from tests.builders.provincial import NAME, Province
from tests.builders.stages import READY

pytestmark = [pytest.mark.begins(READY), pytest.mark.sqlite_alone]


def refused(act: Any, *given: Any, **more: Any) -> str:
    with pytest.raises(Refusal) as refusal:
        act(*given, **more)
    return refusal.value.code


def view(room: Room) -> Any:
    return room.tender.door.read(lambda session: draws.by_name(session, room.number, room.draw))


@pytest.mark.on_both
def test_a_signed_reply_draws_and_whoever_leaves_is_followed_by_its_reserves(room: Room, door: Door) -> None:
    province = Province.make(room).asked()
    letter = province.letter.decode()
    assert room.number not in letter and room.case not in letter and room.tender.bidders[0].org_name not in letter
    assert province.held["civil"][0] in letter  # who works for a bidder is left out, without the cause
    assert refused(room.commit, room.tender.centre) == "draw.commit.provincial"
    assert province.reply()["state"] == "calling"
    drawn, said = view(room), province.said()
    assert drawn.picked == said["picked"] and drawn.reserves == said["reserves"] and len(room.called) == 7
    with pytest.raises(WrongState, match=r"draw\.record\.provincial"):
        door.read(lambda session: draws.public_record(session, room.number, room.draw))
    room.answer(room.called[0], "cannot", "health", "住院")
    assert len(view(room).recused_later) == 1 and sum(len(ids) for ids in view(room).picked.values()) == 7
    more = province.admit("civil", "江北新来设计院")
    further = province.said(picked={"civil": [], "cost": []}, reserves={"civil": [more], "cost": []})
    assert (
        refused(province.hand_in, province.office.file("reply", further | {"reserves": {"civil": [more, more], "cost": []}}))
        == "draw.reply.twice"
    )
    province.hand_in(province.office.file("reply", further))
    assert view(room).reserves["civil"][-1] == more
    room.all_answer()
    assert view(room).state is State.LIST_SEALED
    room.form()
    assert len(room.members) == 7
    kinds = [
        event.kind for event in door.read(lambda session: chain.events(session, room.case)) if event.kind in ("draw.reply", "draw.result")
    ]
    assert kinds == ["draw.reply", "draw.result", "draw.reply"]


def test_what_does_not_answer_the_letter_or_is_a_strangers_draws_nobody(room: Room) -> None:
    province = Province.make(room)
    assert refused(province.prepare, agreement="A2020-000001") == "draw.reply.agreement"
    province.asked()
    said = province.said()
    wrong = {
        "draw.reply.form": {"format": "other"},
        "draw.reply.other_letter": {"request_sha256": "00" * 32},
        "draw.reply.strata": {"reserves": {"civil": []}},
        "draw.reply.count": {"picked": said["picked"] | {"civil": said["picked"]["civil"][1:]}},
        "draw.reply.twice": {"reserves": said["picked"]},
        "draw.reply.recused": {"reserves": said["reserves"] | {"cost": [province.held["civil"][0]]}},
        "draw.reply.unknown": {"reserves": said["reserves"] | {"cost": ["S-9999"]}},
    }
    for code, changes in wrong.items():
        assert refused(province.reply, **changes) == code
    for ids in ("x", [1], ["S 1"], ["S" * 21]):
        assert refused(province.reply, reserves={"civil": ids, "cost": []}) == "draw.reply.form"
    assert refused(province.reply, reserves=[]) == "draw.reply.form"
    assert refused(province.reply, Office.make("别的专家库", province.office.authority)) == "partner.other"
    file = province.office.file("reply", said)
    assert refused(province.hand_in, file | {"reply": said | {"reserves": {"civil": [], "cost": []}}}) == "detached.invalid"
    assert refused(province.hand_in, file | {"chain": file["chain"][:-1]}) == "partner.form"
    assert refused(province.hand_in, "x") == "draw.reply.form"  # type: ignore[arg-type]
    assert view(room).state is State.REQUESTED
    assert province.hand_in(file)["state"] == "calling"


@pytest.mark.on_both
def test_our_own_draw_takes_no_reply(room: Room, door: Door) -> None:
    province = Province.make(room)
    room.requested()
    assert refused(lambda: province.letter) == "draw.reply.own"
    file = province.office.file("reply", {"format": "x"})
    assert refused(province.hand_in, file) == "draw.reply.own"
    found = door.read(lambda session: queries.view(session, draws_row(session, room)))
    assert found is None


def draws_row(session: Any, room: Room) -> Any:
    return session.scalars(select(Draw).where(Draw.name == room.draw)).one()


def test_pages_hear_who_draws(room: Room, door: Door) -> None:
    province = Province.make(room, family="rsa").asked()
    province.reply()
    found = door.read(lambda session: queries.view(session, draws_row(session, room)))
    assert found is not None and found.by.partner == NAME and len(found.replies) == 1 and NAME in found.replies[0].subject


def test_only_the_centre_hands_in(room: Room) -> None:
    province = Province.make(room).asked()
    body = {"draw": room.draw, "file": province.office.file("reply", province.said())}
    with pytest.raises(NotAllowed):
        room.signed(room.tender.supervisor, "draw.reply", body, lambda *given: services.reply(*given, ()), step_up=True)


def test_a_revoked_certificate_and_one_of_which_nobody_speaks_draw_nobody(room: Room) -> None:
    province = Province.make(room).asked()
    file, office, now = province.office.file("reply", province.said()), province.office, room.tender.now
    assert refused(province.hand_in, file, ()) == "partner.no_status"
    assert refused(province.hand_in, file, listed_of(office.authority, office.certificate, now)[:1]) == "partner.no_status"
    office.authority.revoke(office.certificate, now)
    assert refused(province.hand_in, file) == "partner.revoked"
    assert view(room).state is State.REQUESTED


def test_no_employer_sends_more_than_the_cap_not_even_by_replacements(room: Room) -> None:
    province = Province.make(room)
    colleague = province.admit("cost", "江北第3设计院")  # whose other expert is picked
    province.asked()
    said = province.said()
    assert colleague in said["reserves"]["cost"]
    assert refused(province.reply) == "draw.reply.cap"
    assert province.reply(reserves={"civil": said["reserves"]["civil"], "cost": []})["state"] == "calling"
    further = province.said(picked={"civil": [], "cost": []}, reserves={"civil": [], "cost": [colleague]})
    assert refused(province.hand_in, province.office.file("reply", further)) == "draw.reply.cap"


def test_which_seat_a_name_gets_was_committed_to_before_anybody_was_named(room: Room, door: Door) -> None:
    province = Province.make(room).asked()
    row = door.read(lambda session: session.get_one(PreparedDraw, draws_row(session, room).id))
    by = drawn_by(row.request)
    assert by is not None and by.order == order_commit(by.reference, bytes.fromhex(row.order_value))
    assert row.order_value not in province.letter.decode() and by.order not in province.letter.decode()
    province.reply()
    [drawn] = door.read(lambda session: chain.find(session, room.case, "draw.result"))
    assert read_statement(drawn.envelope.payload).body["order"] == row.order_value


def test_whom_the_pool_has_named_outsiders_are_not_told(room: Room, door: Door) -> None:
    province = Province.make(room).asked()
    province.reply()
    room.answer(room.called[0], "cannot", "health", "住院")
    room.recuse(room.tender.centre, view(room).picked["civil"][0])
    shown = {who: draws.as_seen(view(room), who.actor) for who in (room.tender.tenderer, room.tender.bidders[0], room.tender.centre)}
    told = {who: str((one.request, one.picked, one.reserves, one.recused_later)) for who, one in shown.items()}
    assert [("S-0" in text) for text in told.values()] == [False, False, True]
    for audience, hears in (("public", False), ("tenderer", False), ("host", True), ("supervisor", True)):
        heard = door.read(lambda session, audience=audience: streams.since(session, room.case, audience, 0))
        assert ("S-0" in str([entry.data for entry in heard])) is hears
        assert {"draw.result", "draw.recusal"} <= {entry.kind for entry in heard}
