"""What guarantors answer, taken in: news of an application, a closed guarantee, the key that opens it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from core.kernel.encoding import b64
from core.kernel.ids import GuaranteeId
from core.kernel.work import Work
from deposits.domain.guarantee import MOVES, SYSTEM, GuaranteeAction, Task, Wanted, may
from deposits.domain.guarantee_file import Finding
from deposits.domain.guarantee_messages import Answer, Contents, Issued
from deposits.events_guarantees import (
    About,
    GuaranteeApproved,
    GuaranteeExtended,
    GuaranteeIssued,
    GuaranteeRejected,
    GuaranteeUnsealed,
    GuaranteeVerified,
    about,
)
from deposits.models.guarantees import Guarantee, GuaranteeFile
from deposits.services.guarantees import hold


@dataclass(frozen=True, slots=True)
class Told:
    """A row with what each of its events tells."""

    row: Guarantee
    about: About


def _held(work: Work, guarantee: GuaranteeId) -> Told:
    number, row = hold(work, guarantee)
    row.asked_at = work.now()
    return Told(row, about(number, row.id, row.org_id))


def postpone(work: Work, guarantee: GuaranteeId) -> None:
    """The guarantor did not answer: it is asked again later, the same way."""
    _held(work, guarantee)


def take_in(work: Work, guarantee: GuaranteeId, task: Task, answer: Answer) -> None:
    """Takes in what a guarantor says to a task; what comes late, twice or of something else changes nothing."""
    told = _held(work, guarantee)
    if task is Task.END:
        told.row.told = True
        return
    take = _TAKE.get(answer.state)
    if take is not None:
        take(work, told, answer)


def _move(told: Told, action: GuaranteeAction) -> bool:
    if not may(action, told.row.state):
        return False
    told.row.state, told.row.changed_at = MOVES.choose(action, told.row.state, SYSTEM, None), told.row.asked_at or told.row.changed_at
    return True


def _submitted(work: Work, told: Told, answer: Answer) -> None:
    _move(told, GuaranteeAction.SUBMIT)


def _offered(work: Work, told: Told, answer: Answer) -> None:
    if answer.premium is not None and _move(told, GuaranteeAction.APPROVE):
        told.row.premium = answer.premium
        work.record(GuaranteeApproved(**told.about, premium_fen=answer.premium))


def _rejected(work: Work, told: Told, answer: Answer) -> None:
    if _move(told, GuaranteeAction.REJECT):
        told.row.cause = answer.cause
        work.record(GuaranteeRejected(**told.about, cause=answer.cause))


def _issued(work: Work, told: Told, answer: Answer) -> None:
    row, issued = told.row, answer.issued
    if issued is None or issued.ver <= row.ver:
        return
    action, kind = (GuaranteeAction.EXTEND, GuaranteeExtended) if row.ver else (GuaranteeAction.ISSUE, GuaranteeIssued)
    if not _move(told, action):
        return
    _keep(row, issued)
    work.session.flush()
    work.record(
        kind(
            **told.about,
            ver=issued.ver,
            recipient=issued.recipient,
            ct_sha256=issued.ct_sha256,
            file_sha256=issued.file_sha256,
            valid_to=issued.valid_to,
        )
    )


def _keep(row: Guarantee, issued: Issued) -> None:
    row.ver, row.guarantee_no, row.recipient = issued.ver, issued.guarantee_no, issued.recipient
    row.ciphertext, row.file_sha256, row.valid_to = issued.ciphertext, issued.file_sha256, issued.valid_to
    row.issued_at = row.asked_at


_TAKE: dict[str, Callable[[Work, Told, Answer], None]] = {
    "underwriting": _submitted,
    "offered": _offered,
    "rejected": _rejected,
    "issued": _issued,
}


@dataclass(frozen=True, slots=True)
class Opened:
    """A guarantee opened outside the door: by whose key, what was in it, what it should say, and what was found."""

    identity: str
    by: str
    ver: int
    contents: Contents
    wanted: Wanted
    finding: Finding


def open_up(work: Work, guarantee: GuaranteeId, opened: Opened) -> None:
    """Keeps an opened guarantee with what was found in it; one that is open already, or another version, changes nothing."""
    told = _held(work, guarantee)
    row = told.row
    if row.ver != opened.ver or not _move(told, GuaranteeAction.UNSEAL):
        return
    row.identity = opened.identity
    work.record(GuaranteeUnsealed(**told.about, identity=opened.identity, by=opened.by))
    _move(told, GuaranteeAction.FAULT if opened.finding.faults else GuaranteeAction.VERIFY)
    row.faults = list(opened.finding.faults)
    if opened.finding.terms is not None:
        row.guarantee_no = opened.finding.terms.guarantee_no[:40]
    inside = opened.contents
    work.session.add(
        GuaranteeFile(guarantee_id=row.id, sha256=row.file_sha256, pdf=inside.pdf, terms=inside.terms, signature=inside.signature)
    )
    work.session.flush()
    work.record(
        GuaranteeVerified(
            **told.about,
            wanted=opened.wanted,
            file_sha256=row.file_sha256,
            terms=b64(inside.terms),
            signature=b64(inside.signature),
            faults=opened.finding.faults,
        )
    )
