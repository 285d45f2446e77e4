"""Dormant deposits in lists: finance's with ageing and filters, the public one, a firm's own; and one with all that was done for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from core.kernel.errors import NotFound
from core.kernel.ids import OrgId
from core.kernel.money import Money
from deposits.domain.account import normal_name
from deposits.domain.dormant import Age, ClaimState, DormantState, Payer, Reason, age, begins, shown_name
from deposits.models.dormant import DormantClaim, DormantClaimFile, DormantContact, DormantDeposit, OldLedger

PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What a list looks for."""

    words: str = ""
    age: Age | None = None
    state: DormantState | None = None
    reason: Reason | None = None
    ledger: str = ""
    payer: str = ""  # as names are compared


@dataclass(frozen=True, slots=True)
class Line:
    """A deposit in a list. `account` and `note` are for finance alone; `payer` is as the reader may see it."""

    number: str
    ledger: str
    payer: str
    uscc: str
    project: str
    project_number: str
    amount: Money
    received_on: date
    due_on: date
    age: Age
    state: DormantState
    reason: Reason
    published_on: date | None
    contacts: int
    old_ref: str
    account: str
    note: str


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a list, `after` where the next one begins, "" on the last; with the totals of all that was found."""

    lines: tuple[Line, ...]
    after: str
    count: int
    total: Money


@dataclass(frozen=True, slots=True)
class ContactView:
    """An attempt to find a payer."""

    on: str
    channel: str
    result: str
    note: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class FileView:
    """A file of a claim."""

    material: str
    name: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class ClaimView:
    """A claim as its newest statement has it."""

    id: str
    state: ClaimState
    org: OrgId | None
    statement_sha256: str
    claimant: str
    uscc: str
    payee_name: str
    payee_account: str
    payee_bank: str
    contact: str
    text: str
    answer: str
    submitted_at: datetime
    files: tuple[FileView, ...] = field(default=())


def page(session: Session, wanted: Filter, today: date, after: str = "", *, public: bool = False) -> Page:
    """Fifty deposits by their numbers. `public`: those in the public list alone, as it may show them."""
    where = _where(wanted, today, public)
    query = _query().where(*where)
    rows = session.execute(query.where(DormantDeposit.number > after).order_by(DormantDeposit.number).limit(PAGE + 1)).all()
    lines = [_line(row, ledger, today, public) for row, ledger in rows[:PAGE]]
    sums = select(func.count(), func.coalesce(func.sum(DormantDeposit.amount), 0)).select_from(DormantDeposit)
    count, total = session.execute(sums.join(OldLedger, OldLedger.id == DormantDeposit.ledger_id).where(*where)).one()
    return Page(tuple(lines), lines[-1].number if len(rows) > PAGE else "", count, total if isinstance(total, Money) else Money(int(total)))


def lines(session: Session, wanted: Filter, today: date, most: int, *, public: bool = False) -> tuple[Line, ...]:
    """At most so many, for a table to take away."""
    rows = session.execute(_query().where(*_where(wanted, today, public)).order_by(DormantDeposit.number).limit(most)).all()
    return tuple(_line(row, ledger, today, public) for row, ledger in rows)


def _query() -> Any:
    return select(DormantDeposit, OldLedger.number).join(OldLedger, OldLedger.id == DormantDeposit.ledger_id)


def _where(wanted: Filter, today: date, public: bool) -> list[ColumnElement[bool]]:
    where: list[ColumnElement[bool]] = [DormantDeposit.published_on.is_not(None)] if public else []
    where += [DormantDeposit.search_text.icontains(word, autoescape=True) for word in wanted.words.split()]
    if wanted.age is not None:
        older = {Age.DUE: Age.MONTH, Age.MONTH: Age.YEAR, Age.YEAR: Age.THREE_YEARS}.get(wanted.age)
        where.append(DormantDeposit.due_on < begins(wanted.age, today))
        if older is not None:
            where.append(DormantDeposit.due_on >= begins(older, today))
    for column, value in ((DormantDeposit.state, wanted.state), (DormantDeposit.reason, wanted.reason)):
        if value is not None:
            where.append(column == value)
    if wanted.ledger:
        where.append(OldLedger.number == wanted.ledger)
    if wanted.payer:
        where.append(DormantDeposit.payer_key == wanted.payer)
    return where


def _line(row: DormantDeposit, ledger: str, today: date, public: bool) -> Line:
    return Line(
        number=row.number,
        ledger=ledger,
        payer=shown_name(row.payer, row.payer_kind) if public else row.payer,
        uscc="" if public else row.uscc,
        project=row.project,
        project_number=row.project_number,
        amount=row.amount,
        received_on=row.received_on,
        due_on=row.due_on,
        age=age(row.due_on, today),
        state=row.state,
        reason=row.reason,
        published_on=row.published_on,
        contacts=row.contacts,
        old_ref="" if public else row.old_ref,
        account="" if public else row.account,
        note="" if public else row.note,
    )


def one(session: Session, number: str, today: date, *, public: bool = False) -> Line:
    """One deposit; raises NotFound "dormant.not_found", for the public also for one that is not in its list."""
    found = session.execute(_query().where(DormantDeposit.number == number)).one_or_none()
    if found is None or (public and found[0].published_on is None):
        raise NotFound("dormant.not_found")
    return _line(found[0], found[1], today, public)


def may_be_of(line: Line, firm: str) -> bool:
    """Whether a deposit was paid under this firm's name."""
    return normal_name(line.payer) == normal_name(firm)


def of_firm(session: Session, firm: str, uscc: str, today: date) -> tuple[Line, ...]:
    """What the public list has under a firm's name or code."""
    own = or_(DormantDeposit.payer_key == normal_name(firm), (DormantDeposit.uscc == uscc) & (DormantDeposit.uscc != ""))
    query = _query().where(own, DormantDeposit.published_on.is_not(None), DormantDeposit.payer_kind == Payer.FIRM)
    return tuple(_line(row, ledger, today, True) for row, ledger in session.execute(query.order_by(DormantDeposit.number)))


def contacts(session: Session, number: str) -> tuple[ContactView, ...]:
    """How the payer of one was looked for."""
    query = select(DormantContact).join(DormantDeposit, DormantDeposit.id == DormantContact.dormant_id)
    rows = session.scalars(query.where(DormantDeposit.number == number).order_by(DormantContact.no))
    found = []
    for row in rows:
        said = cast("dict[str, Any]", row.body)
        found.append(ContactView(said["on"], said["channel"], said["result"], said["note"], row.by, row.at))
    return tuple(found)


def claims(session: Session, number: str, org: OrgId | None = None) -> tuple[ClaimView, ...]:
    """The claims of one, the newest first; of one firm where `org` is given."""
    query = select(DormantClaim).join(DormantDeposit, DormantDeposit.id == DormantClaim.dormant_id).where(DormantDeposit.number == number)
    if org is not None:
        query = query.where(DormantClaim.org_id == org)
    return tuple(_claim(session, row) for row in session.scalars(query.order_by(DormantClaim.submitted_at.desc())))


def _claim(session: Session, row: DormantClaim) -> ClaimView:
    said = cast("dict[str, Any]", row.body)
    files = session.scalars(select(DormantClaimFile).where(DormantClaimFile.claim_id == row.id).order_by(DormantClaimFile.id))
    return ClaimView(
        id=str(row.id),
        state=row.state,
        org=None if row.org_id is None else OrgId(row.org_id),
        statement_sha256=row.statement_sha256,
        answer=row.answer,
        submitted_at=row.submitted_at,
        files=tuple(FileView(one.material, one.name, one.sha256, one.size) for one in files),
        **{name: str(said[name]) for name in ("claimant", "uscc", "payee_name", "payee_account", "payee_bank", "contact", "text")},
    )


def claim_file(session: Session, number: str, sha256: str, org: OrgId | None) -> FileView:
    """A file of a claim, for finance (`org` None) or the firm that filed it; raises NotFound."""
    for claim in claims(session, number, org):
        for file in claim.files:
            if file.sha256 == sha256:
                return file
    raise NotFound("dormant.not_found")


def open_claims(session: Session) -> Sequence[tuple[str, ClaimView]]:
    """Claims that wait for finance, the oldest first, each with its deposit's number."""
    query = select(DormantClaim, DormantDeposit.number).join(DormantDeposit, DormantDeposit.id == DormantClaim.dormant_id)
    rows = session.execute(query.where(DormantClaim.state == ClaimState.SUBMITTED).order_by(DormantClaim.submitted_at)).all()
    return [(number, _claim(session, row)) for row, number in rows]
