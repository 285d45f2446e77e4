"""What the forms of a lot's steps post, as the content of a draft."""

from __future__ import annotations

import json
import re
from datetime import datetime
from decimal import Decimal, InvalidOperation
from itertools import zip_longest

from flask import request
from werkzeug.datastructures import FileStorage

from core.kernel import clock, uploads
from core.kernel.blind import FLAGS, BlindRules
from core.kernel.calendar import BEIJING
from core.kernel.errors import NotAllowed, RuleBroken
from core.kernel.files import Stored
from core.kernel.jcs import JSON
from core.kernel.money import Money
from core.kernel.work import Work
from core.web.door import perform
from core.web.platform import platform
from core.web.threads import natively
from trading.domain.composition import DATA, PAPER
from trading.web.posted_method import line, method_part, score_rules
from trading.web.posted_review import review_part


def document() -> dict[str, JSON]:
    """The tender document: its files are stored as they come, those of an earlier draft stay unless new ones are chosen."""
    return terms() | {"files": files_of("files") or uploaded(kept())}


def terms() -> dict[str, JSON]:
    """All that the form of the tender document says beside its files."""
    ceiling = yuan("ceiling")
    counts: dict[str, JSON] = {name: count(name) for name in ("validity_days", "consortium_members") if line(name)}
    method = method_part(ceiling)
    return (
        counts
        | score_rules(method)
        | review_part()
        | _deposit_terms()
        | _performance()
        | {
            "method": method,
            "envelopes": _envelopes(),
            "deposit_fen": yuan("deposit").fen,
            "ceiling": str(ceiling),
            "reference_price_commit": line("reference_price_commit"),
            "escrow": request.form.get("escrow", ""),
        }
    )


def notice() -> dict[str, JSON]:
    """The tender notice; its times are typed in Beijing time."""
    return {
        "title": line("title"),
        "release_at": moment("release_at"),
        "deadline": moment("deadline"),
        "publicity_days": count("publicity_days"),
        "deviation_reason": line("deviation_reason"),
        "approver": line("approver"),
        **_invitation(),
    }


def _invitation() -> dict[str, JSON]:
    """Why and whom a notice by invitation invites: codes of organisations, one a line; nothing for an open tender."""
    if request.form.get("entry") != "invitation":
        return {}
    codes: list[JSON] = [code.upper() for code in re.split(r"[\s,，、;；]+", line("invitees")) if code]
    said: dict[str, JSON] = {name: line(name) for name in ("explanation", "approval")}
    return {"invitation": said | {"reason": line("reason"), "invitees": codes}}


def consortium() -> dict[str, JSON]:
    """The members of a consortium, one a row; rows that are left empty do not count. Shares are in percent."""
    form = request.form
    rows = zip_longest(form.getlist("member_uscc"), form.getlist("member_share"), form.getlist("member_duty"), fillvalue="")
    said: list[JSON] = []
    for uscc, share, duty in rows:
        if uscc.strip() or share.strip() or duty.strip():
            said.append({"uscc": uscc.strip().upper(), "share": _percent(share), "duty": duty.strip()})
    return {"members": said}


def plan() -> dict[str, JSON]:
    """A tender plan; its amount is typed in yuan."""
    words: dict[str, JSON] = {name: line(name) for name in ("title", "content", "regime", "category", "region", "month", "note")}
    return words | {"amount_fen": yuan("amount_fen").fen}


def contract() -> dict[str, JSON]:
    """The text of the contract: one file."""
    files = files_of("text")
    if len(files) != 1 or not isinstance(files[0], dict):
        raise _misfit("text")
    return files[0]


def _misfit(member: str) -> RuleBroken:
    return RuleBroken("body.malformed", member=member)


def count(name: str) -> int:
    """A whole number of at most six digits."""
    written = line(name)
    if re.fullmatch(r"[0-9]{1,6}", written) is None:
        raise _misfit(name)
    return int(written)


def yuan(name: str) -> Money:
    """An amount of yuan; commas and the currency's sign are let pass."""
    written = re.sub(r"[,，\s¥]", "", line(name))
    try:
        return Money.yuan(written)
    except ValueError:
        raise _misfit(name) from None


def _percent(written: str) -> str:
    """A share in percent with two decimals."""
    found = re.fullmatch(r"([0-9]{1,3})(?:\.([0-9]{1,2}))?\s*[%％]?", written.strip())
    if found is None:
        raise _misfit("share")
    return f"{int(found[1])}.{(found[2] or '').ljust(2, '0')}"


def moment(name: str) -> str:
    """A moment typed in Beijing time, in the form of signed payloads."""
    try:
        typed = datetime.fromisoformat(line(name))
    except ValueError:
        raise _misfit(name) from None
    return clock.text(typed.replace(tzinfo=BEIJING) if typed.tzinfo is None else typed)


def _deposit_terms() -> dict[str, JSON]:
    """How deposits are taken; nothing where the form does not ask it, or no deposit is wanted."""
    if not line("deposit_asked") or yuan("deposit").fen == 0:
        return {}
    forms: list[JSON] = list(request.form.getlist("deposit_forms"))
    return {"deposit_terms": {"forms": forms, "several": line("deposit_several") != "no"}}


def _performance() -> dict[str, JSON]:
    """The performance security, as a share of the contract price; nothing where none is asked for."""
    written = line("performance_percent")
    if not written:
        return {}
    try:
        share = Decimal(written) * 100
    except InvalidOperation:
        raise _misfit("performance_percent") from None
    if not share.is_finite() or share != share.to_integral_value() or share <= 0:
        raise _misfit("performance_percent")
    return {"performance": {"bp": int(share), "days": count("performance_days")}}


def _envelopes() -> list[JSON]:
    names = request.form.get("envelopes", "").split(",")
    said: list[dict[str, JSON]] = [
        {"env": name, "title": line(f"title_{name}")} for name in names if name in ("technical", "commercial", "bid")
    ]
    if line("blind"):
        said[0]["blind"] = _blind()
    return list(said)


def _blind() -> dict[str, JSON]:
    """What is allowed in a blind technical bid; the demanded fonts are typed with commas between them."""
    allowed = request.form.getlist("blind_allowed")
    fonts = tuple(font.strip() for font in re.split(r"[,，、]", line("blind_fonts")) if font.strip())
    return BlindRules(fonts, **{name: name in allowed for name in FLAGS}).to_json()


def uploaded(files: list[JSON]) -> list[JSON]:
    """Without a paper that was composed here: it says other terms as soon as they change, so it is made anew or left out."""
    is_composed = any(isinstance(entry, dict) and entry.get("name") == DATA for entry in files)
    return beside_paper(files) if is_composed else files


def beside_paper(files: list[JSON]) -> list[JSON]:
    """The files that a composed paper leaves in place."""
    return [entry for entry in files if not (isinstance(entry, dict) and entry.get("name") in (PAPER, DATA))]


def kept() -> list[JSON]:
    """The files of the earlier draft, which the form carries on by name, digest and size."""
    try:
        read = json.loads(request.form.get("kept", "[]"))
    except ValueError:
        raise _misfit("files") from None
    return read if isinstance(read, list) else []


def files_of(name: str) -> list[JSON]:
    """The chosen files, in the content store and known as this person's own uploads."""
    chosen = [file for file in request.files.getlist(name) if file.filename]
    return [_take(file) for file in chosen]


def _take(file: FileStorage) -> dict[str, JSON]:
    content = file.read()
    if not content:
        raise _misfit(file.filename or "files")
    return taken((file.filename or "")[-200:], content)


def taken(name: str, content: bytes) -> dict[str, JSON]:
    """A file that came in with a form, or was made here: in the content store and known as this person's own upload."""
    files = platform().files  # here: a native thread knows no request
    stored = natively(lambda: files.put(content))
    perform(lambda work: _remember(work, stored))
    return {"name": name, "sha256": stored.sha256, "size": stored.size}


def _remember(work: Work, stored: Stored) -> None:
    person = work.actor.person
    if person is None:
        raise NotAllowed("web.log_in")
    begun = uploads.create(work, person, stored.size)
    work.session.flush()
    uploads.acknowledge(work, begun.id, person, before=0, after=stored.size, sha256=stored.sha256)
