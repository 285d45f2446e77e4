"""Notices: the tenderer signs the tender notice that its agency drafted; later ones come from the steps that they tell of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from sqlalchemy import func, select

from core.identity.queries import people
from core.identity.services.acts import Act, Expect, SignedRequest, once
from core.kernel.ids import CaseId, LotId, OrgId, PersonId, new_id
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Work
from trading.domain import readiness
from trading.domain.draft import DraftKind
from trading.domain.failure import FailureReason, article
from trading.domain.invitation import public_body
from trading.domain.lot import LotAction
from trading.domain.notice import NoticeFacts, NoticeKind, TenderNotice, check, notice_number
from trading.domain.retender import consequence
from trading.events import FailurePublished, NoticePublished
from trading.models.draft import LotDraft
from trading.models.lot import Lot
from trading.models.notice import Notice
from trading.models.project import Project
from trading.queries.lots import LotView, law_of, retender_of, split
from trading.queries.prequalifications import round_of
from trading.queries.readiness import readiness_facts
from trading.services import drafts, invitations, ocds, orders, plans
from trading.services.lots import hold, move


def publish(work: Work, number: str, request: SignedRequest) -> dict[str, JSON]:
    """The tenderer publishes the tender notice. Raises RuleBroken with the article: award plan not fixed before, T2, T3, T7, T10, or
    whatever else the checks before publication find; `notice.not_ready` names all of them where there are several."""
    case, no = split(number)
    expect = Expect("notice.publish", case, no, role=Role.TENDERER, step_up=True)
    return once(work, request, expect, lambda act: _publish(work, number, act))


def _publish(work: Work, number: str, act: Act) -> dict[str, JSON]:
    lot, project = hold(work, number)
    told = move(work, lot, project, LotAction.PUBLISH_NOTICE, act.role)
    notice = TenderNotice.read(act.body)
    readiness.check(readiness_facts(work.session, LotView.of(lot, project), told.now, notice))
    check(notice, _facts(work, (lot, project), act))
    lot.release_at, lot.deadline = notice.release_at, notice.deadline
    lot.publicity_days, lot.notice_at = notice.publicity_days, told.now
    drafts.forget(work, LotId(lot.id), DraftKind.NOTICE)
    invitations.invite(work, lot, notice.invitation)
    invitations.admit_passers(work, lot)
    row = announce(work, (lot, project), Announcement(NoticeKind.TENDER, notice.title, public_body(act.body)), act)
    orders.ask_deposit(work, lot)
    work.record(
        NoticePublished(
            case=CaseId(project.number),
            lot=lot.no,
            signed=act.envelope,
            number=row.number,
            title=notice.title,
            release_at=notice.release_at,
            deadline=notice.deadline,
        )
    )
    plans.link(work, project, lot)
    return {"lot": number, "state": lot.state.value, "notice": row.number}


def _facts(work: Work, held: tuple[Lot, Project], act: Act) -> NoticeFacts:
    lot, project = held
    draft = work.session.get(LotDraft, (lot.id, DraftKind.NOTICE))
    return NoticeFacts(
        now=work.now(),
        law=law_of(project),
        document_sha256=lot.document_sha256,
        award_plan_sha256=lot.award_plan_sha256,
        retender=retender_of(lot),
        planned_at=project.planned_at,
        drafter=None if draft is None or draft.saved_by is None else PersonId(draft.saved_by),
        approver=(act.person, people.person(work.session, act.person).name),
        parties=frozenset({OrgId(project.tenderer_org), OrgId(project.agency_org)}),
        round_sha256=round_of(work.session, lot),
    )


@dataclass(frozen=True, slots=True)
class Announcement:
    """What a notice says; `body` is the signed body and the names that belong to it."""

    kind: NoticeKind
    title: str
    body: Mapping[str, JSON]

    @classmethod
    def about(cls, kind: NoticeKind, held: tuple[Lot, Project], body: Mapping[str, JSON]) -> Self:
        """A notice under the names of project and lot, as those that follow the tender notice have; its kind stands beside it."""
        lot, project = held
        return cls(kind, f"{project.title}（{lot.title}）"[:200], body)


def announce_failure(work: Work, held: tuple[Lot, Project], reason: FailureReason) -> None:
    """Publishes that a held lot has failed (流标公告)."""
    lot, project = held
    ground = article(reason, lot.regime)
    sequel = consequence(reason, law_of(project), project.category, lot.attempt)
    body: dict[str, JSON] = {"reason": reason.value, "article": ground, "sequel": sequel.sequel.value, "sequel_article": sequel.article}
    row = announce(work, held, Announcement.about(NoticeKind.FAILURE, held, body))
    work.record(FailurePublished(case=CaseId(project.number), lot=lot.no, number=row.number, reason=reason.value, article=ground))


def announce(work: Work, held: tuple[Lot, Project], said: Announcement, act: Act | None = None) -> Notice:
    """Publishes a notice of a held lot; without an act it is the platform's own, which signs the event that goes with it."""
    row = post(work, held, said, act)
    ocds.publish_notice(work, *held, row)
    return row


def post(work: Work, held: tuple[Lot, Project], said: Announcement, act: Act | None = None) -> Notice:
    """The notice alone: for a step that releases open data itself, once all that the notice tells of is in force."""
    (lot, project), at = held, work.now()
    count = work.session.scalar(select(func.count()).select_from(Notice).where(Notice.lot_id == lot.id)) or 0
    words = (said.title, project.title, lot.title, lot.number, project.tenderer_name, project.agency_name, project.region)
    row = Notice(
        id=new_id(at),
        lot_id=lot.id,
        number=notice_number(lot.number, count + 1),
        kind=said.kind,
        title=said.title,
        search_text="\n".join(words)[:1000],
        body=dict(said.body),
        signed_sha256="" if act is None else act.payload_sha256,
        published_at=at,
    )
    work.session.add(row)
    return row
