"""The words of guarantees: what refusals say, and the names of states, faults and reasons."""

from __future__ import annotations

from collections.abc import Mapping

from core.web.i18n import lazy as _l

SENTENCES: Mapping[str, object] = {
    "guarantee.too_late": _l("距投标截止已不足 10 分钟，担保机构来不及开立保函。请改用转账方式缴纳。"),
    "guarantee.form_not_taken": _l("招标文件没有把电子保函列为保证金的形式。请按招标文件的形式缴纳。"),
    "guarantee.issuer_unknown": _l("没有找到这家担保机构，或者它已暂停受理。请另选一家。"),
    "guarantee.one_at_a_time": _l("本单位在本标段已有一份保函。放弃或被拒绝后才能再申请。"),
    "guarantee.stands_still": _l("本标段已暂停，恢复并公布新的截止时间后再申请。"),
    "guarantee.not_found": _l("没有找到这份保函。请从“我的投标”重新进入。"),
    "guarantee.not_open": _l("这份保函还没有启封。"),
    "guarantee.nothing_to_open": _l("现在没有需要启封的保函。开标之后，担保机构没有交出密钥时才需要自行启封。"),
    "guarantee.other_key": _l("密钥不是这份保函的密钥。请核对担保机构随保函寄来的密钥。"),
    "guarantee.still_valid": _l("这份保函仍在有效期内。"),
    "guarantee.contents": _l("保函密文中的内容不完整。"),
    "guarantee.terms": _l("保函条款的格式不正确。"),
    "guarantee.pay.not_allowed": _l("只有申请人可以支付保费。"),
    "guarantee.pay.wrong_state": _l("现在不能支付保费。请刷新页面查看。"),
    "guarantee.cancel.not_allowed": _l("只有申请人可以放弃申请。"),
    "guarantee.cancel.wrong_state": _l("保函已经开立，不能再放弃。请刷新页面查看。"),
    "guarantor.malformed": _l("填写不完整。请填写名称、接口地址、根证书和理由。"),
    "guarantor.root": _l("这不是自签名的根证书。请向担保机构索取根证书。"),
    "guarantor.url": _l("接口地址不正确。应以 https:// 开头，不带参数。"),
    "guarantor.taken": _l("这家担保机构已经登记。"),
    "guarantor.not_found": _l("没有找到这家担保机构。"),
    "guarantor.suspend.not_allowed": _l("只有交易中心可以暂停担保机构。"),
    "guarantor.suspend.wrong_state": _l("这家担保机构已经暂停。"),
    "guarantor.resume.not_allowed": _l("只有交易中心可以恢复担保机构。"),
    "guarantor.resume.wrong_state": _l("这家担保机构没有暂停。"),
    "pdf.malformed": _l("不是可以读取的 PDF 文件，或者超过 4 MB。请选择担保机构发来的原文件。"),
    "pdf.unsigned": _l("这个 PDF 没有电子签名（PAdES）。请选择担保机构发来的原文件，不要打印或另存。"),
    "pdf.not_whole": _l("签名没有覆盖整个文件：签名之后有人添加过内容。"),
    "pdf.certificate_not_pinned": _l("签名没有指明自己的证书，不能确认签署人。"),
    "message.guarantee.approved": _l("担保机构同意开立保函。"),
    "message.guarantee.approved.todo": _l("请支付保费；投标截止时尚未开立的，不能代替保证金。"),
    "message.guarantee.rejected": _l("担保机构没有同意开立保函。"),
    "message.guarantee.rejected.todo": _l("请另选一家担保机构，或者改用转账。"),
    "message.guarantee.issued": _l("保函已经开立，等同保证金已缴足。"),
    "message.guarantee.issued.todo": _l("请在截止时间前递交投标文件。"),
    "message.guarantee.extended": _l("投标截止时间推迟，保函已自动延长有效期。"),
    "message.guarantee.extended.todo": _l("无需办理；担保机构会寄来新的版本。"),
    "message.guarantee.verified": _l("保函已启封，核验通过。"),
    "message.guarantee.verified.todo": _l("无需办理。"),
    "message.guarantee.faulty": _l("保函已启封，核验不通过。"),
    "message.guarantee.faulty.todo": _l("请立即查看原因并与担保机构联系；如有异议，在开标现场提出。"),
    "message.guarantee.cancelled": _l("保函在投标截止时尚未开立，申请已取消。"),
    "message.guarantee.cancelled.todo": _l("请向担保机构查询保费的退还。"),
    "message.guarantee.released": _l("保函的担保责任已经解除。"),
    "message.guarantee.released.todo": _l("无需办理。"),
    "message.guarantee.expired": _l("保函有效期届满，担保责任终止。"),
    "message.guarantee.expired.todo": _l("无需办理。"),
}
GUARANTEE_STATES: Mapping[str, object] = {
    "applied": _l("已申请"),
    "underwriting": _l("承保审核中"),
    "approved": _l("待付保费"),
    "paid_premium": _l("已付保费，待开立"),
    "rejected": _l("未承保"),
    "issued_sealed": _l("已开立，封存中"),
    "unsealed": _l("已启封"),
    "verified": _l("核验通过"),
    "faulty": _l("核验不通过"),
    "released": _l("已解除"),
    "cancelled": _l("已取消，未开立"),
    "expired": _l("已到期"),
}
GUARANTEE_TONES: Mapping[str, str] = {
    "approved": "warn",
    "rejected": "bad",
    "issued_sealed": "seal",
    "verified": "ok",
    "faulty": "bad",
    "released": "line",
    "cancelled": "line",
    "expired": "line",
}
FAULTS: Mapping[str, object] = {
    "contents": _l("密文中不是保函"),
    "pdf_signature": _l("文件签名无效"),
    "changed_file": _l("文件不是开立时的文件"),
    "terms_signature": _l("条款签名无效"),
    "other_file": _l("条款所指的文件不是这份文件"),
    "other_product": _l("不是这种保函"),
    "other_lot": _l("标段不符"),
    "other_applicant": _l("申请人不符"),
    "other_beneficiary": _l("受益人不符"),
    "amount_short": _l("担保金额不足"),
    "validity_short": _l("有效期短于投标有效期"),
    "not_on_demand": _l("不是见索即付"),
}
ENDS: Mapping[str, object] = {
    "": "",
    "own_wish": _l("申请人放弃"),
    "too_late": _l("截止时尚未开立"),
    "no_bid": _l("截止时没有投标"),
    "lot_failed": _l("流标或全部否决"),
    "lot_terminated": _l("招标人终止招标"),
    "award_lost": _l("未中标"),
    "contract_signed": _l("合同已签订"),
    "platform_failure": _l("非投标人原因未能解密"),
    "expired": _l("有效期届满"),
}
PRODUCTS: Mapping[str, object] = {"bid": _l("投标保函"), "performance": _l("履约保函")}
DONE: Mapping[str, object] = {
    "applied": _l("申请已提交。担保机构答复后，本页自动更新。"),
    "paid": _l("已通知担保机构收取保费。"),
    "cancelled": _l("申请已放弃。"),
    "opened": _l("保函已启封。"),
}
WORDS: Mapping[str, object] = {
    "GUARANTEE_STATES": GUARANTEE_STATES,
    "GUARANTEE_TONES": GUARANTEE_TONES,
    "FAULTS": FAULTS,
    "ENDS": ENDS,
    "PRODUCTS": PRODUCTS,
}
"""What the templates get by name."""
