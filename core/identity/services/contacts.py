"""People say where they can be reached, and show by a code that the address is theirs."""

from __future__ import annotations

from core.identity.domain.contact import Answer, Asked, judge, may_ask_again
from core.identity.domain.message import Medium
from core.identity.models.messages import Contact
from core.identity.services.acts import acting_person
from core.kernel.db import insert_new, lock
from core.kernel.errors import NotFound
from core.kernel.work import Work


def ask(work: Work, medium: Medium, address: str, digest: bytes) -> None:
    """One wants to be reached at this address, where a code of that digest goes now; an address confirmed before stays good until then.

    Raises RuleBroken when the last code left less than a minute ago.
    """
    person = acting_person(work)
    blank = {"address": "", "asked": "", "code_sha256": None, "code_at": None, "tries": 0, "confirmed_at": None}
    insert_new(work.session.connection(), Contact, [{"person_id": person, "medium": medium, **blank}])
    row = _own(work, medium)
    now = work.now()
    may_ask_again(_asked(row), now)
    row.asked, row.code_sha256, row.code_at, row.tries = address, digest, now, 0


def confirm(work: Work, medium: Medium, digest: bytes) -> Answer:
    """Takes the code that was typed. A wrong one is counted, so nothing is raised for it."""
    row = _own(work, medium)
    answer = judge(_asked(row), digest, work.now())
    row.tries += 1
    if answer is Answer.CONFIRMED:
        row.address, row.confirmed_at = row.asked, work.now()
        row.asked, row.code_sha256, row.code_at = "", None, None
    return answer


def forget(work: Work, medium: Medium) -> None:
    """One is no longer reached by this way."""
    work.session.delete(_own(work, medium))


def _own(work: Work, medium: Medium) -> Contact:
    try:
        return lock(work.session, Contact, Contact.person_id == acting_person(work), Contact.medium == medium)
    except NotFound:
        raise NotFound("contact.not_found") from None


def _asked(row: Contact) -> Asked | None:
    return None if row.code_sha256 is None or row.code_at is None else Asked(row.code_at, row.code_sha256, row.tries)
