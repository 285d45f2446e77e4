"""More words of the hall: the draw of coefficients, odd files, and records that are not signed."""

from __future__ import annotations

from collections.abc import Mapping

from core.kernel.parsing.parsed import Oddity
from core.web.i18n import lazy as _l
from trading.domain.lots_drawn import DrawState

SENTENCES: Mapping[str, object] = {
    "opening.coefficients_missing": _l("系数还没有抽取。请等三方公开随机值、系数抽出后，再确认到场、开始解密。"),
    "coefficient.not_found": _l("没有找到这次系数抽取。请刷新开标页面查看。"),
    "coefficient_draw.not_found": _l("没有找到这次系数抽取。请刷新开标页面查看。"),
    "coefficient.not_a_party": _l("本方不参加这一次系数抽取。请在开标页面查看参加各方。"),
    "coefficient.party.other": _l("您只能以本方（%(party)s）的名义提交。请刷新页面后重试。"),
    "coefficient.commit.not_allowed": _l("只有招标人、交易中心和监督部门参加系数抽取。请切换身份后重试。"),
    "coefficient.commit.wrong_state": _l("承诺已经收齐，不能再提交。请刷新页面查看抽取进度。"),
    "coefficient.commit.twice": _l("本方已经提交过承诺，不能更换。请等待其他各方。"),
    "coefficient.commits_missing": _l("承诺还没有收齐。请等待其他各方提交承诺。"),
    "coefficient.reveal.not_allowed": _l("只有招标人、交易中心和监督部门参加系数抽取。请切换身份后重试。"),
    "coefficient.reveal.wrong_state": _l("现在不能公开随机值。请等各方承诺收齐后再公开。"),
    "coefficient.reveal.twice": _l("本方的随机值已经公开，不需要再次公开。"),
    "coefficient.reveal.differs": _l("公开的随机值与本方的承诺不符。请用提交承诺时的设备和浏览器公开。"),
    "coefficient.reveals_missing": _l("随机值还没有全部公开。请等待其他各方公开。"),
    "coefficient.abandon.not_allowed": _l("只有交易中心的主持人可以重新抽取系数。"),
    "coefficient.abandon.wrong_state": _l("这次抽取已经结束，不能重新抽取。请刷新页面查看。"),
    "coefficient.redraw.early": _l("须有一方超过 %(minutes)s 分钟没有动作，才能重新抽取。请稍候再试。"),
    "coefficient.close.not_allowed": _l("承诺收齐后由平台自动进入公开阶段，不需要操作。"),
    "coefficient.draw.not_allowed": _l("随机值全部公开后由平台自动算出系数，不需要操作。"),
    "coefficient.close.wrong_state": _l("承诺已经收齐，不需要再次操作。请刷新页面查看。"),
    "coefficient.draw.wrong_state": _l("系数已经抽出，不需要再次操作。请刷新页面查看。"),
    "opening.file.not_found": _l("本单位的投标文件中没有这个文件。请从开标页面下载。"),
    "opening.decline_record.not_allowed": _l("只有签收清单上的投标人可以声明不签署。请切换身份后重试。"),
    "opening.decline_record.wrong_state": _l("现在没有等待签署的开标记录。请刷新页面查看开标进度。"),
    "opening.record.absent": _l("没有签到的投标人不需要签署，也不需要声明。"),
}

COEFFICIENT_STAGE = _l("抽取系数")
DRAW_STATES: Mapping[DrawState, tuple[object, str]] = {
    DrawState.REQUESTED: (_l("等待各方承诺"), "info"),
    DrawState.COMMITTED: (_l("承诺收齐，等待公开"), "info"),
    DrawState.DRAWN: (_l("已抽出"), "ok"),
    DrawState.ABANDONED: (_l("已放弃，重新抽取"), "warn"),
}
PARTIES: Mapping[str, object] = {"centre": _l("交易中心"), "supervisor": _l("监督部门"), "tenderer": _l("招标人")}

ODDITIES: Mapping[Oddity, object] = {
    Oddity.EMPTY: _l("文件是空的"),
    Oddity.NAME_DIFFERS: _l("文件内容与扩展名不符"),
    Oddity.PROGRAM: _l("文件是可执行程序"),
    Oddity.DAMAGED: _l("文件已损坏，不能完整读取"),
    Oddity.ENCRYPTED: _l("文件设有打开密码"),
    Oddity.LEADING_BYTES: _l("文件开头之前还有其他内容"),
    Oddity.TRAILING_BYTES: _l("文件结尾之后还有其他内容"),
    Oddity.ALSO_ARCHIVE: _l("文件同时也是一个压缩包"),
    Oddity.INFLATES: _l("解压后异常膨胀"),
    Oddity.SCRIPT: _l("含有脚本"),
    Oddity.LAUNCH: _l("含有启动其他程序的操作"),
    Oddity.EMBEDDED_FILE: _l("内嵌其他文件"),
    Oddity.RICH_MEDIA: _l("含有多媒体对象"),
    Oddity.XFA: _l("含有 XFA 动态表单"),
    Oddity.AUTOMATIC_ACTION: _l("打开或翻页时自动执行操作"),
    Oddity.MACRO: _l("含有宏"),
    Oddity.TOO_MANY_ENTRIES: _l("压缩包内文件过多"),
    Oddity.LINK: _l("压缩包内含有链接"),
    Oddity.PATH_OUTSIDE: _l("压缩包内含有指向包外的路径"),
    Oddity.OUT_OF_TIME: _l("读取超时，已停止读取"),
    Oddity.OUT_OF_MEMORY: _l("读取占用内存过多，已停止读取"),
    Oddity.READER_FAILED: _l("读取程序意外终止"),
}
