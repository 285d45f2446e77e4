"""The words of trading: every refusal has its sentence, every sentence and every template its English."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from core.identity.web import texts as identity_texts
from core.web.texts import BY_SUFFIX
from trading.domain.clock import RULES, Direction
from trading.domain.lot import LotAction, LotState
from trading.web import texts_opening
from trading.web.texts import LOT_ACTIONS, LOT_STATES, PLACES, SENTENCES

ROOT = Path(__file__).resolve().parents[2]
RAISED = re.compile(r'(?:RuleBroken|WrongState|NotAllowed|NotFound|Stale|BadSignature)\(\s*f?"([a-z_.]+)"')
SOURCES = [path for room in ("domain", "services", "queries") for path in (ROOT / "trading" / room).glob("*.py")]
HALF_WIDTH = re.compile(r"[\u4e00-\u9fff][,;:?()](?=[\u4e00-\u9fff])")


TEMPLATES = sorted(path for path in (ROOT / "trading" / "templates").rglob("*.html") if not path.name.startswith(("bid", "opening")))
TEXTS = (ROOT / "trading" / "web" / "texts.py").read_text(encoding="utf-8")
NOT_BEFORE = Direction.AT_LEAST_AFTER
OWN = ("project", "award_plan", "document", "method", "notice", "contract", "publicity")


def english(*houses: str) -> set[str]:
    """What has an English translation in these houses."""
    files = [file for house in houses for file in (ROOT / house / "translations").glob("en*.po")]
    return {str(message.id) for file in files for message in read_po(file.open("rb"), locale="en") if message.string}


def raised() -> set[str]:
    return {code for path in SOURCES for code in RAISED.findall(path.read_text(encoding="utf-8"))}


def test_every_refusal_of_trading_has_its_sentence() -> None:
    known = SENTENCES.keys() | identity_texts.SENTENCES.keys() | texts_opening.REASONS.keys()  # reasons stand on pages
    missing = {code for code in raised() - known if code.rpartition(".")[2] not in BY_SUFFIX}
    assert not missing
    periods = {f"period.{rule.what}.too_short" for rule in RULES if rule.direction is NOT_BEFORE and rule.what != "publicity"}
    assert periods <= SENTENCES.keys()  # how long a publicity runs is `notice.publicity_too_short`'s and `publicity.too_short`'s


def test_every_sentence_is_raised_somewhere() -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "trading").rglob("*.py") if path.name != "texts.py")
    assert [code for code in SENTENCES if code.split(".")[0] in OWN and f'"{code}"' not in source] == []


def test_every_state_has_a_name_and_every_step_with_a_page_a_label() -> None:
    assert LOT_STATES.keys() == set(LotState)
    assert PLACES.keys() == LOT_ACTIONS.keys() < set(LotAction)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_all_words_of_a_template_stand_in_the_english_catalogues(path: Path) -> None:
    words = re.findall(r"_\('((?:[^'\\]|\\.)*)'", path.read_text(encoding="utf-8"))
    known = english("app", "core/identity", "core/web", "trading")
    assert words and [word for word in words if word not in known] == []


def test_every_sentence_stands_in_the_english_catalogue() -> None:
    known = english("trading")
    assert [words for words in re.findall(r'_l\("((?:[^"\\]|\\.)*)"\)', TEXTS) if words not in known] == []


def test_no_half_width_mark_stands_between_hanzi() -> None:
    written = [path.read_text(encoding="utf-8") for path in (*TEMPLATES, ROOT / "trading" / "translations" / "en.po")]
    assert [found for text in (*written, TEXTS) for found in HALF_WIDTH.findall(text)] == []
