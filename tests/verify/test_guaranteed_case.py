"""A whole case in which one bidder gave a guarantee: its package holds who registered the guarantor and the opened file, and verifies."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.verify.steps import verify
from core.kernel.encoding import sha256
from core.kernel.evidence import read_event
from core.kernel.signing import Statement, read_statement
from deposits.queries import guarantees as queries
from tests.builders.deposits import World
from tests.builders.guarantees import Surety, surety
from tests.builders.whole import Whole
from tests.verify.conftest import members_of, unplayed
from tests.verify.forging import Case, Said, packed


def standing_in(made: Whole, folder: Path) -> World:
    """The lot of the whole case, as the builders of deposits see it."""
    tender = made.hall.tender
    number, lot = made.hall.number, tender.lot_id
    return World(tender.door, folder / "clock", None, None, tender.crowd, number, lot)  # type: ignore[arg-type]  # no bank is needed


@pytest.fixture(scope="module")
def guaranteed(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    folder = tmp_path_factory.mktemp("guaranteed-case")
    with unplayed(folder, sqlite_template) as made, surety(standing_in(made, folder), folder, 1) as given:
        given.register(made.hall.tender.centre)
        _issue(given, made)
        made.seal()
        made.open()
        given.tick()
        assert given.view(made.hall.tender.bidders[0]).state == "verified"
        made.evaluate()
        made.open_prices()
        made.award()
        given.tick()
        made.close()
        yield Case.of(made, made.export(), folder)


def _issue(given: Surety, made: Whole) -> None:
    firm = made.hall.tender.bidders[0]
    given.issued(firm)
    assert given.world.door.read(lambda session: queries.met(session, given.world.lot)) == {firm.org: True}


def test_the_package_of_a_case_with_a_guarantee_verifies(guaranteed: Case) -> None:
    verdict = verify(guaranteed.path, guaranteed.policy)
    assert verdict.holds, [finding for finding in verdict.findings if not finding.holds]
    (said,) = [finding.detail for finding in verdict.findings if finding.check == "guarantees"]
    assert said == "1/1"
    members = members_of(guaranteed)
    registered = [name for name, content in members.items() if name.startswith("platform/") and _kind(content) == "guarantor.register"]
    assert len(registered) == 1
    (verified,) = [content for name, content in members.items() if name.startswith("deposits/") and _kind(content) == "guarantee.verify"]
    digest = str(_said(verified).body["file_sha256"])
    assert sha256(members[f"papers/{digest}"]).hex() == digest and members[f"papers/{digest}"].startswith(b"%PDF-")


def test_a_forger_with_every_key_changes_nothing_of_the_deposits_chain(guaranteed: Case) -> None:
    members, folder = members_of(guaranteed), "deposits/1"
    assert _verdict(guaranteed, guaranteed.forge(members, lambda story: None, folder)) == ""
    for fault, edit in LIES:
        assert _verdict(guaranteed, guaranteed.forge(members, edit, folder)) == fault, fault


def _verdict(case: Case, members: dict[str, bytes]) -> str:
    """What is broken in a forged package first, "" for nothing."""
    path = case.path.parent / "forged.zip"
    path.write_bytes(packed(members))
    verdict = verify(path, case.unstamped)
    return next((finding.code for finding in verdict.findings if not finding.holds), "")


def _put(kind: str, **changes: object) -> Callable[[list[Said]], object]:
    def edit(story: list[Said]) -> None:
        next(said for said in story if said["payload"]["type"] == kind)["payload"]["body"].update(changes)

    return edit


LIES: list[tuple[str, Callable[[list[Said]], object]]] = [
    ("amount_differs", _put("guarantee.apply", amount_fen=1)),
    ("amount_differs", _put("guarantee.pay", premium_fen=1)),
    ("file_differs", _put("guarantee.issue", file_sha256="0" * 64)),
    ("finding_differs", _put("guarantee.verify", faults=["amount_short"])),
    ("reason_differs", _put("guarantee.release", reason="lot_terminated")),
    ("guarantee_out_of_order", lambda story: story.remove(next(said for said in story if said["payload"]["type"] == "guarantee.unseal"))),
]


def _kind(content: bytes) -> str:
    return _said(content).type if b"payload" in content else ""


def _said(content: bytes) -> Statement:
    return read_statement(read_event(content).envelope.payload)
