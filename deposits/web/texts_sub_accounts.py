"""The words of sub-accounts without money."""

from __future__ import annotations

from collections.abc import Mapping

from core.web.i18n import lazy as _l

SENTENCES: Mapping[str, object] = {
    "sub_account.none": _l("请选择要注销的子账号，每次最多 500 个，不要重复。"),
    "sub_account.not_found": _l("没有找到这个子账号。请刷新页面后重试。"),
    "sub_account.cancelled": _l("子账号 %(sub_account)s 已经注销。请刷新页面查看。"),
    "sub_account.in_use": _l("子账号 %(sub_account)s 的保证金还没有办完，不能注销。"),
    "sub_account.not_empty": _l("子账号 %(sub_account)s 账上还有 %(balance)s 元，不能注销。请先退还或查清。"),
}
SHEET = _l("子账号")
COLUMNS = (_l("标段"), _l("投标人"), _l("子账号"), _l("注销时间"), _l("注销人"), _l("理由"))
