"""Acts about single deposits of a lot: holds, and decisions to keep one. The lot's own facts are looked up here, the rest is deposits'."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select

from core.identity.queries import people
from core.identity.services.acts import SignedRequest
from core.kernel.ids import LotId, OrgId
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Work
from deposits.domain.forfeiture import GroundFacts
from deposits.queries.performance import security
from deposits.services import claims, forfeitures, holds, performance
from deposits.services.forfeitures import LotSide
from trading.domain.bid import BidState
from trading.domain.lot import roles_of
from trading.domain.periods import LegalRegime
from trading.models.bid import Bid
from trading.models.document import DocumentFile
from trading.models.lot import Lot
from trading.models.project import Project
from trading.queries.lots import parties_of, winners_of
from trading.services.lots import hold


def place_hold(work: Work, number: str, request: SignedRequest) -> dict[str, JSON]:
    """`hold.place`: the supervisor, finance for a court, or this lot's tenderer has a deposit wait."""
    return holds.place(work, number, request, _side(work, number).roles)


def lift_hold(work: Work, number: str, request: SignedRequest) -> dict[str, JSON]:
    """`hold.lift`: by the office that ordered it."""
    return holds.lift(work, number, request, _side(work, number).roles)


def decide(work: Work, number: str, request: SignedRequest) -> dict[str, JSON]:
    """`forfeit.decide`: this lot's tenderer keeps a deposit, on a listed ground."""
    return forfeitures.decide(work, number, request, _side(work, number))


def note(work: Work, number: str, request: SignedRequest) -> dict[str, JSON]:
    """`forfeit.note`: the supervisor speaks to that decision."""
    return forfeitures.note(work, number, request, _side(work, number))


def waive(work: Work, number: str, request: SignedRequest) -> dict[str, JSON]:
    """`forfeit.waive`: this lot's tenderer does not keep a deposit that waited for its decision."""
    return forfeitures.waive(work, number, request, _side(work, number))


def claim(work: Work, number: str, request: SignedRequest) -> dict[str, JSON]:
    """`claim.decide`: this lot's tenderer claims under a guarantee, on a listed ground."""
    return claims.decide(work, number, request, _side(work, number))


def note_claim(work: Work, number: str, request: SignedRequest) -> dict[str, JSON]:
    """`claim.note`: the supervisor speaks to that claim."""
    return claims.note(work, number, request, _side(work, number))


def confirm_claim(work: Work, number: str, request: SignedRequest) -> dict[str, JSON]:
    """`claim.receipt`: this lot's tenderer has had the guarantor's money."""
    return claims.confirm(work, number, request, _side(work, number))


def return_security(work: Work, number: str, request: SignedRequest) -> dict[str, JSON]:
    """`performance.return`: this lot's tenderer says that the contract was performed, and the winner's security goes back."""
    lot, _ = hold(work, number)
    return performance.give_back(work, LotId(lot.id), number, request, _side(work, number).roles)


def _side(work: Work, number: str) -> LotSide:
    lot, project = hold(work, number)
    roles = roles_of(work.actor, parties_of(lot, project)) | (work.actor.roles & {Role.FINANCE})
    return LotSide(roles, people.organisation(work.session, OrgId(project.tenderer_org)).name, _facts(work, lot, project))


def _facts(work: Work, lot: Lot, project: Project) -> Callable[[OrgId], GroundFacts]:
    def of(org: OrgId) -> GroundFacts:
        failed = select(Bid.id).where(Bid.lot_id == lot.id, Bid.org_id == org, Bid.state.in_((BidState.DECRYPT_FAILED_OWN,)))
        documents = select(DocumentFile.document_sha256).where(DocumentFile.lot_id == lot.id).distinct()
        return GroundFacts(
            is_procurement=project.regime is LegalRegime.GOVERNMENT_PROCUREMENT,
            is_winner=lot.award_notice_at is not None and org in winners_of(lot),
            is_contracted=lot.contract_at is not None,
            has_failed_by_own_doing=work.session.scalar(failed.limit(1)) is not None,
            owes_security=(asked := security(work.session, LotId(lot.id))) is not None and asked.is_owed(work.now()),
            documents=frozenset(work.session.scalars(documents)) | {lot.document_sha256},
        )

    return of
