"""The practice page: the device and the line are checked, a bid is sealed, withdrawn and opened again, and all of it is emptied."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, flash, redirect, render_template
from flask.typing import ResponseReturnValue

from core.identity.web.acts import me
from core.kernel import practice_lot, uploads
from core.kernel.clock import now
from core.kernel.lotfile import Field, LotEnvelope
from core.kernel.practice import WORD
from core.web.door import actor, perform, read
from core.web.guard import quiet, signed_in
from core.web.headers import needs_wasm
from core.web.platform import platform
from core.web.threads import natively
from trading.domain.document import EnvelopeEntry
from trading.domain.practice import ENVELOPES
from trading.queries import practice as queries
from trading.queries.practice import PracticeView
from trading.services import practice as services
from trading.web.pages_bids import shown
from trading.web.texts_opening import BID_STATES, ENTRIES, ENVELOPE_STATES
from trading.web.texts_practice import ENDED, TITLES

blueprint = Blueprint("trading_practice_pages", __name__)


@blueprint.get("/practice")
@signed_in
@quiet
def practice() -> str:
    """One's own practice, or how to begin one."""
    needs_wasm()
    envelopes = [shown(EnvelopeEntry(env, str(TITLES[env]))) for env in ENVELOPES]
    names = {"BID_STATES": BID_STATES, "ENVELOPE_STATES": ENVELOPE_STATES, "WORD": WORD}
    return render_template("trading/practice.html", view=_own(), envelopes=envelopes, **names)


@blueprint.post("/practice/begin")
@signed_in
@quiet
def begin() -> ResponseReturnValue:
    """Begins with an empty area and fresh practice keys; a practice under way goes on."""
    if _own() is None:
        _empty()
        at = now(platform().settings.clock_file)
        envelopes = tuple(LotEnvelope(env, str(TITLES[env]), _named(env)) for env in ENVELOPES)
        made = natively(lambda: practice_lot.make(practice_lot.new_case(), envelopes, at))
        perform(lambda work: services.begin(work, made))
    return redirect("/practice", 303)


@blueprint.post("/practice/close")
@signed_in
@quiet
def close() -> ResponseReturnValue:
    """Who practises says that the deadline has come."""
    perform(services.close)
    return redirect("/practice#opening", 303)


@blueprint.post("/practice/end")
@signed_in
@quiet
def end() -> ResponseReturnValue:
    """Deletes the practice and all that was uploaded for it, now."""
    _empty()
    flash(str(ENDED), "ok")
    return redirect("/practice", 303)


def _own() -> PracticeView | None:
    who, clock = actor(), platform().door.clock
    return read(lambda session: queries.own(session, who, clock(session)))


def _empty() -> None:
    """Staged files first, then the rows that name them."""
    person, files = me(), platform().files
    gone = read(lambda session: uploads.practised(session, person))
    for upload in gone:
        natively(partial(files.discard, str(upload)))
    perform(lambda work: services.forget(work, person, gone))


def _named(env: str) -> tuple[Field, ...]:
    return tuple(Field(name, str(words), required) for name, words, required in ENTRIES[env])
