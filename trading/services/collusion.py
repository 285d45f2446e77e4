"""Takes in what the check for collusion found, and what people decide on a card. The platform never decides and never rejects."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from core.identity.services.acts import Act
from core.kernel.db import lock
from core.kernel.ids import LotId, new_id
from core.kernel.jcs import JSON
from core.kernel.work import Work
from trading.domain.collusion.card import METHOD, Place, Signal, Strength, card, digest
from trading.domain.collusion.life import MOVES, CardFacts, CardState, Decision, Phase
from trading.events_collusion import CollusionChecked, CollusionDecided
from trading.models.collusion import CollusionCard, CollusionCheck, CollusionDecision
from trading.models.lot import Lot
from trading.models.opening import Opening
from trading.models.project import Project
from trading.queries import collusion as queries
from trading.queries import lots as lot_queries
from trading.queries.lots import LotView

CHECK = "collusion.check"  # the topic under which the worker hears that an opening's files have been read


@dataclass(frozen=True, slots=True)
class Found:
    """What the worker tells: findings as JSON, the libraries' versions, and which files of which bidder it read."""

    findings: Sequence[Mapping[str, JSON]]
    tools: Mapping[str, str]
    looked_at: Sequence[Mapping[str, JSON]]


def ask_check(work: Work, opening_id: UUID) -> None:
    """All files of an opening have been read: has its bids compared, outside the door. Asking again is the same message."""
    work.send(CHECK, str(opening_id), {"opening_id": str(opening_id)})


def take_in(work: Work, opening_id: UUID, found: Found) -> None:
    """Keeps the cards of a round and records their digests. Twice changes nothing; nothing is added to a case that has been closed."""
    opening = lock(work.session, Opening, Opening.id == opening_id)
    lot, now = lot_queries.by_id(work.session, LotId(opening.lot_id)), work.now()
    if queries.is_checked(work.session, lot.id, opening.round) or _is_closed(work, lot):
        return
    check = CollusionCheck(
        id=new_id(now),
        lot_id=lot.id,
        round=opening.round,
        method=METHOD,
        tools=dict(found.tools),
        looked_at=list(found.looked_at),
        checked_at=now,
    )
    work.session.add(check)
    work.session.flush()
    place = Place(lot.case, lot.no, opening.round)
    kept = [_keep(work, check, place, finding, found.tools) for finding in found.findings]
    kept.sort(key=lambda row: row.ref)
    strengths = [row.strength for row in kept]
    work.record(
        CollusionChecked(
            case=lot.case,
            lot=lot.no,
            round=opening.round,
            subject=lot.no,
            method=METHOD,
            tools=found.tools,
            looked_at=found.looked_at,
            cards=[_logged(row) for row in kept],
            strongest=next((one.value for one in Strength if one in strengths), ""),
        )
    )


def _keep(work: Work, check: CollusionCheck, place: Place, finding: Mapping[str, JSON], tools: Mapping[str, str]) -> CollusionCard:
    ref = secrets.token_hex(16)
    content = card(finding, place, ref, tools)
    row = CollusionCard(
        id=new_id(check.checked_at),
        check_id=check.id,
        ref=ref,
        signal=Signal(finding["signal"]),
        strength=Strength(finding["strength"]),
        state=CardState.OPEN,
        content=content,
        sha256=digest(content),
    )
    work.session.add(row)
    return row


def _logged(row: CollusionCard) -> dict[str, JSON]:
    return {"ref": row.ref, "sha256": row.sha256, "signal": row.signal.value, "strength": row.strength.value}


def _is_closed(work: Work, lot: LotView) -> bool:
    query = select(Project.closed_at).join(Lot, Lot.project_id == Project.id).where(Lot.id == lot.id)
    return work.session.scalar(query) is not None


def decide(work: Work, lot: LotView, act: Act, phase: Phase) -> dict[str, JSON]:
    """The chair or the supervisor decides on a card, in a signed statement; the evaluation has looked who the chair is.

    Raises NotFound, NotAllowed, WrongState, RuleBroken `body.malformed`.
    """
    said = Decision.read(act.body)
    found = queries.card(work.session, lot.id, said.card)
    row = lock(work.session, CollusionCard, CollusionCard.id == found.id)
    row.state = MOVES.choose(said.action, row.state, frozenset({act.role}), CardFacts(phase))
    now = work.now()
    decision = CollusionDecision(
        id=new_id(now), card_id=row.id, action=said.action, note=said.note, person_id=act.person, role=act.role, decided_at=now
    )
    work.session.add(decision)
    work.record(
        CollusionDecided(case=lot.case, lot=lot.no, signed=act.envelope, subject=said.card, card=said.card, decision=said.action.value)
    )
    return {"card": said.card, "state": row.state.value}
