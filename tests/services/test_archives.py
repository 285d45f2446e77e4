"""A closed case goes into the archive: described, packed, checked, filed once by who may, and held as long as an order stands."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from sqlalchemy import select

from app.archives import package
from app.archives.documents import read_all
from core.kernel import chain
from core.kernel.errors import NotAllowed, NotFound, Refusal, RuleBroken, WrongState
from core.kernel.jcs import JSON
from core.kernel.work import Door
from core.settings import Settings
from tests.builders import odd_files
from tests.builders.archives import description, file, hold, lift, prepare, view
from tests.builders.orders import terminate
from tests.builders.trading import Tender
from tests.builders.whole import Whole, whole
from trading.domain.archive import ArchiveState, chain_of
from trading.domain.lot import LotState
from trading.domain.retention import Retention
from trading.models.archive import Archive
from trading.models.lot import Lot
from trading.queries import archives
from trading.queries.archives import ArchiveFilter
from trading.services import archives as services

pytestmark = pytest.mark.sqlite_alone


@pytest.fixture
def open_case(door: Door, clock_file: Path, tmp_path: Path, settings: Settings) -> Iterator[Whole]:
    """A case that runs."""
    with whole(door, clock_file, tmp_path, settings) as made:
        yield made


@pytest.fixture
def case(open_case: Whole) -> Whole:
    """A case that ended early, and is closed."""
    terminate(open_case.hall.tender)
    open_case.deliver()
    open_case.close()
    return open_case


def report(world: Tender) -> dict[str, dict[str, Any]]:
    found = view(world).checks
    assert found is not None
    return {check["name"]: check for group in found["groups"] for check in group["checks"]}


@pytest.mark.on_both
def test_a_closed_case_is_filed_under_its_number_by_one_signature(case: Whole) -> None:
    world = case.hall.tender
    assert [line.case for line in world.door.read(archives.waiting)] == [world.case]
    found = prepare(case.platform, world)
    assert found.state is ArchiveState.PREPARED and found.checks_hold
    assert found.number == f"J123-ZB·{found.closed_at.year}-D30-0001" and found.kept_until is not None
    answer = file(world)
    assert answer == {"case": world.case, "number": found.number, "state": "filed"}
    assert [event.kind for event in world.door.read(lambda session: chain.events(session, chain_of(world.case)))] == ["case.archive"]
    assert world.door.read(archives.waiting) == ()
    [line] = world.door.read(lambda session: archives.page(session, ArchiveFilter())).archives
    assert (line.number, line.holds, line.retention) == (found.number, 0, Retention.YEARS_30)
    assert world.lot.state is LotState.TERMINATED  # only a lot that came to its contract is archived itself


def test_an_open_case_and_the_wrong_person_are_refused(open_case: Whole) -> None:
    world = open_case.hall.tender
    with pytest.raises(WrongState, match=r"archive\.case_open"):
        package.prepare(open_case.platform, world.centre.actor, world.case, description())
    for person in (world.tenderer, world.agency, world.supervisor, world.bidders[0]):
        with pytest.raises(NotAllowed):
            package.prepare(open_case.platform, person.actor, world.case, description())
        with pytest.raises(NotFound):
            view(world, person)


def test_what_was_handed_in_broken_passes_by_a_named_reason_alone(case: Whole) -> None:
    world = case.hall.tender
    found = prepare(case.platform, world, reasons={})
    assert found.state is ArchiveState.PREPARED and not found.checks_hold
    assert not report(world)["documents_open"]["holds"]
    with pytest.raises(RuleBroken, match=r"archive\.checks_fail"):
        file(world)
    assert prepare(case.platform, world).checks_hold and file(world)["state"] == "filed"


def test_a_lost_statement_or_signature_can_be_excused_by_nobody(case: Whole, monkeypatch: pytest.MonkeyPatch) -> None:
    world = case.hall.tender
    monkeypatch.setattr("app.archives.checks.missing", lambda _lots, _said: ("1: lot.terminate",))
    assert not prepare(case.platform, world).checks_hold
    assert report(world)["statements"] == {"name": "statements", "holds": False, "evidence": "1: lot.terminate", "reason": ""}
    with pytest.raises(RuleBroken, match=r"body\.malformed"):
        prepare(case.platform, world, reasons={"statements": "找不到了"})
    with pytest.raises(RuleBroken, match=r"archive\.checks_fail"):
        file(world)


def test_files_are_opened_each_in_its_format_and_what_acts_or_is_locked_is_named() -> None:
    papers = {
        "papers/sound": odd_files.pdf("Tender"),
        "papers/acting": odd_files.pdf("Tender", change=odd_files.with_script),
        "papers/program": b"\x7fELF" + b"\0" * 64,
        "papers/locked": odd_files.pdf("Tender", encryption=pikepdf.Encryption(owner="a", user="b")),
        "papers/empty": b"",
        "papers/card": b'{"signal": 1}',
        "events/000000.json": b"{",
        "y.txt": b"\xff",
        "verify/verify.pyz": b"no archive",
        "bids/1/a/b.age": b"age-encryption.org/v1\n-> X25519",
    }
    found = read_all(list(papers.items()))
    assert found.active == ["papers/acting (automatic_action, script)", "papers/program (program)"]
    assert found.locked == ["papers/locked (encrypted)"] and found.broken == ["papers/empty (empty)"]
    assert found.unreadable == ["events/000000.json", "y.txt", "verify/verify.pyz"]
    assert found.counted["application/pdf"] == 3 and found.counted["application/json"] == 2


def test_dying_between_description_and_package_leaves_nothing_that_stands_in_the_way(case: Whole, monkeypatch: pytest.MonkeyPatch) -> None:
    world = case.hall.tender

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(package, "write", die)
        with pytest.raises(KeyboardInterrupt):
            prepare(case.platform, world)
    assert view(world).state is ArchiveState.DESCRIBED and view(world).filing is None
    with pytest.raises((WrongState, AssertionError)):
        file(world)
    found = prepare(case.platform, world)
    assert found.number.endswith("-0001") and file(world)["number"] == found.number


@pytest.mark.on_both
def test_preparing_again_replaces_the_package_and_what_was_signed_of_the_old_one_counts_no_more(case: Whole) -> None:
    world = case.hall.tender
    first = prepare(case.platform, world)
    request = world.centre.act("case.archive", chain_of(world.case), body=first.filing, step_up=True)
    second = prepare(case.platform, world, title="另一个题名")
    assert second.number == first.number and second.package_sha256 != first.package_sha256
    with pytest.raises(NotFound):
        case.hall.files.path(first.package_sha256)
    with pytest.raises(RuleBroken, match=r"archive\.package_other"):
        world.door.perform(world.centre.actor, lambda work: services.file(work, world.case, request))
    third = prepare(case.platform, world, retention="permanent")
    assert third.number.endswith("-Y-0001") and third.kept_until is None


@pytest.mark.on_both
def test_filing_twice_is_answered_alike_and_changes_nothing(case: Whole) -> None:
    world = case.hall.tender
    prepare(case.platform, world)
    filing = view(world).filing
    request = world.centre.act("case.archive", chain_of(world.case), body=filing, step_up=True)
    answers: list[dict[str, JSON]] = [
        world.door.perform(world.centre.actor, lambda work: services.file(work, world.case, request)) for _ in range(2)
    ]
    assert answers[0] == answers[1]
    with pytest.raises(WrongState):
        file(world)
    with pytest.raises(WrongState):
        prepare(case.platform, world)
    assert len(world.door.read(lambda session: chain.events(session, chain_of(world.case)))) == 1


def test_only_the_centre_files(case: Whole) -> None:
    world = case.hall.tender
    prepare(case.platform, world)
    for person in (world.supervisor, world.tenderer):
        with pytest.raises((NotAllowed, NotFound)):
            file(world, person)
    weak = world.centre.act("case.archive", chain_of(world.case), body=view(world).filing)
    with pytest.raises(NotAllowed, match=r"act\.step_up"):
        world.door.perform(world.centre.actor, lambda work: services.file(work, world.case, weak))


@pytest.mark.on_both
def test_holds_stand_beside_each_other_and_a_supervisor_s_is_lifted_by_a_supervisor_alone(case: Whole) -> None:
    world = case.hall.tender
    prepare(case.platform, world)
    with pytest.raises(WrongState):
        hold(world, world.centre)  # nothing is filed yet
    file(world)
    first, second = hold(world, world.supervisor), hold(world, world.centre, "临公交〔2027〕1号")
    with pytest.raises(Refusal, match=r"archive\.hold_of_supervisor"):
        lift(world, world.centre, first)
    with pytest.raises(NotAllowed):
        hold(world, world.tenderer)
    assert [one.may_lift for one in view(world).holds] == [False, True]
    assert [one.may_lift for one in view(world, world.supervisor).holds] == [True, True]
    assert lift(world, world.centre, second)["holds"] == 1
    with pytest.raises(WrongState, match=r"archive\.hold_over"):
        lift(world, world.supervisor, second)
    with pytest.raises(NotFound):
        lift(world, world.supervisor, "0" * 64)
    held = world.door.read(lambda session: archives.page(session, ArchiveFilter(held=True)))
    assert [line.holds for line in held.archives] == [1]
    assert lift(world, world.supervisor, first)["holds"] == 0
    assert world.door.read(lambda session: archives.page(session, ArchiveFilter(held=True))).archives == ()


@pytest.mark.on_both
def test_the_list_is_searched_and_filtered(case: Whole) -> None:
    world = case.hall.tender
    number = prepare(case.platform, world).number
    file(world)

    def found(**wanted: Any) -> list[str]:
        return [line.number for line in world.door.read(lambda session: archives.lines(session, ArchiveFilter(**wanted), 10))]

    year = view(world).closed_at.year
    for wanted in ({"words": "滨江路"}, {"words": world.case}, {"retention": Retention.YEARS_30}, {"year": year}, {"words": "J123 档案"}):
        assert found(**wanted) == [number]
    for wanted in ({"words": "别的"}, {"words": "%"}, {"retention": Retention.YEARS_10}, {"year": year - 1}):
        assert found(**wanted) == []
    assert world.door.read(archives.years) == (year,)
    assert world.door.read(lambda session: archives.page(session, ArchiveFilter(), after=world.case)).archives == ()
    with pytest.raises(NotFound):
        world.door.read(lambda session: archives.page(session, ArchiveFilter(), after="T2026-999999"))


@pytest.mark.on_both
def test_a_contracted_lot_moves_into_the_archive_with_its_case(case: Whole) -> None:
    world = case.hall.tender

    def as_closed(work: Any) -> None:
        work.session.scalars(select(Lot)).one().state = LotState.CLOSED
        row = work.session.scalars(select(Archive)).one()
        row.checks_hold = True

    prepare(case.platform, world)
    world.door.perform(world.centre.actor, as_closed)
    file(world)
    assert world.lot.state is LotState.ARCHIVED
