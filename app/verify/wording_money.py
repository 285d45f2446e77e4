"""What the verifier says of money: deposits, refunds, holds and what is kept."""

from __future__ import annotations

from collections.abc import Mapping

FAULTS: Mapping[str, tuple[str, str]] = {
    "amount_differs": ("金额不符", "the amount is another"),
    "interest_differs": ("利息重算为 {due} 分", "computed again the interest is {due} fen"),
    "payment_twice": ("同一笔银行流水出现两次", "is one bank entry counted twice"),
    "payment_unknown": ("所指银行流水不存在", "names a bank entry that is not there"),
    "deposit_unknown": ("所指保证金不存在", "names a deposit that is not there"),
    "refunded_twice": ("重复退款", "pays back twice"),
    "deposit_hold_unknown": ("所指的保证金暂缓令不存在或已解除", "names a hold on a deposit that does not stand"),
    "recall_not_sent": ("撤回的退款不在银行办理中", "recalls a refund that is not with the bank"),
    "recall_twice": ("同一笔退款重复撤回", "recalls a refund whose recall waits"),
    "recall_same_person": ("撤回的提出与批准为同一人", "was approved by who had proposed the recall"),
    "recall_unknown": ("没有相应的撤回申请，或已办结", "rests on a recall that is not there, or is over"),
    "recall_not_undone": ("银行停止的退款没有转回", "tells of a refund that the bank stopped, and its money is not back"),
    "sub_account_twice": ("子账号 {account} 注销两次", "cancels sub-account {account} twice"),
    "sub_account_not_empty": ("子账号 {account} 上还有款项", "cancels sub-account {account} while money lies on it"),
    "hold_not_over": ("暂缓期未满", "ends a hold before its last day has passed"),
    "sent_while_held": ("保证金暂缓退还期间发出了退款", "sends money while a hold stands on it"),
    "forfeit_no_failure": ("没有该投标人自身原因未解密的记录", "has no bid of this bidder that failed by its own doing"),
    "forfeit_undecided": ("没有招标人不予没收的决定", "gives back what still waits for a decision"),
    "forfeited_twice": ("同一笔保证金已有不予退还的决定", "is about a deposit that a decision keeps already"),
    "forfeited_unasked": ("没有招标人决定和监督意见即不予退还", "keeps a deposit without decision and note"),
    "rate_unknown": ("所指的利率提议不存在或已批准", "names a proposal that does not stand"),
    "rate_same_person": ("提议和批准利率的是同一人", "is approved by who proposed it"),
    "account_not_refused": ("所指退款没有因账户原因被银行退回", "is about a refund that the bank did not refuse for its account's sake"),
    "account_asked_twice": ("同一笔退款重复申请变更收款账户", "asks twice for another account of one refund"),
    "account_unknown": ("所指的收款账户变更申请不存在或未获批准", "names a request for another account that does not stand"),
    "account_differs": ("收款账户与申请的不一致", "names another account than was asked for"),
    "account_same_person": ("两次批准收款账户的是同一人", "is approved twice by one person"),
    "account_unpaid": ("收款账户变更获批后没有重新退款", "is approved, and no refund follows"),
    "treasury_unknown": ("所指的国库账户提议不存在或已批准", "names a treasury account that was not proposed"),
    "treasury_same_person": ("提议和批准国库账户的是同一人", "is approved by who proposed it"),
    "relief_unknown": ("终止的减免不存在或已终止", "ends a relief that does not stand"),
    "deposit_freed": (
        "本类项目按“{source}”免收保证金，仍要求缴纳",
        "asks a deposit of a kind of project that is freed of it by “{source}”",
    ),
    "waiver_unfit": ("当时不能使用这项信用减免（{why}）", "uses a waiver that could not be used then ({why})"),
    "decision_unknown": ("所指的不予退还决定不存在或已有意见", "names a decision that does not stand"),
}
"""Code → Chinese, English."""
