"""`gongheng seal`: the offline sealer, which needs no network and none of the platform's pages."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import click

from app.cli_input import UNREADABLE, complaint, fault_text, load
from app.cli_marks import line, marks_in
from app.cli_refusals import sentence
from core.kernel import age, clock, jcs
from core.kernel.document import DocumentFault
from core.kernel.errors import BadSignature, Refusal
from core.kernel.jcs import JSON
from core.kernel.lotfile import Bidder, Escrow, LotFile, read_lot, trusted_offices
from core.kernel.parcel import BID
from core.kernel.practice import is_practice
from core.kernel.sealedset import Content, SealedSet, Unfit, seal_all
from core.kernel.sealing import read_seal_body
from core.kernel.trust import TrustPolicy, read_policy
from evaluation.domain.methods.wording import Lang

REFUSED = 1
REFUSALS = {"offices", "no_offices", "marks", "practice"}

WORDS: dict[str, tuple[str, str]] = {
    "format_unknown": ("不是本工具认识的标段文件", "this is no lot file that this tool knows"),
    "malformed": ("内容损坏或格式不对（{why}）", "damaged or of another form ({why})"),
    "no_envelope": ("没有任何信封", "there is no envelope"),
    "envelope_twice": ("信封名称重复", "an envelope is named twice"),
    "envelope_name": ("信封名称只能含字母、数字和连字符", "an envelope's name has letters, digits and hyphens only"),
}
REASONS: dict[str, tuple[str, str]] = {
    "policy": ("信任策略第 {line} 行有误（{why}）", "line {line} of the trust policy is faulty ({why})"),
    "no_file": ("找不到或无法读取文件", "there is no such file, or it can't be read"),
    "which": (
        "不知道属于哪个信封：请把文件放在以信封命名的文件夹中（{known}）",
        "which envelope is it for? put it into a folder named after the envelope ({known})",
    ),
    "twice": ("信封 {env} 中出现两个同名文件", "envelope {env} gets two files of this name"),
    "out": ("输出文件夹不是空的", "the output folder is not empty"),
    "bidder": (
        "标段文件中没有投标人信息，请用 --bidder 和 --recipient 给出",
        "the lot file names no bidder: say --bidder and --recipient",
    ),
    "recipient": ("--recipient 应当是 age1 开头的公钥", "--recipient takes a public key that begins with age1"),
    "practice": (
        "这是练习用的标段文件：它的机构公钥只供练习，信任策略不会认可，没有密封；练习时请不要加 --policy，真实标段请重新下载标段文件",
        "this is a practice lot file: no trust policy accepts its keys, nothing was sealed; leave --policy out to practise, or "
        "download the file of the real lot",
    ),
    "offices": ("开标机构的密钥未通过核验，不予封标（{why}）", "an opening office's key does not hold, nothing was sealed ({why})"),
    "no_offices": ("标段要求托管，却没有三个机构的密钥", "the lot asks for share boxes but lacks the keys of three offices"),
    "marks": (
        "暗标中有 {count} 处标记（见上），没有密封；改正后重试，或加 --despite-marks 仍然密封",
        "the blind bid has {count} marks (above), nothing was sealed; correct them, or seal with --despite-marks",
    ),
    "empty": ("信封 {env} 没有内容", "nothing was given for envelope {env}"),
    "items": ("信封 {env} 的 bid.json：items 应当是名称到文字的对照", "bid.json of envelope {env}: items maps names to texts"),
    "field": ("信封 {env} 的 bid.json 缺少“{name}”，或它不是文字", "bid.json of envelope {env} lacks “{name}”, or it is no text"),
    "content": ("信封内容不合要求（{why}）", "the content is not fit for an envelope ({why})"),
}
TEXT: dict[str, tuple[str, str]] = {
    "sealed": ("已封标：{env}  {size} 字节  {sha}", "sealed: {env}  {size} bytes  {sha}"),
    "own": (
        "提示：没有给出 --policy，只核对了标段文件自身，未核对它来自谁。",
        "note: without --policy the lot file was checked against itself alone, not where it comes from.",
    ),
    "practice": (
        "【练习】这是练习标段：密封的文件不是投标，没有任何法律效力，只能交到“练习投标”页面。",
        "[练习 PRACTICE] this is a practice lot: what is sealed is no bid, has no legal effect, and goes to the practice page alone.",
    ),
    "next": (
        "下一步：在投标页选择“上传已封好的文件”，交上 {out} 中的 sealed.json 和 *.age；recovery.key 请另行保存。",
        "next: on the bid page choose “upload sealed files”: sealed.json and *.age from {out}; keep recovery.key elsewhere.",
    ),
}


class _Stop(Exception):
    """The run ends with one line on standard error."""

    def __init__(self, file: object, code: str, why: Refusal | None = None, **facts: str) -> None:
        super().__init__(code)
        self.file, self.code, self.why, self.facts = str(file), code, why, facts
        self.exit_code = REFUSED if code in REFUSALS else UNREADABLE


@click.command("seal", short_help="seal a bid offline")
@click.argument("lot_file", metavar="LOT.json", type=click.Path())
@click.argument("files", metavar="FILE…", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), required=True, help="folder for the sealed set; made if need be")
@click.option("--policy", "policy_file", type=click.Path(path_type=Path), help="trust policy, got from elsewhere than the lot file")
@click.option("--bidder", "bidder_id", help="organisation id, where the lot file names none")
@click.option("--recipient", "recipients", multiple=True, help="age1… key of the bidder's device; may be repeated")
@click.option("--ver", type=click.IntRange(1), help="version of the bid; default: what the lot file says, or 1")
@click.option("--escrow/--no-escrow", "wants_escrow", default=True, help="share boxes, where the lot leaves the choice")
@click.option("--despite-marks", is_flag=True, help="seal a blind bid although it has marks that could tell whose it is")
@click.option("--clock-file", type=click.Path(path_type=Path), envvar="GONGHENG_CLOCK_FILE", hidden=True)
@click.option("--json", "as_json", is_flag=True, help="print the result as one JSON object")
@click.option("--lang", type=click.Choice(("zh", "en")), default="zh", show_default=True, help="language of the sentences")
def seal(lot_file: str, lang: Lang, as_json: bool, **given: object) -> None:
    """Seal FILES for the lot of LOT.json into a set that the upload page takes, completes and signs.

    Each FILE is a folder named after an envelope, or a file inside one; where the lot has a single envelope any file will do. A file
    named bid.json holds the entries that are read out. Exit 1 when an office's key does not hold, 2 for input that can't be used.
    """
    try:
        lot = read_lot(load(lot_file))
        sealed, notes = _seal(lot, lot_file, lang=lang, **given)  # type: ignore[arg-type]  # click hands them on by name
    except DocumentFault as fault:
        click.echo(complaint(lot_file, fault.path, fault_text(fault, WORDS, lang)), err=True)
        sys.exit(UNREADABLE)
    except _Stop as stop:
        facts = stop.facts | ({"why": sentence(stop.why, lang)} if stop.why else {})
        click.echo(complaint(stop.file, "$", REASONS[stop.code][lang == "en"].format_map(facts)), err=True)
        sys.exit(stop.exit_code)
    for note in notes:
        click.echo(TEXT[note][lang == "en"], err=True)
    click.echo(json.dumps(sealed.to_json(), ensure_ascii=False, indent=2) if as_json else _report(sealed, str(given["out"]), lang))


def _seal(
    lot: LotFile,
    lot_file: str,
    *,
    files: tuple[Path, ...],
    out: Path,
    policy_file: Path | None,
    bidder_id: str | None,
    recipients: tuple[str, ...],
    ver: int | None,
    wants_escrow: bool,
    despite_marks: bool,
    clock_file: Path | None,
    lang: Lang,
) -> tuple[SealedSet, list[str]]:
    if policy_file and is_practice(lot.case):
        raise _Stop(lot_file, "practice")
    policy = _policy(policy_file) if policy_file else lot.own_policy
    offices = _offices(lot, lot_file, policy, wants_escrow, clock_file)
    contents = _contents(lot, files)
    _tell_marks(lot, contents, lot_file, despite_marks, lang)
    recovery = age.new_identity()
    bidder = _bidder(lot, lot_file, bidder_id, recipients, ver, recovery.recipient)
    out.mkdir(mode=0o700, parents=True, exist_ok=True)
    if any(out.iterdir()):
        raise _Stop(out, "out")
    try:
        sealed = seal_all(lot, contents, offices, bidder=bidder, out=out, client_build=_build())
    except Unfit as unfit:
        raise _Stop(lot_file, unfit.code, None, **unfit.facts) from None
    except BadSignature as refusal:
        raise _Stop(lot_file, "content", refusal) from None
    except OSError as failure:
        raise _Stop(failure.filename or out, "no_file") from None
    _write_private(out / "recovery.key", recovery.secret + "\n")
    (out / "sealed.json").write_bytes(jcs.canonical(sealed.to_json()))
    return sealed, ["practice"] if is_practice(lot.case) else [] if policy_file else ["own"]


def _tell_marks(lot: LotFile, contents: dict[str, Content], lot_file: str, may_stay: bool, lang: Lang) -> None:
    """Says by what a blind bid could be recognised; whether it is sealed all the same is its bidder's to say."""
    found = marks_in(lot, contents)
    for file, mark in found:
        click.echo(line(file, mark, lang), err=True)
    if found and not may_stay:
        raise _Stop(lot_file, "marks", count=str(len(found)))


def _policy(file: Path) -> TrustPolicy:
    try:
        return read_policy(file.read_text(encoding="utf-8"))
    except BadSignature as refusal:
        raise _Stop(file, "policy", refusal, line=str(refusal.facts.get("line", ""))) from None
    except (OSError, UnicodeDecodeError):
        raise _Stop(file, "no_file") from None


def _offices(lot: LotFile, lot_file: str, policy: TrustPolicy, wanted: bool, clock_file: Path | None) -> dict[str, list[str]]:
    if lot.escrow is Escrow.NONE or (lot.escrow is Escrow.OPTIONAL and not wanted):
        return {}
    try:
        offices = trusted_offices(lot, policy, clock.now(clock_file))
    except BadSignature as refusal:
        raise _Stop(lot_file, "offices", refusal) from None
    if len(offices) != 3 or not all(offices.values()):
        raise _Stop(lot_file, "no_offices")
    return offices


def _bidder(lot: LotFile, lot_file: str, name: str | None, keys: tuple[str, ...], ver: int | None, recovery: str) -> Bidder:  # noqa: PLR0917
    own = lot.bidder or Bidder("", 1, ())
    try:
        for key in keys:
            age.read_recipient(key)
    except BadSignature:
        raise _Stop(lot_file, "recipient") from None
    recipients = keys or own.recipients
    if not (name or own.id) or not recipients:
        raise _Stop(lot_file, "bidder")
    return Bidder(name or own.id, ver or own.ver, (*recipients, recovery), consortium=own.consortium)


def _contents(lot: LotFile, files: tuple[Path, ...]) -> dict[str, Content]:
    """What goes into which envelope."""
    found: dict[str, dict[str, Path]] = {}
    for given in files:
        for env, name, path in _placed(lot, given):
            if found.setdefault(env, {}).setdefault(name, path) != path:
                raise _Stop(path, "twice", env=env)
    return {env: _content(members) for env, members in found.items()}


def _placed(lot: LotFile, given: Path) -> Iterator[tuple[str, str, Path]]:
    """(envelope, name inside, path) of a file, or of everything in a folder."""
    only = lot.envelopes[0].env if len(lot.envelopes) == 1 else ""
    if given.is_dir():
        env = given.resolve().name if lot.envelope(given.resolve().name) else only
        inside = sorted(path for path in given.rglob("*") if path.is_file())
        pairs = [(path.relative_to(given).as_posix(), path) for path in inside]
    elif given.is_file():
        env = given.resolve().parent.name if lot.envelope(given.resolve().parent.name) else only
        pairs = [(given.name, given)]
    else:
        raise _Stop(given, "no_file")
    if not env:
        raise _Stop(given, "which", known=", ".join(envelope.env for envelope in lot.envelopes))
    for name, path in pairs:
        yield env, name, path


def _content(members: dict[str, Path]) -> Content:
    bid: dict[str, JSON] = {}
    if file := members.pop(BID, None):
        try:
            bid = jcs.parse_object(file.read_bytes(), strict=False)
        except BadSignature as refusal:
            raise _Stop(file, "content", refusal) from None
    return Content(bid, members)


def _build() -> str:
    try:
        return f"gongheng-seal/{version('gongheng')}"
    except PackageNotFoundError:
        return "gongheng-seal"


def _write_private(file: Path, text: str) -> None:
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as sink:
        sink.write(text)


def _report(sealed: SealedSet, out: str, lang: Lang) -> str:
    """One line per envelope, then what to do with them."""
    bodies = [read_seal_body(seal.body) for seal in sealed.sealed.values()]
    lines = [TEXT["sealed"][lang == "en"].format(env=body.env, size=body.ct_size, sha=body.ct_sha256) for body in bodies]
    return "\n".join([*lines, TEXT["next"][lang == "en"].format(out=out)])
