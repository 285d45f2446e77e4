"""The API of fees: what is signed about them, and what each may read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, jsonify
from flask_openapi3.blueprint import APIBlueprint

from core.identity.services.acts import SignedRequest
from core.identity.web.acts import act_on, me
from core.kernel import clock
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Work
from core.web.door import actor, perform, read
from core.web.guard import requires
from core.web.platform import platform
from evaluation.domain.fee_life import account_chain
from evaluation.queries import fee_page
from evaluation.queries import fees as queries
from evaluation.queries.fees import FeeLine
from evaluation.services import fee_payments, fees
from evaluation.web.forms import ActForm, LotPath
from evaluation.web.forms_fees import PayerAccountForm

api = APIBlueprint("evaluation_fees", __name__, url_prefix="/api/v1")
SEEING = (Role.EXPERT, Role.CENTRE, Role.SUPERVISOR, Role.TENDERER, Role.AGENCY)
PAYING = (Role.TENDERER, Role.AGENCY)
Service = Callable[[Work, str, SignedRequest], dict[str, JSON]]


@api.get("/lots/<number>/fees")
@requires(*SEEING)
def lot_fees(path: LotPath) -> Response:
    """The standard of a lot's fees for all of its people; the fees by seat for centre, supervisor and payer."""
    who, now = actor(), platform().door.clock
    view = read(lambda session: fee_page.page(session, who, path.number, now(session)))
    rule = view.rule
    told: dict[str, Any] = {"lines": [line_json(one) for one in view.lines], "payer": view.payer, "rule": None}
    if rule is not None:
        told["rule"] = {"table": rule.table, "half_hour": rule.half_hour.value, "payer": rule.payer.value, "term_days": rule.term_days}
    return _sealed(told)


@api.post("/lots/<number>/fees/rule")
@requires(Role.CENTRE)
def fix_rule(path: LotPath, body: ActForm) -> Response:
    """`fee.rule` {table, half_hour, catalogue, payer, term_days, basis, late_reason}."""
    return act_on(body, fees.fix_rule, path.number)


@api.post("/lots/<number>/fees/breaks")
@requires(Role.CENTRE)
def record_break(path: LotPath, body: ActForm) -> Response:
    """`fee.break` {seats, why, from, until}: time that does not count; no seat means all."""
    return act_on(body, fees.record_break, path.number)


@api.post("/lots/<number>/fees/extras")
@requires(Role.CENTRE)
def record_extra(path: LotPath, body: ActForm) -> Response:
    """`fee.extra` {line, emergency, travelled, nights, lodging_fen, days, transport_fen, note}."""
    return act_on(body, fees.record_extra, path.number)


@api.post("/lots/<number>/fees/objections")
@requires(Role.EXPERT)
def object_to(path: LotPath, body: ActForm) -> Response:
    """`fee.object` {line, text}: a member about the own fee, once."""
    return act_on(body, fees.object_to, path.number)


@api.post("/lots/<number>/fees/corrections")
@requires(Role.CENTRE)
def correct(path: LotPath, body: ActForm) -> Response:
    """`fee.correct` {line, breaks, emergency, travelled, nights, lodging_fen, days, transport_fen, reason}, once for each fee."""
    return act_on(body, fees.correct, path.number)


@api.post("/lots/<number>/fees/confirmation")
@requires(*PAYING)
def confirm(path: LotPath, body: ActForm) -> Response:
    """`fee.confirm` {lines, total_fen}, step-up: the payer confirms several fees by one signature."""
    return act_on(body, fees.confirm, path.number)


@api.get("/me/fees")
@requires(Role.EXPERT)
def mine() -> Response:
    """One's own fees."""
    person, now = me(), platform().door.clock
    found = read(lambda session: queries.of_person(session, person, now(session)))
    return _sealed({"fees": [line_json(one) for one in found], "account_case": str(account_chain(person))})


@api.post("/me/fees/account")
@requires(Role.EXPERT)
def give_account(body: ActForm) -> Response:
    """`expert.account` {name, number, bank}, step-up, in the case that `GET /me/fees` names."""
    return act_on(body, fee_payments.give_account)


@api.put("/fees/account")
@requires(*PAYING)
def set_payer_account(body: PayerAccountForm) -> Response:
    """The account from which the caller's organisation pays its experts."""
    perform(lambda work: fee_payments.set_payer_account(work, body.name, body.number, body.bank))
    return jsonify({})


def line_json(one: FeeLine) -> dict[str, JSON]:
    """A fee as the API tells it."""
    steps: list[JSON] = [{"code": step["code"], "facts": dict(step["facts"]), "fen": step["fen"]} for step in one.steps]
    return {
        "number": one.number,
        "line": one.line,
        "name": one.person,
        "state": one.state.value,
        "minutes": one.minutes,
        "wasted": one.wasted,
        "fee_fen": one.fee.fen,
        "travel_fen": one.travel.fen,
        "tax_fen": None if one.tax is None else one.tax.fen,
        "net_fen": None if one.net is None else one.net.fen,
        "steps": steps,
        "due_on": None if one.due_on is None else one.due_on.isoformat(),
        "is_late": one.is_late,
        "paid_at": None if one.paid_at is None else clock.text(one.paid_at),
    }


def _sealed(told: dict[str, Any]) -> Response:
    response = jsonify(told)
    response.headers["Cache-Control"] = "no-store"
    return response
