"""`gongheng demo --load`: lots half way, in the database that `gongheng serve` will show, and accounts for whoever wants to go on."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from app.demo.case import CaseFile, find, read
from app.demo.cast import Performer, dismiss, raise_cast, together
from app.demo.documents import Workshop
from app.demo.policy import trusted
from app.demo.residents import move_in
from app.demo.script import award, bidding, dormant, drawing, evaluating, exceptions, opening, preparing
from app.demo.script.play import Play
from app.demo.show import Wish, arrive, parts
from app.demo.stage import Stage
from app.demo.tasks import accounts, shown

ACCOUNTS = "demo-accounts.json"
TITLES = {
    "award": ("临江市滨江路提升工程施工", 30),
    "scoring": ("临江市东湖路雨污分流改造工程施工", 45),
    "opening": ("临江市高铁站前广场工程施工", 60),
    "bidding": ("临江大道照明工程施工", 120),
}  # lot → its project's title, and the days between release and deadline, so that each waits where the clock then stands
OPENED = ("award", "scoring")


def load_into(data_dir: Path, english: bool, tell: Callable[[str], None]) -> None:
    """Plays once; afterwards only the accounts are printed. The server is stopped again at the end."""
    file = data_dir / ACCOUNTS
    if not file.exists():
        tell("loading lots half way, about a minute …" if english else "正在装入进行到一半的演示标段，约需一分钟……")
        with _staged(data_dir) as plays:
            seats = _play(plays)
            _keep_keys(plays, data_dir / "demo-keys")
            lots = {name: play.number for name, play in plays.items()}
            people = accounts(_small(), lots, seats)
        file.write_text(json.dumps(people, ensure_ascii=False, indent=1), "utf-8")
        file.chmod(0o600)
    for line in shown(json.loads(file.read_text("utf-8")), data_dir, english):
        tell(line)


def _small() -> CaseFile:
    """The small case with a second person of finance: what is paid out of old deposits is decided by two."""
    case = read(find("small"))
    return replace(case, people=(*case.people, {"login": "finance-2", "name": "会计 周敏", "role": "finance", "org": "centre"}))


def _cases() -> dict[str, CaseFile]:
    """The small case, once for each lot: everybody comes, nobody withdraws, and all seal offline, so that each has a recovery key."""
    small = _small()
    plain = {"withdraws", "stays_away", "replaces", "breaks_off"}
    bids = [{name: value for name, value in bid.items() if name not in plain} | {"sealed_with": "gongheng seal"} for bid in small.bids]
    paid = [{name: value for name, value in bid.items() if name != "guarantee"} for bid in bids]  # no guarantor will be there later
    people = tuple({**one, "step_up": "password+device"} for one in small.people)
    return {
        name: replace(
            small,
            project={**small.project, "title": title},
            dates={**small.dates, "bidding_days": days},
            bids=tuple(bid for bid in (bids if name in OPENED else paid) if bid["org"] in small.marks or name == "bidding"),
            people=people,
        )
        for name, (title, days) in TITLES.items()
    }


@contextmanager
def _staged(data_dir: Path) -> Iterator[dict[str, Play]]:
    """A server over the newcomer's own database, with a bank beside it; no witness, since none will be there later."""
    cases, folder = _cases(), data_dir / "demo-load"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    stage, cast = Stage(folder, home=data_dir, witnesses=()), dict[str, Performer]()
    some = next(iter(cases.values()))
    try:
        stage.raise_curtain()
        move_in(some, stage.environment)
        (folder / "trusted.txt").write_text(trusted(stage), "utf-8")
        stage.begin_server()
        cast |= raise_cast(parts(Wish(some, data_dir), stage))
        stage.wait_until_ready()
        arrive(cast)
        yield {name: _a_play(name, case, stage, cast) for name, case in cases.items()}
    finally:
        dismiss(cast)
        stage.strike()
        shutil.rmtree(folder, ignore_errors=True)


def _a_play(name: str, case: CaseFile, stage: Stage, cast: Mapping[str, Performer]) -> Play:
    folder = stage.folder / name
    folder.mkdir()
    workshop = Workshop(folder / "documents", stage.data_dir / "demo-documents", len(name))
    return Play(case, stage, cast, workshop, folder, lambda zh, en: None, is_watched=False)


def _play(plays: Mapping[str, Play]) -> dict[str, str]:
    """Each lot to where a newcomer takes over; returns login → what is left to that person in the room or at the vote."""
    dormant.take_in(plays["award"])
    preparing.plan_ahead(plays["award"])
    for play in plays.values():
        preparing.register(play)
        preparing.announce(play)
    for play in plays.values():
        preparing.open_bidding(play)
        bidding.pay_deposits(play)
    for name, play in plays.items():
        some = play.case_file.bids if name != "bidding" else play.case_file.bids[:2]
        bidding.seal(_with_bids(play, some))
    drawing.fill_pool(plays["award"])
    left = _until_the_vote(plays["award"]) | _until_the_last_sheet(plays["scoring"])
    opening.reach_deadline(plays["opening"])
    exceptions.hold_back(plays["scoring"])
    exceptions.propose_waiver(plays["scoring"])
    exceptions.pay_astray(plays["scoring"])
    newcomers = [bid["org"] for bid in plays["bidding"].case_file.bids if bid["org"] not in plays["opening"].standing]
    return left | {plays["bidding"].bidder(letter).part.login: "seal" for letter in newcomers}


def _with_bids(play: Play, bids: Any) -> Play:
    """The same play with some of the bids."""
    some = replace(play, case_file=replace(play.case_file, bids=tuple(bids)))
    some.receipts, some.main_files = play.receipts, play.main_files
    return some


def _until_the_vote(play: Play) -> dict[str, str]:
    opening.open_technical(play)
    drawing.draw(play)
    evaluating.evaluate(play)
    award.publish_candidates(play)
    lines = award.ballots(play)
    together(lines[:-2])
    return {line[0].part.login: "ballot" for line in lines[-2:]}


def _until_the_last_sheet(play: Play) -> dict[str, str]:
    opening.open_technical(play)
    drawing.draw(play)
    members = drawing.seated(play)
    evaluating.assemble(play, members)
    lines = evaluating.sheets(play, members)
    together(lines[:-1])
    return {lines[-1][0].part.login: "score"}


def _keep_keys(plays: Mapping[str, Play], folder: Path) -> None:
    """What a newcomer cannot make anew: the recovery keys of the sealed bids that are not open yet, and the officers' folders."""
    folder.mkdir(mode=0o700, exist_ok=True)
    for name in ("opening", "bidding"):
        for performer in plays[name].role("bidder"):
            made = performer.part.folder / f"sealed-{plays[name].number}-1" / "recovery.key"
            if made.exists():
                shutil.copy(made, folder / f"{performer.part.login}-{plays[name].number}.recovery.key")
    for performer in plays["opening"].role("officer"):
        kept = folder / performer.part.login
        shutil.rmtree(kept, ignore_errors=True)
        shutil.copytree(performer.part.folder / "officer", kept)
