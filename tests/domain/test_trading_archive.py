"""The archive's table of moves, its file numbers, retention by law, and what its statements must say."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from core.kernel.errors import NotAllowed, Refusal, RuleBroken, WrongState
from core.kernel.roles import Role
from trading.domain.archive import (
    MOVES,
    ArchiveAction,
    ArchiveFacts,
    ArchiveState,
    Description,
    Filing,
    Order,
    Secrecy,
    archive_number,
    chain_of,
)
from trading.domain.archive_contents import REQUIRED, FileEntry, Subject, metadata, missing
from trading.domain.lot import CUT_SHORT, LotState
from trading.domain.periods import LegalRegime
from trading.domain.retention import Retention, allowed, check_retention, kept_until

DIGEST = "ab" * 32
READY = ArchiveFacts(case_closed=True, checks_hold=True)
C, S = Role.CENTRE, Role.SUPERVISOR
EXPECTED: dict[tuple[str, str], tuple[str, set[Role]]] = {
    ("describe", "none"): ("described", {C}),
    ("describe", "described"): ("described", {C}),
    ("describe", "prepared"): ("described", {C}),
    ("prepare", "described"): ("prepared", {C}),
    ("prepare", "prepared"): ("prepared", {C}),
    ("file", "prepared"): ("filed", {C}),
    ("hold", "filed"): ("filed", {C, S}),
    ("lift", "filed"): ("filed", {C, S}),
}


@pytest.mark.parametrize("action", ArchiveAction)
def test_every_action_in_every_state_for_every_role(action: ArchiveAction) -> None:
    who = {role for (name, _), (_, roles) in EXPECTED.items() if name == action.value for role in roles}
    for state in ArchiveState:
        for role in Role:
            to, roles = EXPECTED.get((action.value, state.value), ("", set()))
            if role in roles:
                assert MOVES.choose(action, state, frozenset({role}), READY) is ArchiveState(to)
            else:
                with pytest.raises(WrongState if role in who else NotAllowed):
                    MOVES.choose(action, state, frozenset({role}), READY)


@pytest.mark.parametrize(
    ("action", "state", "facts", "code"),
    [
        (ArchiveAction.DESCRIBE, ArchiveState.NONE, ArchiveFacts(), "archive.case_open"),
        (ArchiveAction.FILE, ArchiveState.PREPARED, ArchiveFacts(case_closed=True), "archive.checks_fail"),
        (ArchiveAction.FILE, ArchiveState.PREPARED, ArchiveFacts(checks_hold=True, is_same=False), "archive.package_other"),
        (ArchiveAction.LIFT, ArchiveState.FILED, ArchiveFacts(stands=False), "archive.hold_over"),
        (ArchiveAction.LIFT, ArchiveState.FILED, ArchiveFacts(by_supervisor=True), "archive.hold_of_supervisor"),
    ],
)
def test_a_row_refuses_with_its_code(action: ArchiveAction, state: ArchiveState, facts: ArchiveFacts, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        MOVES.choose(action, state, frozenset({C}), facts)
    assert refused.value.code == code


def test_the_supervisor_lifts_its_own_hold_and_the_centre_s() -> None:
    for facts in (ArchiveFacts(by_supervisor=True, is_supervisor=True), ArchiveFacts(is_supervisor=True)):
        assert MOVES.choose(ArchiveAction.LIFT, ArchiveState.FILED, frozenset({S}), facts) is ArchiveState.FILED


def test_files_of_government_procurement_are_kept_fifteen_years_at_least() -> None:
    closed = date(2026, 11, 30)
    assert allowed(LegalRegime.GOVERNMENT_PROCUREMENT, closed) == (Retention.PERMANENT, Retention.YEARS_30)
    assert allowed(LegalRegime.CONSTRUCTION, closed) == tuple(Retention)
    assert allowed(LegalRegime.CONSTRUCTION, date(2020, 1, 1)) == tuple(Retention)  # no rule yet
    with pytest.raises(RuleBroken) as refused:
        check_retention(Retention.YEARS_10, LegalRegime.GOVERNMENT_PROCUREMENT, closed)
    assert (refused.value.code, refused.value.article) == ("archive.retention_too_short", "政府采购法第四十二条")
    check_retention(Retention.YEARS_10, LegalRegime.CONSTRUCTION, closed)
    check_retention(Retention.YEARS_10, LegalRegime.CONSTRUCTION, date(2020, 1, 1))


@pytest.mark.parametrize(
    ("chosen", "closed", "until"),
    [
        (Retention.YEARS_10, date(2026, 1, 1), date(2036, 12, 31)),
        (Retention.YEARS_30, date(2026, 12, 31), date(2056, 12, 31)),
        (Retention.PERMANENT, date(2026, 12, 31), None),
    ],
)
def test_years_count_from_the_first_of_january_after_the_close(chosen: Retention, closed: date, until: date | None) -> None:
    assert kept_until(chosen, closed) == until


def test_a_file_number_says_fonds_year_class_and_place() -> None:
    assert archive_number("J123", 2026, Retention.YEARS_30, 7) == "J123-ZB·2026-D30-0007"
    assert archive_number("J1", 2026, Retention.PERMANENT, 12345) == "J1-ZB·2026-Y-12345"
    assert chain_of("T2026-000001") == "A-T2026-000001"


DESCRIPTION: dict[str, Any] = {
    "fonds": "J123",
    "title": "题名",
    "responsible": "招标人",
    "secrecy": "internal",
    "retention": "years_10",
    "reasons": {"documents_open": "原件如此"},
}


def test_a_description_is_read_member_by_member() -> None:
    read = Description.read(DESCRIPTION)
    assert (read.secrecy, read.retention, dict(read.reasons)) == (Secrecy.INTERNAL, Retention.YEARS_10, {"documents_open": "原件如此"})
    for fonds in ("j123", "全宗1", "J-1"):
        with pytest.raises(RuleBroken, match=r"archive\.fonds_malformed"):
            Description.read(DESCRIPTION | {"fonds": fonds})
    for change in ({"fonds": ""}, {"title": ""}, {"secrecy": "top"}, {"retention": "15"}, {"reasons": {"signatures": "?"}}, {"more": 1}):
        with pytest.raises(RuleBroken, match=r"body\.malformed"):
            Description.read(DESCRIPTION | change)


FILING: dict[str, Any] = {
    "number": "J123-ZB·2026-D10-0001",
    "retention": "years_10",
    "kept_until": "2036-12-31",
    "package_sha256": DIGEST,
    "metadata_sha256": DIGEST,
    "checks_sha256": DIGEST,
}


def test_a_filing_is_read_as_it_was_signed() -> None:
    assert Filing.read(FILING).to_json() == FILING
    for_ever = FILING | {"retention": "permanent", "kept_until": ""}
    assert Filing.read(for_ever).kept_until is None and Filing.read(for_ever).to_json() == for_ever
    for change in ({"kept_until": ""}, {"retention": "permanent"}, {"package_sha256": "?"}, {"number": ""}, {"more": 1}):
        with pytest.raises(RuleBroken, match=r"body\.malformed"):
            Filing.read(FILING | change)


def test_an_order_names_its_document_and_a_lift_the_hold() -> None:
    said = {"document": "临建监〔2027〕3号", "reason": "封存"}
    assert Order.read(said, lifts=False) == Order("临建监〔2027〕3号", "封存")
    assert Order.read(said | {"hold": DIGEST}, lifts=True).hold == DIGEST
    for body, lifts in ((said, True), (said | {"hold": DIGEST}, False), (said | {"document": ""}, False)):
        with pytest.raises(RuleBroken, match=r"body\.malformed"):
            Order.read(body, lifts)


def test_what_a_package_lacks_is_named_by_lot_and_kind() -> None:
    assert REQUIRED.keys() == CUT_SHORT | {LotState.CLOSED}
    said = [(kind, "1") for kind in REQUIRED[LotState.FAILED]] + [
        (kind, "") for kind in ("project.register", "project.countersign", "case.close")
    ]
    assert missing({"1": LotState.FAILED}, said) == ()
    assert missing({"1": LotState.FAILED}, said[1:-1]) == ("-: case.close", "1: award_plan.fix")
    assert "2: contract.sign" in missing({"1": LotState.FAILED, "2": LotState.CLOSED}, said)


def test_the_metadata_name_every_file_and_the_last_day() -> None:
    subject = Subject(
        case="T2026-000001",
        number="J123-ZB·2026-D10-0001",
        project="工程",
        regime="construction",
        category="construction",
        region="临江市",
        tenderer="招标人",
        agency="代理",
        centre="中心",
        archivist="王",
        registered_on=date(2026, 1, 2),
        closed_on=date(2026, 11, 30),
        lots=[("T2026-000001-1", "一标段", "closed")],
    )
    files = [FileEntry("b.pdf", 2, DIGEST, "application/pdf"), FileEntry("a.json", 1, DIGEST, "application/json")]
    made: Any = metadata(Description.read(DESCRIPTION), subject, files, datetime(2026, 12, 1, tzinfo=UTC))
    assert made["retention"] == {"class": "years_10", "until": "2036-12-31"} and made["dates"]["year"] == 2026
    assert [entry["name"] for entry in made["files"]] == ["a.json", "b.pdf"] and (made["count"], made["size"]) == (2, 3)
    for_ever: Any = metadata(Description.read(DESCRIPTION | {"retention": "permanent"}), subject, files, datetime(2026, 12, 1, tzinfo=UTC))
    assert for_ever["retention"]["until"] == ""
