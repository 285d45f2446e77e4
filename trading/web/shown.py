"""How trading's views stand in JSON, and answers that know when they have not changed."""

from __future__ import annotations

from collections.abc import Iterable

from core.kernel.actor import Actor
from core.kernel.events import as_json
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from trading.domain.readiness import Finding
from trading.domain.statutory import Term
from trading.queries.lot_page import LotPage
from trading.queries.lots import LotView
from trading.queries.notices import NoticeLine, NoticeView
from trading.queries.projects import ProjectView


def _named(view: object, names: Iterable[str]) -> dict[str, JSON]:
    """These members of a view in JSON; an amount's name says that it is in fen."""
    values = ((name, getattr(view, name)) for name in names)
    return {f"{name}_fen" if name in _AMOUNTS else name: as_json(value) for name, value in values}


_AMOUNTS = frozenset({"deposit", "ceiling", "price", "estimate"})


_PUBLIC = (
    *("number", "no", "case", "title", "project_title", "state", "regime", "region", "tenderer_name", "agency_name"),
    *("notice_at", "release_at", "deadline", "document_sha256", "award_plan_sha256", "separation", "publicity_days"),
    *("publicity_from", "publicity_until", "award_notice_at", "contract_at"),
)
_WITH_DOCUMENT = (
    *("method", "envelopes", "escrow", "deposit", "ceiling", "award_plan", "reference_price_commit"),
    "consortium_members",
    "score_rules",
    "deposit_terms",
    "performance",
)
_AWARDED = ("winner_org", "price", "result_sha256")
_INSIDE = ("report_sha256", "case_sha256", "report_at", "ranked", "contract_sha256", *_AWARDED)


def lot_json(page: LotPage) -> dict[str, JSON]:
    """A lot as its reader may see it: the document's terms from the release on, the winner from the award notice on."""
    lot = page.lot
    shown = _named(lot, _PUBLIC)
    if page.files:
        shown |= _named(lot, _WITH_DOCUMENT)
        shown["documents"] = [
            {"name": file.name, "sha256": file.sha256, "size": file.size, "href": document_href(lot, file.sha256)} for file in page.files
        ]
    if lot.award_notice_at is not None:
        shown |= _named(lot, _AWARDED)
    if page.roles & {Role.TENDERER, Role.AGENCY, Role.CENTRE, Role.SUPERVISOR, Role.BIDDER}:
        shown |= _named(lot, _INSIDE)
        shown["available"] = [action.value for action in page.available]
        shown["checks"] = [_check_json(found) for found in page.checks]
        shown["hindrances"] = [{"action": found.action.value, "code": found.refusal.code} for found in page.hindrances]
    shown["candidates"] = [_named(candidate, ("org", "name", "rank", "price")) for candidate in page.candidates]
    shown["timeline"] = [{"what": moment.milestone.value, "at": as_json(moment.at), "article": moment.article} for moment in page.timeline]
    shown["terms"] = [_term_json(term) for term in page.terms]
    shown["notices"] = [notice_line_json(line) for line in page.notices]
    return shown


def _check_json(found: Finding) -> dict[str, JSON]:
    """A check before publication; `refusal` is the code of what is wrong, "" where nothing is."""
    shown: dict[str, JSON] = {"code": found.code, "severity": found.severity.value, "standing": found.standing.value}
    return shown | {"article": found.article, "refusal": "" if found.refusal is None else found.refusal.code}


def _term_json(term: Term) -> dict[str, JSON]:
    """A period: `edge` is the moment that the rule sets, null while its anchor is unknown; `done_at` where it is kept or planned."""
    rule = term.rule
    shown: dict[str, JSON] = {"code": rule.code, "what": rule.what, "n": rule.n, "unit": rule.unit.value, "article": rule.article}
    shown |= {"anchor": rule.anchor.value, "direction": rule.direction.value, "binds": term.binds, "state": term.state.value}
    return shown | {"edge": as_json(term.edge), "done_at": as_json(term.done_at)}


def document_href(lot: LotView, sha256: str) -> str:
    """Where a file of a lot's tender document is had."""
    return f"/api/v1/lots/{lot.number}/documents/{sha256}"


def notice_line_json(line: NoticeLine) -> dict[str, JSON]:
    """A notice in a list."""
    shown = as_json(line)
    return {**(shown if isinstance(shown, dict) else {}), "href": f"/api/v1/notices/{line.number}"}


def notice_json(view: NoticeView) -> dict[str, JSON]:
    """One notice."""
    return notice_line_json(view.line) | {"body": view.body, "signed_sha256": view.signed_sha256}


_PROJECT = (
    *("case", "state", "title", "regime", "category", "region", "legally_mandatory", "tenderer", "agency", "tenderer_name", "agency_name"),
    *("approval", "funding", "estimate", "register_sha256", "drafted_at", "registered_at", "closed_at", "close_proposal", "events"),
)


def project_json(view: ProjectView, who: Actor) -> dict[str, JSON]:
    """A project for its parties, the centre and the supervisor; `close_proposal` is the envelope that waits for the second signature,
    `close` the body that the first one signs."""
    shown = _named(view, _PROJECT)
    shown["close"] = None if view.close is None else view.close.members()
    shown["lots"] = [{"number": lot.number, "no": lot.no, "title": lot.title, "state": lot.state.value} for lot in view.lots]
    shown["available"] = [action.value for action in view.available(who)]
    return shown
