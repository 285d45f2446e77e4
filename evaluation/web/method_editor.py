"""The editor of a lot's evaluation method: a form with its JSON beside it, saved as trading's draft and tried on invented bids."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any, cast

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from core.kernel.errors import NotFound, Refusal
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.web.door import actor, perform, read
from core.web.guard import requires
from core.web.i18n import language
from core.web.platform import platform
from core.web.texts import sentence
from core.web.threads import natively
from evaluation.domain.methods import CaseFault, evaluate, parse_case, parse_method, to_json
from evaluation.domain.trial import EXPERTS, MOST_EXPERTS, InventedBid, invented, trial_case
from evaluation.web import method_form
from evaluation.web.methods import LONGEST
from evaluation.web.texts import REJECTIONS
from evaluation.web.texts_method import TRIAL_UNFIT, UNREADABLE, WORDS
from trading.domain.draft import DraftKind
from trading.domain.lot import LotAction
from trading.queries import documents
from trading.queries.workplace import Workplace, workplace
from trading.services import drafts
from trading.web.texts import WORDS as LOT_WORDS

blueprint = Blueprint("evaluation_method_editor", __name__)
BIDS = 8
_PRICE = re.compile(r"\d{1,13}(\.\d{1,2})?")
_LEVEL = re.compile(r"\d{1,2}(\.\d)?|100")


@dataclass(frozen=True, slots=True)
class Editor:
    """What stands in the editor: the method as JSON, the invented bids, what is wrong, and the result of a trial."""

    method: dict[str, Any]
    text: str = ""  # of the JSON beside the form, where it could not be read
    bids: tuple[InventedBid, ...] = ()
    experts: int = EXPERTS
    errors: list[tuple[str, object]] = field(default_factory=list)
    result: dict[str, Any] | None = None
    saved: bool = False

    @property
    def fields(self) -> dict[str, Any]:
        """The form's fields."""
        return method_form.to_fields(self.method)

    @property
    def json(self) -> str:
        """The method as JSON."""
        return self.text or json.dumps(self.method, ensure_ascii=False, indent=1)


@blueprint.route("/lots/<number>/method", methods=["GET", "POST"])
@requires(Role.AGENCY)
def method(number: str) -> ResponseReturnValue:
    """The method of the lot's document as it is being prepared; posted, it is saved, or tried without being saved."""
    who, clock = actor(), platform().door.clock
    place = read(lambda session: workplace(session, number, who, clock(session), DraftKind.METHOD))
    if Role.AGENCY not in place.page.roles:
        raise NotFound("lot.not_found")
    if request.method == "GET":
        made = _standing(place)
        return _page(place, Editor(made, bids=invented(made)))
    edited = _posted()
    if edited.errors:
        return _page(place, edited), 422
    return _try(place, edited) if request.form.get("do") == "try" else _save(place, number, edited)


def _standing(place: Workplace) -> dict[str, Any]:
    """The draft, else the document's draft, else the document's method, else one to begin with."""
    lot = place.page.lot
    drafted = read(lambda session: documents.draft(session, lot.id, DraftKind.DOCUMENT))
    offered = [draft.body["method"] for draft in (place.draft, drafted) if draft is not None]
    return next((found for found in (*offered, lot.method) if found), method_form.EXAMPLE)


def _posted() -> Editor:
    """What was posted: by the form, or by the JSON where that was changed."""
    form, written = request.form, request.form.get("json", "")[:LONGEST]
    bids, experts = _bids()
    errors: list[tuple[str, object]] = [] if bids or form.get("do") != "try" else [("", TRIAL_UNFIT)]
    made: dict[str, Any] = method_form.from_fields(form)
    if form.get("by") == "json":
        try:
            read_ = json.loads(written, parse_float=_no_float, parse_constant=_no_float)
        except (ValueError, RecursionError):
            return Editor(made, written, bids, experts, [("json", UNREADABLE)])
        made = read_ if isinstance(read_, dict) else {}
    try:
        parse_method(made)
    except CaseFault as fault:
        words = f"{fault.path}　{fault.reason_in('en' if language() == 'en' else 'zh')}"
        return Editor(made, written if form.get("by") == "json" else "", bids, experts, [(_field_of(fault.path), words), *errors])
    return Editor(made, "", bids, experts, errors)


def _no_float(written: str) -> Any:
    raise ValueError(written)


def _field_of(path: str) -> str:
    """The form's field of a JSON path: `$.price.benchmark.factor` → `benchmark.factor`, `$.criteria[1].max` → `criterion.1.max`."""
    name = path.removeprefix("$.").replace("price.benchmark.", "benchmark.")
    return re.sub(r"^criteria\[(\d+)\]", r"criterion.\1", name)


def _bids() -> tuple[tuple[InventedBid, ...], int]:
    """The invented bids that were filled in; none at all where a row is not whole."""
    form, rows = request.form, []
    for place in range(BIDS):
        name, price, level = (form.get(f"bid.{place}.{part}", "").strip() for part in ("name", "price", "level"))
        if not (name or price):
            continue
        if not (0 < len(name) <= 20 and _PRICE.fullmatch(price) and _LEVEL.fullmatch(level)):
            return (), EXPERTS
        rows.append(InventedBid(name, price, level))
    written = form.get("experts", "")
    experts = int(written) if written.isdecimal() and len(written) == 1 else 0
    return (tuple(rows), experts) if 1 <= experts <= MOST_EXPERTS else ((), EXPERTS)


def _try(place: Workplace, edited: Editor) -> ResponseReturnValue:
    lang: Any = "en" if language() == "en" else "zh"
    case = trial_case(edited.method, edited.bids, edited.experts)
    try:
        result = natively(lambda: to_json(evaluate(parse_case(case)), lang))
    except CaseFault as fault:
        words = f"{fault.path}　{fault.reason_in(lang)}"
        return _page(place, Editor(edited.method, "", edited.bids, edited.experts, [("", words)])), 422
    return _page(place, Editor(edited.method, "", edited.bids, edited.experts, result=result))


def _save(place: Workplace, number: str, edited: Editor) -> ResponseReturnValue:
    bids = edited.bids or invented(edited.method)
    content = cast("dict[str, JSON]", {"method": edited.method})
    try:
        perform(lambda work: drafts.save(work, number, DraftKind.METHOD, content))
    except Refusal as refusal:
        return _page(place, Editor(edited.method, "", bids, edited.experts, [("", sentence(refusal, platform().sentences))])), 409
    return _page(place, Editor(edited.method, "", bids, edited.experts, saved=True))


def _page(place: Workplace, editor: Editor) -> str:
    may = LotAction.PUBLISH_DOCUMENT in place.page.available
    rooms = {"rows": range(method_form.ROWS), "tests": range(method_form.TESTS), "mixed": range(method_form.MIXED), "ties": range(method_form.TIES)}
    return render_template(
        "evaluation/method.html", **LOT_WORDS, **WORDS, REJECTIONS=REJECTIONS, place=place, editor=editor, may=may, bids=range(BIDS), **rooms
    )
