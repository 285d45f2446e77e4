"""The life of an opening: who may do what when, and what its statements must say."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from core.kernel.actor import PUBLIC_ACTOR, SYSTEM_ACTOR, Actor
from core.kernel.errors import BadSignature, NotAllowed, Refusal, RuleBroken, Stale, WrongState
from core.kernel.ids import OrgId, PersonId
from core.kernel.money import Money
from core.kernel.roles import Role
from trading.domain import opening
from trading.domain.ceiling import beside
from trading.domain.opening import MOVES, OpeningAction, OpeningFacts, OpeningState, Parties, ReleaseBody, ShareBody

NOW = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
SOON, LATER, AGO = NOW + timedelta(minutes=1), NOW + timedelta(hours=1), NOW - timedelta(minutes=1)
FACTS = OpeningFacts(NOW, NOW)
A, S = OpeningAction, OpeningState
ROLE_OF = {row.action: min(row.who, key=lambda role: role.value) for row in MOVES}


def refusal_of(action: OpeningAction, state: OpeningState, facts: OpeningFacts) -> Refusal | None:
    try:
        MOVES.choose(action, state, frozenset({ROLE_OF[action]}), facts)
    except Refusal as refusal:
        return refusal
    return None


def code_of(action: OpeningAction, state: OpeningState, facts: OpeningFacts) -> str:
    refusal = refusal_of(action, state, facts)
    return "" if refusal is None else refusal.code


def test_an_opening_begins_at_the_deadline_and_not_before() -> None:
    assert code_of(A.CLOSE_BIDDING, S.SCHEDULED, FACTS) == ""
    assert code_of(A.CLOSE_BIDDING, S.SCHEDULED, replace(FACTS, deadline=SOON)) == "opening.early"


def test_nothing_starts_before_the_closing_list_is_witnessed() -> None:
    assert code_of(A.START, S.SIGN_IN, FACTS) == ""
    assert code_of(A.START, S.SIGN_IN, replace(FACTS, is_logged=False)) == "opening.not_witnessed"


def test_keys_are_released_within_the_window_and_before_the_batch() -> None:
    running = replace(FACTS, release_until=SOON)
    assert code_of(A.RELEASE, S.DECRYPTING, running) == ""
    assert code_of(A.RELEASE, S.DECRYPTING, replace(running, is_logged=False)) == "opening.not_witnessed"
    for over in (replace(running, release_until=NOW), replace(running, release_until=None), replace(running, batch_at=AGO)):
        assert code_of(A.RELEASE, S.DECRYPTING, over) == "opening.release.window_over"
        assert code_of(A.SIGN_IN, S.DECRYPTING, over) == "opening.release.window_over"


def test_shares_are_taken_after_the_bidders_window_and_before_the_rescues_end() -> None:
    rescue = replace(FACTS, release_until=AGO, rescue_until=SOON)
    assert code_of(A.RESCUE, S.DECRYPTING, rescue) == ""
    for early in (replace(rescue, release_until=SOON), replace(rescue, release_until=None)):
        assert code_of(A.RESCUE, S.DECRYPTING, early) == "opening.rescue.early"
    for over in (replace(rescue, rescue_until=NOW), replace(rescue, rescue_until=None), replace(rescue, batch_at=AGO)):
        assert code_of(A.RESCUE, S.DECRYPTING, over) == "opening.rescue.over"


def test_the_batch_waits_until_nobody_can_choose_any_more() -> None:
    awaited = replace(FACTS, awaited=1, release_until=SOON, rescue_until=LATER)
    assert code_of(A.BEGIN_BATCH, S.DECRYPTING, replace(awaited, awaited=0)) == ""
    for running in (awaited, replace(awaited, release_until=None)):
        assert code_of(A.BEGIN_BATCH, S.DECRYPTING, running) == "opening.batch.window_open"
    over = replace(awaited, release_until=AGO)
    assert code_of(A.BEGIN_BATCH, S.DECRYPTING, over) == ""  # no share boxes: nothing to rescue
    for rescuing in (replace(over, rescuable=1), replace(over, rescuable=1, rescue_until=None)):
        assert code_of(A.BEGIN_BATCH, S.DECRYPTING, rescuing) == "opening.batch.rescue_running"
    assert code_of(A.BEGIN_BATCH, S.DECRYPTING, replace(over, rescuable=1, rescue_until=NOW)) == ""
    assert code_of(A.BEGIN_BATCH, S.DECRYPTING, replace(awaited, batch_at=AGO)) == ""


def test_what_was_decrypted_is_taken_in_only_after_the_window_was_shut() -> None:
    assert code_of(A.OPEN, S.DECRYPTING, replace(FACTS, batch_at=AGO)) == ""
    assert code_of(A.OPEN, S.DECRYPTING, FACTS) == "opening.batch.not_begun"


def test_objections_are_raised_by_those_present_and_on_the_spot() -> None:
    there = replace(FACTS, is_present=True)
    assert code_of(A.OBJECT, S.READ_OUT, there) == ""
    assert code_of(A.OBJECT, S.OBJECTION_WINDOW, replace(there, objection_until=SOON)) == ""
    assert code_of(A.OBJECT, S.READ_OUT, FACTS) == "opening.objection.absent"
    late = refusal_of(A.OBJECT, S.OBJECTION_WINDOW, replace(there, objection_until=NOW))
    assert isinstance(late, RuleBroken) and late.article == "招标投标法实施条例 第四十四条"


def test_the_record_waits_for_the_window_and_for_every_answer() -> None:
    over = replace(FACTS, objection_until=NOW)
    assert code_of(A.DRAW_UP, S.OBJECTION_WINDOW, over) == ""
    for early in (FACTS, replace(FACTS, objection_until=SOON)):
        assert code_of(A.DRAW_UP, S.OBJECTION_WINDOW, early) == "opening.record.early"
    assert code_of(A.DRAW_UP, S.OBJECTION_WINDOW, replace(over, unanswered=1)) == "opening.record.unanswered"


def test_no_key_is_released_before_the_coefficients_are_drawn() -> None:
    assert code_of(A.BEGIN_RELEASE, S.IDENTITY_CHECK, FACTS) == ""
    assert code_of(A.BEGIN_RELEASE, S.IDENTITY_CHECK, replace(FACTS, coefficients_are_settled=False)) == "opening.coefficients_missing"


def test_whoever_did_not_come_has_no_record_to_decline() -> None:
    assert code_of(A.DECLINE_RECORD, S.RECORD_SIGNING, replace(FACTS, is_present=True)) == ""
    assert code_of(A.DECLINE_RECORD, S.RECORD_SIGNING, FACTS) == "opening.record.absent"


@pytest.mark.parametrize(
    ("price", "is_above", "percent"),
    [("100.00", False, "0.00"), ("100.01", True, "0.01"), ("99.50", False, "0.50"), ("120.00", True, "20.00")],
)
def test_a_price_stands_beside_its_ceiling(price: str, is_above: bool, percent: str) -> None:
    found = beside(Money.yuan(price), Money.yuan("100.00"))
    assert found is not None and (found.is_above, str(found.percent)) == (is_above, percent)
    assert beside(Money.yuan(price), None) is None


def test_the_host_closes_only_on_a_record_that_it_has_signed() -> None:
    assert code_of(A.CLOSE, S.RECORD_SIGNING, replace(FACTS, host_has_signed=True)) == ""
    assert code_of(A.CLOSE, S.RECORD_SIGNING, FACTS) == "opening.close.unsigned"


def test_every_action_state_and_role_leads_where_the_table_says_or_nowhere() -> None:
    free = OpeningFacts(
        NOW, NOW, release_until=SOON, rescue_until=LATER, batch_at=None, is_present=True, host_has_signed=True, objection_until=SOON
    )
    special = {
        A.RESCUE: replace(free, release_until=AGO),
        A.OPEN: replace(free, batch_at=AGO),
        A.DRAW_UP: replace(free, objection_until=AGO),
        A.END_CLOSED: replace(free, batch_at=AGO),
    }
    allowed = {(row.action, state, role): row.to for row in MOVES for state in row.source for role in row.who}
    for action in OpeningAction:
        for state in OpeningState:
            for role in Role:
                facts = special.get(action, free)
                if (action, state, role) in allowed:
                    assert MOVES.choose(action, state, frozenset({role}), facts) is allowed[action, state, role]
                else:
                    with pytest.raises((NotAllowed, WrongState)):
                        MOVES.choose(action, state, frozenset({role}), facts)


def test_roles_in_the_hall_are_those_of_this_lot() -> None:
    tenderer, agency, bidder, stranger = (OrgId(UUID(int=n)) for n in range(4))
    parties = Parties(tenderer, agency, frozenset({bidder}))

    def roles(org: OrgId | None, *held: Role) -> frozenset[Role]:
        return opening.roles_of(Actor(PersonId(UUID(int=9)), org, frozenset(held)), parties)

    assert roles(tenderer, Role.TENDERER) == {Role.TENDERER}
    assert roles(agency, Role.AGENCY, Role.TENDERER) == {Role.AGENCY}
    assert roles(bidder, Role.BIDDER) == {Role.BIDDER}
    assert roles(stranger, Role.BIDDER, Role.TENDERER, Role.AGENCY) == frozenset()
    assert roles(None, Role.BIDDER) == frozenset()
    assert roles(stranger, Role.CENTRE) == {Role.CENTRE}
    assert opening.roles_of(SYSTEM_ACTOR, parties) == {Role.SYSTEM}
    assert opening.roles_of(PUBLIC_ACTOR, replace(parties, agency=None)) == frozenset()


RELEASE: dict[str, Any] = {"env": "technical", "ver": 1, "bid_pub": "age1x", "method": "bidder", "secret": "AGE-SECRET-KEY-1X"}


def test_a_release_is_read_and_never_shows_its_secret() -> None:
    said = ReleaseBody.read(RELEASE)
    assert (said.env, said.ver, said.bid_pub, said.secret) == ("technical", 1, "age1x", "AGE-SECRET-KEY-1X")
    assert "SECRET" not in repr(said)
    opening.same_envelope(said, 1, "age1x")
    for ver, key in ((2, "age1x"), (1, "age1y")):
        with pytest.raises(RuleBroken, match=r"opening.release.other_version"):
            opening.same_envelope(said, ver, key)
    for wrong in ({"method": "escrow"}, {"ver": 0}, {"more": 1}, {"secret": 5}):
        with pytest.raises(RuleBroken, match=r"body.malformed"):
            ReleaseBody.read(RELEASE | wrong)


def test_a_share_is_read_and_never_shown() -> None:
    said = ShareBody.read({"bid_pub": "age1x", "role": "centre", "share": "ab" * 33})
    assert said.share == "ab" * 33 and "abab" not in repr(said)
    with pytest.raises(RuleBroken, match=r"body.malformed"):
        ShareBody.read({"bid_pub": "age1x", "role": "centre", "share": "ab"})


def test_what_is_read_out_is_the_price_and_the_named_items() -> None:
    said = opening.read_out({"price": "1234.50", "items": {"质量": "合格", "工期": "540 天"}, "more": 1})
    assert said.price == Money(123450) and said.items == (("工期", "540 天"), ("质量", "合格"))
    assert said.to_json() == {"price": "1234.50", "items": {"工期": "540 天", "质量": "合格"}}
    assert opening.read_out({}).to_json() == {"items": {}}


@pytest.mark.parametrize(
    "bid",
    [
        [],
        {"price": 5},
        {"price": "1.234"},
        {"price": "-1"},
        {"items": []},
        {"items": {"a": 5}},
        {"items": {"": "x"}},
        {"items": {"n" * 51: "x"}},
        {"items": {"a": "x" * 501}},
        {"items": {str(n): "x" for n in range(31)}},
    ],
)
def test_what_cannot_be_read_aloud_is_refused(bid: Any) -> None:
    with pytest.raises(BadSignature, match=r"opening.read_out"):
        opening.read_out(bid)


def test_statements_name_what_they_are_about_or_are_stale() -> None:
    one, two, org = "ab" * 32, "cd" * 32, OrgId(UUID(int=1))
    opening.check_close({"close_sha256": one}, one)
    opening.check_record({"record_sha256": one}, one)
    opening.check_present({"present": [str(org)]}, [org])
    opening.check_opened({"opened": [one, two]}, [two, one])
    with pytest.raises(Stale) as refusal:
        opening.check_close({"close_sha256": one}, two)
    assert refusal.value.facts == {"close_sha256": two}
    with pytest.raises(Stale):
        opening.check_record({"record_sha256": one}, two)
    with pytest.raises(Stale):
        opening.check_present({"present": []}, [org])
    with pytest.raises(Stale):
        opening.check_opened({"opened": [two, one]}, [one, two])
    with pytest.raises(RuleBroken):
        opening.check_close({"close_sha256": "x"}, one)


def test_words_are_said_and_nothing_else() -> None:
    assert opening.objection_text({"text": "报价读错"}) == "报价读错"
    assert opening.answer_of({"number": 1, "text": "已更正"}) == (1, "已更正")
    opening.nothing({})
    for read, malformed in (
        (opening.objection_text, {"text": ""}),
        (opening.answer_of, {"number": 0, "text": "x"}),
        (opening.nothing, {"a": 1}),
    ):
        with pytest.raises(RuleBroken, match=r"body.malformed"):
            read(malformed)  # type: ignore[arg-type]  # three readers of one form


def test_a_bidder_declines_the_record_that_is_shown_with_a_reason() -> None:
    one, two = "ab" * 32, "cd" * 32
    assert opening.declined_record({"record_sha256": one, "reason": "报价读错"}, one) == "报价读错"
    with pytest.raises(Stale) as refusal:
        opening.declined_record({"record_sha256": one, "reason": "报价读错"}, two)
    assert refusal.value.facts == {"record_sha256": two}


@pytest.mark.parametrize(("held", "next_one"), [((), 1), ((0,), 1), ((0, 1), 3), ((0, 1, 3), 4)])
def test_price_envelopes_are_asked_for_in_round_one_and_later_from_round_three_on(held: tuple[int, ...], next_one: int) -> None:
    assert opening.price_round(held) == next_one
