"""Terms of deposits: never money alone, never cash in procurement, never an issuer's name."""

from __future__ import annotations

import pytest

from core.kernel.body import Body
from core.kernel.errors import RuleBroken
from deposits.domain.terms import GUARANTEES, MONEY, UNSAID, DepositTerms, Form, basic_account_binds, check_terms


def test_terms_are_read_as_they_were_said() -> None:
    said = {"forms": ["transfer", "e_guarantee"], "several": False}
    read = DepositTerms.read(Body(dict(said)))
    assert read == DepositTerms((Form.TRANSFER, Form.E_GUARANTEE), several=False) == DepositTerms.kept(said)
    assert read.to_json() == said


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"forms": ["transfer", "transfer"], "several": True}, "deposit_terms.form_twice"),
        ({"forms": ["gold"], "several": True}, "body.malformed"),
        ({"forms": "transfer", "several": True}, "body.malformed"),
        ({"forms": ["transfer"]}, "body.malformed"),
        ({"forms": ["transfer"], "several": 1}, "body.malformed"),
        ({"forms": ["bank_guarantee"], "several": True, "issuer": "某银行"}, "body.malformed"),
    ],
)
def test_what_is_no_terms_is_refused_an_issuers_name_too(said: dict[str, object], code: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        DepositTerms.read(Body(said))
    assert refused.value.code == code


def terms(*forms: Form) -> DepositTerms:
    return DepositTerms(forms, several=True)


def test_money_alone_is_refused_and_any_one_guarantee_is_enough() -> None:
    for money in MONEY:
        with pytest.raises(RuleBroken) as refused:
            check_terms(terms(money), non_cash=False)
        assert (refused.value.code, refused.value.article) == ("deposit_terms.only_cash", "保障中小企业款项支付条例第十三条")
        for guarantee in GUARANTEES:
            check_terms(terms(money, guarantee), non_cash=False)
    for guarantee in GUARANTEES:
        check_terms(terms(guarantee), non_cash=True)
    with pytest.raises(RuleBroken, match=r"deposit_terms\.no_form"):
        check_terms(terms(), non_cash=False)


def test_procurement_takes_no_cash() -> None:
    with pytest.raises(RuleBroken) as refused:
        check_terms(terms(Form.CASH, Form.BANK_GUARANTEE), non_cash=True)
    assert (refused.value.code, refused.value.article) == ("deposit_terms.cash", "政府采购法实施条例第三十三条")
    check_terms(UNSAID, non_cash=True)


def test_the_basic_account_binds_where_the_law_has_the_project_tendered_and_not_in_procurement() -> None:
    said = [basic_account_binds(procurement, mandatory) for procurement in (False, True) for mandatory in (False, True)]
    assert said == [False, True, False, False]
