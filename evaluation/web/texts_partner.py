"""The words about files that a partner's pool has signed."""

from __future__ import annotations

from collections.abc import Mapping

from core.web.i18n import lazy as _l

SENTENCES: Mapping[str, object] = {
    "draw.commit.provincial": _l("本次由省级专家库抽取，无需提交随机值。"),
    "draw.record.provincial": _l("本次由省级专家库抽取，没有可复算的抽取记录。签名回复在证据包内。"),
    "draw.reply.own": _l("本次由本地专家库抽取，不接受专家库回复。"),
    "draw.reply.not_allowed": _l("只有本项目的交易中心可以提交专家库回复。"),
    "draw.reply.wrong_state": _l("现在不能提交专家库回复：抽取尚未发起，或已经结束。"),
    "draw.reply.agreement": _l("没有找到有效的共享协议。请核对协议编号和有效期。"),
    "draw.reply.form": _l("专家库回复的格式不符。请上传对方出具的 JSON 文件。"),
    "draw.reply.other_letter": _l("这份回复不是针对本次函件的。请核对函件摘要。"),
    "draw.reply.strata": _l("回复中的专业与函件不一致。请联系对方重新出具。"),
    "draw.reply.count": _l("回复中“%(stratum)s”的人数应为 %(quota)s 人。请联系对方重新出具。"),
    "draw.reply.twice": _l("回复中有专家重复出现。请联系对方重新出具。"),
    "draw.reply.recused": _l("回复中有应回避的专家。请联系对方重新出具。"),
    "draw.reply.unknown": _l("回复中有 %(count)s 名专家尚未按该协议入库：%(ids)s。请先以来访专家入库，再提交回复。"),
    "partner.form": _l("文件格式不符：应为含 %(member)s、signature、chain 三项的 JSON。请联系对方重新出具。"),
    "partner.authority": _l("签名证书不是由已认可的机构签发的。请先由管理员和监督部门认可该机构，或请对方更换证书。"),
    "partner.revoked": _l("签名证书已被签发机构吊销，不能采用。请对方更换证书后重新出具。"),
    "partner.no_status": _l("暂时查不到签名证书的状态，不能确认未被吊销。请稍后再提交。"),
    "draw.reply.cap": _l("回复中同一单位的专家超过 %(cap)s 人（含候补）：%(ids)s。请联系对方重新出具。"),
    "partner.other": _l("签名证书中的单位不是“%(partner)s”。请核对协议和文件来源。"),
    "partner.agreement": _l("文件写明的协议是 %(agreement)s，与所选来源不同。请核对后重新选择。"),
    "detached.malformed": _l("签名格式不符。请使用 Ed25519 或 CMS（PKCS#7）分离签名。"),
    "detached.signer": _l("签名不是由所附证书的持有人作出的。请联系对方重新出具。"),
    "detached.key": _l("签名证书的密钥类型不受支持。请使用 Ed25519、ECDSA 或 RSA 密钥。"),
    "detached.invalid": _l("签名与内容不符，文件可能被改动过。请联系对方重新出具。"),
}
