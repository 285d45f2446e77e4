"""The words of bids and of the opening hall: what refusals say to people, and the names of states, keys and entries."""

from __future__ import annotations

from collections.abc import Mapping

from core.kernel.roles import Role
from core.web.i18n import lazy as _l
from trading.domain.bid import BidState, EnvelopeState
from trading.domain.opening import Key, OpeningState
from trading.domain.price_rules import Preference

SENTENCES: Mapping[str, object] = {
    # Bids
    "bid.not_found": _l("没有找到您的投标文件。请检查标段编号，并确认以投标人身份登录。"),
    "bid.no_organisation": _l("您当前的身份不属于任何单位，不能办理投标。请切换身份后重试。"),
    "bid.lot_takes_no_bids": _l("这个标段现在不接收投标文件。请在标段页面查看当前状态。"),
    "bid.lot_file.not_ready": _l("密封所需的机构公钥还没有写入公开日志。请一分钟后重试。"),
    "bid.upload.not_allowed": _l("只有投标人可以上传投标文件。请切换身份后重试。"),
    "bid.upload.wrong_state": _l("投标截止后不能再上传投标文件。"),
    "bid.seal.not_allowed": _l("只有投标人可以递交投标文件。请切换身份后重试。"),
    "bid.seal.wrong_state": _l("投标截止后不能再递交投标文件。"),
    "bid.seal.late": _l("投标截止时间 %(deadline)s 已过，平台不再接收投标文件。请保存本页留痕记录。"),
    "bid.seal.not_late": _l("这次递交没有迟到，不需要留痕。请重新递交。"),
    "bid.seal.not_yours": _l("这份密封声明不是您本人签署的。请用本人的设备重新签名。"),
    "bid.seal.envelopes": _l("一次须递交全部标书，顺序为：%(envelopes)s。请补齐后重新递交。"),
    "bid.seal.version": _l("这个标段应递交第 %(ver)s 版。请刷新页面，按新的版次重新密封。"),
    "bid.seal.key_reused": _l("每份标书须用各自的一次性密钥。请重新密封。"),
    "bid.seal.no_escrow_here": _l("本标段不设救援份额。请不要为 %(env)s 生成份额，重新密封后递交。"),
    "bid.seal.offices": _l("标书 %(env)s 的密钥份额须分给招标人、交易中心、监督部门三方各一份。请重新密封。"),
    "bid.seal.share_twice": _l("标书 %(env)s 的密钥份额有重复。请重新密封。"),
    "bid.seal.recipient": _l("密钥份额的接收方与 %(role)s 登记的公钥不符，可能是旧的标段文件。请重新下载标段文件后再密封。"),
    "bid.seal.unfinished": _l("标书 %(env)s 还没有上传完。请等上传完成后再递交；截止时仍未完成的，视为撤回。"),
    "bid.seal.ciphertext": _l("标书 %(env)s 的密文与签名声明的摘要或大小不一致。请重新上传这一份。"),
    "bid.seal.box": _l("标书 %(env)s 的密钥盒与签名声明不一致。请重新密封后递交。"),
    "bid.seal.copied": _l("这份密文或密钥以前递交过，不能再次递交。请重新密封。"),
    "bid.withdraw.not_allowed": _l("只有投标人可以撤回自己的投标文件。请切换身份后重试。"),
    "bid.withdraw.wrong_state": _l("没有可以撤回的投标文件，或投标已经截止。请刷新页面查看。"),
    "bid.withdraw.version": _l("要撤回的不是当前的第 %(ver)s 版。请刷新页面后重试。"),
    "bid.close.early": _l("投标还没有截止，不能生成签收清单。请等到截止时间。"),
    "age.header": _l("上传的不是加密的投标文件，或加密格式不符。平台不接收未加密的文件；请用本页或离线工具密封后再上传。"),
    "age.identity": _l("密钥格式不正确。请用递交时的设备或恢复密钥重试。"),
    "age.bech32": _l("密钥的校验位不正确。请检查后重试。"),
    "age.size": _l("密封声明中的密文大小不可能出现。请重新密封。"),
    "seal.malformed": _l("密封声明的内容不完整。请刷新页面后重新密封。"),
    "seal.no_share": _l("这份投标文件没有分给该机构的密钥份额，不能救援。"),
    # The hall
    "opening.not_found": _l("没有找到这场开标。请检查标段编号。"),
    "opening.early": _l("开标时间与投标截止时间相同，还没有到。请等到 %(deadline)s。"),
    "opening.not_witnessed": _l("签收清单还没有经外部见证。请稍候，见证完成后再继续。"),
    "opening.start.not_allowed": _l("只有交易中心的主持人可以开始开标。"),
    "opening.start.wrong_state": _l("这场开标已经开始，或还没有到时间。请刷新页面查看。"),
    "opening.start.close": _l("签名所指的不是当前的签收清单。请刷新页面后重新签名。"),
    "opening.sign_in.not_allowed": _l("只有签收清单上的投标人可以签到。"),
    "opening.sign_in.wrong_state": _l("现在不是签到时间。请刷新页面查看开标进度。"),
    "opening.begin_release.not_allowed": _l("只有交易中心的主持人可以确认到场情况。"),
    "opening.begin_release.wrong_state": _l("现在不能确认到场情况。请刷新页面查看开标进度。"),
    "opening.identity.present": _l("刚刚有投标人签到，现在共 %(present)s 家。请刷新页面，核对后重新签名。"),
    "opening.release.not_allowed": _l("只有签收清单上的投标人可以解密自己的投标文件。"),
    "opening.release.wrong_state": _l("现在不是解密时间。请刷新页面查看开标进度。"),
    "opening.release.window_over": _l("解密时间已经结束，平台不再接收密钥。请等待两家机构按招标文件约定救援。"),
    "opening.release.other_envelope": _l("这一场只开 %(env)s，不能提交其他标书的密钥。"),
    "opening.release.other_version": _l("签收清单上是第 %(ver)s 版，提交的是另一份的密钥。请选择正确的版次。"),
    "opening.release.none_asked": _l("这一场没有要求您提交密钥。"),
    "envelope.release.wrong_state": _l("这份投标文件的密钥已经收到，不需要再次提交。"),
    "envelope.rescue.wrong_state": _l("这份投标文件已有密钥，不需要救援。"),
    "release.wrong_key": _l("这不是这份投标文件的密钥。请用递交时的设备，或您保存的恢复密钥重试。"),
    "opening.rescue.not_allowed": _l("只有密钥保管员可以提交救援份额。"),
    "opening.rescue.wrong_state": _l("现在不是救援时间。请查看开标进度。"),
    "opening.rescue.early": _l("投标人自己的解密时间还没有结束，不能救援。请等到时间结束。"),
    "opening.rescue.over": _l("救援时间已经结束，平台不再接收份额。"),
    "opening.rescue.unknown_key": _l("没有找到这把密钥对应的投标文件。请核对请求文件。"),
    "opening.rescue.other_office": _l("份额不属于您所在的机构。请由该机构的密钥保管员提交。"),
    "opening.rescue.share_twice": _l("%(role)s 的份额已经收到，不需要再次提交。"),
    "share.commitment_differs": _l("%(role)s 提交的份额与密封声明中的承诺不符。请核对后重新提交。"),
    "share.box_differs": _l("份额盒与密封声明不一致。请重新下载请求文件。"),
    "share.bound_elsewhere": _l("份额属于另一份投标文件。请核对请求文件。"),
    "shamir.shares": _l("份额的格式不正确。请用保管工具重新生成。"),
    "opening.begin_batch.wrong_state": _l("现在不能开始批量解密。请刷新页面查看开标进度。"),
    "opening.batch.window_open": _l("解密时间还没有结束，且仍有密钥未到。全部到齐或时间结束后统一解密。"),
    "opening.batch.rescue_running": _l("救援时间还没有结束。救援完成或时间结束后统一解密。"),
    "opening.batch.not_begun": _l("批量解密还没有开始。请稍候。"),
    "opening.open.wrong_state": _l("这场开标已经解密。请刷新页面查看。"),
    "opening.ask_objections.not_allowed": _l("只有交易中心的主持人可以确认唱标完毕。"),
    "opening.ask_objections.wrong_state": _l("现在不能确认唱标完毕。请刷新页面查看开标进度。"),
    "opening.read_out.other": _l("签名所列与已解密的 %(opened)s 份投标文件不一致。请刷新页面后重新签名。"),
    "opening.object.not_allowed": _l("只有签收清单上的投标人可以对开标提出异议。"),
    "opening.object.wrong_state": _l("现在不是提出异议的时间。请刷新页面查看开标进度。"),
    "opening.objection.absent": _l("对开标的异议须当场提出。您没有签到，不能在这里提出。"),
    "opening.objection.late": _l("提出异议的时间已经结束。"),
    "opening.objection.not_found": _l("没有找到这条异议。请刷新页面后重试。"),
    "opening.objection.answered": _l("第 %(number)s 条异议已经答复。"),
    "opening.answer.not_allowed": _l("只有主持人、招标人或其代理机构可以答复异议。"),
    "opening.answer.wrong_state": _l("现在不能答复异议。请刷新页面查看开标进度。"),
    "opening.draw_up.wrong_state": _l("现在不能生成开标记录。请刷新页面查看开标进度。"),
    "opening.record.early": _l("提出异议的时间还没有结束，不能生成开标记录。"),
    "opening.record.unanswered": _l("还有异议没有答复，须当场答复后才能生成开标记录。"),
    "opening.record.other": _l("签名所指的不是当前的开标记录。请刷新页面，核对后重新签名。"),
    "opening.record.signed_already": _l("您已经签过这份开标记录。"),
    "opening.sign_record.not_allowed": _l("只有主持人、招标人、监督人员和投标人可以签署开标记录。"),
    "opening.sign_record.wrong_state": _l("现在不能签署开标记录。请刷新页面查看开标进度。"),
    "opening.close.not_allowed": _l("只有交易中心的主持人可以结束开标。"),
    "opening.close.wrong_state": _l("现在不能结束开标。请刷新页面查看开标进度。"),
    "opening.close.unsigned": _l("主持人还没有签署开标记录，不能结束开标。请先签署。"),
    "opening.request.one_envelope": _l("这个标段只有一份标书，没有单独的商务标需要开启。"),
    "opening.request.again": _l("商务标已经要求开启，不能再次要求。"),
    "opening.request.not_opened": _l("通过评审的名单中有未能解密的投标文件。请核对名单。"),
    "opening.prices.shut": _l("商务标还没有开启，看不到报价。"),
    "late_seal.not_found": _l("没有找到这份留痕。请检查编号，并以递交它的投标人身份登录后查看。"),
    "receipt.not_found": _l("没有找到这份回执。请检查回执编号，或以投标人身份登录后查看。"),
}

# Why an envelope could not be opened, on pages and in the record; the codes are those of `open.failed`
REASONS: Mapping[str, object] = {
    "opening.failed.no_key": _l("投标人没有提交密钥，救援也没有成功"),
    "opening.failed.shares_missing": _l("两家机构没有在时间内提交份额"),
    "opening.failed.file_missing": _l("平台遗失了密文"),
    "opening.failed.file_changed": _l("平台保存的密文损坏"),
    "seal.cannot_open": _l("密钥正确，但密文无法解开"),
    "opening.read_out": _l("标书中的开标一览内容无法读取"),
}
OTHER_REASON = _l("解密后的文件不符合约定的格式")

BID_STATES: Mapping[BidState, object] = {
    BidState.DRAFT: _l("未递交"),
    BidState.UPLOADING: _l("上传中"),
    BidState.SEALED: _l("已密封签收"),
    BidState.WITHDRAWN: _l("已撤回"),
    BidState.LOCKED: _l("已锁定，等待开标"),
    BidState.READ_OUT: _l("已唱标"),
    BidState.DECRYPT_FAILED_OWN: _l("解密失败（投标人原因，视为撤销）"),
    BidState.DECRYPT_FAILED_OTHER: _l("解密失败（非投标人原因，视为撤回）"),
}
ENVELOPE_STATES: Mapping[EnvelopeState, object] = {
    EnvelopeState.SEALED: _l("有效"),
    EnvelopeState.REPLACED: _l("已被替换"),
    EnvelopeState.WITHDRAWN: _l("已撤回"),
    EnvelopeState.LOCKED: _l("已锁定"),
    EnvelopeState.RELEASED: _l("密钥已提交"),
    EnvelopeState.OPENED: _l("已解密"),
    EnvelopeState.DECRYPT_FAILED_OWN: _l("解密失败"),
    EnvelopeState.DECRYPT_FAILED_OTHER: _l("解密失败"),
    EnvelopeState.SHUT: _l("不再开启"),
}
OPENING_STATES: Mapping[OpeningState, object] = {
    OpeningState.SCHEDULED: _l("等待开标"),
    OpeningState.SIGN_IN: _l("签到"),
    OpeningState.IDENTITY_CHECK: _l("核验身份"),
    OpeningState.DECRYPTING: _l("解密"),
    OpeningState.READ_OUT: _l("唱标"),
    OpeningState.OBJECTION_WINDOW: _l("异议与答复"),
    OpeningState.RECORD_SIGNING: _l("签署记录"),
    OpeningState.CLOSED: _l("结束"),
}
KEYS: Mapping[Key, tuple[object, str]] = {
    Key.AWAITED: (_l("等待密钥"), "info"),
    Key.RELEASED: (_l("投标人已提交密钥"), "ok"),
    Key.RESCUING: (_l("救援中"), "warn"),
    Key.RESCUED: (_l("两家机构已救援"), "ok"),
    Key.OPENED: (_l("已解密"), "ok"),
    Key.FAILED: (_l("解密失败"), "bad"),
}
OFFICES: Mapping[str, object] = {"tenderer": _l("招标人"), "centre": _l("交易中心"), "supervisor": _l("监督部门")}
CAUSES: Mapping[str, object] = {"own": _l("投标人原因"), "platform": _l("平台原因")}
SIGNERS: Mapping[Role, object] = {
    Role.CENTRE: _l("主持人"),
    Role.TENDERER: _l("招标人"),
    Role.SUPERVISOR: _l("监督人员"),
    Role.BIDDER: _l("投标人"),
}

CLAIM_ENTRIES: Mapping[Preference, object] = {
    Preference.SMALL: _l("申请小微企业价格扣除：声明函所在页码"),
    Preference.PRISON: _l("申请监狱企业价格扣除：证明文件所在页码"),
    Preference.WELFARE: _l("申请残疾人福利性单位价格扣除：声明函所在页码"),
    Preference.GREEN: _l("申请节能环保产品价格扣除：认证证书所在页码"),
}
"""The words over what a bid claims; who claims nothing leaves it empty."""

# What a bidder enters to be read out, by envelope: (name in bid.json, words, required)
ENTRIES: Mapping[str, tuple[tuple[str, object, bool], ...]] = {
    "technical": (("工期", _l("工期"), False), ("质量", _l("质量标准"), False), ("项目负责人", _l("项目负责人"), False)),
    "commercial": (("price", _l("投标总价（元）"), True),),
    "bid": (("price", _l("投标总价（元）"), True), ("工期", _l("工期"), False), ("质量", _l("质量标准"), False)),
}
