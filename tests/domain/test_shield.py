"""The clauses of an award, judged by values: what each rests on, what each misses, and what the report makes of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from uuid import UUID

import pytest

from core.kernel.actor import Actor
from core.kernel.errors import NotAllowed, RuleBroken, WrongState
from core.kernel.events import Event
from core.kernel.ids import OrgId, PersonId
from core.kernel.roles import Role
from evaluation.domain import shield_said as kinds
from evaluation.domain.shield import CLAUSES, Stage, first_missing, table, unsigned
from evaluation.domain.shield_audience import SHOWS
from evaluation.domain.shield_body import Category, Interference, Paper, read_closing, read_refusal, read_signature
from evaluation.domain.shield_life import MOVES, READS, Action, Facts, See, State, roles_of
from evaluation.domain.shield_matrix import matrix
from evaluation.domain.shield_record import public, record
from evaluation.domain.shield_said import Said, Told

BEGAN = datetime(2026, 3, 1, tzinfo=UTC)
FIRM, OTHER = (str(UUID(int=n)) for n in (1, 2))
ONE, TWO, THREE, BOSS = (str(UUID(int=n)) for n in (11, 12, 13, 14))
FACTOR = {"name": "履约能力", "definition": "近三年同类工程的履约评价"}
PLAN = {"method": "DIRECT_VOTE", "members": 2, "quorum": 2, "factors": [FACTOR], "legal_basis": "临建发〔2025〕12号", "region_rule": "2025"}
REASONS = [{"text": "业绩最多", "source": "aa" * 32, "page": 3}]
MADE: dict[str, Any] = {"factors": [], "candidates": [], "papers": []}
SKIP: Mapping[str, Any] = {}
LATE: dict[str, Any] = {"document_publish": {"validity_days": 0}, "notice_publish": {"deadline": "2026-02-01T00:00:00.000Z"}}


def paper(category: str, **changes: Any) -> dict[str, Any]:
    """The body of a paper on file."""
    blank = {"reference": "", "candidate": "", "factor": "", "summary": "", "files": [{"name": "报告.pdf", "sha256": "c" * 64, "size": 9}]}
    return {"category": category, "title": "报告", "source": "实地考察", "author": "王建国", "dated_on": "2026-03-02"} | blank | changes


def story(**changes: Any) -> list[tuple[str, str, Mapping[str, Any], int]]:
    """(kind, person, body, round) of a whole award; `changes` by kind with `_` for `.` put other members in, SKIP leaves it out."""
    ballot = {"round": 1, "choice": FIRM, "reasons": REASONS}
    told = [
        (kinds.PLAN, BOSS, {"plan_sha256": "p", "plan": PLAN}, 0),
        (kinds.DOCUMENT, BOSS, {"document_sha256": "d", "validity_days": 60}, 0),
        (kinds.NOTICE, BOSS, {"award_plan_sha256": "p", "document_sha256": "d", "deadline": "2026-03-02T00:00:00.000Z"}, 0),
        (kinds.REPORT_SIGNED, "e1", {"report_sha256": "r"}, 0),
        (kinds.REPORT, "", {"report_sha256": "r", "ranked": False}, 0),
        (kinds.CANDIDATES, BOSS, {"report_sha256": "r", "candidates": [{"org": FIRM, "name": "甲公司", "price_fen": 100}]}, 0),
        (kinds.PUBLICITY_OVER, "", {}, 0),
        (kinds.PAPER, BOSS, paper("cleaning"), 0),
        (kinds.OPENED, BOSS, {"members": {TWO: "技术", ONE: "管理"}}, 0),
        (kinds.MATRIX, "", {"matrix": MADE}, 0),
        *((kinds.SIGN_IN, one, {}, 0) for one in (ONE, TWO)),
        *((kinds.DECLARED, one, {"none": True, "reason": ""}, 0) for one in (ONE, TWO)),
        (kinds.PAPER, BOSS, paper("recording", reference="录像 1", files=[]), 0),
        *(("ballot", one, ballot, 1) for one in (ONE, TWO)),
        (kinds.RESULT, "", {"winner": FIRM, "rounds": []}, 0),
        *((kinds.REGISTER, one, {"entries": []}, 0) for one in (BOSS, ONE, TWO)),
        (kinds.DRAFT, "", {"report_sha256": "w", "record": {}}, 0),
        *((kinds.SIGNED, one, {"report_sha256": "w", "dissent": ""}, 0) for one in (BOSS, ONE, TWO)),
    ]
    found = []
    for kind, person, body, round_ in told:
        change = changes.get(kind.replace(".", "_"))
        if change is not SKIP:
            found.append((kind, person, body | (change or {}), round_))
    return found


def role_of(person: str) -> str:
    return {"": "system", BOSS: "tenderer", "e1": "expert"}.get(person, "award_member")


def told(rows: list[tuple[str, str, Mapping[str, Any], int]]) -> Told:
    return Told(
        Said(kind, round_, person, role_of(person), BEGAN + timedelta(hours=at), f"{at:064x}", body)
        for at, (kind, person, body, round_) in enumerate(rows)
    )


def missing(**changes: Any) -> dict[str, str]:
    """The clauses that do not hold, with why."""
    return {row.clause.code: row.finding.why for row in table(told(story(**changes))) if not row.holds}


def test_a_whole_award_lacks_nothing() -> None:
    whole = told(story())
    assert missing() == {} and first_missing(whole, Stage.HAND_OVER) is None
    assert all(row.finding.proofs for row in table(whole))
    assert len({clause.code for clause in CLAUSES}) == len(CLAUSES)


@pytest.mark.parametrize(
    ("changes", "code", "why"),
    [
        ({"notice_publish": {"award_plan_sha256": "other"}}, "plan.first", "plan_late"),
        ({"notice_publish": SKIP}, "plan.first", "plan_late"),
        ({"award_plan_fix": {"plan": PLAN | {"legal_basis": ""}}}, "plan.basis", "basis_unnamed"),
        ({"award_plan_fix": {"plan": PLAN | {"factors": []}}}, "plan.factors", "factors_undefined"),
        ({"award_plan_fix": {"plan": PLAN | {"factors": [FACTOR | {"definition": ""}]}}}, "plan.factors", "factors_undefined"),
        ({"report_submit": SKIP}, "report.submitted", "report_missing"),
        ({"report_submit": {"ranked": True}}, "report.submitted", "report_ranked"),
        ({"candidates_publish": SKIP}, "candidates.public", "candidates_unpublished"),
        ({"candidates_publish": {"report_sha256": "other"}}, "candidates.public", "candidates_unpublished"),
        ({"publicity_end": SKIP}, "candidates.public", "publicity_running"),
        ({"award_paper": {"category": "selection"}}, "cleaning.filed", "cleaning_missing"),
        ({"award_paper": {"category": "selection"}}, "recording.kept", "recording_missing"),
        ({"award_open": SKIP}, "members.named", "members_unnamed"),
        ({"award_sign_in": SKIP}, "members.present", "absent"),
        ({"award_sign_in": SKIP}, "quorum.met", "too_few"),
        ({"award_declare": SKIP}, "members.declared", "undeclared"),
        ({"award_matrix": SKIP}, "matrix.made", "matrix_missing"),
        ({"award_result": SKIP}, "ballots.reasoned", "undecided"),
        ({"award_result": SKIP}, "validity.covers", "undecided"),
        ({"ballot": {"reasons": []}}, "ballots.reasoned", "reasons_missing"),
        ({"ballot": {"reasons": [{"text": " ", "source": "x", "page": 1}]}}, "ballots.reasoned", "reasons_missing"),
        (
            {"document_publish": {"validity_days": 0}, "notice_publish": {"deadline": "2026-02-01T00:00:00.000Z"}},
            "validity.covers",
            "validity_over",
        ),
        ({"interference_close": SKIP}, "register.closed", "register_open"),
        ({"interference_close": {"entries": ["f" * 64]}}, "register.closed", "register_open"),
        ({"award_report_sign": SKIP}, "report.signed", "award_report_unsigned"),
        ({"award_report_draft": SKIP}, "report.signed", "award_report_unsigned"),
    ],
)
def test_what_is_missing_is_named(changes: dict[str, Any], code: str, why: str) -> None:
    assert missing(**changes)[code] == why


def test_the_first_missing_clause_blocks_its_step_and_those_after_it() -> None:
    without = told(story(award_sign_in=SKIP))
    assert first_missing(without, Stage.OPEN) is None
    found = first_missing(without, Stage.REPORT)
    assert found is not None and found.clause.code == "members.present" and found.finding.missing == (ONE, TWO)


def test_a_candidate_list_published_anew_needs_a_publicity_of_its_own() -> None:
    rows = story()
    rows.append(next(row for row in rows if row[0] == kinds.CANDIDATES))
    assert "candidates.public" in {row.clause.code for row in table(told(rows)) if not row.holds}


def test_a_consent_to_a_longer_validity_on_file_is_enough_and_a_moved_deadline_counts() -> None:
    late = {"document_publish": {"validity_days": 0}, "notice_publish": {"deadline": "2026-02-01T00:00:00.000Z"}}
    rows = story(**late)
    assert "validity.covers" not in {
        row.clause.code for row in table(told([*rows, (kinds.PAPER, BOSS, paper("validity"), 0)])) if not row.holds
    }
    moved = [*rows, ("lot.resume", "", {"deadline": "2026-03-02T00:00:00.000Z"}, 0)]
    assert "validity.covers" not in {row.clause.code for row in table(told(moved)) if not row.holds}


def test_ballots_of_a_round_that_is_not_complete_are_not_looked_at() -> None:
    rows = [row for row in story() if row[0] not in (kinds.RESULT, kinds.REGISTER, kinds.DRAFT, kinds.SIGNED)]
    assert told(rows).all("ballot") == []
    counted = [*rows, (kinds.ROUND, "", {"votes": {FIRM: 1}, "standing": [FIRM]}, 1)]
    assert len(told(counted).all("ballot")) == 2
    assert record(told(counted))["rounds"][0]["counted"] == {"votes": {FIRM: 1}, "standing": [FIRM]}  # type: ignore[index,call-overload]
    assert told(rows).all(kinds.RESULT) == [] and record(told(rows))["result"] == {}


def test_members_are_drawn_replaced_and_numbered_in_the_order_in_which_they_sit() -> None:
    plan = PLAN | {"selection": "drawn", "members": 2}
    rows = story(award_plan_fix={"plan": plan}, award_open={"members": {ONE: "主任", TWO: "技术", THREE: "技术"}})
    assert told(rows).seats == () and told(rows).members == ()
    assert {row.clause.code: row.finding.why for row in table(told(rows)) if not row.holds}["members.named"] == "members_unnamed"
    rows += [
        (kinds.DRAW, "", {"draw": "d-1", "purpose": "tie"}, 0),
        (kinds.DRAW, "", {"draw": "d-2", "purpose": "members"}, 0),
        (kinds.DRAWN, "", {"draw": "d-2", "order": [THREE, TWO]}, 0),
        (kinds.DRAWN, "", {"draw": "d-1", "order": [FIRM, OTHER]}, 0),
    ]
    assert told(rows).members == (ONE, THREE)
    rows += [(kinds.DECLARED, THREE, {"none": False, "reason": "亲属"}, 0)]
    rows += [(kinds.REPLACED, BOSS, {"member": "", "successor": TWO, "post": "技术", "reason": "递补"}, 0)]
    assert [(seat.number, seat.person, seat.left) for seat in told(rows).seats] == [(1, ONE, False), (2, THREE, True), (3, TWO, False)]
    rows += [(kinds.REPLACED, BOSS, {"member": ONE, "successor": "", "post": "", "reason": "出差"}, 0)]
    assert told(rows).members == (TWO,)
    named = next(row for row in table(told(rows)) if row.clause.code == "members.named")
    assert [one.kind for one in named.finding.proofs] == [kinds.OPENED, kinds.DRAWN, kinds.REPLACED, kinds.REPLACED]


def test_a_later_entry_makes_signatures_under_the_register_stale() -> None:
    rows = story()
    rows.append((kinds.ENTRY, ONE, {"who": "某人", "on": "2026-03-03", "how": "电话", "done": "拒绝"}, 0))
    now = told(rows)
    assert now.closers() == [] and len(now.entries) == 1
    again = told([*rows, (kinds.REGISTER, TWO, {"entries": list(now.entries)}, 0)])
    found = next(row for row in table(again) if row.clause.code == "register.closed")
    assert found.finding.missing == ("tenderer", ONE)


def test_a_noted_refusal_counts_for_the_member_and_not_for_the_tenderer() -> None:
    rows = [row for row in story() if row[0] != kinds.SIGNED]
    noted = told([*rows, (kinds.DECLINED, BOSS, {"report_sha256": "w", "member": ONE, "reason": "拒签"}, 0)])
    assert unsigned(noted.members, noted.signers()) == ["tenderer", TWO]


def test_the_comparison_puts_points_words_and_papers_beside_each_candidate() -> None:
    sheet = {"bid": "T-1", "scores": {"method": "9"}, "reasons": {"method": "方案合理 ", "team": ""}}
    row = {"bid": "T-1", "contract_price": "1.00", "price_score": "57.09", "total": "85.99", "criteria": {"method": "11.1"}}
    evaluated = [
        ("score", "e1", {"sheets": [sheet]}, 0),
        ("score", "e2", {"sheets": [sheet | {"reasons": {"method": "方案合理"}}, {"bid": "T-2", "scores": {}}]}, 0),
        ("technical.lock", "", {}, 0),
        ("blind.opened", "", {"map": {"T-1": FIRM}}, 0),
        ("summary", "", {"document": {"bids": [{"id": "T-1", "price": "1.00"}]}, "result": {"rows": [row]}}, 0),
        (kinds.PAPER, BOSS, paper("performance", candidate=FIRM, summary="信用 A 级"), 0),
        (kinds.PAPER, BOSS, paper("comparison", candidate=FIRM, factor="履约能力", summary="均为优"), 0),
    ]
    made: Any = matrix(told([*evaluated, *story()]))
    [one] = made["candidates"]
    assert (one["code"], one["bid_price"], one["price_score"], one["total"]) == ("T-1", "1.00", "57.09", "85.99")
    assert one["comments"] == [{"criterion": "method", "text": "方案合理"}] and one["criteria"] == {"method": "11.1"}
    assert [said["text"] for said in one["performance"]] == ["信用 A 级"]
    assert [said["text"] for said in one["factors"][0]["said"]] == ["均为优"]
    assert made["papers"][0]["files"] == [{"name": "报告.pdf", "sha256": "c" * 64}]
    assert matrix(told([])) == {"factors": [], "candidates": [], "papers": []}
    bare: Any = matrix(told(story()))
    assert bare["candidates"][0]["code"] == "" and bare["candidates"][0]["comments"] == []


def test_the_public_learn_of_the_report_what_names_nobody() -> None:
    rounds = [{"round": 1, "votes": {FIRM: 2}}]
    decided = {"award_result": {"method": "DIRECT_VOTE", "rounds": rounds, "how": "majority"}}
    told_ = public(cast("Any", record(told(story(**decided)).before(kinds.DRAFT))), "ab" * 32)
    assert told_.to_json() == {"report_sha256": "ab" * 32, "method": "DIRECT_VOTE", "members": 2, "rounds": 1, "votes": 2}
    drawn = {"award_result": {"method": "VOTE_THEN_DRAW", "rounds": [], "how": "draw"}}
    assert public(cast("Any", record(told(story(**drawn)).before(kinds.DRAFT))), "ab" * 32).votes is None


def test_where_the_result_is_published_after_the_award_nothing_is_published_before_it() -> None:
    after = {"award_plan_fix": {"plan": PLAN | {"publicity": "after_award"}}, "candidates_publish": SKIP, "publicity_end": SKIP}
    submitted = {"report_submit": {"candidates": [FIRM]}}
    assert missing(**after, **submitted) == {}
    [bare] = cast("Any", matrix(told(story(**after, **submitted)))["candidates"])
    assert (bare["org"], bare["name"], bare["price_fen"]) == (FIRM, "", 0)
    result = {"rows": [{"bid": "T-1", "contract_price": "1.00", "rank": 1}], "candidates": ["T-1"]}
    evaluated = [
        ("technical.lock", "", {}, 0),
        ("blind.opened", "", {"map": {"T-1": FIRM}}, 0),
        ("summary", "", {"document": {}, "result": result}, 0),
    ]
    [priced] = cast("Any", matrix(told([*evaluated, *story(**after, **submitted)]))["candidates"])
    assert (priced["code"], priced["price_fen"]) == ("T-1", 100)
    assert matrix(told(story(**after, report_submit=SKIP)))["candidates"] == []
    assert matrix(told(story(candidates_publish=SKIP)))["candidates"] == []


def test_the_record_says_who_said_what_and_nothing_of_what_came_later() -> None:
    made: Any = record(told(story()).before(kinds.DRAFT))
    assert [one["number"] for one in made["members"]] == [1, 2] and made["members"][0]["post"] == "管理"
    assert [said["member"] for said in made["rounds"][0]["said"]] == [1, 2] and made["rounds"][0]["counted"] == {}
    assert made["result"]["said"]["winner"] == FIRM and made["register"]["entries"] == []
    assert all(row["holds"] for row in made["table"]) and "report.signed" not in {row["clause"] for row in made["table"]}
    stranger: Any = record(told([*story(), ("ballot", THREE, {"round": 1, "reasons": REASONS}, 1)]))
    assert stranger["rounds"][0]["said"][-1]["member"] == 0
    nothing: Any = record(told([]))
    assert nothing["plan"] == {} and nothing["matrix"] == {} and nothing["rounds"] == []
    assert told([]).before(kinds.DRAFT).all(kinds.DRAFT) == [] and told([]).last(kinds.DRAFT) is None


# What people sign


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"category": "gossip"}, "shield.paper.category"),
        ({"dated_on": "2026-13-01"}, "shield.paper.day"),
        ({"files": []}, "shield.paper.file_missing"),
        ({"category": "recording", "files": []}, "shield.paper.reference_missing"),
        ({"category": "performance"}, "shield.paper.candidate_missing"),
        ({"category": "performance", "candidate": FIRM, "summary": " "}, "shield.paper.candidate_missing"),
        ({"candidate": OTHER}, "shield.paper.candidate_other"),
        ({"factor": "人情"}, "shield.paper.factor_other"),
        ({"category": "comparison", "candidate": FIRM, "summary": "优"}, "shield.paper.factor_other"),
        ({"files": [{"name": "报告.docx", "sha256": "c" * 64, "size": 9}]}, "shield.paper.no_pdf"),
        ({"files": [{"name": "报告.pdf", "sha256": "C" * 64, "size": 9}]}, "shield.paper.digest"),
        ({"files": "x"}, "evaluation.body"),
        ({"more": 1}, "evaluation.body"),
    ],
)
def test_a_paper_that_lacks_what_its_category_needs_is_refused(changes: dict[str, Any], code: str) -> None:
    with pytest.raises(RuleBroken) as refusal:
        Paper.read(paper("cleaning") | changes, [FIRM], ["履约能力"])
    assert refusal.value.code == code


def test_a_paper_is_read() -> None:
    said = Paper.read(paper("comparison", candidate=FIRM, factor="履约能力", summary="优"), [FIRM], ["履约能力"])
    assert said.category is Category.COMPARISON and said.files[0].name == "报告.pdf"


def refusal_of(act: Callable[..., object], *given: Any) -> str:
    with pytest.raises(RuleBroken) as refusal:
        act(*given)
    return refusal.value.code


def test_what_is_signed_under_register_and_report_is_what_stands() -> None:
    assert Interference.read({"who": "某人", "on": "2026-03-03", "how": "电话", "done": "拒绝"}).on == "2026-03-03"
    assert read_closing({"entries": ["a" * 64]}, ["a" * 64]) == ("a" * 64,)
    for other in ([], ["b" * 64], "a" * 64, None):
        assert refusal_of(read_closing, {"entries": other}, ["a" * 64]) == "shield.register.other"
    assert refusal_of(read_closing, {}, []) == "evaluation.body"
    digest = "d" * 64
    assert read_signature({"report_sha256": digest, "dissent": " 有保留 "}, digest) == "有保留"
    assert refusal_of(read_signature, {"report_sha256": "e" * 64, "dissent": ""}, digest) == "shield.report.other"
    said = {"report_sha256": digest, "member": ONE, "reason": "拒签"}
    assert read_refusal(said, digest, [ONE]) == (ONE, "拒签")
    assert refusal_of(read_refusal, said, "e" * 64, [ONE]) == "shield.report.other"
    assert refusal_of(read_refusal, said, digest, [TWO]) == "shield.report.no_member"


# Its life


def test_only_people_of_this_award_have_a_role_in_its_file() -> None:
    member, boss, org = PersonId(UUID(ONE)), PersonId(UUID(BOSS)), OrgId(UUID(FIRM))
    assert roles_of(Actor(member, org, frozenset({Role.AWARD_MEMBER})), [member], org) == {Role.AWARD_MEMBER}
    assert roles_of(Actor(member, org, frozenset({Role.AWARD_MEMBER})), [], org) == frozenset()
    assert roles_of(Actor(boss, org, frozenset({Role.TENDERER})), [], org) == {Role.TENDERER}
    assert roles_of(Actor(boss, OrgId(UUID(OTHER)), frozenset({Role.TENDERER, Role.SUPERVISOR})), [], org) == {Role.SUPERVISOR}


def test_the_table_of_moves_refuses_by_name() -> None:
    system = frozenset({Role.SYSTEM})
    with pytest.raises(RuleBroken) as broken:
        MOVES.choose(Action.BEGIN, State.PREPARING, system, Facts(missing="cleaning.filed", basis="指引"))
    assert (broken.value.code, broken.value.article) == ("shield.missing.cleaning.filed", "指引")
    assert MOVES.choose(Action.BEGIN, State.PREPARING, system, Facts()) is State.SITTING
    with pytest.raises(WrongState):
        MOVES.choose(Action.HAND_OVER, State.SIGNING, system, Facts(unsigned=1))
    assert MOVES.choose(Action.HAND_OVER, State.SIGNING, system, Facts()) is State.HANDED_OVER
    with pytest.raises(WrongState):
        MOVES.choose(Action.SIGN, State.SIGNING, frozenset({Role.TENDERER}), Facts(has_signed=True))
    with pytest.raises(NotAllowed):
        MOVES.choose(Action.SIGN, State.SIGNING, frozenset({Role.SUPERVISOR}), Facts())
    assert not READS.may(See.ENTRIES, State.CLOSING, frozenset({Role.TENDERER, Role.AWARD_MEMBER}))
    assert not READS.may(See.NAMES, State.SITTING, frozenset({Role.AWARD_MEMBER}))


def test_nobody_but_the_supervisor_hears_of_an_entry_in_the_register() -> None:
    event: Any = type("Told", (), {"lot": "1", "KIND": "interference.entry"})()
    assert {one.audience for one in SHOWS["interference.entry"](event)} == {"supervisor"}
    assert issubclass(Event, object) and "host" not in {one.audience for one in SHOWS["interference.close"](event)}
