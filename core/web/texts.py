"""The catalogue of the ground's own refusals, and the one function that turns a refusal's code into its sentence."""

from __future__ import annotations

from collections.abc import Mapping

from core.kernel.errors import Refusal
from core.web.i18n import lazy as _l
from core.web.i18n import text

SENTENCES: Mapping[str, object] = {
    "web.log_in": _l("请先登录，再继续这一步。"),
    "web.not_your_page": _l("您的身份不能使用这个页面。请切换身份，或返回首页。"),
    "web.other_site": _l("这个请求来自其他网站，已拒绝。请从本平台的页面操作。"),
    "web.csrf": _l("页面停留过久，安全校验已失效。请刷新页面后重试，已填写的内容请先复制保存。"),
    "web.not_found": _l("没有找到这个页面。请检查网址，或从首页查找。"),
    "web.method": _l("这个网址不支持这样的操作。请返回上一页重试。"),
    "web.too_large": _l("提交的内容太大。请缩小后重试。"),
    "web.too_many": _l("操作过于频繁。请稍候再试。"),
    "web.bad_request": _l("提交的内容无法读取。请检查后重试。"),
    "web.input": _l("有内容填写不正确，请按提示修改：%(fields)s。"),
    "web.fault": _l("平台内部出现故障，您的操作没有生效。请稍后重试；如再次出现，请把请求编号 %(request_id)s 告诉我们。"),
    "web.unknown_outcome": _l("暂时无法确认操作是否已生效。请刷新页面查看结果后再决定是否重试。"),
    "web.closing": _l("平台正在维护重启，操作没有生效。请一分钟后重试。"),
    "upload.offset": _l("上传位置不一致，请从已保存的位置 %(offset)s 继续。"),
    "upload.missing": _l("没有找到这次上传，可能已过期。请重新上传。"),
    "upload.too_long": _l("文件超过允许的大小 %(most)s 字节。请拆分后重试。"),
    "upload.no_space": _l("平台存储空间不足，暂时不能接收。请联系交易中心。"),
    "upload.checksum": _l("这一段在传输中损坏，请重传这一段。"),
    "upload.form": _l("上传请求的格式不正确：%(header)s。请使用 tus 1.0.0 客户端。"),
    "sheet.none": _l("请选择要上传的 Excel 表格。"),
    "sheet.too_large": _l("表格超过 %(most)s MB。请分成几份上传。"),
    "sheet.unreadable": _l("这不是可以读取的 .xlsx 表格。请用模板另存后上传。"),
    "sheet.heads": _l("表头与模板不一致。请下载模板，不要改动第一行。"),
    "sheet.too_many": _l("超过 %(most)s 行。请分成几份上传。"),
    "sheet.empty": _l("这一格必须填写。"),
    "sheet.formula": _l("不能以 =、+、@ 开头。请改为文字。"),
    "sheet.malformed": _l("内容不正确或太长。请检查。"),
    "sheet.day": _l("日期不正确。请写成 2026-11-30。"),
    "sheet.twice": _l("与第 %(row)s 行重复。请去掉一行。"),
}

BY_SUFFIX = {
    "not_found": _l("没有找到您要的内容。请检查编号，或返回上一页。"),
    "not_allowed": _l("您的身份不能进行这一步。请切换身份，或联系经办人。"),
    "wrong_state": _l("当前阶段不能进行这一步。请刷新页面查看最新状态。"),
}
UNKNOWN = _l("这一步现在不能进行（%(code)s）。请刷新页面查看当前状态。")


def sentence(refusal: Refusal, sentences: Mapping[str, object]) -> str:
    """The sentence of a refusal in the reader's language, its gaps filled with the refusal's facts."""
    words = sentences.get(refusal.code) or BY_SUFFIX.get(refusal.code.rpartition(".")[2])
    return text(words, refusal.facts) if words else text(UNKNOWN, {"code": refusal.code})
