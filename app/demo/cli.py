"""`gongheng demo`: plays one whole tender and proves afterwards that it went as it should."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import click


@click.command("demo", short_help="play one whole tender")
@click.option("--case", "named", default="008", show_default=True, help="case file, or the name of one that comes along (008, small)")
@click.option("--seed", type=int, default=8, show_default=True, help="other documents")
@click.option("--until", default="", help="last step to play: register, notice, deposits, seal, opening, draw, evaluation, …")
@click.option(
    "--data-dir", type=click.Path(path_type=Path), default=Path("var"), envvar="GONGHENG_DATA_DIR", help="folder for everything it leaves"
)
@click.option("--lang", type=click.Choice(("zh", "en")), default="zh", show_default=True, help="language of the lines")
@click.option("--kills", type=int, default=0, help="kill the server this many times at random moments, and start it again")
@click.option("--load", is_flag=True, help="play lots half way into the database of GONGHENG_DATA_DIR, once, and print the accounts")
def demo(named: str, seed: int, until: str, data_dir: Path, lang: str, kills: int, load: bool) -> None:  # noqa: PLR0917 - the options
    """Start a server with an empty database on a free port and play one tender through it, each person a process of their own.

    Exit 0 only if every step held and `gongheng verify` accepts the evidence package.
    """
    from app.demo.case import CaseUnfit, find, read
    from app.demo.load import load_into
    from app.demo.show import Wish, perform

    try:
        case = read(find(named))
    except CaseUnfit as fault:
        click.echo(str(fault), err=True)
        sys.exit(2)
    began = time.monotonic()
    try:
        if load:
            load_into(data_dir.resolve(), lang == "en", click.echo)
            return
        perform(Wish(case, data_dir.resolve(), seed, until, lang == "en", kills), click.echo)
    except Exception as fault:
        click.echo(f"演示中断 · the demonstration stopped: {type(fault).__name__}: {fault}", err=True)
        sys.exit(1)
    spent = time.monotonic() - began
    click.echo(f"全部成立，用时 {spent:.1f} 秒" if lang == "zh" else f"everything held, {spent:.1f} s")
