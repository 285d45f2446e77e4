"""The words about files that a partner's pool has signed."""

from __future__ import annotations

from collections.abc import Mapping

from core.web.i18n import lazy as _l

SENTENCES: Mapping[str, object] = {
    "partner.form": _l("文件格式不符：应为含 %(member)s、signature、chain 三项的 JSON。请联系对方重新出具。"),
    "partner.authority": _l("签名证书不是由已认可的机构签发的。请先由管理员和监督部门认可该机构，或请对方更换证书。"),
    "partner.other": _l("签名证书中的单位不是“%(partner)s”。请核对协议和文件来源。"),
    "partner.agreement": _l("文件写明的协议是 %(agreement)s，与所选来源不同。请核对后重新选择。"),
    "detached.malformed": _l("签名格式不符。请使用 Ed25519 或 CMS（PKCS#7）分离签名。"),
    "detached.signer": _l("签名不是由所附证书的持有人作出的。请联系对方重新出具。"),
    "detached.key": _l("签名证书的密钥类型不受支持。请使用 Ed25519、ECDSA 或 RSA 密钥。"),
    "detached.invalid": _l("签名与内容不符，文件可能被改动过。请联系对方重新出具。"),
}
