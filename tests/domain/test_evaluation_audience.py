"""Who learns what of an event: of a score nobody learns anything but that a seat has signed."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

import evaluation
from core.kernel.events import KINDS
from core.kernel.ids import CaseId
from evaluation import events, events_discussion, events_questions, events_votes, events_weighings  # noqa: F401 - registers its kinds
from evaluation.domain.audience import COMMITTEE, INSIDE, PROJECTIONS, PUBLIC, SUPERVISOR, TENDERER, seat

CASE = CaseId("T2026-000001")
ELSEWHERE = {"evaluation.events_sites", "evaluation.events_experts", "evaluation.events_fees"}  # their chains have no audience here
UNHEARD = {"video.head", "video.end", "video.view", "video.dispose"}  # on the recordings' own chain


def test_every_kind_of_this_package_has_its_row() -> None:
    modules = {f"evaluation.{one.name}" for one in iter_modules(evaluation.__path__) if one.name.startswith("events")}
    for module in modules - ELSEWHERE:
        import_module(module)
    assert {kind for kind, cls in KINDS.items() if cls.__module__ in modules - ELSEWHERE} - UNHEARD == set(PROJECTIONS)


def test_of_a_signed_sheet_the_room_learns_that_and_the_seat_its_digest() -> None:
    shown = list(PROJECTIONS["score"](events.ScoreSubmitted(case=CASE, lot="1", seat="3", sheet_sha256="ab" * 32)))
    assert {one.audience: dict(one.data) for one in shown} == {
        **{audience: {"lot": "1", "seat": "3"} for audience in INSIDE},
        seat("3"): {"lot": "1", "seat": "3", "sheet_sha256": "ab" * 32},
    }


def test_the_pseudonyms_of_the_draw_are_not_shown_beside_the_seats() -> None:
    formed = events.CommitteeFormed(case=CASE, lot="1", draw="draw-1-1", seats=[{"code": "1", "pseudonym": "P1234", "site": "主场"}])
    shown = list(PROJECTIONS["committee.form"](formed))
    assert {one.audience for one in shown} == set(INSIDE) and all("P1234" not in str(one.data) for one in shown)


def test_the_mapping_and_the_result_are_for_committee_and_supervisor() -> None:
    opened = events.BlindMapOpened(case=CASE, lot="1", salt="00", map={"T-10": "org"})
    assert {one.audience for one in PROJECTIONS["blind.opened"](opened) if one.data.get("map")} == {COMMITTEE, SUPERVISOR}
    locked = events.TechnicalLocked(case=CASE, lot="1", passed=["a"], failed=["b"], result_sha256="cd" * 32)
    told = {one.audience: set(one.data) for one in PROJECTIONS["technical.lock"](locked)}
    assert set(told) == set(INSIDE) and all(names == {"lot", "result_sha256"} for names in told.values())


def test_the_public_hears_of_the_draw_alone() -> None:
    drawn = events.ExpertsDrawn(case=CASE, lot="1", draw="d", pool_hash="", seed="", picked={}, reserves={})
    assert PUBLIC in {one.audience for one in PROJECTIONS["draw.result"](drawn)}
    submitted = events.ReportSubmitted(case=CASE, lot="1", report_sha256="", case_sha256="", ranked=False, candidates=["org"])
    told = {one.audience: set(one.data) for one in PROJECTIONS["report.submit"](submitted)}
    assert PUBLIC not in told and told[TENDERER] == {"lot", "report_sha256"}
