"""The words of draws of lots among equal bids."""

from __future__ import annotations

from collections.abc import Mapping

from core.web.i18n import lazy as _l

SENTENCES: Mapping[str, object] = {
    "tie_draw.not_found": _l("没有找到这次抽签，或者现在还不能查看。请刷新页面。"),
    "tie_draw.not_due": _l("汇总正在重新进行，或者这些投标不再并列，这次抽签现在不能继续。请刷新页面。"),
    "tie_draw.waiting": _l("有并列的投标等待抽签，抽签完成后才能生成评标报告。"),
    "tie_draw.commit.not_allowed": _l("只有招标人、交易中心和监督部门参加抽签。"),
    "tie_draw.commit.wrong_state": _l("承诺已经收齐，不能再提交。请刷新页面。"),
    "tie_draw.reveal.not_allowed": _l("只有招标人、交易中心和监督部门参加抽签。"),
    "tie_draw.reveal.wrong_state": _l("现在不能公开随机值。请等各方承诺收齐。"),
    "tie_draw.abandon.not_allowed": _l("只有交易中心可以重新抽签。"),
    "tie_draw.abandon.wrong_state": _l("这次抽签已经结束，不能重新抽签。请刷新页面。"),
}
