"""The page on which those who prepare a lot try its method on invented bids before it is published; nothing is stored."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import zip_longest
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from core.kernel.roles import Role
from core.web.door import actor, read
from core.web.guard import quiet, requires
from core.web.i18n import language
from core.web.threads import natively
from evaluation.domain import trial
from evaluation.domain.methods import CaseFault, Method, evaluate, parse_case, parse_method, to_json
from evaluation.domain.trial import MOST_BIDS, Place, TrialBid, WhatIf
from evaluation.web import texts_trial
from evaluation.web.forms import LotPath
from trading.queries.methods import MethodView, method_of

blueprint = Blueprint("evaluation_trials", __name__)
PREPARERS = (Role.AGENCY, Role.TENDERER)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialPage:
    """A method with the rows that are typed, and after a run what they came to. `method` is None where it can't be read; `fault` says why
    it or the rows were refused, `place` in which row and column; `reference`: the invented reference price, None where none is wanted."""

    of: MethodView
    method: Method | None
    bids: tuple[TrialBid, ...] = ()
    drawn: Mapping[str, str]
    reference: str | None = None
    result: Mapping[str, Any] | None = None
    whatifs: tuple[WhatIf, ...] = ()
    case: str = ""
    path: str = ""
    fault: str = ""
    place: Place | None = None

    @property
    def written(self) -> dict[str, Any]:
        """The method part as the calculation gets it: under the lot's number, with an invented reference price where it is secret."""
        named = {"case": self.of.lot.number} | {name: value for name, value in self.of.method.items() if value is not None}
        return named if self.reference is None else named | {"reference_price": self.reference}


@blueprint.get("/lots/<number>/method")
@requires(*PREPARERS)
@quiet
def blank(number: str) -> str:
    """The method with invented bids to begin with, and what they come to."""
    page = _begun(number)
    return _show(_run(page) if page.bids else page)


@blueprint.post("/lots/<number>/method")
@requires(*PREPARERS)
@quiet
def run(number: str) -> ResponseReturnValue:
    """The rows as they were typed: run, or with a row added or taken away, pasted over, or as at the beginning."""
    page, do = _begun(number), request.form.get("do", "run")
    if page.method is None or do == "reset":
        return _show(_run(page) if page.bids else page)
    typed = replace(page, bids=_typed(page.method), drawn=_drawn(page), reference=_reference(page))
    if do == "paste":
        typed = replace(typed, bids=trial.read_pasted(request.form.get("pasted", ""), page.method) or typed.bids)
    if do == "add" and len(typed.bids) < MOST_BIDS:
        return _show(replace(typed, bids=(*typed.bids, TrialBid(_next_id(typed.bids), "", "0", {}))))
    if do.startswith("remove-"):
        typed = replace(typed, bids=tuple(bid for n, bid in enumerate(typed.bids) if str(n) != do.removeprefix("remove-")))
    done = _run(typed)
    return _show(done), 422 if done.fault else 200


def _show(page: TrialPage) -> str:
    return render_template("evaluation/trial.html", view=page, lot=page.of.lot, **texts_trial.WORDS)


def _begun(number: str) -> TrialPage:
    """The page as it comes: the saved method with the proposed bids; with neither where there is no method, or none that can be read."""
    who, name = actor(), LotPath(number=number).number
    of = read(lambda session: method_of(session, name, who))
    page = TrialPage(of=of, method=None, drawn={})
    if not of.method:
        return page
    ceiling = Fraction(of.method["price_ceiling"])
    if trial.wants_reference(of.method):
        page = replace(page, reference=trial.share_of(ceiling, trial.REFERENCE))
    try:
        method = parse_method(page.written)
    except CaseFault as fault:
        return replace(page, path=fault.path, fault=fault.reason_in(_lang()))
    return replace(page, method=method, bids=trial.proposed(method, ceiling))


def _run(page: TrialPage) -> TrialPage:
    """What the rows come to, or where they are at fault."""
    lang = _lang()
    return natively(lambda: _computed(page, lang))


def _computed(page: TrialPage, lang: Any) -> TrialPage:
    method, written = page.method, page.written
    assert method is not None  # nobody runs a method that can't be read
    case = trial.case_of(written, page.bids, page.drawn)
    try:
        result = to_json(evaluate(parse_case(case)), lang)
    except CaseFault as fault:
        return replace(page, path=fault.path, fault=fault.reason_in(lang), place=trial.place_of(fault, method, page.bids))
    whatifs = trial.what_if(written, page.bids, page.drawn)
    return replace(page, result=result, whatifs=whatifs, case=json.dumps(case, ensure_ascii=False, indent=1))


def _lang() -> Any:
    return "en" if language() == "en" else "zh"


def _typed(method: Method) -> tuple[TrialBid, ...]:
    form = request.form
    columns = [form.getlist(f"mark_{n}") for n in range(len(method.criteria))]
    rows = zip_longest(form.getlist("id"), form.getlist("price"), form.getlist("preference"), *columns, fillvalue="")
    names = [one.id for one in method.criteria]
    bids = (TrialBid(name[:40], price[:40], part[:40], dict(zip(names, marks, strict=True))) for name, price, part, *marks in rows)
    return tuple(bids)[:MOST_BIDS]


def _drawn(page: TrialPage) -> dict[str, str]:
    """The chosen values of the coefficients; the one that is written stands where none is chosen."""
    listed = page.of.method.get("coefficients") or []
    chosen = {one["id"]: request.form.get(f"drawn_{one['id']}", "") for one in listed}
    return {name: value for name, value in chosen.items() if value}


def _reference(page: TrialPage) -> str | None:
    return None if page.reference is None else request.form.get("reference", page.reference).strip()


def _next_id(bids: tuple[TrialBid, ...]) -> str:
    """The first letter that no bid has; with all in use, a number."""
    taken = {bid.id for bid in bids}
    return next((name for name in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" if name not in taken), str(len(bids) + 1))
