"""Who holds every key and cancels a sub-account that holds money, twice, or of another lot is found out by the replay."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from core.kernel.db import open_engine
from core.kernel.signing import Ed25519Signer
from core.kernel.work import Door
from deposits.services import sub_accounts
from tests.builders.holds import Kept, kept
from tests.verify.conftest import PROJECTIONS
from tests.verify.retelling import Said, drop, fault, move, of, put, replayed, twice

Edit = Callable[[list[Said]], object]


@pytest.fixture(scope="module")
def made(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    """The second firm's deposit went back, and what the third paid a second time too; both their sub-accounts are cancelled then."""
    folder = tmp_path_factory.mktemp("cancelled")
    (folder / "gongheng.db").write_bytes(sqlite_template.read_bytes())
    url, clock_file = f"sqlite:///{folder / 'gongheng.db'}", folder / "clock"
    door = Door(open_engine(url), Ed25519Signer.from_seed(bytes(range(32))), projections=PROJECTIONS, clock_file=clock_file, readers=2)
    with kept(door, clock_file, folder) as found:
        found.open_but_the_first()
        second, third = found.world.firms[1:]
        found.world.pay(third)
        found.world.read_notices()
        found.world.schedule(second, third)
        found.world.send()
        found.world.read_notices()
        accounts = [found.world.view(firm).sub_account for firm in (second, third)]
        found.act(sub_accounts.cancel, found.clerk, "sub_account.cancel", {"accounts": accounts, "reason": "已办结"})
        yield found
    door.close()


def test_the_true_story_holds(made: Kept) -> None:
    books = replayed(made.world.door, made.hall.number)
    assert books.empty == {made.world.view(firm).sub_account for firm in made.world.firms[1:]}


def of_the_first(told: list[Said]) -> None:
    """The first firm's deposit is still here."""
    put(told, "sub_account.cancel", accounts=[of(told, "deposit.request")["payload"]["body"]["sub_account"]])


LIES: dict[str, tuple[str, Edit]] = {
    "cancelled twice": ("sub_account_twice", lambda told: twice(told, "sub_account.cancel")),
    "with a deposit on it": ("sub_account_not_empty", of_the_first),
    "with a refund on its way": ("sub_account_not_empty", lambda told: drop(told, "refund.confirm")),
    "with a second payment on it": ("sub_account_not_empty", lambda told: drop(told, "refund.confirm", 2)),
    "before its refund": ("sub_account_not_empty", lambda told: move(told, "sub_account.cancel", "refund.confirm")),
    "of another lot": ("deposit_unknown", lambda told: put(told, "sub_account.cancel", accounts=["6210001888019999999999"])),
    "none": ("sub_account.none", lambda told: put(told, "sub_account.cancel", accounts=[])),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_about_a_cancelled_sub_account_is_found(made: Kept, lie: str) -> None:
    code, edit = LIES[lie]
    assert fault(made.world.door, made.hall.number, edit) == code
