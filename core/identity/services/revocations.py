"""The end of a certified key, whoever ends it: the row, the entry in the platform's chain, and word to its owner."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import uuid4

from core.identity.domain.certificate import Life
from core.identity.domain.message import Discretion, Notice, Telling, Topic
from core.identity.events import PLATFORM, CertificateRevoked
from core.identity.models.certificates import Certificate
from core.identity.services import messages
from core.kernel.ids import PersonId
from core.kernel.work import Work


def end_key(work: Work, row: Certificate, reason: str, at: datetime) -> None:
    """From `at`, which is now, this key signs nothing; the caller holds the row and has decided that it may end."""
    row.life, row.revoked_at, row.reason = Life.REVOKED, at, reason
    tell_owner(work, PersonId(row.person_id), "account.key_ended", row.label)
    work.record(CertificateRevoked(case=PLATFORM, subject=row.key_id, key_id=row.key_id, serial=row.serial, revoked_at=at, reason=reason))


def tell_owner(work: Work, person: PersonId, words: str, label: str) -> None:
    """A message about one of somebody's keys."""
    tell(work, [person], words, label, "/me/devices")


def tell(work: Work, people: Sequence[PersonId], words: str, label: str, link: str) -> None:
    """A message about something of identity's own, which is no secret."""
    messages.tell(work, uuid4(), [(Telling(Notice(words, Topic.ACCOUNT, "", label, link), Discretion.OPEN), list(people))])
