"""The words of deposits: every refusal has its sentence, every word its English."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from core.web.texts import BY_SUFFIX
from deposits.domain.deposit import DepositState
from deposits.domain.ledger import EntryKind
from deposits.domain.letter import STEPS as LETTERS
from deposits.domain.letter import Step
from deposits.domain.matching import GOES_BACK, Outcome
from deposits.domain.order_letter import WORDS as ORDER_LETTERS
from deposits.domain.refund import RefundReason, RefundState
from deposits.domain.terms import Form
from deposits.queries.requirements import WAIVED
from deposits.web.texts import OUTCOMES, REASONS, REFUND_STATES, SENTENCES, STATES
from deposits.web.texts_letters import HAPPENED, STEPS
from deposits.web.texts_passbooks import BOOKINGS
from deposits.web.texts_terms import FORMS

ROOT = Path(__file__).resolve().parents[2]
RAISED = re.compile(r'(?:RuleBroken|WrongState|NotAllowed|NotFound)\(\s*f?"([a-z_.]+)"')
SOURCES = [path for room in ("domain", "services", "queries") for path in (ROOT / "deposits" / room).glob("*.py")]
TEMPLATES = sorted((ROOT / "deposits" / "templates").rglob("*.html"))
TEXTS = "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "deposits" / "web").glob("texts*.py")))


def english() -> set[str]:
    files = [file for house in ("app", "core/identity", "core/web", "deposits") for file in (ROOT / house / "translations").glob("en*.po")]
    return {str(message.id) for file in files for message in read_po(file.open("rb"), locale="en") if message.string}


def test_every_refusal_has_its_sentence() -> None:
    raised = {code for path in SOURCES for code in RAISED.findall(path.read_text(encoding="utf-8"))}
    assert not {code for code in raised - SENTENCES.keys() if code.rpartition(".")[2] not in BY_SUFFIX}


def test_every_state_outcome_and_reason_has_a_name() -> None:
    assert STATES.keys() == {state.value for state in DepositState} | {"", WAIVED}
    assert REFUND_STATES.keys() == {state.value for state in RefundState}
    assert REASONS.keys() == {reason.value for reason in RefundReason}
    assert OUTCOMES.keys() == {outcome.value for outcome in GOES_BACK | {Outcome.MATCHED, Outcome.SHORT, Outcome.OVER}}


def test_everything_that_is_booked_and_every_form_and_step_has_a_name() -> None:
    assert BOOKINGS.keys() == {kind.value for kind in EntryKind}
    assert FORMS.keys() == {form.value for form in Form}
    assert HAPPENED.keys() == {outcome.value for outcome in LETTERS}
    assert STEPS.keys() == {step.value for step in Step}
    words = {outcome.value for outcome in LETTERS} | ORDER_LETTERS
    assert {f"message.deposit.{word}{end}" for word in words for end in ("", ".todo")} <= SENTENCES.keys()


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_all_words_of_a_template_stand_in_the_english_catalogues(path: Path) -> None:
    words = re.findall(r"_\('((?:[^'\\]|\\.)*)'", path.read_text(encoding="utf-8"))
    known = english()
    assert words
    assert [word for word in words if word not in known] == []


def test_every_sentence_stands_in_the_english_catalogue() -> None:
    known = english()
    assert [words for words in re.findall(r'_l\("((?:[^"\\]|\\.)*)"\)', TEXTS) if words not in known] == []
