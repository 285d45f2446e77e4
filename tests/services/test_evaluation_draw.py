"""The draw through its services, on both databases: prepared, requested, committed, revealed, recused, formed; replayed by the kernel."""

from __future__ import annotations

import pytest

from core.kernel import chain, streams
from core.kernel import draw as kernel
from core.kernel.errors import NotAllowed, NotFound, Refusal, RuleBroken, Stale, WrongState
from core.kernel.roles import Role
from core.kernel.work import Door
from evaluation.domain.committee import SitePlan
from evaluation.domain.draw import Quota, State
from evaluation.domain.region_mix import Share, spread
from evaluation.queries import draws
from evaluation.services import draws as services
from evaluation.services import pool
from tests.builders.evaluation import HOST, NORTH, SITES, SOUTH, Room
from tests.builders.stages import DRAWN, READY

pytestmark = [pytest.mark.begins(READY), pytest.mark.sqlite_alone]


def refused(kind: type[Refusal], act: object, *given: object, **more: object) -> str:
    with pytest.raises(kind) as refusal:
        act(*given, **more)  # type: ignore[operator]
    return refusal.value.code


@pytest.mark.begins(DRAWN)
@pytest.mark.on_both
def test_a_draw_is_recomputed_from_its_published_parts_and_names_nobody(room: Room, door: Door) -> None:
    view = door.read(lambda session: draws.by_name(session, room.number, room.draw))
    record = door.read(lambda session: draws.public_record(session, room.number, room.draw))
    again = kernel.replay(kernel.parse_draw(record))
    assert again.mismatched == () and again.seed.hex() == view.seed and again.pool_hash.hex() == view.pool_hash
    assert {stratum: list(ids) for stratum, ids in again.picked.items()} == view.picked and view.state is State.CALLING
    said = str(record)
    assert not any(str(one.person) in said or one.name in said or one.org_name in said for one in room.experts)
    kinds = [event.kind for event in door.read(lambda session: chain.events(session, room.case)) if event.kind.startswith("draw")]
    assert kinds == ["draw.request", *["draw.commit"] * 3, *["draw.reveal"] * 3, "draw.result", *["draw.call"] * 7]
    public = door.read(lambda session: streams.since(session, room.case, "public", 0))
    assert [entry.kind for entry in public if entry.kind == "draw.result"] == ["draw.result"]


def test_the_employee_of_a_bidder_is_recused_without_a_word_of_whose(room: Room, door: Door) -> None:
    request = room.prepare()["request"]
    assert isinstance(request, dict)
    bidders_own = next(one for one in room.experts if one.org == room.tender.bidders[0].org)
    assert len(request["recused"]) == 1
    room.drawn()
    assert room.asked(bidders_own) is None
    assert not any(bidder.org_name in str(request) for bidder in room.tender.bidders)


def test_each_preparation_has_fresh_pseudonyms_and_only_the_newest_can_be_signed(room: Room) -> None:
    first, second = room.prepare(), room.prepare()
    assert first["draw"] == second["draw"] and first["request"] != second["request"]
    assert refused(RuleBroken, room.request, first) == "draw.request.other"
    room.request(second)
    assert refused(WrongState, room.request, second) == "draw.request.twice"


def test_a_request_that_makes_no_lawful_committee_is_refused(room: Room) -> None:
    assert refused(RuleBroken, room.prepare, quotas=(Quota("civil", 4),)) == "draw.form.size"
    assert (
        refused(RuleBroken, room.prepare, quotas=(Quota("civil", 9),), sites=(SitePlan(HOST, 5), SitePlan(NORTH, 4)))
        == "draw.request.too_few"
    )
    assert refused(RuleBroken, room.prepare, sites=(SitePlan(HOST, 3), SitePlan(NORTH, 2))) == "committee.seats"
    assert refused(RuleBroken, room.prepare, sites=(SitePlan(NORTH, 3), SitePlan(HOST, 4))) == "draw.request.host_site"
    assert refused(RuleBroken, room.prepare, sites=(SitePlan("无此场地", 7),)) == "draw.request.site"
    assert refused(RuleBroken, room.prepare, sites=(SitePlan(HOST, 9),)) == "draw.request.site"
    assert refused(NotAllowed, room.prepare, who=room.tender.supervisor) == "draw.prepare.not_allowed"


def test_nobody_reveals_before_all_have_committed_and_nobody_twice(room: Room) -> None:
    room.requested()
    centre, supervisor, tenderer = room.parties
    room.commit(centre)
    assert refused(WrongState, room.commit, centre) == "draw.commit.twice"
    assert refused(WrongState, room.reveal, centre) == "draw.reveal.wrong_state"
    assert refused(RuleBroken, room.commit, supervisor, party="tenderer") == "draw.party.other"
    assert refused(NotAllowed, room.commit, room.tender.agency) == "draw.party.not_allowed"
    room.commit(supervisor)
    assert room.commit(tenderer) == {"state": "committed"}
    assert refused(RuleBroken, room.reveal, centre, value="00" * 32) == "draw.reveal.differs"
    room.reveal(centre)
    assert refused(WrongState, room.reveal, centre) == "draw.reveal.twice"
    assert refused(WrongState, room.form) == "draw.form.wrong_state"


def test_another_projects_tenderer_is_no_party(room: Room) -> None:
    room.requested()
    other = room.tender.crowd.join(Role.TENDERER, "云川市交通投资有限公司")
    assert refused(NotAllowed, room.commit, other) == "draw.party.not_allowed"


def test_the_record_is_not_there_before_the_result(room: Room, door: Door) -> None:
    room.requested()
    with pytest.raises(WrongState):
        door.read(lambda session: draws.public_record(session, room.number, room.draw))
    for read in (draws.public_record, draws.by_name):
        with pytest.raises(NotFound):
            door.read(lambda session, read=read: read(session, room.number, "draw-1-9"))


@pytest.mark.begins(DRAWN)
@pytest.mark.on_both
def test_the_committee_is_formed_once_when_the_opening_is_closed(room: Room) -> None:
    assert refused(WrongState, room.form) == "draw.form.wrong_state"
    room.all_answer()
    room.opened.closed = False
    assert refused(WrongState, room.form) == "draw.form.opening"
    room.opened.closed = True
    assert refused(NotAllowed, room.form, room.tender.tenderer) == "draw.form.not_allowed"
    seats = room.form()["seats"]
    assert isinstance(seats, list) and [seat["site"] for seat in seats] == [HOST] * 3 + [NORTH] * 2 + [SOUTH] * 2
    assert refused(WrongState, room.form) == "draw.form.wrong_state"
    seated = room.members[0]
    call = room.call(seated)
    assert call is not None and call.seat == "1" and call.state == "committee_formed"
    room.sign_in(seated)
    assert refused(WrongState, room.recuse, room.tender.centre, call.id) == "draw.recuse.in_room"


def test_a_draw_is_only_for_a_lot_that_is_being_opened(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    room.prepare()
    monkeypatch.setattr(services, "is_opening", lambda lot: False)
    assert refused(WrongState, room.prepare) == "draw.request.lot_state"


@pytest.mark.on_both
def test_the_same_commit_sent_again_gets_the_same_answer(room: Room) -> None:
    room.requested()
    who = room.tender.centre
    made = kernel.commit(room.case, room.draw, "centre", bytes(32)).hex()
    room.secrets["centre"] = bytes(32)
    body = room.slip(room.draw, "centre", made)
    act = who.act("draw.commit", room.case, "1", 0, body)
    first = room.perform(who, lambda work: services.commit(work, room.number, act))
    assert room.perform(who, lambda work: services.commit(work, room.number, act)) == first
    stale = who.act("draw.commit", room.case, "1", 0, body, prev="")
    assert refused(Stale, room.perform, who, lambda work: services.commit(work, room.number, stale)) == "act.prev"


@pytest.mark.on_both
def test_a_site_is_added_once(room: Room) -> None:
    centre = room.tender.centre
    sites = {room.perform(centre, lambda work: pool.add_site(work, SITES[0].site, "临江市", True, 8)) for _ in range(2)}
    assert len(sites) == 1


def test_regions_are_strata_of_the_request_and_the_draw_is_recomputed_as_any_other(room: Room, door: Door) -> None:
    asked = (Share("civil", "临江市", 2), Share("civil", "云川市", 1, False))
    abroad = spread([Quota("civil", 5), Quota("cost", 2)], [Share("civil", "海外", 5)])
    assert refused(RuleBroken, room.prepare, quotas=abroad) == "draw.request.too_few"
    drawn = room.drawn(quotas=spread([Quota("civil", 5), Quota("cost", 2)], asked))
    record = door.read(lambda session: draws.public_record(session, drawn.number, drawn.draw))
    request = record["request"]
    assert isinstance(request, dict)
    assert request["strata"] == [
        {"id": "civil@临江市", "quota": 2},
        {"id": "civil@!云川市", "quota": 2},
        {"id": "civil", "quota": 1},
        {"id": "cost", "quota": 2},
    ]
    view = door.read(lambda session: draws.by_name(session, drawn.number, drawn.draw))
    again = kernel.replay(kernel.parse_draw(record))
    assert {stratum: list(ids) for stratum, ids in again.picked.items()} == view.picked
