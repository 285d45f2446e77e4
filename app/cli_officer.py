"""`gongheng officer`: the key tool of an opening office; its keys never leave the folder it is given."""

from __future__ import annotations

import json
import os
import secrets
import sys
from pathlib import Path

import click

from app.cli_input import UNREADABLE, complaint, fault_text, load
from app.cli_refusals import sentence
from app.cli_text import table
from core.kernel import age, clock, dsse, jcs, releasing, signing, slips
from core.kernel.document import DocumentFault
from core.kernel.encoding import b64
from core.kernel.errors import BadSignature, Refusal
from core.kernel.events import PLATFORM
from core.kernel.jcs import JSON
from core.kernel.releasing import Officer, ReleaseRequest
from core.kernel.sealing import ROLES
from core.kernel.signing import NOTHING_SEEN, Actor, SoftwareP256Signer
from core.kernel.trust import TrustPolicy, read_policy
from evaluation.domain.methods.wording import Lang
from trading.domain.opening import RELEASE_WINDOW

REFUSED = 1

WORDS: dict[str, tuple[str, str]] = {
    "format_unknown": ("不是本工具认识的解密请求", "this is no release request that this tool knows"),
    "malformed": ("内容损坏或格式不对（{why}）", "damaged or of another form ({why})"),
    "policy": ("信任策略第 {line} 行有误（{why}）", "line {line} of the trust policy is faulty ({why})"),
    "no_keys": ("这里没有密钥，请先运行 gongheng officer create", "there are no keys here: run gongheng officer create first"),
    "no_file": ("找不到或无法读取文件", "there is no such file, or it can't be read"),
    "exists": ("这里已有密钥，未作改动", "there are keys here already, nothing was changed"),
    "refused": ("不予释放：{why}", "nothing was released: {why}"),
}
TEXT: dict[str, tuple[str, str]] = {
    "created": (
        "密钥已建立。把 {file} 交给平台登记；密钥留在 {keys}，请离线备份。",
        "keys made. Hand {file} to the platform for certification; the keys stay in {keys}: back them up offline.",
    ),
    "head": ("项目 {case}  标段 {lot}  机构 {role}", "case {case}  lot {lot}  office {role}"),
    "bidder": ("投标人", "bidder"),
    "name": ("名称", "name"),
    "env": ("信封", "envelope"),
    "may": ("可否释放", "may be released"),
    "yes": ("可以", "yes"),
    "released": ("已签署 {count} 份密钥份额，写入 {file}", "{count} shares signed, written to {file}"),
}

_folder = click.argument("keys", metavar="DIR", type=click.Path(path_type=Path))
_request = click.argument("request_file", metavar="REQUEST.json", type=click.Path())
_policy = click.option("--policy", "policy_file", type=click.Path(path_type=Path), required=True, help="trust policy, got from elsewhere")
_clock = click.option("--clock-file", type=click.Path(path_type=Path), envvar="GONGHENG_CLOCK_FILE", hidden=True)
_json = click.option("--json", "as_json", is_flag=True, help="print the result as one JSON object")
_lang = click.option("--lang", type=click.Choice(("zh", "en")), default="zh", show_default=True, help="language of the sentences")


class _Stop(Exception):
    """The run ends with one line on standard error."""

    def __init__(self, file: object, code: str, exit_code: int = UNREADABLE, facts: dict[str, str] | None = None) -> None:
        super().__init__(code)
        self.file, self.code, self.exit_code, self.facts = str(file), code, exit_code, facts or {}

    def end(self, lang: Lang) -> None:
        click.echo(complaint(self.file, "$", WORDS[self.code][lang == "en"].format_map(self.facts)), err=True)
        sys.exit(self.exit_code)


@click.group("officer", short_help="key tool of the opening offices")
def officer() -> None:
    """Create the keys of an opening office, look at what is asked, release shares. Runs away from the platform's pages."""


@officer.command("create", short_help="make an office's keys")
@_folder
@click.option("--role", type=click.Choice(ROLES), required=True, help="the office")
@click.option("--person", required=True, help="id of the person who holds the keys")
@click.option("--label", default="", help="what the keys are called in lists")
@click.option("--clock-file", type=click.Path(path_type=Path), envvar="GONGHENG_CLOCK_FILE", hidden=True)
@_json
@_lang
def create(keys: Path, role: str, person: str, label: str, *, clock_file: Path | None, as_json: bool, lang: Lang) -> None:
    """Make an age key for share boxes and a P-256 key for signatures in DIR, and the signed request to certify them."""
    if (keys / "officer.json").exists():
        _Stop(keys, "exists").end(lang)
    keys.mkdir(mode=0o700, parents=True, exist_ok=True)
    identity, signer = age.new_identity(), SoftwareP256Signer.generate()
    urn = f"urn:ztb:officer:{person}"
    payload = signing.statement(
        type="device.enrol",
        case=PLATFORM,
        lot="",
        round=0,
        prev="",
        actor=Actor(urn, "officer", signer.key.key_id),
        nonce=secrets.token_hex(16),
        iat=clock.now(clock_file),
        ckpt=NOTHING_SEEN,
        body={"purpose": f"officer:{role}", "spki": b64(signer.key.spki), "recipient": identity.recipient, "label": label or role},
    )
    about: dict[str, JSON] = {"person": urn, "role": role, "recipient": identity.recipient, "key_id": signer.key.key_id}
    _write(keys / "age.key", (identity.secret + "\n").encode())
    _write(keys / "signing.pem", signer.to_pem())
    _write(keys / "enrol.json", signing.sign(payload, signer).to_bytes())
    _write(keys / "officer.json", jcs.canonical(about))
    said = TEXT["created"][lang == "en"].format(file=keys / "enrol.json", keys=keys)
    click.echo(json.dumps(about, ensure_ascii=False) if as_json else said)


@officer.command("show", short_help="show what a request asks for")
@_request
@_policy
@_clock
@_json
@_lang
def show(request_file: str, policy_file: Path, clock_file: Path | None, *, as_json: bool, lang: Lang) -> None:
    """Show the envelopes of REQUEST.json and whether their shares may be released now; exit 1 when one may not."""
    request = _load(request_file, lang)
    try:
        known = releasing.grounds(request, _read_policy(policy_file), RELEASE_WINDOW)
        verdicts = [_verdict(request, asked, known, clock_file, lang) for asked in request.asked]
    except Refusal as refusal:
        _Stop(request_file, "refused", REFUSED, {"why": sentence(refusal, lang)}).end(lang)
    except _Stop as stop:
        stop.end(lang)
    yes, pairs = TEXT["yes"][lang == "en"], list(zip(request.asked, verdicts, strict=True))
    rows = [[asked.bidder, asked.name, asked.body.env, why or yes] for asked, why in pairs]
    if as_json:
        lines = [{"bidder": asked.bidder, "env": asked.body.env, "refused": why} for asked, why in pairs]
        click.echo(json.dumps({"case": request.case, "lot": request.lot, "role": request.role, "asked": lines}, ensure_ascii=False))
    else:
        click.echo(TEXT["head"][lang == "en"].format(case=request.case, lot=request.lot, role=request.role))
        click.echo(table([TEXT[name][lang == "en"] for name in ("bidder", "name", "env", "may")], rows))
    sys.exit(REFUSED if any(verdicts) else 0)


@officer.command("release", short_help="sign the release of shares")
@_folder
@_request
@_policy
@click.option("--out", type=click.Path(path_type=Path), required=True, help="file for the signed statements")
@_clock
@_json
@_lang
def release(keys: Path, request_file: str, policy_file: Path, out: Path, *, clock_file: Path | None, as_json: bool, lang: Lang) -> None:
    """Open the share boxes of REQUEST.json with the keys in DIR and sign their release, all or none.

    Exit 1, and nothing is written, unless the log and its witnesses show that the opening has begun, that each bid is on the closing list
    (and has passed, for price envelopes), and that the bidders' own time is over.
    """
    request = _load(request_file, lang)
    try:
        known = releasing.grounds(request, _read_policy(policy_file), RELEASE_WINDOW)
        envelopes = releasing.release(request, known, _keys(keys), clock.now(clock_file))
    except Refusal as refusal:
        _Stop(request_file, "refused", REFUSED, {"why": sentence(refusal, lang)}).end(lang)
    except _Stop as stop:
        stop.end(lang)
    statements: list[JSON] = [dsse.read_envelope(envelope).to_json() for envelope in envelopes]
    _write(out, jcs.canonical({"format": "gongheng/releases/v1", "case": request.case, "lot": request.lot, "statements": statements}))
    said = TEXT["released"][lang == "en"].format(count=len(statements), file=out)
    click.echo(json.dumps({"file": str(out), "count": len(statements)}) if as_json else said)


@officer.command("open-slip", short_help="sign the share of a silent party's slip in a draw")
@_folder
@_request
@_policy
@click.option("--out", type=click.Path(path_type=Path), required=True, help="file for the signed statement")
@_clock
@_json
@_lang
def open_slip(keys: Path, request_file: str, policy_file: Path, out: Path, *, clock_file: Path | None, as_json: bool, lang: Lang) -> None:
    """Open the share box in REQUEST.json with the keys in DIR and sign the share's release.

    Exit 1, and nothing is written, unless the log and its witnesses show all three commits of the draw and the parties' own time is over.
    """
    try:
        request = slips.read_request(load(request_file))
    except DocumentFault as fault:
        click.echo(complaint(request_file, fault.path, fault_text(fault, WORDS, lang)), err=True)
        sys.exit(UNREADABLE)
    try:
        own = _keys(keys)
        share, seen = slips.share_for(request, _read_policy(policy_file), own.office, own.identity, now := clock.now(clock_file))
    except Refusal as refusal:
        _Stop(request_file, "refused", REFUSED, {"why": sentence(refusal, lang)}).end(lang)
    except _Stop as stop:
        stop.end(lang)
    payload = signing.statement(
        type="draw.share",
        case=request.case,
        lot=request.lot,
        round=0,
        prev=request.prev,
        actor=Actor(own.person, "officer", own.signer.key.key_id),
        nonce=secrets.token_hex(16),
        iat=now,
        ckpt=seen,
        body={"draw": request.draw, "party": request.party, "role": own.office, "share": share.hex()},
    )
    statement: JSON = signing.sign(payload, own.signer).to_json()
    _write(out, jcs.canonical({"format": "gongheng/slip-share/v1", "statement": statement}))
    said = TEXT["released"][lang == "en"].format(count=1, file=out)
    click.echo(json.dumps({"file": str(out), "count": 1}) if as_json else said)


def _verdict(request: ReleaseRequest, asked: releasing.Asked, known: releasing.Grounds, clock_file: Path | None, lang: Lang) -> str:
    """Why a share may not be released now, "" if it may."""
    try:
        releasing.check_asked(request, asked, known, clock.now(clock_file))
    except Refusal as refusal:
        return sentence(refusal, lang)
    return ""


def _load(request_file: str, lang: Lang) -> ReleaseRequest:
    try:
        return releasing.read_request(load(request_file))
    except DocumentFault as fault:
        click.echo(complaint(request_file, fault.path, fault_text(fault, WORDS, lang)), err=True)
        sys.exit(UNREADABLE)


def _read_policy(file: Path) -> TrustPolicy:
    try:
        return read_policy(file.read_text(encoding="utf-8"))
    except BadSignature as refusal:
        raise _Stop(file, "policy", facts={"line": str(refusal.facts.get("line", "")), "why": refusal.code}) from None
    except (OSError, UnicodeDecodeError):
        raise _Stop(file, "no_file") from None


def _keys(folder: Path) -> Officer:
    try:
        about = jcs.parse_object((folder / "officer.json").read_bytes())
        identity = age.read_identity((folder / "age.key").read_text(encoding="ascii").strip())
        signer = SoftwareP256Signer.from_pem((folder / "signing.pem").read_bytes())
        return Officer(str(about["person"]), str(about["role"]), identity, signer)
    except (OSError, BadSignature, KeyError, UnicodeDecodeError):
        raise _Stop(folder, "no_keys") from None


def _write(file: Path, content: bytes) -> None:
    """Writes a file that only its owner may read, in one step."""
    fresh = file.with_name(f".{file.name}.new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as sink:
        sink.write(content)
        sink.flush()
        os.fsync(sink.fileno())
    fresh.replace(file)
