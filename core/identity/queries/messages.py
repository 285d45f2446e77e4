"""Messages as their person reads them, letters as they are carried, and what an operator may know of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.identity.domain.message import OUTSIDE, DeliveryState, Language, Medium, QuietHours, Topic, is_wanted
from core.identity.models.messages import ChannelHealth, Contact, Delivery, InboxMessage, Manner, Wish
from core.identity.models.people import Person
from core.kernel.ids import PersonId

PAGE = 30
MOST_COUNTED = 99
FAILURES = 100


@dataclass(frozen=True, slots=True)
class MessageView:
    """A message in the inbox."""

    id: UUID
    topic: Topic
    words: str
    number: str
    title: str
    link: str
    told_at: datetime
    is_read: bool
    sent: tuple[tuple[Medium, DeliveryState], ...]


@dataclass(frozen=True, slots=True)
class InboxPage:
    """At most 30 messages, the youngest first; `after` is where the next page begins, "" on the last."""

    messages: tuple[MessageView, ...]
    after: str
    unread: int


@dataclass(frozen=True, slots=True)
class ContactView:
    """Where somebody is reached by one way; `asked` waits for its code."""

    medium: Medium
    address: str
    asked: str


@dataclass(frozen=True, slots=True)
class ChoiceView:
    """What somebody chose, or what holds unless they do."""

    wanted: frozenset[tuple[Topic, Medium]]
    language: Language
    quiet: QuietHours
    contacts: Mapping[Medium, ContactView]


@dataclass(frozen=True, slots=True)
class Carried:
    """A delivery that waits, with what its letter is made of."""

    medium: Medium
    address: str
    language: Language
    words: str
    number: str
    title: str
    link: str


@dataclass(frozen=True, slots=True)
class HealthView:
    """What the last probe of a way outside found."""

    medium: Medium
    ok_at: datetime | None
    failed_at: datetime | None
    fault: str


@dataclass(frozen=True, slots=True)
class FailureView:
    """A delivery that failed, or fails still, and whose person is known to be concerned."""

    person: PersonId
    name: str
    medium: Medium
    topic: Topic
    number: str
    state: DeliveryState
    fault: str
    changed_at: datetime


def unread(session: Session, person: PersonId) -> int:
    """How many messages a person has not read, 99 at most."""
    mine = select(InboxMessage.id).where(InboxMessage.person_id == person, InboxMessage.read_at.is_(None), InboxMessage.is_shown)
    return session.scalar(select(func.count()).select_from(mine.limit(MOST_COUNTED).subquery())) or 0


def inbox(
    session: Session, person: PersonId, topic: Topic | None = None, only_unread: bool = False, after: UUID | None = None
) -> InboxPage:
    """A person's inbox, from the message `after` on (keyset paging)."""
    query = select(InboxMessage).where(InboxMessage.person_id == person, InboxMessage.is_shown)
    if topic is not None:
        query = query.where(InboxMessage.topic == topic)
    if only_unread:
        query = query.where(InboxMessage.read_at.is_(None))
    if after is not None:
        query = query.where(InboxMessage.id < after)
    rows = list(session.scalars(query.order_by(InboxMessage.id.desc()).limit(PAGE + 1)))
    sent = _sent(session, rows[:PAGE])
    views = tuple(_view(row, sent.get(row.id, ())) for row in rows[:PAGE])
    return InboxPage(views, str(views[-1].id) if len(rows) > PAGE else "", unread(session, person))


def _view(row: InboxMessage, sent: tuple[tuple[Medium, DeliveryState], ...]) -> MessageView:
    return MessageView(row.id, row.topic, row.words, row.number, row.title, row.link, row.told_at, row.read_at is not None, sent)


def _sent(session: Session, rows: Sequence[InboxMessage]) -> dict[UUID, tuple[tuple[Medium, DeliveryState], ...]]:
    found: dict[UUID, tuple[tuple[Medium, DeliveryState], ...]] = {}
    query = select(Delivery.message_id, Delivery.medium, Delivery.state).where(Delivery.message_id.in_([row.id for row in rows]))
    for message, medium, state in session.execute(query.order_by(Delivery.medium)):
        found[message] = (*found.get(message, ()), (medium, state))
    return found


def choices(session: Session, person: PersonId) -> ChoiceView:
    """What a person chose about their messages."""
    wishes = {(row.topic, row.medium): row.wanted for row in session.scalars(select(Wish).where(Wish.person_id == person))}
    manner = session.get(Manner, person)
    wanted = frozenset((topic, medium) for topic in Topic for medium in Medium if is_wanted(topic, medium, wishes))
    contacts = {
        row.medium: ContactView(row.medium, row.address, row.asked)
        for row in session.scalars(select(Contact).where(Contact.person_id == person))
    }
    if manner is None:
        return ChoiceView(wanted, Language.CHINESE, QuietHours(), contacts)
    return ChoiceView(wanted, manner.language, QuietHours(manner.quiet_begin, manner.quiet_end), contacts)


def carried(session: Session, delivery: UUID) -> Carried | None:
    """What is to be carried; None once it was, or when the person or their address has gone."""
    query = (
        select(Delivery, InboxMessage, Contact, Manner.language)
        .join(InboxMessage, InboxMessage.id == Delivery.message_id)
        .join(Person, Person.id == InboxMessage.person_id)
        .join(Contact, (Contact.person_id == InboxMessage.person_id) & (Contact.medium == Delivery.medium))
        .outerjoin(Manner, Manner.person_id == InboxMessage.person_id)
        .where(Delivery.id == delivery, Delivery.state == DeliveryState.WAITING, Person.disabled_at.is_(None), Contact.address != "")
    )
    row = session.execute(query).one_or_none()
    if row is None:
        return None
    sent, message, contact, language = row
    said = (message.words, message.number, message.title, message.link)
    return Carried(sent.medium, contact.address, language or Language.CHINESE, *said)


def health(session: Session) -> tuple[HealthView, ...]:
    """What the last probes of the ways outside found."""
    known = {row.medium: row for row in session.scalars(select(ChannelHealth))}
    return tuple(HealthView(row.medium, row.ok_at, row.failed_at, row.fault) for medium in OUTSIDE if (row := known.get(medium)))


def failures(session: Session) -> tuple[FailureView, ...]:
    """The last hundred deliveries that failed, of those that count nobody: whose people are known to be concerned."""
    query = (
        select(Delivery, InboxMessage, Person)
        .join(InboxMessage, InboxMessage.id == Delivery.message_id)
        .join(Person, Person.id == InboxMessage.person_id)
        .where(Delivery.is_open, Delivery.fault != "")
        .order_by(Delivery.changed_at.desc())
        .limit(FAILURES)
    )
    return tuple(
        FailureView(PersonId(who.id), who.name, sent.medium, message.topic, message.number, sent.state, sent.fault, sent.changed_at)
        for sent, message, who in session.execute(query)
    )


def mobile_number(session: Session, person: PersonId) -> str:
    """The confirmed mobile number of a person, "" for none: for the gateway that rings them, never for a page."""
    mine = (Contact.person_id == person) & (Contact.medium == Medium.SMS) & Contact.confirmed_at.is_not(None)
    return session.scalar(select(Contact.address).where(mine)) or ""
