"""The draw of coefficients, drawn again from its slips: after the list was public, before any key, among the published values."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from app.verify.entries import Entry
from app.verify.replay.story import Story, same
from app.verify.verdict import inside
from core.kernel import draw as kernel
from core.kernel import jcs
from core.kernel.encoding import sha256
from trading.domain import coefficient as rules

INSTANT = timedelta(seconds=1)  # an act is dated when it is recorded, and judged a moment before
KINDS = ("coefficient.commit", "coefficient.reveal", "coefficient.result", "coefficient.redraw")


def _of(story: Story, request: Entry) -> dict[str, list[Entry]]:
    """The events of one draw by kind."""
    mine = [entry for entry in story.all(*KINDS) if entry.text("draw") == request.text("draw")]
    return {kind: [entry for entry in mine if entry.kind == kind] for kind in KINDS}


def _record(story: Story, request: Entry, of: dict[str, list[Entry]]) -> dict[str, Any]:
    return {
        "case": story.case,
        "draw": request.text("draw"),
        "request": dict(request.part("request")),
        "commits": {entry.text("party"): entry.text("commit") for entry in of["coefficient.commit"]},
        "reveals": {entry.text("party"): entry.text("value") for entry in of["coefficient.reveal"]},
        "recused_later": [],
    }


def drawn(story: Story) -> dict[str, str]:
    """Coefficient → drawn value; empty where none is drawn."""
    result = story.last("coefficient.result")
    return {} if result is None else {str(name): str(value) for name, value in result.part("drawn").items()}


def check_coefficients(story: Story) -> str:
    """Every draw of the lot, the last with its result, before the host let keys be released; returns what was drawn. Raises Broken."""
    wanted = rules.coefficients_of(story.document.part("method"))
    requests, parties = story.all("coefficient.request"), list(rules.PARTIES)
    names: list[str] = []
    for number, request in enumerate(requests, 1):
        of = _of(story, request)
        same(request, request.text("draw"), f"coefficients-{story.lot}-{number}", "draw_differs")
        same(request, dict(request.part("request")), rules.request_of(wanted), "draw_differs")
        same(request, request.texts("parties"), parties, "draw_differs")
        _check_slips(of, frozenset(parties))
        request.require(bool(of["coefficient.redraw"]) is (number < len(requests)), "draw_differs")
        parties = _next(request, of, parties)
        names.append(request.text("draw"))
        _check_result(story, request, of, is_last=number == len(requests))
    for entry in story.all(*KINDS):
        entry.require(entry.text("draw") in names, "draw_differs")
    confirmed = story.last("opening.identity", round=0)
    if confirmed is not None and wanted:
        results = story.all("coefficient.result")
        confirmed.require(len(results) == 1 and results[0].seq < confirmed.seq, "coefficients_missing")
    return ", ".join(f"{name} = {value}" for name, value in drawn(story).items())


def _check_slips(of: dict[str, list[Entry]], parties: frozenset[str]) -> None:
    commits, reveals = of["coefficient.commit"], of["coefficient.reveal"]
    for slips in (commits, reveals):
        said = [entry.text("party") for entry in slips]
        for entry in slips:
            same(entry, entry.text("party"), entry.role, "role_differs", role=entry.role)
            entry.require(said.count(entry.text("party")) == 1 and entry.text("party") in parties, "slip_twice")
    for entry in reveals:
        complete = {slip.text("party") for slip in commits if slip.seq < entry.seq} == parties
        entry.require(complete, "revealed_too_early")


def _next(request: Entry, of: dict[str, list[Entry]], parties: list[str]) -> list[str]:
    """Who must draw after a draw that was given up; checks that somebody had been silent long enough."""
    commits, reveals = of["coefficient.commit"], of["coefficient.reveal"]
    for given_up in of["coefficient.redraw"]:
        complete = len(commits) == len(parties)
        since = max((entry.at for entry in commits), default=request.at) if complete else request.at
        given_up.require(given_up.at >= since + rules.PATIENCE - INSTANT, "too_early", kind=given_up.kind)
        facts = rules.DrawFacts(
            now=given_up.at,
            since=since,
            parties=frozenset(parties),
            committed=frozenset(entry.text("party") for entry in commits),
            revealed=frozenset(entry.text("party") for entry in reveals),
        )
        return list(rules.next_parties(facts, rules.DrawState.COMMITTED if complete else rules.DrawState.REQUESTED))
    return parties


def _check_result(story: Story, request: Entry, of: dict[str, list[Entry]], *, is_last: bool) -> None:
    for result in of["coefficient.result"]:
        result.require(is_last and all(entry.seq < result.seq for entry in of["coefficient.reveal"]), "slip_missing")
        with inside(request.member):
            found = kernel.replay(kernel.parse_draw(_record(story, request, of)))
        computed = {"pool_hash": found.pool_hash.hex(), "seed": found.seed.hex(), "drawn": rules.chosen(found.picked)}
        same(result, {name: result.body.get(name) for name in computed}, computed, "draw_differs")
        result.require(not found.mismatched, "slip_differs", party=",".join(found.mismatched))


def records(story: Story) -> dict[str, str]:
    """Member of the package → digest, of the records of draws that ended in a result."""
    found = {}
    for request in story.all("coefficient.request"):
        of = _of(story, request)
        if of["coefficient.result"]:
            name = f"draw/{story.lot}-{request.text('draw')}.json"
            found[name] = sha256(jcs.canonical(_record(story, request, of))).hex()
    return found
