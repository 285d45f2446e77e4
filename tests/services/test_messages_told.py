"""What happens to a lot is told at one moment to everybody concerned, once each, and to nobody by a way on which they could be counted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.engine import Engine

from core.identity.domain.contact import Answer
from core.identity.domain.message import Discretion, Language, Medium, Notice, QuietHours, Telling, Topic
from core.identity.models.messages import Delivery, InboxMessage
from core.identity.queries import messages as queries
from core.identity.services import contacts, messages, people
from core.kernel import clock, outbox
from core.kernel.actor import SYSTEM_ACTOR
from core.kernel.calendar import BEIJING
from core.kernel.errors import NotFound, RuleBroken
from core.kernel.roles import Role
from core.kernel.signing import Ed25519Signer
from core.kernel.work import Door
from tests.builders.bids import Hall, hall
from tests.builders.messages import CODE, inbox, reach, tell, words
from tests.builders.people import People, Person
from tests.builders.trading import tender
from trading.queries import follows as follow_queries
from trading.services import follows, lots, telling

pytestmark = pytest.mark.sqlite_alone


@pytest.fixture
def door(engine: Engine, platform_key: Ed25519Signer, clock_file: Path) -> Iterator[Door]:
    """A door that tells trading's events on."""
    opened = Door(engine, platform_key, announced=telling.ANNOUNCED, clock_file=clock_file, readers=2)
    yield opened
    opened.close()


@pytest.fixture
def room(door: Door, clock_file: Path, tmp_path: Path) -> Hall:
    """A lot that takes bids; what was told until then is delivered."""
    made = hall(tender(door, clock_file), tmp_path)
    tell(door)
    return made


def follow(room: Hall, person: Person) -> Person:
    room.perform(person, lambda work: follows.follow(work, room.number))
    return person


def sent_outside(door: Door) -> list[tuple[str, Medium]]:
    """(words, medium) of all that was put on a way outside."""
    query = select(InboxMessage.words, Delivery.medium).join(InboxMessage, InboxMessage.id == Delivery.message_id)
    return [(said, medium) for said, medium in door.read(lambda session: session.execute(query).all())]


@pytest.mark.on_both
def test_followers_and_those_with_a_bid_hear_of_the_deadline_at_one_moment_and_once(room: Hall) -> None:
    one, two, three, none = room.tender.join_bidders(4)
    visitor = follow(room, room.tender.crowd.join(Role.EXPERT, "临江大学"))
    follow(room, one)
    for bidder in (one, two, three):
        room.seal(bidder)
    room.close()
    assert tell(room.tender.door) == 1
    heard = [inbox(person)[-1] for person in (one, two, three, visitor, room.tender.tenderer, room.tender.agency)]
    assert {(view.words, view.number) for view in heard} == {("close", room.number)}
    assert len({view.told_at for view in heard}) == 1
    assert words(none) == []
    event = room.tender.door.read(
        lambda session: session.scalars(select(InboxMessage.event_id).where(InboxMessage.words == "close")).first()
    )
    again = {"event": str(event), "kind": "close", "case": room.tender.case, "lot": room.tender.no}
    room.perform(None, lambda work: telling.tell(work, again))
    assert words(one).count("close") == 1


def test_before_the_opening_only_followers_are_told_outside_and_nothing_shows_who_of_them_bids(room: Hall) -> None:
    bids, bids_and_follows, follows_only, bids_unreachably = room.tender.join_bidders(4)
    for number, person in enumerate((bids, bids_and_follows, follows_only)):
        reach(person, Medium.SMS, f"1380013800{number}")
        room.perform(person, lambda work: messages.choose(work, {(Topic.PROGRESS, Medium.SMS): True}, Language.CHINESE, QuietHours(0, 0)))
    follow(room, bids_and_follows)
    follow(room, follows_only)
    for bidder in (bids, bids_and_follows, bids_unreachably):
        room.seal(bidder)
    room.close()
    tell(room.tender.door)
    assert sent_outside(room.tender.door) == [("close", Medium.SMS)] * 2
    assert inbox(bids)[-1].sent == ()
    one, other = inbox(bids_and_follows)[-1], inbox(follows_only)[-1]
    assert (one.words, one.title, one.link, one.sent) == (other.words, other.title, other.link, other.sent)
    assert room.tender.door.read(queries.failures) == ()


def test_winner_and_losers_hear_at_once_and_each_in_their_own_words(room: Hall) -> None:
    world = room.tender
    bidders = world.join_bidders(3)
    watcher = follow(room, world.crowd.join(Role.EXPERT, "临江大学"))
    for bidder in bidders:
        room.seal(bidder)
    room.close()
    room.grow()
    room.sign_in(*bidders)
    room.start()
    tell(world.door)
    assert [words(bidder)[-1] for bidder in bidders] == ["opening.start"] * 3
    assert words(watcher)[-1] == "opening.start.public"
    world.step(lots.begin_evaluation)
    world.accept_report([bidder.org for bidder in bidders])
    world.publish_candidates()
    tell(world.door)
    assert {words(person)[-1] for person in (*bidders, watcher)} == {"candidates.publish"}
    world.end_publicity()
    world.step_award()
    reach(bidders[2], Medium.MAIL, "loser@example.cn")
    world.send_award_notice()
    tell(world.door)
    assert [words(bidder)[-1] for bidder in bidders] == ["award.won", "award.lost", "award.lost"]
    assert words(watcher)[-1] == words(world.agency)[-1] == "award.public"
    assert len({inbox(person)[-1].told_at for person in (*bidders, watcher)}) == 1
    assert inbox(bidders[2])[-1].sent[0][0] is Medium.MAIL


@pytest.mark.on_both
def test_the_parties_are_told_what_waits_for_them(door: Door, clock_file: Path) -> None:
    world = tender(door, clock_file)
    world.noticed()
    tell(door)
    assert words(world.tenderer) == ["project.register", "document.publish"]
    assert words(world.agency) == ["project.countersign", "notice.publish"]
    assert inbox(world.tenderer)[0].link == f"/projects/{world.case}"


@pytest.mark.on_both
def test_following_is_one_s_own_and_can_be_left(room: Hall) -> None:
    person = follow(room, room.tender.join_bidders(1)[0])
    follow(room, person)
    own = room.tender.door.read(lambda session: follow_queries.followed(session, person.actor))
    assert [lot.number for lot in own] == [room.number]
    room.perform(person, lambda work: follows.leave(work, room.number))
    room.close()
    tell(room.tender.door)
    assert words(person) == []
    with pytest.raises(NotFound):
        room.perform(person, lambda work: follows.follow(work, "T2026-999999-1"))


@pytest.mark.on_both
def test_the_order_in_which_people_are_told_is_drawn(door: Door) -> None:
    crowd = People(door)
    firms = [crowd.join(Role.BIDDER, f"第{n}建筑工程有限公司", keys=False) for n in range(12)]
    for number, firm in enumerate(firms):
        reach(firm, Medium.SMS, f"138{number:08d}")
    told_to = select(Delivery.id, InboxMessage.person_id).join(InboxMessage, InboxMessage.id == Delivery.message_id)
    sent = select(outbox.Message.key).where(outbox.Message.topic == "message.sms").order_by(outbox.Message.id)
    orders = []
    for _ in range(2):
        line = [(said(Topic.CHANGE), [firm.person for firm in firms])]
        door.perform(SYSTEM_ACTOR, lambda work, line=line: messages.tell(work, uuid4(), line))  # type: ignore[misc]
        named = {str(delivery): person for delivery, person in door.read(lambda session: session.execute(told_to).all())}
        orders.append([named[key] for key in door.read(lambda session: list(session.scalars(sent)))[-12:]])
    assert orders[0] != orders[1] and set(orders[0]) == set(orders[1]) == {firm.person for firm in firms}


# One person's messages, whatever they are about


def said(topic: Topic = Topic.TASK, discretion: Discretion = Discretion.OPEN) -> Telling:
    return Telling(Notice("close", topic, "T2026-000001-1", "一标段", "/lots/T2026-000001-1"), discretion)


@pytest.fixture
def person(door: Door) -> Person:
    return People(door).join(Role.BIDDER, "第一建筑工程有限公司", keys=False)


def told(person: Person, telling_: Telling) -> int:
    event = uuid4()
    return person.door.perform(SYSTEM_ACTOR, lambda work: messages.tell(work, event, [(telling_, [person.person])]))


@pytest.mark.on_both
def test_who_stands_in_two_lines_is_told_as_of_the_first(person: Person) -> None:
    event = uuid4()
    lines = [(said(Topic.RESULT), [person.person]), (said(Topic.CHANGE), [person.person])]
    assert person.door.perform(SYSTEM_ACTOR, lambda work: messages.tell(work, event, lines)) == 1
    assert [view.topic for view in inbox(person)] == [Topic.RESULT]


def test_who_has_left_is_told_nothing(person: Person) -> None:
    person.door.perform(SYSTEM_ACTOR, lambda work: people.end_roles(work, person.person, clock.now()))
    assert told(person, said()) == 0


@pytest.mark.on_both
def test_messages_are_read_one_by_one_or_all_and_only_by_their_person(person: Person, door: Door) -> None:
    for _ in range(3):
        told(person, said())
    count = lambda: door.read(lambda session: queries.unread(session, person.person))  # noqa: E731
    first = inbox(person)[0]
    stranger = People(door).join(Role.BIDDER, "第二建筑工程有限公司", login="stranger", keys=False)
    with pytest.raises(NotFound):
        door.perform(stranger.actor, lambda work: messages.read(work, first.id))
    assert door.perform(person.actor, lambda work: messages.read(work, first.id)) == first.link
    assert count() == 2
    door.perform(person.actor, messages.read_all)
    assert count() == 0


def test_what_is_not_wanted_in_the_inbox_is_not_shown_but_legal_notices_are(person: Person, door: Door) -> None:
    nothing = {(topic, medium): False for topic in Topic for medium in Medium}
    door.perform(person.actor, lambda work: messages.choose(work, nothing, Language.ENGLISH, QuietHours(0, 0)))
    for topic in Topic:
        told(person, said(topic))
    assert {view.topic for view in inbox(person)} == {Topic.CHANGE, Topic.RESULT}


@pytest.mark.parametrize(("topic", "waits"), [(Topic.TASK, True), (Topic.CHANGE, False)])
def test_at_night_a_message_waits_in_the_outbox_unless_the_law_wants_it_told(
    person: Person, door: Door, clock_file: Path, topic: Topic, waits: bool
) -> None:
    reach(person, Medium.MAIL, "zhang@example.cn")
    now = door.read(door.clock)
    night = now.astimezone(BEIJING).replace(hour=23, minute=0, second=0, microsecond=0)
    clock.write_offset(clock_file, clock.read_offset(clock_file) + (night if night > now else night + timedelta(days=1)) - now)
    told(person, said(topic))
    due: list[datetime] = door.read(
        lambda session: list(session.scalars(select(outbox.Message.due_at).where(outbox.Message.topic == "message.mail")))
    )
    assert len(due) == 1
    assert (due[0] - clock.now() > timedelta(hours=7)) is waits


@pytest.mark.on_both
def test_an_address_counts_once_its_code_came_back_and_the_old_one_until_then(person: Person, door: Door, clock_file: Path) -> None:
    reach(person, Medium.MAIL, "old@example.cn")
    with pytest.raises(RuleBroken, match="too_soon"):
        door.perform(
            person.actor,
            lambda work: (contacts.ask(work, Medium.MAIL, "a@example.cn", CODE), contacts.ask(work, Medium.MAIL, "b@example.cn", CODE)),
        )
    door.perform(person.actor, lambda work: contacts.ask(work, Medium.MAIL, "new@example.cn", CODE))
    view = door.read(lambda session: queries.choices(session, person.person)).contacts[Medium.MAIL]
    assert (view.address, view.asked) == ("old@example.cn", "new@example.cn")
    for _ in range(5):
        assert door.perform(person.actor, lambda work: contacts.confirm(work, Medium.MAIL, b"x" * 32)) is Answer.WRONG
    assert door.perform(person.actor, lambda work: contacts.confirm(work, Medium.MAIL, CODE)) is Answer.TOO_LATE
    assert door.read(lambda session: queries.choices(session, person.person)).contacts[Medium.MAIL].address == "old@example.cn"
    door.perform(person.actor, lambda work: contacts.forget(work, Medium.MAIL))
    with pytest.raises(NotFound):
        door.perform(person.actor, lambda work: contacts.confirm(work, Medium.MAIL, CODE))


def test_a_key_certified_in_somebody_s_name_is_told_to_them_at_once(door: Door) -> None:
    person = People(door).join(Role.BIDDER, "第一建筑工程有限公司")
    page = door.read(lambda session: queries.inbox(session, person.person, Topic.ACCOUNT, False, None))
    assert [(view.words, view.link) for view in page.messages] == [("account.key", "/me/devices")] * 2


@pytest.mark.on_both
def test_a_letter_that_failed_for_a_day_is_given_up(person: Person, door: Door, clock_file: Path) -> None:
    reach(person, Medium.MAIL, "zhang@example.cn")
    told(person, said(Topic.RESULT))
    delivery = door.read(lambda session: session.scalars(select(Delivery.id)).one())
    assert door.perform(SYSTEM_ACTOR, lambda work: messages.note_trouble(work, delivery, "smtp_450"))
    clock.write_offset(clock_file, clock.read_offset(clock_file) + timedelta(hours=25))
    assert not door.perform(SYSTEM_ACTOR, lambda work: messages.note_trouble(work, delivery, "smtp_450"))
    failed = door.read(queries.failures)
    assert [(line.fault, line.state.value, line.number) for line in failed] == [("smtp_450", "failed", "T2026-000001-1")]
    assert door.read(lambda session: queries.carried(session, delivery)) is None
