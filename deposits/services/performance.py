"""Performance security: the winner is asked for it, gives it as money or as a guarantee, and has it back after performance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import cast

from core.identity.services.acts import Act, Expect, SignedRequest, once
from core.kernel.calendar import legal_day
from core.kernel.db import insert_new, lock
from core.kernel.errors import NotAllowed, NotFound
from core.kernel.ids import CaseId, LotId, OrgId
from core.kernel.jcs import JSON
from core.kernel.money import Money
from core.kernel.roles import Role
from core.kernel.work import Work
from deposits.domain.deposit import (
    PROMPTLY,
    RequirementState,
    chain_of,
)
from deposits.domain.performance import (
    RETURN,
    PerformanceTerms,
    ReturnBody,
    SecurityFacts,
    asked_id,
    asked_number,
    check_asked,
    check_return,
    may_sign,
)
from deposits.domain.refund import RefundReason
from deposits.domain.terms import UNSAID
from deposits.events_performance import SecurityAsked, SecurityReturned
from deposits.models.performance import PerformanceAsk
from deposits.models.requirement import Requirement
from deposits.queries import performance as queries
from deposits.services import guarantees, refunds, terms
from deposits.services.guarantees import LotTerms


@dataclass(frozen=True, slots=True)
class Award:
    """What a contract is to be about: its lot, its price, the winner's firms, the lead first, and by when it is to be made."""

    lot: LotId
    number: str
    price: Money
    winners: Sequence[OrgId]
    deadline: datetime
    in_procurement: bool


def ask(work: Work, award: Award, said: PerformanceTerms, about: LotTerms) -> None:
    """The winner is asked for its security, at most a tenth of the price; `about`: what a guarantee must name. Asked of another winner,
    what the earlier one gave goes back. Records SecurityAsked."""
    now, amount, key = work.now(), said.amount(award.price), asked_id(award.lot)
    if (refusal := check_asked(SecurityFacts(amount, award.price, given=False, in_procurement=award.in_procurement))) is not None:
        raise refusal
    number = asked_number(award.number)
    fresh = {"lot_id": key, "number": number, "amount": amount, "deadline": award.deadline, "state": RequirementState.OPENED}
    if not insert_new(work.session.connection(), Requirement, [fresh]):
        _ask_another(work, award, amount)
    else:
        row = {"asked_id": key, "lot_id": award.lot, "price": award.price, "winners": _texts(award.winners), "asked_at": now}
        insert_new(work.session.connection(), PerformanceAsk, [row | {"contracted_at": None, "returned_at": None}])
    terms.set_terms(work, key, f"{about.project} {about.title}", UNSAID, basic_only=False)
    guarantees.ask(work, key, about)
    work.record(
        SecurityAsked(
            case=CaseId(chain_of(award.number)),
            bidder=award.winners[0],
            members=award.winners,
            price_fen=award.price,
            amount_fen=amount,
            deadline=award.deadline,
        )
    )


def _ask_another(work: Work, award: Award, amount: Money) -> None:
    """The award has gone to another, or was told anew: whoever is the winner no more has its security back."""
    key = asked_id(award.lot)
    asked = lock(work.session, Requirement, Requirement.lot_id == key)
    row = lock(work.session, PerformanceAsk, PerformanceAsk.asked_id == key)
    asked.amount, asked.deadline = amount, award.deadline
    before = [OrgId(one) for one in queries.winners_of(row) if one not in award.winners]
    row.winners, row.price, row.asked_at = cast(JSON, _texts(award.winners)), award.price, work.now()
    work.session.flush()
    refunds.schedule(work, key, before, RefundReason.AWARD_LOST.value, work.now() + PROMPTLY)
    guarantees.end(work, key, before, "award_lost")


def _texts(orgs: Sequence[OrgId]) -> list[str]:
    return [str(org) for org in orgs]


def check_signing(work: Work, lot: LotId, in_procurement: bool) -> None:
    """Raises RuleBroken with the article while the winner owes a security that was asked for."""
    found = queries.security(work.session, lot)
    if found is not None and (refusal := may_sign(replace(found.facts, in_procurement=in_procurement))) is not None:
        raise refusal


def contracted(work: Work, lot: LotId) -> None:
    """The contract is made: from now on the security stands for its performance."""
    row = work.session.get(PerformanceAsk, asked_id(lot), with_for_update={"key_share": True})
    if row is not None:
        row.contracted_at = work.now()


def give_back(work: Work, lot: LotId, number: str, request: SignedRequest, roles: frozenset[Role]) -> dict[str, JSON]:
    """The tenderer says that the contract was performed: money goes back with its interest within five days, a guarantee ends at once.

    Raises RuleBroken before there is a contract, or for a day to come. Records SecurityReturned.
    """
    expect = Expect(RETURN, CaseId(chain_of(number)), role=Role.TENDERER, step_up=True)
    return once(work, request, expect, lambda act: _give_back(work, lot, number, act, roles))


def _give_back(work: Work, lot: LotId, number: str, act: Act, roles: frozenset[Role]) -> dict[str, JSON]:
    if Role.TENDERER not in roles:
        raise NotAllowed("performance.return.not_allowed")
    found = work.session.get(PerformanceAsk, asked_id(lot))
    if found is None:
        raise NotFound("performance.not_asked")
    row, now = lock(work.session, PerformanceAsk, PerformanceAsk.asked_id == found.asked_id), work.now()
    if (
        refusal := check_return(ReturnBody.read(act.body), legal_day(now), row.contracted_at is not None, row.returned_at is not None)
    ) is not None:
        raise refusal
    row.returned_at = now
    winners = queries.winners_of(row)
    work.session.flush()
    work.record(SecurityReturned(case=CaseId(chain_of(number)), signed=act.envelope, subject=act.payload_sha256, bidder=winners[0]))
    refunds.schedule(work, LotId(row.asked_id), winners, RefundReason.PERFORMED.value, now + PROMPTLY)
    guarantees.end(work, LotId(row.asked_id), winners, "performed")
    return {"lot": number, "returned": True}
