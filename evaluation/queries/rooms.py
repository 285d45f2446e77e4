"""Rooms as each viewer may see them: what the table of reads does not allow is not loaded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.kernel.actor import Actor
from core.kernel.errors import NotAllowed, NotFound, WrongState
from core.kernel.ids import LotId, PersonId
from core.kernel.roles import Role
from evaluation.domain.blind import map_digest
from evaluation.domain.blind_opening import OPENERS
from evaluation.domain.committee import code_name
from evaluation.domain.parts import LATER, TECHNICAL, parts_due, parts_of
from evaluation.domain.preliminary import Check, checks_of
from evaluation.domain.room import MOVES, READS, Action, Facts, See, State, roles_of
from evaluation.domain.room_pause import is_sealed
from evaluation.domain.scoring_case import digest
from evaluation.domain.sheet import STEP, Criterion, rules_of
from evaluation.models.blind import BlindOpening
from evaluation.models.experts import Site
from evaluation.models.rooms import ChairVote, Evaluation, PreliminaryReview, ReportSignature, ScoreDraft, ScoreSheet, Seat
from evaluation.models.votes import CompetitionVote, RejectionVote
from evaluation.queries import bids, doubts, findings, parts, questions, rounds, seated, ties, unlocks, votes, weighings
from evaluation.queries.bids import BidFile
from evaluation.queries.blind import codes_of
from trading.domain.score_rules import Mode
from trading.queries import lots
from trading.queries.lots import LotView


@dataclass(frozen=True, slots=True)
class SeatView:
    """A seat and what its member has done: that, never what."""

    code: str
    name: str
    site: str
    is_me: bool
    signed_in: bool
    voted: bool
    declared: bool
    reviewed: bool
    polled: bool  # in the vote to reject, or on competition, whichever is held
    submitted: bool
    signed: bool


@dataclass(frozen=True, slots=True)
class Bidder:
    """Who stands behind a code name, once that may be known."""

    org: UUID
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomView:
    """The room for one viewer; what they may not see is empty."""

    lot: LotView
    state: State
    roles: frozenset[Role]
    seats: tuple[SeatView, ...]
    chair: str
    chair_round: int
    chair_among: tuple[str, ...]
    checks: tuple[Check, ...]
    codes: tuple[str, ...] = ()
    standing: tuple[str, ...] = ()
    rejected: tuple[Mapping[str, Any], ...] = ()
    map: Mapping[str, Bidder] | None = None
    technical: Mapping[str, Any] | None = None
    result: Mapping[str, Any] | None = None
    scoring_case: Mapping[str, Any] | None = None
    findings: tuple[Mapping[str, Any], ...] = ()  # of the consistency checks
    report_sha256: str = ""
    report_until: datetime | None = None  # until when it is to be signed, where somebody said so
    has_votes: bool = False  # a vote to reject, or on competition, was held or is
    part: str = ""  # whose sheet the viewer signs next, "" where none is due
    unlockable: frozenset[str] = frozenset()  # parts that the viewer has signed and may ask to write again
    noted: frozenset[str] = frozenset()  # whose refusal to sign the report the host has noted
    to_note: str = ""  # the digest that such a note names, for the host
    offices: tuple[str, ...] = ()  # that have signed for the code names to be opened
    to_open: Mapping[str, str] | None = None  # what such a signature names, for the two offices once there is something to open
    assembled_at: datetime | None = None  # when the committee was complete for the first time
    lots_due: bool = False  # equal bids wait for a draw of lots
    has_doubts: bool = False  # scores were doubted
    formed_at: datetime
    locked_at: datetime | None
    summarised_at: datetime | None
    submitted_at: datetime | None
    is_paused: bool = False  # by a supervisor
    is_seated: bool = True  # the member at the workstation drawn, where any were
    available: tuple[Action, ...]

    @property
    def me(self) -> SeatView | None:
        """The viewer's own seat."""
        return next((seat for seat in self.seats if seat.is_me), None)

    @property
    def awaited(self) -> tuple[str, ...]:
        """The seats whose successors have not signed in, once the committee was complete."""
        return tuple(seat.name for seat in self.seats if self.assembled_at and not seat.signed_in)

    def may(self, what: See) -> bool:
        """Whether this viewer may see `what` now."""
        return READS.may(what, self.state, self.roles) and not is_sealed(what, self.roles, is_paused=self.is_paused)


def chair_round(session: Session, lot_id: LotId) -> int:
    """The round of the chair's election, 0 where there is no room."""
    return session.scalar(select(Evaluation.chair_round).where(Evaluation.lot_id == lot_id)) or 0


def evaluation_id(session: Session, lot_id: LotId) -> UUID | None:
    """The id of a lot's room."""
    return session.scalar(select(Evaluation.id).where(Evaluation.lot_id == lot_id))


def view(session: Session, actor: Actor, number: str) -> RoomView:
    """The room as `actor` may see it; raises NotFound for whoever may see nothing of it."""
    lot = lots.by_number(session, number)
    row = session.scalar(select(Evaluation).where(Evaluation.lot_id == lot.id))
    if row is None:
        raise NotFound("evaluation.not_found")
    seats = _seats(session, row)
    roles = roles_of(actor, [PersonId(seat.person_id) for seat in seats], lot.parties.tenderer)
    if not any(READS.may(what, row.state, roles) for what in See):
        raise NotFound("evaluation.not_found")
    shown = _seat_views(session, row, lot, seats, actor)
    mine = next((seat.code for seat in shown if seat.is_me), "")
    told = votes.facts(session, row, {seat.id: seat.code for seat in seats}, lot.regime, standing_of(session, row))
    told |= questions.facts(session, row, {seat.id: seat.code for seat in seats}, lot, mine)
    facts = _own_facts(shown, mine, bool(lot.reference_price_commit and not row.reference_price), told)
    signed = frozenset(session.scalars(select(BlindOpening.office).where(BlindOpening.evaluation_id == row.id)))
    office = next((role.value for role in roles if role.value in OPENERS), "")
    due = parts_due(lot.method, row.state)
    facts = replace(facts, seat=mine or office, leaving=mine or min(facts.signed_in, default=""), offices=signed, sheets_due=bool(due))
    facts = replace(facts, **_later_facts(session, row, lot, seats, due, seat=mine or office), is_paused=bool(row.paused_by))
    return RoomView(
        lot=lot,
        state=row.state,
        roles=roles,
        seats=shown if READS.may(See.PROGRESS, row.state, roles) else (),
        chair=row.chair,
        chair_round=row.chair_round,
        chair_among=tuple(cast("list[str]", row.chair_among)),
        checks=checks_of(lot.regime, lot.review),
        **{name: getattr(row, name) for name in ("formed_at", "assembled_at", "locked_at", "summarised_at", "submitted_at")},
        available=MOVES.available(row.state, roles, facts),
        is_seated=facts.is_seated,
        part=parts.part_due(session, row, lot, mine),
        offices=tuple(sorted(signed)),
        unlockable=facts.unlockable,
        noted=facts.noted,
        lots_due=ties.is_under_way(session, row, lot),
        **_secrets(session, lot, row, roles),
    )


def _later_facts(session: Session, row: Evaluation, lot: LotView, seats: list[Seat], due: Sequence[str], *, seat: str) -> dict[str, Any]:
    """What the table looks at of reopened sheets, findings, doubts and missing signatures; whether a deadline has passed the page says."""
    code_of = {one.id: one.code for one in seats}
    later = doubts.facts(session, row, code_of, lot, seat, now=None) | unlocks.report_facts(session, row, code_of, row.report_until)
    later |= weighings.facts(session, row, code_of, lot, seat)
    later["is_seated"] = seated.is_seated(session, row.id, seat)
    return later | unlocks.facts(session, row, code_of, due, seat) | findings.facts(session, row, code_of)


def _secrets(session: Session, lot: LotView, row: Evaluation, roles: frozenset[Role]) -> dict[str, Any]:
    """What the table of reads lets these roles see now; the rest keeps its empty default."""

    def may(what: See) -> bool:
        return READS.may(what, row.state, roles) and not is_sealed(what, roles, is_paused=bool(row.paused_by))

    held = codes_of(session, row.id)
    found: dict[str, Any] = {"is_paused": bool(row.paused_by)}
    if may(See.BIDS) or may(See.MAPPING):
        found["codes"] = tuple(held)
    if row.rejections is not None and may(See.REVIEW):
        out = tuple(cast("list[dict[str, Any]]", row.rejections))
        found["rejected"] = out
        found["standing"] = tuple(code for code in held if code not in {one["bid"] for one in out})
    if may(See.VOTES):
        found["has_votes"] = bool(row.decisions or row.competition) or row.rejections is None
    if may(See.MAPPING):
        found["map"] = _map(session, lot, held)
    if may(See.TECHNICAL_RESULT):
        found["technical"] = row.technical
    if may(See.RESULT):
        found |= {
            "result": row.result,
            "scoring_case": row.scoring_case,
            "has_doubts": may(See.ALL_SHEETS) and doubts.has_any(session, row),
        }
        found["findings"] = tuple(cast("list[dict[str, Any]]", row.findings or []))
    if row.technical is not None and roles & {Role.CENTRE, Role.SUPERVISOR}:
        sealed = map_digest(row.blind_salt, {code: str(org) for code, org in held.items()})
        found["to_open"] = {"map_sha256": sealed, "result_sha256": digest(row.technical)}
    if may(See.REPORT):
        found["report_sha256"] = row.report_sha256
    if row.report_sha256 and roles & {Role.EXPERT, Role.CENTRE, Role.SUPERVISOR}:
        found |= {"report_until": row.report_until, "to_note": row.report_sha256}
    return found


def standing_of(session: Session, row: Evaluation) -> int:
    """How many bids are left: after the review, and once prices are open after what was found of those."""
    held = codes_of(session, row.id)
    if row.technical is None:
        return len(set(held) - {one["bid"] for one in cast("list[dict[str, Any]]", row.rejections or [])})
    out = {one["bid"] for one in cast("list[dict[str, Any]]", row.price_decisions or []) if not one["stays"]}
    failed = {bid.org for bid in bids.opened(session, LotId(row.lot_id)) if bid.price_failed}
    passed = cast("dict[str, list[str]]", row.technical)["passed"]
    return sum(code not in out and held[code] not in failed for code in passed)


def _own_facts(seats: tuple[SeatView, ...], mine: str, reference_due: bool, told: Mapping[str, Any]) -> Facts:
    """Enough to tell which buttons a member sees: what follows by itself is nobody's button."""

    def done(name: str) -> frozenset[str]:
        return frozenset(seat.code for seat in seats if getattr(seat, name))

    return Facts(
        seats=frozenset(seat.code for seat in seats),
        seat=mine,
        reference_due=reference_due,
        **told,
        signed_in=done("signed_in"),
        voted=done("voted"),
        declared=done("declared"),
        reviewed=done("reviewed"),
        submitted=done("submitted"),
        signed=done("signed"),
    )


def _seats(session: Session, row: Evaluation) -> list[Seat]:
    mine = select(Seat).where(Seat.evaluation_id == row.id, Seat.left_at.is_(None))
    return sorted(session.scalars(mine), key=lambda seat: int(seat.code))


def _seat_views(session: Session, row: Evaluation, lot: LotView, seats: list[Seat], actor: Actor) -> tuple[SeatView, ...]:
    ids = [seat.id for seat in seats]
    sites = {site.id: site.name for site in session.scalars(select(Site))}

    def done(model: Any, *where: Any) -> set[UUID]:
        return set(session.scalars(select(model.seat_id).where(model.seat_id.in_(ids), *where)))

    voted = done(ChairVote, ChairVote.round == row.chair_round)
    polled = done(CompetitionVote if row.rejections is not None else RejectionVote, *votes.this_vote(row))
    reviewed, signed = done(PreliminaryReview), done(ReportSignature)
    due = parts.due(row, lot)
    submitted = set.intersection(*(done(ScoreSheet, ScoreSheet.part == part) for part in due)) if due else set()
    return tuple(
        SeatView(
            code=seat.code,
            name=code_name(seat.code),
            site=seat.place or sites[seat.site_id],
            is_me=seat.person_id == actor.person,
            signed_in=seat.signed_in_at is not None,
            voted=seat.id in voted,
            declared=seat.declared_at is not None,
            reviewed=seat.id in reviewed,
            polled=seat.id in polled,
            submitted=seat.id in submitted,
            signed=seat.id in signed,
        )
        for seat in seats
    )


def _map(session: Session, lot: LotView, held: Mapping[str, UUID]) -> dict[str, Bidder]:
    names = {bid.org: bid.name for bid in bids.opened(session, lot.id)}
    return {code: Bidder(org, names.get(org, "")) for code, org in held.items()}  # type: ignore[call-overload]  # OrgId is a UUID


# A member's own bids and sheet


@dataclass(frozen=True, slots=True)
class SheetRow:
    """What the member has written for one bid so far, or has signed."""

    code: str
    scores: Mapping[str, str]
    reasons: Mapping[str, str]
    ticks: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def filled(self) -> int:
        """How many criteria have a score."""
        return sum(bool(score) for score in self.scores.values())


@dataclass(frozen=True, slots=True)
class SheetView:
    """A member's own sheet."""

    room: RoomView
    criteria: tuple[Criterion, ...]
    step: str
    part: str
    rows: tuple[SheetRow, ...]
    is_submitted: bool
    fixed: frozenset[tuple[str, str]] = frozenset()  # code names and items that stay as signed, in a further round

    @property
    def is_deducted(self) -> bool:
        """Whether a criterion is scored by deductions, so that the signed sheet says what was ticked."""
        return any(one.mode is Mode.DEDUCTION for one in self.criteria)


def own_sheet(session: Session, actor: Actor, number: str, part: str = "") -> SheetView:
    """The caller's own sheet of a part, "" for the one that is due or was signed last; raises NotFound, NotAllowed for whoever has no seat,
    WrongState before the scoring."""
    room = view(session, actor, number)
    seat = own_seat(session, actor, room, See.OWN_SHEET)
    part = part or room.part or parts.signed_last(session, room.lot, seat.id)
    bids_of = room.technical["passed"] if room.technical and part in LATER else room.standing
    rules = rules_of(room.lot.method, room.lot.score_rules, bids_of, part)
    signed = session.get(ScoreSheet, (seat.id, part))
    if signed is not None:
        rows = tuple(
            SheetRow(one["bid"], one["scores"], one["reasons"], one.get("ticks", {})) for one in cast("list[dict[str, Any]]", signed.sheets)
        )
    else:
        drafts = {draft.code: draft for draft in session.scalars(select(ScoreDraft).where(ScoreDraft.seat_id == seat.id))}
        wanted = {one.id for one in rules.criteria}
        rows = tuple(_draft_row(code, drafts.get(code), wanted) for code in rules.bids)
    fixed = rounds.fixed(session, room.lot.id, seat.id, part)
    return SheetView(room, rules.criteria, str(STEP), part, rows, signed is not None, fixed)


def own_sheet_or_none(session: Session, actor: Actor, number: str) -> SheetView:
    """The same; before the scoring a sheet without criteria, beside which the bids are read for the review. Raises as `view`."""
    room = view(session, actor, number)
    if room.may(See.OWN_SHEET):
        return own_sheet(session, actor, number)
    return SheetView(room, (), str(STEP), "", tuple(SheetRow(code, {}, {}) for code in room.codes), is_submitted=True)


def _draft_row(code: str, draft: ScoreDraft | None, wanted: set[str]) -> SheetRow:
    """What was typed for the criteria of a part; a draft of an earlier part says nothing of them."""
    if draft is None:
        return SheetRow(code, {}, {})
    kept = [cast("dict[str, Any]", said) for said in (draft.scores, draft.reasons, draft.ticks)]
    scores, reasons, ticks = ({name: said for name, said in one.items() if name in wanted} for one in kept)
    return SheetRow(code, scores, reasons, ticks)


def files(session: Session, actor: Actor, number: str, code: str) -> tuple[BidFile, ...]:
    """The documents behind a code name, for a member; those of a price envelope once the code names are open."""
    room = view(session, actor, number)
    own_seat(session, actor, room, See.BIDS)
    row = session.scalars(select(Evaluation).where(Evaluation.lot_id == room.lot.id)).one()
    org = codes_of(session, row.id).get(code)
    bid = next((one for one in bids.opened(session, room.lot.id) if one.org == org), None)
    if bid is None:
        raise NotFound("evaluation.bid_not_found")
    first = room.lot.envelopes[0].env
    shown = tuple(file for file in bid.files if file.env == first or room.may(See.MAPPING))  # prices are read once they are open
    return bids.with_oddities(session, shown)


def all_sheets(session: Session, actor: Actor, number: str) -> dict[str, list[dict[str, Any]]]:
    """Every signed sheet by seat: the technical ones after the lock, the others after the summary; raises NotAllowed before the lock."""
    room = view(session, actor, number)
    if not room.may(See.ALL_SHEETS):
        raise NotAllowed("evaluation.scores_sealed")
    row = session.scalars(select(Evaluation).where(Evaluation.lot_id == room.lot.id)).one()
    seats = {seat.id: seat.code for seat in _seats(session, row)}
    final = parts_of(room.lot.method) if room.may(See.RESULT) else (TECHNICAL,)
    sheets = session.scalars(select(ScoreSheet).where(ScoreSheet.seat_id.in_(seats), ScoreSheet.part.in_(final)).order_by(ScoreSheet.at))
    found: dict[str, list[dict[str, Any]]] = {}
    for one in sheets:
        found.setdefault(seats[one.seat_id], []).extend({"part": one.part} | sheet for sheet in cast("list[dict[str, Any]]", one.sheets))
    return found


def own_seat(session: Session, actor: Actor, room: RoomView, what: See) -> Seat:
    """The caller's seat; raises NotAllowed for whoever holds none, WrongState where `what` may not be seen yet."""
    if room.me is None:
        raise NotAllowed("room.not_a_member")
    if not room.may(what):
        raise WrongState("room.paused" if room.is_paused else "evaluation.not_yet", state=room.state.value)
    mine = select(Seat).join(Evaluation, Evaluation.id == Seat.evaluation_id)
    return session.scalars(mine.where(Evaluation.lot_id == room.lot.id, Seat.person_id == actor.person, Seat.left_at.is_(None))).one()
