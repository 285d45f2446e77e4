"""The words of collusion cards: every signal, strength, state, question and refusal has its own."""

from __future__ import annotations

from core.kernel.roles import Role
from evaluation.web import texts_collusion as texts
from trading.domain.collusion.card import INNOCENT, Signal, Strength
from trading.domain.collusion.life import MOVES, CardAction, CardState
from trading.domain.collusion.metadata import FIELDS
from trading.domain.collusion.particulars import FINGERPRINTS


def test_everything_that_a_card_can_say_has_its_words():
    assert set(texts.SIGNALS) == set(texts.COMPUTED) == set(Signal)
    assert set(texts.STRENGTHS) == set(texts.TONES) == set(Strength)
    assert set(texts.STATES) == set(CardState) and set(texts.DECISIONS) == set(CardAction)
    assert {code for codes in INNOCENT.values() for code in codes} == set(texts.INNOCENT)
    assert set(FINGERPRINTS) | set(FIELDS.values()) <= set(texts.FIELDS)
    assert {role for row in MOVES for role in row.who} == set(texts.DECIDERS) == {Role.EXPERT, Role.SUPERVISOR}


def test_every_decision_has_sentences_for_the_wrong_person_and_the_wrong_moment():
    for row in MOVES:
        for refusal in ("not_allowed", "wrong_state"):
            assert f"{MOVES.name}.{row.action.value}.{refusal}" in texts.SENTENCES
