"""The words of logins by electronic business licence."""

from __future__ import annotations

from collections.abc import Mapping

from core.web.i18n import lazy as _l

SENTENCES: Mapping[str, object] = {
    "licence.provider": _l("没有这个电子营业执照平台。请从登录页选择。"),
    "licence.away": _l("电子营业执照平台暂时没有应答。请稍后重试，或用用户名和密码登录。"),
    "licence.declined": _l("您没有在电子营业执照平台确认登录。请重新登录，或用用户名和密码登录。"),
    "licence.state": _l("这次登录已失效，或不是从本浏览器开始的。请从登录页重新开始。"),
    "licence.used": _l("这次登录已经用过，不能重复使用。请从登录页重新开始。"),
    "licence.code": _l("电子营业执照平台不认可这次登录。请从登录页重新开始。"),
    "licence.issuer": _l("答复不是来自所选的电子营业执照平台，已拒绝。请从登录页重新开始；如再次出现，请联系交易中心。"),
    "licence.audience": _l("答复不是给本平台的，已拒绝。请从登录页重新开始；如再次出现，请联系交易中心。"),
    "licence.nonce": _l("答复与这次登录不符，已拒绝。请从登录页重新开始。"),
    "licence.time": _l("答复已过期，或对方时钟相差过大。请从登录页重新开始；如再次出现，请联系交易中心。"),
    "licence.token": _l("答复的签名无法核验，已拒绝。请从登录页重新开始；如再次出现，请联系交易中心。"),
    "licence.incomplete": _l("电子营业执照中缺少单位代码、名称或持照人姓名。请在执照平台补全后重试。"),
    "licence.other_organisation": _l("这位持照人第一次登录时属于另一家单位。请由新单位的持照人登录，或联系交易中心。"),
    "licence.barred": _l("这位持照人在本平台的身份已被收回。请联系交易中心。"),
}
