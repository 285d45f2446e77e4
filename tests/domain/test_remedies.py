"""Remedies: golden periods in both regimes, and every action in every state for every role."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from core.kernel.actor import Actor
from core.kernel.calendar import CHINA, end_of, start_of
from core.kernel.errors import NotAllowed, NotFound, Refusal, RuleBroken, WrongState
from core.kernel.ids import OrgId
from core.kernel.roles import Role
from trading.domain import complaint as complaints
from trading.domain import objection as objections
from trading.domain import remedy
from trading.domain.clock import Law, LegalRegime
from trading.domain.complaint import ComplaintAction, ComplaintFacts, ComplaintState, Matter
from trading.domain.lot import Parties
from trading.domain.objection import ObjectionAction, ObjectionFacts, ObjectionState
from trading.domain.remedy import STAGES, Capacity, Heard, Milestones, Stage

WORKS = Law(LegalRegime.CONSTRUCTION, True, CHINA)
PROCUREMENT = Law(LegalRegime.GOVERNMENT_PROCUREMENT, True, CHINA)


def day(written: str, hour: int = 10) -> datetime:
    """A Beijing hour of a day."""
    return start_of(date.fromisoformat(written)).replace(tzinfo=UTC) + (datetime(1, 1, 1, hour) - datetime(1, 1, 1))


# Golden periods: 2026-09-25 … 27 and 10-01 … 07 are holidays, 09-20 (Sunday) and 10-10 (Saturday) are worked


def last(moment: datetime) -> date:
    """The last day of a period."""
    return remedy.last_day_of(moment)


WORKS_TOLD = Milestones(
    release_at=day("2026-09-01"),
    deadline=day("2026-09-28"),
    prequalification_from=day("2026-09-01"),
    prequalification_until=day("2026-09-11"),
    publicity_from=day("2026-09-22"),
    publicity_until=end_of(date(2026, 9, 28)),
)
PROCUREMENT_TOLD = Milestones(
    release_at=day("2026-09-01"),
    deadline=day("2026-09-24"),
    opening_closed_at=day("2026-09-24"),
    award_notice_at=day("2026-09-28"),
)


@pytest.mark.parametrize(
    ("law", "stage", "told", "expected"),
    [
        (WORKS, Stage.DOCUMENT, WORKS_TOLD, "2026-09-18"),  # ten days before the deadline
        (WORKS, Stage.PREQUALIFICATION, WORKS_TOLD, "2026-09-09"),  # two days before
        (WORKS, Stage.RESULT, WORKS_TOLD, "2026-09-28"),  # as long as the publicity runs
        (PROCUREMENT, Stage.DOCUMENT, PROCUREMENT_TOLD, "2026-09-17"),  # 5 working days of announcement (09-08), then 7 working days
        (PROCUREMENT, Stage.PROCESS, PROCUREMENT_TOLD, "2026-10-12"),  # 28, 29, 30, 8, 9, 10 (worked), 12
        (PROCUREMENT, Stage.RESULT, PROCUREMENT_TOLD, "2026-10-14"),  # announced until 29, then 30, 8, 9, 10, 12, 13, 14
    ],
)
def test_golden_last_days_for_an_objection(law: Law, stage: Stage, told: Milestones, expected: str) -> None:
    found = remedy.window(law, stage, told)
    assert found is not None and last(found.ends_at) == date.fromisoformat(expected)
    assert found.has(day(expected, 23)) and not found.has(end_of(date.fromisoformat(expected)))
    assert not found.has(day("2026-08-31"))


@pytest.mark.parametrize(
    ("law", "stage", "filed", "expected"),
    [
        (WORKS, Stage.DOCUMENT, "2026-09-14", "2026-09-17"),  # three days
        (WORKS, Stage.DOCUMENT, "2026-09-22", "2026-09-28"),  # the 25th is a rest day: the next working day
        (WORKS, Stage.RESULT, "2026-09-28", "2026-10-08"),
        (PROCUREMENT, Stage.DOCUMENT, "2026-09-14", "2026-09-22"),  # 15, 16, 17, 18, 20 (worked), 21, 22
        (PROCUREMENT, Stage.RESULT, "2026-09-30", "2026-10-15"),
    ],
)
def test_golden_last_days_for_the_answer(law: Law, stage: Stage, filed: str, expected: str) -> None:
    assert last(remedy.answer_due(law, stage, day(filed))) == date.fromisoformat(expected)


def heard(filed: str, due: str, answered: str | None) -> Heard:
    """An objection that came first."""
    return Heard(day(filed), end_of(date.fromisoformat(due)), None if answered is None else day(answered))


@pytest.mark.parametrize(
    ("law", "known", "before", "expected"),
    [
        (WORKS, "2026-09-01", None, "2026-09-11"),  # ten days
        (WORKS, "2026-09-14", None, "2026-09-24"),
        (WORKS, "2026-09-15", None, "2026-09-28"),  # ends in a holiday
        (WORKS, "2026-09-10", heard("2026-09-14", "2026-09-17", "2026-09-16"), "2026-09-22"),  # two days are not counted
        (WORKS, "2026-09-10", heard("2026-09-14", "2026-09-17", None), "2026-09-23"),  # no answer: the whole time for it
        (WORKS, "2026-09-10", heard("2026-09-14", "2026-09-17", "2026-09-18"), "2026-09-24"),  # a late answer: until it came
        (PROCUREMENT, "2026-09-01", heard("2026-09-02", "2026-09-11", "2026-09-07"), "2026-10-09"),  # 15 working days from the 11th
    ],
)
def test_golden_last_days_for_a_complaint(law: Law, known: str, before: Heard | None, expected: str) -> None:
    assert last(remedy.complaint_ends(law, date.fromisoformat(known), before)) == date.fromisoformat(expected)


def test_golden_last_days_of_the_authority() -> None:
    filed, accepted = day("2026-09-23"), day("2026-09-28")
    assert last(remedy.acceptance_due(WORKS, filed)) == date(2026, 9, 29)  # 24, 28, 29
    assert last(remedy.acceptance_due(PROCUREMENT, filed)) == date(2026, 10, 8)
    assert last(remedy.decision_due(WORKS, filed, accepted)) == date(2026, 11, 13)  # from the acceptance
    assert last(remedy.decision_due(PROCUREMENT, filed, accepted)) == date(2026, 11, 11)  # from the receipt


def test_a_procurement_authority_suspends_for_thirty_days_at_most_and_says_until_when() -> None:
    now = day("2026-09-01")
    remedy.check_suspension(PROCUREMENT, now, date(2026, 10, 1))
    remedy.check_suspension(WORKS, now, None)
    for until in (None, date(2026, 10, 2)):
        with pytest.raises(RuleBroken) as refused:
            remedy.check_suspension(PROCUREMENT, now, until)
        assert refused.value.article == "政府采购法第五十七条"
    with pytest.raises(RuleBroken, match=r"complaint\.suspension_past"):
        remedy.check_suspension(WORKS, now, date(2026, 8, 31))


def test_the_regimes_are_never_mixed() -> None:
    for law, told in ((WORKS, WORKS_TOLD), (PROCUREMENT, PROCUREMENT_TOLD)):
        for stage in STAGES[law.regime]:
            found = remedy.window(law, stage, told)
            assert found is not None and found.rule.regime is law.regime
            assert remedy.answer_rule(law, stage).regime is law.regime
        for foreign in set(Stage) - set(STAGES[law.regime]):
            with pytest.raises(RuleBroken, match=r"objection\.stage_unknown"):
                remedy.window(law, foreign, told)
        for rule in (remedy.complaint_rule(law), remedy.acceptance_rule(law), remedy.decision_rule(law)):
            assert rule.regime is law.regime


# Moves

NOW = day("2026-09-10")
FILING = ObjectionFacts(now=NOW, law=WORKS, stage=Stage.DOCUMENT, told=WORKS_TOLD, capacity=Capacity.PROSPECTIVE_BIDDER)
SETTLED = replace(FILING, due_at=NOW, complaint_until=NOW)
B, T, A, S, Y = Role.BIDDER, Role.TENDERER, Role.AGENCY, Role.SUPERVISOR, Role.SYSTEM
OBJECTIONS: dict[tuple[str, str], tuple[str, set[Role]]] = {
    ("file", "unfiled"): ("filed", {B}),
    ("find_late", "filed"): ("unanswered_overdue", {Y}),
    ("answer", "filed"): ("answered", {T, A}),
    ("answer", "unanswered_overdue"): ("answered", {T, A}),
    ("withdraw", "filed"): ("withdrawn", {B}),
    ("withdraw", "unanswered_overdue"): ("withdrawn", {B}),
    ("close", "answered"): ("closed", {Y}),
    ("close", "filed"): ("closed", {Y}),
    ("close", "unanswered_overdue"): ("closed", {Y}),
}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("state", ObjectionState)
@pytest.mark.parametrize("action", ObjectionAction)
def test_every_action_on_an_objection(action: ObjectionAction, state: ObjectionState, role: Role) -> None:
    facts = SETTLED if action is not ObjectionAction.CLOSE else replace(SETTLED, lot_ended=True)
    _check_move(objections.MOVES, OBJECTIONS, (action, state, role), facts)


def _check_move(moves: Any, expected: dict[tuple[str, str], tuple[str, set[Role]]], at: tuple[Any, Any, Role], facts: Any) -> None:
    action, state, role = at
    may_ever = any(role in who for (name, _), (_, who) in expected.items() if name == action.value)
    to, who = expected.get((action.value, state.value), ("", set()))
    if role in who:
        assert moves.choose(action, state, frozenset({role}), facts).value == to
        return
    with pytest.raises(WrongState if may_ever else NotAllowed):
        moves.choose(action, state, frozenset({role}), facts)


RULED_OBJECTIONS: list[tuple[dict[str, Any], str, str]] = [
    ({"now": day("2026-09-19", 0)}, "objection.too_late", "招标投标法实施条例第二十二条"),
    ({"now": day("2026-08-31")}, "objection.not_yet", ""),
    ({"told": Milestones()}, "objection.not_yet", ""),
    ({"stage": Stage.PROCESS}, "objection.stage_unknown", ""),
    ({"capacity": Capacity.SUPPLIER}, "objection.capacity_unfit", "招标投标法实施条例第二十二条"),
    ({"capacity": Capacity.BIDDER}, "objection.capacity_unfit", "招标投标法实施条例第二十二条"),
    (
        {"stage": Stage.RESULT, "now": day("2026-09-23"), "capacity": Capacity.BIDDER},
        "objection.took_no_part",
        "招标投标法实施条例第五十四条",
    ),
    ({"stage": Stage.RESULT, "now": day("2026-09-29", 0)}, "objection.too_late", "招标投标法实施条例第五十四条"),
    ({"law": PROCUREMENT, "told": PROCUREMENT_TOLD}, "objection.capacity_unfit", "政府采购法第五十二条"),
    (
        {"law": PROCUREMENT, "told": PROCUREMENT_TOLD, "capacity": Capacity.SUPPLIER, "stage": Stage.PROCESS, "now": day("2026-09-30")},
        "objection.took_no_part",
        "政府采购法第五十二条",
    ),
]


@pytest.mark.parametrize(("changes", "code", "article"), RULED_OBJECTIONS, ids=lambda value: value if isinstance(value, str) else "")
def test_an_objection_is_refused_with_its_article(changes: dict[str, Any], code: str, article: str) -> None:
    with pytest.raises(Refusal) as refused:
        objections.MOVES.choose(ObjectionAction.FILE, ObjectionState.UNFILED, frozenset({B}), replace(FILING, **changes))
    assert refused.value.code == code and getattr(refused.value, "article", "") == article


def test_an_objection_closes_when_nobody_can_complain_any_more() -> None:
    close = (ObjectionAction.CLOSE, ObjectionState.ANSWERED, frozenset({Y}))
    for early in (replace(SETTLED, complaint_until=None), replace(SETTLED, complaint_open=True)):
        with pytest.raises(WrongState, match=r"objection\.close\.early"):
            objections.MOVES.choose(*close, early)
    with pytest.raises(WrongState, match=r"objection\.close\.unanswered"):
        objections.MOVES.choose(ObjectionAction.CLOSE, ObjectionState.UNANSWERED_OVERDUE, frozenset({Y}), SETTLED)
    with pytest.raises(WrongState, match=r"objection\.due\.not_reached"):
        objections.MOVES.choose(ObjectionAction.FIND_LATE, ObjectionState.FILED, frozenset({Y}), FILING)


COMPLAINT = ComplaintFacts(now=NOW, law=WORKS, matter=Matter.OTHER, known_on=date(2026, 9, 9), capacity=Capacity.PROSPECTIVE_BIDDER)
COMPLAINTS: dict[tuple[str, str], tuple[str, set[Role]]] = {
    ("file", "unfiled"): ("filed", {B}),
    ("accept", "filed"): ("accepted", {S}),
    ("refuse", "filed"): ("refused", {S}),
    ("hand_over", "filed"): ("handed_over", {S}),
    ("investigate", "accepted"): ("investigating", {S}),
    ("order_suspension", "accepted"): ("investigating", {S}),
    ("order_suspension", "investigating"): ("investigating", {S}),
    ("lift_suspension", "investigating"): ("investigating", {S}),
    ("lapse_suspension", "investigating"): ("investigating", {Y}),
    ("decide", "investigating"): ("decided", {S}),
    ("publish", "decided"): ("published", {S}),
    **{("withdraw", state): ("withdrawn", {B}) for state in ("filed", "accepted", "investigating")},
}
FITTING = {
    ComplaintAction.HAND_OVER: replace(COMPLAINT, earlier=True),
    ComplaintAction.LIFT_SUSPENSION: replace(COMPLAINT, suspended=True),
    ComplaintAction.LAPSE_SUSPENSION: replace(COMPLAINT, suspended=True, suspended_until=NOW),
}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("state", ComplaintState)
@pytest.mark.parametrize("action", ComplaintAction)
def test_every_action_on_a_complaint(action: ComplaintAction, state: ComplaintState, role: Role) -> None:
    _check_move(complaints.MOVES, COMPLAINTS, (action, state, role), FITTING.get(action, COMPLAINT))


BEFORE = heard("2026-09-03", "2026-09-07", "2026-09-04")
ARTICLE_60 = "招标投标法实施条例第六十条"
RULED_COMPLAINTS: list[tuple[dict[str, Any], str, str]] = [
    ({"known_on": date(2026, 8, 28)}, "complaint.too_late", ARTICLE_60),
    ({"known_on": date(2026, 9, 11)}, "complaint.known_in_future", ""),
    ({"matter": Matter.DOCUMENT}, "complaint.objection_first", ARTICLE_60),
    ({"matter": Matter.OPENING}, "complaint.objection_first_hall", ARTICLE_60),
    ({"matter": Matter.PROCESS}, "complaint.matter_unknown", ""),
    ({"matter": Matter.DOCUMENT, "heard": heard("2026-09-09", "2026-09-14", None)}, "complaint.answer_running", ARTICLE_60),
    ({"matter": Matter.DOCUMENT, "heard": BEFORE}, "complaint.known_after_objection", ARTICLE_60),
    ({"twice": True}, "complaint.twice", ""),
    ({"capacity": Capacity.BIDDER}, "objection.took_no_part", ARTICLE_60),
    ({"capacity": Capacity.SUPPLIER}, "objection.capacity_unfit", ARTICLE_60),
    ({"law": PROCUREMENT, "matter": Matter.DOCUMENT}, "objection.capacity_unfit", "政府采购法第五十五条"),
    (
        {"law": PROCUREMENT, "matter": Matter.DOCUMENT, "capacity": Capacity.SUPPLIER},
        "complaint.objection_first",
        "政府采购法第五十五条",
    ),
    ({"law": PROCUREMENT, "capacity": Capacity.SUPPLIER}, "complaint.matter_unknown", ""),
]


@pytest.mark.parametrize(("changes", "code", "article"), RULED_COMPLAINTS, ids=lambda value: value if isinstance(value, str) else "")
def test_a_complaint_is_refused_with_its_article(changes: dict[str, Any], code: str, article: str) -> None:
    with pytest.raises(Refusal) as refused:
        complaints.MOVES.choose(ComplaintAction.FILE, ComplaintState.UNFILED, frozenset({B}), replace(COMPLAINT, **changes))
    assert refused.value.code == code and getattr(refused.value, "article", "") == article


def test_a_complaint_follows_an_objection_that_was_answered_or_is_overdue() -> None:
    for before in (BEFORE, heard("2026-09-03", "2026-09-07", None)):
        facts = replace(COMPLAINT, matter=Matter.DOCUMENT, heard=before, known_on=date(2026, 9, 2))
        assert complaints.MOVES.choose(ComplaintAction.FILE, ComplaintState.UNFILED, frozenset({B}), facts) is ComplaintState.FILED


def test_the_page_asks_before_a_capacity_is_chosen() -> None:
    facts = replace(COMPLAINT, capacity=None)
    assert complaints.MOVES.choose(ComplaintAction.FILE, ComplaintState.UNFILED, frozenset({B}), facts) is ComplaintState.FILED


def test_of_two_authorities_the_first_alone_takes_a_complaint_on() -> None:
    second = replace(COMPLAINT, earlier=True)
    with pytest.raises(RuleBroken) as refused:
        complaints.MOVES.choose(ComplaintAction.ACCEPT, ComplaintState.FILED, frozenset({S}), second)
    assert refused.value.article == "招标投标法实施条例第六十一条"
    with pytest.raises(WrongState, match=r"complaint\.nobody_earlier"):
        complaints.MOVES.choose(ComplaintAction.HAND_OVER, ComplaintState.FILED, frozenset({S}), COMPLAINT)


def test_no_second_order_while_one_stands_and_none_is_lifted_that_does_not() -> None:
    standing = replace(COMPLAINT, suspended=True)
    for action, facts, code in (
        (ComplaintAction.ORDER_SUSPENSION, standing, "complaint.suspended_already"),
        (ComplaintAction.LIFT_SUSPENSION, COMPLAINT, "complaint.not_suspended"),
    ):
        with pytest.raises(WrongState, match=code):
            complaints.MOVES.choose(action, ComplaintState.INVESTIGATING, frozenset({S}), facts)
    with pytest.raises(WrongState, match=r"complaint\.suspension_runs"):
        complaints.MOVES.choose(ComplaintAction.LAPSE_SUSPENSION, ComplaintState.INVESTIGATING, frozenset({Y}), standing)


# Who sees what

TENDERER, AGENCY, FIRM, OTHER, AUTHORITY = (OrgId(UUID(int=n)) for n in range(1, 6))
PARTIES = Parties(TENDERER, AGENCY)


def test_before_the_opening_nobody_but_the_filer_sees_whose_an_objection_is() -> None:
    for stage in remedy.SECRET:
        seers = {role for role in Role if objections.READS.may(objections.See.FILER, stage, frozenset({role}))}
        assert seers == {B}
        readers = {role for role in Role if objections.READS.may(objections.See.TEXT, stage, frozenset({role}))}
        assert readers == {B, T, A}  # the answerer needs the words alone
    for matter in complaints.SECRET_MATTERS:
        assert {role for role in Role if complaints.READS.may(complaints.See.ALL, matter, frozenset({role}))} == {B, S}


def test_a_bidder_speaks_for_its_own_and_an_authority_of_its_own() -> None:
    everything = frozenset(Role)
    assert B in objections.roles_of(Actor(org=FIRM, roles=everything), PARTIES, FIRM)
    assert B not in objections.roles_of(Actor(org=OTHER, roles=everything), PARTIES, FIRM)
    assert B in objections.roles_of(Actor(org=OTHER, roles=everything), PARTIES, None)
    for party in (TENDERER, AGENCY, None):  # neither tenderer nor agency objects to its own document
        assert B not in objections.roles_of(Actor(org=party, roles=everything), PARTIES, None)
        assert B not in complaints.roles_of(Actor(org=party, roles=everything), PARTIES, None, None)
    assert B in complaints.roles_of(Actor(org=FIRM, roles=everything), PARTIES, FIRM, None)
    assert S in complaints.roles_of(Actor(org=AUTHORITY, roles=everything), PARTIES, FIRM, AUTHORITY)
    assert S not in complaints.roles_of(Actor(org=OTHER, roles=everything), PARTIES, FIRM, AUTHORITY)


def test_numbers_are_of_the_digest_and_count_nobody() -> None:
    digest = "3f2a9c01b7de" + "0" * 52
    assert remedy.objection_number(LegalRegime.CONSTRUCTION, digest) == "YY-3F2A9C01B7DE"
    assert remedy.objection_number(LegalRegime.GOVERNMENT_PROCUREMENT, digest) == "ZY-3F2A9C01B7DE"
    assert remedy.complaint_number(digest) == "TS-3F2A9C01B7DE"


def test_a_window_waits_for_its_anchor_and_a_regime_has_its_own_stages() -> None:
    nothing = Milestones()
    for law in (WORKS, PROCUREMENT):
        for stage in STAGES[law.regime]:
            assert remedy.window(law, stage, nothing) is None
    with pytest.raises(RuleBroken, match=r"objection\.stage_unknown"):
        remedy.window(WORKS, Stage.PROCESS, WORKS_TOLD)
    assert remedy.stops_the_lot(LegalRegime.CONSTRUCTION) and not remedy.stops_the_lot(LegalRegime.GOVERNMENT_PROCUREMENT)


def test_a_period_that_the_rules_lack_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trading.domain.clock.find", lambda *asked: None)
    with pytest.raises(NotFound, match=r"period\.unknown"):
        remedy.complaint_rule(WORKS)
