"""`gongheng draw`: recompute an expert draw from its published parts."""

from __future__ import annotations

import json
import sys

import click

from app.cli_input import UNREADABLE, complaint, fault_text, load, one_line
from app.cli_text import table
from core.kernel.document import DocumentFault, member
from core.kernel.draw import Draw, Drawn, parse_draw, replay
from evaluation.domain.methods.wording import Lang

DOES_NOT_HOLD = 1
"""Exit code when a reveal is not what was committed to."""

WORDS: dict[str, tuple[str, str]] = {
    "parties_differ": ("参与方 {party} 只在承诺或只在揭示中出现", "party {party} stands in only one of commits and reveals"),
    "no_party": ("没有任何参与方", "there is no party"),
    "not_hex": ("这里应当是 64 位小写十六进制数字", "64 lower-case hex digits are expected here"),
    "too_few_fit": ("{stratum} 中符合条件的专家少于名额", "stratum {stratum} has fewer fitting experts than seats"),
    "not_canonical": ("抽取条件没有规范形式（{why}）", "the request has no canonical form ({why})"),
    "mismatch": ("{party} 揭示的数值与其承诺不符", "what {party} revealed is not what it committed to"),
}
TEXT: dict[str, tuple[str, str]] = {
    "pool_hash": ("抽取条件摘要", "pool hash"),
    "seed": ("种子", "seed"),
    "match": ("各方揭示均与承诺一致", "every reveal matches its commit"),
    "differ": ("揭示与承诺不符：{parties}", "reveals that differ from their commits: {parties}"),
    "stratum": ("专业", "stratum"),
    "picked": ("抽中", "picked"),
    "reserves": ("备选，按签号排列", "reserves in ticket order"),
}


@click.group("draw", short_help="expert draws")
def draw() -> None:
    """Expert draws that anyone can recompute."""


@draw.command("replay", short_help="recompute a draw from its published parts")
@click.argument("draw_file", metavar="DRAW.json", type=click.Path())
@click.option("--json", "as_json", is_flag=True, help="print the result as one JSON object")
@click.option("--lang", type=click.Choice(("zh", "en")), default="zh", show_default=True, help="language of the sentences")
def replay_command(draw_file: str, as_json: bool, lang: Lang) -> None:
    """Recompute DRAW.json; exit 1 when a reveal does not match its commit, 2 when the file is no draw that can be recomputed."""
    try:
        record = parse_draw(load(draw_file))
        drawn = replay(record)
    except DocumentFault as fault:
        click.echo(complaint(draw_file, fault.path, fault_text(fault, WORDS, lang)), err=True)
        sys.exit(UNREADABLE)
    click.echo((json.dumps(drawn.to_json(), ensure_ascii=False, indent=2) if as_json else _report(record, drawn, lang)).encode())
    if drawn.mismatched:
        for party in drawn.mismatched:
            reason = WORDS["mismatch"][lang == "en"].format(party=party)
            click.echo(complaint(draw_file, member("$.reveals", party), reason), err=True)
        sys.exit(DOES_NOT_HOLD)


def _report(record: Draw, drawn: Drawn, lang: Lang) -> str:
    """The committee and its reserves, a line per stratum."""

    def say(key: str, **facts: str) -> str:
        return TEXT[key][lang == "en"].format_map(facts)

    standing = say("differ", parties=", ".join(map(one_line, drawn.mismatched))) if drawn.mismatched else say("match")
    rows = [
        [one_line(stratum), one_line(", ".join(picked)), one_line(", ".join(drawn.reserves[stratum])) or "—"]
        for stratum, picked in drawn.picked.items()
    ]
    return "\n".join(
        [
            one_line(f"{record.case} {record.draw}"),
            f"{say('pool_hash')}  {drawn.pool_hash.hex()}",
            f"{say('seed')}  {drawn.seed.hex()}",
            standing,
            table([say("stratum"), say("picked"), say("reserves")], rows),
        ]
    )
