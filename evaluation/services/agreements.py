"""Agreements with the pools of other cities: concluded and ended by the keeper of the pool, on the pool's own chain."""

from __future__ import annotations

from sqlalchemy import func, select

from core.identity.services.acts import Act, Expect, SignedRequest, once
from core.kernel.db import insert_new, lock
from core.kernel.ids import new_id, sayable
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Work
from evaluation.domain.agreement import Agreement, AgreementEnd, may_end
from evaluation.events_experts import POOL, AgreementConcluded, AgreementEnded
from evaluation.models.experts import ExpertCount, PoolAgreement
from evaluation.services.pool import today


def conclude(work: Work, request: SignedRequest) -> dict[str, JSON]:
    """`pool.agreement`: an agreement is kept under the next number. Records AgreementConcluded."""
    return once(work, request, Expect("pool.agreement", POOL, role=Role.CENTRE, step_up=True), lambda act: _conclude(work, act))


def _conclude(work: Work, act: Act) -> dict[str, JSON]:
    said, year = Agreement.read(act.body), today(work).year
    insert_new(work.session.connection(), ExpertCount, [{"year": year, "count": 0}])
    lock(work.session, ExpertCount, ExpertCount.year == year)  # one at a time takes a number
    count = work.session.scalar(select(func.count()).select_from(PoolAgreement).where(PoolAgreement.number.like(f"A{year}-%"))) or 0
    row = PoolAgreement(
        id=new_id(work.now()),
        number=sayable("A", year, count + 1),
        partner=said.partner,
        city=said.city,
        document=said.document,
        since_day=said.since,
        until_day=said.until,
        recognises=[one.value for one in said.recognises],
        note=said.note,
        statement_sha256=act.payload_sha256,
        concluded_at=work.now(),
        ended_on=None,
        end_reason="",
    )
    work.session.add(row)
    work.session.flush()
    work.record(AgreementConcluded(case=POOL, signed=act.envelope, subject=row.number))
    return {"agreement": row.number}


def end(work: Work, request: SignedRequest) -> dict[str, JSON]:
    """`pool.agreement_end`: from today on its experts are not drawn; who was drawn before stays. Records AgreementEnded."""
    return once(work, request, Expect("pool.agreement_end", POOL, role=Role.CENTRE, step_up=True), lambda act: _end(work, act))


def _end(work: Work, act: Act) -> dict[str, JSON]:
    said = AgreementEnd.read(act.body)
    row = lock(work.session, PoolAgreement, PoolAgreement.number == said.number)
    day = today(work)
    if (refusal := may_end(row.ended_on, row.until_day, day)) is not None:
        raise refusal
    row.ended_on, row.end_reason = day, said.reason
    work.session.flush()
    work.record(AgreementEnded(case=POOL, signed=act.envelope, subject=row.number))
    return {"agreement": row.number}
