"""Lots by invitation through the services: only invitees bid, each answers for itself, and none learns of another before the opening."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.engine import Engine

from core.identity.domain.message import Medium
from core.identity.models.messages import Delivery, InboxMessage
from core.kernel.actor import Actor
from core.kernel.errors import NotAllowed, NotFound, RuleBroken, WrongState
from core.kernel.roles import Role
from core.kernel.signing import Ed25519Signer
from core.kernel.work import Door
from tests.builders import documents
from tests.builders import invitations as made
from tests.builders.bids import Hall, hall
from tests.builders.messages import inbox, reach, tell, words
from tests.builders.people import Person
from tests.builders.trading import Tender, tender
from trading.domain.draft import DraftKind
from trading.domain.invitation import InviteeState
from trading.models.ocds import OcdsRelease
from trading.queries import invitations as queries
from trading.queries import notices
from trading.queries.invitations import InvitationPage
from trading.queries.notices import NoticeFilter
from trading.queries.workplace import workplace
from trading.services import drafts, lots, telling

pytestmark = pytest.mark.sqlite_alone


@pytest.fixture
def telling_door(engine: Engine, platform_key: Ed25519Signer, clock_file: Path) -> Iterator[Door]:
    """A door that tells trading's events on."""
    opened = Door(engine, platform_key, announced=telling.ANNOUNCED, clock_file=clock_file, readers=2)
    yield opened
    opened.close()


@pytest.fixture
def one(door: Door, clock_file: Path, tmp_path: Path) -> Hall:
    """Four of five firms are invited, and bids are taken."""
    world = tender(door, clock_file)
    firms = world.join_bidders(5)
    return hall(made.inviting(world, firms[:4]), tmp_path)


def letter(world: Tender, who: Person) -> InvitationPage:
    return world.door.read(lambda session: queries.letter(session, world.number, who.actor, world.now))


def is_admitted(world: Tender, actor: Actor) -> bool:
    try:
        world.door.read(lambda session: queries.admit(session, world.number, actor))
    except NotAllowed as refusal:
        assert refusal.code == "lot.by_invitation"
        return False
    return True


@pytest.mark.on_both
def test_the_draft_finds_invitees_by_code_and_the_law_refuses_two(door: Door, clock_file: Path) -> None:
    world = tender(door, clock_file)
    firms = world.join_bidders(4)
    world.registered()
    world.fix_plan()
    world.publish_document()
    times = {name: value for name, value in world.notice_body().items() if name in ("title", "release_at", "deadline", "publicity_days")}

    def draft(*codes: str, **changes: str) -> dict[str, object]:
        said = {"reason": "cost", "explanation": "工程量小", "approval": "91号", "invitees": list(codes)} | changes
        content = times | {"invitation": said}
        return world.door.perform(world.agency.actor, lambda work: drafts.save(work, world.number, DraftKind.NOTICE, content))

    body = draft(*(firm.uscc for firm in firms[:3]))
    assert body["invitation"]["invitees"] == made.invitation(firms[:3])["invitees"]  # type: ignore[index]
    for codes, changes, code in (
        ([firm.uscc for firm in firms[:2]], {}, "invitation.too_few"),
        ([firms[0].uscc] * 3, {}, "invitation.invitee_twice"),
        ([world.agency.uscc, firms[0].uscc, firms[1].uscc], {}, "invitation.invitee_unknown"),
        (["91320000000000000X", firms[0].uscc, firms[1].uscc], {}, "invitation.invitee_unknown"),
        ([firm.uscc for firm in firms], {"approval": ""}, "invitation.approval_missing"),
    ):
        with pytest.raises(RuleBroken) as broken:
            draft(*codes, **changes)
        assert broken.value.code == code
    for who, names in ((world.agency, True), (world.tenderer, True), (world.centre, False), (world.supervisor, False)):
        place = world.door.read(
            lambda session, who=who: workplace(session, world.number, who.actor, world.now, DraftKind.NOTICE)  # type: ignore[misc]
        )
        assert place.draft is not None and ("invitees" in place.draft.body["invitation"]) is names


def test_the_service_refuses_fewer_than_three_and_another_name(door: Door, clock_file: Path) -> None:
    world = tender(door, clock_file)
    firms = world.join_bidders(3)
    world.registered()
    world.fix_plan()
    world.publish_document()
    with pytest.raises(RuleBroken, match="too_few"):
        world.publish_notice(invitation=made.invitation(firms[:2]))
    other = made.invitation(firms)
    other["invitees"][0]["name"] = "别的公司"
    with pytest.raises(RuleBroken, match="invitee_other"):
        world.publish_notice(invitation=other)
    world.publish_notice(invitation=made.invitation(firms))
    assert world.lot.invited


def test_the_lot_is_open_to_invitees_and_staff_alone_until_the_opening(one: Hall) -> None:
    world = one.tender
    firms, outsider = world.bidders[:4], world.bidders[4]
    staff = (world.tenderer, world.agency, world.centre, world.supervisor)
    assert all(is_admitted(world, who.actor) for who in (*firms, *staff))
    assert not any(is_admitted(world, actor) for actor in (outsider.actor, Actor(), world.crowd.join(Role.EXPERT, "大学").actor))
    for firm in firms:
        shown = letter(world, firm)
        assert shown.own is not None and shown.own.name == firm.org_name and shown.invitees == ()
        assert "invitees" not in str(shown.body)
    assert letter(world, world.centre).invitees == ()
    listed = letter(world, world.agency)
    assert len(listed.invitees) == 4 and {invitee.state for invitee in listed.invitees} == {None}
    with pytest.raises(NotAllowed):
        letter(world, outsider)


def test_who_is_not_invited_neither_uploads_nor_seals(one: Hall) -> None:
    outsider = one.tender.bidders[4]
    with pytest.raises(NotAllowed, match="by_invitation"):
        one.seal(outsider)
    with pytest.raises(NotAllowed, match="by_invitation"):
        made.answer(one.tender, outsider, "confirm")
    one.seal(one.tender.bidders[0])


@pytest.mark.on_both
def test_answers_are_the_invitees_own_and_shown_after_the_opening(one: Hall) -> None:
    world = one.tender
    first, second, third, fourth, _ = world.bidders
    assert made.answer(world, first, "confirm")["state"] == "confirmed"
    made.answer(world, fourth, "decline")
    with pytest.raises(WrongState, match="invitation_declined"):
        one.seal(fourth)
    with pytest.raises(RuleBroken, match="other_org"):
        made.answer(world, first, "decline", org=str(second.org))
    made.answer(world, second, "decline")
    made.answer(world, second, "confirm")
    for firm in (first, second, third):
        one.seal(firm)
    with pytest.raises(WrongState, match="has_bid"):
        made.answer(world, first, "decline")
    shown = letter(world, fourth)
    assert shown.own is not None and shown.own.state is InviteeState.DECLINED
    assert {one.state for one in letter(world, world.tenderer).invitees} == {None}
    one.close()
    with pytest.raises(WrongState, match="not_taken"):
        made.answer(world, third, "confirm")
    said = {invitee.name: invitee.state for invitee in letter(world, first).invitees}
    wanted = (InviteeState.CONFIRMED, InviteeState.CONFIRMED, InviteeState.INVITED, InviteeState.DECLINED)
    assert said == dict(zip((firm.org_name for firm in world.bidders), wanted, strict=False))
    assert is_admitted(world, world.bidders[4].actor) and is_admitted(world, Actor())


def test_what_is_public_leaves_out_the_invitees_and_the_document(one: Hall) -> None:
    world = one.tender
    documents.amend(world)
    documents.clarify(world, {"question": "工期？", "answer": "180 日。", "settles": []})

    def public() -> tuple[list[str], list[str], str]:
        def look(session: object) -> tuple[list[str], list[str], str]:
            page = notices.page(session, NoticeFilter())  # type: ignore[arg-type]
            rows = [row.body for row in session.scalars(select(OcdsRelease).order_by(OcdsRelease.seq))]  # type: ignore[attr-defined]
            shown = [notices.by_number(session, line.number).body for line in page.notices]  # type: ignore[arg-type]
            return [line.kind.value for line in page.notices], [rows[-1]["tender"]["procurementMethod"]], f"{rows} {shown}"

        return world.door.read(look)

    kinds, methods, said = public()
    assert (kinds, methods) == (["tender"], ["limited"])
    assert not any(firm.org_name in said or firm.uscc in said or str(firm.org) in said for firm in world.bidders)
    assert "工期" not in said and "documents/" not in said and "150000000" not in said
    number = world.number
    with pytest.raises(NotAllowed):
        world.door.read(lambda session: queries.admit_to_notice(session, f"{number}-N2", Actor()))
    world.door.read(lambda session: queries.admit_to_notice(session, f"{number}-N1", Actor()))
    world.door.read(lambda session: queries.admit_to_notice(session, f"{number}-N2", world.bidders[0].actor))
    for firm in world.bidders[:3]:
        one.seal(firm)
    one.close()
    assert set(public()[0]) == {"tender", "amendment", "clarification"}


def test_a_lot_that_failed_unopened_stays_closed(one: Hall) -> None:
    one.seal(one.tender.bidders[0])
    one.close()
    assert not is_admitted(one.tender, one.tender.bidders[4].actor) and not is_admitted(one.tender, Actor())
    assert letter(one.tender, one.tender.bidders[0]).invitees == ()


@pytest.mark.on_both
def test_each_invitee_has_a_letter_by_every_way_and_hears_of_changes(telling_door: Door, clock_file: Path) -> None:
    world = tender(telling_door, clock_file)
    firms = world.join_bidders(5)
    for place, firm in enumerate(firms):
        reach(firm, Medium.SMS, f"1380013800{place}")
    made.inviting(world, firms[:4]).noticed()
    tell(world.door)
    assert [words(firm) for firm in firms] == [["invitation.letter"]] * 4 + [[]]
    assert inbox(firms[0])[0].link == f"/lots/{world.number}/invitation"
    sent = select(InboxMessage.person_id).join(Delivery, Delivery.message_id == InboxMessage.id).where(Delivery.medium == Medium.SMS)
    assert set(world.door.read(lambda session: session.scalars(sent).all())) == {firm.person for firm in firms[:4]}
    assert world.lot.release_at is not None
    world.jump(world.lot.release_at)
    world.step(lots.open_bidding)
    documents.amend(world)
    tell(world.door)
    assert all("document.amend" in words(firm) for firm in firms[:4]) and words(firms[4]) == []


def test_an_open_lot_has_no_letter(door: Door, clock_file: Path) -> None:
    world = tender(door, clock_file).bidding()
    assert is_admitted(world, Actor())
    with pytest.raises(NotFound):
        letter(world, world.agency)
