"""What trading orders of deposits, in one place: what a lot asks for, when it may be known, what is refunded, to whom, by when."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from core.kernel.ids import LotId, OrgId
from core.kernel.work import Work
from deposits.domain.terms import basic_account_binds
from deposits.services import forfeitures, guarantees, performance, refunds, requirements, terms
from deposits.services.guarantees import LotTerms
from deposits.services.performance import Award
from trading.domain.bid import BidState
from trading.domain.clock import Law, LegalRegime
from trading.models.award import Candidate
from trading.models.bid import Bid
from trading.models.lot import Lot
from trading.models.project import Project
from trading.queries.documents import validity_days
from trading.queries.lots import deposit_terms_of, performance_terms_of, winners_of

SIGNED_WITHIN = timedelta(days=30)  # where no period binds: as long as the law gives elsewhere (T13)
PROMPTLY = timedelta(days=5)  # where no period binds: as quick as the law is elsewhere


def ask_deposit(work: Work, lot: Lot) -> None:
    """Tells deposits what this lot, whose notice is going out, asks for."""
    if lot.deposit is not None and lot.deadline is not None:
        requirements.require(work, LotId(lot.id), lot.number, lot.deposit, lot.deadline)
        project = work.session.get_one(Project, lot.project_id)
        is_bound = basic_account_binds(lot.regime is LegalRegime.GOVERNMENT_PROCUREMENT, project.legally_mandatory)
        terms.set_terms(work, LotId(lot.id), f"{project.title} {lot.title}", deposit_terms_of(lot), is_bound)
        guarantees.ask(work, LotId(lot.id), _guarantee_terms(work, lot, project))


def _guarantee_terms(work: Work, lot: Lot, project: Project) -> LotTerms:
    """A guarantee names the tenderer, and holds as long as a bid binds (Regulation arts 25, 26)."""
    return LotTerms(project.tenderer_name, project.number, project.title, lot.title, validity_days(work.session, lot.number))


def close_deposits(work: Work, lot: Lot, bidders: Collection[OrgId], failed: bool) -> None:
    """The deadline has come: deposits stand with the bids of `bidders`, those of firms that did not bid go back. Of a lot that failed there
    will be no opening, so its deposits may be known now."""
    requirements.close(work, LotId(lot.id), bidders)
    guarantees.close(work, LotId(lot.id), bidders)
    if failed:
        requirements.unseal(work, LotId(lot.id))


def open_deposits(work: Work, lot_id: LotId) -> None:
    """The bidders are public, and with them who has paid."""
    requirements.unseal(work, lot_id)


def refund_after_withdrawal(work: Work, lot: Lot, org: OrgId, law: Law, at: datetime) -> None:
    """Who withdraws before the deadline gets the deposit back within T14A (Regulation art. 35), and nobody hears of it. A guarantee, under
    which nobody could claim, waits for the deadline: the firm may bid again without paying a second premium."""
    refunds.schedule(work, LotId(lot.id), [org], "withdrawn", law.ends_at("T14A", at) or at + PROMPTLY)


def refund_after_platform_failure(work: Work, lot_id: LotId, org: OrgId, at: datetime) -> None:
    """A bid that could not be opened through no fault of its bidder counts as withdrawn (电子招标投标办法 art. 31)."""
    _give_back(work, lot_id, [org], "platform_failure", at + PROMPTLY)


def await_decision(work: Work, lot_id: LotId, org: OrgId) -> None:
    """A bid that could not be opened by its bidder's own doing counts as revoked: the tenderer may keep the deposit (art. 31; Regulation
    art. 35), and nobody else decides it."""
    forfeitures.await_decision(work, lot_id, org)


def refund_losers(work: Work, lot: Lot, law: Law, at: datetime) -> None:
    """Where the law has the award notice free those who lost, they get their deposits back within T16 (Procurement Regulation art. 33);
    in some regions those alone who are no candidates, within T19 (重庆市招标投标条例 art. 35)."""
    losers = [org for org in _standing(work, lot) if org != lot.winner_org]
    if (due_at := law.ends_at("T16", at)) is not None:
        _give_back(work, LotId(lot.id), losers, "award_lost", due_at)
    elif (due_at := law.ends_at("T19", at)) is not None:
        candidates = set(work.session.scalars(select(Candidate.org_id).where(Candidate.lot_id == lot.id)))
        _give_back(work, LotId(lot.id), [org for org in losers if org not in candidates], "award_lost", due_at)


def ask_security(work: Work, lot: Lot, project: Project, law: Law) -> None:
    """Where the document asks for a performance security the winner is asked for it, by when the contract is to be made (T13)."""
    said = performance_terms_of(lot)
    if said is None or lot.price is None or lot.award_notice_at is None:
        return
    deadline = law.ends_at("T13", lot.award_notice_at) or lot.award_notice_at + SIGNED_WITHIN
    in_procurement = lot.regime is LegalRegime.GOVERNMENT_PROCUREMENT
    award = Award(LotId(lot.id), lot.number, lot.price, winners_of(lot), deadline, in_procurement)
    about = LotTerms(project.tenderer_name, project.number, project.title, lot.title, said.days)
    performance.ask(work, award, said, about)


def check_security(work: Work, lot: Lot) -> None:
    """Raises RuleBroken with the article while the winner owes the security that the document asks for (招标投标法 art. 46)."""
    performance.check_signing(work, LotId(lot.id), lot.regime is LegalRegime.GOVERNMENT_PROCUREMENT)


def refund_after_contract(work: Work, lot: Lot, law: Law, at: datetime) -> None:
    """All who were in the bidding get their deposits back within T14 of the contract (Regulation art. 57)."""
    performance.contracted(work, LotId(lot.id))
    _give_back(work, LotId(lot.id), _standing(work, lot), "contract_signed", law.ends_at("T14", at) or at + PROMPTLY)


def refund_after_failure(work: Work, lot: Lot, bidders: Sequence[OrgId], at: datetime) -> None:
    """A lot that failed at its deadline keeps nobody's deposit; no period is set for it, so the contract's is kept (T14)."""
    _give_back(work, LotId(lot.id), bidders, "lot_failed", at + PROMPTLY)


def refund_after_termination(work: Work, lot: Lot, law: Law, at: datetime) -> None:
    """A lot that its tenderer ends gives every deposit back with interest, within T14B where a period is set (招标投标法实施条例 art. 31);
    who had paid stays secret, for the lot may be tendered again."""
    guarantees.end(work, LotId(lot.id), None, "lot_terminated")
    requirements.end(work, LotId(lot.id), law.ends_at("T14B", at) or at + PROMPTLY)


def refund_after_rejection(work: Work, lot: Lot, at: datetime) -> None:
    """Where the committee has rejected all bids there will be no contract: the deposits go back as after a failure."""
    _give_back(work, LotId(lot.id), _standing(work, lot), "lot_failed", at + PROMPTLY)


def _give_back(work: Work, lot_id: LotId, bidders: Sequence[OrgId], reason: str, due_at: datetime) -> None:
    """Money goes back by `due_at`; a guarantee, which costs nobody's time, at once."""
    refunds.schedule(work, lot_id, bidders, reason, due_at)
    guarantees.end(work, lot_id, bidders, reason)


def _standing(work: Work, lot: Lot) -> list[OrgId]:
    """Who was in the bidding. Whose bid could not be opened by its own doing waits for a decision (电子招标投标办法 art. 31)."""
    out = (BidState.WITHDRAWN, BidState.DECRYPT_FAILED_OWN)
    found = select(Bid.org_id).where(Bid.lot_id == lot.id, Bid.ver > 0, Bid.state.not_in(out)).order_by(Bid.org_id)
    return [OrgId(org) for org in work.session.scalars(found)]
