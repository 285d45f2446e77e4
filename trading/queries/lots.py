"""Lots as other packages and pages see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self, cast
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from core.kernel.actor import Actor
from core.kernel.calendar import CHINA
from core.kernel.errors import NotFound
from core.kernel.ids import CaseId, LotId, OrgId
from core.kernel.jcs import JSON
from core.kernel.money import Money
from deposits.domain.performance import PerformanceTerms
from deposits.domain.terms import UNSAID, DepositTerms
from trading.domain.award_plan import publishes_after
from trading.domain.clock import Law, LegalRegime
from trading.domain.document import EnvelopeEntry, Escrow, envelope_of
from trading.domain.lot import INVENTED, NOTICED_OR_LATER, LotFacts, LotState, Parties, roles_of
from trading.domain.project import Category, ProjectState
from trading.domain.retender import Retender
from trading.domain.review_plan import ReviewPlan, plan_of
from trading.models.lot import Lot
from trading.models.project import Project
from trading.queries.rounds import is_called


@dataclass(frozen=True, slots=True, kw_only=True)
class LotView:
    """A lot with what its pages need of its project. What no step has fixed yet is None, "" or empty."""

    id: LotId
    number: str
    no: str
    case: CaseId
    title: str
    project_title: str
    state: LotState
    regime: LegalRegime
    region: str
    category: Category
    plan: str
    planned_at: datetime | None
    predecessor: str
    attempt: int
    law: Law
    parties: Parties
    tenderer_name: str
    agency_name: str
    estimate: Money
    separation: bool
    award_plan: dict[str, Any] | None
    award_plan_sha256: str
    award_told: dict[str, Any] | None
    document_sha256: str
    method: dict[str, Any]
    score_rules: dict[str, Any]
    envelopes: tuple[EnvelopeEntry, ...]
    escrow: Escrow
    deposit: Money | None
    deposit_terms: DepositTerms
    performance: PerformanceTerms | None
    ceiling: Money | None
    reference_price_commit: str
    release_at: datetime | None
    deadline: datetime | None
    publicity_days: int
    notice_at: datetime | None
    report_sha256: str
    case_sha256: str
    report_at: datetime | None
    ranked: bool
    publicity_from: datetime | None
    publicity_until: datetime | None
    winner_org: OrgId | None
    price: Money | None
    result_sha256: str
    awarded_at: datetime | None
    award_notice_at: datetime | None
    contract_sha256: str
    contract_at: datetime | None
    winners: tuple[OrgId, ...]  # who signs the contract for the winner, the lead first; nobody before the award notice
    contract_signers: tuple[OrgId, ...]  # those of them that have
    suspended_at: datetime | None
    suspend_sha256: str
    ended_at: datetime | None
    unanswered: int
    stays: int
    invited: bool
    consortium_members: int
    review: ReviewPlan
    awaits_round: bool
    prequalified: bool

    @property
    def publicity_after(self) -> bool:
        """Whether the award plan has the result published after the award."""
        return publishes_after(self.award_plan)

    @property
    def publishes_from(self) -> datetime | None:
        """From when the days count within which a publicity begins: the report's receipt, or the award where its result is published."""
        return self.awarded_at if self.publicity_after else self.report_at

    @classmethod
    def of(cls, lot: Lot, project: Project) -> Self:
        """The view of a lot's row and its project's."""
        same = {name: getattr(lot, name) for name in _SAME}
        return cls(
            id=LotId(lot.id),
            case=CaseId(project.number),
            project_title=project.title,
            region=project.region,
            category=project.category,
            plan=project.plan,
            planned_at=project.planned_at,
            law=law_of(project),
            parties=parties_of(lot, project),
            tenderer_name=project.tenderer_name,
            agency_name=project.agency_name,
            estimate=project.estimate,
            award_plan=cast("dict[str, Any] | None", lot.award_plan),
            award_told=cast("dict[str, Any] | None", lot.award_told),
            method=cast("dict[str, Any]", lot.method or {}),
            score_rules=cast("dict[str, Any]", lot.score_rules or {}),
            envelopes=envelopes_of(lot),
            review=plan_of(lot.review_plan),
            deposit_terms=deposit_terms_of(lot),
            performance=performance_terms_of(lot),
            winner_org=None if lot.winner_org is None else OrgId(lot.winner_org),
            winners=winners_of(lot),
            contract_signers=signers_of(lot),
            **same,
        )


_SAME = (
    *("number", "no", "title", "state", "regime", "predecessor", "attempt"),
    *("separation", "award_plan_sha256", "document_sha256", "escrow", "deposit", "ceiling"),
    *("reference_price_commit", "release_at", "deadline", "publicity_days", "notice_at", "report_sha256", "case_sha256", "report_at"),
    *("ranked", "publicity_from", "publicity_until", "price", "result_sha256", "awarded_at", "award_notice_at"),
    *(
        "contract_sha256",
        "contract_at",
        "suspended_at",
        "suspend_sha256",
        "ended_at",
        "unanswered",
        "stays",
        "invited",
        "consortium_members",
        "awaits_round",
        "prequalified",
    ),
)


def performance_terms_of(lot: Lot) -> PerformanceTerms | None:
    """The performance security that the lot's document asks for."""
    return PerformanceTerms.kept(cast("dict[str, object]", lot.performance_terms)) if lot.performance_terms else None


def deposit_terms_of(lot: Lot) -> DepositTerms:
    """How the lot's document has deposits taken, or what holds where it does not say."""
    return DepositTerms.kept(cast("dict[str, object]", lot.deposit_terms)) if lot.deposit_terms else UNSAID


def retender_of(lot: Lot | LotView) -> Retender | None:
    """What the notice of a lot that is tendered again says of it."""
    return Retender(lot.predecessor, lot.attempt) if lot.predecessor else None


def parties_of(lot: Lot, project: Project) -> Parties:
    """The organisations of a lot; the winner is one of them from the award notice on, and learns nothing before."""
    winners = winners_of(lot) if lot.award_notice_at is not None else ()
    return Parties(OrgId(project.tenderer_org), OrgId(project.agency_org), frozenset(winners))


def winners_of(lot: Lot) -> tuple[OrgId, ...]:
    """Who signs the contract for the winner, the lead first; nobody before the award notice."""
    return _orgs(lot.winner_orgs)


def signers_of(lot: Lot) -> tuple[OrgId, ...]:
    """Those of them that have signed."""
    return _orgs(lot.contract_orgs)


def _orgs(stored: JSON) -> tuple[OrgId, ...]:
    return tuple(OrgId(UUID(str(org))) for org in stored) if isinstance(stored, list) else ()


def law_of(project: Project) -> Law:
    """The law that a project's lots are under."""
    return Law(project.regime, project.legally_mandatory, CHINA, project.region)


def facts(lot: Lot | LotView, now: datetime, org: OrgId | None = None) -> LotFacts:
    """What the lot's table of moves looks at, for one who acts for `org`; the count of sealed bids is not among it."""
    winners, signers = (lot.winners, lot.contract_signers) if isinstance(lot, LotView) else (winners_of(lot), signers_of(lot))
    return LotFacts(
        now=now,
        plan_fixed=bool(lot.award_plan_sha256),
        document_published=bool(lot.document_sha256),
        release_at=lot.release_at,
        deadline=lot.deadline,
        separation=lot.separation,
        publicity_until=lot.publicity_until,
        contract_offered=bool(lot.contract_sha256),
        contract_signed=org in signers,
        contract_awaits=len(set(winners) - set(signers)),
        suspended_at=lot.suspended_at,
        regime=lot.regime,
        unanswered=lot.unanswered,
        stays=lot.stays,
        awaits_round=lot.awaits_round,
        prequalified=lot.prequalified,
        publicity_after=lot.publicity_after,
        award_decided=lot.awarded_at is not None,
    )


def split(number: str) -> tuple[CaseId, str]:
    """`T2026-000001-1` → its case and the lot's number in it."""
    case, _, no = number.rpartition("-")
    return CaseId(case), no


def envelopes_of(lot: Lot) -> tuple[EnvelopeEntry, ...]:
    """The envelopes of a lot's bids, in the order of opening."""
    return tuple(envelope_of(entry) for entry in cast("list[dict[str, object]]", lot.envelopes or []))


def by_number(session: Session, number: str, any_state: bool = False) -> LotView:
    """The lot of a sayable number, that of a drill too. Raises NotFound; also, unless `any_state`, for a lot whose notice is not out."""
    found = _one(session, _joined().where(Lot.number == number))
    if not any_state and found.state not in NOTICED_OR_LATER | INVENTED:
        raise NotFound("lot.not_found")
    return found


def noticed(session: Session, number: str) -> LotView:
    """A real lot whose notice is out; raises NotFound for any other."""
    found = by_number(session, number)
    if found.state in INVENTED:
        raise NotFound("lot.not_found")
    return found


def visible(session: Session, number: str, actor: Actor) -> LotView:
    """The lot for this actor: its parties, the centre and the supervisor see it in any state, everybody else once its notice, or that of
    its prequalification, is out."""
    found = by_number(session, number, any_state=True)
    if found.state in NOTICED_OR_LATER or roles_of(actor, found.parties) or is_called(session, found.id):
        return found
    raise NotFound("lot.not_found")


def by_id(session: Session, lot: LotId) -> LotView:
    """The lot of an id, whatever its state; raises NotFound."""
    return _one(session, _joined().where(Lot.id == lot))


def by_case(session: Session, case: str) -> tuple[LotView, ...]:
    """The lots of a case, by their number in it."""
    rows = session.execute(_joined().where(Project.number == case))
    return tuple(sorted((LotView.of(lot, project) for lot, project in rows), key=lambda lot: int(lot.no)))


def open_cases(session: Session) -> tuple[CaseId, ...]:
    """Cases that have begun and are not being closed: those in which a jump of the clock is recorded."""
    open_states = (ProjectState.DRAFTED, ProjectState.REGISTERED)
    query = select(Project.number).where(Project.state.in_(open_states)).order_by(Project.number)
    return tuple(CaseId(number) for number in session.scalars(query))


def _joined() -> Select[Lot, Project]:
    return select(Lot, Project).join(Project, Project.id == Lot.project_id)


def _one(session: Session, query: Select[Lot, Project]) -> LotView:
    row = session.execute(query).one_or_none()
    if row is None:
        raise NotFound("lot.not_found")
    return LotView.of(*row)
