"""What people do in the opening hall: sign in, start, confirm, read out, object, answer, sign the record, close."""

from __future__ import annotations

from sqlalchemy import func, select

from core.identity.services.acts import Act, SignedRequest
from core.kernel.clock import text
from core.kernel.db import insert_new
from core.kernel.errors import NotAllowed, NotFound, RuleBroken, WrongState
from core.kernel.ids import OrgId
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Work
from trading.domain import opening as rules
from trading.domain.opening import OpeningAction
from trading.events_opening import (
    BidderSignedIn,
    IdentityConfirmed,
    ObjectionAnswered,
    ObjectionRaised,
    OpeningClosed,
    OpeningStarted,
    ReadOutFinished,
    RecordDeclined,
    RecordSigned,
)
from trading.models.lot import Lot
from trading.models.opening import Attendance, OpeningObjection, RecordSignature
from trading.queries import openings as queries
from trading.services import coefficients, ocds, orders
from trading.services.held import Held, act_in_hall
from trading.services.lots import project_of


def sign_in(work: Work, number: str, request: SignedRequest) -> dict[str, JSON]:
    """A bidder comes to the opening, known by the certificate of the signing key; coming twice changes nothing."""

    def do(held: Held, act: Act) -> dict[str, JSON]:
        rules.nothing(act.body)
        held.move(OpeningAction.SIGN_IN)
        org = _org(act)
        row = {"opening_id": held.opening.id, "org_id": org, "person_id": act.person, "signed_in_at": held.now}
        insert_new(work.session.connection(), Attendance, [row])
        is_public = held.opening.started_at is not None
        held.record(BidderSignedIn, act, org=org, name=held.name_of(org), is_public=is_public)
        return {"signed_in_at": text(held.now)}

    return act_in_hall(work, number, request, ("opening.sign_in", Role.BIDDER), do)


def start(work: Work, number: str, request: SignedRequest) -> dict[str, JSON]:
    """The host starts: from here on the list of bidders is public (招标投标法 art. 36)."""

    def do(held: Held, act: Act) -> dict[str, JSON]:
        held.move(OpeningAction.START)
        close = queries.close_sha256(work.session, held.lot)
        rules.check_close(act.body, close)
        held.opening.started_at = held.now
        orders.open_deposits(work, held.lot.id)
        present = [held.name_of(org) for org in queries.attendants(work.session, held.opening)]
        held.witness("opening.start")
        held.record(OpeningStarted, act, subject=held.lot.no, names=[name for _, name in held.bidders], present=present, close_sha256=close)
        coefficients.ask(work, held)
        return held.answer

    return act_in_hall(work, number, request, ("opening.start", Role.CENTRE), do, step_up=True)


def confirm_identity(work: Work, number: str, request: SignedRequest) -> dict[str, JSON]:
    """The host confirms who is there; the window in which keys are released begins."""

    def do(held: Held, act: Act) -> dict[str, JSON]:
        held.move(OpeningAction.BEGIN_RELEASE)
        present = queries.attendants(work.session, held.opening)
        rules.check_present(act.body, present)
        opening = held.opening
        opening.release_from, opening.release_until = held.now, held.now + rules.RELEASE_WINDOW
        opening.rescue_until = opening.release_until + rules.RESCUE_WINDOW
        names = [held.name_of(org) for org in present]
        held.witness("opening.identity")
        held.record(IdentityConfirmed, act, present=names, release_until=opening.release_until, rescue_until=opening.rescue_until)
        return held.answer | {"release_until": text(opening.release_until), "rescue_until": text(opening.rescue_until)}

    return act_in_hall(work, number, request, ("opening.identity", Role.CENTRE), do)


def finish_read_out(work: Work, number: str, request: SignedRequest) -> dict[str, JSON]:
    """The host has read out every opened envelope; objections may be raised until the window ends."""

    def do(held: Held, act: Act) -> dict[str, JSON]:
        held.move(OpeningAction.ASK_OBJECTIONS)
        rules.check_opened(act.body, queries.opened_seals(work.session, held.opening))
        held.opening.objection_until = held.now + rules.OBJECTION_WINDOW
        held.record(ReadOutFinished, act, objection_until=held.opening.objection_until)
        return held.answer | {"objection_until": text(held.opening.objection_until)}

    return act_in_hall(work, number, request, ("opening.read_out", Role.CENTRE), do)


def object_to(work: Work, number: str, request: SignedRequest) -> dict[str, JSON]:
    """A bidder who is there objects on the spot (招标投标法实施条例 art. 44)."""

    def do(held: Held, act: Act) -> dict[str, JSON]:
        held.move(OpeningAction.OBJECT)
        said = rules.objection_text(act.body)
        counted = select(func.count()).where(OpeningObjection.opening_id == held.opening.id)
        number_ = (work.session.scalar(counted) or 0) + 1
        org = _org(act)
        row = OpeningObjection(
            opening_id=held.opening.id, number=number_, org_id=org, text=said, raised_at=held.now, answer="", answered_at=None
        )
        work.session.add(row)
        held.record(ObjectionRaised, act, number=number_, name=held.name_of(org), text=said)
        return {"number": number_}

    return act_in_hall(work, number, request, ("opening.objection", Role.BIDDER), do)


def answer(work: Work, number: str, request: SignedRequest) -> dict[str, JSON]:
    """An objection is answered on the spot by the host, the tenderer or its agency; an answer stands."""

    def do(held: Held, act: Act) -> dict[str, JSON]:
        held.move(OpeningAction.ANSWER, act.role)
        number_, said = rules.answer_of(act.body)
        row = work.session.get(OpeningObjection, (held.opening.id, number_))
        if row is None:
            raise NotFound("opening.objection.not_found")
        if row.answered_at is not None:
            raise RuleBroken("opening.objection.answered", number=number_)
        row.answer, row.answered_at = said, held.now
        held.record(ObjectionAnswered, act, number=number_, text=said)
        return {"number": number_}

    return act_in_hall(work, number, request, ("opening.answer", None), do)


def sign_record(work: Work, number: str, request: SignedRequest) -> dict[str, JSON]:
    """Somebody in the hall signs the record; the host must, by step-up."""

    def do(held: Held, act: Act) -> dict[str, JSON]:
        if act.role is Role.CENTRE and not act.statement.step_up:
            raise NotAllowed("act.step_up")
        held.move(OpeningAction.SIGN_RECORD, act.role)
        rules.check_record(act.body, held.opening.record_sha256)
        if work.session.get(RecordSignature, (held.opening.id, act.person)) is not None:
            raise WrongState("opening.record.signed_already")
        name = held.name_of(act.org) if act.role is Role.BIDDER else work.actor.name
        signature = RecordSignature(
            opening_id=held.opening.id, person_id=act.person, org_id=_org(act), role=act.role, name=name, declined="", signed_at=held.now
        )
        work.session.add(signature)
        held.record(RecordSigned, act, name=name, role=act.role.value)
        return held.answer

    return act_in_hall(work, number, request, ("opening.record.sign", None), do)


def decline_record(work: Work, number: str, request: SignedRequest) -> dict[str, JSON]:
    """A bidder who was there says why it does not sign the record; the record stands all the same."""

    def do(held: Held, act: Act) -> dict[str, JSON]:
        held.move(OpeningAction.DECLINE_RECORD)
        reason = rules.declined_record(act.body, held.opening.record_sha256)
        if work.session.get(RecordSignature, (held.opening.id, act.person)) is not None:
            raise WrongState("opening.record.signed_already")
        org = _org(act)
        key = {"opening_id": held.opening.id, "person_id": act.person, "org_id": org, "role": act.role}
        work.session.add(RecordSignature(**key, name=held.name_of(org), declined=reason, signed_at=held.now))
        held.record(RecordDeclined, act, name=held.name_of(org), reason=reason)
        return held.answer

    return act_in_hall(work, number, request, ("opening.record.decline", Role.BIDDER), do)


def close(work: Work, number: str, request: SignedRequest) -> dict[str, JSON]:
    """The host closes the opening on its signed record; the evaluation hears of it."""

    def do(held: Held, act: Act) -> dict[str, JSON]:
        held.move(OpeningAction.CLOSE)
        rules.check_record(act.body, held.opening.record_sha256)
        held.opening.closed_at = held.now
        held.record(OpeningClosed, act, record_sha256=held.opening.record_sha256)
        held.witness("opening.close")
        lot = work.session.get_one(Lot, held.lot.id)
        ocds.publish_step(work, lot, project_of(work, lot), f"O{held.opening.round}")
        lot_id, round_ = str(held.lot.id), held.opening.round
        work.send("opening.closed", f"{lot_id}/{round_}", {"lot_id": lot_id, "round": round_, "part": held.opening.env})
        return held.answer

    return act_in_hall(work, number, request, ("opening.close", Role.CENTRE), do, step_up=True)


def _org(act: Act) -> OrgId:
    if act.org is None:
        raise NotAllowed("bid.no_organisation")
    return act.org
