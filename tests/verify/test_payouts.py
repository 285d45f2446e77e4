"""The chains of the collecting account are exported, without suspense while a lot is sealed, replayed offline, and lies are found."""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from uuid import uuid4

import pytest

import deposits.domain.audience
from app.evidence import payouts as evidence
from app.evidence.package import build_payouts, own_policy
from app.sandbox.state import StateFolder
from app.verify import archive
from app.verify.entries import BOOKS, EVENTS, SUSPENSE, Entry
from app.verify.replay.payouts import replay
from app.verify.steps import verify
from app.verify.verdict import Broken
from core.identity.services.certificates import certify_platform
from core.kernel.actor import SYSTEM_ACTOR
from core.kernel.db import open_engine
from core.kernel.errors import NotFound
from core.kernel.files import FileStore
from core.kernel.ids import LotId
from core.kernel.money import Money
from core.kernel.roles import Role
from core.kernel.signing import Ed25519Signer, Signer
from core.kernel.work import Door
from core.settings import load
from core.web.platform import Platform
from deposits import jobs
from deposits.domain import batch, reconciliation
from deposits.domain.account import COLLECTING
from deposits.domain.batch import Release
from deposits.domain.messages import OrderStatus, PaymentOrder
from deposits.queries import batches as queries
from deposits.queries import books as days
from deposits.queries import suspense as waiting
from deposits.services import batches, books, requirements, suspense
from tests.builders.deposits import AMOUNT, World, world
from tests.builders.people import Person, authority
from tests.builders.whole import outside
from tests.verify.conftest import members_of
from tests.verify.forging import Case, Said, listed, packed
from tests.verify.test_deposits_treasury import said

NOBODY = {"to": "6210001888019999999999", "payer": "路人甲有限公司", "payer_account": "62228888000000"}


def play(made: World, clerks: list[Person]) -> LotId:
    """Two persons release a batch, nobody's payment goes back, a difference is closed; another lot is sealed. Returns that lot."""
    made.ask()
    made.join(2)
    made.paid(*made.firms)
    made.pay(made.firms[0], **NOBODY)
    made.read_notices()
    ref = made.door.read(waiting.listed)[0].ref
    request = clerks[0].act("suspense.return", "D-SUSPENSE", body={"ref": ref, "reason": "转错账号"}, step_up=True)
    made.door.perform(clerks[0].actor, lambda work: suspense.send_back(work, request))
    made.close(*made.firms)
    made.schedule(*made.firms)
    jobs.send_due(made.door, Release.TWO_PERSONS)
    for clerk in clerks:
        number = made.door.read(queries.listed)[0].number
        body = dict(made.door.read(lambda session, number=number: queries.page(session, number, None)).body)  # type: ignore[misc]
        signed = clerk.act("batch.release", batch.CHAIN, body=body, step_up=True)
        made.door.perform(clerk.actor, lambda work, number=number, signed=signed: batches.release(work, number, signed))  # type: ignore[misc]
    made.send()
    made.read_notices()
    lot, deadline = LotId(uuid4()), made.now + timedelta(days=10)
    made.door.perform(SYSTEM_ACTOR, lambda work: requirements.require(work, lot, "T2026-0099-1", AMOUNT, deadline))
    return lot


@pytest.fixture(scope="module")
def exported(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Case, Path]]:
    """The package while a lot is sealed, with all keys behind it; and that of later."""
    folder = tmp_path_factory.mktemp("payouts")
    shutil.copy(sqlite_template, folder / "gongheng.db")
    url, clock_file = f"sqlite:///{folder / 'gongheng.db'}", folder / "clock"
    told = {"DEMONSTRATION": "yes", "DATA_DIR": str(folder), "DATABASE_URL": url, "CLOCK_FILE": str(clock_file)}
    settings = load({f"GONGHENG_{name}": value for name, value in told.items()})
    engine = open_engine(url)
    platform = Ed25519Signer.from_seed(bytes(range(32)))
    door = Door(engine, platform, projections=deposits.domain.audience.PROJECTIONS, clock_file=clock_file, readers=2)
    door.perform(SYSTEM_ACTOR, lambda work: certify_platform(work, authority(), "gongheng", platform.key))
    files = FileStore(folder / "files")
    with outside(folder, clock_file, Ed25519Signer.from_seed(bytes(32))) as log, world(door, clock_file, folder) as made:
        here = cast(Platform, SimpleNamespace(door=door, files=files, settings=settings, parts={"authority": authority(), "log": log}))
        with pytest.raises(NotFound, match=r"package\.no_batch"):
            build_payouts(here)
        clerks = [made.crowd.join(Role.FINANCE, "临江市公共资源交易中心") for _ in range(2)]
        lot = play(made, clerks)
        log.grow_and_witness(door)
        sealed = build_payouts(here)
        assert build_payouts(here) == sealed
        early = folder / "early.zip"
        shutil.copy(files.path(sealed.sha256), early)
        made.jump(timedelta(days=11))
        door.perform(SYSTEM_ACTOR, lambda work: requirements.close(work, lot, []))
        door.perform(SYSTEM_ACTOR, lambda work: requirements.unseal(work, lot))
        close_a_difference(made, clerks[0])
        log.grow_and_witness(door)
        later = folder / "later.zip"
        shutil.copy(files.path(build_payouts(here).sha256), later)
        signers: dict[str, Signer] = {platform.key.key_id: platform}
        for person in clerks:
            signers |= {person.signer.key.key_id: person.signer, person.authenticator.key.key_id: person.authenticator}
        witness = Ed25519Signer.from_seed(StateFolder(folder / "witness").read("key") or b"")
        yield Case(early, own_policy(authority(), log, settings), platform, log.key, witness, signers), later
    door.close()
    engine.dispose()


def close_a_difference(made: World, clerk: Person) -> None:
    """The bank pays what nobody here ordered; a day later a person closes it."""
    order = PaymentOrder("f" * 32, made.now, COLLECTING.name, COLLECTING.number, "路人甲有限公司", "62228888000000", Money(1), "FEE")
    made.pay(made.firms[0], **NOBODY)
    assert made.bank.order(order).status is OrderStatus.SETTLED
    made.jump(timedelta(days=1))
    jobs.compare_days(made.door, made.bank)
    found = next(one for one in made.door.read(days.page).differences if one.kind is reconciliation.DifferenceKind.UNEXPLAINED)
    body = {"difference": str(found.id), "day": found.day.isoformat(), "kind": found.kind.value, "cause": "bank", "reason": "银行已冲正。"}
    request = clerk.act("difference.close", reconciliation.CHAIN, body=body, step_up=True)
    made.door.perform(clerk.actor, lambda work: books.close(work, request))


def holds(path: Path, policy: Any) -> tuple[str, set[str]]:
    verdict = verify(path, policy)
    assert verdict.holds, [finding for finding in verdict.findings if not finding.holds]
    return next(finding.detail for finding in verdict.findings if finding.check == "payouts"), {note.code for note in verdict.notes}


def test_while_a_lot_is_sealed_suspense_is_left_out_and_then_it_is_told(exported: tuple[Case, Path]) -> None:
    case, later = exported
    told, notes = holds(case.path, case.policy)
    assert told == "1; 0; 0, 0" and "suspense_left_out" in notes
    held = io.BytesIO(case.path.read_bytes())
    assert not [member.name for member in archive.read(held).values() if member.name.startswith("suspense/")]
    told, notes = holds(later, case.policy)
    assert told == "1; 1; 2, 1" and "suspense_left_out" not in notes


def forged(case: Case, folder: Path, edit: Callable[[list[Said]], object]) -> str:
    held, made = io.BytesIO(case.path.read_bytes()), folder / "forged.zip"
    members = {name: b"".join(archive.data(held, member)) for name, member in archive.read(held).items()}
    made.write_bytes(packed(case.forge(members, edit)))
    broken = [finding.code for finding in verify(made, case.unstamped).findings if not finding.holds]
    return broken[0] if broken else ""


def one_person(story: list[Said]) -> None:
    first, second = (one for one in story if one["payload"]["type"] == "batch.release")
    second["payload"]["actor"], second["keys"] = first["payload"]["actor"], first["keys"]


def more(story: list[Said]) -> None:
    """The second person is said to have signed for more than the first had seen."""
    [one for one in story if one["payload"]["type"] == "batch.release"][1]["payload"]["body"]["principal_fen"] += 1


@pytest.mark.parametrize(
    ("edit", "code"),
    [(lambda story: None, ""), (one_person, "batch_same_person"), (more, "amount_differs"), (lambda story: story.pop(0), "batch_unknown")],
)
def test_a_forger_with_all_keys_is_found(
    exported: tuple[Case, Path], tmp_path: Path, edit: Callable[[list[Said]], object], code: str
) -> None:
    assert forged(exported[0], tmp_path, edit) == code


@pytest.mark.parametrize("folder", ["deposits/1", "rates", "archived"])
def test_no_chain_of_another_package_rides_along(exported: tuple[Case, Path], tmp_path: Path, folder: str) -> None:
    assert smuggled(exported[0], tmp_path, folder) == ("not_expected", f"{folder}/")


@pytest.mark.parametrize("folder", ["books", "suspense"])
def test_a_case_has_no_place_for_the_chains_of_the_collecting_account(case: Case, tmp_path: Path, folder: str) -> None:
    assert smuggled(case, tmp_path, folder) == ("not_expected", f"{folder}/")


def smuggled(case: Case, folder: Path, into: str) -> tuple[str, str]:
    """What the verifier says first where a signed package holds an event in a folder that is not its kind's."""
    members = members_of(case)
    members |= {f"{into}/{name}": members[f"events/{name}"] for name in ("000000.json", "000000.proof.json")}
    made = folder / "forged.zip"
    made.write_bytes(packed(members | listed(members, case.platform)))
    return next((finding.code, finding.member) for finding in verify(made, case.unstamped).findings if not finding.holds)


# Lies by value

REF, REFUND = "B1", str(uuid4())
NOTICE = {"ref": REF, "deposit": None, "bidder": None, "taken_fen": 0, "amount_fen": 100}
RETURN = {"ref": REF, "reason": "转错账号"}
SCHEDULE = {"refund": REFUND, "payment": REF, "principal_fen": 100}
SEND = {"refund": REFUND, "principal_fen": 100, "interest_fen": 0, "total_fen": 100}
DONE = {"refund": REFUND, "total_fen": 100}
NO = str(uuid4())
CLOSING = {"difference": NO, "day": "2026-11-30", "kind": "balance", "cause": "bank", "reason": "银行已冲正。"}
MADE = {"batch": "TK20261130-001", "release": "two_persons", "count": 2, "principal_fen": 200, "refunds_sha256": "a" * 64}
SIGNED = {name: value for name, value in MADE.items() if name != "release"}


def noticed(*changes: dict[str, Any]) -> dict[str, Any]:
    return {"payments": [NOTICE | each for each in changes or ({},)]}


def scheduled(*changes: dict[str, Any]) -> dict[str, Any]:
    return {"refunds": [SCHEDULE | each for each in changes]}


def nobody(*more: tuple[str, dict[str, Any]], **changes: Any) -> list[Entry]:
    story = [("payment.notice", noticed()), ("suspense.return", RETURN), ("refund.schedule", scheduled(changes)), *more]
    return [said(kind, "1", body) for kind, body in story]


LIES: list[tuple[str, list[Entry], str]] = [
    (SUSPENSE, [said("payment.notice", "", noticed({}, {}))], "payment_twice"),
    (SUSPENSE, [said("payment.notice", "", noticed()), said("payment.notice", "", noticed())], "payment_twice"),
    (SUSPENSE, [said("payment.notice", "", noticed({"taken_fen": 1}))], "deposit_unknown"),
    (SUSPENSE, [said("payment.notice", "", {"payments": ["B1"]})], "malformed"),
    (SUSPENSE, [said("suspense.return", "1", RETURN)], "payment_unknown"),
    (SUSPENSE, nobody(("suspense.return", RETURN)), "payment_twice"),
    (SUSPENSE, nobody()[:2], "event_missing"),
    (SUSPENSE, [nobody()[0], nobody()[2]], "payment_unknown"),
    (SUSPENSE, nobody(("refund.schedule", scheduled({"refund": NO}))), "refunded_twice"),
    (SUSPENSE, [*nobody()[:2], said("refund.schedule", "1", scheduled({}, {"refund": NO}))], "refunded_twice"),
    (SUSPENSE, [*nobody()[:2], said("refund.schedule", "1", SCHEDULE)], "malformed"),
    (SUSPENSE, nobody(principal_fen=101), "amount_differs"),
    (SUSPENSE, nobody(("refund.send", SEND | {"interest_fen": 1, "total_fen": 101})), "amount_differs"),
    (SUSPENSE, nobody(("refund.send", SEND), ("refund.send", SEND)), "refunded_twice"),
    (SUSPENSE, nobody(("refund.confirm", DONE)), "refunded_twice"),
    (SUSPENSE, nobody(("refund.send", SEND), ("refund.confirm", DONE | {"total_fen": 99})), "amount_differs"),
    (SUSPENSE, nobody(("batch.make", MADE)), "kind_unknown"),
    (BOOKS, [said("difference.close", "1", CLOSING), said("difference.close", "2", CLOSING)], "difference_twice"),
    (BOOKS, [said("difference.close", "1", CLOSING | {"day": "2026-12-01"})], "too_early"),
    (EVENTS, [said("batch.make", "", MADE | {"count": 501})], "amount_differs"),
    (EVENTS, [said("batch.make", "", MADE | {"release": "automatic"})] * 2, "batch_changed"),
    (EVENTS, [said("batch.make", "", MADE), said("batch.release", "1", SIGNED), said("batch.make", "", MADE)], "batch_changed"),
    (EVENTS, [said("batch.make", "", MADE | {"release": "automatic"}), said("batch.release", "1", SIGNED)], "batch_unknown"),
    (EVENTS, [said("batch.make", "", MADE), *(said("batch.release", who, SIGNED) for who in "123")], "event_twice"),
    (EVENTS, [said("batch.make", "", MADE), said("batch.release", "1", SIGNED | {"refunds_sha256": "b" * 64})], "amount_differs"),
    (EVENTS, [said("batch.make", "", MADE), said("batch.release", "1", SIGNED | {"count": 3})], "amount_differs"),
]


@pytest.mark.parametrize(("folder", "entries", "code"), LIES)
def test_a_lie_is_found(folder: str, entries: list[Entry], code: str) -> None:
    with pytest.raises(Broken) as broken:
        replay({folder: entries})
    assert broken.value.what == code


def test_what_the_bank_refused_is_promised_again_and_a_batch_may_shrink() -> None:
    again = [
        ("refund.send", SEND),
        ("refund.fail", DONE),
        ("refund.schedule", scheduled({"refund": NO})),
        ("refund.send", SEND | {"refund": NO}),
    ]
    found = replay({SUSPENSE: nobody(*again, ("refund.confirm", DONE | {"refund": NO}))})
    assert [one.kind for one in found.nobody.ended.values()] == ["refund.fail", "refund.confirm"]
    fewer = SIGNED | {"count": 1, "principal_fen": 100, "refunds_sha256": "b" * 64}
    made = [said("batch.make", "", MADE), said("batch.release", "1", SIGNED)]
    assert replay({EVENTS: made}).unsigned == ["TK20261130-001"]
    assert replay({EVENTS: [*made, said("batch.release", "2", fewer)]}).unsigned == []
    assert evidence.CASE == batch.CHAIN
