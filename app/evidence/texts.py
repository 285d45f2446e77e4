"""The words of the evidence package: its README, and a sentence for each refusal."""

from __future__ import annotations

from collections.abc import Mapping

from core.web.i18n import lazy as _l

SENTENCES: Mapping[str, object] = {
    "package.no_batch": _l("还没有退款批次，因此还没有可以导出的证据包。标段开标后到期的退款成批时，再来下载。"),
    "package.case_open": _l("案卷尚未结案，结案后方可导出证据包。"),
    "package.not_witnessed": _l("最后的记录尚待见证方签名，请约一分钟后再试。"),
    "package.no_stamp": _l("时间戳服务暂无应答，请稍后再试。"),
    "package.key_unknown": _l("有一把签名密钥查不到登记，请联系平台管理员。"),
}

ABOUT = """\
公衡 Gongheng 证据包 / evidence package of case {case}

核验 / to check:   gongheng verify PACKAGE.zip --policy TRUSTED.txt
信任文件 TRUSTED.txt 须从独立渠道取得，包内 policy/ 只供对照。
TRUSTED.txt must come from elsewhere (gazette, tender document); nothing under policy/ in here is trusted.
不用本程序也能核对 / without our program:
  sha256sum -c manifest-sha256.txt · openssl ts -verify · openssl verify · age -d · any C2SP tlog client
"""
