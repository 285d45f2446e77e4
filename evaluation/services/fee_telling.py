"""Who is told what of fees: members of theirs, the host of an objection, payer and finance of what is late."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from core.identity.domain.message import Discretion, Notice, Telling, Topic
from core.identity.queries import people
from core.identity.services import messages
from core.kernel.ids import OrgId, PersonId, new_id
from core.kernel.roles import Role
from core.kernel.work import Work
from evaluation.models.fees import Fee
from trading.queries.lots import LotView

MINE = "/me/fees"


def calculated(work: Work, lot: LotView, fees: Sequence[Fee]) -> None:
    """Members: look, and object if it is wrong. Inside the platform alone, for until the result nobody outside may learn who they are."""
    _tell(work, _notice(lot, "fee.calculated", MINE), [PersonId(fee.person_id) for fee in fees], Discretion.INSIDE)
    payers = [people.people_of(work.session, {OrgId(fee.payer_org)}, role) for fee in fees[:1] for role in (Role.TENDERER, Role.AGENCY)]
    _tell(work, _notice(lot, "fee.to_confirm", _lot(lot)), [one for some in payers for one in some], Discretion.OPEN)


def objected(work: Work, lot: LotView) -> None:
    """The centre: a member has objected."""
    _tell(work, _notice(lot, "fee.objected", _lot(lot)), [one.id for one in people.holders(work.session, Role.CENTRE)], Discretion.OPEN)


def corrected(work: Work, lot: LotView, fee: Fee) -> None:
    """The member: the host has answered."""
    _tell(work, _notice(lot, "fee.corrected", MINE), [PersonId(fee.person_id)], Discretion.INSIDE)


def paid(work: Work, lot: LotView, fee: Fee) -> None:
    """The member, on the telephone too: the bank has paid."""
    _tell(work, _notice(lot, "fee.paid", MINE), [PersonId(fee.person_id)], Discretion.UNCOUNTED)


def returned(work: Work, lot: LotView, fee: Fee) -> None:
    """The member, on the telephone too: the payment came back."""
    _tell(work, _notice(lot, "fee.returned", MINE), [PersonId(fee.person_id)], Discretion.UNCOUNTED)


def overdue(work: Work, lot: LotView, payer: OrgId) -> None:
    """Payer and finance: the term has passed and somebody is not paid."""
    payers = [*people.people_of(work.session, {payer}, Role.TENDERER), *people.people_of(work.session, {payer}, Role.AGENCY)]
    _tell(work, _notice(lot, "fee.overdue", _lot(lot)), payers, Discretion.OPEN)
    finance = [one.id for one in people.holders(work.session, Role.FINANCE)]
    _tell(work, _notice(lot, "fee.overdue", "/finance/fees"), finance, Discretion.OPEN)


def _lot(lot: LotView) -> str:
    return f"/lots/{lot.number}/fees"


def _notice(lot: LotView, words: str, link: str) -> Notice:
    return Notice(words, Topic.TASK, lot.number, f"{lot.project_title} {lot.title}", link)


def _tell(work: Work, notice: Notice, to: Iterable[PersonId], discretion: Discretion) -> None:
    messages.tell(work, new_id(work.now()), [(Telling(notice, discretion), list(to))])
