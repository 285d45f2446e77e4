"""The marks of blind bids (暗标) as the offline sealer tells them: what was found, on which pages, and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from core.kernel.blind import BlindRules, Mark, MarkKind, marks_of, name_marks
from core.kernel.lotfile import LotFile
from core.kernel.parsing.paper import Unreadable, look_at
from core.kernel.sealedset import Content
from evaluation.domain.methods.wording import Lang

SHOWN = 8  # page numbers, before a list of them says no more

WORDS: Mapping[MarkKind, tuple[str, str]] = {
    MarkKind.METADATA: ("文件属性写有“{said}”，请清空作者、单位等属性", "its properties say “{said}”: clear author and company"),
    MarkKind.NAME: ("出现本单位的名称或代码“{said}”，请删除", "your firm's name or code “{said}” appears: remove it"),
    MarkKind.CONTACT: ("出现电话、邮箱或单位代码“{said}”，请删除", "a telephone, mail address or firm's code “{said}” appears: remove it"),
    MarkKind.FILE_NAME: ("文件名中有“{said}”，请改名", "its name contains “{said}”: rename it"),
    MarkKind.BOOKMARK: ("带有书签“{said}”，请去掉", "there are bookmarks (“{said}”): export without them"),
    MarkKind.ATTACHMENT: ("嵌有附件“{said}”，请移除", "a file “{said}” is embedded: remove it"),
    MarkKind.LAYER: ("带有图层，请合并后重新导出", "there are layers: flatten them and export again"),
    MarkKind.HEADER: ("有页眉或页脚“{said}”，请删除", "there is a header or footer “{said}”: remove it"),
    MarkKind.PAGE_NUMBER: (
        "有页码，招标文件不允许，请删除",
        "there are page numbers, which are not allowed: remove them",
    ),
    MarkKind.IMAGE: ("有图片，可能是徽标或照片，请删除", "there is a picture, perhaps a logo or photograph: remove it"),
    MarkKind.COLOUR: ("有彩色内容，请改为黑色", "something is coloured: make it black"),
    MarkKind.FONT: ("用了字体 {said}，请改用招标文件规定的字体", "the font {said} is used: use the one that the tender document demands"),
    MarkKind.HIDDEN: ("有看不见的文字“{said}”，请删除", "there is text that can't be seen: “{said}”: remove it"),
    MarkKind.ANNOTATION: ("有批注或表单域，请删除", "there are notes or form fields: remove them"),
    MarkKind.LINK: ("有指向外部的链接 {said}，请取消", "there is a link to {said}: remove it"),
    MarkKind.NOT_PDF: ("不是 PDF，无法检查，请改用 PDF", "it is no PDF and can't be checked: use PDF"),
    MarkKind.UNREADABLE: ("已损坏或加了密码，无法检查，请重新导出", "it is damaged or locked and can't be checked: export it again"),
}


def marks_in(lot: LotFile, contents: Mapping[str, Content]) -> list[tuple[str, Mark]]:
    """(file, mark) of every blind envelope's files."""
    words = lot.bidder.words if lot.bidder else ()
    blind = [(envelope.env, envelope.blind) for envelope in lot.envelopes if envelope.blind is not None]
    return [
        (f"{env}/{name}", mark)
        for env, rules in blind
        if env in contents
        for name, path in sorted(contents[env].files.items())
        for mark in _marks(name, path, rules, words)
    ]


def _marks(name: str, path: Path, rules: BlindRules, words: tuple[str, ...]) -> list[Mark]:
    found = name_marks(name, words)
    if any(mark.kind is MarkKind.NOT_PDF for mark in found):
        return found
    try:
        return found + marks_of(look_at(path), rules, words)
    except Unreadable:
        return [*found, Mark(MarkKind.UNREADABLE)]


def line(file: str, mark: Mark, lang: Lang) -> str:
    """One mark in words."""
    said = WORDS[mark.kind][lang == "en"].format(said=mark.said)
    if not mark.pages:
        return f"{file}: {said}"
    pages = ("、", ", ")[lang == "en"].join(map(str, mark.pages[:SHOWN])) + ("…" if len(mark.pages) > SHOWN else "")
    where = f"page {pages}" if lang == "en" else f"第 {pages} 页"
    return f"{file}: {where}: {said}"
