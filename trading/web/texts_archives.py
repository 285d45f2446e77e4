"""The words of the archive: a sentence for each refusal, and names for classes, states and the four checks."""

from __future__ import annotations

from collections.abc import Mapping

from core.web.i18n import lazy as _l
from trading.domain.archive import ArchiveState, Secrecy
from trading.domain.retention import Retention

SENTENCES: Mapping[str, object] = {
    "archive.not_found": _l("没有这个归档案卷。请从档案列表中选择。"),
    "archive_hold.not_found": _l("没有这项封存。请刷新页面后重试。"),
    "archive.case_open": _l("案卷还没有结案，不能归档。请先办理结案。"),
    "archive.retention_too_short": _l("采购文件应至少保存 %(years)s 年，所选保管期限太短。请改选更长的期限。"),
    "archive.fonds_malformed": _l("全宗号由 1 至 8 位大写字母和数字组成。请修改后重试。"),
    "archive.described_anew": _l("制作期间归档信息已被他人修改。请刷新页面后重新制作。"),
    "archive.package_other": _l("您签署的不是现在的归档信息包。请刷新页面，核对后重新签名。"),
    "archive.checks_fail": _l("四性检测没有全部通过，不能归档。请按检测报告处理后重新制作。"),
    "archive.hold_over": _l("这项封存已经解除。请刷新页面。"),
    "archive.hold_of_supervisor": _l("监督部门的封存只能由监督部门解除。"),
    "archive.no_organisation": _l("您的账号没有所属单位，不能办理。请联系平台管理员。"),
    "archive.export.too_many": _l("符合条件的案卷超过 %(most)s 个。请缩小筛选范围后再导出。"),
    "archive.describe.wrong_state": _l("案卷已经归档，不能再修改归档信息。"),
    "archive.prepare.wrong_state": _l("案卷已经归档，不能再制作归档信息包。"),
    "archive.file.wrong_state": _l("归档信息包还没有制作完成，或案卷已经归档。请刷新页面。"),
    "archive.hold.wrong_state": _l("案卷归档后才能封存。"),
    "archive.lift.wrong_state": _l("案卷没有归档，没有可解除的封存。"),
    "archive.describe.not_allowed": _l("归档由交易中心办理。"),
    "archive.prepare.not_allowed": _l("归档由交易中心办理。"),
    "archive.file.not_allowed": _l("归档由交易中心办理。"),
    "archive.hold.not_allowed": _l("封存由交易中心或监督部门办理。"),
    "archive.lift.not_allowed": _l("解除封存由交易中心或监督部门办理。"),
}

STATES: Mapping[ArchiveState, object] = {
    ArchiveState.NONE: _l("待著录"),
    ArchiveState.DESCRIBED: _l("待制作"),
    ArchiveState.PREPARED: _l("待签署"),
    ArchiveState.FILED: _l("已归档"),
}
STATE_TONES = {ArchiveState.FILED: "ok", ArchiveState.PREPARED: "info", ArchiveState.DESCRIBED: "warn"}
RETENTIONS: Mapping[Retention, object] = {
    Retention.PERMANENT: _l("永久"),
    Retention.YEARS_30: _l("30 年"),
    Retention.YEARS_10: _l("10 年"),
}
SECRECIES: Mapping[Secrecy, object] = {
    Secrecy.OPEN: _l("公开"),
    Secrecy.INTERNAL: _l("内部"),
    Secrecy.RESTRICTED: _l("控制（含商业秘密、个人信息）"),
}
GROUPS: Mapping[str, object] = {
    "authenticity": _l("真实性"),
    "integrity": _l("完整性"),
    "usability": _l("可用性"),
    "safety": _l("安全性"),
}
CHECKS: Mapping[str, object] = {
    "certificates": _l("签名证书出自可信根"),
    "signatures": _l("全部签名有效"),
    "speakers": _l("签名人身份与权限相符"),
    "events": _l("记录编号连续，前后相扣"),
    "checkpoints": _l("检查点经见证"),
    "inclusion": _l("每条记录均在日志中"),
    "stamps": _l("时间戳有效"),
    "close": _l("结案经双方签名，记录数封定"),
    "forms": _l("陈述内容齐备"),
    "clock": _l("时钟拨动均有记录"),
    "replay": _l("案卷逐步重算一致"),
    "metadata_source": _l("元数据与登记内容一致"),
    "archive": _l("归档文件逐字节还原一致"),
    "manifest": _l("清单与全部文件一致"),
    "statements": _l("应归档的记录齐全"),
    "contracts": _l("合同文本齐全"),
    "files_listed": _l("元数据列明全部文件"),
    "metadata_complete": _l("元数据项齐全"),
    "records_open": _l("平台记录均可按格式打开"),
    "documents_open": _l("上传的文件均可打开"),
    "bids_open": _l("已公开的投标文件可重新解密"),
    "active_content": _l("没有脚本、宏、程序等活动内容"),
    "documents_unlocked": _l("文件没有加密口令"),
    "read_back": _l("存储后读回一致"),
}
COLUMNS = (
    *(_l("档号"), _l("题名"), _l("项目编号"), _l("责任者"), _l("交易类别"), _l("保管期限"), _l("保管至"), _l("密级")),
    *(_l("文件数"), _l("大小（字节）"), _l("归档时间"), _l("未解除的封存")),
)
SHEET = _l("归档案卷")
FOR_EVER = _l("永久")
WORDS: Mapping[str, object] = {
    "ARCHIVE_STATES": STATES,
    "ARCHIVE_TONES": STATE_TONES,
    "RETENTIONS": RETENTIONS,
    "SECRECIES": SECRECIES,
    "GROUPS": GROUPS,
    "CHECKS": CHECKS,
}
"""What the templates of the archive get by name."""
