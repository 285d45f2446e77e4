"""Amendments: what may change, what has changed, and where the deadline goes (T4; DOMAIN golden case G12)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from core.kernel.calendar import BEIJING, CHINA, end_of, start_of
from core.kernel.errors import Refusal
from core.kernel.money import Money
from tests.builders.trading import digest, document_body, method_part
from trading.domain.amendment import Amendment, AmendmentFacts, Changes, changes, check, extension
from trading.domain.clarification import Clarification, name_of, read_question, tidy
from trading.domain.clarification import check as check_clarification
from trading.domain.clock import Law, LegalRegime
from trading.domain.document import TenderDocument

WORKS = Law(LegalRegime.CONSTRUCTION, True, CHINA)
DEADLINE = datetime(2026, 9, 28, 9, 30, tzinfo=BEIJING).astimezone(UTC)
FILE = {"name": "招标文件.pdf", "sha256": "ab" * 32, "size": 5}
BEFORE = document_body([FILE])
FACTS = AmendmentFacts(
    standing=TenderDocument.read(BEFORE), amendments=0, deadline=DEADLINE, regime=LegalRegime.CONSTRUCTION, estimate=Money(15_000_000_000)
)


def amendment(document: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    made: dict[str, Any] = {
        "number": 1,
        "previous_sha256": BEFORE["document_sha256"],
        "document": document or document_body([FILE, FILE | {"name": "补遗.pdf"}]),
        "reason": "补充地质资料",
        "affects_bids": True,
        "not_before": "",
    }
    return made | changes


def refusal(body: dict[str, Any]) -> str:
    with pytest.raises(Refusal) as caught:
        check(Amendment.read(body), FACTS)
    return caught.value.code


def test_on_the_last_day_of_t4_the_deadline_stays_and_a_day_later_it_moves() -> None:
    assert extension(WORKS, end_of(date(2026, 9, 13)) - timedelta(milliseconds=1), DEADLINE, True) is None
    moved = extension(WORKS, start_of(date(2026, 9, 14)), DEADLINE, True)
    assert moved is not None and moved.rule == "T4" and moved.before == DEADLINE
    assert moved.deadline.astimezone(BEIJING) == datetime(2026, 9, 29, 9, 30, tzinfo=BEIJING)  # same time, fifteen days on


def test_a_rest_day_at_the_end_of_t4_rolls_on() -> None:
    moved = extension(WORKS, start_of(date(2026, 9, 17)), DEADLINE, True)  # the 2nd of October is a holiday, to the 7th
    assert moved is not None and moved.deadline.astimezone(BEIJING).date() == date(2026, 10, 8)


@pytest.mark.parametrize("regime", LegalRegime)
@pytest.mark.parametrize("ahead", range(0, 30, 3))
def test_after_any_extension_a_full_t4_is_left_and_nothing_was_shortened(regime: LegalRegime, ahead: int) -> None:
    law, published = Law(regime, True, CHINA), DEADLINE - timedelta(days=ahead, hours=1)
    moved = extension(law, published, DEADLINE, True)
    in_force = DEADLINE if moved is None else moved.deadline
    assert in_force >= DEADLINE and not law.is_late("T4", in_force, published)
    assert (in_force.hour, in_force.minute) == (DEADLINE.hour, DEADLINE.minute)


def test_what_cannot_affect_bids_moves_nothing_unless_the_tenderer_wishes() -> None:
    late, wish = DEADLINE - timedelta(days=1), DEADLINE + timedelta(days=2)
    assert extension(WORKS, late, DEADLINE, False) is None
    wished = extension(WORKS, late, DEADLINE, False, wish)
    assert wished is not None and (wished.deadline, wished.rule) == (wish, "")
    further = extension(WORKS, late, DEADLINE, True, wish)
    assert further is not None and further.deadline > wish and further.rule == "T4"


def test_an_amendment_of_the_version_that_stands_is_accepted() -> None:
    check(Amendment.read(amendment()), FACTS)
    check(Amendment.read(amendment(BEFORE, not_before="2026-10-09T01:30:00.000Z")), FACTS)  # the deadline alone


@pytest.mark.parametrize(
    ("code", "changed"),
    [
        ("amendment.version_other", {"number": 2}),
        ("amendment.version_other", {"previous_sha256": "cd" * 32}),
        ("amendment.nothing_changed", {"document": BEFORE}),
        ("amendment.deadline_shortened", {"not_before": "2026-09-20T01:30:00.000Z"}),
        ("amendment.fixed", {"document": document_body([FILE], deposit_fen=1)}),
        ("amendment.fixed", {"document": document_body([FILE], escrow="none")}),
        ("amendment.fixed", {"document": document_body([FILE], envelopes=[{"env": "bid", "title": "投标文件"}])}),
        ("amendment.affects_bids", {"document": document_body([FILE], method=method_part(candidates=2)), "affects_bids": False}),
        ("document.digest_other", {"document": document_body([FILE]) | {"ceiling": "1.00"}}),
        ("document.ceiling_missing", {"document": document_body([FILE], ceiling="0.00")}),
        ("body.malformed", {"reason": ""}),
        ("body.malformed", {"not_before": "tomorrow"}),
        ("body.malformed", {"more": 1}),
    ],
)
def test_what_an_amendment_may_not_be(code: str, changed: dict[str, Any]) -> None:
    assert refusal(amendment(**changed)) == code


def test_changes_name_files_ceiling_and_each_value_of_the_method() -> None:
    wider = method_part(price_ceiling="160000000.00", part_minimum={"technical": "30"})
    wider["criteria"] = [*wider["criteria"], {"id": "team", "part": "technical", "max": "5", "weight": "1"}]
    files = [FILE | {"sha256": "cd" * 32}, FILE | {"name": "补遗.pdf"}]
    found = changes(FACTS.standing, TenderDocument.read(document_body(files, ceiling="160000000.00", method=wider)))
    assert ([one.name for one in found.added], [one.name for one in found.replaced]) == (["补遗.pdf"], ["招标文件.pdf"])
    assert found.ceiling == (Money(15_000_000_000), Money(16_000_000_000))
    told = {change.path: (change.before, change.after) for change in found.method}
    assert told["part_minimum.technical"] == ("28", "30") and told["criteria[team].max"] == ("", "5")
    assert not any(path.startswith("criteria[method]") for path in told)
    assert not changes(FACTS.standing, FACTS.standing).any
    assert Changes(added=(), removed=(FACTS.standing.files[0],), replaced=(), ceiling=None, method=()).any


def test_one_question_asked_by_several_is_one_question() -> None:
    assert name_of(tidy("  工期  从何时\u3000起算？\r\n")) == name_of(tidy("工期 从何时 起算？"))
    assert read_question(" 甲\n\n\n\n\n乙 ") == "甲\n\n乙"
    for wrong in ("", "  \n ", "x" * 2001, "a\x00b"):
        with pytest.raises(Refusal, match=r"body\.malformed"):
            read_question(wrong)


def test_a_clarification_settles_what_was_asked_and_each_once() -> None:
    named = name_of("问")
    answer = {"question": "问", "answer": "答", "settles": [named]}
    body = {"number": 1, "document_sha256": digest({}), "answers": [answer], "affects_bids": False}
    said = Clarification.read(body)
    check_clarification(said, 1, digest({}), [named])
    twice = Clarification.read(body | {"answers": [answer, answer]})
    for wrong, known in ((said, []), (twice, [named])):
        with pytest.raises(Refusal, match=r"clarification\.question_unknown"):
            check_clarification(wrong, 1, digest({}), known)
    with pytest.raises(Refusal, match=r"clarification\.version_other"):
        check_clarification(said, 2, digest({}), [named])
