"""Consortia through the services: being named binds nobody, signing does, and the bid stands under all names."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.engine import Engine

from core.kernel.errors import NotFound, RuleBroken, Stale, WrongState
from core.kernel.signing import Ed25519Signer
from core.kernel.work import Door
from tests.builders import consortia as made
from tests.builders.bids import Hall, hall
from tests.builders.invitations import inviting
from tests.builders.messages import inbox, tell, words
from tests.builders.people import Person
from tests.builders.trading import tender
from trading.domain.consortium import ConsortiumState
from trading.queries import awards, consortia, consortium_page, openings, receipts, remedy_facts
from trading.queries.bids import own_bid
from trading.queries.consortium_page import ConsortiumPage
from trading.queries.workplace import award_letter
from trading.services import lots, telling

pytestmark = pytest.mark.sqlite_alone


@pytest.fixture
def door(engine: Engine, platform_key: Ed25519Signer, clock_file: Path) -> Iterator[Door]:
    """A door that tells trading's events on."""
    opened = Door(engine, platform_key, announced=telling.ANNOUNCED, clock_file=clock_file, readers=2)
    yield opened
    opened.close()


@pytest.fixture
def room(door: Door, clock_file: Path, tmp_path: Path) -> Hall:
    """A lot that accepts consortia of three, and five firms."""
    one = hall(tender(door, clock_file), tmp_path, consortium_members=3)
    one.tender.join_bidders(5)
    tell(door)
    return one


def page(room: Hall, who: Person) -> ConsortiumPage:
    return room.tender.door.read(lambda session: consortium_page.page(session, room.number, who.actor, room.tender.now))


@pytest.mark.on_both
def test_all_sign_the_lead_seals_and_every_name_stands(room: Hall) -> None:
    world = room.tender
    a, b, c, d, e = world.bidders
    registration = made.register(world, (a, b))
    assert [one.state for one in page(room, b).consortia] == [ConsortiumState.FORMING]
    with pytest.raises(RuleBroken, match="consortium_unsigned"):
        made.seal(room, (a, b))
    assert made.say(world, b, "consortium.sign", registration)["state"] == "formed"
    with pytest.raises(WrongState, match=r"signed_already|wrong_state"):
        made.say(world, b, "consortium.sign", registration)
    with pytest.raises(RuleBroken, match="consortium_member"):
        room.seal(b)
    with pytest.raises(Stale, match="consortium_other"):
        room.seal(a)
    with pytest.raises(Stale, match="consortium_other"):
        made.seal(room, (a, b), members=(a, c))
    answer = made.seal(room, (a, b))
    number = str(answer["receipts"][0]["id"])
    joint = f"{a.org_name}（联合体牵头人）、{b.org_name}"
    assert world.door.read(lambda session: receipts.receipt(session, a.actor, number)).bidder == joint
    assert world.door.read(lambda session: own_bid(session, a.actor, room.number, world.now)).consortium == (a.org, b.org)
    for firm in (c, d, e):
        room.seal(firm)
    room.close()
    listed = world.door.read(lambda session: openings.bidders(session, world.lot_id))
    assert (a.org, joint) in listed and b.org not in {org for org, _ in listed}
    took = world.door.read(lambda session: awards.took_part(session, world.lot_id))
    assert set(took) == {a.org, b.org, c.org, d.org, e.org}


def test_what_becomes_of_its_bid_is_told_to_every_member(room: Hall) -> None:
    world = room.tender
    a, b, c, d, e = world.bidders
    made.formed(world, (a, b))
    made.seal(room, (a, b))
    for firm in (c, d, e):
        room.seal(firm)
    room.close()
    world.step(lots.begin_evaluation)
    world.accept_report([a.org, c.org, d.org])
    joint = f"{a.org_name}（联合体牵头人）、{b.org_name}"
    shown = world.door.read(lambda session: awards.candidates(session, world.lot_id))
    assert joint in {candidate.name for candidate in shown}
    world.publish_candidates()
    world.end_publicity()
    world.step_award()
    world.send_award_notice()
    tell(world.door)
    assert "award.won" in words(a) and "award.won" in words(b) and "award.lost" not in words(b) and "award.lost" in words(c)
    letters = [world.door.read(lambda session, who=who: award_letter(session, room.number, who.actor, world.now)) for who in (b, c)]  # type: ignore[misc]
    assert [letter.is_loser for letter in letters] == [False, True]
    assert world.door.read(lambda session: remedy_facts.took_part(session, world.lot, b.org))


def test_being_named_binds_nobody_and_nobody_else_learns_of_it(room: Hall) -> None:
    world = room.tender
    a, b, c, *_ = world.bidders
    registration = made.register(world, (a, b))
    assert page(room, c).consortia == () and page(room, b).consortia[0].members[1].signed_at is None
    room.seal(b)  # alone, since it has not signed
    with pytest.raises(RuleBroken, match=r"consortium\.has_bid"):
        made.say(world, b, "consortium.sign", registration)
    with pytest.raises(NotFound):
        made.say(world, c, "consortium.sign", registration)
    with pytest.raises(NotFound):
        made.say(world, c, "consortium.dissolve", registration, org=str(b.org))
    with pytest.raises(NotFound):
        page(room, world.agency)


@pytest.mark.on_both
def test_who_is_bound_joins_no_other_until_it_is_dissolved(room: Hall) -> None:
    world = room.tender
    a, b, c, *_ = world.bidders
    first = made.formed(world, (a, b))
    second = made.register(world, (c, b))
    with pytest.raises(RuleBroken, match=r"consortium\.bound"):
        made.say(world, b, "consortium.sign", second)
    with pytest.raises(RuleBroken, match=r"consortium\.bound"):
        made.register(world, (a, c))
    with pytest.raises(RuleBroken, match=r"consortium\.bound"):
        made.register(world, (b, c))
    answer = made.seal(room, (a, b))
    with pytest.raises(WrongState, match=r"consortium\.sealed"):
        made.say(world, b, "consortium.dissolve", first)
    room.withdraw(a, answer)
    made.say(world, b, "consortium.dissolve", first)
    made.say(world, b, "consortium.sign", second)
    room.seal(a, ver=2)
    assert world.door.read(lambda session: consortia.bound_orgs(session, world.lot_id)) in ((c.org, b.org), (b.org, c.org))


def test_only_what_was_drafted_is_registered_and_only_in_time(room: Hall) -> None:
    world = room.tender
    a, b, c, d, _ = world.bidders
    body = made.draft(world, (a, b))
    made.draft(world, (a, c))
    request = a.act("consortium.register", world.case, world.no, body=body, step_up=True)
    with pytest.raises(Stale, match="draft_other"):
        world.door.perform(a.actor, lambda work: made.consortia.register(work, world.number, request))
    with pytest.raises(RuleBroken, match="members_unfit"):
        made.draft(world, (a, b, c, d), ("25.00", "25.00", "25.00", "25.00"))
    with pytest.raises(RuleBroken, match="lead_other"):
        world.door.perform(
            b.actor,
            lambda work: made.consortia.save(
                work, world.number, {"members": [{"uscc": firm.uscc, "share": "50.00", "duty": "施工"} for firm in (a, b)]}
            ),
        )
    assert world.lot.deadline is not None
    world.jump(world.lot.deadline)
    with pytest.raises(RuleBroken, match=r"bid\.seal\.late"):
        made.register(world, (c, d))


@pytest.mark.parametrize("invited", [False, True])
def test_where_none_is_accepted_none_is_drafted(door: Door, clock_file: Path, tmp_path: Path, invited: bool) -> None:
    world = tender(door, clock_file)
    firms = world.join_bidders(3)
    room = hall(inviting(world, firms) if invited else world, tmp_path, **({"consortium_members": 3} if invited else {}))
    with pytest.raises(RuleBroken, match="not_accepted"):
        made.draft(world, firms[:2])
    assert not page(room, firms[0]).may_draft
    room.seal(firms[0])


def test_members_are_told_in_the_inbox_and_nobody_else(room: Hall) -> None:
    world = room.tender
    a, b, c, *_ = world.bidders
    made.formed(world, (a, b))
    tell(world.door)
    assert words(b) == ["consortium.register", "consortium.sign"] == words(a) and words(c) == []
    assert inbox(b)[0].link == f"/lots/{world.number}/consortium"
    assert not any(words(who) for who in (world.agency, world.tenderer) if "consortium.register" in words(who))
