"""The words of the verifier for deposits, and for the chains of the collecting account, Chinese first."""

from __future__ import annotations

from collections.abc import Mapping

CHECKS: Mapping[str, tuple[str, str]] = {
    "deposits": ("保证金收退相符，每笔只退一次", "deposits came and went back once, to the fen"),
    "payouts": (
        "退款批次经两人放行，对账差异逐项了结，无主款项经决定退回且只退一次",
        "batches were released by two persons, differences closed once, nobody's payments sent back once by a person's decision",
    ),
}
FAULTS: Mapping[str, tuple[str, str]] = {
    "batch_changed": ("批次 {batch} 在签名后或放行后又有变动", "changes batch {batch} after it was signed or released"),
    "batch_unknown": ("没有等待两人放行的批次 {batch}", "releases {batch}, which does not wait for two persons"),
    "batch_same_person": ("两次放行为同一人（{actor}）", "was released twice by the same person ({actor})"),
    "difference_twice": ("同一项差异了结了两次", "closes a difference that was closed already"),
}
NOTES: Mapping[str, tuple[str, str]] = {
    "batches_unsigned": ("截至导出时，还有 {count} 个批次等待放行", "When this was exported, {count} batches waited to be released"),
    "suspense_left_out": (
        "本包不含待查款项：有标段未开标时不导出",
        "Payments in suspense are not in this package: while any lot is sealed they are not exported",
    ),
}
