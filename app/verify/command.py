"""What `gongheng verify` and `verify.pyz` do alike: read, check, say."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from app.verify import wording
from app.verify.papers import is_paper, verify_paper
from app.verify.steps import verify
from app.verify.verdict import Finding, Verdict
from app.verify.wording import Lang
from core.kernel.errors import BadSignature
from core.kernel.trust import TrustPolicy, read_policy

ACCEPTED, REFUSED, UNREADABLE = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Answer:
    """What the command prints, and how it ends."""

    code: int
    out: str = ""
    err: str = ""


def run(package: str, policy: str, as_json: bool = False, lang: Lang = "zh", *, ciphertext: str = "", sites: str = "") -> Answer:
    """Checks the file `package`, an evidence package or a single paper (a receipt, the trace of a late seal), against the trust policy in
    the file `policy`; a paper with the `ciphertext` that it is about, a case with the package of the `sites` that it has booked. A file
    that can't be read is code 2, never an exception."""
    try:
        trusted = _policy(policy)
    except (OSError, UnicodeDecodeError) as fault:
        return Answer(UNREADABLE, err=wording.talk("unreadable", lang, path=policy, why=_why(fault)))
    except BadSignature as fault:
        key = "policy_line" if "line" in fault.facts else "policy"
        return Answer(UNREADABLE, err=wording.talk("unreadable", lang, path=policy, why=wording.talk(key, lang, **fault.facts)))
    try:
        paper = is_paper(Path(package))
        verdict = (
            verify_paper(Path(package), trusted, Path(ciphertext) if ciphertext else None)
            if paper
            else verify(Path(package), trusted, catalogue=Path(sites) if sites else None)
        )
    except OSError as fault:
        return Answer(UNREADABLE, err=wording.talk("unreadable", lang, path=fault.filename or package, why=_why(fault)))
    said = _as_json(verdict, lang) if as_json else _as_text(verdict, lang, "accepted_paper" if paper else "accepted")
    broken = next((finding for finding in verdict.findings if not finding.holds), None)
    return Answer(ACCEPTED, said) if broken is None else Answer(REFUSED, said, _refusal(broken, lang))


def _policy(path: str) -> TrustPolicy:
    return read_policy(Path(path).read_text("utf-8"))


def _why(fault: Exception) -> str:
    return fault.strerror or type(fault).__name__ if isinstance(fault, OSError) else type(fault).__name__


def _refusal(finding: Finding, lang: Lang) -> str:
    member = finding.member or wording.talk("package", lang)
    return wording.talk("refused", lang, member=member, fault=wording.fault(finding.code, finding.facts, lang))


def _as_text(verdict: Verdict, lang: Lang, accepted: str) -> str:
    lots = {finding.lot for finding in verdict.findings if finding.lot}
    lines = [_line(finding, lang, len(lots) > 1) for finding in verdict.findings]
    lines += ["", *(f"  · {wording.note(note.code, note.facts, lang)}" for note in verdict.notes)] if verdict.notes else []
    if verdict.holds:
        lines += ["", wording.talk(accepted, lang, case=verdict.case, checks=len(verdict.findings))]
    return "\n".join(lines)


def _line(finding: Finding, lang: Lang, names_lot: bool) -> str:
    mark = "✓" if finding.holds else "✗"
    lot = f"{wording.talk('lot', lang)} {finding.lot}: " if names_lot and finding.lot else ""
    said = f"{mark} {lot}{wording.check(finding.check, lang)}"
    if not finding.holds:
        return f"{said}\n    {_refusal(finding, lang)}"
    return f"{said}  ({finding.detail})" if finding.detail else said


def _as_json(verdict: Verdict, lang: Lang) -> str:
    checks = [
        {
            "check": finding.check,
            "lot": finding.lot,
            "holds": finding.holds,
            "detail": finding.detail,
            "member": finding.member,
            "code": finding.code,
            "facts": {name: str(value) for name, value in finding.facts.items()},
        }
        for finding in verdict.findings
    ]
    notes = [{"code": note.code, "text": wording.note(note.code, note.facts, lang)} for note in verdict.notes]
    said = {"accepted": verdict.holds, "case": verdict.case, "checks": checks, "notes": notes}
    return json.dumps(said, ensure_ascii=False, indent=2)
