"""The documents of a demonstration: real PDFs, typeset here once and kept by what they were made from."""

from __future__ import annotations

import hashlib
import json
import os
import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any

MIB = 1024**2
TEMPLATE = """
#set document(title: sys.inputs.title)
#set page(paper: "a4", numbering: "1 / 1", margin: 24mm)
#set text(font: ("Noto Serif CJK SC", "Source Han Serif SC", "Noto Serif SC"), lang: "zh", size: 11pt)
#set par(leading: 1em, first-line-indent: 2em)
#align(center)[#v(4em) #text(size: 24pt)[#sys.inputs.title] #v(2em)]
#let lines = ("本工程采用流水施工，按分部分项组织人员和机械。", "关键线路上的工序设专人跟踪，偏差超过三日即调整。",
  "原材料进场前按规范取样送检，合格后方可使用。", "深基坑与高支模编制专项方案，经论证后实施。",
  "现场围挡、降尘、降噪按当地文明施工要求执行。")
#let pages = int(sys.inputs.pages)
#for n in range(1, pages) [
  #pagebreak()
  #heading(level: 1)[第 #n 章]
  #for i in range(24) { lines.at(calc.rem(n * 7 + i * 3, lines.len())) }
]
"""


class Workshop:
    """Makes documents into `folder`; typeset bodies are kept in `cache` and used again."""

    def __init__(self, folder: Path, cache: Path, seed: int) -> None:
        self.folder, self.cache, self.seed = folder, cache, seed
        cache.mkdir(parents=True, exist_ok=True)

    def pdf(self, name: str, title: str, pages: int, mark: str) -> Path:
        """A PDF of that many pages, of which `mark` makes a document of its own."""
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        before, end, after = self._body(title, pages).rpartition(b"startxref")
        file.write_bytes(before + f"% {mark} {self.seed}\n".encode() + end + after)  # moves no offset, and nothing stands behind the end
        return file

    def bid(self, bid: Mapping[str, Any], version: int, price: str) -> dict[str, Path]:
        """The folders of a bid's envelopes: `bid.json` and files in each."""
        home = self.folder / f"bid-{bid['org']}-{version}"
        mark = f"{bid['org']} {version}"
        self.pdf(f"{home.name}/technical/技术标.pdf", "施工组织设计", bid["pages"]["technical"], mark)
        self.pdf(f"{home.name}/commercial/商务标.pdf", "已标价工程量清单", bid["pages"]["commercial"], mark)
        _json(home / "technical" / "bid.json", {"items": {name: text for name, text in bid["items"].items() if name != "price"}})
        _json(home / "commercial" / "bid.json", {"price": price, "items": {}})
        if mib := bid.get("attachment_mib", 0):
            self._attachment(home / "technical" / "BIM模型.ifc", mib)
        return {env: home / env for env in ("technical", "commercial")}

    def _body(self, title: str, pages: int) -> bytes:
        made_from = hashlib.sha256(f"{TEMPLATE}\0{title}\0{pages}".encode()).hexdigest()
        kept = self.cache / f"{made_from}.pdf"
        if not kept.exists():
            half = kept.with_suffix(f".{os.getpid()}")
            half.write_bytes(_typeset(title, pages))
            half.rename(kept)
        return kept.read_bytes()

    def _attachment(self, file: Path, mib: int) -> None:
        source = random.Random(self.seed)  # noqa: S311 - bytes that compress badly, the same for the same seed; no secret
        pieces = [source.randbytes(MIB) for _ in range(8)]
        with file.open("wb") as sink:
            for n in range(mib):
                sink.write(n.to_bytes(8, "big") + pieces[n % 8][8:])


def _typeset(title: str, pages: int) -> bytes:
    import pylopdf_fonts_zh_cn
    import typst

    folder = str(Path(pylopdf_fonts_zh_cn.serif_path()).parent)
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[folder])
    inputs = {"title": title, "pages": str(pages)}
    made: bytes = typst.compile(TEMPLATE.encode(), format="pdf", font_paths=fonts, ignore_system_fonts=True, sys_inputs=inputs)
    return made


def _json(file: Path, content: Mapping[str, Any]) -> None:
    file.write_text(json.dumps(content, ensure_ascii=False), "utf-8")
