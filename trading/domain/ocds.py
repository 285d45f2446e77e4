"""Releases of open data (OCDS 1.1): what each publication of a case says, from what is public at that moment, and how they are compiled.

Amounts are yuan as decimal strings with two places, which the edge writes as numbers; addresses of our own pages are paths; the ocid's
prefix is the edge's. The lots, bids and enquiries extensions are in use.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.kernel import clock
from core.kernel.ids import OrgId
from core.kernel.money import Money
from trading.domain.award_plan import AwardMethod
from trading.domain.lot import LotState
from trading.domain.project import Category
from trading.domain.publication import ReleaseTag

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class PublicOrg:
    """An organisation by id and name."""

    org: OrgId
    name: str


@dataclass(frozen=True, slots=True)
class PublicDocument:
    """Something to read; `kind` is its OCDS document type, "" for none that fits, `path` its address on this platform."""

    id: str
    kind: str
    title: str
    path: str
    media: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PublicBid:
    """A bid after the opening; `price` None while or where none was read out. For a candidate `rank` is 0 in an unranked set."""

    org: PublicOrg
    price: Money | None
    rank: int = 0


@dataclass(frozen=True, slots=True)
class PublicAmendment:
    """An amendment of the tender document: the `release` that told it, and the one that told the version `before`."""

    id: str
    reason: str
    release: str
    before: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PublicAnswer:
    """A question about the tender document and its public answer. Who asked is secret, and so is when."""

    id: str
    question: str
    answer: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicLot:
    """What is public of a lot. `ceiling` and `method` from the release of the document on, `bids` from the close of an opening on."""

    number: str
    title: str
    state: LotState
    release_at: datetime | None
    deadline: datetime | None
    ceiling: Money | None = None
    method: str = ""
    documents: tuple[PublicDocument, ...] = ()
    amendments: tuple[PublicAmendment, ...] = ()
    answers: tuple[PublicAnswer, ...] = ()
    bids: tuple[PublicBid, ...] = ()
    candidates: tuple[PublicBid, ...] = ()
    winner: OrgId | None = None
    award_notice_at: datetime | None = None
    contract_at: datetime | None = None
    price: Money | None = None
    invited: bool = False
    prequalified: bool = False  # has, or had, a round of prequalification
    applications_from: datetime | None = None
    applications_until: datetime | None = None
    award_method: str = ""  # with `award_plan`, its digest, from the release of the document on
    award_plan: str = ""
    award_report: str = ""  # the digest of the award report, from the award notice on


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a release is made from: the case, the lot that it is about, and the states and times of all its public lots."""

    id: str
    tag: ReleaseTag
    at: datetime
    case: str
    title: str
    category: Category
    tenderer: PublicOrg
    agency: PublicOrg
    lot: PublicLot
    all_lots: tuple[PublicLot, ...]
    related: tuple[tuple[str, str], ...] = ()  # relationship and case: the plan that it came of, those that its lots tender again


CATEGORIES = {Category.CONSTRUCTION: "works", Category.GOODS: "goods", Category.SERVICES: "services"}
_ENDS = {
    LotState.TERMINATED: "cancelled",
    LotState.FAILED: "unsuccessful",
    LotState.ALL_REJECTED: "unsuccessful",
    LotState.NOTICE_SENT: "complete",
    LotState.CONTRACTED: "complete",
    LotState.CLOSED: "complete",
    LotState.ARCHIVED: "complete",
}
AWARD_METHODS = {
    AwardMethod.RANK_ONE: "排名第一的候选人中标",
    AwardMethod.DIRECT_VOTE: "评定分离，直接票决",
    AwardMethod.ELIMINATION_VOTE: "评定分离，逐轮票决",
    AwardMethod.VOTE_THEN_DRAW: "评定分离，票决抽签",
    AwardMethod.PRICE_COMPETITION: "评定分离，价格竞争",
    AwardMethod.COLLECTIVE_DELIBERATION: "评定分离，集体议事",
    AwardMethod.SCORING_AWARD: "评定分离，评分定标",
}
_AWARD_TAGS = (ReleaseTag.AWARD, ReleaseTag.AWARD_UPDATE)
_PRICE_ALONE = ("lowest_evaluated_price", "lowest_price")


def status(lots: Iterable[LotState]) -> str:
    """OCDS tender status of one lot or of all: active until every one has ended, complete where any was awarded."""
    found = {_ENDS.get(state, "active") for state in lots}
    return next(said for said in ("active", "complete", "unsuccessful", "cancelled") if said in found)


def release(told: Told) -> Json:
    """One release without its ocid."""
    said: Json = {
        "id": told.id,
        "date": clock.text(told.at),
        "tag": [told.tag.value],
        "initiationType": "tender",
        "language": "zh",
        "parties": _parties(told),
        "buyer": _named(told.tenderer),
        "tender": _tender(told),
    }
    if told.related:
        said["relatedProcesses"] = [_related(*pair) for pair in told.related]
    if told.lot.bids:
        said["bids"] = {"details": [_bid(told.lot, bid) for bid in told.lot.bids]}
    if told.tag in _AWARD_TAGS:
        said["awards"] = [_award(told.lot, candidate) for candidate in told.lot.candidates]
    if told.tag is ReleaseTag.CONTRACT:
        said["contracts"] = [_contract(told.lot)]
    return said


_RELATED = {"planning": "招标计划", "prior": "前次招标"}


def _related(relationship: str, case: str) -> Json:
    """Another process; its identifier is an ocid without the prefix."""
    return {"id": case, "relationship": [relationship], "title": _RELATED[relationship], "scheme": "ocid", "identifier": case}


def _named(org: PublicOrg) -> Json:
    return {"id": str(org.org), "name": org.name}


def _parties(told: Told) -> list[Json]:
    roles: dict[OrgId, tuple[PublicOrg, list[str]]] = {}

    def add(org: PublicOrg, role: str) -> None:
        known = roles.setdefault(org.org, (org, []))[1]
        if role not in known:
            known.append(role)

    add(told.tenderer, "buyer")
    add(told.agency, "procuringEntity")
    lot = told.lot
    for bid in (*lot.bids, *(lot.candidates if told.tag in _AWARD_TAGS or told.tag is ReleaseTag.CONTRACT else ())):
        add(bid.org, "tenderer")
        if bid.org.org == lot.winner and lot.award_notice_at is not None:
            add(bid.org, "supplier")
    return [_named(org) | {"roles": held} for org, held in roles.values()]


def _value(amount: Money) -> Json:
    return {"amount": str(amount), "currency": "CNY"}


def _tender(told: Told) -> Json:
    lot, all_lots = told.lot, told.all_lots
    said: Json = {
        "id": told.case,
        "title": told.title,
        "status": status(one.state for one in all_lots),
        "procuringEntity": _named(told.agency),
        **_method(all_lots),
        "mainProcurementCategory": CATEGORIES[told.category],
        "submissionMethod": ["electronicSubmission"],
        **_period(all_lots),
        "lots": [_lot(lot)],
        "milestones": _milestones(lot),
    }
    if lot.method:
        said["awardCriteria"] = "priceOnly" if lot.method in _PRICE_ALONE else "ratedCriteria"
    if lot.documents:
        said["documents"] = [_document(lot, document) for document in lot.documents]
    if lot.amendments:
        said["amendments"] = [_amendment(one) for one in lot.amendments]
    if lot.answers:
        said |= {"hasEnquiries": True, "enquiries": [_enquiry(lot, one) for one in lot.answers]}
    if lot.bids:
        said |= {"numberOfTenderers": len(lot.bids), "tenderers": [_named(bid.org) for bid in lot.bids]}
    return said


def _method(lots: Sequence[PublicLot]) -> Json:
    """OCDS 1.1, codelist method: `selective` where all lots are open to qualified suppliers alone; an invitation (邀请招标) asks suppliers
    of the buyer's own choice: `limited`; `open` where any lot is."""
    if all(lot.prequalified for lot in lots):
        return {"procurementMethod": "selective", "procurementMethodDetails": "资格预审"}
    if any(not lot.invited for lot in lots):
        return {"procurementMethod": "open"}
    return {"procurementMethod": "limited", "procurementMethodDetails": "邀请招标"}


def _period(lots: Sequence[PublicLot]) -> Json:
    """The time for bids, once a lot of the case has one."""
    first = min((lot.release_at for lot in lots if lot.release_at is not None), default=None)
    last = max((lot.deadline for lot in lots if lot.deadline is not None), default=None)
    return {} if first is None or last is None else {"tenderPeriod": {"startDate": clock.text(first), "endDate": clock.text(last)}}


def _lot(lot: PublicLot) -> Json:
    said: Json = {"id": lot.number, "title": lot.title, "status": status([lot.state])}
    if lot.award_method:
        said["description"] = f"定标方法：{AWARD_METHODS[AwardMethod(lot.award_method)]}；定标方案 SHA-256：{lot.award_plan}"
    return said if lot.ceiling is None else said | {"value": _value(lot.ceiling)}


def _milestones(lot: PublicLot) -> list[Json]:
    """The deadlines of this lot, since the tender's period spans all of them."""
    applied = {"id": f"{lot.number}-prequalification", "title": "资格预审申请截止", "type": "preProcurement"}
    bid = {"id": f"{lot.number}-deadline", "title": "投标截止、开标", "type": "approval"}
    due = ((applied, lot.applications_until), (bid, lot.deadline))
    return [one | {"dueDate": clock.text(at), "relatedLots": [lot.number]} for one, at in due if at is not None]


def _document(lot: PublicLot, document: PublicDocument) -> Json:
    return {
        "id": document.id,
        **({"documentType": document.kind} if document.kind else {}),
        "title": document.title,
        "url": document.path,
        "format": document.media,
        "language": "zh",
        "datePublished": clock.text(document.at),
        "relatedLots": [lot.number],
    }


def _amendment(one: PublicAmendment) -> Json:
    said = {"id": one.id, "date": clock.text(one.at), "rationale": one.reason}
    return said | {"amendsReleaseID": one.before, "releaseID": one.release}


def _enquiry(lot: PublicLot, one: PublicAnswer) -> Json:
    said = {"id": one.id, "description": one.question, "answer": one.answer}
    return said | {"dateAnswered": clock.text(one.at), "relatedLot": lot.number}


def _bid(lot: PublicLot, bid: PublicBid) -> Json:
    said: Json = {"id": f"{lot.number}-{bid.org.org}", "tenderers": [_named(bid.org)], "relatedLots": [lot.number]}
    return said if bid.price is None else said | {"value": _value(bid.price)}


def _award_id(lot: PublicLot, org: OrgId) -> str:
    return f"{lot.number}-{org}"


def _award(lot: PublicLot, candidate: PublicBid) -> Json:
    decided = lot.award_notice_at is not None
    won = "active" if candidate.org.org == lot.winner else "unsuccessful"
    said: Json = {"id": _award_id(lot, candidate.org.org), "status": won if decided else "pending", "relatedLots": [lot.number]}
    said |= {"suppliers": [_named(candidate.org)], **({"value": _value(candidate.price)} if candidate.price else {})}
    if decided and lot.award_report and candidate.org.org == lot.winner:
        said["description"] = f"定标报告 SHA-256：{lot.award_report}"
    if candidate.rank:
        said["title"] = f"中标候选人（第 {candidate.rank} 名）"
    return said | ({"date": clock.text(lot.award_notice_at)} if lot.award_notice_at else {})


def _contract(lot: PublicLot) -> Json:
    assert lot.winner is not None and lot.price is not None and lot.contract_at is not None  # a signed contract has them
    signed: Json = {"id": f"{lot.number}-C", "awardID": _award_id(lot, lot.winner), "status": "active"}
    return signed | {"title": lot.title, "value": _value(lot.price), "dateSigned": clock.text(lot.contract_at)}


def compiled(ocid: str, releases: Sequence[Mapping[str, Any]]) -> Json:
    """The releases of one case as their last state, the oldest first (OCDS 1.1, merging): objects by member, lists of objects by `id`,
    everything else by its last value."""
    merged: Json = {}
    for one in releases:
        _merge(merged, {name: value for name, value in one.items() if name not in ("ocid", "id", "date", "tag")})
    date = releases[-1]["date"]
    return {"ocid": ocid, "id": f"{ocid}-{date}", "date": date, "tag": ["compiled"], **merged}


def _merge(into: Json, said: Mapping[str, Any]) -> None:
    for name, value in said.items():
        if isinstance(value, dict):
            _merge(into.setdefault(name, {}), value)
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            _merge_by_id(into.setdefault(name, []), value)
        else:
            into[name] = value


def _merge_by_id(into: list[Json], said: Iterable[Mapping[str, Any]]) -> None:
    known = {one["id"]: one for one in into}
    for one in said:
        if one["id"] not in known:
            known[one["id"]] = {}
            into.append(known[one["id"]])
        _merge(known[one["id"]], one)
