"""Who holds every key and lies about waivers, or about what is asked by them, is found out by the replay of what was signed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from app.verify.replay import reliefs as replay
from app.verify.replay.story import Story
from app.verify.verdict import Broken
from core.identity.services.acts import SignedRequest
from core.kernel.db import open_engine
from core.kernel.roles import Role
from core.kernel.signing import Ed25519Signer
from core.kernel.work import Door
from deposits.queries import reliefs as queries
from deposits.services import reliefs
from tests.builders.bids import hall
from tests.builders.deposits import World
from tests.builders.deposits import world as build
from tests.builders.people import Person
from tests.builders.trading import tender
from tests.builders.waivers import CHAIN, agreed, use, waive
from tests.verify.conftest import PROJECTIONS
from tests.verify.retelling import Said, drop, fault, move, of, put, replayed, story_of, twice

Edit = Callable[[list[Said]], object]


@dataclass
class Made:
    """The world, and the digests of the reliefs that were agreed in it."""

    world: World
    offices: tuple[Person, Person]
    part: str
    ended: str


@pytest.fixture(scope="module")
def made(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    """The first firm pays what its waiver leaves, the second nothing at all, the third the whole; the fourth's waiver was ended unused."""
    folder = tmp_path_factory.mktemp("waived")
    (folder / "gongheng.db").write_bytes(sqlite_template.read_bytes())
    url, clock_file = f"sqlite:///{folder / 'gongheng.db'}", folder / "clock"
    door = Door(open_engine(url), Ed25519Signer.from_seed(bytes(range(32))), projections=PROJECTIONS, clock_file=clock_file, readers=2)
    room = hall(tender(door, clock_file), folder)
    with build(door, clock_file, folder) as world:
        world.number, world.lot, world.crowd = room.number, room.tender.lot_id, room.tender.crowd
        world.firms = room.tender.join_bidders(4)
        for firm in world.firms:
            world.register(firm)
        offices = room.tender.centre, world.crowd.join(Role.SUPERVISOR, "临江市住房和城乡建设局")
        first, second, third, fourth = world.firms
        part, whole, ended = (waive(*offices, firm, percent) for firm, percent in ((first, 60), (second, 100), (fourth, 50)))
        _end(offices, ended)
        use(first, world.number, part)
        world.request(first)
        world.pay(first, "320000.00")
        use(second, world.number, whole)
        world.paid(third)
        yield Made(world, offices, part, ended)
    door.close()


def _end(offices: tuple[Person, Person], digest: str) -> None:
    centre, supervisor = offices
    ending: SignedRequest = centre.act("deposit.relief_end", CHAIN, body={"relief_sha256": digest, "reason": "退出名单"}, step_up=True)
    centre.door.perform(centre.actor, lambda work: reliefs.propose_end(work, ending))
    row = next(view.id for view in centre.door.read(queries.listed) if view.sha256 == digest)
    supervisor.door.perform(supervisor.actor, lambda work: reliefs.end(work, row, supervisor.cosign(ending)))


def test_the_true_story_holds(made: Made) -> None:
    books = replayed(made.world.door, made.world.number)
    assert sorted(waiver.percent for _, waiver in books.waived.values()) == [60, 100]
    assert len(books.matched) == 2


def _swap(told: list[Said]) -> None:
    """The first firm uses the second's waiver."""
    put(told, "waiver.use", relief_sha256=of(told, "waiver.use", 1)["payload"]["body"]["relief_sha256"])


def _of_another(told: list[Said]) -> None:
    put(told, "waiver.use", bidder=of(told, "waiver.use", 1)["payload"]["body"]["bidder"])


LIES: dict[str, tuple[str, Edit]] = {
    "less asked than the waiver leaves": ("amount_differs", lambda told: put(told, "deposit.request", amount_fen=1)),
    "less asked of who has no waiver": ("amount_differs", lambda told: put(told, "deposit.request", 1, amount_fen=32_000_000)),
    "the waiver never used": ("amount_differs", lambda told: drop(told, "waiver.use")),
    "a waiver that nobody signed": ("waiver_unfit", lambda told: put(told, "waiver.use", relief_sha256="0" * 64)),
    "another firm's waiver": ("waiver_unfit", _swap),
    "used for another firm": ("waiver_unfit", _of_another),
    "used twice": ("waiver_unfit", lambda told: twice(told, "waiver.use")),
    "used after the account was asked for": ("waiver_unfit", lambda told: move(told, "deposit.request", "waiver.use")),
    "used when it was too late": ("waiver_unfit", lambda told: of(told, "waiver.use", 1).update(at="2099-01-01T00:00:00.000Z")),
    "spoken by the platform": ("role_differs", lambda told: of(told, "waiver.use")["payload"]["actor"].update(role="system")),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_about_waivers_is_found(made: Made, lie: str) -> None:
    what, edit = LIES[lie]
    assert fault(made.world.door, made.world.number, edit) == what


def test_an_ended_waiver_cannot_be_used(made: Made) -> None:
    fourth = made.world.firms[3]

    def edit(told: list[Said]) -> None:
        put(told, "waiver.use", 1, relief_sha256=made.ended, bidder=str(fourth.org))

    assert fault(made.world.door, made.world.number, edit) == "waiver_unfit"


def _broken(story: Story, change: Callable[[list[Any]], object]) -> str:
    told = list(story.reliefs)
    change(told)
    try:
        replay.read_reliefs(told)
    except Broken as broken:
        return broken.what
    return ""


def test_an_end_is_of_a_relief_that_stands(made: Made) -> None:
    story = story_of(made.world.door, made.world.number)
    ending = next(entry for entry in story.reliefs if entry.kind == "deposit.relief_end")
    assert _broken(story, lambda told: None) == ""
    assert _broken(story, lambda told: told.append(ending)) == "relief_unknown"
    assert _broken(story, lambda told: told.pop(2)) == "relief_unknown"


def test_a_document_that_asked_a_deposit_of_a_freed_kind_is_found(made: Made) -> None:
    body = {"regime": "construction", "category": "construction", "region": "", "since": "2020-01-01", "source": "临建〔2020〕1号"}
    digest = agreed(*made.offices, "deposit.free", body)
    story = story_of(made.world.door, made.world.number)
    replay.check_freed(story, known := replay.read_reliefs(story.reliefs))  # it came after the document
    earlier = {digest: replay.Known(known[digest].said, story.document.at)}
    with pytest.raises(Broken) as broken:
        replay.check_freed(story, earlier)
    assert broken.value.what == "deposit_freed"
