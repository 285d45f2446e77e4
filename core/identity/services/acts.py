"""Signed acts: each is accepted once, and sent again it gets the same answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import cast

from sqlalchemy import delete, update

from core.identity.domain.act import Expect, Facts, accept, role_of
from core.identity.domain.certificate import OFFICER, STEP_UP, Standby, refuse_key
from core.identity.models.acts import ActHead, SignedAct
from core.identity.models.certificates import Certificate, Credential
from core.identity.queries import checkpoints
from core.kernel.db import insert_new, lock
from core.kernel.dsse import Envelope, Kind
from core.kernel.encoding import sha256
from core.kernel.errors import BadSignature, NotAllowed, NotFound
from core.kernel.ids import CaseId, KeyId, OrgId, PersonId
from core.kernel.jcs import JSON
from core.kernel.practice import is_practice
from core.kernel.roles import Role
from core.kernel.signing import KeyRecord, Statement, open_statement, read_statement, verify
from core.kernel.webauthn import RelyingParty
from core.kernel.work import Work

__all__ = ["Act", "Expect", "SignedRequest", "acting_person", "answer_once", "countersign", "countersign_once", "forget_practice", "once"]


@dataclass(frozen=True, slots=True)
class SignedRequest:
    """What came in: an envelope, unverified, and whether the password that came with it was this person's own.

    `password_ok` is only ever true in demonstration mode, where a password may stand in for an authenticator.
    """

    envelope: Envelope
    password_ok: bool = False


@dataclass(frozen=True, slots=True)
class Act:
    """What was accepted; `body` is the signed body, whose own schema the calling service checks."""

    statement: Statement
    envelope: Envelope
    person: PersonId
    org: OrgId | None
    role: Role
    key_id: KeyId
    purpose: str

    @property
    def body(self) -> Mapping[str, JSON]:
        """The signed body."""
        return self.statement.body

    @property
    def payload_sha256(self) -> str:
        """The hex digest by which other statements name this one."""
        return sha256(self.statement.payload).hex()

    @property
    def office(self) -> str:
        """Whose share key signed, for an officer's act: "tenderer", "centre" or "supervisor"; "" for everybody else's."""
        return self.purpose.removeprefix(OFFICER) if self.purpose.startswith(OFFICER) else ""


def once(work: Work, request: SignedRequest, expect: Expect, do: Callable[[Act], dict[str, JSON]]) -> dict[str, JSON]:
    """Accepts a signed act as `expect` says, does it, and keeps its answer; the same payload again gets that answer and nothing is done.

    `do` must record the event that carries the envelope, since the person's next act in the case names this one as `prev`.

    Raises BadSignature for a payload that is not what it should be (the same nonce on another payload included), NotAllowed for the
    wrong role or too weak a signature, Stale with the right `prev`, and whatever `do` raises; then nothing has happened.
    """
    return answer_once(work, request.envelope, expect.case, lambda: do(_accept(work, request, expect)))


def answer_once(work: Work, envelope: Envelope, case: CaseId, do: Callable[[], dict[str, JSON]]) -> dict[str, JSON]:
    """The answer of `do`, kept under the person's nonce; `do` verifies the envelope itself, and all is undone when it refuses."""
    person = acting_person(work)
    said, digest = read_statement(envelope.payload), sha256(envelope.payload).hex()
    claim = {"person_id": person, "nonce": said.nonce, "case_id": case, "payload_sha256": digest, "answer": {}}
    # Of two racing copies of one act the second waits here for the first to commit, and then finds the nonce taken.
    if not insert_new(work.session.connection(), SignedAct, [claim | {"accepted_at": work.now()}]):
        return _answer_again(work, person, said.nonce, digest)
    answer = do()
    claimed = (SignedAct.person_id == person) & (SignedAct.nonce == said.nonce)
    work.session.execute(update(SignedAct).where(claimed).values(answer=answer))
    return answer


def countersign(work: Work, request: SignedRequest, first: Envelope, expect: Expect) -> Envelope:
    """The envelope of `first` with a second person's signature added over the very same bytes, as at the close of a case.

    `expect.role` is the second person's role, which the payload does not name. Raises BadSignature when the bytes differ, when the
    same key or person signs twice or the signature is no stronger than the payload says, NotAllowed for the wrong role.
    """
    person = acting_person(work)
    said = read_statement(first.payload)
    same = (request.envelope.payload_type, request.envelope.payload) == (first.payload_type, first.payload)
    if not same or (said.type, said.case, said.lot, said.round) != (expect.type, expect.case, expect.lot, expect.round):
        raise BadSignature("act.other_statement", type=expect.type, case=expect.case, lot=expect.lot)
    if expect.role is None or expect.role not in work.actor.roles:
        raise NotAllowed("act.role")
    key = _live_key(work, request.envelope, person, expect.role)
    signers = [work.session.get(Certificate, line.keyid) for line in first.signatures]
    if any(signer is None or signer.person_id == person for signer in signers):
        raise BadSignature("act.signed_already")
    verify(request.envelope, key.record, key.rp)
    _match_strength(said, key, request.password_ok)
    return Envelope(first.payload_type, first.payload, first.signatures + request.envelope.signatures)


def countersign_once(work: Work, request: SignedRequest, case: CaseId, do: Callable[[], dict[str, JSON]]) -> dict[str, JSON]:
    """As `once` for a second person's signature: `do` countersigns, and the same person who sends the same bytes again gets its answer.

    Raises BadSignature "act.signed_already" for who signed them first, whose own act they are, and whatever `do` raises.
    """
    first = work.session.get(Certificate, read_statement(request.envelope.payload).actor.key_id)
    if first is not None and first.person_id == acting_person(work):
        raise BadSignature("act.signed_already")
    return answer_once(work, request.envelope, case, do)


def _match_strength(said: Statement, key: _Key, password_ok: bool) -> None:
    """What the payload says of its strength must be true of the second signature too."""
    if (said.step_up == "webauthn") != (key.record.kind == "webauthn-es256"):
        raise BadSignature("statement.step_up_differs")
    if said.step_up == "password+device" and not password_ok:
        raise BadSignature("act.password_needed")


def forget_practice(work: Work, person: PersonId, case: CaseId) -> None:
    """Forgets all that somebody has signed in a practice; raises ValueError for a real case, whose acts stay for ever."""
    if not is_practice(case):
        raise ValueError(case)
    for model in (SignedAct, ActHead):
        work.session.execute(delete(model).where(model.person_id == person, model.case_id == case))


@dataclass(frozen=True, slots=True)
class _Key:
    """A key that may sign now; `rp` is the one site that an authenticator answers."""

    record: KeyRecord
    purpose: str
    rp: RelyingParty | None


def acting_person(work: Work) -> PersonId:
    """Who acts; raises NotAllowed for nobody."""
    if work.actor.person is None:
        raise NotAllowed("act.person")
    return work.actor.person


def _accept(work: Work, request: SignedRequest, expect: Expect) -> Act:
    person = acting_person(work)
    key = _live_key(work, request.envelope, person, role_of(read_statement(request.envelope.payload)))
    said = open_statement(request.envelope, key.record, key.rp)
    head = _lock_head(work, person, expect.case)
    known = checkpoints.is_known(work.session, said.ckpt)
    accept(Facts(said, expect, person, work.actor.roles, work.now(), head.payload_sha256, known, request.password_ok))
    head.payload_sha256 = sha256(said.payload).hex()
    work.session.flush()
    return Act(said, request.envelope, person, work.actor.org, role_of(said), KeyId(key.record.key_id), key.purpose)


def _live_key(work: Work, envelope: Envelope, person: PersonId, role: Role) -> _Key:
    """The key of the one signature; its row is held, so that a revocation comes before or after the act, never between."""
    if len(envelope.signatures) != 1:
        raise BadSignature("act.one_signature")
    try:
        row = lock(work.session, Certificate, Certificate.key_id == envelope.signatures[0].keyid, shared=True)
    except NotFound:
        raise BadSignature("act.key_unknown") from None
    if row.person_id != person:
        raise BadSignature("act.other_person")
    standby = Standby(row.purpose, row.not_before, row.not_after, row.revoked_at)
    if (refusal := refuse_key(standby, role, work.now())) is not None:
        raise refusal
    site = work.session.get(Credential, row.key_id) if row.purpose == STEP_UP else None
    rp = None if site is None else RelyingParty(site.rp_id, site.origin)
    return _Key(KeyRecord(row.key_id, cast(Kind, row.kind), row.spki, row.suite), row.purpose, rp)


def _lock_head(work: Work, person: PersonId, case: CaseId) -> ActHead:
    """The row on which one person's acts in one case queue, made the first time."""
    insert_new(work.session.connection(), ActHead, [{"person_id": person, "case_id": case, "payload_sha256": ""}])
    return lock(work.session, ActHead, ActHead.person_id == person, ActHead.case_id == case)


def _answer_again(work: Work, person: PersonId, nonce: str, digest: str) -> dict[str, JSON]:
    earlier = lock(work.session, SignedAct, SignedAct.person_id == person, SignedAct.nonce == nonce, shared=True)
    if earlier.payload_sha256 != digest:
        raise BadSignature("act.nonce_used")
    return dict(earlier.answer)
