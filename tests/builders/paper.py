"""A platform on paper: authority, log, witnesses and trust policy in memory, for tests of what is checked offline."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from cryptography import x509

from core.kernel import certificates, checkpoint, clock, jcs, merkle, signing
from core.kernel.checkpoint import LOG, WITNESS, Checkpoint, Note, TlogProof, Vkey
from core.kernel.encoding import b64
from core.kernel.evidence import EventProof, Placement
from core.kernel.jcs import JSON
from core.kernel.signing import Ed25519Signer, Signer, SoftwareP256Signer
from core.kernel.trust import Group, TrustPolicy
from core.kernel.webauthn import RelyingParty

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
RP = RelyingParty("localhost", "http://localhost:8000")
ORIGIN = "log.example.cn/gongheng"


@dataclass
class Paper:
    """The world; `now` may be moved. Witnesses are w1, w2 and w3, two of which make a quorum."""

    now: datetime = NOON
    log: Ed25519Signer = field(default_factory=Ed25519Signer.generate)
    witnesses: dict[str, Ed25519Signer] = field(default_factory=lambda: {name: Ed25519Signer.generate() for name in ("w1", "w2", "w3")})
    root: certificates.Authority = field(default_factory=lambda: certificates.make_root("Root", NOON - timedelta(days=9)))
    platform: Ed25519Signer = field(default_factory=Ed25519Signer.generate)
    leaves: list[bytes] = field(default_factory=list)
    heads: dict[str, tuple[int, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.issuing = certificates.make_issuing(self.root, "Issuing", NOON - timedelta(days=8))
        self.platform_certificate = self.certify(certificates.Holder("platform", "main"), self.platform)

    def certify(self, holder: certificates.Holder, signer: Signer, days: int = 365) -> x509.Certificate:
        """A certificate of the issuing authority."""
        return certificates.issue(self.issuing, holder, signer.key, self.now - timedelta(days=1), days)

    @property
    def authorities(self) -> tuple[x509.Certificate, x509.Certificate]:
        """Issuing and root."""
        return self.issuing.certificate, self.root.certificate

    @property
    def log_vkey(self) -> Vkey:
        """The log's verifier key."""
        return checkpoint.vkey(ORIGIN, LOG, self.log.private)

    @property
    def witness_vkeys(self) -> dict[str, Vkey]:
        """The witnesses' verifier keys by their names in the policy."""
        return {name: checkpoint.vkey(f"{name}.example.cn", WITNESS, key.private) for name, key in self.witnesses.items()}

    @property
    def policy(self) -> TrustPolicy:
        """Two of three witnesses."""
        return TrustPolicy(
            logs=(self.log_vkey,),
            witnesses=self.witness_vkeys,
            groups={"any2": Group(2, tuple(self.witnesses))},
            quorum="any2",
            ca_roots=frozenset({certificates.fingerprint(self.root.certificate)}),
            relying_parties={RP.id: RP},
        )

    def say(
        self, signer: Signer, kind: str, case: str, body: Mapping[str, JSON], *, role: str = "system", lot: str = "1", round_: int = 0
    ) -> bytes:
        """A signed statement's envelope bytes."""
        payload = signing.statement(
            type=kind,
            case=case,
            lot=lot,
            round=round_,
            prev="",
            actor=signing.Actor("urn:ztb:test", role, signer.key.key_id),
            nonce=secrets.token_hex(16),
            iat=self.now,
            ckpt=signing.NOTHING_SEEN,
            body=body,
        )
        return signing.sign(payload, signer).to_bytes()

    def record(self, envelope: bytes, case: str) -> tuple[bytes, bytes]:
        """An event's bytes and salt, chained to its case."""
        seq, prev = self.heads.get(case, (0, ""))
        members: dict[str, JSON] = {"case": case, "case_seq": seq, "prev": prev, "received_at": clock.text(self.now)}
        data, salt = jcs.canonical({**members, "dsse": jcs.parse(envelope)}), secrets.token_bytes(32)
        self.heads[case] = (seq + 1, merkle.commit(salt, data).hex())
        return data, salt

    def publish(self, *events: tuple[bytes, bytes], cosigned_by: tuple[str, ...] = ("w1", "w3")) -> list[EventProof]:
        """One batch with these events, logged and witnessed; the proof of each."""
        batch = merkle.build_batch([merkle.commit(salt, data) for data, salt in events], secrets.token_bytes(32))
        self.leaves.append(merkle.leaf_hash(batch.root))
        index = len(self.leaves) - 1
        proof = TlogProof(index, tuple(merkle.inclusion_proof(index, index + 1, merkle.reader(self.leaves))), self.note(cosigned_by))
        return [
            EventProof(data, Placement(salt, index, place, tuple(batch.path(place))), proof)
            for (data, salt), place in zip(events, batch.places, strict=True)
        ]

    def note(self, cosigned_by: tuple[str, ...] = ("w1", "w3")) -> Note:
        """The checkpoint of the log as it stands."""
        size = len(self.leaves)
        head = Checkpoint(ORIGIN, size, merkle.root(size, merkle.reader(self.leaves)))
        note = checkpoint.sign_note(head.text, ORIGIN, self.log.private)
        at = int(self.now.timestamp())
        lines = [checkpoint.cosign(head.text, f"{name}.example.cn", self.witnesses[name].private, at) for name in cosigned_by]
        return note.plus(*lines)

    def officer(self, role: str, recipient: str) -> tuple[SoftwareP256Signer, x509.Certificate, EventProof]:
        """An office's signing key, its certificate and the logged proof of its issue."""
        signer = SoftwareP256Signer.generate()
        certificate = self.certify(certificates.Holder("officer", f"p-{role}", role, recipient), signer)
        body: dict[str, JSON] = {
            "key_id": signer.key.key_id,
            "recipient": recipient,
            "certificate_sha256": certificates.fingerprint(certificate),
            "role": f"officer:{role}",
            "serial": f"{certificate.serial_number:x}",
        }
        envelope = self.say(self.platform, "cert.issue", "PLATFORM", body, lot="")
        [proof] = self.publish(self.record(envelope, "PLATFORM"))
        return signer, certificate, proof


def root_b64(note: Note) -> str:
    """The root in a note's text."""
    return b64(checkpoint.read_checkpoint(note.text).root)
