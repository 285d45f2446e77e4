"""Who holds the platform's keys, or everybody's but the guarantor's, and lies about claims under guarantees is found out by the replay."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from app.verify.actors import MONEY
from app.verify.replay import guarantees as replay
from app.verify.verdict import Broken
from core.kernel.actor import SYSTEM_ACTOR
from core.kernel.events import PLATFORM
from deposits.models.guarantees import GuaranteeFile
from deposits.services import guarantees
from tests.builders.claims import AMOUNT, Claimed, claimed
from tests.verify.conftest import door_at
from tests.verify.retelling import Said, drop, move, of, put, story_of, twice
from tests.verify.test_guaranteed import entries

Edit = Callable[[list[Said]], object]


@pytest.fixture(scope="module")
def made(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Claimed]:
    """Under the first guarantee a claim falls, one is refused, and one is paid and receipted; under the second a part is paid."""
    folder = tmp_path_factory.mktemp("claimed")
    with door_at(folder, sqlite_template) as (door, clock_file), claimed(door, clock_file, folder) as found:
        found.note_claim(found.claim(reason="第一次"), agrees=False)
        found.given.sandboxes[0].books.set_fault("refuse_claims", 1)
        found.note_claim(found.claim(reason="第二次"))
        found.ask(2)
        last = found.claim()
        found.note_claim(last)
        found.ask(2)
        found.confirm(last)
        found.note_claim(found.claim(1, amount_fen=AMOUNT // 4))
        found.ask(2)
        second = found.world.firms[1].org
        door.perform(SYSTEM_ACTOR, lambda work: guarantees.end(work, found.world.lot, [second], "lot_failed"))
        yield found


def told(made: Claimed, edit: Edit = lambda said: None) -> str:
    """What the replay says of the story so told: the fault, or how many guarantees were verified."""
    door = made.world.door
    papers = door.read(lambda session: {row.sha256: row.pdf for row in session.query(GuaranteeFile)})
    package = SimpleNamespace(paper=lambda digest: digest, read=lambda digest: papers[digest])
    ring = SimpleNamespace(key=lambda line, member: SimpleNamespace(holder=SimpleNamespace(kind="person")))
    registered = [entry for entry in entries(door, PLATFORM) if entry.kind == "guarantor.register"]
    story = replace(story_of(door, made.hall.number, edit), package=cast(Any, package), ring=cast(Any, ring), registered=registered)
    try:
        for entry in story.deposits:
            entry.require(entry.role in MONEY[entry.kind].roles, "role_differs")
        return replay.check_guarantees(story)
    except Broken as broken:
        return broken.what


def test_the_true_story_holds(made: Claimed) -> None:
    assert told(made) == "2/2"


def borrowed(said: list[Said]) -> None:
    """The answer to the paid claim is told as the answer to the refused one."""
    paid = of(said, "claim.answer", 3)["payload"]["body"]
    put(said, "claim.answer", 1, word=paid["word"], signature=paid["signature"])


def nobody(said: list[Said]) -> None:
    """The guarantee itself was never there."""
    said[:] = [one for one in said if not one["payload"]["type"].startswith("guarantee.")]


def early_release(said: list[Said]) -> None:
    """The second guarantee is given back before its claim was answered."""
    release, answer = of(said, "guarantee.release"), of(said, "claim.answer", 4)
    said.remove(release)
    said.insert(said.index(answer), release | {"at": answer["at"]})


LIES: dict[str, tuple[str, Edit]] = {
    "a claim of more": ("claim.amount", lambda said: put(said, "claim.decide", 3, amount_fen=AMOUNT + 1)),
    "a claim of less, under the guarantor's word about more": ("claim.other_word", lambda said: put(said, "claim.decide", 3, amount_fen=1)),
    "another ground": ("forfeit.not_the_winner", lambda said: put(said, "claim.decide", 2, ground="no_security")),
    "another payee": ("forfeit.payee_other", lambda said: put(said, "claim.decide", 2, payee_name="张三")),
    "another account": ("claim.other_word", lambda said: put(said, "claim.decide", 2, payee_account="621000888899")),
    "a claim about nothing": ("guarantee_unknown", lambda said: put(said, "claim.decide", guarantee="nobody")),
    "claims about guarantees that never were": ("guarantee_unknown", nobody),
    "claimed twice": ("claim.one_at_a_time", lambda said: twice(said, "claim.decide", 2)),
    "no note": ("claim_out_of_order", lambda said: drop(said, "claim.note", 2)),
    "a note that disagreed": ("claim_out_of_order", lambda said: put(said, "claim.note", 2, agrees=False)),
    "a note that agreed to what fell": ("claim.one_at_a_time", lambda said: put(said, "claim.note", 0, agrees=True)),
    "noted twice": ("claim_out_of_order", lambda said: twice(said, "claim.note", 2)),
    "a note about nothing": ("guarantee_unknown", lambda said: put(said, "claim.note", decision_sha256="0" * 64)),
    "an answer of the platform's own": ("der.malformed", lambda said: put(said, "claim.answer", 3, signature="AAAA")),
    "an answer with another word": (
        "detached.invalid",
        lambda said: put(said, "claim.answer", 3, word=of(said, "claim.answer", 2)["payload"]["body"]["word"]),
    ),
    "the answer to another claim": ("claim.other_word", borrowed),
    "answered twice": ("claim_out_of_order", lambda said: twice(said, "claim.answer", 3)),
    "paid to another bidder": (
        "guarantee_unknown",
        lambda said: put(said, "claim.answer", 3, bidder=of(said, "deposit.match")["payload"]["body"]["deposits"][0]["bidder"]),
    ),
    "a receipt for more": ("claim.receipt_amount", lambda said: put(said, "claim.receipt", amount_fen=AMOUNT + 1)),
    "a receipt before the payment": ("claim_out_of_order", lambda said: drop(said, "claim.answer", 3)),
    "receipted twice": ("claim_out_of_order", lambda said: twice(said, "claim.receipt")),
    "given back while claimed": ("ended_while_claimed", early_release),
    "given back before it was claimed": ("claim.does_not_stand", lambda said: move(said, "guarantee.release", "claim.decide")),
    "a claim before the opening": ("claim.does_not_stand", lambda said: move(said, "claim.decide", "guarantee.unseal", 3)),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_about_claims_is_found(made: Claimed, lie: str) -> None:
    code, edit = LIES[lie]
    assert told(made, edit) == code
