"""The words of tendering again: what the law makes of an end, and what refusals say."""

from __future__ import annotations

from collections.abc import Mapping

from core.web.i18n import lazy as _l
from trading.domain.retender import Sequel

SENTENCES: Mapping[str, object] = {
    "retender.unknown": _l("没有编号为“%(number)s”的标段。请核对前次标段的编号。"),
    "retender.other_tenderer": _l("前次标段属于另一招标人。重新招标须由同一招标人进行，请核对编号。"),
    "retender.other_regime": _l("前次标段适用另一部法律。重新招标的适用法律不变，请改为一致。"),
    "retender.not_ended": _l("前次标段尚未结束，不能重新招标。请等它流标、否决全部投标或者终止。"),
    "retender.succeeded_already": _l("前次标段已经重新招标。请以最近一次的标段为前次标段。"),
    "retender.named_twice": _l("两个标段不能以同一标段为前次标段。请修改其中一个。"),
    "notice.retender_other": _l("公告所称的前次标段与登记不符。请重新起草公告。"),
}

SEQUELS: Mapping[Sequel, object] = {
    Sequel.AGAIN: _l("招标人分析失败原因并采取措施后，应当重新招标（%(article)s）。"),
    Sequel.MAY_STOP: _l(
        "重新招标后投标人仍少于三个：必须审批、核准的工程建设项目，报原审批、核准部门批准后可以不再招标；其他项目由招标人自行决定（%(article)s）。"
    ),
    Sequel.OTHER_METHOD: _l(
        "采购任务未取消的：招标文件或者程序有不合规之处，改正后重新招标；没有的，需要采用其他采购方式，应当报财政部门批准（%(article)s）。"
    ),
    Sequel.FREE: _l("是否再次招标由招标人决定；再次招标的，重新登记、公告，各项期限重新计算。"),
}
