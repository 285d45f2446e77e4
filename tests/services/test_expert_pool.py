"""The expert pool through its services, on both databases: drafted, admitted, amended, noted; declared, agreed, withdrawn, erased."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from core.kernel import chain
from core.kernel.actor import SYSTEM_ACTOR
from core.kernel.clock import write_offset
from core.kernel.errors import NotAllowed, NotFound, Refusal, RuleBroken, Stale, WrongState
from core.kernel.roles import Role
from core.kernel.work import Door
from evaluation.domain.expert import Bar, Purpose, bar_to
from evaluation.domain.secret import SecretKind
from evaluation.jobs import TICKS
from evaluation.models.experts import ExpertSecret
from evaluation.queries import experts
from evaluation.services import conduct, consents, pool
from tests.builders import experts as made
from tests.builders.people import People, Person, people

pytestmark = pytest.mark.sqlite_alone


@pytest.fixture
def crowd(door: Door) -> People:
    return people(door)


@pytest.fixture
def keeper(crowd: People) -> Person:
    return crowd.join(Role.CENTRE, "临江市公共资源交易中心")


@pytest.fixture
def who(crowd: People) -> Person:
    return crowd.join(Role.EXPERT, "东湖设计院")


def refused(kind: type[Refusal], act: Any, *given: Any) -> str:
    with pytest.raises(kind) as refusal:
        act(*given)
    return refusal.value.code


def bar(door: Door, person: Person, on: date | None = None) -> Bar | None:
    day = on or made.today(door)
    facts = door.read(lambda session: experts.by_person(session, person.person, day))
    assert facts is not None
    return bar_to(facts, day)


def kinds(door: Door, number: str) -> list[str]:
    return [event.kind for event in door.read(lambda session: chain.events(session, number))]


@pytest.mark.on_both
def test_an_expert_is_admitted_trained_and_agrees_and_then_may_be_drawn(door: Door, keeper: Person, who: Person) -> None:
    number = made.admitted(door, keeper, who, ["civil"])
    assert number.startswith("E") and bar(door, who) is Bar.NOT_TRAINED
    made.train(door, keeper, number)
    assert bar(door, who) is Bar.NO_CONSENT
    made.agree(door, who, number)
    assert bar(door, who) is None
    day = made.today(door)
    drawn = door.read(lambda session: experts.pool_for(session, {"civil", "cost"}, day))
    assert [one.number for one in drawn] == [number] and not door.read(lambda session: experts.pool_for(session, {"cost"}, day))
    assert kinds(door, number) == ["expert.admit", "expert.link", "expert.train", *["expert.consent"] * 3]


def test_what_was_drafted_is_what_is_signed(door: Door, keeper: Person, who: Person) -> None:
    said = made.profile(who, ["civil"], made.today(door))
    number = door.perform(keeper.actor, lambda work: pool.draft(work, said, who.person))
    assert door.perform(keeper.actor, lambda work: pool.draft(work, said, who.person)) == number  # asked again
    other = said | {"title": "教授"}
    assert refused(RuleBroken, made.by_keeper, door, keeper, pool.admit, "expert.admit", number, other) == "expert.admit.other"
    door.perform(keeper.actor, lambda work: pool.save(work, number, other))
    made.by_keeper(door, keeper, pool.admit, "expert.admit", number, other)
    assert refused(WrongState, door.perform, keeper.actor, lambda work: pool.save(work, number, said)) == "expert.save.wrong_state"
    assert refused(WrongState, door.perform, keeper.actor, lambda work: pool.discard(work, number)) == "expert.discard.wrong_state"


def test_nobody_but_the_centre_keeps_the_pool(door: Door, crowd: People, keeper: Person, who: Person) -> None:
    said = made.profile(who, ["civil"], made.today(door))
    for role in (Role.SUPERVISOR, Role.TENDERER, Role.ADMIN):
        stranger = crowd.join(role, "别的单位", keys=False)
        assert refused(NotAllowed, door.perform, stranger.actor, lambda work: pool.draft(work, said)) == "pool.not_allowed"
    number = made.admitted(door, keeper, who, ["civil"])
    supervisor = crowd.join(Role.SUPERVISOR, "住建局")
    assert (
        refused(NotAllowed, made.by_keeper, door, supervisor, conduct.remove, "expert.remove", number, {"reason": "不合适"}) == "act.role"
    )


def test_a_draft_is_discarded_and_an_account_is_bound_once(door: Door, crowd: People, keeper: Person, who: Person) -> None:
    said = made.profile(who, ["civil"], made.today(door))
    number = door.perform(keeper.actor, lambda work: pool.draft(work, said))
    door.perform(keeper.actor, lambda work: pool.discard(work, number))
    assert refused(NotFound, door.perform, keeper.actor, lambda work: pool.discard(work, number)) == "expert.not_found"
    number = door.perform(keeper.actor, lambda work: pool.draft(work, said))
    made.by_keeper(door, keeper, pool.admit, "expert.admit", number, said)
    assert kinds(door, number) == ["expert.admit"]

    def link(entry: str, login: str) -> None:
        door.perform(keeper.actor, lambda work: pool.link(work, entry, login))

    assert refused(RuleBroken, link, number, "nobody") == "expert.login_unknown"
    assert refused(RuleBroken, link, number, keeper.login) == "pool.not_an_expert"
    link(number, who.login)
    assert refused(RuleBroken, link, number, who.login) == "expert.linked_already"
    other = made.profile(crowd.join(Role.EXPERT, "南岸设计院", keys=False), ["civil"], made.today(door))
    assert refused(RuleBroken, door.perform, keeper.actor, lambda work: pool.draft(work, other, who.person)) == "expert.account_taken"


def test_an_amendment_names_what_it_takes_the_place_of(door: Door, keeper: Person, who: Person) -> None:
    number = made.ready(door, keeper, who, ["civil"])
    said = made.profile(who, ["cost"], made.today(door))
    stale = said | {"reason": "专业调整", "replaces": "0" * 64}
    assert refused(Stale, made.by_keeper, door, keeper, pool.amend, "expert.amend", number, stale) == "expert.changed_meanwhile"
    standing = str(door.read(lambda session: experts.profile_sha256(session, number)))
    made.by_keeper(door, keeper, pool.amend, "expert.amend", number, stale | {"replaces": standing})
    day = made.today(door)
    assert [one.strata for one in door.read(lambda session: experts.pool_for(session, {"cost"}, day))] == [("cost",)]


@pytest.mark.on_both
def test_a_suspension_bars_until_it_is_lifted_and_one_stands_at_a_time(door: Door, keeper: Person, who: Person) -> None:
    number = made.ready(door, keeper, who, ["civil"])
    today = made.today(door)
    note = {"since": (today + timedelta(days=1)).isoformat(), "until": "", "ground": "discipline", "reason": "无故缺席"}
    note |= {"ordered_by": "临江市住房和城乡建设局", "document": "临住建函〔2026〕12号"}
    made.by_keeper(door, keeper, conduct.suspend, "expert.suspend", number, note)
    assert bar(door, who) is None and bar(door, who, today + timedelta(days=1)) is Bar.SUSPENDED
    assert refused(WrongState, made.by_keeper, door, keeper, conduct.suspend, "expert.suspend", number, note) == "expert.suspended_already"
    made.by_keeper(door, keeper, conduct.lift, "expert.lift", number, {"reason": "已说明情况"})
    assert bar(door, who, today + timedelta(days=1)) is None
    again = (WrongState, made.by_keeper, door, keeper, conduct.lift, "expert.lift", number, {"reason": "已说明情况"})
    assert refused(*again) == "expert.not_suspended"


def test_who_left_the_pool_is_not_drawn_and_may_come_back(door: Door, keeper: Person, who: Person) -> None:
    number = made.ready(door, keeper, who, ["civil"])
    made.by_keeper(door, keeper, conduct.remove, "expert.remove", number, {"reason": "本人申请"})
    assert bar(door, who) is Bar.NOT_ACTIVE
    made.by_keeper(door, keeper, conduct.readmit, "expert.readmit", number, {"reason": "本人申请"})
    assert bar(door, who) is None


@pytest.mark.on_both
def test_consent_is_withdrawn_and_what_was_kept_is_erased_with_a_trace(door: Door, keeper: Person, who: Person) -> None:
    number = made.admitted(door, keeper, who, ["civil"])
    early = (NotAllowed, door.perform, who.actor, lambda work: consents.keep(work, number, {SecretKind.ID_NUMBER: b"sealed"}))
    assert refused(*early) == "expert.secret_without_consent"
    made.train(door, keeper, number)
    made.agree(door, who, number)
    sealed = {SecretKind.ID_NUMBER: b"sealed", SecretKind.PHONE: b"sealed too"}
    door.perform(who.actor, lambda work: consents.keep(work, number, sealed))
    made.own(door, who, consents.withdraw, "expert.withdraw", number, {"purpose": "identity"})
    assert bar(door, who) is Bar.NO_CONSENT
    twice = (WrongState, made.own, door, who, consents.withdraw, "expert.withdraw", number, {"purpose": "identity"})
    assert refused(*twice) == "expert.no_consent"
    erase = next(tick for tick in TICKS if tick.name == "evaluation.erase_personal_data")
    erase.run(door)
    erase.run(door)
    left = door.read(lambda session: [row.kind for row in session.query(ExpertSecret)])
    assert left == [SecretKind.PHONE] and kinds(door, number)[-2:] == ["expert.withdraw", "expert.erase"]
    made.agree(door, who, number, Purpose.IDENTITY)
    assert bar(door, who) is None


@pytest.mark.on_both
def test_what_was_kept_is_erased_when_its_time_is_over(door: Door, keeper: Person, who: Person, clock_file: Path) -> None:
    number = made.ready(door, keeper, who, ["civil"])
    door.perform(who.actor, lambda work: consents.keep(work, number, {SecretKind.ID_NUMBER: b"sealed"}))
    first = next(iter(door.read(lambda session: experts.due_for_erasure(session, door.clock(session) + timedelta(days=3 * 366)))))
    door.perform(SYSTEM_ACTOR, lambda work: consents.erase(work, first))  # looked at again: not due yet
    assert "expert.erase" not in kinds(door, number)
    write_offset(clock_file, timedelta(days=3 * 366))
    erase = next(tick for tick in TICKS if tick.name == "evaluation.erase_personal_data")
    erase.run(door)
    erase.run(door)
    assert kinds(door, number)[-3:] == ["expert.erase"] * 3
    assert not door.read(lambda session: session.query(ExpertSecret).count())


def test_the_numbers_of_who_left_the_pool_are_erased(door: Door, keeper: Person, who: Person) -> None:
    number = made.ready(door, keeper, who, ["civil"])
    door.perform(who.actor, lambda work: consents.keep(work, number, {SecretKind.PHONE: b"sealed"}))
    made.by_keeper(door, keeper, conduct.remove, "expert.remove", number, {"reason": "本人申请"})
    assert kinds(door, number)[-2:] == ["expert.remove", "expert.erase"]
    assert not door.read(lambda session: session.query(ExpertSecret).count())


def test_an_expert_declares_firms_for_themself_and_nobody_else_may(door: Door, crowd: People, keeper: Person, who: Person) -> None:
    number = made.ready(door, keeper, who, ["civil"])
    body = {"bonds": [made.bond("甲方建设集团有限公司"), made.bond("乙川建筑工程有限公司", "tie", "持股")]}
    made.own(door, who, consents.declare, "expert.declare", number, body)
    day = made.today(door)
    facts = door.read(lambda session: experts.by_person(session, who.person, day))
    assert facts is not None and [firm.name for firm in facts.relatives] == ["甲方建设集团有限公司"] and len(facts.ties) == 1
    stranger = crowd.join(Role.EXPERT, "南岸设计院")
    assert refused(NotFound, made.own, door, stranger, consents.declare, "expert.declare", number, body) == "expert.not_found"
    foreign = (NotFound, door.perform, stranger.actor, lambda work: consents.keep(work, number, {SecretKind.PHONE: b"x"}))
    assert refused(*foreign) == "expert.not_found"
    assert refused(*foreign[:2], crowd.join(Role.BIDDER, "甲方", keys=False).actor, foreign[3]) == "expert.not_found"
