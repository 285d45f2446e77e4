"""The words of how a lot takes its deposits."""

from __future__ import annotations

from collections.abc import Mapping

from core.web.i18n import lazy as _l

SENTENCES: Mapping[str, object] = {
    "deposit.no_transfer": _l("本标段不收转账形式的保证金。请按招标文件接受的形式办理保函。"),
    "deposit_terms.no_form": _l("请至少选择一种保证金形式。"),
    "deposit_terms.form_twice": _l("保证金形式重复了。请检查后重试。"),
    "deposit_terms.cash": _l("政府采购的投标保证金应当以非现金形式提交。请去掉“现金”。"),
    "deposit_terms.only_cash": _l("不得只接受现金、转账等资金形式的保证金。请至少再选择一种保函或保险，并且不得指定出具机构。"),
}
FORMS: Mapping[str, object] = {
    "transfer": _l("银行转账"),
    "cheque": _l("支票、汇票或本票"),
    "cash": _l("现金"),
    "bank_guarantee": _l("银行保函"),
    "insurance_bond": _l("保证保险"),
    "surety_bond": _l("担保机构保函"),
    "e_guarantee": _l("电子保函"),
}
