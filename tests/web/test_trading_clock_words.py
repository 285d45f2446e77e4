"""The words of the statutory clock: a name for every period, anchor, direction and state, and all of them in English too."""

from __future__ import annotations

import re
from pathlib import Path

from babel.messages.pofile import read_po

from core.kernel.calendar import Unit
from trading.domain.clock import Direction
from trading.domain.periods import RULES, Anchor, By
from trading.domain.statutory import TermState
from trading.web import texts_clock as texts

ROOT = Path(__file__).parents[2]


def test_everything_has_its_name() -> None:
    assert texts.PERIODS.keys() == {row.what for row in RULES}
    assert texts.ANCHORS.keys() == set(Anchor) and texts.DIRECTIONS.keys() == set(Direction)
    assert texts.UNITS.keys() == set(Unit) and texts.TERM_STATES.keys() == set(TermState)


def test_an_act_that_comes_too_late_is_refused_in_words() -> None:
    windows = [row for row in RULES if row.direction in (Direction.AT_LEAST_BEFORE, Direction.UNTIL) or row.by is By.BIDDER]
    late = {f"period.{row.what}.too_late" for row in windows if row.code != "T1"}
    assert late <= texts.SENTENCES.keys()


def test_every_word_stands_in_the_english_catalogue() -> None:
    source = (ROOT / "trading/web/texts_clock.py").read_text(encoding="utf-8")
    said = set(re.findall(r'_l\(\s*"((?:[^"\\]|\\.)*)"', source))
    with (ROOT / "trading/translations/en_clock.po").open("rb") as file:
        known = {str(message.id) for message in read_po(file, locale="en") if message.string}
    assert len(said) > 90 and said - known == {"进行中"}  # which the desk has said before
