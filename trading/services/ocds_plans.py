"""Open data of tender plans: each statement about one leaves a release with the tag `planning`, or `planningUpdate`."""

from __future__ import annotations

from calendar import monthrange

from core.kernel import clock
from core.kernel.work import Work
from trading.domain.ocds import CATEGORIES, Json
from trading.domain.plan import PlanState
from trading.domain.publication import ReleaseTag
from trading.models.ocds import OcdsRelease
from trading.models.plan import Plan, PlanVersion
from trading.services.ocds import number_next

_STATUS = {PlanState.CANCELLED: "cancelled"}


def publish(work: Work, plan: Plan, version: PlanVersion) -> None:
    """The release of a plan as it stands now."""
    tag = ReleaseTag.PLANNING if version.no == 1 else ReleaseTag.PLANNING_UPDATE
    id_ = f"{plan.number}-V{version.no}"
    body = _body(plan, version, tag, id_)
    work.session.add(OcdsRelease(seq=number_next(work), case_id=plan.number, release_id=id_, tag=tag, at=version.at, body=body))
    work.session.flush()


def _body(plan: Plan, version: PlanVersion, tag: ReleaseTag, release_id: str) -> Json:
    buyer = {"id": str(plan.tenderer_org), "name": plan.tenderer_name}
    year, month = map(int, plan.month.split("-"))
    due = f"{plan.month}-{monthrange(year, month)[1]:02d}T23:59:59+08:00"
    return {
        "id": release_id,
        "date": clock.text(version.at),
        "tag": [tag.value],
        "initiationType": "tender",
        "language": "zh",
        "parties": [buyer | {"roles": ["buyer"]}],
        "buyer": buyer,
        "planning": {
            "rationale": plan.content,
            "budget": {"description": plan.note, "amount": {"amount": str(plan.amount), "currency": "CNY"}, "project": plan.title},
            "milestones": [{"id": f"{plan.number}-notice", "title": "预计发布招标公告", "type": "preProcurement", "dueDate": due}],
        },
        "tender": {
            "id": plan.number,
            "title": plan.title,
            "status": _STATUS.get(plan.state, "planned"),
            "mainProcurementCategory": CATEGORIES[plan.category],
        },
    }
