"""The contract: the tenderer signs it, then the winner, a consortium by all its members; then the deposits are on their way back."""

from __future__ import annotations

from core.identity.services.acts import Act, Expect, SignedRequest, once
from core.kernel import uploads
from core.kernel.ids import CaseId, LotId, OrgId
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Work
from trading.domain.contract import ContractFacts, ContractSigning, check
from trading.domain.draft import DraftKind
from trading.domain.lot import LotAction
from trading.domain.notice import NoticeKind
from trading.events import ContractSigned
from trading.models.lot import Lot
from trading.models.project import Project
from trading.queries.lots import law_of, signers_of, split, winners_of
from trading.services import drafts, orders
from trading.services.lots import hold, move, move_as_system
from trading.services.notices import Announcement, announce


def sign(work: Work, number: str, request: SignedRequest) -> dict[str, JSON]:
    """A party signs the contract: the tenderer first, which offers it, then the winner, which makes it; every member where a consortium
    won. With the last signature the deposits of all bidders are scheduled for refund (T14). Raises RuleBroken with the article."""
    case, no = split(number)
    return once(work, request, Expect("contract.sign", case, no, step_up=True), lambda act: _sign(work, number, act))


def _sign(work: Work, number: str, act: Act) -> dict[str, JSON]:
    lot, project = hold(work, number)
    is_winner = act.role is Role.BIDDER
    told = move(work, lot, project, LotAction.SIGN_CONTRACT if is_winner else LotAction.OFFER_CONTRACT, act.role)
    signing, law = ContractSigning.read(act.body), law_of(project)
    assert lot.award_notice_at is not None and lot.price is not None  # the notice has been sent
    offered, member = (lot.contract_sha256, _member(work, lot)) if is_winner else ("", None)
    bound = ContractFacts(now=told.now, law=law, award_notice_at=lot.award_notice_at, price=lot.price, offered_sha256=offered, org=member)
    check(signing, bound)
    if is_winner:
        orders.check_security(work, lot)
    else:
        uploads.complete(work.session, act.person, signing.contract_sha256)  # the text itself must be here
    lot.contract_sha256 = signing.contract_sha256
    drafts.forget(work, LotId(lot.id), DraftKind.CONTRACT)
    is_last = is_winner and told.contract_awaits == 1
    notice = _joined(work, (lot, project), act, is_last) if is_winner else ""
    work.record(
        ContractSigned(
            case=CaseId(project.number),
            lot=lot.no,
            signed=act.envelope,
            contract_sha256=signing.contract_sha256,
            party="winner" if is_winner else "tenderer",
            complete=is_last,
            number=notice,
        )
    )
    return {"lot": number, "state": lot.state.value, "complete": is_last}


def _member(work: Work, lot: Lot) -> OrgId | None:
    """The firm that a member of a consortium signs for; None where the winner is one firm."""
    return work.actor.org if len(winners_of(lot)) > 1 else None


def _joined(work: Work, held: tuple[Lot, Project], act: Act, is_last: bool) -> str:
    """One more firm of the winner has signed; with the last the contract is made and published. Returns its notice's number."""
    lot, project = held
    lot.contract_orgs = [*map(str, signers_of(lot)), str(work.actor.org)]
    if not is_last:
        return ""
    told = move_as_system(work, lot, LotAction.CONCLUDE_CONTRACT)
    lot.contract_at = told.now
    orders.refund_after_contract(work, lot, law_of(project), told.now)
    said = {name: value for name, value in act.body.items() if name != "org"}  # the notice speaks of the contract, not of its last signer
    return announce(work, held, Announcement.about(NoticeKind.CONTRACT, held, said), act).number
