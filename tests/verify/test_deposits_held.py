"""Who holds the platform's keys, or everybody's, and lies about holds or forfeitures is found out by the replay of what was signed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from core.kernel.db import open_engine
from core.kernel.signing import Ed25519Signer
from core.kernel.ticks import each
from core.kernel.work import Door
from deposits.queries import holds as queries
from deposits.services import holds
from tests.builders.holds import Kept, kept
from tests.verify.conftest import PROJECTIONS
from tests.verify.retelling import Said, drop, fault, move, of, put, replayed, twice

Edit = Callable[[list[Said]], object]


@pytest.fixture(scope="module")
def made(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    """The first firm's deposit is kept after a decision that fell, the second's waited for a hold that was lifted, the third's for one
    that ended; both went back."""
    folder = tmp_path_factory.mktemp("held")
    (folder / "gongheng.db").write_bytes(sqlite_template.read_bytes())
    url, clock_file = f"sqlite:///{folder / 'gongheng.db'}", folder / "clock"
    door = Door(open_engine(url), Ed25519Signer.from_seed(bytes(range(32))), projections=PROJECTIONS, clock_file=clock_file, readers=2)
    with kept(door, clock_file, folder) as found:
        found.open_but_the_first()
        second = found.hold(firm=1)
        found.hold(firm=2, by=found.clerk)
        found.note(found.decide(reason="第一次"), agrees=False)
        found.note(found.decide())
        found.world.schedule(*found.world.firms[1:])
        clause = {"ground": "document", "clause": "须知 3.4.4", "document_sha256": found.hall.tender.lot.document_sha256}
        found.note(found.decide(firm=1, **clause), agrees=False)
        found.lift(second)
        found.world.send()
        found.world.jump(timedelta(days=12))
        each(queries.over, holds.end)(door)
        found.world.send()
        found.world.read_notices()
        yield found
    door.close()


def test_the_true_story_holds(made: Kept) -> None:
    books = replayed(made.world.door, made.hall.number)
    assert (len(books.matched), len(books.confirmed), len(books.cancelled), len(books.orders.agreed)) == (3, 3, 1, 1)


def promised(told: list[Said], nth: int) -> list[dict[str, object]]:
    """The refunds that were made due together."""
    found: list[dict[str, object]] = of(told, "refund.schedule", nth)["payload"]["body"]["refunds"]
    return found


def promise(told: list[Said], nth: int, **changes: object) -> None:
    """Other members in the first of them."""
    promised(told, nth)[0].update(changes)


def keep_another(told: list[Said]) -> None:
    """The platform has the third firm's deposit kept under the first firm's decision."""
    others = of(told, "deposit.match")["payload"]["body"]["deposits"][2]["deposit"]
    promise(told, 0, deposit=others)


def no_note(told: list[Said]) -> None:
    """The supervisor never agreed."""
    drop(told, "forfeit.note", 1)


LIES: dict[str, tuple[str, Edit]] = {
    "a hold for years": ("hold.until", lambda told: put(told, "hold.place", until="2099-12-31")),
    "a hold by another office": ("hold.place.other_office", lambda told: put(told, "hold.place", kind="dispute")),
    "a court without its paper": ("hold.document_missing", lambda told: put(told, "hold.place", 1, document="")),
    "a hold on nothing": ("deposit_unknown", lambda told: put(told, "hold.place", deposit="01900000-0000-7000-8000-000000000009")),
    "another hold lifted": ("deposit_hold_unknown", lambda told: put(told, "hold.lift", hold_sha256="0" * 64)),
    "lifted twice": ("deposit_hold_unknown", lambda told: twice(told, "hold.lift")),
    "the court's lifted by the supervisor": (
        "role_differs",
        lambda told: put(told, "hold.lift", hold_sha256=of(told, "hold.place", 1)["old"]),
    ),
    "ended before its day": ("hold_not_over", lambda told: move(told, "hold.end", "forfeit.decide")),
    "ended twice": ("deposit_hold_unknown", lambda told: twice(told, "hold.end")),
    "a hold that another ended": (
        "deposit_unknown",
        lambda told: put(told, "hold.end", deposit=of(told, "hold.place")["payload"]["body"]["deposit"]),
    ),
    "sent while held": ("sent_while_held", lambda told: drop(told, "hold.lift")),
    "a failure that was none": (
        "forfeit_no_failure",
        lambda told: put(told, "forfeit.await", bidder=of(told, "deposit.match")["payload"]["body"]["deposits"][1]["bidder"]),
    ),
    "decided by the platform's word": ("forfeited_unasked", lambda told: (drop(told, "forfeit.note", 1), drop(told, "forfeit.decide", 1))),
    "no note": ("forfeited_unasked", no_note),
    "a note that refused": ("forfeited_unasked", lambda told: put(told, "forfeit.note", 1, agrees=False)),
    "noted twice": ("decision_unknown", lambda told: twice(told, "forfeit.note", 1)),
    "decided twice": ("forfeited_twice", lambda told: twice(told, "forfeit.decide", 1)),
    "a smaller deposit": ("amount_differs", lambda told: put(told, "forfeit.decide", 1, amount_fen=1)),
    "another ground": ("forfeit.not_the_winner", lambda told: put(told, "forfeit.decide", 1, ground="contract_refused")),
    "another clause": ("forfeit.clause_missing", lambda told: put(told, "forfeit.decide", 2, document_sha256="e" * 64)),
    "another payee": ("forfeit.payee_other", lambda told: put(told, "forfeit.decide", 1, payee_name="张三")),
    "a decision about nothing": (
        "deposit_unknown",
        lambda told: put(told, "forfeit.decide", deposit="01900000-0000-7000-8000-000000000009"),
    ),
    "a firm's deposit kept under another's decision": ("forfeited_unasked", keep_another),
    "a refund cancelled for nothing": ("decision_unknown", lambda told: put(told, "refund.cancel", decision_sha256="0" * 64)),
    "a refund cancelled twice": ("refunded_twice", lambda told: twice(told, "refund.cancel")),
    "paid back although kept": ("forfeited_twice", lambda told: promise(told, 0, reason="contract_signed")),
    "waived by nobody": ("forfeit_undecided", lambda told: promise(told, 1, reason="waived")),
    "promised twice": ("refunded_twice", lambda told: twice(told, "refund.schedule", 1)),
    "one refund for two deposits": ("refunded_twice", lambda told: promise(told, 1, refund=promised(told, 1)[1]["refund"])),
    "a refund for less": ("amount_differs", lambda told: promise(told, 1, principal_fen=1)),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_about_held_and_kept_deposits_is_found(made: Kept, lie: str) -> None:
    code, edit = LIES[lie]
    assert fault(made.world.door, made.hall.number, edit) == code
