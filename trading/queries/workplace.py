"""What the page of a step needs beside the lot: the draft that waits for a signature."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from core.identity.queries import people
from core.identity.queries.people import PersonView
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.calendar import legal_day
from core.kernel.errors import NotFound
from core.kernel.ids import OrgId
from core.kernel.roles import Role
from trading.domain.draft import DraftKind
from trading.domain.invitation import public_body
from trading.domain.publicity import last_day
from trading.domain.statutory import Term
from trading.queries import awards, documents
from trading.queries.consortia import behind
from trading.queries.documents import DraftView, FileView
from trading.queries.lot_page import LotPage, lot_page
from trading.queries.lots import LotView
from trading.queries.terms import planned

_PARTIES = frozenset({Role.TENDERER, Role.AGENCY, Role.CENTRE, Role.SUPERVISOR, Role.BIDDER})


@dataclass(frozen=True, slots=True)
class Signer:
    """A member of a consortium that won, and whether it has signed the contract."""

    org: OrgId
    name: str
    has_signed: bool
    is_reader: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Workplace:
    """The page of a step: the lot, and the draft, if one is saved. `first`, `until`: a publicity that begins today; `is_late`: the step
    comes after its legal day, so that its statement must say why."""

    page: LotPage
    draft: DraftView | None
    first: str = ""
    until: str = ""
    is_late: bool = False
    release_at: datetime | None = None  # of the drafted notice
    deadline: datetime | None = None
    is_loser: bool = False  # the reader took part and has not won
    terms: tuple[Term, ...] = ()  # of the drafted notice
    approvers: tuple[PersonView, ...] = ()  # the tenderer's people, who may approve a deviation where the law does not bind
    signers: tuple[Signer, ...] = ()  # the members of a consortium that won, who make the contract together; the lead first
    awaits_approver: str = ""  # the name of who alone may sign the drafted notice, "" where anybody of the tenderer's may


def workplace(session: Session, number: str, actor: Actor, now: datetime, kind: DraftKind | None) -> Workplace:
    """The page of a step for a party of the lot; raises NotFound for everybody else."""
    page = lot_page(session, number, actor, now)
    if not page.roles & _PARTIES:
        raise NotFound("lot.not_found")
    lot, today = page.lot, legal_day(now)
    begins = lot.publishes_from
    late_report = begins is not None and lot.publicity_from is None and lot.law.is_late("T10", begins, now)
    late_contract = lot.award_notice_at is not None and lot.contract_at is None and lot.law.is_late("T13", lot.award_notice_at, now)
    draft = None if kind is None else documents.draft(session, lot.id, kind)
    if draft is not None and not page.roles & {Role.TENDERER, Role.AGENCY}:
        draft = replace(draft, body=public_body(draft.body))  # whom a drafted notice invites is theirs to know
    said = draft.body if draft is not None and kind is DraftKind.NOTICE else {}
    release_at, deadline = (clock.moment(said[name]) if said else None for name in ("release_at", "deadline"))
    awaited = next((one for one in said.get("deviations", ()) if one["approver"] != str(actor.person)), None)
    free = kind is DraftKind.NOTICE and not lot.law.mandatory and not lot.notice_at
    return Workplace(
        page=page,
        draft=draft,
        first=today.isoformat(),
        until=last_day(lot.law, lot.publicity_days, today).isoformat(),
        is_late=late_report or late_contract,
        release_at=release_at,
        deadline=deadline,
        terms=planned(lot, now, release_at, deadline) if release_at is not None and deadline is not None else (),
        approvers=people.holders(session, Role.TENDERER, lot.parties.tenderer) if free else (),
        awaits_approver="" if awaited is None else awaited["approver_name"],
        signers=_signers(session, lot, actor) if kind is DraftKind.CONTRACT else (),
    )


def _signers(session: Session, lot: LotView, actor: Actor) -> tuple[Signer, ...]:
    if len(lot.winners) < 2:
        return ()
    names = {org: people.organisation(session, org).name for org in lot.winners}
    return tuple(Signer(org, name, org in lot.contract_signers, org == actor.org) for org, name in names.items())


def award_letter(session: Session, number: str, actor: Actor, now: datetime) -> Workplace:
    """The award notice for the parties and the winner; once it is sent, those who lost find their result here. Else NotFound."""
    lot = lot_page(session, number, actor, now).lot
    if lot.award_notice_at is not None and Role.BIDDER in actor.roles and actor.org in awards.took_part(session, lot.id):
        won = () if lot.winner_org is None else behind(session, lot.id, [lot.winner_org])
        return Workplace(page=lot_page(session, number, actor, now), draft=None, is_loser=actor.org not in won)
    return workplace(session, number, actor, now, None)


def contract_file(session: Session, number: str, actor: Actor, now: datetime) -> FileView:
    """The text of the contract: the signed one, before that the draft, which the tenderer alone may have. Raises NotFound."""
    place = workplace(session, number, actor, now, DraftKind.CONTRACT)
    lot, names = place.page.lot, f"{number}.pdf"
    if lot.contract_sha256 and place.page.roles & (_PARTIES - {Role.AGENCY}):
        return FileView(names, lot.contract_sha256, 0)
    if place.draft is not None and Role.TENDERER in place.page.roles:
        return FileView(names, place.draft.body["file"]["sha256"], 0)
    raise NotFound("document_file.not_found")
