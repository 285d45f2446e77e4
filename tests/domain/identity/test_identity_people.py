"""Names, codes, logins, passwords, and which roles exclude each other."""

from __future__ import annotations

from itertools import product
from uuid import UUID

import pytest

from core.identity.domain.grant import DUTIES, GRANTABLE, Duty, Office, accept_grant, duty_of
from core.identity.domain.organisation import normal_name, social_credit_code, with_check_character
from core.identity.domain.person import accept_password, login_name, personal_name, urn
from core.kernel.errors import RuleBroken
from core.kernel.ids import PersonId
from core.kernel.roles import Role

SOMEBODY = PersonId(UUID(int=7))


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("  武汉 建工  集团 ", "武汉建工集团"),
        ("ＡＢＣ（中国）有限公司", "ABC（中国）有限公司"),
        ("甲方(集团)有限公司", "甲方（集团）有限公司"),
        ("Acme  Works (UK) Ltd", "Acme Works (UK) Ltd"),
        ("喆堃镕", "喆堃镕"),
    ],
)
def test_a_name_has_one_spelling(written: str, name: str) -> None:
    assert normal_name(written) == name
    assert normal_name(name) == name


@pytest.mark.parametrize("written", ["", "   ", "字" * 121, "a\x00b", "a\u202eb"])
def test_a_name_that_nobody_could_read_is_refused(written: str) -> None:
    with pytest.raises(RuleBroken, match=r"organisation\.name"):
        normal_name(written)
    with pytest.raises(RuleBroken, match=r"person\.name"):
        personal_name(written)


def test_a_code_is_accepted_with_its_check_character_alone() -> None:
    assert social_credit_code("９１１１００００６０００３７３４１Ｌ") == "91110000600037341L"  # the example of python-stdnum
    for wrong in ("911100006000373411", "A1110000600037341L", "9111000060003734", "", "91110000600037341O"):
        with pytest.raises(RuleBroken, match=r"organisation\.uscc"):
            social_credit_code(wrong)


def test_a_code_for_a_demonstration_has_its_check_character() -> None:
    assert with_check_character("91110000600037341") == "91110000600037341L"


@pytest.mark.parametrize("written", ["Zhou.Min", " zhou-min ", "a1@example.cn", "abc"])
def test_a_login_name_is_lower_case(written: str) -> None:
    assert login_name(written) == written.strip().lower()


@pytest.mark.parametrize("written", ["", "ab", "周敏", "a b", "-ab", "ab-", "a" * 65, "a'--b;"])
def test_other_login_names_are_refused(written: str) -> None:
    with pytest.raises(RuleBroken, match=r"person\.login"):
        login_name(written)


def test_a_password_is_long_and_not_easy() -> None:
    accept_password("correct horse", "zhou")
    for wrong, code in (("short", "length"), ("x" * 129, "length"), ("aaaabbbbcc", "easy"), ("my-ZHOU-password", "easy")):
        with pytest.raises(RuleBroken, match=rf"person\.password_{code}"):
            accept_password(wrong, "zhou")


def test_an_officer_bears_another_name_than_the_person() -> None:
    assert urn(SOMEBODY) == urn(SOMEBODY, Role.CENTRE) == f"urn:ztb:person:{SOMEBODY}"
    assert urn(SOMEBODY, Role.OFFICER) == f"urn:ztb:officer:{SOMEBODY}"


def test_every_role_but_the_systems_belongs_to_one_duty() -> None:
    belonging = [role for roles in DUTIES.values() for role in roles]
    assert len(belonging) == len(set(belonging))
    assert set(belonging) == set(Role) - {Role.SYSTEM}
    assert set(GRANTABLE) == set(Role) - {Role.SYSTEM}
    with pytest.raises(RuleBroken, match=r"grant\.role"):
        duty_of(Role.SYSTEM)


@pytest.mark.parametrize(("held", "role"), list(product(Duty, GRANTABLE)))
def test_a_person_holds_roles_of_one_duty_alone(held: Duty, role: Role) -> None:
    office = Office.CENTRE if role is Role.OFFICER else Office.NONE
    if role in DUTIES[held]:
        accept_grant(held, role, office)
    else:
        with pytest.raises(RuleBroken, match=r"grant\.duty"):
            accept_grant(held, role, office)


def test_administrators_centre_supervisors_officers_and_experts_exclude_each_other() -> None:
    apart = (Role.ADMIN, Role.CENTRE, Role.SUPERVISOR, Role.OFFICER, Role.EXPERT, Role.FINANCE, Role.BIDDER)
    assert len({duty_of(role) for role in apart}) == len(apart)


@pytest.mark.parametrize(("role", "office"), [(Role.OFFICER, Office.NONE), (Role.CENTRE, Office.CENTRE)])
def test_an_office_belongs_to_officers_alone(role: Role, office: Office) -> None:
    with pytest.raises(RuleBroken, match=r"grant\.office"):
        accept_grant(duty_of(role), role, office)
