"""A round from its opening on, through the services: sheets, result, letters, who may bid, and how it fails; on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.engine import Engine

from core.identity.domain.message import Medium
from core.identity.models.messages import Delivery
from core.kernel.errors import NotAllowed, NotFound, Refusal
from core.kernel.roles import Role
from core.kernel.signing import Ed25519Signer
from core.kernel.streams import StreamRow
from core.kernel.work import Door
from tests.builders import prequalification as made
from tests.builders.bids import applying
from tests.builders.messages import reach, tell, words
from tests.builders.people import Person
from tests.builders.reviews import Review, opened
from tests.builders.trading import tender
from trading.domain.lot import LotState
from trading.domain.prequalification import RoundState
from trading.models.invitation import LotInvitee
from trading.models.notice import Notice
from trading.models.prequalification import RoundResult
from trading.queries import invitations, prequalification_page
from trading.queries import prequalification_reviews as queries
from trading.queries.prequalifications import Letter
from trading.services import telling

pytestmark = pytest.mark.sqlite_alone


@pytest.fixture
def telling_door(engine: Engine, platform_key: Ed25519Signer, clock_file: Path) -> Iterator[Door]:
    """A door that tells trading's events on."""
    opened_door = Door(engine, platform_key, announced=telling.ANNOUNCED, clock_file=clock_file, readers=2)
    yield opened_door
    opened_door.close()


@pytest.fixture
def one(door: Door, clock_file: Path, tmp_path: Path) -> Review:
    """Four of five firms have applied; a committee of five sits over them."""
    return opened(tender(door, clock_file), tmp_path)


def code(do: object, *said: object, **more: object) -> str:
    with pytest.raises(Refusal) as refused:
        do(*said, **more)  # type: ignore[operator]
    return refused.value.code


def letter(one: Review, who: Person) -> Letter | None:
    world = one.tender
    view = world.door.read(lambda session: prequalification_page.page(session, world.number, who.actor, world.now))
    return view.letter


@pytest.mark.on_both
def test_a_round_ends_with_a_letter_to_each_and_a_tender_for_who_passed(one: Review) -> None:
    world = one.tender
    a, b, c, d, e = world.bidders
    one.sign_all({d.org: {"C2": "没有类似业绩"}})
    assert made.round_of(world).state is RoundState.REVIEWED
    one.conclude()
    assert (made.round_of(world).state, world.lot.prequalified, world.lot.awaits_round) == (RoundState.ENDED, True, False)
    for firm in (a, b, c):
        mine = letter(one, firm)
        assert mine is not None and mine.passed and mine.org == firm.org
    failed = letter(one, d)
    assert failed is not None and not failed.passed
    assert failed.failures == ({"criterion": "C2", "title": "类似业绩", "reason": "没有类似业绩"},)
    assert letter(one, e) is None
    one.noticed()
    assert (world.lot.state, world.lot.invited) == (LotState.NOTICED, True)
    invited = world.door.read(lambda session: session.scalars(select(LotInvitee.org_id)).all())
    assert set(invited) == {a.org, b.org, c.org}
    world.door.read(lambda session: invitations.admit(session, world.number, a.actor))
    for stranger in (d, e):
        with pytest.raises(NotAllowed):
            world.door.read(lambda session, who=stranger: invitations.admit(session, world.number, who.actor))
    page = world.door.read(lambda session: invitations.letter(session, world.number, a.actor, world.now))
    assert page.own is not None and page.invitees == ()
    body = world.door.read(lambda session: session.scalars(select(Notice.body).where(Notice.number == f"{world.number}-N2")).one())
    assert body["prequalification"] == {}  # type: ignore[index,call-overload]


def test_the_majority_decides_each_criterion(one: Review) -> None:
    a, b, *_ = one.tender.bidders
    for place, who in enumerate(one.reviewers):
        against = {a.org: {"C1": "证书过期"}} if place < 3 else {}
        one.sign(who, against | ({b.org: {"C1": "存疑"}} if place < 2 else {}))
    one.conclude()
    found, other = letter(one, a), letter(one, b)
    assert found is not None and found.failures[0]["reason"] == "证书过期"
    assert other is not None and other.passed


def test_a_sheet_is_signed_once_by_who_sits_and_over_all(one: Review) -> None:
    expert, world = one.pool[0], one.tender
    assert code(one.sign, expert, findings=one.sheet()["findings"][:3]) == "prequalification.sheet.applicants"
    rest = {org: {"C1": ""} for org in one.applicants[:1]}
    assert code(one.sign, expert, rest) == "prequalification.sheet.reason"
    one.sign(expert)
    assert code(one.sign, expert) == "prequalification.sheet.signed_already"
    stranger = world.crowd.join(Role.EXPERT, "另一专家库")
    assert code(one.sign, stranger) == "prequalification.not_reviewer"
    other = world.crowd.join(Role.TENDERER, "别的招标人")
    assert code(one.sign, other) == "prequalification.not_reviewer"
    assert code(one.sign, world.agency) in ("prequalification.not_reviewer", "prequalification.review.not_allowed")


def test_nobody_sees_a_result_before_every_sheet_is_in(one: Review) -> None:
    for who in one.reviewers[:-1]:
        one.sign(who)
        assert one.result_body() == {"results": []}
    assert code(one.conclude) == "body.malformed"  # there is nothing to sign
    for other in (one.tender.agency, one.tender.bidders[0], one.tender.centre):
        with pytest.raises(NotFound):
            one.tender.door.read(lambda session, who=other: queries.counted(session, one.tender.number, who.actor))


def test_another_result_than_the_sheets_is_refused(one: Review) -> None:
    d = one.tender.bidders[3]
    one.sign_all({d.org: {"C1": "证书过期"}})
    body = one.result_body()["results"]
    kinder = [row | {"passed": True, "failures": []} for row in body]
    assert code(one.conclude, results=kinder) == "prequalification.result_other"
    assert code(one.conclude, results=body[:3]) == "prequalification.result_other"
    other = one.tender.crowd.join(Role.TENDERER, "别的招标人")
    assert code(one.conclude, other, results=body) == "prequalification.conclude.not_allowed"
    one.conclude()
    assert code(one.conclude, results=body) == "prequalification.conclude.wrong_state"


@pytest.mark.on_both
def test_fewer_than_three_passers_fail_the_lot_and_it_is_tendered_again(one: Review) -> None:
    a, _, c, d, _ = one.tender.bidders
    one.sign_all({firm.org: {"C1": "资质不足"} for firm in (c, d)})
    one.conclude()
    world = one.tender
    assert (made.round_of(world).state, world.lot.state) == (RoundState.FAILED, LotState.FAILED)
    body: Any = world.door.read(lambda session: session.scalars(select(Notice.body).where(Notice.number == f"{world.number}-N2")).one())
    assert (body["reason"], body["article"], body["sequel"]) == ("few_passed", "招标投标法实施条例第十九条", "again")
    passed = letter(one, a)
    assert passed is not None and passed.passed  # each is told its own result all the same
    assert not world.door.read(lambda session: session.scalars(select(LotInvitee)).all())
    assert code(one.noticed) == "lot.fix_plan.wrong_state"


def test_fewer_than_three_applications_fail_it_unopened(door: Door, clock_file: Path, tmp_path: Path) -> None:
    room = applying(tender(door, clock_file), tmp_path)
    for firm in room.tender.join_bidders(2):
        room.seal(firm)
    room.close()
    world = room.tender
    assert (made.round_of(world).state, world.lot.state) == (RoundState.FAILED, LotState.FAILED)
    assert not world.door.read(lambda session: session.scalars(select(RoundResult)).all())


@pytest.mark.on_both
def test_where_the_tenderer_reviews_one_of_its_people_signs(door: Door, clock_file: Path, tmp_path: Path) -> None:
    one = opened(tender(door, clock_file, "government_procurement"), tmp_path, 3)
    second = one.tender.crowd.join(Role.TENDERER, one.tender.tenderer.org_name)
    assert code(one.sign, one.tender.agency) == "prequalification.not_reviewer"
    one.sign(one.tender.tenderer)
    assert code(one.sign, second) in ("prequalification.not_reviewer", "prequalification.review.wrong_state")
    one.conclude()
    assert made.round_of(one.tender).state is RoundState.ENDED


def test_the_notice_names_the_result_of_the_round(one: Review) -> None:
    one.sign_all().conclude()
    world = one.tender
    world.fix_plan()
    world.publish_document()
    assert code(world.publish_notice) == "notice.round_other"
    assert code(world.publish_notice, prequalification={"result_sha256": "ab" * 32}) == "notice.round_other"


def test_nothing_of_it_reaches_anybody_but_the_applicant(one: Review) -> None:
    world = one.tender
    a, b, c, d, _ = world.bidders

    def streams() -> set[tuple[str, int, str]]:
        rows = world.door.read(lambda session: session.scalars(select(StreamRow)).all())
        return {(row.audience, row.seq, row.kind) for row in rows}

    before = streams()
    one.sign_all({d.org: {"C1": "证书过期"}}).conclude()
    new = {(audience, kind) for audience, _, kind in streams() - before}
    assert new == {(f"bidder:{firm.org}", "prequalification.result") for firm in (a, b, c, d)}


@pytest.mark.on_both
def test_a_letter_comes_to_the_inbox_of_its_firm_alone(telling_door: Door, clock_file: Path, tmp_path: Path) -> None:
    one = opened(tender(telling_door, clock_file), tmp_path)
    for firm in one.tender.bidders:
        reach(firm, Medium.MAIL, f"{firm.login}@firm.example")
    tell(telling_door)
    one.sign_all({one.tender.bidders[3].org: {"C1": "证书过期"}}).conclude()
    tell(telling_door)
    told = [words(firm).count("prequalification.result") for firm in one.tender.bidders]
    assert told == [1, 1, 1, 1, 0]
    assert [words(who).count("prequalification.committee") for who in (*one.reviewers, one.tender.agency)] == [1, 1, 1, 1, 1, 0]
    sent = telling_door.read(lambda session: session.scalars(select(Delivery)).all())
    assert not sent  # who carries mail would count the applicants
