"""Pages of objections and complaints: what waits for each role, what may be said against a lot, each one with its answer, the decisions."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request

from core.kernel.calendar import legal_day
from core.kernel.roles import Role
from core.web.door import actor, read
from core.web.guard import public, quiet, requires
from core.web.platform import platform
from core.web.texts import sentence
from trading.domain.complaint import Ground, Outcome
from trading.domain.objection import ANSWERER
from trading.domain.remedy import SECRET, complaint_rule, last_day_of
from trading.queries import remedies, remedy_lists
from trading.web.forms_remedies import AfterQuery, LotPath, RemedyPath, StagePath
from trading.web.texts import WORDS as LOT_WORDS
from trading.web.texts_remedies import WORDS

blueprint = Blueprint("trading_remedy_pages", __name__)


def page(name: str, **facts: Any) -> str:
    """One of the templates of remedies, with the words of both regimes at hand."""
    more = {"last": last_day_of, "SECRET": SECRET, "Role": Role, "Ground": Ground, "Outcome": Outcome, "complaint_rule": complaint_rule}
    return render_template(f"trading/{name}.html", **LOT_WORDS, **WORDS, **more, **facts)


@blueprint.get("/remedies")
@requires(Role.BIDDER, Role.TENDERER, Role.AGENCY, Role.SUPERVISOR, Role.CENTRE)
@quiet
def work_list() -> str:
    """What waits for the caller, with its legal days."""
    who, clock = actor(), platform().door.clock
    view = read(lambda session: remedy_lists.work_list(session, who, clock(session)))
    roles = {role.value for role in who.roles}
    return page("remedies", view=view, roles=roles, is_answerer=bool(who.roles & ANSWERER))


@blueprint.get("/lots/<number>/remedies")
@public
@quiet
def of_lot(number: str) -> str:
    """What may be said against a lot and until when, and what has been said."""
    path, who, clock = LotPath(number=number), actor(), platform().door.clock
    view = read(lambda session: remedy_lists.of_lot(session, path.number, who, clock(session)))
    whys = {found.stage: sentence(found.refusal, platform().sentences) for found in view.stages if found.refusal is not None}
    return page("remedies_lot", view=view, whys=whys)


@blueprint.get("/lots/<number>/objections/new/<stage>")
@requires(Role.BIDDER)
@quiet
def new_objection(number: str, stage: str) -> str:
    """The form of an objection or challenge, with its period on the server's clock."""
    path, who, clock = StagePath.model_validate({"number": number, "stage": stage}), actor(), platform().door.clock
    view = read(lambda session: remedy_lists.of_lot(session, path.number, who, clock(session)))
    found = next((one for one in view.stages if one.stage is path.stage), view.stages[0])
    why = "" if found.refusal is None else sentence(found.refusal, platform().sentences)
    return page("remedies_object", view=view, found=found, why=why)


@blueprint.get("/lots/<number>/complaints/new")
@requires(Role.BIDDER)
@quiet
def new_complaint(number: str) -> str:
    """The form of a complaint."""
    path, who, clock = LotPath(number=number), actor(), platform().door.clock
    form = read(lambda session: remedy_lists.complaint_form(session, path.number, who, clock(session)))
    return page("remedies_complain", form=form, chosen=request.args.get("objection", "")[:24], today=legal_day(form.remedies.now))


@blueprint.get("/objections/<remedy>")
@public
@quiet
def objection(remedy: str) -> str:
    """One objection: its words, its answer, and what may be done now."""
    path, who, clock = RemedyPath(remedy=remedy), actor(), platform().door.clock
    return page("remedies_objection", view=read(lambda session: remedies.objection(session, path.remedy, who, clock(session))))


@blueprint.get("/complaints/<remedy>")
@public
@quiet
def complaint(remedy: str) -> str:
    """One complaint: its words, its clocks, and what may be done now."""
    path, who, clock = RemedyPath(remedy=remedy), actor(), platform().door.clock
    return page("remedies_complaint", view=read(lambda session: remedies.complaint(session, path.remedy, who, clock(session))))


@blueprint.get("/decisions")
@public
@quiet
def decisions() -> str:
    """The decisions that authorities have published."""
    query = AfterQuery(after=request.args.get("after", ""))
    found, after = read(lambda session: remedy_lists.decisions(session, query.after))
    return page("remedies_decisions", rows=found, after=after, is_first=not query.after)
