"""The draw of coefficients, drawn again from its slips: after the list was public, before any key, among the published values."""

from __future__ import annotations

from app.verify.entries import Entry
from app.verify.replay.lots import Drawing
from app.verify.replay.story import Story, same
from trading.domain import coefficient as rules
from trading.domain.lots_drawn import PARTIES

KINDS = ("coefficient.commit", "coefficient.reveal", "coefficient.result", "coefficient.redraw")


def drawn(story: Story) -> dict[str, str]:
    """Coefficient → drawn value; empty where none is drawn."""
    result = story.last("coefficient.result")
    return {} if result is None else {str(name): str(value) for name, value in result.part("drawn").items()}


def check_coefficients(story: Story) -> str:
    """Every draw of the lot, the last with its result, before the host let keys be released; returns what was drawn. Raises Broken."""
    wanted = rules.coefficients_of(story.document.part("method"))
    requests, parties = story.all("coefficient.request"), PARTIES
    names: list[str] = []
    for number, request in enumerate(requests, 1):
        drawing = Drawing(story.case, f"coefficients-{story.lot}-{number}", rules.request_of(wanted), parties, request)
        same(request, request.text("draw"), drawing.name, "draw_differs")
        same(request, dict(request.part("request")), dict(drawing.request), "draw_differs")
        same(request, request.texts("parties"), list(parties), "draw_differs")
        mine = [entry for entry in story.all(*KINDS) if entry.text("draw") == drawing.name]
        given_up = [entry for entry in mine if entry.kind == "coefficient.redraw"]
        request.require(bool(given_up) is (number < len(requests)), "draw_differs")
        parties = _play(drawing, mine)
        names.append(drawing.name)
    for entry in story.all(*KINDS):
        entry.require(entry.text("draw") in names, "draw_differs")
    confirmed = story.last("opening.identity", round=0)
    if confirmed is not None and wanted:
        results = story.all("coefficient.result")
        confirmed.require(len(results) == 1 and results[0].seq < confirmed.seq, "coefficients_missing")
    return ", ".join(f"{name} = {value}" for name, value in drawn(story).items())


def _play(drawing: Drawing, mine: list[Entry]) -> tuple[str, ...]:
    """One draw, event by event; returns who must draw after it where it was given up. Raises Broken, for whatever follows its end too."""
    is_over, parties = False, drawing.parties
    for entry in mine:
        entry.require(not is_over, "draw_differs")
        is_over = entry.kind in ("coefficient.result", "coefficient.redraw")
        if entry.kind == "coefficient.redraw":
            parties = drawing.next_parties(entry)
        elif entry.kind == "coefficient.result":
            same(entry, dict(entry.part("drawn")), rules.chosen(drawing.drawn(entry).picked), "draw_differs")
        else:
            drawing.slip(entry)
    return parties
