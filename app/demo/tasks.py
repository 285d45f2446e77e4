"""The accounts of a loaded demonstration, and what each of them is for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from app.demo.case import PASSWORD, CaseFile

TASKS: dict[str, tuple[str, str]] = {
    "centre": ("主持 {opening} 开标：开始、确认到场、唱标、签记录", "host the opening of {opening}"),
    "supervisor": (
        "监督 {opening} 开标与 {scoring} 评标，全程看不到分数；会签一项保证金信用减免",
        "watch the opening of {opening} and the room of {scoring}; countersign a waiver of deposits",
    ),
    "bidder": (
        "在 {opening} 签到并用恢复密钥解密；在 {bidding} 封标递交",
        "open {opening} with the recovery key; seal a bid for {bidding}",
    ),
    "seal": ("在 {bidding} 封标递交（保证金已到账）", "seal a bid for {bidding}, whose deposit is paid"),
    "score": ("在 {scoring} 完成最后一席技术评分并签名", "score the last seat of {scoring} and sign"),
    "ballot": ("在 {award} 投出定标票", "vote in the award of {award}"),
    "agency": ("起草新的招标项目", "draft a new project"),
    "tenderer": ("会签项目、发布公告、查看 {award} 定标", "countersign projects, publish notices, watch the award of {award}"),
    "finance": (
        "核对保证金与退款，处理一笔待查款项，清退沉淀保证金",
        "reconcile deposits and refunds, decide about an unmatched payment, give back dormant deposits",
    ),
    "officer": ("用 gongheng officer 释放密钥份额", "release shares with gongheng officer"),
    "admin": ("管理人员与演示时钟", "manage people and the demonstration's clock"),
}


def accounts(case: CaseFile, lots: Mapping[str, str], left: Mapping[str, str]) -> list[dict[str, Any]]:
    """`[{role, name, password, person, task, task_en}]`: `name` is the login name; who has a task left comes before others of the role."""
    people = sorted(case.people, key=lambda one: one["login"] not in left)
    made = []
    for one in people:
        words = TASKS.get(left.get(one["login"], one["role"]), ("", ""))
        zh, en = (text.format_map(lots) for text in words)
        made.append({"role": one["role"], "name": one["login"], "password": PASSWORD, "person": one["name"], "task": zh, "task_en": en})
    return made


def shown(people: Sequence[Mapping[str, Any]], data_dir: Path, english: bool) -> Iterator[str]:
    """One line for each account that has something to do."""
    yield "demonstration accounts" if english else "演示账号"
    for one in people:
        if one["task"]:
            yield f"  {one['role']:<13} {one['name']:<19} {one['password']}  {one['task_en' if english else 'task']}"
    where = data_dir / "demo-keys"
    yield f"  recovery keys and officers' keys: {where}" if english else f"  恢复密钥与密钥员密钥：{where}"
