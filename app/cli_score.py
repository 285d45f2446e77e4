"""`gongheng score`: the evaluation arithmetic, offline, on a scoring case."""

from __future__ import annotations

import json
import sys

import click

from app.cli_input import UNREADABLE, complaint, fault_text, load, one_line
from app.cli_text import table
from core.kernel.document import DocumentFault
from evaluation.domain.methods import Evaluation, Row, evaluate, parse_case, to_json
from evaluation.domain.methods.figures import Figure
from evaluation.domain.methods.wording import Lang

HEAD: dict[Lang, tuple[str, ...]] = {
    "zh": ("名次", "投标", "评标价", "合同价", "偏差率%", "价格分", "总得分"),
    "en": ("rank", "bid", "evaluated", "contract", "deviation %", "price score", "total"),
}
WORDS: dict[str, tuple[str, str]] = {
    "benchmark": ("评标基准价：{benchmark}", "Benchmark: {benchmark}"),
    "rejected": ("否决：{bid}（{why}）", "Rejected: {bid} ({why})"),
    "candidates": ("候选人：{bids}", "Candidates: {bids}"),
    "steps": ("计算过程", "Worked calculation"),
    "joint": ("并列", "="),
}


@click.command("score", short_help="compute a scoring case offline")
@click.argument("case_file", metavar="CASE.json", type=click.Path())
@click.option("--json", "as_json", is_flag=True, help="print the result as one JSON object")
@click.option("--lang", type=click.Choice(("zh", "en")), default="zh", show_default=True, help="language of the steps and sentences")
def score(case_file: str, as_json: bool, lang: Lang) -> None:
    """Compute benchmark, scores, totals and ranks of CASE.json with every step shown; exit 2 when the file is no scoring case."""
    try:
        evaluation = evaluate(parse_case(load(case_file)))
    except DocumentFault as fault:
        click.echo(complaint(case_file, fault.path, fault_text(fault, {}, lang)), err=True)
        sys.exit(UNREADABLE)
    if as_json:
        click.echo(json.dumps(to_json(evaluation, lang), ensure_ascii=False, indent=2).encode())
    else:
        click.echo(_report(evaluation, lang).encode())


def _report(evaluation: Evaluation, lang: Lang) -> str:
    """The result as a table with the worked steps below it."""

    def say(key: str, **facts: str) -> str:
        return WORDS[key][lang == "en"].format_map({name: one_line(fact) for name, fact in facts.items()})

    lines = [say("benchmark", benchmark=evaluation.benchmark.text)] if evaluation.benchmark is not None else []
    criteria = list(evaluation.rows[0].criteria or {})
    head = (*HEAD[lang], *(one_line(name) for name in criteria))
    lines.append(table(head, [_cells(row, criteria, say("joint")) for row in evaluation.rows]))
    lines += [say("rejected", bid=one.bid, why=one.code) for one in evaluation.rejected]
    lines.append(say("candidates", bids=", ".join(evaluation.candidates) or "—"))
    lines += ["", say("steps")]
    lines += [f"{number:>4}  {one_line(step.text(lang))}" for number, step in enumerate(evaluation.steps, 1)]
    return "\n".join(lines)


def _cells(row: Row, criteria: list[str], joint: str) -> tuple[str, ...]:
    marks = row.criteria or {}
    figures = (row.evaluated_price, row.contract_price, row.deviation_percent, row.price_score, row.total)
    rank = f"{row.rank} {joint}" if row.joint else str(row.rank)
    return (rank, one_line(row.bid), *map(_text, figures), *(_text(marks[name]) for name in criteria))


def _text(figure: Figure | None) -> str:
    return "—" if figure is None else figure.text
