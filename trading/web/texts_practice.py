"""The words of the practice: its refusals and the titles of its envelopes."""

from __future__ import annotations

from collections.abc import Mapping

from core.web.i18n import lazy as _l

TITLES: Mapping[str, object] = {"technical": _l("技术标（练习）"), "commercial": _l("商务标（练习）")}
ENDED = _l("练习已结束，练习用的文件和记录已全部删除。")

SENTENCES: Mapping[str, object] = {
    "practice.not_found": _l("没有正在进行的练习，可能已到时自动清空。请打开“练习投标”重新开始。"),
    "bid.seal.mixed": _l("标书 %(env)s 的密文上传到了别处：练习与真实投标的上传不能混用。请在本页重新密封并上传。"),
    "practice.release.version": _l("要解密的不是当前的第 %(ver)s 版。请刷新页面后重试。"),
    "bid.lock.wrong_state": _l("还没有递交任何投标文件，不能模拟开标。请先加密、上传并签名递交。"),
}
