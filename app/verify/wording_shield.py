"""The words of the verifier for the file of an award, Chinese first."""

from __future__ import annotations

from collections.abc import Mapping

CHECKS: Mapping[str, tuple[str, str]] = {
    "shield": (
        "定标档案逐条判定一致：材料、干预登记、对比表、定标报告，签署齐备后才发通知书",
        "the file of the award, judged again clause by clause, is complete; its report was signed by all before the award notice",
    ),
}

FAULTS: Mapping[str, tuple[str, str]] = {
    "clause_missing": ("在缺少程序要件时进行（{clause}）", "was done while a clause was missing ({clause})"),
    "matrix_differs": ("候选人对比表重新生成不符", "compared again the candidates come out otherwise"),
    "filed_late": ("定标报告生成之后才存档", "was filed after the award report had been drafted"),
    "award_report_differs": ("定标报告内容与签名陈述不符", "says something else than the signed statements make of it"),
    "award_report_unsigned": (
        "定标报告没有由招标人和全体成员签署",
        "came before tenderer and members had all signed the award report",
    ),
}
