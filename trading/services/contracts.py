"""The contract: the tenderer signs it, then the winner; then the deposits are on their way back."""

from __future__ import annotations

from core.identity.services.acts import Act, Expect, SignedRequest, once
from core.kernel import uploads
from core.kernel.ids import CaseId, LotId
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Work
from trading.domain.contract import ContractFacts, ContractSigning, check
from trading.domain.draft import DraftKind
from trading.domain.lot import LotAction
from trading.domain.notice import NoticeKind
from trading.events import ContractSigned
from trading.queries.lots import law_of, split
from trading.services import drafts, orders
from trading.services.lots import hold, move
from trading.services.notices import Announcement, announce


def sign(work: Work, number: str, request: SignedRequest) -> dict[str, JSON]:
    """A party signs the contract: the tenderer first, which offers it, then the winner, which makes it. With the second signature the
    deposits of all bidders are scheduled for refund (T14). Raises RuleBroken with the article (T13, price)."""
    case, no = split(number)
    return once(work, request, Expect("contract.sign", case, no, step_up=True), lambda act: _sign(work, number, act))


def _sign(work: Work, number: str, act: Act) -> dict[str, JSON]:
    lot, project = hold(work, number)
    is_winner = act.role is Role.BIDDER
    told = move(work, lot, project, LotAction.SIGN_CONTRACT if is_winner else LotAction.OFFER_CONTRACT, act.role)
    signing, law = ContractSigning.read(act.body), law_of(project)
    assert lot.award_notice_at is not None and lot.price is not None  # the notice has been sent
    offered = lot.contract_sha256 if is_winner else ""
    check(signing, ContractFacts(now=told.now, law=law, award_notice_at=lot.award_notice_at, price=lot.price, offered_sha256=offered))
    if not is_winner:
        uploads.complete(work.session, act.person, signing.contract_sha256)  # the text itself must be here
    lot.contract_sha256 = signing.contract_sha256
    drafts.forget(work, LotId(lot.id), DraftKind.CONTRACT)
    notice = ""
    if is_winner:
        lot.contract_at = told.now
        notice = announce(work, (lot, project), Announcement.about(NoticeKind.CONTRACT, (lot, project), act.body), act).number
        orders.refund_after_contract(work, lot, law, told.now)
    work.record(
        ContractSigned(
            case=CaseId(project.number),
            lot=lot.no,
            signed=act.envelope,
            contract_sha256=signing.contract_sha256,
            party="winner" if is_winner else "tenderer",
            complete=is_winner,
            number=notice,
        )
    )
    return {"lot": number, "state": lot.state.value, "complete": is_winner}
