"""Who holds the platform's keys, or everybody's, and lies about where a refund goes is found out by the replay of what was signed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from core.kernel.db import open_engine
from core.kernel.signing import Ed25519Signer
from core.kernel.work import Door
from tests.builders.holds import kept
from tests.builders.new_accounts import Refused, refused
from tests.verify.conftest import PROJECTIONS
from tests.verify.retelling import Said, drop, fault, move, of, put, replayed, twice

Edit = Callable[[list[Said]], object]


@pytest.fixture(scope="module")
def made(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Refused]:
    """The second firm's first request was refused, its second was approved by two and paid."""
    folder = tmp_path_factory.mktemp("redirected")
    (folder / "gongheng.db").write_bytes(sqlite_template.read_bytes())
    url, clock_file = f"sqlite:///{folder / 'gongheng.db'}", folder / "clock"
    door = Door(open_engine(url), Ed25519Signer.from_seed(bytes(range(32))), projections=PROJECTIONS, clock_file=clock_file, readers=2)
    with kept(door, clock_file, folder) as found:
        found.open_but_the_first()
        one = refused(found.world, 1, close=False)
        one.refuse(one.ask())
        request = one.ask()
        one.approve(request)
        one.approve(request, 1)
        found.world.send()
        found.world.read_notices()
        yield one
    door.close()


def test_the_true_story_holds(made: Refused) -> None:
    books = replayed(made.world.door, made.world.number)
    assert books.redirected.done == {made.refund} and not books.redirected.approved


def by_one(told: list[Said]) -> None:
    """The first person signs for the second too."""
    of(told, "account.approve", 1)["payload"]["actor"] = of(told, "account.approve")["payload"]["actor"]


def by_itself(told: list[Said]) -> None:
    """The refund that failed is said to be the one in its place."""
    put(told, "refund.redirect", refund=of(told, "account.ask")["payload"]["body"]["refund"])


LIES: dict[str, tuple[str, Edit]] = {
    "asked of a refund that did not fail": ("account_not_refused", lambda told: drop(told, "refund.fail")),
    "asked of one that failed for another reason": ("account_not_refused", lambda told: put(told, "refund.fail", cause="MS03")),
    "asked in another name": ("new_account.other_name", lambda told: put(told, "account.ask", 1, name="张三")),
    "asked without proof": ("new_account.no_proof", lambda told: put(told, "account.ask", 1, proof=[])),
    "asked twice": ("account_asked_twice", lambda told: twice(told, "account.ask", 1)),
    "approved by one person": ("account_same_person", by_one),
    "approved by one alone": ("account_unknown", lambda told: drop(told, "account.approve", 1)),
    "another account approved": ("account_differs", lambda told: put(told, "account.approve", 1, account="621000777702")),
    "nothing approved": ("account_unknown", lambda told: put(told, "account.approve", request_sha256="0" * 64)),
    "refused and approved": ("account_unknown", lambda told: put(told, "account.approve", request_sha256=of(told, "account.ask")["old"])),
    "refused twice": ("account_unknown", lambda told: twice(told, "account.refuse")),
    "paid to another account": ("account_differs", lambda told: put(told, "refund.redirect", account="621000777702")),
    "another refund replaced": (
        "account_differs",
        lambda told: put(told, "refund.redirect", replaces=of(told, "refund.schedule", 1)["payload"]["body"]["refunds"][0]["refund"]),
    ),
    "another deposit": ("deposit_unknown", lambda told: put(told, "refund.redirect", deposit="01900000-0000-7000-8000-000000000009")),
    "replaced by itself": (
        "account_unknown",
        lambda told: put(told, "refund.redirect", refund=of(told, "account.ask")["payload"]["body"]["refund"]),
    ),
    "redirected twice": ("account_unknown", lambda told: twice(told, "refund.redirect")),
    "redirected before it was approved": ("account_unknown", lambda told: move(told, "refund.redirect", "account.approve")),
    "approved and not paid": ("account_unpaid", lambda told: drop(told, "refund.redirect")),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_about_where_a_refund_goes_is_found(made: Refused, lie: str) -> None:
    code, edit = LIES[lie]
    assert fault(made.world.door, made.world.number, edit) == code
