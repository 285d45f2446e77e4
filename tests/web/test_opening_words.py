"""The words of bids and openings: every refusal has its sentence, every sentence and template its English."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from jinja2.ext import babel_extract

from core.kernel.parsing.parsed import Oddity
from trading.domain.bid import ENVELOPE_MOVES, BidState, EnvelopeState
from trading.domain.bid import MOVES as BID_MOVES
from trading.domain.coefficient import MOVES as COEFFICIENT_MOVES
from trading.domain.lots_drawn import DrawState
from trading.domain.opening import MOVES as OPENING_MOVES
from trading.domain.opening import Key, OpeningState
from trading.web import texts as trading_texts
from trading.web import texts_hall
from trading.web import texts_opening as texts

ROOT = Path(__file__).resolve().parents[2]
RAISED = re.compile(r'(?:RuleBroken|WrongState|NotAllowed|NotFound|Stale|BadSignature)\(\s*f?"([a-z_.]+)"')
ROOMS = {
    "domain": ("bid", "opening", "coefficient"),
    "services": ("bids", "openings", "halls", "releases", "decryption", "coefficients"),
    "queries": ("bids", "openings", "opened", "receipts", "lot_files", "release_requests", "coefficients", "parsed"),
}
SOURCES = [ROOT / "trading" / room / f"{name}.py" for room, names in ROOMS.items() for name in names]
TEMPLATES = sorted((ROOT / "trading/templates/trading").glob("bid*.html")) + sorted(
    (ROOT / "trading/templates/trading").glob("opening*.html")
)
ELSEWHERE = {"body.malformed", "act.step_up"}  # whose sentences stand with their own package


def english() -> set[str]:
    """What has an English translation."""
    files = [file for house in ("app", "core/web", "core/identity", "trading") for file in (ROOT / house / "translations").glob("en*.po")]
    return {str(message.id) for file in files for message in read_po(file.open("rb"), locale="en") if message.string}


def test_every_refusal_of_bids_and_openings_has_its_sentence() -> None:
    raised = {code for path in SOURCES for code in RAISED.findall(path.read_text(encoding="utf-8"))}
    assert raised - set(trading_texts.SENTENCES) - set(texts.REASONS) <= ELSEWHERE


@pytest.mark.parametrize("moves", [BID_MOVES, OPENING_MOVES, COEFFICIENT_MOVES], ids=["bid", "opening", "coefficient"])
def test_every_move_that_people_make_has_sentences_for_the_wrong_person_and_the_wrong_moment(moves: object) -> None:
    rows = [row for row in moves if any(role.value != "system" for role in row.who)]  # type: ignore[attr-defined]
    for row in rows:
        for refusal in ("not_allowed", "wrong_state"):
            assert f"{moves.name}.{row.action.value}.{refusal}" in trading_texts.SENTENCES  # type: ignore[attr-defined]


def test_every_state_has_its_name() -> None:
    assert set(texts.BID_STATES) == set(BidState) and set(texts.ENVELOPE_STATES) == set(EnvelopeState)
    assert set(texts.OPENING_STATES) == set(OpeningState) and set(texts.KEYS) == set(Key)
    assert ENVELOPE_MOVES.name == "envelope"
    assert set(texts_hall.DRAW_STATES) == set(DrawState) and set(texts_hall.ODDITIES) == set(Oddity)


def test_everything_said_is_said_in_english_too() -> None:
    words = "".join((ROOT / f"trading/web/{name}.py").read_text(encoding="utf-8") for name in ("texts_opening", "texts_hall"))
    said = set(re.findall(r'_l\("((?:[^"\\]|\\.)*)"\)', words))
    for path in TEMPLATES:
        with path.open("rb") as source:
            for _, _, words, _ in babel_extract(source, ["_"], [], {"trimmed": "true"}):
                said.add(words[0] if isinstance(words, tuple) else words)
    assert said - english() == set()


@pytest.mark.parametrize("catalogue", ["en_opening", "en_hall"])
def test_gaps_are_the_same_in_both_languages(catalogue: str) -> None:
    with (ROOT / f"trading/translations/{catalogue}.po").open("rb") as source:
        for message in read_po(source, locale="en"):
            gaps = [sorted(re.findall(r"%\(\w+\)s", str(text))) for text in (message.id, message.string)]
            assert not message.id or gaps[0] == gaps[1], message.id
