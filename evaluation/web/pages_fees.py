"""The pages of fees: an expert's own, a lot's, a payer's and finance's, with the slip as a PDF and the month as a workbook."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import force_locale

from core.identity.web.acts import me
from core.identity.web.posted import posted
from core.kernel import clock
from core.kernel.errors import NotAllowed, NotFound
from core.kernel.ids import OrgId
from core.kernel.roles import Role
from core.web.door import actor, perform, read, viewer
from core.web.filters import beijing, yuan
from core.web.guard import quiet, requires
from core.web.i18n import LANGUAGES
from core.web.platform import platform
from core.web.sheets import as_workbook
from core.web.threads import natively
from evaluation.domain.fee_body import PAYER_ARTICLE
from evaluation.domain.fee_life import FeeState, account_chain
from evaluation.gateway import render_fee_slip
from evaluation.queries import fee_page
from evaluation.queries import fees as queries
from evaluation.queries.fees import FeeLine
from evaluation.services import fee_payments
from evaluation.web import texts_fees as texts
from evaluation.web.fees import PAYING, SEEING
from evaluation.web.forms import LotPath
from evaluation.web.forms_fees import FeePath, MonthQuery, PayerAccountForm

blueprint = Blueprint("evaluation_fee_pages", __name__)


def step_words(step: Any) -> str:
    """A step of a calculation in words."""
    return str(texts.STEPS[step["code"]]) % dict(step["facts"])


WORDS: dict[str, Any] = {
    "STATES": texts.STATES,
    "TONES": texts.TONES,
    "RESTS": texts.RESTS,
    "PAYERS": texts.PAYERS,
    "HALF_HOURS": texts.HALF_HOURS,
    "COUNTINGS": texts.COUNTINGS,
    "PAYER_ARTICLE": PAYER_ARTICLE,
    "FeeState": FeeState,
    "step_words": step_words,
    "moment": clock.moment,
}


def page(name: str, /, **facts: Any) -> str:
    """One of the templates of fees, with the names of states at hand."""
    return render_template(f"evaluation/{name}.html", **WORDS, **facts)


@blueprint.get("/lots/<number>/fees")
@requires(*SEEING)
def lot(number: str) -> str:
    """The fees of a lot: the standard before the draw, then breaks, the calculation, corrections and the payer's confirmation."""
    path, who, now = LotPath(number=number), actor(), platform().door.clock
    return page("fees", view=read(lambda session: fee_page.page(session, who, path.number, now(session))))


@blueprint.get("/me/fees")
@requires(Role.EXPERT)
def mine() -> str:
    """An expert's own fees, and the account that they go to."""
    person, now = me(), platform().door.clock
    lines = read(lambda session: queries.of_person(session, person, now(session)))
    account = read(lambda session: queries.expert_account(session, person))
    return page("fees_mine", lines=lines, account=account, case=account_chain(person), name=viewer().name)


@blueprint.get("/fees")
@requires(*PAYING)
def payer() -> ResponseReturnValue:
    """What an organisation pays its experts, and from which account."""
    return _payer([], 200)


@blueprint.post("/fees/account")
@requires(*PAYING)
def set_account() -> ResponseReturnValue:
    """The account from which the organisation pays."""
    done = posted(
        PayerAccountForm, lambda form: perform(lambda work: fee_payments.set_payer_account(work, form.name, form.number, form.bank))
    )
    if done.errors:
        return _payer(done.errors, done.status)
    flash(str(texts.DONE), "ok")
    return redirect("/fees", 303)


@blueprint.get("/finance/fees")
@requires(Role.FINANCE)
@quiet
def finance() -> str:
    """Everybody's fees, for finance."""
    month, now = _month(), platform().door.clock
    lines = read(lambda session: queries.of_all(session, now(session), month))
    return page("fees_list", lines=lines, month=month, months=_months(), here="/finance/fees", is_finance=True)


@blueprint.get("/fees.xlsx")
@requires(*PAYING)
def payer_sheet() -> Response:
    """The payer's month as a workbook."""
    org, month, now = _org(), _month(), platform().door.clock
    return _sheet(read(lambda session: queries.of_payer(session, org, now(session), month)), month)


@blueprint.get("/finance/fees.xlsx")
@requires(Role.FINANCE)
@quiet
def finance_sheet() -> Response:
    """Finance's month as a workbook."""
    month, now = _month(), platform().door.clock
    return _sheet(read(lambda session: queries.of_all(session, now(session), month)), month)


@blueprint.get("/fees/<fee>/slip.pdf")
@requires(Role.EXPERT, *PAYING, Role.FINANCE)
def slip(fee: str) -> Response:
    """A fee on paper: for the expert, the payer and finance; name and account stay away from the latter two while names are secret."""
    path, who, now = FeePath(fee=fee), actor(), platform().door.clock
    line = read(lambda session: _seen(session, who, UUID(path.fee), now(session)))
    with force_locale(LANGUAGES["zh"]):
        data = _slip(line)
    answer = Response(natively(lambda: render_fee_slip(data, line.calculated_at)), content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="fee-{line.number}-{line.line}.pdf"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _seen(session: Any, who: Any, fee: UUID, now: Any) -> FeeLine:
    if who.person is not None and (own := queries.own(session, fee, who.person, now)) is not None:
        return own
    found = queries.one(session, fee, now)
    pays = found is not None and who.org == found[2] and bool(who.roles & set(PAYING))
    if found is None or not (pays or Role.FINANCE in who.roles):
        raise NotFound("fee.not_found")
    return found[0]


def _slip(line: FeeLine) -> dict[str, Any]:
    words, unknown = texts.SLIP, str(texts.SLIP["unpaid"])
    facts = [
        ("number", line.number),
        ("project", line.title),
        ("payee", line.person or f"{line.name}（{words['secret']}）"),
        ("account", line.account or (unknown if line.person else str(words["secret"]))),
        ("payer", line.payer),
        ("time", f"{beijing(clock.moment(line.begin))} — {beijing(clock.moment(line.end))}"),
        ("minutes", str(texts.MINUTES) % {"minutes": line.minutes}),
        ("state", str(texts.STATES[line.state])),
        ("paid_at", beijing(line.paid_at) if line.paid_at else unknown),
    ]
    sums = [("fee", yuan(line.fee)), ("travel", yuan(line.travel)), ("tax", yuan(line.tax) if line.tax is not None else "—")]
    sums.append(("net", yuan(line.net) if line.net is not None else "—"))
    return {
        "title": str(words["title"]),
        "number": f"{line.number} {line.line}",
        "facts": [[str(words[name]), value] for name, value in facts],
        "heads": [str(words["step"]), str(words["amount"])],
        "caption": str(words["steps"]),
        "steps": [[step_words(step), str(step["fen"] // 100) + f".{step['fen'] % 100:02d}" if step["fen"] else ""] for step in line.steps],
        "sums": [[str(words[name]), value] for name, value in sums],
        "note": str(words["note"]),
    }


def _payer(errors: list[tuple[str, str]], status: int) -> ResponseReturnValue:
    org, month, now = _org(), _month(), platform().door.clock
    lines = read(lambda session: queries.of_payer(session, org, now(session), month))
    account = read(lambda session: queries.payer_account(session, org))
    facts = {"lines": lines, "month": month, "months": _months(), "here": "/fees", "account": account, "is_finance": False}
    return page("fees_list", **facts, name=viewer().org, errors=errors, given=request.form), status


def _org() -> OrgId:
    org = actor().org
    if org is None:
        raise NotAllowed("fee.payer_account.not_allowed")
    return org


def _month() -> str:
    return MonthQuery(month=request.args.get("month", "")).month


def _months() -> list[str]:
    """The last twelve months, the newest first."""
    today = clock.now(platform().settings.clock_file)
    year, month = int(beijing(today, "%Y")), int(beijing(today, "%m"))
    counted = [year * 12 + month - 1 - back for back in range(12)]
    return [f"{one // 12}-{one % 12 + 1:02d}" for one in counted]


def _sheet(lines: tuple[FeeLine, ...], month: str) -> Response:
    return as_workbook(texts.SHEET, texts.COLUMNS, [_row(one) for one in lines], f"fees-{month or 'all'}.xlsx")


def _row(one: FeeLine) -> list[str]:
    sums = [str(one.fee), str(one.travel), "" if one.tax is None else str(one.tax), "" if one.net is None else str(one.net)]
    ends = ["" if one.due_on is None else one.due_on.isoformat(), beijing(one.paid_at)]
    return [one.number, one.title, one.name, one.person, one.payer, str(texts.STATES[one.state]), str(one.minutes), *sums, *ends]
