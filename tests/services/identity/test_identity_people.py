"""Joining, roles, separation of duty as the database keeps it, leaving."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from core.identity import passwords
from core.identity.domain.grant import DUTIES, GRANTABLE, Duty, Office, duty_of
from core.identity.models.people import Grant
from core.identity.queries import people as queries
from core.identity.queries import sessions
from core.identity.services import people as services
from core.identity.services.demonstration import Resident, settle
from core.identity.services.people import Newcomer, Place
from core.identity.services.sessions import open_session
from core.kernel.actor import SYSTEM_ACTOR, Actor
from core.kernel.errors import NotAllowed, NotFound, RuleBroken
from core.kernel.ids import OrgId, PersonId, new_id
from core.kernel.roles import Role
from core.kernel.work import Door, Work
from tests.builders.people import PASSWORD, People, Person, password_hash, people, uscc_of

NOW = datetime.now(UTC)
FIRM = Place(uscc_of("江北建工有限公司"), "江北建工有限公司")


def newcomer(login: str = "zhou.min", name: str = "周敏") -> Newcomer:
    return Newcomer(login, name, password_hash())


def write_grant(work: Work, row: dict[str, Any]) -> None:
    """A grant that no service has looked at."""
    work.session.execute(insert(Grant).values(granted_at=NOW, **row))


@pytest.fixture
def world(door: Door) -> People:
    return people(door)


@pytest.fixture
def admin(world: People) -> Person:
    return world.join(Role.ADMIN, org="数据管理局", keys=False)


def test_a_bidder_signs_up_with_its_first_person(door: Door) -> None:
    who = door.perform(Actor(), lambda work: services.sign_up(work, FIRM, newcomer(" Zhou.Min ")))
    view = door.read(lambda session: queries.person(session, who))
    assert (view.login, view.name) == ("zhou.min", "周敏")
    assert [(grant.role, grant.uscc, grant.org_name) for grant in view.grants] == [(Role.BIDDER, FIRM.uscc, FIRM.name)]


@pytest.mark.parametrize(
    ("place", "who", "code"),
    [
        (FIRM, newcomer("other"), "organisation.taken"),
        (Place(uscc_of("乙"), "乙"), newcomer(), "person.taken"),
        (Place("123", "乙"), newcomer("other"), "organisation.uscc"),
        (Place(uscc_of("乙"), " "), newcomer("other"), "organisation.name"),
        (Place(uscc_of("乙"), "乙"), newcomer("x"), "person.login"),
        (Place(uscc_of("乙"), "乙"), newcomer("other", ""), "person.name"),
    ],
)
def test_a_second_sign_up_is_all_or_nothing(door: Door, place: Place, who: Newcomer, code: str) -> None:
    door.perform(Actor(), lambda work: services.sign_up(work, FIRM, newcomer()))
    with pytest.raises(RuleBroken, match=code.replace(".", r"\.")):
        door.perform(Actor(), lambda work: services.sign_up(work, place, who))
    assert len(door.read(queries.search).people) == 1
    assert door.read(lambda session: queries.organisation_by_uscc(session, FIRM.uscc)).name == FIRM.name
    with pytest.raises(NotFound):
        door.read(lambda session: queries.organisation_by_uscc(session, uscc_of("乙")))


def test_an_administrator_opens_accounts_and_gives_roles_of_the_same_duty(door: Door, admin: Person) -> None:
    def enlist(work: Work) -> PersonId:
        return services.enlist(work, newcomer(), FIRM, Role.TENDERER)

    who = door.perform(admin.actor, enlist)
    door.perform(admin.actor, lambda work: services.grant(work, who, FIRM.uscc, Role.AWARD_MEMBER))
    assert {grant.role for grant in door.read(lambda session: queries.person(session, who)).grants} == {Role.TENDERER, Role.AWARD_MEMBER}
    for role, office, code in (
        (Role.SUPERVISOR, Office.NONE, "grant.duty"),
        (Role.AWARD_MEMBER, Office.NONE, "grant.held"),
        (Role.AGENCY, Office.CENTRE, "grant.office"),
    ):
        with pytest.raises(RuleBroken) as refused:
            door.perform(admin.actor, partial(services.grant, person=who, uscc=FIRM.uscc, role=role, office=office))
        assert refused.value.code == code
    with pytest.raises(NotFound, match=r"organisation\.not_found"):
        door.perform(admin.actor, lambda work: services.grant(work, who, uscc_of("没有"), Role.AGENCY))


def test_nobody_else_opens_accounts(door: Door, world: People) -> None:
    centre = world.join(Role.CENTRE, keys=False)
    for use_case in (
        lambda work: services.enlist(work, newcomer(), FIRM, Role.TENDERER),
        lambda work: services.grant(work, centre.person, centre.uscc, Role.CENTRE),
        lambda work: services.end_roles(work, centre.person, NOW),
    ):
        with pytest.raises(NotAllowed, match=r"people\.not_allowed"):
            door.perform(centre.actor, use_case)


@pytest.mark.parametrize("held", list(Duty))
def test_the_database_itself_keeps_duties_apart(door: Door, world: People, held: Duty) -> None:
    """A row that no service would write is refused by the constraints, whatever duty it claims."""
    own = min(DUTIES[held], key=lambda role: role.value)
    who = world.join(own, keys=False, office="centre" if own is Role.OFFICER else "")
    foreign = [role for role in GRANTABLE if role not in DUTIES[held]]
    for role in foreign:
        for claimed in (held, duty_of(role)):
            office = Office.CENTRE if role is Role.OFFICER else Office.NONE
            row = {"id": new_id(NOW), "person_id": who.person, "org_id": who.org, "duty": claimed, "role": role, "office": office}
            with pytest.raises(IntegrityError):
                door.perform(SYSTEM_ACTOR, partial(write_grant, row=row))


def test_the_database_itself_ties_offices_to_officers(door: Door, world: People) -> None:
    who = world.join(Role.CENTRE, keys=False)
    row = {"id": new_id(NOW), "person_id": who.person, "org_id": who.org, "duty": Duty.HOSTING, "role": Role.CENTRE}
    with pytest.raises(IntegrityError):
        door.perform(SYSTEM_ACTOR, partial(write_grant, row=row | {"office": Office.CENTRE}))


def test_a_barred_person_has_neither_login_nor_role(door: Door, world: People, admin: Person) -> None:
    who = world.join(Role.AGENCY, keys=False)
    token = door.perform(who.actor, lambda work: open_session(work, who.person, "Firefox", NOW))
    door.perform(admin.actor, lambda work: services.end_roles(work, who.person, NOW))
    assert door.read(lambda session: sessions.signed_in(session, token, NOW)) is None
    assert door.read(lambda session: sessions.account(session, who.login)) is None
    assert door.read(lambda session: queries.person(session, who.person)).grants == ()
    with pytest.raises(NotAllowed, match=r"session\.refused"):
        door.perform(who.actor, lambda work: open_session(work, who.person, "Firefox", NOW))


def test_an_administrator_cannot_bar_themselves(door: Door, admin: Person) -> None:
    with pytest.raises(RuleBroken, match=r"person\.oneself"):
        door.perform(admin.actor, lambda work: services.end_roles(work, admin.person, NOW))


def test_a_new_password_ends_every_other_login(door: Door, world: People) -> None:
    who = world.join(Role.EXPERT, keys=False)
    tokens = [door.perform(who.actor, lambda work: open_session(work, who.person, "Firefox", NOW)) for _ in range(3)]
    this = door.read(lambda session: sessions.signed_in(session, tokens[0], NOW))
    assert this is not None
    fresh = passwords.hashed("another long password")
    assert door.perform(who.actor, lambda work: services.change_password(work, fresh, NOW, this.session)) == 2
    good = [door.read(partial(sessions.signed_in, token=token, at=NOW)) is not None for token in tokens]
    assert good == [True, False, False]
    account = door.read(lambda session: sessions.account(session, who.login))
    assert account is not None and passwords.fits("another long password", account.password_hash)
    assert not passwords.fits(PASSWORD, account.password_hash)
    with pytest.raises(NotAllowed):
        door.perform(Actor(), lambda work: services.change_password(work, fresh, NOW, None))


def test_a_password_of_an_unknown_account_is_checked_too_and_never_fits() -> None:
    assert not passwords.fits(PASSWORD, None)
    assert not passwords.fits("a password that nobody has", None)
    assert not passwords.fits(PASSWORD, "no hash at all")


def test_people_are_found_by_login_name_and_organisation_page_by_page(door: Door, world: People) -> None:
    for number in range(queries.PAGE + 3):
        world.join(Role.EXPERT, org="评标专家库", login=f"e{number:03d}", keys=False)
    world.join(Role.BIDDER, org="百分之百%建工", name="郑一_二", login="zheng", keys=False)
    first = door.read(queries.search)
    assert (len(first.people), first.after) == (queries.PAGE, f"e{queries.PAGE - 1:03d}")
    second = door.read(lambda session: queries.search(session, after=first.after))
    assert [view.login for view in second.people] == ["e050", "e051", "e052", "zheng"] and second.after == ""
    for words in ("ZHENG", "一_二", "百%建"):
        assert [view.login for view in door.read(partial(queries.search, words=words)).people] == ["zheng"]
    assert door.read(lambda session: queries.search(session, "%%")).people == ()
    assert len(door.read(lambda session: queries.search(session, "专家库")).people) == queries.PAGE


def test_holders_of_a_role_are_listed_by_organisation(door: Door, world: People) -> None:
    one, two = world.join(Role.SUPERVISOR, org="甲局", keys=False), world.join(Role.SUPERVISOR, org="乙局", keys=False)
    world.join(Role.CENTRE, org="甲局", keys=False)
    assert {view.id for view in door.read(lambda session: queries.holders(session, Role.SUPERVISOR))} == {one.person, two.person}
    assert [view.id for view in door.read(lambda session: queries.holders(session, Role.SUPERVISOR, two.org))] == [two.person]
    assert door.read(lambda session: queries.organisation(session, one.org)).name == "甲局"


def test_what_is_not_there_is_not_found(door: Door) -> None:
    nothing = new_id(NOW + timedelta(days=1))
    with pytest.raises(NotFound):
        door.read(lambda session: queries.person(session, PersonId(nothing)))
    with pytest.raises(NotFound):
        door.read(lambda session: queries.organisation(session, OrgId(nothing)))


def test_the_cast_of_a_demonstration_settles_once(door: Door) -> None:
    centre = Place(uscc_of("公共资源交易中心"), "公共资源交易中心")
    cast = [
        Resident(newcomer(), ((FIRM.uscc, Role.BIDDER, Office.NONE), (FIRM.uscc, Role.TENDERER, Office.NONE))),
        Resident(newcomer("keeper", "何平"), ((centre.uscc, Role.OFFICER, Office.CENTRE),)),
    ]
    first = door.perform(SYSTEM_ACTOR, lambda work: settle(work, [FIRM, centre], cast))
    assert door.perform(SYSTEM_ACTOR, lambda work: settle(work, [FIRM, centre], cast)) == first
    views = {view.login: view for view in door.read(queries.search).people}
    assert {login: view.id for login, view in views.items()} == first
    assert views["keeper"].grants[0].office is Office.CENTRE and len(views["zhou.min"].grants) == 2
    stray = Resident(newcomer("stray"), ((uscc_of("没有"), Role.BIDDER, Office.NONE),))
    with pytest.raises(NotFound):
        door.perform(SYSTEM_ACTOR, lambda work: settle(work, [], [stray]))
