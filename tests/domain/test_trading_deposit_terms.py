"""What a tender document says of its deposit's forms: never money alone, no cash in procurement, and no amendment changes it."""

from __future__ import annotations

from typing import Any

import pytest

from core.kernel.errors import RuleBroken
from core.kernel.money import Money
from deposits.domain.terms import DepositTerms, Form
from tests.builders.trading import document_body
from trading.domain import document as documents
from trading.domain.amendment import FIXED
from trading.domain.clock import LegalRegime
from trading.domain.composition_wording import DEPOSIT_FORMS
from trading.domain.document import TenderDocument

ESTIMATE = Money.yuan("150000000.00")
SAID = {"forms": ["transfer", "e_guarantee"], "several": False}


def refusal(regime: LegalRegime = LegalRegime.CONSTRUCTION, **changes: Any) -> str:
    read = TenderDocument.read(document_body(**changes))
    try:
        documents.check_deposit(read, regime, ESTIMATE)
    except RuleBroken as refused:
        return refused.code
    return ""


def test_a_document_says_the_forms_or_leaves_them_at_what_holds() -> None:
    assert TenderDocument.read(document_body(deposit_terms=SAID)).deposit_terms == DepositTerms((Form.TRANSFER, Form.E_GUARANTEE), False)
    assert TenderDocument.read(document_body()).deposit_terms is None
    assert refusal(deposit_terms=SAID) == refusal() == ""


@pytest.mark.parametrize("form", ["transfer", "cheque", "cash"])
def test_money_alone_is_refused_in_both_families(form: str) -> None:
    said = {"forms": [form], "several": True}
    assert refusal(deposit_terms=said) == "deposit_terms.only_cash"
    expected = "deposit_terms.cash" if form == "cash" else "deposit_terms.only_cash"
    assert refusal(LegalRegime.GOVERNMENT_PROCUREMENT, deposit_terms=said) == expected
    assert refusal(deposit_terms=said, deposit_fen=0) == ""


def test_no_issuer_can_be_named_and_no_amendment_changes_the_forms() -> None:
    with pytest.raises(RuleBroken, match=r"body\.malformed"):
        TenderDocument.read(document_body(deposit_terms=SAID | {"issuer": "临江市商业银行"}))
    assert "deposit_terms" in FIXED


def test_every_form_has_its_words_in_the_papers() -> None:
    assert DEPOSIT_FORMS.keys() == {form.value for form in Form}
