"""The words of the expert pool: what refusals say, the names of specialties, states, grounds, purposes and bars."""

from __future__ import annotations

from collections.abc import Mapping

from core.web.i18n import lazy as _l

SENTENCES: Mapping[str, object] = {
    "expert.save.not_allowed": _l("只有交易中心的专家库管理人员可以修改草稿。"),
    "expert.save.wrong_state": _l("这份草稿已经办理入库。请在专家页面办理变更。"),
    "expert.discard.not_allowed": _l("只有交易中心的专家库管理人员可以丢弃草稿。"),
    "expert.discard.wrong_state": _l("这位专家已经入库，不能丢弃。需要时请办理出库。"),
    "expert.admit.not_allowed": _l("只有交易中心的专家库管理人员可以办理入库。"),
    "expert.admit.wrong_state": _l("这位专家已经入库，无需再次办理。"),
    "expert.amend.not_allowed": _l("只有交易中心的专家库管理人员可以变更入库信息。"),
    "expert.amend.wrong_state": _l("这位专家不在库内，不能变更入库信息。请先办理入库。"),
    "expert.link.not_allowed": _l("只有交易中心的专家库管理人员可以关联账号。"),
    "expert.link.wrong_state": _l("这位专家不在库内，不能关联账号。请先办理入库。"),
    "expert.contact.not_allowed": _l("只有专家库管理人员和专家本人可以登记联系方式。"),
    "expert.contact.wrong_state": _l("这位专家不在库内，不能登记联系方式。请先办理入库。"),
    "expert.train.not_allowed": _l("只有交易中心的专家库管理人员可以登记培训。"),
    "expert.train.wrong_state": _l("这位专家不在库内，不能登记培训。请先办理入库。"),
    "expert.rate.not_allowed": _l("只有交易中心的专家库管理人员可以登记履职评价。"),
    "expert.rate.wrong_state": _l("这位专家不在库内，不能登记履职评价。请先办理入库。"),
    "expert.suspend.not_allowed": _l("只有交易中心的专家库管理人员可以暂停抽取资格。"),
    "expert.suspend.wrong_state": _l("这位专家不在库内，不能暂停抽取资格。请先办理入库。"),
    "expert.lift.not_allowed": _l("只有交易中心的专家库管理人员可以恢复抽取资格。"),
    "expert.lift.wrong_state": _l("这位专家不在库内，不能恢复抽取资格。请先办理入库。"),
    "expert.remove.not_allowed": _l("只有交易中心的专家库管理人员可以办理出库。"),
    "expert.remove.wrong_state": _l("这位专家不在库内，不能办理出库。请先办理入库。"),
    "expert.readmit.not_allowed": _l("只有交易中心的专家库管理人员可以办理重新入库。"),
    "expert.readmit.wrong_state": _l("这位专家在库内，无需重新入库。"),
    "expert.declare.not_allowed": _l("只有专家本人可以作关联关系声明。"),
    "expert.declare.wrong_state": _l("您目前不在库内，不能作关联关系声明。请联系专家库管理人员。"),
    "expert.consent.not_allowed": _l("只有专家本人可以作个人信息授权。"),
    "expert.consent.wrong_state": _l("您目前不在库内，不能作个人信息授权。请联系专家库管理人员。"),
    "expert.withdraw.not_allowed": _l("只有专家本人可以撤回授权。"),
    "expert.withdraw.wrong_state": _l("您目前不在库内，不能撤回授权。请联系专家库管理人员。"),
    "pool.not_allowed": _l("只有交易中心的专家库管理人员可以维护专家库和场地。"),
    "pool.not_an_expert": _l("这个账号没有评标专家身份。请先由系统管理员授予身份，再关联账号。"),
    "pool.strata": _l("请至少选择一个专业，最多 20 个，且不要重复。"),
    "pool.stratum_unknown": _l("专业代码“%(stratum)s”不在专业目录内。请从目录中选择。"),
    "expert.not_found": _l("没有找到这位专家。请检查编号。"),
    "expert.qualified_days": _l("资格的截止日期早于开始日期。请检查后重新填写。"),
    "expert.origin_key": _l("来自合作城市的专家须同时填写协议编号和对方目录编号。请补齐。"),
    "expert.origin_unknown": _l("没有编号为 %(number)s 的共享协议。请检查编号。"),
    "expert.past_days": _l("过往任职的离职日期早于入职日期。请检查后重新填写。"),
    "expert.training_days": _l("培训日期不能晚于今天，有效期不能早于培训日期。请检查后重新填写。"),
    "expert.suspension_days": _l("暂停从今天或以后开始，结束日期不能早于开始日期。请检查后重新填写。"),
    "expert.admit.other": _l("签名的入库信息与保存的草稿不一致。请刷新页面后重新签名。"),
    "expert.changed_meanwhile": _l("入库信息刚刚被别人改过。请刷新页面，核对后再改。"),
    "expert.linked_already": _l("这位专家已经关联账号。"),
    "expert.login_unknown": _l("没有这个登录名。请检查后重新填写。"),
    "expert.account_taken": _l("这个账号已经关联另一位专家。请检查登录名。"),
    "expert.rated_already": _l("标段 %(lot)s 的履职评价已经登记。"),
    "expert.suspended_already": _l("这位专家的抽取资格已经暂停。请先恢复，再重新暂停。"),
    "expert.not_suspended": _l("这位专家没有被暂停抽取资格。"),
    "expert.no_consent": _l("这一项没有有效的授权，无需撤回。"),
    "expert.consent_text": _l("授权文本或保存期限已经更新。请刷新页面，阅读后重新授权。"),
    "expert.secret_without_consent": _l("专家本人尚未授权使用身份证件信息，不能登记。请专家先在“我的专家信息”中授权。"),
    "expert.id_number": _l("居民身份证号码不正确。请核对 18 位号码。"),
    "import.confirm.not_allowed": _l("只有专家库管理人员可以确认导入。"),
    "import.confirm.wrong_state": _l("这份表格已经确认或放弃，不能再导入。请重新上传。"),
    "import.discard.not_allowed": _l("只有专家库管理人员可以放弃导入。"),
    "import.discard.wrong_state": _l("这份表格已经确认或放弃。"),
    "import.nothing": _l("没有可以导入的行。请改好表格后重新上传。"),
    "import.faults": _l("有 %(count)s 行有问题，没有导入。请改好后重新上传，或者选择只导入没有问题的行。"),
    "import.other": _l("签名的内容与预览不一致。请刷新页面后重新签名。"),
    "pool_import.not_found": _l("没有找到这次导入。请从导入记录中选择。"),
    "pool_agreement.not_found": _l("没有找到这份共享协议。请检查编号。"),
    "agreement.days": _l("协议截止日期不能早于生效日期，且不超过 %(years)s 年。请检查后重新填写。"),
    "agreement.recognises": _l("请至少选择一项互认内容。"),
    "agreement.over": _l("这份协议已经终止或到期。"),
    "expert.past_line": _l("过往任职每行应为四项：单位|统一社会信用代码|入职日期|离职日期。请检查后重新填写。"),
    "sheet.origin_key": _l("合作城市的专家须填写对方目录编号。"),
    "sheet.no_origin": _l("本地专家不填对方目录编号；合作城市的请在上传时选择协议。"),
    "sheet.past": _l("应写成“单位|信用代码|入职|离职”，多段用分号隔开。"),
    "sheet.known": _l("这位专家已在库内。请到专家页面办理变更。"),
}

SPECIALTIES: Mapping[str, object] = {
    "civil": _l("房屋建筑与土木施工"),
    "architecture": _l("建筑设计"),
    "structure": _l("结构工程"),
    "planning": _l("城乡规划"),
    "survey": _l("工程勘察"),
    "supervision": _l("工程监理"),
    "municipal": _l("市政公用工程"),
    "road_bridge": _l("公路与桥梁"),
    "rail": _l("轨道交通"),
    "water": _l("水利水电"),
    "landscape": _l("园林绿化"),
    "decoration": _l("装饰装修"),
    "electrical": _l("建筑电气"),
    "hvac": _l("给排水与暖通"),
    "fire": _l("消防工程"),
    "intelligent": _l("智能化工程"),
    "land": _l("土地整治"),
    "cost": _l("工程造价"),
    "machinery": _l("机电设备"),
    "medical": _l("医疗设备"),
    "laboratory": _l("教学与实验设备"),
    "vehicle": _l("车辆与特种设备"),
    "office": _l("办公设备"),
    "computing": _l("计算机与网络设备"),
    "furniture": _l("家具"),
    "software": _l("信息系统与软件"),
    "consulting": _l("工程咨询"),
    "property": _l("物业服务"),
    "environment": _l("环境保护服务"),
    "finance": _l("财务与审计"),
    "law": _l("法律服务"),
    "training": _l("培训与教育服务"),
}

BRANCHES: Mapping[str, object] = {
    "works": _l("工程类"),
    "goods": _l("货物类"),
    "services": _l("服务类"),
}

EXPERT_STATES: Mapping[str, object] = {
    "draft": _l("待入库"),
    "active": _l("在库"),
    "removed": _l("已出库"),
}

BARS: Mapping[str, object] = {
    "not_active": _l("不在库"),
    "no_agreement": _l("没有有效的共享协议"),
    "not_qualified": _l("资格不在有效期内"),
    "not_trained": _l("没有有效的培训"),
    "suspended": _l("抽取资格暂停中"),
    "no_account": _l("尚未关联账号"),
    "no_consent": _l("个人信息授权不齐"),
}

GROUNDS: Mapping[str, object] = {
    "punished": _l("因招标投标违法行为受到处罚"),
    "discipline": _l("违反专家库管理规定"),
    "requested": _l("本人申请"),
    "investigated": _l("接受调查期间"),
}

PURPOSES: Mapping[str, object] = {
    "identity": _l("身份证件信息"),
    "face": _l("人脸信息"),
    "voice": _l("声音信息"),
}

RECOGNISED: Mapping[str, object] = {
    "qualification": _l("专家资格"),
    "training": _l("培训记录"),
    "conduct": _l("履职记录"),
    "fees": _l("劳务报酬标准"),
    "certificates": _l("数字证书"),
    "sites": _l("评标场地"),
    "recordings": _l("录音录像格式"),
    "archives": _l("档案移交格式"),
    "clock": _l("时间源"),
}

AGREEMENT_STATES: Mapping[str, object] = {
    "coming": _l("尚未生效"),
    "in_force": _l("有效"),
    "expired": _l("已到期"),
    "ended": _l("已终止"),
}

IMPORT_STATES: Mapping[str, object] = {
    "previewed": _l("待签名确认"),
    "confirmed": _l("正在入库"),
    "done": _l("已入库"),
    "discarded": _l("已放弃"),
}

EVENTS: Mapping[str, object] = {
    "expert.admit": _l("已办理入库"),
    "expert.import": _l("已批量入库"),
    "expert.amend": _l("已变更入库信息"),
    "expert.link": _l("已关联账号"),
    "expert.contact": _l("已登记联系方式"),
    "expert.train": _l("已登记培训"),
    "expert.rate": _l("已登记履职评价"),
    "expert.suspend": _l("已暂停抽取资格"),
    "expert.lift": _l("已恢复抽取资格"),
    "expert.remove": _l("已办理出库"),
    "expert.readmit": _l("已重新入库"),
    "expert.declare": _l("已声明关联单位"),
    "expert.consent": _l("已作个人信息授权"),
    "expert.withdraw": _l("已撤回授权"),
    "expert.erase": _l("已删除个人信息"),
}

CONSENT_FOR: Mapping[str, object] = {
    "identity": _l("核验您的身份：进入评标场所、就座和签署文件时，确认是您本人。"),
    "face": _l("识别就座的是您本人，并在评标全程录像中留存。"),
    "voice": _l("语音通知您参加评标，并在评标室录音中留存。"),
}

CONSENT_WHAT: Mapping[str, object] = {
    "identity": _l("居民身份证号码和证件影像（敏感个人信息）"),
    "face": _l("人脸图像（敏感个人信息，单独同意）"),
    "voice": _l("声音和通话录音（敏感个人信息，单独同意）"),
}

NEXT: Mapping[str, object] = {
    "not_active": _l("需要重新入库的，请联系专家库管理人员。"),
    "no_agreement": _l("请联系专家库管理人员。"),
    "not_qualified": _l("请联系专家库管理人员更新资格有效期。"),
    "not_trained": _l("请参加培训，并请专家库管理人员登记。"),
    "suspended": _l("有异议的，请联系专家库管理人员。"),
    "no_account": _l("请联系专家库管理人员关联账号。"),
    "no_consent": _l("请在下面逐项阅读并授权。"),
}

SHEET_COLUMNS: Mapping[str, object] = {
    "name": _l("姓名"),
    "employer": _l("工作单位"),
    "uscc": _l("统一社会信用代码"),
    "region": _l("地区"),
    "title": _l("职称或执业资格"),
    "qualified_from": _l("资格开始日期"),
    "qualified_to": _l("资格截止日期"),
    "strata": _l("评审专业"),
    "past": _l("过往任职"),
    "trained_on": _l("培训日期"),
    "trained_until": _l("培训有效期至"),
    "hours": _l("学时"),
    "course": _l("培训内容"),
    "origin_key": _l("对方目录编号"),
}

EXPORT_COLUMNS = (_l("编号"), _l("状态"), _l("今日抽取"), _l("来源"))
SHEET_NAME = _l("评标专家")
ELIGIBLE = _l("符合条件")
DONE = _l("已办理。")

FIELDS_OF: Mapping[str, str] = {
    # where on the form a refusal stands
    "organisation.uscc": "employer.uscc",
    "organisation.name": "employer.name",
    "pool.strata": "strata",
    "pool.stratum_unknown": "strata",
    "expert.qualified_days": "qualified_to",
    "expert.past_days": "past",
    "expert.past_line": "past",
    "expert.origin_key": "origin_key",
}
TABLES = (
    "SPECIALTIES",
    "EXPERT_STATES",
    "BARS",
    "GROUNDS",
    "PURPOSES",
    "RECOGNISED",
    "AGREEMENT_STATES",
    "IMPORT_STATES",
    "EVENTS",
    "CONSENT_FOR",
    "CONSENT_WHAT",
    "NEXT",
    "ELIGIBLE",
)
