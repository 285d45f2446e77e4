"""Guarantees in the worlds of secrecy: a guarantor is registered in each of them, and some of the bidders have guarantees."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING
from uuid import uuid4

from app.sandbox.guarantor import SandboxGuarantor
from app.sandbox.serving import server
from core.kernel import certificates
from core.kernel.events import PLATFORM
from tests.builders.people import Person

if TYPE_CHECKING:
    from tests.web.secrecy_world import World

NAME = "临江融资担保有限公司"


@dataclass
class Guaranteed:
    """The guarantor of a world, and the first guarantee that it issued there; made-up ones where nobody has any."""

    url: str = ""
    id: str = ""
    guarantee: str = field(default_factory=lambda: str(uuid4()))
    number: str = "BH00000000000000"


@contextmanager
def guarantor(folder: Path, clock_file: Path) -> Iterator[tuple[SandboxGuarantor, str]]:
    """A guarantor, served as long as the block runs, and its address."""
    sandbox = SandboxGuarantor(folder / "guarantor", NAME, clock_file)
    running = server("127.0.0.1", 0, sandbox.handle)
    thread = Thread(target=running.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield sandbox, f"http://127.0.0.1:{running.server_address[1]}"
    finally:
        running.shutdown()
        running.server_close()
        thread.join()


def register(made: World, sandbox: SandboxGuarantor) -> None:
    """The centre registers it, in every world alike; its address stands in no page that is compared."""
    body = {"name": NAME, "url": made.guaranteed.url, "root": certificates.to_pem(sandbox.books.seal.root), "reason": "按登记办法审核"}
    request = made.room.tender.centre.act("guarantor.register", PLATFORM, body=body, step_up=True)
    answer = made.viewers["centre"].act("/api/v1/guarantors", request)
    assert answer.status_code == 201, answer.text
    made.guaranteed.id = answer.get_json()["guarantor"]


def give(made: World, firms: Sequence[Person]) -> None:
    """These firms apply, pay, and have their guarantees; one of them gives up first. The clock ticks the same whoever they are."""
    number = made.room.number
    for firm in firms:
        _apply(made, firm)
    if firms:
        who, first = made.of(firms[0]), _own(made, firms[0])
        assert who.post(f"/lots/{number}/guarantee/{first['id']}/cancel").status_code == 303
        _apply(made, firms[0])
    _wait(made)
    for firm in firms:
        who, one = made.of(firm), _own(made, firm)
        who.get(f"/lots/{number}/guarantee")
        assert who.post(f"/lots/{number}/guarantee/{one['id']}/pay").status_code == 303
    _wait(made)
    for firm in firms:
        one = _own(made, firm)
        assert one["state"] == "issued_sealed", one
        made.guaranteed.guarantee, made.guaranteed.number = str(one["id"]), str(one["guarantee_no"])


def _apply(made: World, firm: Person) -> None:
    answer = made.of(firm).post(f"/api/v1/lots/{made.room.number}/guarantee", {"guarantor": made.guaranteed.id})
    assert answer.status_code == 200, answer.text


def _own(made: World, firm: Person) -> dict[str, object]:
    found: dict[str, object] = made.of(firm).get(f"/api/v1/lots/{made.room.number}/guarantee").get_json()["guarantees"][0]
    return found


def _wait(made: World) -> None:
    for _ in range(2):
        made.jump(timedelta(seconds=5))
        made.tick()
