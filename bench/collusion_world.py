"""Invented bids for the measurement: Chinese text by word frequency, the tender document quoted by all, passages planted in a few."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from trading.domain.collusion.material import BidMaterial, Document, Material

PAGE = 1_000  # characters
SAID = (
    "施工 方案 质量 安全 进度 管理 措施 工程 材料 设备 人员 混凝土 钢筋 模板 浇筑 养护 基坑 支护 降水 监测 测量 放线 验收 检验 试验 "
    "路基 路面 沥青 桥梁 管线 迁改 交通 导行 绿化 照明 排水 检查井 回填 压实 分层 厚度 含水率 标高 坡度 轴线 偏差 允许 控制 组织 机构 "
    "项目经理 技术负责人 班组 作业 工序 交底 记录 资料 归档 文明 扬尘 噪声 洒水 围挡 临时 用电 消防 应急 预案 演练 巡查 整改 复查"
)


def vocabulary(random: Random) -> tuple[list[str], list[float]]:
    """Words with the weights of Zipf's law: the trade's first, then invented ones of two or three hanzi."""
    hanzi = [chr(code) for code in range(0x4E00, 0x5E00)]
    invented = ["".join(random.choices(hanzi, k=random.choice((2, 2, 3)))) for _ in range(6_000)]
    words = [*SAID.split(), *invented]
    return words, [1 / (rank + 10) for rank in range(len(words))]


class Writer:
    """Writes paragraphs."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.words, self.weights = vocabulary(Random(7))

    def paragraph(self) -> str:
        """One of 60 to 260 characters."""
        length, said = self.random.randint(60, 260), ""
        words = iter(self.random.choices(self.words, self.weights, k=160))
        while len(said) < length:
            clause = "".join(next(words) for _ in range(self.random.randint(3, 6)))
            said += clause + self.random.choice(("，", "，", "、", "；"))
        return said[:-1] + "。"

    def edited(self, text: str) -> str:
        """The same with a word in twenty-five characters changed."""
        signs = list(text)
        for _ in range(max(1, len(signs) // 50)):
            at = self.random.randrange(0, len(signs) - 2)
            signs[at : at + 2] = self.random.choice(self.words[:400])
        return "".join(signs)


@dataclass(frozen=True)
class World:
    """Bids, and what was planted: (left, right, text in the left)."""

    material: Material
    planted: tuple[tuple[str, str, str], ...]


def pages(paragraphs: list[str]) -> tuple[str, ...]:
    """Paragraphs set in lines of 40 characters, a page when it is full."""
    made: list[str] = []
    held: list[str] = []
    size = 0
    for text in paragraphs:
        held += [text[at : at + 40] for at in range(0, len(text), 40)]
        size += len(text)
        if size >= PAGE:
            made.append("\n".join(held))
            held, size = [], 0
    if held:
        made.append("\n".join(held))
    return tuple(made)


def world(seed: int, bids: int = 20, per_bid: int = 200) -> World:
    """`bids` bids of `per_bid` pages: a fifth of each is the tender document's, some is the trade's; bid 3 copies sixty lightly edited
    paragraphs of bid 11, bid 5 twelve of bid 6 word for word, bids 8 and 9 three."""
    writer = Writer(seed)
    tender = [writer.paragraph() for _ in range(per_bid)]
    trade = [writer.paragraph() for _ in range(20)]
    own = [[writer.paragraph() for _ in range(per_bid * 5)] for _ in range(bids)]
    planted = []
    for into, source, count, edit in ((3, 11, 60, True), (5, 6, 12, False), (8, 9, 3, True)):
        for at in writer.random.sample(range(per_bid * 5), count):
            original = own[source][at]
            own[into][at] = writer.edited(original) if edit else original
            planted.append((name(into), name(source), own[into][at]))
    made = []
    for number, paragraphs in enumerate(own):
        mixed = [*paragraphs, *tender, *trade]
        writer.random.shuffle(mixed)
        made.append(BidMaterial(name(number), (Document(f"{number:064x}", "技术标.pdf", pages(mixed)[: per_bid + 20]),)))
    return World(Material(tuple(made), (Document("f" * 64, "招标文件.pdf", pages(tender)),)), tuple(planted))


def name(number: int) -> str:
    """A bidder's id."""
    return f"bid-{number:02d}"
