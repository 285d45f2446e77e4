"""Award sessions of every method played again by the verifier, as they were and as a forger with the platform's key would have them."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest

from app.verify.entries import Entry
from app.verify.replay.award import is_of_award
from app.verify.replay.awarding import Replay
from app.verify.replay.story import Story
from app.verify.verdict import Broken
from core.kernel import chain
from core.kernel.db import open_engine
from core.kernel.evidence import Placement, read_event
from core.kernel.roles import Role
from core.kernel.signing import Ed25519Signer, read_statement
from core.kernel.work import Door
from evaluation.domain.award_ballot import Sources, places_of
from evaluation.queries import award_counts
from evaluation.queries import awards as queries
from tests.builders.evaluation import OpenedBids, Room
from tests.builders.trading import tender
from tests.verify.conftest import PROJECTIONS
from trading.domain.award_plan import AwardPlan

POINTS = [
    {"id": "F1", "name": "履约", "definition": "履约评价", "weight": "60"},
    {"id": "F2", "name": "价格", "definition": "合理", "weight": "40"},
]
CHAIRED = {"posts": ["主要负责人", "部门代表"], "chair_post": "主要负责人", "factors": [{"name": "信用", "definition": "信用评价"}]}
Edit = Callable[[list[Entry]], None]


@pytest.fixture
def sqlite_door(sqlite_template: Path, tmp_path: Path, clock_file: Path) -> Iterator[Door]:
    """A door on a fresh SQLite database: the verifier knows no other."""
    shutil.copy(sqlite_template, tmp_path / "gongheng.db")
    engine = open_engine(f"sqlite:///{tmp_path / 'gongheng.db'}")
    opened = Door(engine, Ed25519Signer.from_seed(bytes(range(32))), projections=PROJECTIONS, clock_file=clock_file, readers=2)
    yield opened
    opened.close()
    engine.dispose()


@pytest.fixture
def make(sqlite_door: Door, clock_file: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    def made(method: str, members: int = 5, **plan: Any) -> Room:
        one = tender(sqlite_door, clock_file)
        fix = one.fix_plan
        one.fix_plan = lambda _: fix(method, **plan)  # type: ignore[method-assign,misc,assignment]
        return Room(one, OpenedBids().put(monkeypatch)).ready(method=method).deciding(members)

    return made


def replayed(room: Room, edit: Edit | None = None) -> str:
    """The winner of the session as the verifier plays it."""
    door, lot = room.tender.door, room.tender.lot
    plan = AwardPlan.read(cast("dict[str, Any]", lot.award_plan))
    orgs = room.candidates
    view = door.read(lambda session: award_counts.candidates_of(session, lot, orgs))
    entries = [_entry(one) for one in door.read(lambda session: chain.events(session, room.case))]
    session = [one for one in entries if is_of_award(one)]
    if edit is not None:
        edit(session)
    nothing: Any = None  # package and keys are not looked at
    story = Story(nothing, room.case, room.tender.no, session, nothing, nothing)
    ceiling = None if lot.ceiling is None else lot.ceiling.decimal
    replay = Replay(story, plan, view, ceiling, frozenset(), Sources({lot.report_sha256: None}, places_of(plan)))
    replay.play(session)
    assert replay.result is not None
    return replay.result.winner


def _entry(event: Any) -> Entry:
    logged = read_event(event.data)
    return Entry(f"events/{event.case_seq}", logged, read_statement(logged.envelope.payload), Placement(b"", 0, 0, ()))


def said(kind: str, nth: int = 0, **changes: Any) -> Edit:
    """Other members in the body of the nth event of a kind."""

    def edit(entries: list[Entry]) -> None:
        places = [place for place, one in enumerate(entries) if one.kind == kind]
        one = entries[places[nth]]
        body: Mapping[str, Any] = {
            **one.statement.body,
            **{name: value(one) if callable(value) else value for name, value in changes.items()},
        }
        entries[places[nth]] = replace(one, statement=replace(one.statement, body=body))

    return edit


def dropped(kind: str, nth: int = 0) -> Edit:
    def edit(entries: list[Entry]) -> None:
        entries.remove([one for one in entries if one.kind == kind][nth])

    return edit


def refused(room: Room, edit: Edit) -> str:
    with pytest.raises(Broken) as broken:
        replayed(room, edit)
    return broken.value.what


def test_rounds_and_successors_are_played_again(make: Any) -> None:
    room = make("ELIMINATION_VOTE", quorum=4, fall_out="go_on").voting()
    x, y, z = room.candidates
    one, *rest = room.award_members
    for who, choice in zip(rest, (x, x, y, z), strict=True):
        room.ballot(who, choice)
    room.replace_member(one, None)
    for who in rest:
        room.ballot(who, y, 2)
    for number, choice in ((3, x), (4, x)):
        if not room.winner:
            for who in rest:
                room.ballot(who, choice, number)
    assert replayed(room) == room.winner
    assert refused(room, dropped("award.replace")) in ("vote_differs", "said_twice", "award.vote.wrong_state")
    assert refused(room, said("award.round", votes={x: 4})) == "vote_differs"
    assert refused(room, dropped("award.round")) == "vote_differs"
    assert refused(room, dropped("award.declare", 4)) == "award.vote.wrong_state"
    assert refused(room, dropped("ballot", 0)) == "vote_differs"
    assert refused(room, said("award.result", winner=z if room.winner != z else x)) == "winner_differs"
    assert refused(room, said("award.result", how="draw")) == "vote_differs"


def test_a_session_that_began_again_counts_the_new_ballots_alone(make: Any) -> None:
    room = make("DIRECT_VOTE").voting()
    x, y, _ = room.candidates
    comes = room.tender.crowd.join(Role.AWARD_MEMBER, room.tender.tenderer.org_name)
    room.ballot(room.award_members[0], y)
    room.replace_member(room.award_members[1], comes)
    room.award_sign_in(comes)
    room.award_declare(comes)
    for who in (room.award_members[0], comes, *room.award_members[2:]):
        room.ballot(who, x, 2)
    assert replayed(room) == x
    assert refused(room, dropped("award.sign_in", -1)) == "award.declare.wrong_state"
    assert refused(room, said("award.replace", successor="", post="")) == "award.replace.starts_again"
    assert refused(room, said("ballot", 1, choice=y)) in ("vote_differs", "winner_differs")
    assert refused(room, said("ballot", 1, reasons=[{"text": "业绩", "source": "ab" * 32, "page": 1}])) == "ballot.source_unknown"


def test_a_deliberation_is_the_chairs_after_everybodys_opinion(make: Any) -> None:
    room = make("COLLECTIVE_DELIBERATION", **CHAIRED).voting()
    chair, *others = room.award_members
    for who in others:
        room.opinion(who, room.candidates[0])
    room.ballot(chair, room.candidates[1])
    assert replayed(room) == room.candidates[1]
    assert refused(room, dropped("award.opinion")) == "award.vote.wrong_state"
    assert refused(room, said("ballot", choice=room.candidates[0])) in ("vote_differs", "winner_differs")
    assert refused(room, said("award.opinion", opinion="")) == "evaluation.body"


def test_points_and_formula_are_computed_again(make: Any) -> None:
    room = make("SCORING_AWARD", factors=POINTS).voting()
    sheets = {org: {"F1": str(40 + place), "F2": "30"} for place, org in enumerate(room.candidates)}
    for who in room.award_members:
        room.cast(who, scores=sheets)
    assert replayed(room) == room.candidates[2]
    better = sheets | {room.candidates[0]: {"F1": "60", "F2": "40"}}
    assert refused(room, said("ballot", scores=better)) == "vote_differs"
    assert refused(room, said("ballot", scores={})) == "ballot.scores_missing"


def test_members_and_lots_are_drawn_again(make: Any) -> None:
    room = make("VOTE_THEN_DRAW", members=7, keep=3, selection="drawn")
    room.open_award()
    room.draw_lots(f"award-{room.tender.no}-1")
    by_id = {str(one.person): one for one in room.award_members}

    def order(entries: list[Entry]) -> None:
        said("award_draw.result", -1, order=lambda one: list(reversed(one.body["order"])))(entries)

    tenderer = room.tender.tenderer
    seen = room.tender.door.read(lambda session: queries.view(session, tenderer.actor, room.number))
    room.assemble_award([by_id[one.person] for one in seen.members])
    room.draw_lots(f"award-{room.tender.no}-2")
    assert replayed(room) == room.winner
    assert refused(room, order) == "draw_differs"
    assert refused(room, said("award_draw.reveal", value="ab" * 32)) == "slip_differs"
    assert refused(room, said("award_draw.request", 1, purpose="tie")) == "vote_differs"
    assert refused(room, dropped("award_draw.commit")) == "revealed_too_early"
    assert refused(room, dropped("award_draw.reveal", -1)) == "slip_missing"
    assert refused(room, said("award_draw.commit", party="supervisor")) in ("role_differs", "slip_twice")
    assert refused(room, dropped("award_draw.result", -1)) == "draw_differs"
