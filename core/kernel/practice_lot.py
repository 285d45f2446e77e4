"""The lot file of a practice: an authority, a log and office keys made for it alone, whose secrets nobody keeps."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime

from cryptography import x509

from core.kernel import age, certificates, chain, checkpoint, jcs, merkle
from core.kernel.certificates import Authority, Holder
from core.kernel.checkpoint import LOG, Checkpoint, TlogProof
from core.kernel.events import PLATFORM
from core.kernel.evidence import EventProof, Placement
from core.kernel.ids import CaseId
from core.kernel.jcs import JSON
from core.kernel.lotfile import Escrow, LotEnvelope, LotFile, OfficeKey
from core.kernel.practice import LIFETIME, LOT, PREFIX, WORD
from core.kernel.sealing import ROLES
from core.kernel.signing import NOTHING_SEEN, Ed25519Signer, SoftwareP256Signer

TITLE = f"{WORD}标段（模拟投标，没有法律效力）"
ORIGIN = "practice.invalid"
DAYS = 2


def new_case() -> CaseId:
    """A fresh practice's case; drawn, since a running number would count those who practise."""
    return CaseId(f"{PREFIX}{secrets.token_hex(6).upper()}")


def make(case: CaseId, envelopes: tuple[LotEnvelope, ...], at: datetime) -> LotFile:
    """The lot file of a practice begun at `at`, checked by a sealer like a real one.

    Nobody can rescue what is sealed to these offices, and no real trust policy accepts them.
    """
    root = certificates.make_root(f"{WORD} Practice Root", at, DAYS)
    issuing = certificates.make_issuing(root, f"{WORD} Practice Issuing", at, DAYS)
    platform = Ed25519Signer.generate()
    keys = {office: _officer(issuing, office, at) for office in ROLES}
    log = Ed25519Signer.generate()
    proofs = _logged(log, [_issued(platform, certificate, at) for _, certificate in keys.values()])
    return LotFile(
        case=case,
        lot=LOT,
        title=TITLE,
        regime="practice",
        deadline=at + LIFETIME,
        envelopes=envelopes,
        escrow=Escrow.REQUIRED,
        offices={office: (_office_key(*keys[office], proof),) for office, proof in zip(keys, proofs, strict=True)},
        authorities=(issuing.certificate, root.certificate),
        platform=certificates.issue(issuing, Holder("platform", "practice"), platform.key, at, DAYS),
        log=checkpoint.vkey(ORIGIN, LOG, log.private),
        witnesses=(),
        checkpoint=str(proofs[0].proof.note),
    )


def _officer(issuing: Authority, office: str, at: datetime) -> tuple[str, x509.Certificate]:
    """An office's `age1…` recipient and its certificate; neither secret outlives this call."""
    recipient = age.new_identity().recipient
    holder = Holder("officer", f"practice-{office}", office, recipient)
    return recipient, certificates.issue(issuing, holder, SoftwareP256Signer.generate().key, at, DAYS)


def _office_key(recipient: str, certificate: x509.Certificate, proof: EventProof) -> OfficeKey:
    return OfficeKey(recipient, certificates.key_record(certificate).key_id, certificate, proof)


def _issued(platform: Ed25519Signer, certificate: x509.Certificate, at: datetime) -> bytes:
    """The event that says a certificate was issued, as the real log holds one; each stands in a chain of its own."""
    body: dict[str, JSON] = {
        "key_id": certificates.key_record(certificate).key_id,
        "recipient": certificates.holder(certificate).recipient,
        "certificate_sha256": certificates.fingerprint(certificate),
    }
    said = chain.speak(platform, "cert.issue", PLATFORM, at, NOTHING_SEEN, body=jcs.canonical(body))
    return chain.event_data(PLATFORM, 0, "", at, said)


def _logged(log: Ed25519Signer, events: Sequence[bytes]) -> list[EventProof]:
    """One batch in a log of one record, with the proof of each event."""
    salts = [secrets.token_bytes(32) for _ in events]
    batch = merkle.build_batch([merkle.commit(salt, data) for salt, data in zip(salts, events, strict=True)], secrets.token_bytes(32))
    head = Checkpoint(ORIGIN, 1, merkle.leaf_hash(batch.root))
    proof = TlogProof(0, (), checkpoint.sign_note(head.text, ORIGIN, log.private))
    return [
        EventProof(data, Placement(salt, 0, place, tuple(batch.path(place))), proof)
        for salt, data, place in zip(salts, events, batch.places, strict=True)
    ]
