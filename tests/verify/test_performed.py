"""Who holds everybody's keys and lies about a performance security is found out by the replay of what was signed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from app.evidence import guarantees as evidence
from app.verify.actors import MONEY
from app.verify.replay import deposits, guarantees, performance
from app.verify.replay.story import Story
from app.verify.verdict import Broken
from core.kernel.encoding import sha256
from core.kernel.events import PLATFORM
from deposits.models.guarantees import GuaranteeFile
from tests.builders.holds import KEEPER
from tests.builders.securities import Secured, secured
from tests.builders.trading import TENDERER
from tests.verify.conftest import door_at
from tests.verify.retelling import Said, drop, move, of, put, story_of, twice
from tests.verify.test_guaranteed import entries, event

Edit = Callable[[list[Said]], object]


@pytest.fixture(scope="module")
def made(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Secured]:
    """The winner gives a guarantee that is faulty, then one that holds, and money beside it; both end after performance."""
    folder = tmp_path_factory.mktemp("performed")
    with door_at(folder, sqlite_template) as (door, clock_file), secured(door, clock_file, folder) as found:
        found.given.sandboxes[0].books.set_fault("short_amount", 1)
        found.given.issued(found.winner)
        found.given.tick()
        found.given.issued(found.winner, 1)
        found.given.tick()
        found.tender.sign_contract(found.tender.tenderer)
        found.tender.sign_contract(found.winner)
        found.world.jump(timedelta(days=300))
        found.give_back()
        yield found


@pytest.fixture(scope="module")
def paid(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Secured]:
    """The winner pays, and has it back after performance."""
    folder = tmp_path_factory.mktemp("performed-money")
    with door_at(folder, sqlite_template) as (door, clock_file), secured(door, clock_file, folder) as found:
        found.pay()
        found.tender.sign_contract(found.tender.tenderer)
        found.tender.sign_contract(found.winner)
        found.give_back()
        found.world.send()
        found.world.read_notices()
        yield found


@pytest.fixture(scope="module")
def breached(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Secured]:
    """The winner gives both and does not perform: its guarantor pays, and its money is kept."""
    folder = tmp_path_factory.mktemp("breached")
    with door_at(folder, sqlite_template) as (door, clock_file), secured(door, clock_file, folder) as found:
        found.world.sandbox.books.open_account(KEEPER, TENDERER)
        found.given.issued(found.winner)
        found.given.tick()
        found.pay()
        found.tender.sign_contract(found.tender.tenderer)
        found.tender.sign_contract(found.winner)
        found.claim()
        found.answered()
        found.keep()
        found.world.send()
        found.world.read_notices()
        yield found


def told(made: Secured, edit: Edit = lambda said: None, retell: Callable[[Story], Story] = lambda story: story) -> str:
    """What the replay says of the story so told: the fault, or what was asked."""
    door = made.world.door
    papers = door.read(lambda session: {row.sha256: row.pdf for row in session.query(GuaranteeFile)})
    package = SimpleNamespace(paper=lambda digest: digest, read=lambda digest: papers[digest])
    ring = SimpleNamespace(key=lambda line, member: SimpleNamespace(holder=SimpleNamespace(kind="person")))
    registered = [entry for entry in entries(door, PLATFORM) if entry.kind == "guarantor.register"]
    story = replace(story_of(door, made.tender.number, edit), package=cast(Any, package), ring=cast(Any, ring), registered=registered)
    opened = event("opening.start", story.the("notice.publish").at)  # bids and opening were passed over
    story = retell(replace(story, entries=[*story.entries, opened]))
    try:
        for entry in story.deposits:
            entry.require(entry.role in MONEY[entry.kind].roles, "role_differs")
        deposits.check_deposits(story)
        guarantees.check_guarantees(story)
        return performance.check_performance(story)
    except Broken as broken:
        return broken.what


def test_the_true_stories_hold(made: Secured, paid: Secured) -> None:
    assert (told(made), told(paid)) == ("13000000.00", "13000000.00")


def test_the_package_of_a_case_holds_the_opened_guarantee_for_performance(made: Secured) -> None:
    door = made.world.door
    held = door.read(lambda session: dict(evidence.files(session, [made.tender.lot_id])))
    opened = [one.text("file_sha256") for one in entries(door, made.case) if one.kind == "guarantee.verify"]
    assert opened
    for digest in opened:
        assert held[f"papers/{digest}"].startswith(b"%PDF-") and sha256(held[f"papers/{digest}"]).hex() == digest


def unasked(story: Story) -> Story:
    """The document never asked for a security."""
    at = next(place for place, one in enumerate(story.entries) if one.kind == "document.publish")
    document = story.entries[at]
    body = {name: value for name, value in document.body.items() if name != "performance"}
    lied = replace(document, statement=replace(document.statement, body=body))
    return replace(story, entries=[*story.entries[:at], lied, *story.entries[at + 1 :]])


OTHER = "01900000-0000-7000-8000-000000000009"
BONDS: dict[str, tuple[str, Edit]] = {
    "more asked than the document says": ("amount_differs", lambda said: put(said, "performance.ask", amount_fen=1_300_000_001)),
    "asked at another price": (
        "amount_differs",
        lambda said: put(said, "performance.ask", amount_fen=1_200_000_000, price_fen=12_000_000_000),
    ),
    "asked of another": ("winner_differs", lambda said: put(said, "performance.ask", members=[OTHER])),
    "given by another": ("winner_differs", lambda said: put(said, "guarantee.apply", bidder=OTHER)),
    "called one for a bid": ("amount_differs", lambda said: put(said, "guarantee.apply", product="bid")),
    "called something else": ("security_unasked", lambda said: put(said, "guarantee.apply", product="else")),
    "never asked": ("security_unasked", lambda said: drop(said, "performance.ask")),
    "held for less long": ("validity_differs", lambda said: put(said, "guarantee.apply", valid_to="2026-12-31T16:00:00.000Z")),
    "a faulty one called good": ("finding_differs", lambda said: put(said, "guarantee.verify", faults=[])),
    "released without a word": ("security_not_returned", lambda said: drop(said, "performance.return")),
    "returned before the contract": ("performance.no_contract", lambda said: move(said, "performance.return", "guarantee.verify")),
    "returned for a day to come": ("performance.not_yet", lambda said: put(said, "performance.return", performed_on="2099-01-01")),
    "returned twice": ("performance.returned", lambda said: twice(said, "performance.return")),
    "no guarantee that was good": (
        "performance.missing",
        lambda said: [said.remove(one) for one in said[-9:] if "guarantee" in one["payload"]["type"]],
    ),
}
MONEYS: dict[str, tuple[str, Edit]] = {
    "another amount": ("amount_differs", lambda said: put(said, "deposit.request", amount_fen=1)),
    "paid by another": ("winner_differs", lambda said: put(said, "deposit.request", bidder=OTHER)),
    "refunded without a word": ("security_not_returned", lambda said: drop(said, "performance.return")),
    "asked after it was given": ("amount_differs", lambda said: move(said, "deposit.request", "performance.ask")),
}


@pytest.mark.parametrize("lie", BONDS)
def test_a_lie_about_a_guarantee_for_performance_is_found(made: Secured, lie: str) -> None:
    code, edit = BONDS[lie]
    assert told(made, edit) == code


@pytest.mark.parametrize("lie", MONEYS)
def test_a_lie_about_money_for_performance_is_found(paid: Secured, lie: str) -> None:
    code, edit = MONEYS[lie]
    assert told(paid, edit) == code


BREACHES: dict[str, tuple[str, Edit]] = {
    "nothing else": ("13000000.00", lambda said: None),
    "claimed as of a bid": ("forfeit.other_security", lambda said: put(said, "claim.decide", ground="revoked")),
    "claimed before the contract": ("forfeit.no_contract", lambda said: early(said, "claim.decide")),
    "kept as of a bid": ("forfeit.other_security", lambda said: put(said, "forfeit.decide", ground="contract_refused")),
    "kept before the contract": ("forfeit.no_contract", lambda said: early(said, "forfeit.decide")),
    "a guarantee that was not for performance": ("amount_differs", lambda said: put(said, "guarantee.apply", product="bid")),
}


def early(said: list[Said], kind: str) -> None:
    """Said when the money came, before anybody had signed."""
    of(said, kind)["at"] = of(said, "deposit.match")["at"]


@pytest.mark.parametrize("lie", BREACHES)
def test_a_lie_about_a_breach_is_found(breached: Secured, lie: str) -> None:
    code, edit = BREACHES[lie]
    assert told(breached, edit) == code


def test_a_security_that_no_document_asks_for_is_refused(paid: Secured) -> None:
    assert told(paid, retell=unasked) == "security_unasked"


def test_a_contract_signed_before_the_security_was_there_is_refused(paid: Secured) -> None:
    def early(story: Story) -> Story:
        signed = [
            replace(one, logged=replace(one.logged, received_at=story.deposits[0].at)) if one.kind == "contract.sign" else one
            for one in story.entries
        ]
        return replace(story, entries=signed)

    assert told(paid, retell=early) == "performance.missing"


def test_owing_a_security_is_a_ground_and_nothing_else_is(paid: Secured) -> None:
    door = paid.world.door

    def owes(edit: Edit) -> bool:
        story = story_of(door, paid.tender.number, edit)
        return performance.owes(story, story.deposits[0].at + timedelta(days=60))

    assert not owes(lambda said: None)
    assert owes(lambda said: drop(said, "deposit.match"))
    assert not owes(lambda said: (drop(said, "deposit.match"), drop(said, "performance.ask")))
