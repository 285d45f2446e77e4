"""What both databases keep: the types of columns, the checks of states and money, and evidence that cannot be unwritten."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum
from uuid import uuid4

import pytest
from sqlalchemy import insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from core.kernel.actor import SYSTEM_ACTOR
from core.kernel.db import Base, DecimalText, JsonText, UtcDateTime, database_clock, lock_free, state_column
from core.kernel.ids import CaseId, LotId
from core.kernel.jcs import JSON
from core.kernel.log import Log
from core.kernel.money import Money
from core.kernel.records import EventRow
from core.kernel.signing import Ed25519Signer
from tests.kernel.world import Whispered


class ThingState(Enum):
    NEW = "new"
    OLD = "old"


class Own(DeclarativeBase):
    type_annotation_map = Base.type_annotation_map


class Thing(Own):
    __tablename__ = "try_thing"

    id: Mapped[LotId] = mapped_column(primary_key=True)
    state: Mapped[ThingState] = state_column(ThingState)
    price: Mapped[Money | None]
    score: Mapped[Decimal | None]
    at: Mapped[datetime | None]
    what: Mapped[JSON] = mapped_column(JsonText, nullable=True)
    raw: Mapped[bytes | None]


@pytest.fixture
def session(engine):
    Own.metadata.create_all(engine)
    with Session(engine) as opened:
        yield opened


def test_values_come_back_as_they_went_in(session):
    moment = datetime(2026, 11, 22, 18, 0, 0, 123000, tzinfo=timezone(timedelta(hours=8)))
    identity = LotId(uuid4())
    what = {"a": [1, "二", None, True], "b": {}}
    session.add(Thing(id=identity, state=ThingState.OLD, price=Money(2**53), score=Decimal("33.50"), at=moment, what=what, raw=b"\0\xff"))
    session.add(Thing(id=LotId(uuid4()), state=ThingState.NEW))
    session.commit()
    session.expunge_all()
    thing = session.get(Thing, identity)
    assert (thing.state, thing.price, thing.at, thing.what, thing.raw) == (ThingState.OLD, Money(2**53), moment, what, b"\0\xff")
    assert thing.at.tzinfo is UTC and isinstance(thing.score, Decimal) and str(thing.score) == "33.50"
    bare = session.execute(select(Thing).where(Thing.state == ThingState.NEW)).scalar_one()
    assert (bare.price, bare.score, bare.at, bare.what, bare.raw) == (None, None, None, None, None)


@pytest.mark.parametrize("wrong", [{"at": datetime(2026, 1, 1)}, {"score": 1.5}, {"what": {"x": [1.5]}}, {"state": "gone"}, {"price": -1}])
def test_values_that_must_not_get_in_do_not(session, wrong):
    session.add(Thing(id=LotId(uuid4()), **({"state": ThingState.NEW} | wrong)))
    with pytest.raises((StatementError, TypeError, ValueError, LookupError, AttributeError)):
        session.flush()


@pytest.mark.parametrize(("column", "value"), [("state", "'gone'"), ("price", "-1")])
def test_the_database_itself_refuses_what_the_types_would(session, column, value):
    session.add(Thing(id=LotId(uuid4()), state=ThingState.NEW))
    session.flush()
    with pytest.raises(IntegrityError):
        session.execute(text(f"UPDATE try_thing SET {column} = {value}"))


def test_moments_are_ordered_by_the_database(session):
    start = datetime(2026, 1, 1, tzinfo=UTC)
    for n in (3, 1, 2):
        session.add(Thing(id=LotId(uuid4()), state=ThingState.NEW, at=start + timedelta(milliseconds=n)))
    session.flush()
    found = session.execute(select(Thing.at).where(Thing.at > start + timedelta(milliseconds=1)).order_by(Thing.at)).scalars().all()
    assert found == [start + timedelta(milliseconds=n) for n in (2, 3)]


def test_the_database_s_clock_moves_within_a_transaction(session):
    first = database_clock(session)
    assert first.tzinfo is UTC and abs(first - datetime.now(UTC)) < timedelta(seconds=2)
    assert database_clock(session) > first


def test_rows_that_another_holds_are_skipped(engine, session):
    for _ in range(3):
        session.add(Thing(id=LotId(uuid4()), state=ThingState.NEW))
    session.commit()
    mine = lock_free(session, Thing, Thing.state == ThingState.NEW, limit=2)
    assert len(mine) == 2
    if engine.dialect.name == "postgresql":
        with Session(engine) as other:
            [rest] = lock_free(other, Thing, Thing.state == ThingState.NEW, limit=9)
            assert rest.id not in {thing.id for thing in mine}


def test_types_say_what_they_are_in_words():
    assert UtcDateTime().cache_ok and DecimalText().cache_ok


@pytest.fixture
def written(door):
    """An event in a batch under a checkpoint, and one that waits for its batch."""
    log = Log("log.example/1", Ed25519Signer.generate())
    door.perform(SYSTEM_ACTOR, lambda work: work.record(Whispered(case=CaseId("C-1"), to="a")))
    log.grow(door)
    door.perform(SYSTEM_ACTOR, lambda work: work.record(Whispered(case=CaseId("C-1"), to="b")))
    return log


FORBIDDEN = [
    "DELETE FROM event",
    "UPDATE event SET data = salt",
    "UPDATE event SET at = NULL",
    "UPDATE event SET place = 7 WHERE place IS NOT NULL",
    "UPDATE event SET leaf_index = NULL WHERE case_seq = 0",
    "DELETE FROM batch",
    "UPDATE batch SET salt = root",
    "DELETE FROM log_node",
    "UPDATE log_node SET hash = hash || hash",
    "DELETE FROM checkpoint",
    "UPDATE checkpoint SET note = 'x'",
    "UPDATE checkpoint SET reason = 'x'",
]


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_what_was_written_as_evidence_stays_as_it_is(door, written, statement):
    with pytest.raises(DBAPIError, match="append-only"):
        door.perform(SYSTEM_ACTOR, lambda work: work.session.execute(text(statement)))


def test_evidence_cannot_be_truncated(door, written):
    if door.read(lambda session: session.get_bind().dialect.name) == "postgresql":
        with pytest.raises(DBAPIError, match="append-only"):
            door.perform(SYSTEM_ACTOR, lambda work: work.session.execute(text("TRUNCATE event")))


def test_an_event_gets_its_place_and_a_checkpoint_its_cosignatures(door, written):
    assert written.grow(door) == 2
    row = door.read(lambda session: session.execute(select(EventRow).where(EventRow.case_seq == 1)).scalar_one())
    assert row.leaf_index == 1 and row.place is not None
    door.perform(SYSTEM_ACTOR, lambda work: work.session.execute(text("UPDATE checkpoint SET cosignatures = 'x'")))
    assert insert and update  # both are what the kernel writes with
