"""Pages of guarantees: a bidder's own, the register of guarantors, and the public page where anybody verifies one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from core.identity.web.posted import posted
from core.kernel import clock, detached, pades, streams
from core.kernel.certificates import read_certificate
from core.kernel.certpath import find_path
from core.kernel.encoding import sha256
from core.kernel.errors import BadSignature, Refusal
from core.kernel.ids import CaseId, GuaranteeId
from core.kernel.roles import Role
from core.web.door import actor, perform, read
from core.web.forms import Form
from core.web.guard import public, quiet, requires
from core.web.platform import platform
from core.web.texts import sentence
from core.web.threads import natively
from deposits.domain.deposit import chain_of
from deposits.guarantee_opening import open_with
from deposits.queries import claims, requirements
from deposits.queries import guarantees as queries
from deposits.queries.guarantees import GuaranteeView, GuarantorView
from deposits.services import guarantee_answers, guarantees
from deposits.web.guarantees import ApplyForm, KeyForm, own_guarantees
from deposits.web.texts_claims import WORDS as CLAIM_WORDS
from deposits.web.texts_guarantees import DONE, WORDS

blueprint = Blueprint("guarantee_pages", __name__)


class NothingForm(Form):
    """A button."""


def page(name: str, /, **facts: Any) -> str:
    """One of the templates of guarantees, with the names of states and faults at hand."""
    return render_template(f"deposits/{name}.html", **CLAIM_WORDS, **WORDS, **facts)


# A bidder's own


@blueprint.get("/lots/<number>/guarantee")
@requires(Role.BIDDER)
@quiet
def guarantee(number: str) -> ResponseReturnValue:
    """The firm's own guarantees: applied for, paid, issued, opened."""
    return _guarantee(number, [], 200)


def _guarantee(number: str, errors: list[tuple[str, str]], status: int) -> ResponseReturnValue:
    view, org = own_guarantees(number), requirements.own_org(actor())
    case = CaseId(chain_of(number))
    seq = read(lambda session: streams.last(session, case, f"bidder:{org}"))
    chosen = read(lambda session: queries.guarantors(session, only_active=True)) if view.may_apply else ()
    claimed = read(lambda session: claims.claims_of(session, [one.id for one in view.guarantees]))
    return page("guarantee", view=view, claims=claimed, guarantors=chosen, case=case, seq=seq, errors=errors), status


@blueprint.post("/lots/<number>/guarantee")
@requires(Role.BIDDER)
@quiet
def apply(number: str) -> ResponseReturnValue:
    """Applies to the guarantor that the firm chose."""
    done = posted(ApplyForm, lambda form: perform(lambda work: guarantees.apply(work, number, UUID(form.guarantor))))
    return _back(number, done.errors, done.status, "applied")


@blueprint.post("/lots/<number>/guarantee/<uuid:guarantee>/pay")
@requires(Role.BIDDER)
@quiet
def pay(number: str, guarantee: UUID) -> ResponseReturnValue:
    """Has the premium paid."""
    done = posted(NothingForm, lambda form: perform(lambda work: guarantees.pay(work, GuaranteeId(guarantee))))
    return _back(number, done.errors, done.status, "paid")


@blueprint.post("/lots/<number>/guarantee/<uuid:guarantee>/cancel")
@requires(Role.BIDDER)
@quiet
def cancel(number: str, guarantee: UUID) -> ResponseReturnValue:
    """Gives an application up."""
    done = posted(NothingForm, lambda form: perform(lambda work: guarantees.cancel(work, GuaranteeId(guarantee))))
    return _back(number, done.errors, done.status, "cancelled")


@blueprint.post("/lots/<number>/guarantee/<uuid:guarantee>/key")
@requires(Role.BIDDER)
@quiet
def open_own(number: str, guarantee: UUID) -> ResponseReturnValue:
    """Opens the firm's own guarantee after the opening, with the key that its guarantor sent it."""
    done = posted(KeyForm, lambda form: _open(GuaranteeId(guarantee), form.identity.strip()))
    return _back(number, done.errors, done.status, "opened")


def _open(guarantee: GuaranteeId, identity: str) -> None:
    org = requirements.own_org(actor())
    question = read(lambda session: queries.opening(session, guarantee, org))
    opened = natively(lambda: open_with(question, identity, "bidder"))
    perform(lambda work: guarantee_answers.open_up(work, guarantee, opened))


def _back(number: str, errors: list[tuple[str, str]], status: int, done: str) -> ResponseReturnValue:
    if errors:
        return _guarantee(number, errors, status)
    flash(str(DONE[done]), "ok")
    return redirect(f"/lots/{number}/guarantee", 303)


@blueprint.get("/lots/<number>/guarantee/<uuid:guarantee>/file")
@requires(Role.BIDDER)
@quiet
def own_file(number: str, guarantee: UUID) -> Response:
    """The firm's own guarantee, once it is open; before, its guarantor has sent it to the firm."""
    org = requirements.own_org(actor())
    read(lambda session: queries.own_one(session, GuaranteeId(guarantee), org))
    return pdf_answer(GuaranteeId(guarantee))


def pdf_answer(guarantee: GuaranteeId) -> Response:
    """The file of an opened guarantee; who may have it is decided before."""
    name, pdf = read(lambda session: queries.file(session, guarantee))
    headers = {"Content-Disposition": f'attachment; filename="{name}.pdf"'}
    return Response(pdf, mimetype="application/pdf", headers=headers)


# Guarantors


@blueprint.get("/guarantors")
@public
@quiet
def register_page() -> ResponseReturnValue:
    """Who is registered, for anybody; the centre registers more."""
    return page("guarantors", guarantors=read(queries.guarantors), may_register=Role.CENTRE in actor().roles)


# Anybody verifies


@dataclass(frozen=True, slots=True)
class Checked:
    """What a file's own signature proves: `by` who signed it, None where the signature does not hold, and why."""

    by: str | None
    root_sha256: str
    guarantor: GuarantorView | None
    fault: str
    digest: str


@blueprint.get("/guarantees/verify")
@public
@quiet
def verify() -> ResponseReturnValue:
    """A guarantee by its number. Before the opening nothing is told, not even that there is such a number."""
    number = request.args.get("number", "").strip()[:40]
    found = read(lambda session: queries.public_by_number(session, number)) if number else None
    return _verify(number=number, found=found)


@blueprint.post("/guarantees/verify")
@public
@quiet
def verify_file() -> ResponseReturnValue:
    """A guarantee by its file: its own signature at any time; whether it was issued for a lot, and what became of it, after the opening."""
    given = request.files.get("file")
    content = given.read(pades.LARGEST + 1) if given else b""
    known, now = read(queries.guarantors), clock.now(platform().settings.clock_file)
    checked = natively(lambda: _check(content, known, now))
    found = None if checked.by is None else read(lambda session: queries.public_by_file(session, checked.digest))
    return _verify(checked=checked, found=found)


def _verify(number: str = "", found: GuaranteeView | None = None, checked: Checked | None = None) -> ResponseReturnValue:
    return page("verify_guarantee", number=number, found=found, checked=checked)


def _check(content: bytes, known: tuple[GuarantorView, ...], now: datetime) -> Checked:
    digest = sha256(content).hex()
    try:
        signed = pades.read(content)
        detached.verify(signed.covered, signed.signature, signed.signer)
        guarantor = next((one for one in known if _leads_to(signed, one, now)), None)
    except Refusal as refusal:
        return Checked(None, "", None, sentence(refusal, platform().sentences), digest)
    name = guarantor.name if guarantor else signed.signer.subject.rfc4514_string()
    return Checked(name, guarantor.root_sha256 if guarantor else "", guarantor, "", digest)


def _leads_to(signed: pades.SignedPdf, guarantor: GuarantorView, now: datetime) -> bool:
    try:
        between = [one for one in signed.certificates if one != signed.signer]
        find_path(signed.signer, between, [read_certificate(guarantor.root)], now)
    except BadSignature:
        return False
    return True
