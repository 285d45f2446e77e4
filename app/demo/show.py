"""A whole demonstration: the stage is set, the cast arrives, the steps are played, everything is taken down again."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from app.demo.case import PASSWORD, CaseFile
from app.demo.cast import Performer, dismiss, raise_cast, together
from app.demo.crashes import killing
from app.demo.documents import Workshop
from app.demo.person import Part
from app.demo.policy import trusted
from app.demo.residents import move_in
from app.demo.script import STEPS
from app.demo.script.play import Play
from app.demo.stage import Stage


@dataclass(frozen=True)
class Wish:
    """What is to be played: the case, where, with which seed, in which language, and how far."""

    case: CaseFile
    folder: Path
    seed: int = 8
    until: str = ""
    english: bool = False
    kills: int = 0


def perform(wish: Wish, tell: Callable[[str], None]) -> None:
    """Plays the steps and tells a line for each; raises what went wrong."""
    began = time.monotonic()

    def say(number: int, zh: str, en: str) -> None:
        tell(f"{number:>2}  {time.monotonic() - began:7.1f} s  {en if wish.english else zh}")

    with staged(wish) as play:
        say(0, *_opened(play))
        with killing(play.stage, wish.kills, wish.seed) as crashes:
            for step in STEPS:
                play.say = partial(say, step.number)
                step.run(play)
                if step.name == wish.until:
                    break
        if wish.kills:
            say(13, *_survived(play, crashes.done))


def _survived(play: Play, crashes: int) -> tuple[str, str]:
    """Everything that was acknowledged gets the same answer again; nothing of it was lost, nothing happened twice."""
    acts = sum(together([(who, "repeat", {}) for who in play.cast.values()]))
    return (
        f"服务器被强制终止 {crashes} 次，{acts} 项已确认的操作逐一重发，答复完全一致",
        f"server killed {crashes} times; {acts} acknowledged acts sent again, each answered as before",
    )


def _opened(play: Play) -> tuple[str, str]:
    count = len(play.cast)
    return (
        f"平台已启动（{play.stage.origin}），{count} 名角色各自进程、各自密钥已登记",
        f"platform up ({play.stage.origin}), {count} people in processes of their own, keys certified",
    )


@contextmanager
def staged(wish: Wish) -> Iterator[Play]:
    """The play, with everything that it needs running; all of it ends with the block."""
    home = wish.folder / "demo"
    if home.exists():
        shutil.rmtree(home)
    home.mkdir(parents=True, mode=0o700)
    stage, cast = Stage(home), dict[str, Performer]()
    try:
        stage.raise_curtain()
        move_in(wish.case, stage.environment)
        (home / "trusted.txt").write_text(trusted(stage), "utf-8")
        stage.begin_server()
        cast |= raise_cast(parts(wish, stage))
        stage.wait_until_ready()
        arrive(cast)
        workshop = Workshop(home / "documents", wish.folder / "demo-documents", wish.seed)
        yield Play(wish.case, stage, cast, workshop, home, lambda zh, en: None)
    finally:
        dismiss(cast)
        stage.strike()


def parts(wish: Wish, stage: Stage) -> list[Part]:
    """Who plays whom."""
    return [
        Part(
            login=one["login"],
            name=one["name"],
            role=one["role"],
            password=PASSWORD,
            origin=stage.origin,
            folder=stage.folder / "people" / one["login"],
            policy=stage.folder / "trusted.txt",
            clock_file=stage.clock_file,
            office=one.get("office", ""),
            authenticator=one.get("step_up", "webauthn") == "webauthn" and one["role"] != "officer",
        )
        for one in wish.case.people
    ]


def arrive(cast: dict[str, Performer]) -> None:
    """Everybody logs in and has their keys certified."""
    people = list(cast.values())
    for who, ids in zip(people, together([(who, "arrive", {}) for who in people]), strict=True):
        who.person, who.org = ids["person"], ids["org"]
