"""Marks of blind bids: each is found where it stands, a clean paper has none, and what the tender document allows is no mark."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.kernel.blind import BlindRules, Mark, MarkKind, marks_of, name_marks, words_of
from core.kernel.parsing.paper import Unreadable, look_at
from tests.builders.blind_papers import FIRM, MARKED, USCC, clean

RULES = BlindRules(fonts=("宋体",))
WORDS = words_of(FIRM, USCC)


def marks(paper: bytes, folder: Path, rules: BlindRules = RULES) -> list[Mark]:
    file = folder / "a.pdf"
    file.write_bytes(paper)
    return marks_of(look_at(file), rules, WORDS)


def test_a_clean_paper_has_no_mark(tmp_path: Path) -> None:
    assert marks(clean(), tmp_path) == []


@pytest.mark.parametrize("carries", MARKED)
def test_each_mark_is_found_on_its_pages_and_no_other(carries: str, tmp_path: Path) -> None:
    kind, pages, make = MARKED[carries]
    assert [(mark.kind, mark.pages) for mark in marks(make(), tmp_path)] == [(kind, pages)]


@pytest.mark.parametrize(
    ("carries", "allowed"),
    [
        ("a bookmark", BlindRules(("宋体",), bookmarks=True)),
        ("a header", BlindRules(("宋体",), headers=True)),
        ("page numbers", BlindRules(("宋体",), page_numbers=True)),
        ("a picture", BlindRules(("宋体",), images=True)),
        ("coloured text", BlindRules(("宋体",), colour=True)),
        ("another face", BlindRules(("宋体", "黑体"))),
        ("another face", BlindRules()),
    ],
)
def test_what_the_tender_document_allows_is_no_mark(carries: str, allowed: BlindRules, tmp_path: Path) -> None:
    assert marks(MARKED[carries][2](), tmp_path, allowed) == []


def test_a_file_name_that_names_the_firm_and_a_file_that_is_no_pdf_are_told() -> None:
    assert name_marks("施工组织设计.pdf", WORDS) == []
    found = [mark.kind for mark in name_marks("华建工程技术标.docx", WORDS)]
    assert found == [MarkKind.FILE_NAME, MarkKind.NOT_PDF]


def test_a_firm_is_known_by_its_name_without_the_legal_form() -> None:
    assert words_of(FIRM, USCC) == ("华建工程", USCC)
    assert words_of("大有公司") == ("大有公司",)


def test_a_damaged_file_is_told_rather_than_passed(tmp_path: Path) -> None:
    file = tmp_path / "a.pdf"
    file.write_bytes(b"%PDF-1.7 nothing")
    with pytest.raises(Unreadable):
        look_at(file)
