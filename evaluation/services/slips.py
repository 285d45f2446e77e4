"""Share boxes of slips: looked at when a party commits, and opened by two offices when it stays silent."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import select

from core.identity.services.acts import Act, Expect, SignedRequest, once
from core.kernel import slips as kernel
from core.kernel.encoding import unhex
from core.kernel.errors import BadSignature, NotAllowed, NotFound, RuleBroken
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.sealing import THRESHOLD, read_share
from core.kernel.signing import read_statement
from core.kernel.slips import Place, SlipShare
from core.kernel.work import Work
from evaluation.domain.draw import MOVES, Action, CommitBody, SlipShareBody
from evaluation.events import SlipOpened, SlipShareReleased
from evaluation.models.draws import DrawSlip, SlipRelease
from evaluation.queries.slips import is_overdue, office_recipients
from evaluation.services.drawing import go_on
from evaluation.services.seated import facts_of, hold
from trading.models.lot import Lot
from trading.queries import lots
from trading.queries.bids import offices
from trading.queries.lots import LotView

OFFICER = frozenset({Role.OFFICER})


def check_boxes(work: Work, lot: LotView, body: CommitBody) -> None:
    """A slip lies in the boxes of all three offices wherever each has a certified key; raises RuleBroken or BadSignature."""
    keys = office_recipients(work.session, lot, work.now())
    if not all(keys.values()):
        if body.shares:
            raise RuleBroken("draw.commit.no_office_key")
        return
    if not body.shares:
        raise RuleBroken("draw.commit.shares_missing")
    for share in body.shares:
        if not set(share.recipients) <= set(keys[share.role]):
            raise BadSignature("draw.commit.recipients", role=share.role)


def release(work: Work, signed: SignedRequest) -> dict[str, JSON]:
    """An officer hands over the office's share of a silent party's slip; with the second it is opened, and the draw goes on.

    Records SlipShareReleased, and SlipOpened with the second. Raises BadSignature for a share that was not dealt, NotAllowed for another
    office's, WrongState while the party may still show the slip itself.
    """
    statement = read_statement(signed.envelope.payload)
    lot = next((one for one in lots.by_case(work.session, statement.case) if one.no == statement.lot), None)
    if lot is None:
        raise NotFound("expert_draw.not_found")
    return once(work, signed, Expect("draw.share", lot.case, lot.no, role=Role.OFFICER), lambda act: _release(work, lot, act))


def _release(work: Work, lot: LotView, act: Act) -> dict[str, JSON]:
    body = SlipShareBody.read(act.body)
    draw = hold(work, lot, body.draw)
    _check_office(work, lot, act, body.role)
    now = work.now()
    draw.state = MOVES.choose(Action.OPEN, draw.state, OFFICER, facts_of(work, draw, party=body.party, is_overdue=is_overdue(draw, now)))
    slip = work.session.get(DrawSlip, (draw.id, body.party))
    promise = None if slip is None else next((one for one in _shares(slip) if one.role == body.role), None)
    if slip is None or promise is None:
        raise NotFound("draw.open.no_box")
    kernel.check_share(read_share(body.share), promise)
    if work.session.get(SlipRelease, (draw.id, body.party, body.role)) is not None:
        raise RuleBroken("draw.open.twice")
    work.session.add(SlipRelease(draw_id=draw.id, party=body.party, office=body.role, share=body.share, at=now))
    work.session.flush()
    about: dict[str, Any] = {"case": lot.case, "lot": lot.no, "draw": draw.name, "party": body.party, "subject": draw.name}
    work.record(SlipShareReleased(signed=act.envelope, role=body.role, **about))
    given = select(SlipRelease).where(SlipRelease.draw_id == draw.id, SlipRelease.party == body.party)
    held = {row.office: unhex(row.share, 33) for row in work.session.scalars(given)}
    if len(held) >= THRESHOLD:
        slip.value = kernel.combine(Place(lot.case, draw.name, body.party), held, slip.commit).hex()
        work.session.flush()
        work.record(SlipOpened(value=slip.value, **about))
        go_on(work, lot, draw)
    return {"shares": len(held), "state": draw.state.value}


def _check_office(work: Work, lot: LotView, act: Act, role: str) -> None:
    project = work.session.scalars(select(Lot.project_id).where(Lot.id == lot.id)).one()
    org = offices(work.session, project).get(act.office)
    if act.office != role or (org is not None and org != act.org):
        raise NotAllowed("draw.open.other_office")


def _shares(slip: DrawSlip) -> tuple[SlipShare, ...]:
    return kernel.read_shares(cast("list[dict[str, Any]]", slip.shares))
