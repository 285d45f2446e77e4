"""A case whose experts a provincial pool drew: the package holds and says so; a forger with every key but the pool's is found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.evidence.package import own_policy
from app.verify.steps import verify
from core.identity.queries.anchors import roots
from core.kernel.certificates import fingerprint
from tests.builders.people import authority
from tests.builders.provincial import NAME, Province
from tests.verify.conftest import members_of, unplayed
from tests.verify.forging import Case, Said
from tests.verify.test_forgeries import body, found, move, put


@pytest.fixture(scope="module")
def drawn(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Case, Province]]:
    folder = tmp_path_factory.mktemp("provincial")
    with unplayed(folder, sqlite_template) as whole:
        made: list[Province] = []

        def draw() -> None:
            made.append(Province.make(whole.room).asked())
            made[0].reply()

        whole._draw = draw  # type: ignore[method-assign]
        case = Case.of(whole, whole.play().export(), folder)
        case.policy = own_policy(authority(), whole.log, whole.settings, whole.room.tender.door.read(roots))
        yield case, made[0]


@pytest.fixture
def members(drawn: tuple[Case, Province]) -> dict[str, bytes]:
    return members_of(drawn[0])


def test_the_package_holds_and_says_who_drew(drawn: tuple[Case, Province]) -> None:
    verdict = verify(drawn[0].path, drawn[0].policy)
    assert [(one.check, one.code) for one in verdict.findings if not one.holds] == []
    assert [note.facts["partner"] for note in verdict.notes if note.code == "provincial_draw"] == [NAME]


def test_a_policy_that_does_not_name_the_root_does_not_take_the_reply(drawn: tuple[Case, Province]) -> None:
    case, province = drawn
    less = case.policy.ca_roots - {fingerprint(province.office.authority.root.certificate)}
    broken = [(one.check, one.code) for one in verify(case.path, replace(case.policy, ca_roots=less)).findings if not one.holds]
    assert ("draw", "partner.authority") in broken


def file_of(story: list[Said]) -> dict[str, Any]:
    file: dict[str, Any] = body(story, "draw.reply")["file"]
    return file


def a_friend(story: list[Said]) -> None:
    """The first reserve sits in the place of who was drawn."""
    said = file_of(story)["reply"]
    said["picked"]["civil"][0], said["reserves"]["civil"][0] = said["reserves"]["civil"][0], said["picked"]["civil"][0]


def another_result(story: list[Said]) -> None:
    picked = body(story, "draw.result")["picked"]
    picked["civil"] = picked["civil"][::-1]


LIES: dict[str, tuple[str, str, Callable[[list[Said]], object]]] = {
    "another list under the pool's signature": ("draw", "detached.invalid", a_friend),
    "another result than the reply": ("draw", "draw_differs", another_result),
    "another letter": ("draw", "draw.reply.other_letter", lambda story: body(story, "draw.request")["request"].update(org_cap=0)),
    "another partner": ("draw", "partner.other", lambda story: body(story, "draw.request")["request"]["by"].update(partner="某某公司")),
    "a result before the reply": ("draw", "reply_missing", lambda story: move(story, "draw.reply", "draw.call")),
    "another value for the order of the seats": ("draw", "draw_differs", lambda story: put(story, "draw.result", order="00" * 32)),
    "a seed of one's own": ("draw", "draw_differs", lambda story: put(story, "draw.result", seed="00" * 32)),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_about_a_provincial_draw_is_found(drawn: tuple[Case, Province], members: dict[str, bytes], tmp_path: Path, lie: str) -> None:
    check, code, edit = LIES[lie]
    broken = found(drawn[0], members, tmp_path, edit)
    assert (check, code) in [(one, what) for one, what, _ in broken], broken
