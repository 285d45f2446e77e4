"""`gongheng draw`: recompute an expert draw from its published parts."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable

import click

from app.cli_input import UNREADABLE, complaint, fault_text, load, one_line
from app.cli_text import table
from core.kernel.document import DocumentFault, member
from core.kernel.draw import Draw, Drawn, Look, Verdict, parse_draw, replay
from core.kernel.draw_steps import Ticket, Walk, steps
from evaluation.domain.methods.wording import Lang

Say = Callable[..., str]

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
    "slips": ("一、承诺与揭示", "1. Commitments and reveals"),
    "party": ("参与方", "party"),
    "commit": ("承诺", "commitment"),
    "value": ("揭示的数值", "revealed value"),
    "computed": ("由数值算出的承诺", "commitment computed from the value"),
    "request": (
        "二、抽取条件：共 {pool} 人，应回避 {recused} 人，同单位最多 {cap} 人（0 为不限）",
        "2. Request: {pool} in the pool, {recused} recused, at most {cap} of one employer (0: any number)",
    ),
    "from": ("三、种子由项目、抽取编号、条件摘要和各方数值算出", "3. The seed follows from case, draw, pool hash and every party's value"),
    "walk": ("四、{stratum}：{quota} 人，按签号从小到大", "4. {stratum}: {quota} seats, from the smallest ticket up"),
    "others": ("其后还有 {count} 人", "{count} more follow"),
    "place": ("序", "no."),
    "id": ("化名", "pseudonym"),
    "ticket": ("签号", "ticket"),
    "org": ("单位化名", "employer"),
    "result": ("结果", "outcome"),
    "seated": ("入选", "seated"),
    "recused": ("应回避，跳过", "recused, passed over"),
    "left": ("抽取后已退出，跳过", "left after the draw, passed over"),
    "elsewhere": ("已在其他专业入选，跳过", "seated in another stratum, passed over"),
    "cap": ("同单位已满，跳过", "employer full, passed over"),
    "waits": ("候补", "in reserve"),
    "after": ("（递补 {who}）", " (follows {who})"),
    "result_title": ("五、结果", "5. Result"),
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
    """Every step with what goes into it, then the committee and its reserves, a line per stratum."""

    def say(key: str, **facts: object) -> str:
        return TEXT[key][lang == "en"].format_map(facts)

    made = steps(record)
    standing = say("differ", parties=", ".join(map(one_line, drawn.mismatched))) if drawn.mismatched else say("match")
    rows = [
        [one_line(stratum), one_line(", ".join(picked)), one_line(", ".join(drawn.reserves[stratum])) or "—"]
        for stratum, picked in drawn.picked.items()
    ]
    return "\n".join(
        [
            one_line(f"{record.case} {record.draw}"),
            say("slips"),
            table(
                [say("party"), say("commit"), say("value"), say("computed")],
                [[one_line(one.party), one.commit, one.value, one.computed] for one in made.slips],
            ),
            standing,
            say("request", pool=made.pool, recused=made.recused, cap=made.org_cap),
            f"{say('pool_hash')}  {drawn.pool_hash.hex()}",
            say("from"),
            f"{say('seed')}  {drawn.seed.hex()}",
            *(_walk(walk, say) for walk in made.walks),
            say("result_title"),
            table([say("stratum"), say("picked"), say("reserves")], rows),
        ]
    )


def _walk(walk: Walk, say: Say) -> str:
    """A stratum's first tickets, and what became of each."""
    rows = [
        [str(one.place), one_line(one.expert), one.ticket[:16], one_line(one.org) or "—", one_line(_outcome(one, say))]
        for one in walk.tickets
    ]
    head = say("walk", stratum=one_line(walk.stratum), quota=walk.quota)
    more = [say("others", count=walk.others)] if walk.others else []
    return "\n".join([head, table([say(name) for name in ("place", "id", "ticket", "org", "result")], rows), *more])


def _outcome(one: Ticket, say: Say) -> str:
    def told(look: Look) -> str:
        return say(look.verdict.value) + (say("after", who=look.after) if look.after and look.verdict is Verdict.SEATED else "")

    return " → ".join(told(look) for look in one.looks) or say("waits")
