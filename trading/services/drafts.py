"""Drafts: each is saved as the body that is to be signed, with its digests, after the law has been held against it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlalchemy import delete

from core.identity.queries import people
from core.kernel import clock
from core.kernel.body import Body, digest
from core.kernel.errors import RuleBroken
from core.kernel.ids import LotId, OrgId
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Work
from trading.domain import award_plan, document, notice
from trading.domain.document import FileEntry, read_file
from trading.domain.draft import PREPARES, DraftKind
from trading.domain.invitation import MOST_INVITEES, InvitationReason
from trading.domain.lot import MOVES, roles_of
from trading.domain.notice import NoticeFacts, TenderNotice
from trading.models.draft import LotDraft
from trading.models.lot import Lot
from trading.models.project import Project
from trading.queries.invitations import registered
from trading.queries.lots import facts, law_of, parties_of, retender_of
from trading.queries.prequalifications import round_of
from trading.services import amendment_drafts, clarification_drafts, prequalification_drafts
from trading.services.freed import refuse_freed
from trading.services.lots import hold

Content = Mapping[str, JSON]


def save(work: Work, number: str, kind: DraftKind, content: Content) -> dict[str, JSON]:
    """Saves a draft, in place of an earlier one, for whoever may take the step that it prepares. Returns the body to sign.

    Raises RuleBroken with the article for what the law would not let be signed.
    """
    lot, project = hold(work, number)
    roles, now = roles_of(work.actor, parties_of(lot, project)), work.now()
    MOVES.choose(PREPARES[kind], lot.state, roles, facts(lot, now))
    body = _MAKE[kind](work, lot, project, content)
    forget(work, LotId(lot.id), kind)
    work.session.add(LotDraft(lot_id=lot.id, kind=kind, body=body, saved_at=now, saved_by=work.actor.person))
    work.session.flush()
    return body


def forget(work: Work, lot: LotId, kind: DraftKind) -> None:
    """Deletes a draft: it has been signed, or is being replaced."""
    work.session.execute(delete(LotDraft).where(LotDraft.lot_id == lot, LotDraft.kind == kind))


def _award_plan(work: Work, lot: Lot, project: Project, content: Content) -> dict[str, JSON]:
    named = digest(content)
    award_plan.check_plan(award_plan.AwardPlan.read(content), named, named, project.regime)
    return {"plan_sha256": named, "plan": dict(content)}


def _document(work: Work, lot: Lot, project: Project, content: Content) -> dict[str, JSON]:
    named = digest(content)
    body: dict[str, JSON] = {"document_sha256": named, **content}
    read = document.TenderDocument.read(body)
    document.check(read, named, project.regime, project.estimate)
    refuse_freed(work, project, read.deposit)
    return body


def _notice(work: Work, lot: Lot, project: Project, content: Content) -> dict[str, JSON]:
    wish = Body(content)
    title, release_at, deadline = wish.text("title", 200), wish.moment("release_at"), wish.moment("deadline")
    days = wish.count("publicity_days", least=1, most=60)
    reason = wish.text("deviation_reason", 500, least=0) if "deviation_reason" in content else ""
    approver = wish.text("approver", 36, least=0) if "approver" in content else ""
    invited = _invitation(work, wish) if "invitation" in content else None
    wish.done()
    body: dict[str, JSON] = {
        "title": title,
        "document_sha256": lot.document_sha256,
        "award_plan_sha256": lot.award_plan_sha256,
        "release_at": clock.text(release_at),
        "deadline": clock.text(deadline),
        "opening_at": clock.text(deadline),
        "publicity_days": days,
    }
    if invited is not None:
        body["invitation"] = invited
    if named := round_of(work.session, lot):
        body["prequalification"] = {"result_sha256": named}
    if (again := retender_of(lot)) is not None:
        body["retender"] = {"predecessor": again.predecessor, "round": again.round}
    law = law_of(project)
    missed = [code for code in notice.misses(release_at, deadline, days, law) if law.binding(code, release_at) is None]
    if missed and reason and approver:
        body["deviations"] = [_deviation(work, project, code, reason, approver) for code in missed]
    told = NoticeFacts(
        now=work.now(),
        law=law,
        document_sha256=lot.document_sha256,
        award_plan_sha256=lot.award_plan_sha256,
        retender=again,
        planned_at=project.planned_at,
        drafter=work.actor.person,
        parties=frozenset({OrgId(project.tenderer_org), OrgId(project.agency_org)}),
        round_sha256=named,
    )
    notice.check(TenderNotice.read(body), told)
    return body


def _invitation(work: Work, wish: Body) -> dict[str, JSON]:
    """Whom the drafted notice invites, by the codes that were given, as the platform knows them."""
    said = wish.part("invitation")
    reason, explanation = said.choice("reason", InvitationReason), said.text("explanation", 500)
    approval, codes = said.text("approval", 100, least=0), said.texts("invitees", most=MOST_INVITEES, each=18)
    said.done()
    invitees = [registered(work.session, code).to_json() for code in codes]
    return {"reason": reason.value, "explanation": explanation, "approval": approval, "invitees": [*invitees]}


def _deviation(work: Work, project: Project, code: str, reason: str, approver: str) -> JSON:
    """A deviation that the actor drafts, to be approved by one of the tenderer's people."""
    named = next((one for one in people.holders(work.session, Role.TENDERER, OrgId(project.tenderer_org)) if str(one.id) == approver), None)
    if named is None or work.actor.person is None:
        raise RuleBroken("notice.approver_unknown")
    return notice.Deviation(code, reason, work.actor.person, named.id, named.name).to_json()


def _contract(work: Work, lot: Lot, project: Project, content: Content) -> dict[str, JSON]:
    entry: FileEntry = read_file(Body(content))
    assert lot.price is not None  # an awarded lot has one
    return {"file": {"name": entry.name, "sha256": entry.sha256, "size": entry.size}, "price_fen": lot.price.fen}


_MAKE: Mapping[DraftKind, Callable[[Work, Lot, Project, Content], dict[str, JSON]]] = {
    DraftKind.AWARD_PLAN: _award_plan,
    DraftKind.DOCUMENT: _document,
    DraftKind.NOTICE: _notice,
    DraftKind.CONTRACT: _contract,
    DraftKind.AMENDMENT: amendment_drafts.draft,
    DraftKind.CLARIFICATION: clarification_drafts.draft,
    DraftKind.PREQUALIFICATION_DOCUMENT: prequalification_drafts.document,
    DraftKind.PREQUALIFICATION_NOTICE: prequalification_drafts.notice,
}
