"""How a lot takes its deposits: the forms accepted, whether transfers add up, and whether the money must come from the basic account."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from core.kernel.body import Body
from core.kernel.errors import RuleBroken
from core.kernel.jcs import JSON

ONLY_CASH_ARTICLE = "保障中小企业款项支付条例第十三条"  # and 发改法规〔2023〕27号: guarantees are taken beside cash
NON_CASH_ARTICLE = "政府采购法实施条例第三十三条"  # 以支票、汇票、本票或者金融机构、担保机构出具的保函等非现金形式提交


class Form(Enum):
    """A form in which a deposit may be given. There is no room for the name of an issuer: none may be named (发改法规〔2023〕27号)."""

    TRANSFER = "transfer"
    CHEQUE = "cheque"
    CASH = "cash"
    BANK_GUARANTEE = "bank_guarantee"
    INSURANCE_BOND = "insurance_bond"
    SURETY_BOND = "surety_bond"  # of a guarantee company
    E_GUARANTEE = "e_guarantee"


MONEY = frozenset({Form.TRANSFER, Form.CHEQUE, Form.CASH})
GUARANTEES = frozenset(Form) - MONEY


@dataclass(frozen=True, slots=True)
class DepositTerms:
    """What a tender document says of its deposit besides the amount. `several`: several transfers add up."""

    forms: tuple[Form, ...]
    several: bool

    @classmethod
    def read(cls, body: Body) -> DepositTerms:
        """Of the member `deposit_terms` of a signed body; raises RuleBroken `body.malformed` naming the member."""
        forms = [Body({"forms": text}, "deposit_terms.").choice("forms", Form) for text in body.texts("forms", most=len(Form), each=20)]
        if len(set(forms)) < len(forms):
            raise RuleBroken("deposit_terms.form_twice")
        read = cls(tuple(forms), body.flag("several"))
        body.done()
        return read

    @classmethod
    def kept(cls, said: Mapping[str, object]) -> DepositTerms:
        """As they stand in the database."""
        return cls.read(Body(said))

    def to_json(self) -> dict[str, JSON]:
        """As they stand in the signed body."""
        return {"forms": [form.value for form in self.forms], "several": self.several}


UNSAID = DepositTerms((Form.TRANSFER, Form.BANK_GUARANTEE, Form.INSURANCE_BOND, Form.SURETY_BOND, Form.E_GUARANTEE), several=True)
"""What holds where a document says nothing: every form without cash."""


def check_terms(terms: DepositTerms, non_cash: bool) -> None:
    """Raises RuleBroken for terms that leave bidders too few ways; `non_cash`: the regime forbids cash (procurement)."""
    if not terms.forms:
        raise RuleBroken("deposit_terms.no_form")
    if non_cash and Form.CASH in terms.forms:
        raise RuleBroken("deposit_terms.cash", NON_CASH_ARTICLE)
    if not GUARANTEES & set(terms.forms):
        raise RuleBroken("deposit_terms.only_cash", ONLY_CASH_ARTICLE)


def basic_account_binds(is_procurement: bool, legally_mandatory: bool) -> bool:
    """Whether money must come from the basic account: of domestic bidders of projects that must be tendered by law (Regulation on Tendering
    and Bidding, art. 26); procurement asks for no cash, and for no particular account (Regulation on Government Procurement, art. 33)."""
    return legally_mandatory and not is_procurement
