"""The rules of the expert pool by values: who may be drawn on a day, who must step back, what may be signed about an expert."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from core.kernel.errors import NotAllowed, RuleBroken, Stale, WrongState
from core.kernel.ids import PersonId
from core.kernel.roles import Role
from evaluation.domain import expert_said as said
from evaluation.domain.expert import (
    MOVES,
    Bar,
    Cause,
    ExpertAction,
    ExpertFacts,
    ExpertState,
    Firm,
    Ground,
    LifeFacts,
    PastEmployment,
    Purpose,
    Recognised,
    Recognition,
    Suspension,
    Training,
    bar_to,
    is_eligible,
    must_step_back,
    years_before,
)
from evaluation.domain.secret import SecretKind, about, masked, normal
from evaluation.domain.specialty import CATALOGUE, MOST, check_strata
from tests.builders.people import uscc_of

DAY = date(2026, 11, 30)
OWN, RIVAL, OTHER = (Firm(uscc_of(name), name) for name in ("东湖设计院", "甲方建设集团有限公司", "乙川建筑工程有限公司"))
FACTS: dict[str, Any] = {
    "id": "1",
    "number": "E2026-000001",
    "person": PersonId(uuid4()),
    "state": ExpertState.ACTIVE,
    "strata": ("civil",),
    "region": "临江市",
    "employer": OWN,
    "qualified_from": DAY,
    "qualified_to": DAY,
    "trainings": (Training(DAY, DAY),),
    "consents": frozenset(Purpose),
}
LENT = Recognition("A2026-000001", DAY, DAY, frozenset({Recognised.QUALIFICATION, Recognised.TRAINING}))
ONE = timedelta(days=1)


def facts(**changes: Any) -> ExpertFacts:
    return ExpertFacts(**FACTS | changes)


def test_who_has_everything_may_be_drawn_on_the_first_and_the_last_day() -> None:
    assert bar_to(facts(), DAY) is None and is_eligible(facts(), DAY)
    for day in (DAY - ONE, DAY + ONE):
        assert bar_to(facts(), day) is Bar.NOT_QUALIFIED and not is_eligible(facts(), day)


@pytest.mark.parametrize(
    ("changes", "bar"),
    [
        ({"state": ExpertState.REMOVED}, Bar.NOT_ACTIVE),
        ({"state": ExpertState.DRAFT}, Bar.NOT_ACTIVE),
        ({"qualified_from": None}, Bar.NOT_QUALIFIED),
        ({"qualified_to": None}, Bar.NOT_QUALIFIED),
        ({"trainings": ()}, Bar.NOT_TRAINED),
        ({"trainings": (Training(DAY - 2 * ONE, DAY - ONE), Training(DAY + ONE, DAY + ONE))}, Bar.NOT_TRAINED),
        ({"suspensions": (Suspension(DAY, None, Ground.REQUESTED),)}, Bar.SUSPENDED),
        ({"suspensions": (Suspension(DAY - ONE, DAY, Ground.REQUESTED),)}, Bar.SUSPENDED),
        ({"suspensions": (Suspension(DAY - ONE, DAY, Ground.DISCIPLINE, DAY + ONE),)}, Bar.SUSPENDED),
        ({"suspensions": (Suspension(DAY - ONE, None, Ground.DISCIPLINE, DAY),)}, None),
        ({"suspensions": (Suspension(DAY - 2 * ONE, DAY - ONE, Ground.INVESTIGATED),)}, None),
        ({"suspensions": (Suspension(DAY + ONE, None, Ground.INVESTIGATED),)}, None),
        ({"person": None}, Bar.NO_ACCOUNT),
        ({"consents": frozenset({Purpose.IDENTITY, Purpose.FACE})}, Bar.NO_CONSENT),
        ({"origin": LENT}, None),
        ({"origin": LENT, "trainings": (Training(DAY, DAY, is_partners=True),)}, None),
        ({"origin": Recognition("A", DAY, DAY, frozenset({Recognised.TRAINING}))}, Bar.NO_AGREEMENT),
        ({"origin": Recognition("A", DAY + ONE, DAY + ONE, LENT.what)}, Bar.NO_AGREEMENT),
        ({"origin": Recognition("A", DAY - ONE, DAY - ONE, LENT.what)}, Bar.NO_AGREEMENT),
        ({"origin": Recognition("A", DAY, DAY, LENT.what, DAY)}, Bar.NO_AGREEMENT),
        ({"origin": Recognition("A", DAY, DAY, LENT.what, DAY + ONE)}, None),
        (
            {
                "origin": Recognition("A", DAY, DAY, frozenset({Recognised.QUALIFICATION})),
                "trainings": (Training(DAY, DAY, is_partners=True),),
            },
            Bar.NOT_TRAINED,
        ),
    ],
)
def test_whatever_is_missing_bars(changes: dict[str, Any], bar: Bar | None) -> None:
    assert bar_to(facts(**changes), DAY) is bar


@pytest.mark.parametrize(
    ("changes", "cause"),
    [
        ({}, None),
        ({"employer": RIVAL}, Cause.EMPLOYER),
        ({"past": (PastEmployment(RIVAL, date(2010, 1, 1), date(2023, 12, 1)),)}, Cause.PAST_EMPLOYMENT),
        ({"past": (PastEmployment(RIVAL, date(2010, 1, 1), date(2023, 11, 30)),)}, None),
        ({"past": (PastEmployment(OTHER, date(2010, 1, 1), DAY),)}, None),
        ({"relatives": (RIVAL,)}, Cause.RELATIVES),
        ({"ties": (OTHER, RIVAL)}, Cause.ECONOMIC_TIES),
        ({"relatives": (OTHER,), "ties": (OTHER,)}, None),
        ({"suspensions": (Suspension(date(2011, 1, 1), date(2011, 2, 1), Ground.PUNISHED),)}, Cause.PUNISHMENT),
        ({"suspensions": (Suspension(DAY + ONE, None, Ground.PUNISHED),)}, None),
        ({"suspensions": (Suspension(DAY - ONE, None, Ground.DISCIPLINE),)}, None),
    ],
)
def test_who_is_bound_to_a_firm_of_the_lot_or_was_punished_steps_back(changes: dict[str, Any], cause: Cause | None) -> None:
    assert must_step_back(facts(**changes), frozenset({RIVAL.uscc}), DAY) is cause


def test_three_years_before_a_leap_day_is_the_last_of_february() -> None:
    assert years_before(date(2028, 2, 29), 3) == date(2025, 2, 28) and years_before(DAY, 3) == date(2023, 11, 30)


def test_a_suspension_is_lifted_before_another_and_only_what_stands_ends() -> None:
    keeper, expert = frozenset({Role.CENTRE}), frozenset({Role.EXPERT})
    suspended, agreed = LifeFacts(is_suspended=True), LifeFacts(has_consent=True)
    assert MOVES.choose(ExpertAction.SUSPEND, ExpertState.ACTIVE, keeper, LifeFacts()) is ExpertState.ACTIVE
    assert MOVES.choose(ExpertAction.LIFT, ExpertState.ACTIVE, keeper, suspended) is ExpertState.ACTIVE
    assert MOVES.choose(ExpertAction.WITHDRAW, ExpertState.REMOVED, expert, agreed) is ExpertState.REMOVED
    for action, who, known, code in (
        (ExpertAction.SUSPEND, keeper, suspended, "expert.suspended_already"),
        (ExpertAction.LIFT, keeper, LifeFacts(), "expert.not_suspended"),
        (ExpertAction.WITHDRAW, expert, LifeFacts(), "expert.no_consent"),
    ):
        with pytest.raises(WrongState, match=code):
            MOVES.choose(action, ExpertState.ACTIVE, who, known)


def test_nobody_keeps_the_pool_but_the_centre_and_nobody_agrees_for_an_expert() -> None:
    own = {ExpertAction.DECLARE, ExpertAction.CONSENT, ExpertAction.WITHDRAW}
    for row in MOVES:
        wanted = {Role.EXPERT} if row.action in own else {Role.CENTRE}
        assert row.who == wanted | ({Role.EXPERT} if row.action is ExpertAction.CONTACT else set())
    with pytest.raises(NotAllowed):
        MOVES.choose(ExpertAction.ADMIT, ExpertState.DRAFT, frozenset({Role.SUPERVISOR}), LifeFacts())


# What is signed


def profile(**changes: Any) -> dict[str, Any]:
    firm = {"uscc": OWN.uscc, "name": OWN.name}
    body = {"name": "何平", "employer": firm, "region": "临江市", "title": "高级工程师", "qualified_from": "2025-01-01"}
    body |= {"qualified_to": "2027-12-31", "strata": ["civil", "cost"], "past": [], "origin": "", "origin_key": ""}
    return body | changes


def test_the_keeper_signs_with_a_step_up_on_the_chain_of_the_expert() -> None:
    expected = said.keepers_act("expert.admit", "E2026-000001")
    assert (expected.case, expected.role, expected.step_up) == ("E2026-000001", Role.CENTRE, True)


def test_a_profile_is_read_and_said_again_the_same() -> None:
    past = [{"uscc": RIVAL.uscc, "name": RIVAL.name, "since": "2010-01-01", "until": "2020-01-01"}]
    body = profile(past=past, origin="A2026-000001", origin_key="NX-17")
    read = said.Profile.read(body)
    assert read.to_json() == body and len(read.sha256) == 64
    assert said.Profile.read(profile()).sha256 != read.sha256
    amendment = said.Amendment.read(body | {"reason": "换了单位", "replaces": read.sha256})
    assert amendment.profile == read
    said.check_replaces(read.sha256, read.sha256)
    with pytest.raises(Stale):
        said.check_replaces(read.sha256, "")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"strata": []}, "pool.strata"),
        ({"strata": ["civil", "civil"]}, "pool.strata"),
        ({"strata": ["magic"]}, "pool.stratum_unknown"),
        ({"qualified_to": "2024-12-31"}, "expert.qualified_days"),
        ({"origin": "A2026-000001"}, "expert.origin_key"),
        ({"employer": {"uscc": "1", "name": "x"}}, "organisation.uscc"),
        ({"employer": {"uscc": OWN.uscc, "name": "x", "more": 1}}, "body.malformed"),
        ({"past": [{"uscc": OWN.uscc, "name": "x", "since": "2020-01-02", "until": "2020-01-01"}]}, "expert.past_days"),
        ({"qualified_from": "2025-1-1"}, "body.malformed"),
        ({"phone": "13800000000"}, "body.malformed"),
    ],
)
def test_a_profile_that_cannot_be_is_refused(changes: dict[str, Any], code: str) -> None:
    with pytest.raises(RuleBroken) as refusal:
        said.Profile.read(profile(**changes))
    assert refusal.value.code == code


def test_more_specialties_than_may_be_are_refused() -> None:
    assert check_strata(["civil"]) == ("civil",)
    with pytest.raises(RuleBroken):
        check_strata(list(CATALOGUE)[: MOST + 1])


def test_a_training_lies_behind_us_and_a_suspension_ahead() -> None:
    body = {"on": "2026-11-30", "until": "2028-11-30", "hours": 16, "course": "继续教育"}
    assert said.TrainingNote.read(body, DAY).hours == 16
    for wrong in ({"on": "2026-12-01"}, {"until": "2026-11-29"}):
        with pytest.raises(RuleBroken, match="training_days"):
            said.TrainingNote.read(body | wrong, DAY)
    note = {"since": "2026-11-30", "until": "", "ground": "discipline", "reason": "无故缺席", "ordered_by": "住建局", "document": ""}
    assert said.SuspensionNote.read(note, DAY).until is None
    assert said.SuspensionNote.read(note | {"until": "2026-11-30"}, DAY).until == DAY
    for wrong in ({"since": "2026-11-29"}, {"until": "2026-11-29"}):
        with pytest.raises(RuleBroken, match="suspension_days"):
            said.SuspensionNote.read(note | wrong, DAY)


def test_what_else_the_keeper_signs_needs_its_reason() -> None:
    assert said.RatingNote.read({"number": "T2026-000001-1", "points": 95, "reason": "按时到场"}).points == 95
    assert said.Reasoned.read({"reason": "本人申请"}).reason == "本人申请"
    for reader, body in ((said.Reasoned, {"reason": ""}), (said.RatingNote, {"number": "T", "points": 101, "reason": "好的"})):
        with pytest.raises(RuleBroken, match="malformed"):
            reader.read(body)


def test_a_declaration_names_firms_and_how_somebody_is_bound() -> None:
    bond = {"uscc": RIVAL.uscc, "name": RIVAL.name, "relation": "配偶任职"}
    read = said.Declaration.read({"bonds": [bond | {"kind": "relative"}]})
    assert read.of(said.BondKind.RELATIVE) == [bond] and read.of(said.BondKind.TIE) == []
    with pytest.raises(RuleBroken, match="malformed"):
        said.Declaration.read({"bonds": [bond | {"kind": "friend"}]})


def test_consent_is_given_to_the_text_and_the_days_of_today() -> None:
    assert said.kept_until(Purpose.IDENTITY, DAY) == date(2029, 11, 30)
    assert said.kept_until(Purpose.FACE, date(2028, 2, 29)) == date(2030, 2, 28)
    body = {"purpose": "face", "version": 1, "until": "2028-11-30"}
    assert said.Consent.read(body, DAY).purpose is Purpose.FACE
    for wrong in ({"version": 2}, {"until": "2029-11-30"}):
        with pytest.raises(Stale):
            said.Consent.read(body | wrong, DAY)
    assert said.Withdrawal.read({"purpose": "voice"}).purpose is Purpose.VOICE


def test_numbers_have_one_spelling_and_are_told_apart_masked() -> None:
    assert normal(SecretKind.PHONE, "+86 138-0000-0000") == "13800000000"
    assert normal(SecretKind.ID_NUMBER, " 11010519491231002x ") == "11010519491231002X"
    assert masked("13800000000") == "138******00"
    assert about("E-0001", SecretKind.PHONE) == "E-0001/phone"
    with pytest.raises(RuleBroken, match="id_number"):
        normal(SecretKind.ID_NUMBER, "110105194912310021")
    with pytest.raises(RuleBroken, match="contact"):
        normal(SecretKind.PHONE, "110")
