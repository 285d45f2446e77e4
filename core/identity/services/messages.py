"""People are told: each once for an event, all in one go, by the ways they chose; and what they read and choose."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import insert, select, update

from core.identity.domain.message import (
    DeliveryState,
    Discretion,
    Language,
    Medium,
    Notice,
    QuietHours,
    Telling,
    Topic,
    Wishes,
    has_waited_too_long,
    waits,
    ways,
)
from core.identity.models.messages import ChannelHealth, Contact, Delivery, InboxMessage, Manner, Wish
from core.identity.models.people import Person
from core.identity.services.acts import acting_person
from core.kernel.db import insert_new, lock, table
from core.kernel.ids import PersonId, new_id
from core.kernel.work import Work

TOPICS: Mapping[Medium, str] = {Medium.MAIL: "message.mail", Medium.SMS: "message.sms"}  # of the outbox: one postman each


def tell(work: Work, event: UUID, told: Sequence[tuple[Telling, Iterable[PersonId]]]) -> int:
    """Tells people of one event in one transaction, who stands in several lines as of the first; returns how many had not been told.

    Their order is drawn anew each time: who carries the mail must not learn who stands where in a list of ours.
    """
    tellings: dict[PersonId, Telling] = {}
    for telling, people in told:
        tellings = dict.fromkeys(people, telling) | tellings
    fresh = _untold(work, event, set(tellings))
    secrets.SystemRandom().shuffle(fresh)
    if not fresh:
        return 0
    now, habits = work.now(), _Habits(work, fresh)
    messages, deliveries = [], []
    for person in fresh:
        telling = tellings[person]
        chosen = ways(telling, habits.wishes.get(person, {}), habits.reachable.get(person, frozenset()))
        message = _message(event, telling.notice, person, Medium.INBOX in chosen, now)
        messages.append(message)
        for medium in sorted(chosen - {Medium.INBOX}, key=lambda medium: medium.value):
            delay = waits(telling.notice.topic, habits.quiet.get(person, QuietHours()), now)
            row = _delivery(message["id"], medium, int(delay.total_seconds()), telling.discretion, now)
            deliveries.append(row)
            work.send(TOPICS[medium], str(row["id"]), {"delivery": str(row["id"])}, delay)
    connection = work.session.connection()
    connection.execute(insert(table(InboxMessage)), messages)
    if deliveries:
        connection.execute(insert(table(Delivery)), deliveries)
    return len(fresh)


def _untold(work: Work, event: UUID, people: set[PersonId]) -> list[PersonId]:
    told = set(work.session.scalars(select(InboxMessage.person_id).where(InboxMessage.event_id == event)))
    here = work.session.scalars(select(Person.id).where(Person.id.in_(people - told), Person.disabled_at.is_(None)))
    return [PersonId(person) for person in here]


def _message(event: UUID, notice: Notice, person: PersonId, is_shown: bool, now: datetime) -> dict[str, object]:
    said = {"topic": notice.topic, "words": notice.words, "number": notice.number, "title": notice.title, "link": notice.link}
    return {"id": new_id(now), "event_id": event, "person_id": person, "is_shown": is_shown, "told_at": now, "read_at": None, **said}


def _delivery(message: object, medium: Medium, waits_s: int, discretion: Discretion, now: datetime) -> dict[str, object]:
    row = {"id": new_id(now), "message_id": message, "medium": medium, "state": DeliveryState.WAITING, "fault": "", "waits_s": waits_s}
    return row | {"is_open": discretion is Discretion.OPEN, "changed_at": now}


class _Habits:
    """By which ways these people can be reached, and what they chose, each asked of the database once."""

    def __init__(self, work: Work, people: Sequence[PersonId]) -> None:
        self.wishes: dict[PersonId, dict[tuple[Topic, Medium], bool]] = {}
        for wish in work.session.scalars(select(Wish).where(Wish.person_id.in_(people))):
            self.wishes.setdefault(PersonId(wish.person_id), {})[wish.topic, wish.medium] = wish.wanted
        self.reachable: dict[PersonId, frozenset[Medium]] = {}
        query = select(Contact.person_id, Contact.medium).where(Contact.person_id.in_(people), Contact.address != "")
        for person, medium in work.session.execute(query):
            self.reachable[PersonId(person)] = self.reachable.get(PersonId(person), frozenset()) | {medium}
        manners = work.session.scalars(select(Manner).where(Manner.person_id.in_(people)))
        self.quiet = {PersonId(row.person_id): QuietHours(row.quiet_begin, row.quiet_end) for row in manners}


# Reading


def read(work: Work, message: UUID) -> str:
    """Marks one of one's own messages as read; returns where it leads. Raises NotFound for anybody else's."""
    row = lock(work.session, InboxMessage, InboxMessage.id == message, InboxMessage.person_id == acting_person(work))
    row.read_at = row.read_at or work.now()
    return row.link


def read_all(work: Work) -> None:
    """Marks all of one's messages as read."""
    query = update(InboxMessage).where(InboxMessage.person_id == acting_person(work), InboxMessage.read_at.is_(None))
    work.session.execute(query.values(read_at=work.now()))


# Choosing


def choose(work: Work, wishes: Wishes, language: Language, quiet: QuietHours) -> None:
    """Sets by which ways one has which messages, in which language, and when not."""
    person = acting_person(work)
    connection = work.session.connection()
    for (topic, medium), wanted in wishes.items():
        insert_new(connection, Wish, [{"person_id": person, "topic": topic, "medium": medium, "wanted": wanted}])
        same = (Wish.person_id == person) & (Wish.topic == topic) & (Wish.medium == medium)
        work.session.execute(update(Wish).where(same).values(wanted=wanted))
    manner = {"language": language, "quiet_begin": quiet.begin, "quiet_end": quiet.end}
    insert_new(connection, Manner, [{"person_id": person, **manner}])
    work.session.execute(update(Manner).where(Manner.person_id == person).values(**manner))


# What became of a message outside


def note_sent(work: Work, delivery: UUID) -> None:
    """The other side has taken it."""
    _note(work, delivery, DeliveryState.SENT, "")


def note_refused(work: Work, delivery: UUID, fault: str) -> None:
    """The other side will never take it."""
    _note(work, delivery, DeliveryState.FAILED, fault)


def note_trouble(work: Work, delivery: UUID, fault: str) -> bool:
    """It was not taken this time; True when it is worth another try, False when it has been tried for a day and is given up."""
    row = lock(work.session, Delivery, Delivery.id == delivery)
    told_at = work.session.scalars(select(InboxMessage.told_at).where(InboxMessage.id == row.message_id)).one()
    is_over = has_waited_too_long(told_at, row.waits_s, work.now())
    _note(work, delivery, DeliveryState.FAILED if is_over else DeliveryState.WAITING, fault)
    return not is_over


def _note(work: Work, delivery: UUID, state: DeliveryState, fault: str) -> None:
    row = lock(work.session, Delivery, Delivery.id == delivery)
    row.state, row.fault, row.changed_at = state, fault[:64], work.now()


def note_health(work: Work, medium: Medium, fault: str) -> None:
    """What a probe found; "" when all is well."""
    now = work.now()
    insert_new(work.session.connection(), ChannelHealth, [{"medium": medium, "ok_at": None, "failed_at": None, "fault": ""}])
    row = lock(work.session, ChannelHealth, ChannelHealth.medium == medium)
    row.fault = fault[:64]
    if fault:
        row.failed_at = now
    else:
        row.ok_at = now
