"""The words of notices: the name of each kind and what it says, for pages, papers and feeds alike; a new kind is one row of `NOTICES`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from core.kernel import clock
from core.web.filters import beijing, yuan
from core.web.i18n import lazy as _l
from core.web.i18n import text
from trading.domain.award_plan import AwardMethod
from trading.domain.failure import FailureReason
from trading.domain.invitation import REASON_ARTICLES, InvitationReason
from trading.domain.notice import NoticeKind
from trading.domain.retender import Sequel
from trading.queries.notices import NoticeView
from trading.web.texts_award_plan import AWARD_METHODS
from trading.web.texts_entry import INVITATION_REASONS
from trading.web.texts_retender import SEQUELS


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of a notice: what, and how much; a digest is set so that it can be compared."""

    label: object
    value: str
    is_digest: bool = False


@dataclass(frozen=True, slots=True)
class Rows:
    """A table of a notice; the last column holds amounts."""

    caption: object
    heads: tuple[object, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeText:
    """What a notice says beside what all notices say."""

    facts: tuple[Fact, ...] = ()
    table: Rows | None = None
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NoticeWords:
    """A kind of notice: its name, and what one of it says."""

    name: object
    tells: Callable[[NoticeView], NoticeText]


def _moment(body: Mapping[str, Any], name: str) -> str:
    return beijing(clock.moment(body[name]))


def _tender(view: NoticeView) -> NoticeText:
    body = view.body
    deadline = _moment(body, "deadline")
    return NoticeText(
        facts=(
            Fact(_l("招标文件发出"), _moment(body, "release_at")),
            Fact(_l("投标截止"), deadline),
            Fact(_l("开标时间"), deadline + text(_l("（与投标截止为同一时刻）"))),
            Fact(_l("候选人公示期"), text(_l("%(days)s 日"), {"days": body["publicity_days"]})),
            Fact(_l("招标文件摘要"), body["document_sha256"], is_digest=True),
            *_award_plan(view),
            *(_invitation(view) if "invitation" in body else ()),
            *((Fact(_l("招标方式"), text(_l("公开招标，已进行资格预审，由通过的申请人投标"))),) if "prequalification" in body else ()),
            *(_retender(body["retender"]) if "retender" in body else ()),
            *(fact for one in body.get("deviations", ()) for fact in _deviation(one)),
        ),
        remarks=_moved_since(view),
    )


def _award_plan(view: NoticeView) -> tuple[Fact, ...]:
    """How the winner is found, and the plan that says so: fixed before the notice."""
    lot = view.lot
    if not lot.award_plan:
        return ()
    method = text(AWARD_METHODS[AwardMethod(lot.award_plan["method"])])
    return (
        Fact(_l("定标方法"), text(_l("评定分离，%(method)s"), {"method": method}) if lot.separation else method),
        Fact(_l("定标方案摘要"), lot.award_plan_sha256, is_digest=True),
    )


def _prequalification(view: NoticeView) -> NoticeText:
    body = view.body
    return NoticeText(
        facts=(
            Fact(_l("资格预审文件发出"), _moment(body, "release_at")),
            Fact(_l("资格预审文件停止发出"), _moment(body, "release_until")),
            *((Fact(_l("原资格预审申请截止"), _moment(body, "deadline_before")),) if "deadline_before" in body else ()),
            Fact(_l("资格预审申请截止"), _moment(body, "deadline")),
            Fact(_l("资格预审文件摘要"), body["document_sha256"], is_digest=True),
        ),
        remarks=(
            *((text(_l("修改内容和原因")), body["reason"]) if "reason" in body else ()),
            text(_l("资格预审文件免费下载。申请人的名单和数量在开标前不公开，审查结果分别通知各申请人。")),
        ),
    )


def _invitation(view: NoticeView) -> tuple[Fact, ...]:
    said = view.body["invitation"]
    reason = InvitationReason(said["reason"])
    ground = f"{text(INVITATION_REASONS[reason.value])}（{REASON_ARTICLES[view.line.regime, reason]}）"
    approval = (Fact(_l("审批文号"), said["approval"]),) if said["approval"] else ()
    return (
        Fact(_l("招标方式"), text(_l("邀请招标"))),
        Fact(_l("邀请招标的情形"), ground),
        Fact(_l("说明"), said["explanation"]),
        *approval,
    )


def _moved_since(view: NoticeView) -> tuple[str, ...]:
    """That what was signed here is no longer what is in force."""
    lot, said = view.lot, []
    if lot.deadline is not None and lot.deadline != clock.moment(view.body["deadline"]):
        said += [text(_l("投标截止时间已经顺延。")), text(_l("现为 %(moment)s，开标同时顺延。"), {"moment": beijing(lot.deadline)})]
    if lot.document_sha256 != view.body["document_sha256"]:
        said += [text(_l("招标文件发布后有修改。")), text(_l("请到标段页面查看现行版本和历次修改。"))]
    return tuple(said)


def _amendment(view: NoticeView) -> NoticeText:
    body = view.body
    return NoticeText(
        facts=(
            Fact(_l("招标文件版本"), text(_l("第 %(version)s 版"), {"version": body["version"]})),
            Fact(_l("招标文件摘要"), body["document"]["document_sha256"], is_digest=True),
            *_deadlines(body),
        ),
        remarks=(text(_l("修改内容和原因")), body["reason"]),
    )


def _clarification(view: NoticeView) -> NoticeText:
    body = view.body
    said = [words for one in body["answers"] for words in (f"{text(_l('问'))}　{one['question']}", f"{text(_l('答'))}　{one['answer']}")]
    return NoticeText(facts=_deadlines(body), remarks=tuple(said))


def _deadlines(body: Mapping[str, Any]) -> tuple[Fact, ...]:
    moved = text(_l("（顺延）")) if body["deadline"] != body["deadline_before"] else text(_l("（不变）"))
    return (
        Fact(_l("原投标截止"), _moment(body, "deadline_before")),
        Fact(_l("现投标截止"), _moment(body, "deadline") + moved),
    )


def _deviation(one: Mapping[str, str]) -> tuple[Fact, ...]:
    return (
        Fact(_l("偏离标准期限"), one["rule"]),
        Fact(_l("偏离理由"), one["reason"]),
        Fact(_l("批准人"), one["approver_name"]),
    )


def _candidates(view: NoticeView) -> NoticeText:
    body = view.body
    late = body["late_reason"]
    rows = [(one["name"], str(one["rank"]) if one["rank"] else text(_l("不排序")), yuan(one["price_fen"])) for one in body["candidates"]]
    return NoticeText(
        facts=(
            Fact(_l("公示开始"), body["from"]),
            Fact(_l("公示结束"), body["until"]),
            Fact(_l("评标报告摘要"), body["report_sha256"], is_digest=True),
            *_award_plan(view),
            *_published_winner(body),
        ),
        table=Rows(_l("中标候选人"), (_l("候选人"), _l("排序"), _l("投标报价")), tuple(rows)),
        remarks=(
            *((text(_l("推迟公示的原因：%(reason)s"), {"reason": late}),) if late else ()),
            text(_l("对评标结果有异议的，应在公示期内向招标人提出（招标投标法实施条例第五十四条）。")),
        ),
    )


def _published_winner(body: Mapping[str, Any]) -> tuple[Fact, ...]:
    """Where the result is published after the award: who is to win."""
    if "winner" not in body:
        return ()
    name = next(str(one["name"]) for one in body["candidates"] if one["org"] == body["winner"])
    return Fact(_l("拟中标人"), name), Fact(_l("定标结果摘要"), body["result_sha256"], is_digest=True)


def _awarded(told: Mapping[str, Any]) -> str:
    """The award as its report tells it, in a sentence."""
    said = {name: told[name] for name in ("members", "rounds", "votes")} | {"method": text(AWARD_METHODS[AwardMethod(told["method"])])}
    if told["votes"] is None:
        return text(_l("定标委员会 %(members)s 人，按定标方案采用%(method)s，由此确定中标人。"), said)
    return text(_l("定标委员会 %(members)s 人，按定标方案采用%(method)s，经 %(rounds)s 轮投票，中标人得 %(votes)s 票。"), said)


def _result(view: NoticeView) -> NoticeText:
    body = view.body
    told = body.get("award")
    return NoticeText(
        facts=(
            Fact(_l("中标人"), body["winner_name"]),
            Fact(_l("中标价"), yuan(body["price_fen"])),
            Fact(_l("定标结果摘要"), body["result_sha256"], is_digest=True),
            *_award_plan(view),
            *((Fact(_l("定标报告摘要"), told["report_sha256"], is_digest=True),) if told else ()),
        ),
        remarks=(_awarded(told),) if told else (),
    )


def _contract(view: NoticeView) -> NoticeText:
    body = view.body
    return NoticeText(
        facts=(Fact(_l("合同价"), yuan(body["price_fen"])), Fact(_l("合同文本摘要"), body["contract_sha256"], is_digest=True)),
        remarks=((text(_l("推迟订立合同的原因：%(reason)s"), {"reason": body["late_reason"]}),) if body["late_reason"] else ()),
    )


FAILURES: Mapping[FailureReason, object] = {
    FailureReason.TOO_FEW: _l("投标截止时投标人少于三家，依法不开标（%(article)s）。"),
    FailureReason.ALL_REJECTED: _l("评标委员会否决了全部投标（%(article)s）。"),
    FailureReason.FEW_APPLICANTS: _l("资格预审申请人少于三家，申请文件依法不开启（%(article)s）。"),
    FailureReason.FEW_PASSED: _l("通过资格预审的申请人少于三家（%(article)s）。"),
}


def _failure(view: NoticeView) -> NoticeText:
    body = view.body
    ended = text(FAILURES[FailureReason(body["reason"])], {"article": body["article"]})
    refunds = text(_l("已缴纳的投标保证金连同利息依法退还。"))
    if "sequel" not in body:  # published before notices said it
        return NoticeText(remarks=(ended, refunds))
    return NoticeText(remarks=(ended, text(SEQUELS[Sequel(body["sequel"])], {"article": body["sequel_article"]}), refunds))


def _plain(view: NoticeView) -> NoticeText:
    """What is said in words alone: the members of the body that every such notice has."""
    said = (view.body.get(name) for name in ("text", "reason", "late_reason"))
    deadline = view.body.get("deadline")
    facts = (Fact(_l("投标截止"), beijing(clock.moment(deadline))),) if deadline else ()
    return NoticeText(facts=facts, remarks=tuple(str(words) for words in said if words))


def _retender(said: Mapping[str, Any]) -> tuple[Fact, ...]:
    attempt = Fact(_l("重新招标"), text(_l("第 %(attempt)s 次招标"), {"attempt": said["round"]}))
    return attempt, Fact(_l("前次标段"), said["predecessor"])


def _termination(view: NoticeView) -> NoticeText:
    return NoticeText(remarks=(str(view.body["reason"]), text(_l("已缴纳的投标保证金连同利息依法退还。"))))


NOTICES: Mapping[NoticeKind, NoticeWords] = {
    NoticeKind.PREQUALIFICATION: NoticeWords(_l("资格预审公告"), _prequalification),
    NoticeKind.TENDER: NoticeWords(_l("招标公告"), _tender),
    NoticeKind.AMENDMENT: NoticeWords(_l("修改公告"), _amendment),
    NoticeKind.CLARIFICATION: NoticeWords(_l("澄清公告"), _clarification),
    NoticeKind.SUSPENSION: NoticeWords(_l("暂停公告"), _plain),
    NoticeKind.RESUMPTION: NoticeWords(_l("恢复公告"), _plain),
    NoticeKind.TERMINATION: NoticeWords(_l("终止公告"), _termination),
    NoticeKind.FAILURE: NoticeWords(_l("流标公告"), _failure),
    NoticeKind.CANDIDATES: NoticeWords(_l("中标候选人公示"), _candidates),
    NoticeKind.RESULT: NoticeWords(_l("中标结果公告"), _result),
    NoticeKind.CONTRACT: NoticeWords(_l("合同公告"), _contract),
    NoticeKind.DECISION: NoticeWords(_l("处理决定公告"), _plain),
}
NOTICE_KINDS: Mapping[NoticeKind, object] = {kind: words.name for kind, words in NOTICES.items()}
