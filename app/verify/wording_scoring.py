"""The words of the checks of scores after the sheets are signed, and of signatures under the report."""

from __future__ import annotations

from collections.abc import Mapping

CHECKS: Mapping[str, tuple[str, str]] = {
    "host_calls": ("呼叫主持人均出自在席席位，逐次处理", "calls for the host came from seats in office, and were seen to one by one"),
    "supervision": (
        "监督意见逐项答复和办结，查看均有目的，暂停期间评标室没有任何动作",
        "supervisors' acts were answered and closed in order, every view had its purpose, and a paused room stood still",
    ),
    "replaced": ("成员更换与此前的评审重算一致", "replacements of members, and what was concluded before them, hold when played again"),
    "reevaluation": (
        "复评有签名的决定，只改动决定列入的事项",
        "a committee evaluated again by a signed order, and changed what it named alone",
    ),
    "consistency": ("评分核对重算一致", "consistency checks of the scores, made again, find the same"),
    "doubts": ("畸高畸低评分的复核重新推演一致", "doubted scores, played again, come to the same"),
    "weighings": ("评标价的量化和价格扣除重算一致", "what was weighed between prices and evaluated prices comes out the same"),
    "unlocks": ("解锁评分经申请和有权人决定", "sheets were reopened on request, by who may decide"),
}

FAULTS: Mapping[str, tuple[str, str]] = {
    "host_call_differs": ("与席位 {seat} 的呼叫不符", "does not fit the calls of seat {seat}"),
    "measure_differs": ("与第 {no} 号监督意见的进展不符", "does not fit what had become of act {no}"),
    "measure_unknown": ("没有对应的监督意见", "is about no act of a supervisor"),
    "view_differs": ("与第 {no} 次查看的进展不符", "does not fit what had become of view {no}"),
    "while_paused": ("在评审暂停期间发生（{kind}）", "came while the room was paused ({kind})"),
    "leave_unsaid": ("成员被更换而无人签名说明", "hands a seat on that nobody has signed for"),
    "round_unordered": ("复评没有对应的决定", "opens a further round that nobody has ordered"),
    "while_reevaluated": ("在复评结果作出之前进行（{kind}）", "came while the committee was to evaluate again ({kind})"),
    "answer_differs": ("对评分核对的答复不符（{seat}）", "answers to what was not found of this member, or twice ({seat})"),
    "answer_missing": (
        "评分不一致事项未经本人重新评分或说明（{seat}）",
        "was drafted without a member's answer to what was found ({seat})",
    ),
    "doubt_differs": ("评分复核的提请、表决或说明不符", "says what could not be said of a doubted score then"),
    "doubt_miscounted": ("畸高畸低表决重新计票不符", "counted again the votes on a doubted score come to another result"),
    "doubt_open": ("尚有未了结的畸高畸低评分", "was drafted while a doubted score waited for something"),
    "map_not_two": (
        "代号未经交易中心和监督部门两人签署即开启",
        "was opened without two signatures, of centre and supervisor",
    ),
    "findings_differ": ("评分核对结果不符", "names other findings than the signed sheets give"),
    "technical_differs": ("技术评分重算不符", "computed again the technical result is another"),
    "lock_not_witnessed": ("技术评分锁定尚未见证", "the technical lock had not been witnessed by then"),
    "asked_of_others": ("索取对象与技术评审结果不符", "asks others than those who passed"),
    "prices_never_asked": ("从未索取商务标密钥", "adds up without ever asking for the prices"),
    "weighing_differs": ("评标价量化或价格扣除的表决重算不符", "computed again the vote on what was weighed comes out otherwise"),
    "weighing_open": ("尚有未表决的评标价量化或价格扣除", "came while something that may be weighed was undecided"),
    "summary_differs": ("评分重算不符（{field}）", "computed again the result is another ({field})"),
    "unlock_differs": ("解锁申请或决定不符", "is not a request or decision that could be made"),
    "unlock_open": ("尚有未决定的解锁申请（{seat}）", "came while a request to reopen a sheet was open ({seat})"),
    "sheet_reopened": ("已解锁的评分表未重新签名（{seat}）", "was reopened and not signed again ({seat})"),
    "refusal_differs": ("拒绝签字的记录不符", "notes a missing signature that it could not note"),
}
