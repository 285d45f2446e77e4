"""Who holds every key and lies about a recall is found out by the replay of what was signed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from core.kernel.db import open_engine
from core.kernel.roles import Role
from core.kernel.signing import Ed25519Signer
from core.kernel.work import Door
from deposits import jobs_recalls
from deposits.queries import recalls as queries
from deposits.services import recalls
from tests.builders.holds import Kept, kept
from tests.verify.conftest import PROJECTIONS
from tests.verify.retelling import Said, drop, fault, move, of, put, replayed, twice

Edit = Callable[[list[Said]], object]


@pytest.fixture(scope="module")
def made(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    """The second firm's refund is recalled in time, after a proposal that was dropped; the third's when the bank has paid it."""
    folder = tmp_path_factory.mktemp("recalled")
    (folder / "gongheng.db").write_bytes(sqlite_template.read_bytes())
    url, clock_file = f"sqlite:///{folder / 'gongheng.db'}", folder / "clock"
    door = Door(open_engine(url), Ed25519Signer.from_seed(bytes(range(32))), projections=PROJECTIONS, clock_file=clock_file, readers=2)
    with kept(door, clock_file, folder) as found:
        found.open_but_the_first()
        chief, bank = found.world.crowd.join(Role.FINANCE, "临江市公共资源交易中心"), found.world.sandbox

        def recall(*, agrees: bool) -> None:
            (one,) = door.read(queries.underway)
            said = {"refund": str(one.refund), "total_fen": one.total.fen, "reason": "收款账号有疑问"}
            proposal = found.act(recalls.propose, found.clerk, "recall.propose", said) | {"reason": ""}
            service = recalls.approve if agrees else recalls.drop
            found.act(service, chief, "recall.approve" if agrees else "recall.drop", proposal)

        bank._faults({"pend_orders": 1, "pend_ms": 600_000})
        found.world.schedule(found.world.firms[1])
        found.world.send()
        recall(agrees=False)
        recall(agrees=True)
        jobs_recalls.ask(door, found.world.bank)
        bank._faults({"lose_answers": 1})
        found.world.schedule(found.world.firms[2])
        found.world.send()
        recall(agrees=True)
        jobs_recalls.ask(door, found.world.bank)
        found.world.read_notices()
        yield found
    door.close()


def test_the_true_story_holds(made: Kept) -> None:
    books = replayed(made.world.door, made.hall.number)
    assert (len(books.failed), len(books.confirmed), list(books.recalled.stopped)) == (1, 1, list(books.failed))


def by_the_same(told: list[Said]) -> None:
    """Who proposed approves too."""
    approval = of(told, "recall.approve")
    approval["payload"]["actor"] = of(told, "recall.propose", 1)["payload"]["actor"]


LIES: dict[str, tuple[str, Edit]] = {
    "a refund that was never sent": (
        "recall_not_sent",
        lambda told: put(told, "recall.propose", refund="01900000-0000-7000-8000-000000000009"),
    ),
    "before it was sent": ("recall_not_sent", lambda told: move(told, "recall.propose", "refund.send")),
    "another sum": ("amount_differs", lambda told: put(told, "recall.propose", total_fen=1)),
    "recalled twice at once": ("recall_twice", lambda told: drop(told, "recall.drop")),
    "approved by who proposed": ("recall_same_person", by_the_same),
    "approved twice": ("recall_unknown", lambda told: twice(told, "recall.approve")),
    "dropped twice": ("recall_unknown", lambda told: twice(told, "recall.drop")),
    "answered without a second person": ("recall_unknown", lambda told: drop(told, "recall.approve")),
    "answered about another refund": (
        "recall_unknown",
        lambda told: put(told, "recall.answer", refund=of(told, "refund.send", 1)["payload"]["body"]["refund"]),
    ),
    "answered twice": ("recall_unknown", lambda told: twice(told, "recall.answer")),
    "stopped, and its money not back": ("recall_not_undone", lambda told: drop(told, "refund.fail")),
    "proposed by nothing": ("body.malformed", lambda told: put(told, "recall.propose", reason="")),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_about_a_recall_is_found(made: Kept, lie: str) -> None:
    code, edit = LIES[lie]
    assert fault(made.world.door, made.hall.number, edit) == code
