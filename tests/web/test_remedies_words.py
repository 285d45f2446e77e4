"""The words of objections and complaints: every refusal has its sentence, each sentence its English, no regime the other's."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path

from babel.messages.pofile import read_po
from jinja2.ext import babel_extract

from tests.web.test_opening_words import RAISED, english
from trading.domain import complaint, objection
from trading.domain.clock import LegalRegime
from trading.domain.complaint import MATTERS, ComplaintState, Ground, Outcome
from trading.domain.objection import ObjectionState
from trading.domain.remedy import STAGES, Capacity
from trading.web import texts
from trading.web import texts_remedies as words

ROOT = Path(__file__).resolve().parents[2]
NAMES = ("remedy", "objection", "complaint", "objections", "complaints", "complaint_handling", "remedy_facts", "remedies", "lot", "closing")
SOURCES = [
    path for room in ("domain", "services", "queries") for name in NAMES if (path := ROOT / "trading" / room / f"{name}.py").exists()
]
TEMPLATES = sorted((ROOT / "trading/templates/trading").glob("*remedies*.html"))
ELSEWHERE = {"act.step_up"}


def test_every_refusal_has_its_sentence() -> None:
    raised = {code for path in SOURCES for code in RAISED.findall(path.read_text(encoding="utf-8"))}
    assert len(raised) > 40
    assert raised - set(texts.SENTENCES) <= ELSEWHERE


def test_every_move_that_people_make_has_sentences_for_the_wrong_person_and_the_wrong_moment() -> None:
    for moves in (objection.MOVES, complaint.MOVES):
        rows = [row for row in moves if any(role.value != "system" for role in row.who)]
        for row, why in product(rows, ("not_allowed", "wrong_state")):
            assert f"{moves.name}.{row.action.value}.{why}" in texts.SENTENCES


def test_every_state_stage_matter_and_outcome_has_its_name() -> None:
    assert set(words.OBJECTION_STATES) == set(ObjectionState) and set(words.COMPLAINT_STATES) == set(ComplaintState)
    assert set(words.STAGES) == set(words.LAWS) == {(regime, stage) for regime, stages in STAGES.items() for stage in stages}
    assert set(words.MATTERS) == {(regime, matter) for regime, matters in MATTERS.items() for matter in matters}
    assert set(words.CAPACITIES) == set(Capacity)
    assert set(words.GROUNDS) == set(Ground) and set(words.OUTCOMES) == set(Outcome)


def test_the_words_of_the_two_families_are_never_mixed() -> None:
    for table in (words.STAGES, words.LAWS, words.MATTERS, words.NOUNS, words.ACTS, words.ANSWERS, words.ANSWER_LAWS, words.COMPLAINT_LAWS):
        for key, said in table.items():
            regime = key[0] if isinstance(key, tuple) else key
            foreign = ("质疑", "采购", "供应商") if regime is LegalRegime.CONSTRUCTION else ("异议", "招标人", "投标人")
            assert not [word for word in foreign if word in str(said)], said


def test_everything_said_is_said_in_english_too() -> None:
    source = (ROOT / "trading/web/texts_remedies.py").read_text(encoding="utf-8")
    said = set(re.findall(r'_l\(\s*"((?:[^"\\]|\\.)*)"\s*\)', source))
    for path in TEMPLATES:
        with path.open("rb") as template:
            for _, _, found, _ in babel_extract(template, ["_"], [], {"trimmed": "true"}):
                said.add(found[0] if isinstance(found, tuple) else found)
    assert len(said) > 150
    assert said - english() == set()


def test_gaps_are_the_same_in_both_languages() -> None:
    with (ROOT / "trading/translations/en_remedies.po").open("rb") as source:
        for message in read_po(source, locale="en"):
            gaps = [sorted(re.findall(r"%\(\w+\)s", str(text))) for text in (message.id, message.string)]
            assert not message.id or gaps[0] == gaps[1], message.id
