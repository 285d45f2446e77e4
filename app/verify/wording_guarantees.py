"""What the verifier says of guarantees: (Chinese, English)."""

from __future__ import annotations

from collections.abc import Mapping

CHECKS: Mapping[str, tuple[str, str]] = {
    "guarantees": (
        "电子保函由已登记的担保机构签署，开标后按约定的密钥启封，核验结论相符",
        "guarantees are signed by registered guarantors, were opened after the opening, and are what was found",
    ),
    "performance": (
        "履约保证金按招标文件要求，签订合同前已提交，履约后经招标人确认退还",
        "performance security is what the document asks for, was there before the contract, and went back by the tenderer's word",
    ),
}
FAULTS: Mapping[str, tuple[str, str]] = {
    "guarantor_unknown": ("担保机构没有由交易中心登记（{root}）", "names a guarantor that the centre had not registered ({root})"),
    "guarantee_unknown": ("所指保函不存在", "names a guarantee that is not there"),
    "guarantee_twice": ("同一投标人同时有两份保函", "gives one bidder two guarantees at once"),
    "claim_out_of_order": ("索赔此时处于 {state}，不能如此", "cannot happen to a claim that is {state}"),
    "ended_while_claimed": ("索赔未了即终止保函", "ends a guarantee while a claim under it is open"),
    "security_unasked": ("招标文件或中标通知书没有要求这笔履约保证金", "is a security that neither document nor award asks for"),
    "security_not_returned": ("招标人未确认履约即退还", "gives a security back without the tenderer's word"),
    "guarantee_out_of_order": ("保函此时处于 {state}，不能如此", "cannot happen to a guarantee that is {state}"),
    "validity_differs": ("有效期与招标文件和截止时间不符", "names another validity than document and deadline ask for"),
    "version_differs": ("保函版本次序不符", "numbers its version out of order"),
    "opened_too_early": ("开标前启封", "was opened before the opening"),
    "finding_differs": ("重新核验的结论不同", "does not say what is found when it is examined again"),
    "terms_differ": ("核验所依据的要求不符", "was held against other terms than the lot's"),
    "reason_differs": ("理由 {reason} 没有相应的事实", "gives a reason, {reason}, for which nothing happened"),
    "file_differs": ("文件不是开立时承诺的文件", "names another file than was committed to when it was issued"),
}
