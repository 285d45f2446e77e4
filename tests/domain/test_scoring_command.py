"""`gongheng score` and `gongheng draw replay`: output, exit codes and the one line on standard error."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from app import cli_input
from app.cli_draw import WORDS, draw
from app.cli_score import score
from app.cli_text import cells, table
from evaluation.domain.methods.wording import FAULTS
from tests.builders.scoring import lowest_case, priced_case, result
from tests.domain.test_draw import REFUSED, TEN, record
from tests.domain.test_scoring_refusals import WHOLE


def ask(command: Any, *arguments: str) -> Result:
    return CliRunner().invoke(command, list(arguments))


def write(folder: Path, document: object, name: str = "case.json") -> str:
    path = folder / name
    path.write_text(document if isinstance(document, str) else json.dumps(document), "utf-8")
    return str(path)


def test_the_json_is_what_the_functions_give(tmp_path: Path) -> None:
    answer = ask(score, write(tmp_path, WHOLE), "--json")
    assert (answer.exit_code, answer.stderr) == (0, "")
    assert json.loads(answer.stdout) == result(WHOLE)


def test_the_text_shows_table_and_steps(tmp_path: Path) -> None:
    case = priced_case({"A": "100", "B": "100", "C": "300", "D": "900"}, price_ceiling="500")
    answer = ask(score, write(tmp_path, case))
    assert answer.exit_code == 0
    assert "1 并列" in answer.stdout and "否决：D（above_ceiling）" in answer.stdout and "计算过程" in answer.stdout
    english = ask(score, write(tmp_path, {**WHOLE, "price": {"kind": "none"}}), "--lang", "en").stdout
    assert "Worked calculation" in english and "Benchmark" not in english
    assert ask(score, write(tmp_path, lowest_case({"A": "1"}, candidates=0))).stdout.count("—") == 4


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("{", "$"),
        ("", "$"),
        ("\ufeff{}", "$"),
        ("[" * 100000, "$"),
        ('{"candidates": ' + "9" * 5000 + "}", "$"),
        ('{"candidates": 1e99999999999999999999}', "$"),
        ('{"method": "lowest_price", "method": "lowest_price"}', "$.method"),
        ('{"bids": [{"id": "A", "id": "B"}]}', "$.bids[0].id"),
        ('{"case": "\\ud800"}', "$.case"),
        ('{"\\ud800": 1}', "$"),
        ('{"method": 1.5}', "$.method"),
        ('{"method": NaN}', "$.method"),
        ('{"line\\nbreak": 1}', "$['line\\u000abreak']"),
    ],
)
def test_an_unreadable_file_costs_one_line_and_exit_code_2(tmp_path: Path, text: str, place: str) -> None:
    file = write(tmp_path, text)
    for lang in ("zh", "en"):
        answer = ask(score, file, "--json", "--lang", lang)
        assert (answer.exit_code, answer.stdout) == (2, "")
        assert answer.stderr.startswith(f"{file}: {place}: ")
        assert answer.stderr.count("\n") == 1 and answer.stderr.endswith("\n")


def test_a_fault_of_the_case_is_named_with_file_and_place(tmp_path: Path) -> None:
    case = copy.deepcopy(WHOLE)
    case["sheets"][0]["scores"]["tech"] = "99"
    file = write(tmp_path, case)
    assert ask(score, file).stderr == f"{file}: $.sheets[0].scores.tech: 得分 99 超出 0 至 40 的范围\n"
    assert ask(score, file, "--lang", "en").exit_code == 2


def test_a_file_that_is_missing_not_text_or_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for path in (tmp_path, tmp_path / "nowhere.json"):
        assert ask(score, str(path)).exit_code == 2
    (tmp_path / "latin").write_bytes(b'{"case": "\xe9"}')
    assert "UTF-8" in ask(score, str(tmp_path / "latin")).stderr
    monkeypatch.setattr(cli_input, "LARGEST", 5)
    assert "64 MiB" in ask(score, write(tmp_path, WHOLE)).stderr


def test_a_draw_is_replayed(tmp_path: Path) -> None:
    file = write(tmp_path, record(TEN, {"tech": 3, "econ": 1}))
    answer = ask(draw, "replay", file, "--json")
    assert (answer.exit_code, answer.stderr) == (0, "")
    drawn = json.loads(answer.stdout)
    assert drawn["commits_match"] is True and len(drawn["picked"]["tech"]) == 3
    text = ask(draw, "replay", file).stdout
    assert drawn["seed"] in text and "各方揭示均与承诺一致" in text


def test_a_false_reveal_prints_the_draw_names_the_party_and_exits_1(tmp_path: Path) -> None:
    document = record(TEN, {"tech": 10})
    document["reveals"]["supervisor"] = "04" * 32
    file = write(tmp_path, document)
    answer = ask(draw, "replay", file, "--json")
    assert answer.exit_code == 1
    assert json.loads(answer.stdout)["commits_match"] is False
    assert answer.stderr == f"{file}: $.reveals.supervisor: supervisor 揭示的数值与其承诺不符\n"
    assert "differ from their commits: supervisor" in ask(draw, "replay", file, "--lang", "en").stdout


def test_a_draw_that_cannot_be_recomputed_exits_2(tmp_path: Path) -> None:
    document = record(TEN, {"tech": 11})
    file = write(tmp_path, document)
    answer = ask(draw, "replay", file)
    assert (answer.exit_code, answer.stdout) == (2, "")
    assert answer.stderr == f"{file}: $.request.strata[0].quota: tech 中符合条件的专家少于名额\n"


def test_every_fault_of_a_draw_has_a_sentence() -> None:
    assert {code for _, _, _, code in REFUSED} <= set(WORDS) | set(FAULTS)


def test_the_draw_of_the_documentation_can_be_replayed(tmp_path: Path) -> None:
    text = (Path(__file__).parents[2] / "docs/formats/draw.md").read_text("utf-8")
    answer = ask(draw, "replay", write(tmp_path, text.split("```json\n")[1].split("```")[0]), "--json")
    assert (answer.exit_code, json.loads(answer.stdout)["picked"]) == (0, {"tech": ["E0001"]})


def test_a_table_is_aligned_by_terminal_cells() -> None:
    lines = table(["名次", "bid"], [["1", "甲方"], ["10", "B"]]).split("\n")
    assert cells("名次") == 4
    assert lines == ["名次  bid", "1     甲方", "10    B"]
