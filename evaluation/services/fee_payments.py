"""Fees on their way: the accounts, the order with the tax withheld, what the bank says to it, and the warning when the term has passed."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select

from core.identity.queries import people
from core.identity.services.acts import Act, Expect, SignedRequest, acting_person, once
from core.kernel.calendar import legal_day
from core.kernel.db import insert_new, lock
from core.kernel.errors import NotAllowed, NotFound, RuleBroken, WrongState
from core.kernel.ids import CaseId, LotId, OrgId, new_id
from core.kernel.jcs import JSON
from core.kernel.money import Money
from core.kernel.roles import Role
from core.kernel.work import Work
from deposits.domain.account import normal_name, normal_number
from deposits.domain.messages import OrderStatus, PaymentStatus
from evaluation.domain.fee_body import AccountBody
from evaluation.domain.fee_life import MOVES, SYSTEM, UNPAID, FeeAction, FeeFacts, account_chain, may, names_are_open, payment_chain
from evaluation.domain.fee_tax import withhold
from evaluation.events_fees import ExpertAccountGiven, FeeOrdered, FeePaid, FeeReturned
from evaluation.models.fees import ExpertAccount, Fee, FeeOrder, PayerAccount
from evaluation.services import fee_telling
from trading.queries import lots

ORDER = "evaluation.fee_order"
"""The outbox topic by which an order leaves for the bank."""

PAYING = frozenset({Role.TENDERER, Role.AGENCY})


# Accounts


def give_account(work: Work, signed: SignedRequest) -> dict[str, JSON]:
    """An expert gives the account to which fees are paid, in the expert's own name; a newer one replaces it. Records ExpertAccountGiven."""
    case = account_chain(acting_person(work))
    return once(work, signed, Expect("expert.account", case, role=Role.EXPERT, step_up=True), lambda act: _give_account(work, case, act))


def _give_account(work: Work, case: CaseId, act: Act) -> dict[str, JSON]:
    body = AccountBody.read(act.body)
    name = people.person(work.session, act.person).name
    if normal_name(body.name) != normal_name(name):
        raise RuleBroken("fee.account.other_name")
    given = {"person_id": act.person, "name": name, "number": body.number, "bank": body.bank, "given_at": work.now()}
    if not insert_new(work.session.connection(), ExpertAccount, [given]):
        row = lock(work.session, ExpertAccount, ExpertAccount.person_id == act.person)
        row.name, row.number, row.bank, row.given_at = name, body.number, body.bank, work.now()
    work.record(ExpertAccountGiven(case=case, signed=act.envelope))
    return {"number": f"**** {body.number[-4:]}"}


def set_payer_account(work: Work, name: str, number: str, bank: str) -> None:
    """An organisation names the account from which its experts are paid, under a mandate to its bank. Raises NotAllowed, RuleBroken."""
    org = work.actor.org
    if org is None or not PAYING & work.actor.roles:
        raise NotAllowed("fee.payer_account.not_allowed")
    own = people.organisation(work.session, org).name
    if normal_name(name) != normal_name(own):
        raise RuleBroken("account.other_name", organisation=own)
    if not 2 <= len(bank.strip()) <= 100:
        raise RuleBroken("account.bank")
    given = {"org_id": org, "name": own, "number": normal_number(number), "bank": bank.strip(), "given_at": work.now()}
    if not insert_new(work.session.connection(), PayerAccount, [given]):
        row = lock(work.session, PayerAccount, PayerAccount.org_id == org)
        row.name, row.number, row.bank, row.given_at = own, normal_number(number), bank.strip(), work.now()


# Ordering


def order(work: Work, fee_id: UUID) -> None:
    """Orders a confirmed fee, or one that came back and has another account, the tax of the payer's month withheld. Records FeeOrdered.

    The payer's account is held first: of two fees to one person in a month the second knows of the first.
    """
    payer_org = work.session.scalar(select(Fee.payer_org).where(Fee.id == fee_id))
    payer = _lock_or_none(work, payer_org)
    fee = lock(work.session, Fee, Fee.id == fee_id)
    lot = lots.by_id(work.session, LotId(fee.lot_id))
    account = work.session.get(ExpertAccount, fee.person_id)
    last = _last(work, fee)
    facts = FeeFacts(
        names_open=names_are_open(lot.state),
        has_account=account is not None,
        has_payer_account=payer is not None,
        is_new_account=account is not None and (last is None or last.payee_account != account.number),
    )
    fee.state = MOVES.choose(FeeAction.ORDER, fee.state, SYSTEM, facts)
    assert payer is not None and account is not None
    made = _made(work, fee, payer, account, 1 if last is None else last.attempt + 1)
    work.session.add(made)
    work.session.flush()
    net = made.fee - made.tax + made.travel
    work.record(
        FeeOrdered(
            case=payment_chain(lot.number),
            lot=lot.no,
            order=made.id.hex,
            line=fee.line,
            fee_fen=made.fee.fen,
            tax_fen=made.tax.fen,
            travel_fen=made.travel.fen,
            net_fen=net.fen,
        )
    )
    work.send(ORDER, str(made.id), {"order": str(made.id)})


def _made(work: Work, fee: Fee, payer: PayerAccount, account: ExpertAccount, attempt: int) -> FeeOrder:
    now = work.now()
    month = f"{legal_day(now):%Y-%m}"
    earlier = select(func.coalesce(func.sum(FeeOrder.fee), 0), func.coalesce(func.sum(FeeOrder.tax), 0)).where(
        FeeOrder.person_id == fee.person_id,
        FeeOrder.payer_org == fee.payer_org,
        FeeOrder.month == month,
        FeeOrder.returned_at.is_(None),
    )
    before, withheld = (_money(sum_) for sum_ in work.session.execute(earlier).one())
    return FeeOrder(
        id=new_id(now),
        fee_id=fee.id,
        attempt=attempt,
        person_id=fee.person_id,
        payer_org=fee.payer_org,
        month=month,
        fee=fee.fee,
        before=before,
        withheld=withheld,
        tax=withhold(fee.fee, before, withheld).tax,
        travel=fee.travel,
        payer_name=payer.name,
        payer_account=payer.number,
        payee_name=account.name,
        payee_account=account.number,
        ordered_at=now,
        cause="",
    )


def _money(sum_: object) -> Money:
    return sum_ if isinstance(sum_, Money) else Money(int(str(sum_)))


def _lock_or_none(work: Work, org: object) -> PayerAccount | None:
    try:
        return lock(work.session, PayerAccount, PayerAccount.org_id == org)
    except NotFound:
        return None


def _last(work: Work, fee: Fee) -> FeeOrder | None:
    query = select(FeeOrder).where(FeeOrder.fee_id == fee.id).order_by(FeeOrder.attempt.desc())
    return work.session.scalars(query).first()


# What the bank says


def doubt(work: Work, order_id: UUID) -> None:
    """The bank did not answer: it may have paid or not. Asked again later under the same key."""
    row, fee = _held(work, order_id)
    if row.returned_at is None and may(FeeAction.DOUBT, fee.state):
        fee.state, row.asked_at = MOVES.choose(FeeAction.DOUBT, fee.state, SYSTEM, FeeFacts()), work.now()


ANSWERS = {OrderStatus.SETTLED: FeeAction.PAY, OrderStatus.REJECTED: FeeAction.RETURN}
"""What an answer means; every other one says that the bank has the order and is asked again."""


def take_answer(work: Work, order_id: UUID, answer: PaymentStatus) -> None:
    """The bank answered an order; the member is told of a payment and of one that came back. Records FeePaid or FeeReturned."""
    row, fee = _held(work, order_id)
    action = ANSWERS.get(answer.status, FeeAction.ACCEPT)
    if row.returned_at is not None or not may(action, fee.state):
        return
    fee.state, row.asked_at = MOVES.choose(action, fee.state, SYSTEM, FeeFacts()), work.now()
    lot = lots.by_id(work.session, LotId(fee.lot_id))
    told = {"case": payment_chain(lot.number), "lot": lot.no, "order": row.id.hex, "line": fee.line}
    if action is FeeAction.PAY:
        row.paid_at = row.asked_at
        work.record(FeePaid(**told, net_fen=(row.fee - row.tax + row.travel).fen))  # type: ignore[arg-type]  # each of its field's type
        fee_telling.paid(work, lot, fee)
    elif action is FeeAction.RETURN:
        row.returned_at, row.cause = row.asked_at, answer.cause
        work.record(FeeReturned(**told, cause=answer.cause))  # type: ignore[arg-type]  # each of its field's type
        fee_telling.returned(work, lot, fee)


def _held(work: Work, order_id: UUID) -> tuple[FeeOrder, Fee]:
    row = lock(work.session, FeeOrder, FeeOrder.id == order_id)
    return row, lock(work.session, Fee, Fee.id == row.fee_id)


# Late


def warn(work: Work, lot_id: LotId) -> None:
    """Payer and finance are told, once, that fees of a lot are not paid after their term. Raises WrongState when all are, or they know."""
    lot, now = lots.by_id(work.session, lot_id), work.now()
    query = select(Fee).where(Fee.lot_id == lot_id, Fee.state.in_(UNPAID), Fee.warned_at.is_(None)).order_by(Fee.id)
    late = list(work.session.scalars(query.with_for_update(key_share=True), execution_options={"populate_existing": True}))
    if not late:
        raise WrongState("fee.none_late")
    for fee in late:
        fee.warned_at = now
    fee_telling.overdue(work, lot, OrgId(late[0].payer_org))
