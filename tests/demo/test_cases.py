"""Case files and documents of the demonstration."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pypdfium2
import pytest

from app.demo.case import CASES, CaseUnfit, find, read
from app.demo.documents import Workshop
from core.identity.domain.organisation import social_credit_code
from core.kernel.parsing.parse import parse
from evaluation.domain.methods import evaluate, parse_case, to_json


@pytest.mark.parametrize("name", ["008", "small"])
def test_the_cases_that_come_along_can_be_read(name: str) -> None:
    case = read(find(name))
    assert [bid["org"] for bid in case.bids] == list("ABCDEFG")
    assert all(social_credit_code(org["uscc"]) == org["uscc"] for org in case.organisations.values())
    assert sum(site["seats"] for site in case.sites) == sum(stratum["quota"] for stratum in case.draw["strata"]) == 7
    assert all(len(marks) == 7 for marks in case.marks.values()) and len(case.ballots) == case.award_plan["members"]


def test_the_full_case_has_what_the_demonstration_promises() -> None:
    bids = {bid["org"]: bid for bid in read(find("008")).bids}
    assert bids["A"]["attachment_mib"] == 200 and bids["A"]["pages"]["technical"] == 200
    assert min(pages for bid in bids.values() for pages in bid["pages"].values()) >= 20
    assert [letter for letter, bid in bids.items() if bid.get("sealed_with")] == ["A", "D"]
    assert [letter for letter, bid in bids.items() if bid.get("withdraws")] == ["G"]
    assert [letter for letter, bid in bids.items() if bid.get("guarantee")] == ["D"]
    assert [letter for letter, bid in bids.items() if bid.get("stays_away")] == ["F"]


def test_the_marks_and_prices_give_the_published_outcome() -> None:
    """As a scoring case of its own: what the play compares with is right by the arithmetic alone."""
    case = read(find("008"))
    standing = [bid for bid in case.bids if bid["org"] in case.marks]
    document = {
        **case.document["method"],
        "case": "008",
        "reference_price": case.document["reference_price"],
        "bids": [{"id": bid["org"], "price": bid["price"]} for bid in standing],
        "sheets": [
            {"expert": f"E{seat + 1}", "bid": letter, "scores": scores}
            for letter, seats in case.marks.items()
            for seat, scores in enumerate(seats)
        ],
    }
    result = json.loads(json.dumps(to_json(evaluate(parse_case(document)))))
    published = case.expected["published"]
    assert Decimal(result["benchmark"]) == Decimal(published["benchmark"])
    assert result["candidates"][0] == published["winner"]
    assert [one["bid"] for one in result["rejected"]] == published["failed"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"format": "gongheng/case/v2"}, "format"),
        ({"bids": None}, "bids missing"),
        ({"marks": {}}, "marks"),
        ({"ballots": [{}] * 99}, "ballots"),
        ({"organisations": {}}, "organisations"),
    ],
)
def test_a_file_that_cannot_be_played_is_named_with_its_fault(tmp_path: Path, change: dict[str, object], said: str) -> None:
    content = json.loads((CASES / "small.json").read_text("utf-8")) | change
    content = {name: value for name, value in content.items() if value is not None}
    file = tmp_path / "case.json"
    file.write_text(json.dumps(content), "utf-8")
    with pytest.raises(CaseUnfit, match=said):
        read(file)


def test_documents_have_their_pages_and_are_told_apart_by_what_is_in_them(tmp_path: Path) -> None:
    workshop = Workshop(tmp_path / "out", tmp_path / "cache", seed=1)
    one, other = workshop.pdf("a.pdf", "施工组织设计", 3, "A 1"), workshop.pdf("b.pdf", "施工组织设计", 3, "B 1")
    assert one.read_bytes() != other.read_bytes() and len(list((tmp_path / "cache").iterdir())) == 1
    assert len(pypdfium2.PdfDocument(one.read_bytes())) == 3
    assert one.read_bytes() == Workshop(tmp_path / "again", tmp_path / "cache", seed=1).pdf("a.pdf", "施工组织设计", 3, "A 1").read_bytes()
    assert parse(one, "a.pdf").oddities == ()  # experts open it in the browser
