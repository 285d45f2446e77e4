"""Every refusal that a person can meet has its sentence, and every sentence and label its English."""

from __future__ import annotations

import re
from pathlib import Path

from babel.messages.pofile import read_po

from core.kernel.roles import Role
from evaluation.domain import award_session, draw, expert, room, specialty
from evaluation.domain.preliminary import CHECKS, CONFORMITY
from evaluation.domain.rejection import GROUNDS, STAYS, Competition
from evaluation.web import texts, texts_pool, texts_reviews

ROOT = Path(__file__).resolve().parents[2] / "evaluation"


def test_every_action_of_a_person_has_its_two_refusals() -> None:
    missing = []
    for table in (draw.MOVES, room.MOVES, award_session.MOVES, expert.MOVES):
        for row in table:
            if row.who != {Role.SYSTEM}:
                codes = {f"{table.name}.{row.action.value}.{kind}" for kind in ("not_allowed", "wrong_state")}
                missing += sorted(codes - set(texts.SENTENCES))
    assert not missing


def test_every_state_and_check_has_its_name() -> None:
    assert set(texts.ROOM_STATES) == {state.value for state in room.State}
    assert set(texts.DRAW_STATES) == {state.value for state in draw.State}
    assert set(texts.AWARD_STATES) == {state.value for state in award_session.State}
    both = (*CHECKS, *CONFORMITY)
    assert set(texts.CHECKS) == {check.id for check in both} and set(texts.CHECK_GROUPS) == {check.group for check in both}


def test_every_ground_and_outcome_of_a_vote_has_its_name_on_the_page_and_in_the_report() -> None:
    grounds = {ground.id for listed in GROUNDS.values() for ground in listed} | {STAYS}
    assert set(texts_reviews.GROUNDS) == grounds and set(texts_reviews.COMPETITIONS) == set(Competition)
    paper = (ROOT / "templates" / "pdf" / "report.typ").read_text(encoding="utf-8")
    assert not [ground for ground in grounds if f'  {ground}: "{texts_reviews.GROUNDS[ground]}"' not in paper]


def test_every_word_of_the_pool_has_its_name() -> None:
    named = {
        "EXPERT_STATES": expert.ExpertState,
        "BARS": expert.Bar,
        "GROUNDS": expert.Ground,
        "PURPOSES": expert.Purpose,
        "RECOGNISED": expert.Recognised,
        "BRANCHES": specialty.Branch,
    }
    assert all(set(getattr(texts_pool, name)) == {one.value for one in kind} for name, kind in named.items())
    assert set(texts_pool.SPECIALTIES) == set(specialty.CATALOGUE)


def test_every_sentence_and_label_stands_in_english_too() -> None:
    english = set()
    for catalogue in sorted((ROOT / "translations").glob("en*.po")):
        with catalogue.open("rb") as source:
            english |= {message.id for message in read_po(source, locale="en") if message.string}
    said = set()
    for module in sorted((ROOT / "web").glob("texts*.py")):
        said |= set(re.findall(r'_l\(\s*"((?:[^"\\]|\\.)*)"\s*\)', module.read_text(encoding="utf-8")))
    for page in (ROOT / "templates" / "evaluation").glob("*.html"):
        said |= set(re.findall(r"_\('((?:[^'\\]|\\.)*)'", page.read_text(encoding="utf-8")))
    assert not said - english
