"""The words of the verifier for old ledgers of deposits, Chinese first."""

from __future__ import annotations

from collections.abc import Mapping

CHECKS: Mapping[str, tuple[str, str]] = {
    "dormant": (
        "沉淀保证金逐笔相符：入账有签名，支付经两人，只付一次，利息重算一致",
        "old deposits came in as signed and went where two persons decided, once, with interest to the fen",
    ),
}
FAULTS: Mapping[str, tuple[str, str]] = {
    "dormant_twice": ("同一笔保证金出现两次", "holds the same deposit twice"),
    "dormant_unknown": ("涉及台账中没有的保证金", "is about deposits that the ledger does not have"),
    "dormant_claim_open": ("已有申领正在办理", "came while another claim was open"),
    "dormant_claim_unknown": ("所依据的申领不存在或已办结", "rests on a claim that is not there, or is over"),
    "dormant_not_claimable": ("这笔保证金已经支付", "claims what was paid already"),
    "dormant_decided": ("这笔保证金已有支付决定", "is about a deposit that was decided on already"),
    "dormant_proposal_unknown": ("没有相应的支付提议，或已办结", "rests on a proposal that is not there, or is over"),
    "dormant_same_person": ("提出与批准为同一人（{actor}）", "was approved by who had proposed it ({actor})"),
    "dormant_too_much": ("转入超过旧账户余额", "moves in more than the earlier account held"),
    "dormant_not_moved_in": ("支付超过已转入的资金", "pays more than had been moved in"),
    "payee_differs": ("收款账户与申领不符", "pays another account than the claim names"),
}
NOTES: Mapping[str, tuple[str, str]] = {
    "dormant_open": (
        "截至导出时，还有 {count} 笔、{total} 元未清退",
        "when this was exported, {count} deposits, {total} yuan, were outstanding",
    ),
}
