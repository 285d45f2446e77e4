"""The words of authorities that are not ours: what is wrong with a chain and what to do, and the names of states."""

from __future__ import annotations

from collections.abc import Mapping

from core.identity.domain.anchor import AnchorState
from core.web.i18n import lazy as _l

SENTENCES: Mapping[str, object] = {
    "trust_anchor.not_found": _l("没有找到这家互认机构。请返回列表查看。"),
    "anchor.malformed": _l("互认申请中“%(member)s”一项不完整或格式不正确。请检查后重新签名。"),
    "anchor.name": _l("机构名称不能为空，最多 %(most)s 个字。请填写许可证上的名称。"),
    "anchor.root": _l("根证书无法读取，或不是自签名的根证书。请粘贴该机构公布的 PEM 格式根证书。"),
    "anchor.url": _l("状态查询地址应为不含口令的 http 或 https 网址。请检查后重试。"),
    "anchor.families": _l("请至少选择一种允许的签名算法。"),
    "anchor.oid": _l("对象标识符的写法不正确。单位代码所在位置应写作 subject: 或 extension: 加对象标识符，例如 subject:2.5.4.97。"),
    "anchor.no_status": _l("OCSP 地址和吊销列表地址至少填写一项，否则无法查询证书是否已吊销。"),
    "anchor.until": _l("有效期应晚于现在、不超过十年，且不晚于根证书到期日 %(until)s。请修改有效期。"),
    "anchor.taken": _l("这张根证书已在互认列表中，或已有申请等待会签。请先查看列表。"),
    "anchor.not_proposed": _l("没有等待会签的申请。请刷新页面查看最新状态。"),
    "anchor.not_recognised": _l("签发您证书的机构当前不在互认之列。请改用平台签发的密钥，或联系交易中心。"),
    "anchor.over": _l("签发您证书的机构互认期已满。请改用平台签发的密钥，或联系交易中心。"),
    "anchor.none": _l("平台目前没有互认的证书机构。请点击“登记本机”，使用平台签发的密钥。"),
    "anchor.recognise.not_allowed": _l("只有行政监督人员可以会签互认申请。"),
    "anchor.recognise.wrong_state": _l("这份互认申请已经处理过。请刷新页面查看最新状态。"),
    "anchor.propose_end.not_allowed": _l("只有系统管理员可以提出终止互认。"),
    "anchor.propose_end.wrong_state": _l("只有互认中的机构可以终止。请刷新页面查看最新状态。"),
    "anchor.end.not_allowed": _l("只有行政监督人员可以会签终止互认。"),
    "anchor.end.wrong_state": _l("没有等待会签的终止申请。请刷新页面查看最新状态。"),
    "anchor.drop.not_allowed": _l("只有系统管理员或行政监督人员可以撤下申请。"),
    "anchor.drop.wrong_state": _l("这份申请已经处理过，不能再撤下。请刷新页面查看最新状态。"),
    "anchor.keep.not_allowed": _l("只有系统管理员或行政监督人员可以撤下申请。"),
    "foreign.chain": _l("证书文件应包含 1 至 %(most)s 张证书，您本人（单位）的证书排在最前。请重新选择文件。"),
    "foreign.key_kind": _l("平台只接受 P-256 椭圆曲线密钥。请向证书机构申请 P-256 签名证书，或点击“登记本机”使用平台签发的密钥。"),
    "foreign.key_differs": _l("证书中的公钥与所选私钥不是一对。请选择与证书配套的私钥文件。"),
    "foreign.other_firm": _l("证书上没有本单位的统一社会信用代码 %(uscc)s。请使用本单位的证书；如代码有误，请联系证书机构更正。"),
    "foreign.other_certificate": _l("签名中声明的证书与所交的证书不一致。请刷新页面后重新登记。"),
    "foreign.missing": _l("登记内容提到了证书，但没有附上证书。请重新选择证书文件。"),
    "foreign.no_status": _l("暂时查不到这张证书的状态，不能确认它没有被吊销。请稍后重试；急需签名时，请点击“登记本机”使用平台签发的密钥。"),
    "foreign.purpose": _l("已有的证书只能用于本机签名，不能用作验证器。请用“登记验证器”。"),
    "certificate.chain": _l("证书不能连到任何一家互认机构。请把中间证书一并放入证书文件；如机构不在列表中，请点击“登记本机”。"),
    "certificate.sm2": _l("平台暂不能核验国密 SM2 证书。请改用该机构的 P-256 证书，或点击“登记本机”使用平台签发的密钥。"),
    "certificate.malformed": _l("证书文件无法读取。请选择 PEM 或 DER 格式的证书文件。"),
    "certificate.extension": _l("证书缺少必要的内容（%(name)s）。请联系证书机构。"),
    "certificate.not_valid_then": _l("证书或其上级证书不在有效期内。请更换有效的证书。"),
    "certificate.not_an_authority": _l("签发证书的一级机构无权签发证书。请联系证书机构。"),
    "certificate.path_length": _l("证书链比上级机构允许的长。请联系证书机构。"),
    "certificate.purpose": _l("这张证书不是签名证书。请选择用于签名（而不是加密）的那一张。"),
    "certificate.critical": _l("证书含有平台不认识的关键扩展（%(oid)s），按规定不能接受。请联系证书机构。"),
    "certificate.name_constraints": _l("上级证书带有名称限制，平台不接受这种证书。请联系证书机构。"),
    "certificate.algorithm": _l("证书使用了不够安全或未获互认的签名算法。请联系证书机构更换证书。"),
    "certificate.policy": _l("证书的类别不在互认范围内。请联系证书机构或交易中心。"),
    "certificate.too_many": _l("中间证书过多，最多 %(most)s 张。请只保留您的证书及其上级证书。"),
    "certificate.revoked": _l("这张证书已被其机构吊销。请更换证书，或点击“登记本机”使用平台签发的密钥。"),
}

ANCHOR_STATES: Mapping[AnchorState, object] = {
    AnchorState.PROPOSED: _l("待会签"),
    AnchorState.RECOGNISED: _l("互认中"),
    AnchorState.ENDING: _l("待会签终止"),
    AnchorState.ENDED: _l("已终止"),
    AnchorState.DROPPED: _l("已撤下"),
}

FAMILY_NAMES: Mapping[str, object] = {"ecdsa": _l("椭圆曲线（ECDSA）"), "rsa": _l("RSA（2048 位以上）")}

ACTIONS: Mapping[str, object] = {"drop": _l("撤下申请"), "keep": _l("撤下终止申请")}
