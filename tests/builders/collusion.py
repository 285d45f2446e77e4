"""Material for the collusion rules, made by hand: bids with pages, particulars and prices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from trading.domain.collusion.card import Finding, Signal
from trading.domain.collusion.material import BidMaterial, Document, Material
from trading.domain.collusion.particulars import Particulars

# Sentences that have nothing in common, long enough to be paragraphs.
SENTENCES = (
    "基坑开挖采用分层分段的方法，每层深度不超过两米，边坡按一比零点七五放坡，坡顶一点五米以内不得堆载，雨天停止作业并及时抽排积水。",
    "沥青面层摊铺前检查下承层平整度和洁净度，摊铺温度控制在一百六十度左右，碾压遵循紧跟慢压高频低幅的原则，接缝处用切割机切成直茬。",
    "项目部设安全总监一名，专职安全员按每五万平方米两人配备，班前讲话留有影像，特种作业人员持证上岗，每周组织一次联合巡查并限期整改。",
    "钢筋进场后分批见证取样，直螺纹接头按五百个为一检验批，丝头用环规逐个检查，外露丝扣不超过两扣，拧紧力矩用扭力扳手抽检并标记。",
    "夜间施工前向沿线居民公示时段和联系电话，强光灯加装遮光罩，混凝土浇筑尽量安排在二十二点以前，噪声监测值超过限值时立即停止作业。",
    "雨水管道安装遵循由下游向上游的顺序，承口朝来水方向，橡胶圈均匀入槽，闭水试验在回填前进行，渗水量不超过规范允许值方可隐蔽。",
    "预制构件运输采用专用支架，三层叠放时垫木上下对齐，进场后逐件核对编号与预埋位置，吊装时设两名信号工并使用对讲机统一指挥。",
    "绿化种植土厚度满足乔木一米二灌木零点六米的要求，种植穴比土球大四十厘米，支撑采用四角桩，成活期内每旬巡查一次并补植死株。",
)


def sentences(seed: int, count: int = 6) -> list[str]:
    """Paragraphs that are this bid's own: the same sentences turned and numbered so that no two bids share a run."""
    signs = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥"
    mark = signs[seed % len(signs)]
    return ["".join(a + mark if at % 5 == 4 else a for at, a in enumerate(SENTENCES[(seed + n) % len(SENTENCES)])) for n in range(count)]


def bid(org: str, paragraphs: Sequence[str] = (), **facts: Any) -> BidMaterial:
    """One bid; `metadata` goes to its one file, and `bid_json` is read for the particulars."""
    metadata: Mapping[str, str] = facts.pop("metadata", {})
    said: Mapping[str, Any] = facts.pop("bid_json", {})
    document = Document(f"{org:0>64}".replace(" ", "0"), f"{org}.pdf", tuple(paragraphs), metadata)
    return BidMaterial(org, (document,), Particulars.read(said), **facts)


def priced(*prices: int, ceiling: int | None = None) -> Material:
    """Bids `a`, `b`, … with these prices in yuan."""
    return Material(tuple(BidMaterial(chr(97 + at), price=price * 100) for at, price in enumerate(prices)), (), ceiling)


def of(found: Sequence[Finding], signal: Signal) -> list[Finding]:
    """The findings of one signal."""
    return [one for one in found if one.signal is signal]
