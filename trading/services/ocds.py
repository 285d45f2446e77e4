"""Open data: each publication leaves a release in its own transaction, made from what is public at that moment."""

from __future__ import annotations

from core.kernel.db import insert_new, lock_patiently
from core.kernel.ids import LotId, OrgId
from core.kernel.work import Work
from trading.domain.ocds import PublicOrg, Told, release
from trading.domain.publication import PUBLICATIONS, ReleaseTag
from trading.models.lot import Lot
from trading.models.notice import Notice
from trading.models.ocds import OcdsHead, OcdsRelease
from trading.models.project import Project
from trading.queries import ocds as queries


def publish_notice(work: Work, lot: Lot, project: Project, notice: Notice) -> None:
    """The release that goes with a notice; its id is the notice's number. A case's first tender notice begins its tender, and the end of
    its last lot cancels it; between them the same notices of other lots are updates."""
    tag = PUBLICATIONS[notice.kind].tag
    if tag is ReleaseTag.TENDER and queries.has_begun(work.session, project.number):
        tag = ReleaseTag.TENDER_UPDATE
    if tag is ReleaseTag.TENDER_CANCELLATION and not queries.is_cancelled(work.session, project.number):
        tag = ReleaseTag.TENDER_UPDATE
    publish(work, _told(work, lot, project, notice.number, tag))


def publish_step(work: Work, lot: Lot, project: Project, step: str) -> None:
    """The release of a step that has no notice of its own, such as the release of the document."""
    publish(work, _told(work, lot, project, f"{lot.number}-{step}", ReleaseTag.TENDER_UPDATE))


def publish(work: Work, told: Told) -> None:
    """Numbers and keeps a release. Numbers are given under a lock that lasts until the commit: none becomes visible before a lower one."""
    row = OcdsRelease(seq=number_next(work), case_id=told.case, release_id=told.id, tag=told.tag, at=told.at, body=release(told))
    work.session.add(row)
    work.session.flush()


def number_next(work: Work) -> int:
    """The number of the next release."""
    insert_new(work.session.connection(), OcdsHead, [{"id": 1, "seq": 0}])
    head = lock_patiently(work.session, OcdsHead, OcdsHead.id == 1)
    head.seq += 1
    return head.seq


def _told(work: Work, lot: Lot, project: Project, id_: str, tag: ReleaseTag) -> Told:
    work.session.flush()
    return Told(
        id=id_,
        tag=tag,
        at=work.now(),
        case=project.number,
        title=project.title,
        category=project.category,
        tenderer=PublicOrg(OrgId(project.tenderer_org), project.tenderer_name),
        agency=PublicOrg(OrgId(project.agency_org), project.agency_name),
        lot=queries.public_lot(work.session, LotId(lot.id)),
        all_lots=queries.public_lots(work.session, project.number),
        related=queries.related(work.session, project),
    )
