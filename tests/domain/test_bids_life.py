"""The life of a bid and of its envelopes, and the rules of a seal, with nothing but values."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from core.kernel.actor import SYSTEM_ACTOR, Actor
from core.kernel.errors import NotAllowed, RuleBroken, Stale, WrongState
from core.kernel.ids import OrgId, PersonId
from core.kernel.roles import Role
from core.kernel.sealing import Purpose, SealBody, SharePromise
from trading.domain.application import check_members, is_awaited
from trading.domain.bid import (
    AT_DEADLINE,
    CONSEQUENCES,
    ENVELOPE_MOVES,
    MOVES,
    BidAction,
    BidFacts,
    BidState,
    Cause,
    EnvelopeAction,
    EnvelopeState,
    SealFacts,
    WithdrawBody,
    check_version,
    check_withdrawal,
    is_in_evaluation,
    late_seal_number,
    receipt_number,
    roles_of,
    stands_still,
    takes_bids,
)
from trading.domain.document import Escrow
from trading.domain.lot import LotState
from trading.domain.prequalification import RoundState

DEADLINE = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
MS = timedelta(milliseconds=1)
BIDDER, SYSTEM, OFFICER = frozenset({Role.BIDDER}), frozenset({Role.SYSTEM}), frozenset({Role.OFFICER})
BEFORE, AT = BidFacts(DEADLINE - MS, DEADLINE), BidFacts(DEADLINE, DEADLINE)
OFFICES = ("tenderer", "centre", "supervisor")
RECIPIENTS = {office: frozenset({f"age1{office}"}) for office in OFFICES}
FACTS = SealFacts(("technical", "commercial"), 1, Escrow.REQUIRED, RECIPIENTS)


def body(env: str = "technical", ver: int = 1, mark: str = "a") -> SealBody:
    shares = tuple(SharePromise(office, (f"age1{office}",), "00" * 32, f"{n:064x}") for n, office in enumerate(OFFICES))
    return SealBody(env, ver, f"age1{env}{mark}", f"{mark}{env}".ljust(64, "0"), 1000, shares, "00" * 32, "test")


PAIR = (body(), body("commercial", mark="b"))


def test_a_bid_sealed_one_millisecond_before_the_deadline_is_in_time() -> None:
    assert MOVES.choose(BidAction.SEAL, BidState.UPLOADING, BIDDER, BEFORE) is BidState.SEALED


def test_a_bid_sealed_at_the_deadline_is_late_and_the_article_is_named() -> None:
    with pytest.raises(RuleBroken) as refusal:
        MOVES.choose(BidAction.SEAL, BidState.UPLOADING, BIDDER, AT)
    assert (refusal.value.code, refusal.value.article) == ("bid.seal.late", "电子招标投标办法 第二十七条")
    assert refusal.value.facts == {
        "deadline": "2026-11-24 09:30:00.000",
        "arrived": "2026-11-24 09:30:00.000",
        "arrived_at": "2026-11-24T01:30:00.000Z",
    }


def test_a_suspended_or_unannounced_lot_takes_no_bids() -> None:
    for facts in (replace(BEFORE, is_bidding=False), BidFacts(DEADLINE, None, False)):
        with pytest.raises(WrongState, match=r"bid.lot_takes_no_bids"):
            MOVES.choose(BidAction.SEAL, BidState.DRAFT, BIDDER, facts)


def test_a_sealed_bid_can_be_replaced_and_withdrawn_and_sealed_again() -> None:
    assert MOVES.choose(BidAction.SEAL, BidState.SEALED, BIDDER, BEFORE) is BidState.SEALED
    assert MOVES.choose(BidAction.WITHDRAW, BidState.SEALED, BIDDER, BEFORE) is BidState.WITHDRAWN
    assert MOVES.choose(BidAction.SEAL, BidState.WITHDRAWN, BIDDER, BEFORE) is BidState.SEALED


def test_an_upload_under_way_leaves_the_sealed_version_standing() -> None:
    assert MOVES.choose(BidAction.UPLOAD, BidState.SEALED, BIDDER, BEFORE) is BidState.SEALED
    assert MOVES.choose(BidAction.UPLOAD, BidState.DRAFT, BIDDER, BEFORE) is BidState.UPLOADING


def test_an_unfinished_upload_counts_as_withdrawn_at_the_deadline_and_not_before() -> None:
    assert MOVES.choose(BidAction.LAPSE, BidState.UPLOADING, SYSTEM, AT) is BidState.WITHDRAWN
    for facts in (BEFORE, BidFacts(DEADLINE, None)):
        with pytest.raises(WrongState, match=r"bid.close.early"):
            MOVES.choose(BidAction.LOCK, BidState.SEALED, SYSTEM, facts)


def test_every_action_state_and_role_leads_where_the_table_says_or_nowhere() -> None:
    allowed = {(row.action, state, role): row.to for row in MOVES for state in row.source for role in row.who}
    for action in BidAction:
        facts = AT if action in (BidAction.LAPSE, BidAction.LOCK) else BEFORE
        for state in BidState:
            for role in Role:
                if (action, state, role) in allowed:
                    assert MOVES.choose(action, state, frozenset({role}), facts) is allowed[action, state, role]
                else:
                    with pytest.raises((NotAllowed, WrongState)):
                        MOVES.choose(action, state, frozenset({role}), facts)


def test_an_envelope_that_was_replaced_or_withdrawn_never_moves_again_and_a_shut_one_only_where_its_bid_passes_after_all() -> None:
    for state in (EnvelopeState.REPLACED, EnvelopeState.WITHDRAWN, EnvelopeState.SHUT):
        for action in set(EnvelopeAction) - ({EnvelopeAction.ASK_LATER} if state is EnvelopeState.SHUT else set()):
            with pytest.raises(WrongState):
                ENVELOPE_MOVES.choose(action, state, BIDDER | SYSTEM | OFFICER, None)
    assert ENVELOPE_MOVES.choose(EnvelopeAction.ASK_LATER, EnvelopeState.SHUT, SYSTEM, None) is EnvelopeState.LOCKED
    with pytest.raises(NotAllowed):
        ENVELOPE_MOVES.choose(EnvelopeAction.ASK_LATER, EnvelopeState.SHUT, BIDDER | OFFICER, None)


def test_a_locked_envelope_is_released_by_its_bidder_or_rescued_by_offices_and_by_nobody_else() -> None:
    assert ENVELOPE_MOVES.choose(EnvelopeAction.RELEASE, EnvelopeState.LOCKED, BIDDER, None) is EnvelopeState.RELEASED
    assert ENVELOPE_MOVES.choose(EnvelopeAction.RESCUE, EnvelopeState.LOCKED, OFFICER, None) is EnvelopeState.RELEASED
    with pytest.raises(NotAllowed):
        ENVELOPE_MOVES.choose(EnvelopeAction.RELEASE, EnvelopeState.LOCKED, SYSTEM | OFFICER, None)


def test_somebody_bids_for_the_own_organisation_alone() -> None:
    ours, theirs, person = OrgId(UUID(int=1)), OrgId(UUID(int=2)), PersonId(UUID(int=3))
    who = Actor(person, ours, frozenset({Role.BIDDER, Role.TENDERER}))
    assert roles_of(who, ours) == BIDDER
    assert roles_of(who, theirs) == frozenset()
    assert roles_of(SYSTEM_ACTOR, theirs) == SYSTEM


def test_a_version_holds_all_envelopes_in_order() -> None:
    check_version(PAIR, FACTS)
    for bodies in ((PAIR[0],), PAIR[::-1], (*PAIR, body("other", mark="c"))):
        with pytest.raises(RuleBroken, match=r"bid.seal.envelopes"):
            check_version(bodies, FACTS)


def test_an_application_is_no_bid_and_a_bid_no_application() -> None:
    applied = tuple(replace(one, purpose=Purpose.APPLICATION) for one in PAIR)
    check_version(applied, replace(FACTS, purpose=Purpose.APPLICATION))
    for bodies, facts in ((applied, FACTS), (PAIR, replace(FACTS, purpose=Purpose.APPLICATION)), ((applied[0], PAIR[1]), FACTS)):
        with pytest.raises(RuleBroken, match=r"bid\.seal\.other_purpose"):
            check_version(bodies, facts)


def test_who_applied_bids_with_the_very_members_that_were_admitted() -> None:
    together, other = ("a", "b"), ("a", "c")
    check_members([together, together], together)
    check_members([()], ())
    check_members([together], None)
    for named, applied in (([other], together), ([together, other], together), ([()], together), ([together], ())):
        with pytest.raises(RuleBroken, match=r"members_changed"):
            check_members(named, applied)
    assert [state for state in RoundState if is_awaited(state)] == [RoundState.NOTICED]


def test_all_envelopes_of_a_version_say_the_next_version() -> None:
    for bodies in ((body(ver=2), body("commercial", 2, "b")), (PAIR[0], body("commercial", 2, "b"))):
        with pytest.raises(Stale) as refusal:
            check_version(bodies, FACTS)
        assert refusal.value.facts == {"ver": 1}


def test_each_envelope_has_a_key_and_a_ciphertext_of_its_own() -> None:
    for twin in (replace(PAIR[1], bid_pub=PAIR[0].bid_pub), replace(PAIR[1], ct_sha256=PAIR[0].ct_sha256)):
        with pytest.raises(RuleBroken, match=r"bid.seal.key_reused"):
            check_version((PAIR[0], twin), FACTS)


def test_escrow_is_required_optional_or_refused_as_the_document_says() -> None:
    bare = tuple(replace(each, shares=()) for each in PAIR)
    check_version(bare, replace(FACTS, escrow=Escrow.NONE))
    check_version(bare, replace(FACTS, escrow=Escrow.OPTIONAL))
    check_version(PAIR, replace(FACTS, escrow=Escrow.OPTIONAL))
    with pytest.raises(RuleBroken, match=r"bid.seal.offices"):
        check_version(bare, FACTS)
    with pytest.raises(RuleBroken, match=r"bid.seal.no_escrow_here"):
        check_version(PAIR, replace(FACTS, escrow=Escrow.NONE))


def test_shares_go_to_the_three_offices_each_once_and_to_their_own_keys() -> None:
    shares = PAIR[0].shares
    for wrong, code in (
        (shares[:2], "bid.seal.offices"),
        (shares[::-1], "bid.seal.offices"),
        ((shares[0], shares[1], replace(shares[2], commitment=shares[0].commitment)), "bid.seal.share_twice"),
        ((shares[0], shares[1], replace(shares[2], recipients=("age1centre",))), "bid.seal.recipient"),
    ):
        with pytest.raises(RuleBroken, match=code):
            check_version((replace(PAIR[0], shares=wrong), PAIR[1]), FACTS)


def test_a_withdrawal_names_the_version_that_stands() -> None:
    said = WithdrawBody.read({"ver": 2, "seals": ["aa", "bb"]})
    check_withdrawal(said, 2, ("bb", "aa"))
    for ver, seals in ((1, ("aa", "bb")), (2, ("aa",))):
        with pytest.raises(Stale):
            check_withdrawal(said, ver, seals)
    malformed: Any
    for malformed in ({}, {"ver": "2", "seals": []}, {"ver": 2, "seals": "aa"}, {"ver": 2, "seals": [], "more": 1}):
        with pytest.raises(RuleBroken, match=r"body.malformed"):
            WithdrawBody.read(malformed)


def test_a_receipt_number_counts_nobody() -> None:
    assert receipt_number("9f3a" * 16) == "RC-9F3A9F3A9F3A9F3A"
    assert late_seal_number("9f3a" * 16) == "LT-9F3A9F3A9F3A9F3A"


def test_an_own_failure_revokes_and_forfeits_a_platform_failure_withdraws_and_refunds() -> None:
    own, platform = CONSEQUENCES[Cause.OWN], CONSEQUENCES[Cause.PLATFORM]
    assert (own.bid, own.deposit) == ("REVOKED", "FORFEITABLE")
    assert (platform.bid, platform.deposit) == ("WITHDRAWN", "REFUND_DUE")
    assert MOVES.choose(own.action, BidState.LOCKED, SYSTEM, AT) is BidState.DECRYPT_FAILED_OWN
    assert MOVES.choose(platform.action, BidState.READ_OUT, SYSTEM, AT) is BidState.DECRYPT_FAILED_OTHER


def test_the_deadline_locks_what_is_sealed_and_lets_the_unfinished_lapse() -> None:
    led = {state: MOVES.choose(action, state, SYSTEM, AT) for state, action in AT_DEADLINE.items()}
    assert led == {
        BidState.DRAFT: BidState.WITHDRAWN,
        BidState.UPLOADING: BidState.WITHDRAWN,
        BidState.SEALED: BidState.LOCKED,
    }


def test_only_a_lot_in_bidding_takes_bids_and_only_a_bid_read_out_goes_on() -> None:
    assert [state for state in LotState if takes_bids(state)] == [LotState.BIDDING]
    assert [state for state in BidState if is_in_evaluation(state)] == [BidState.READ_OUT]


def test_a_suspended_lot_stands_still_and_takes_no_bids() -> None:
    assert [state for state in LotState if stands_still(state)] == [LotState.SUSPENDED]
    assert [state for state in LotState if takes_bids(state)] == [LotState.BIDDING]
