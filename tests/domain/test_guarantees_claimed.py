"""Claims under a guarantee and performance security, by values."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from app.sandbox.sealing_certificates import Seal
from app.sandbox.state import StateFolder
from core.kernel.body import Body
from core.kernel.errors import BadSignature, NotAllowed, RuleBroken, WrongState
from core.kernel.ids import LotId
from core.kernel.jcs import canonical, parse_object
from core.kernel.money import Money
from core.kernel.roles import Role
from deposits.domain import performance
from deposits.domain.claim import (
    MOVES,
    ClaimAction,
    ClaimBody,
    ClaimFacts,
    ClaimState,
    ReceiptBody,
    check_claim,
    check_receipt,
    is_in_doubt,
    is_open,
    left_of,
    may,
)
from deposits.domain.claim_letter import TOLD, told_of
from deposits.domain.claim_messages import ClaimOrder, ClaimWord, Expected, SignedWord, check_word, read_signed
from deposits.domain.deposit import chain_of
from deposits.domain.guarantee import Product, opens_at, product_of
from deposits.domain.performance import PerformanceTerms, ReturnBody, SecurityFacts
from deposits.web.texts_claims import SENTENCES

NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)
GUARANTEE = "01900000-0000-7000-8000-00000000000a"
SAID = {
    "guarantee": GUARANTEE,
    "amount_fen": 100,
    "ground": "contract_refused",
    "clause": "",
    "document_sha256": "",
    "reason": "中标后拒绝签订合同",
    "payee_name": "招标人",
    "payee_account": "6222000000001",
    "payee_bank": "建设银行",
}
_S, _A = ClaimState, ClaimAction
WHERE = {
    _A.AGREE: ({_S.DECIDED: _S.CLAIMED}, Role.SUPERVISOR),
    _A.DISAGREE: ({_S.DECIDED: _S.DISAGREED}, Role.SUPERVISOR),
    _A.RECEIVE: ({_S.CLAIMED: _S.IN_REVIEW}, Role.SYSTEM),
    _A.PAY: (dict.fromkeys((_S.CLAIMED, _S.IN_REVIEW), _S.PAID), Role.SYSTEM),
    _A.CONFIRM: ({_S.PAID: _S.SETTLED}, Role.TENDERER),
    _A.REFUSE: (dict.fromkeys((_S.CLAIMED, _S.IN_REVIEW), _S.REFUSED), Role.SYSTEM),
}


@pytest.mark.parametrize("action", ClaimAction)
@pytest.mark.parametrize("state", ClaimState)
@pytest.mark.parametrize("role", [Role.SYSTEM, Role.SUPERVISOR, Role.TENDERER])
def test_every_action_in_every_state_by_every_role(action: ClaimAction, state: ClaimState, role: Role) -> None:
    leads, who = WHERE[action]
    if role is not who:
        with pytest.raises(NotAllowed):
            MOVES.choose(action, state, frozenset({role}), None)
    elif state not in leads:
        with pytest.raises(WrongState):
            MOVES.choose(action, state, frozenset({role}), None)
    else:
        assert MOVES.choose(action, state, frozenset({role}), None) is leads[state]


def test_a_claim_says_what_a_decision_says_and_of_which_guarantee() -> None:
    read = ClaimBody.read(SAID)
    assert (str(read.guarantee), read.decision.amount, read.payee.name) == (GUARANTEE, Money(100), "招标人")
    for bent in ({**SAID, "deposit": GUARANTEE}, {**SAID, "guarantee": "x"}, {name: SAID[name] for name in SAID if name != "reason"}):
        with pytest.raises(RuleBroken):
            ClaimBody.read(bent)


FACTS = ClaimFacts(NOW, Money(100), NOW + timedelta(days=1), stands=True, claimed=False)


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        (FACTS, None),
        (replace(FACTS, stands=False), "claim.does_not_stand"),
        (replace(FACTS, claimed=True), "claim.one_at_a_time"),
        (replace(FACTS, now=FACTS.valid_to), "claim.too_late"),
        (replace(FACTS, now=FACTS.valid_to - timedelta(milliseconds=1)), None),
        (replace(FACTS, amount=Money(99)), "claim.amount"),
    ],
)
def test_what_stands_against_a_claim(facts: ClaimFacts, code: str | None) -> None:
    refusal = check_claim(ClaimBody.read(SAID), facts)
    assert (None if refusal is None else refusal.code) == code


def test_a_receipt_is_for_the_whole_claim() -> None:
    said = ReceiptBody.read({"claim_sha256": "a" * 64, "amount_fen": 100, "reference": "来账 1"})
    assert check_receipt(said, Money(100)) is None
    refusal = check_receipt(said, Money(101))
    assert refusal is not None and refusal.code == "claim.receipt_amount"
    with pytest.raises(RuleBroken):
        ReceiptBody.read({"claim_sha256": "a" * 64, "amount_fen": 0, "reference": "来账 1"})


def test_no_answer_is_doubt_until_there_is_one() -> None:
    assert [state for state in ClaimState if is_in_doubt(state, asked=True)] == [_S.CLAIMED]
    assert not is_in_doubt(_S.CLAIMED, asked=False)


@pytest.mark.parametrize("state", ClaimState)
@pytest.mark.parametrize("kind", TOLD)
def test_nobody_is_told_of_its_own_act_and_bidder_and_tenderer_differently(kind: str, state: ClaimState) -> None:
    found = told_of(kind, state)
    own_act = kind in ("claim.decide", "claim.receipt")
    assert not own_act or [told.to_bidder for told in found] == [True]
    assert len({told.words for told in found}) == len(found) <= 2
    for told in found:
        assert f"message.claim.{told.words}" in SENTENCES and f"message.claim.{told.words}.todo" in SENTENCES


WORD = ClaimWord(
    application=GUARANTEE,
    guarantee_no="BH1",
    claim_sha256="a" * 64,
    verdict="paid",
    amount_fen=100,
    payee_account="6222000000001",
    cause="",
    reference="PF1",
    said_at=NOW,
)


def test_a_word_reads_as_it_was_written() -> None:
    for word in (WORD, replace(WORD, verdict="refused", cause="不符", reference=""), replace(WORD, verdict="under_review", reference="")):
        assert ClaimWord.read(word.to_bytes()) == word


@pytest.mark.parametrize(
    "bent",
    [
        replace(WORD, reference=""),
        replace(WORD, cause="不符"),
        replace(WORD, verdict="refused", reference=""),
        replace(WORD, verdict="perhaps"),
        replace(WORD, reference="x" * 201),
        replace(WORD, reference="x" * 20_000),
    ],
)
def test_a_word_that_contradicts_itself_is_none(bent: ClaimWord) -> None:
    with pytest.raises(BadSignature, match=r"claim\.word"):
        ClaimWord.read(bent.to_bytes())


def test_a_word_with_other_members_is_none() -> None:
    said = parse_object(WORD.to_bytes())
    for bent in (said | {"more": 1}, said | {"amount_fen": "100"}, said | {"said_at": "yesterday"}, said | {"cause": 1}):
        with pytest.raises(BadSignature, match=r"claim\.word"):
            ClaimWord.read(canonical(bent))


def test_orders_and_answers_read_as_they_were_written() -> None:
    order = ClaimOrder(
        claim="a" * 64,
        guarantee_no="BH1",
        amount=Money(100),
        ground="document",
        payee_name="招标人",
        payee_account="6222000000001",
        payee_bank="建设银行",
        decision=b"{}",
        note=b"[]",
    )
    assert ClaimOrder.read(order.to_json()) == order
    signed = SignedWord(WORD.to_bytes(), b"cms")
    assert read_signed(canonical(signed.to_json())) == signed
    for bent in (b"", b"{}", b'{"word": 1, "signature": ""}', b"[]"):
        with pytest.raises(RuleBroken, match=r"message\.malformed"):
            read_signed(bent)


def test_paid_claims_lessen_a_guarantee_and_others_do_not() -> None:
    claims = [(state, Money(10)) for state in ClaimState]
    assert left_of(Money(100), claims) == Money(80) and left_of(Money(100), ()) == Money(100)


def test_a_word_must_be_signed_by_the_guarantor_and_be_about_this_claim_whole(tmp_path: Path) -> None:
    seal, other = (Seal(StateFolder(tmp_path / name), "临江融资担保有限公司") for name in "ab")
    asked = Expected(GUARANTEE, "BH1", "a" * 64, Money(100), "6222000000001")
    word = WORD.to_bytes()
    now = seal.certificate.not_valid_before_utc + timedelta(days=1)
    signed = SignedWord(word, seal.sign(word))
    assert check_word(signed, asked, seal.root, now) == WORD
    for bent, expected, root in (
        (signed, asked, other.root),
        (SignedWord(word, other.sign(word)), asked, seal.root),
        (SignedWord(word, seal.sign(b"another")), asked, seal.root),
        (signed, replace(asked, amount=Money(99)), seal.root),
        (signed, replace(asked, payee_account="6222000000002"), seal.root),
    ):
        with pytest.raises(BadSignature):
            check_word(bent, expected, root, now)


def test_open_claims() -> None:
    assert [state for state in ClaimState if is_open(state)] == [_S.DECIDED, _S.CLAIMED, _S.IN_REVIEW]
    assert may(_A.PAY, _S.IN_REVIEW) and not may(_A.PAY, _S.PAID) and not may(_A.AGREE, _S.DECIDED)


@pytest.mark.parametrize(("asked", "refused"), [(0, False), (1_000, False), (1_001, True)])
@pytest.mark.parametrize(("in_procurement", "article"), [(False, "招标投标法实施条例第五十八条"), (True, "政府采购法实施条例第四十八条")])
def test_a_tenth_of_the_price_is_the_most(asked: int, refused: bool, in_procurement: bool, article: str) -> None:
    refusal = performance.check_asked(SecurityFacts(Money(asked), Money(10_009), given=False, in_procurement=in_procurement))
    assert (refusal is not None) is refused
    if isinstance(refusal, RuleBroken):
        assert (refusal.code, refusal.article, refusal.facts) == ("performance.too_much", article, {"most": "10.00"})


def test_terms_say_a_share_of_the_price_and_for_how_long() -> None:
    terms = PerformanceTerms.read(Body({"bp": 333, "days": 400}))
    assert PerformanceTerms.kept(terms.to_json()) == terms
    assert terms.amount(Money(10_009)) == Money(333)  # 333.2997 fen, and never more than was said
    for bent in ({"bp": 0, "days": 1}, {"bp": 1, "days": 0}, {"bp": 1}, {"bp": 1, "days": 1, "issuer": "某银行"}):
        with pytest.raises(RuleBroken):
            PerformanceTerms.kept(bent)


@pytest.mark.parametrize(("in_procurement", "article"), [(False, "招标投标法实施条例第五十八条"), (True, "政府采购法实施条例第四十八条")])
def test_a_document_asks_for_a_tenth_at_most(in_procurement: bool, article: str) -> None:
    performance.check_terms(PerformanceTerms(1_000, 1), in_procurement)
    with pytest.raises(RuleBroken) as broken:
        performance.check_terms(PerformanceTerms(1_001, 1), in_procurement)
    assert (broken.value.code, broken.value.article) == ("performance.percent", article)


@pytest.mark.parametrize(
    ("on", "contracted", "returned", "code"),
    [
        ("2026-03-01", True, False, None),
        ("2026-03-02", True, False, "performance.not_yet"),
        ("2026-03-01", False, False, "performance.no_contract"),
        ("2026-03-01", True, True, "performance.returned"),
    ],
)
def test_a_security_goes_back_once_after_a_performance_that_was(on: str, contracted: bool, returned: bool, code: str | None) -> None:
    refusal = performance.check_return(ReturnBody.read({"performed_on": on, "note": "验收合格"}), date(2026, 3, 1), contracted, returned)
    assert (None if refusal is None else refusal.code) == code


@pytest.mark.parametrize(
    ("asked", "given", "late", "owed"), [(1, False, True, True), (1, False, False, False), (1, True, True, False), (0, False, True, False)]
)
def test_a_security_is_owed_from_its_deadline_on(asked: int, given: bool, late: bool, owed: bool) -> None:
    facts = SecurityFacts(Money(asked), Money(100), given=given, in_procurement=False)
    assert performance.is_owed(facts, NOW, NOW if late else NOW - timedelta(milliseconds=1)) is owed


def test_a_security_has_a_number_beside_its_lots_and_the_same_chain() -> None:
    lot = LotId(UUID(GUARANTEE))
    number = performance.asked_number("T2026-000001-1")
    assert (number, performance.is_performance(number), performance.is_performance("T2026-000001-1")) == ("T2026-000001-1-P", True, False)
    assert performance.asked_id(lot) == performance.asked_id(lot) != lot
    assert chain_of(number) == chain_of("T2026-000001-1") == "D-T2026-000001-1"
    assert (product_of(number), product_of("T2026-000001-1")) == (Product.PERFORMANCE, Product.BID)
    assert (opens_at(number, NOW, FACTS.now), opens_at("T2026-000001-1", FACTS.valid_to, NOW)) == (NOW, FACTS.valid_to)


@pytest.mark.parametrize(("asked", "given", "refused"), [(0, False, False), (1, False, True), (1, True, False)])
def test_a_contract_is_signed_with_its_security_given(asked: int, given: bool, refused: bool) -> None:
    refusal = performance.may_sign(SecurityFacts(Money(asked), Money(100), given=given, in_procurement=False))
    assert (refusal is not None) is refused
