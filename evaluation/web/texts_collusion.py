"""The words of collusion cards: refusals, names of signals and strengths, how each is computed, and what else may explain it."""

from __future__ import annotations

from collections.abc import Mapping

from core.kernel.roles import Role
from core.web.i18n import lazy as _l
from trading.domain.collusion.card import Signal, Strength
from trading.domain.collusion.life import CardAction, CardState

SENTENCES: Mapping[str, object] = {
    "collusion.sealed": _l("雷同线索现在不向您开放。评标委员会在初步评审开始后查看，招标人和交易中心在评标报告提交后查看。"),
    "collusion.not_found": _l("没有找到这条线索，或现在不向您开放。请返回线索列表查看。"),
    "collusion.chair_only": _l("对线索的处理由评标委员会组长或监督人员签署。请向组长提出您的意见。"),
    "collusion.reported": _l("评标报告已经提交，不能再处理线索。有新情况的，请按投诉程序提出。"),
    "collusion.clarify.not_allowed": _l("对线索的处理由评标委员会组长或监督人员签署。请向组长提出您的意见。"),
    "collusion.clarify.wrong_state": _l("这条线索已经要求澄清，或已有处理结论。请刷新页面查看。"),
    "collusion.confirm.not_allowed": _l("对线索的处理由评标委员会组长或监督人员签署。请向组长提出您的意见。"),
    "collusion.confirm.wrong_state": _l("这条线索已有处理结论，签署后不能更改。请刷新页面查看。"),
    "collusion.explain.not_allowed": _l("对线索的处理由评标委员会组长或监督人员签署。请向组长提出您的意见。"),
    "collusion.explain.wrong_state": _l("这条线索已有处理结论，签署后不能更改。请刷新页面查看。"),
}

SIGNALS: Mapping[Signal, object] = {
    Signal.MACHINE_CODE: _l("文件制作机器码相同"),
    Signal.PRICING_LOCK: _l("计价软件加密锁号相同"),
    Signal.SOURCE_FILE: _l("来源文件相同"),
    Signal.HARDWARE: _l("计算机硬件标识相同"),
    Signal.SAME_PAYER: _l("保证金由同一账户转出"),
    Signal.SAME_SIGNER: _l("由同一人签署递交"),
    Signal.SAME_CONTACT: _l("联系方式相同"),
    Signal.SAME_STAFF: _l("项目管理成员为同一人"),
    Signal.CONTROL: _l("负责人相同或存在控股、管理关系"),
    Signal.SIMILAR_TEXT: _l("文字段落雷同"),
    Signal.SAME_DEVIATION: _l("引用招标文件时错漏一致"),
    Signal.SAME_ARITHMETIC_ERROR: _l("清单计算错误一致"),
    Signal.SAME_UNIT_PRICES: _l("清单单价异常一致"),
    Signal.ARITHMETIC_PROGRESSION: _l("报价呈等差规律"),
    Signal.GEOMETRIC_PROGRESSION: _l("报价呈等比规律"),
    Signal.PRICE_CLUSTER: _l("报价异常集中"),
    Signal.SAME_METADATA: _l("文件属性相同"),
}

COMPUTED: Mapping[Signal, object] = {
    Signal.MACHINE_CODE: _l("比较投标文件所附的制作机器码，忽略大小写和分隔符，完全相同才提示。"),
    Signal.PRICING_LOCK: _l("比较投标文件所附的计价软件加密锁号，忽略大小写和分隔符，完全相同才提示。"),
    Signal.SOURCE_FILE: _l("比较来源文件编号和文件本身的摘要，完全相同才提示；随招标文件发放的文件除外。"),
    Signal.HARDWARE: _l("比较网卡、处理器、硬盘的编号。只有一两项相同时证明力弱，三项都相同才列为强线索。"),
    Signal.SAME_PAYER: _l("比较银行回单上的付款账号，完全相同才提示；包括没有作为保证金入账的来款。"),
    Signal.SAME_SIGNER: _l("比较签署密封声明的证书属于哪一个人，完全相同才提示。"),
    Signal.SAME_CONTACT: _l("比较联系电话和电子邮箱；姓名相同单独不作数，与电话或邮箱同时相同才计入。"),
    Signal.SAME_STAFF: _l("比较身份证件号码的摘要（按项目加盐），完全相同才提示；平台不保存证件号码。"),
    Signal.CONTROL: _l("比较投标文件声明的负责人和控股、管理单位。这属于第三十四条的情形，不等于串通投标。"),
    Signal.SIMILAR_TEXT: _l(
        "去掉标点后，先用八字指纹索引找出候选段落，再逐字比较。招标文件原文、通用条款和半数以上投标文件都有的文字不计。"
    ),
    Signal.SAME_DEVIATION: _l("把引用招标文件的段落与原文逐字比较，找出少数投标文件在同一处的相同改动；数字和填空内容不计。"),
    Signal.SAME_ARITHMETIC_ERROR: _l("逐项复核数量乘单价，差额超过一分且错误结果完全相同的，列在下面。"),
    Signal.SAME_UNIT_PRICES: _l("比较同一清单项的单价，精确到分；半数以上投标文件都相同的单价不计。"),
    Signal.ARITHMETIC_PROGRESSION: _l("报价由低到高排列，相邻差额相等（误差不超过差额的千分之一）。"),
    Signal.GEOMETRIC_PROGRESSION: _l("报价由低到高排列，相邻比值相等（误差不超过十万分之一）。"),
    Signal.PRICE_CLUSTER: _l("三家以上报价相差不到千分之一，或半数以上报价紧贴最高投标限价（相差不到百分之一）。"),
    Signal.SAME_METADATA: _l("比较制作软件写在文件里的作者、单位、修改人、时间和文档编号；常见的默认用户名和招标文件自带的属性不计。"),
}

INNOCENT: Mapping[str, object] = {
    "agency_computer": _l("是否在同一台公用计算机上（如代理机构、打印店）制作或上传？"),
    "repair_shop": _l("是否同一维修店更换过配件或重装过系统，使编号相同？"),
    "cloned_disk": _l("是否用同一系统镜像安装，编号随镜像复制？"),
    "virtual_card": _l("是否为虚拟网卡或软件默认的编号？"),
    "hired_estimator": _l("是否各自聘用了同一家造价咨询单位？有无合同？"),
    "lent_lock": _l("加密锁是否外借，或由软件经销商统一演示？"),
    "tender_template": _l("是否都使用了招标人提供的模板或工具？"),
    "trade_template": _l("是否使用了行业通用的模板文件？"),
    "finance_company": _l("账户是否属于集团财务公司或代收代付机构？"),
    "bank_clearing_account": _l("账号是否为银行内部的过渡账户？"),
    "changed_employer": _l("此人是否近期变更了单位？社保和合同如何记载？"),
    "hired_agent": _l("是否各自委托了同一家投标服务机构？"),
    "recycled_number": _l("号码是否为转让或重新启用的号码？"),
    "wrong_hash": _l("证件号码是否填错，致使摘要相同？"),
    "stale_register": _l("登记信息是否已经变更？请核对企业登记机关的最新记录。"),
    "public_standard": _l("文字是否出自国家、行业标准或公开的施工工法？"),
    "product_manual": _l("文字是否出自同一厂家的产品说明书？"),
    "hired_writer": _l("是否各自委托了同一家编制单位？"),
    "earlier_version": _l("错漏是否来自招标文件的较早版本或其他公开文本？"),
    "software_rounding": _l("差额是否由同一款软件的取整方式造成？"),
    "tender_quantity": _l("错误是否来自招标人提供的工程量清单？"),
    "price_list": _l("价格是否出自政府发布的信息价或同一份价目表？"),
    "provisional_sum": _l("是否为招标文件给定的暂估价、暂列金额？"),
    "common_supplier": _l("是否向同一供应商询价，得到同一报价？"),
    "chance_few_bids": _l("投标人较少时，这样的规律也可能是巧合。"),
    "rounded_prices": _l("报价都取整到万元时，差额更容易相等。"),
    "discount_bidding": _l("是否以最高投标限价为基数、按费率下浮报价？"),
    "published_ceiling": _l("最高投标限价公开后，各家都可能贴近报价。"),
    "default_author": _l("作者是否为软件的默认用户名或代写人员？"),
}

STRENGTHS: Mapping[Strength, object] = {Strength.HIGH: _l("强"), Strength.MEDIUM: _l("中"), Strength.LOW: _l("弱")}
TONES: Mapping[Strength, str] = {Strength.HIGH: "bad", Strength.MEDIUM: "warn", Strength.LOW: "line"}
STATES: Mapping[CardState, object] = {
    CardState.OPEN: _l("待评标委员会判断"),
    CardState.CLARIFYING: _l("要求投标人书面澄清"),
    CardState.CONFIRMED: _l("认定情况属实"),
    CardState.EXPLAINED: _l("已有合理解释"),
}
DECISIONS: Mapping[CardAction, object] = {
    CardAction.CLARIFY: _l("要求投标人书面澄清"),
    CardAction.EXPLAIN: _l("已有合理解释，不再追究"),
    CardAction.CONFIRM: _l("认定情况属实"),
}
DECIDERS: Mapping[Role, object] = {Role.EXPERT: _l("评标委员会组长"), Role.SUPERVISOR: _l("监督人员")}
ROUNDS: tuple[object, ...] = (_l("第一次开标"), _l("商务标开标"), _l("商务标补充开启"))

FIELDS: Mapping[str, object] = {
    "machine_code": _l("制作机器码"),
    "pricing_lock": _l("加密锁号"),
    "source_file": _l("来源文件编号"),
    "same_file": _l("文件摘要"),
    "mac": _l("网卡地址"),
    "cpu": _l("处理器编号"),
    "disk": _l("硬盘编号"),
    "phone": _l("电话"),
    "email": _l("电子邮箱"),
    "name": _l("姓名"),
    "author": _l("作者"),
    "company": _l("单位"),
    "last_modified_by": _l("最后修改人"),
    "created": _l("创建时间"),
    "modified": _l("修改时间"),
    "source": _l("文档编号"),
    "account": _l("付款账号"),
    "person": _l("签署人"),
    "id_sha256": _l("证件号码摘要"),
    "same_legal_head": _l("负责人为同一人"),
    "holds": _l("一方控股或管理另一方"),
    "same_holder": _l("由同一单位控股或管理"),
    "step": _l("相邻差额（元）"),
    "ratio": _l("相邻比值"),
    "ceiling": _l("最高投标限价（元）"),
}

PARAMETERS: Mapping[str, object] = {
    "compare": _l("比较方式"),
    "high_from": _l("列为强线索的项数"),
    "medium_from": _l("列为中等线索的数量"),
    "fewest": _l("最少数量"),
    "share_from": _l("最低比例"),
    "high_share_from": _l("列为强线索的比例"),
    "step_tolerance": _l("差额允许误差"),
    "ratio_tolerance": _l("比值允许误差"),
    "within": _l("相差不超过"),
    "under_ceiling": _l("低于限价不超过"),
    "gram": _l("指纹字数"),
    "window": _l("指纹窗口"),
    "in_bids_at_most": _l("最多见于几份投标文件"),
    "alike_from": _l("段落相似度下限"),
    "quotation_from": _l("引用相似度下限"),
    "longest_change": _l("改动最长字数"),
}
