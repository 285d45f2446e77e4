"""Single papers of the platform, checked without it: a receipt (docs/formats/receipt.md), the trace of a late seal (late-seal.md), and what
is only a practice receipt (practice-receipt.md)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography import x509

from app.verify.verdict import Broken, Verdict
from core.kernel import clock, jcs, merkle, practice
from core.kernel.certificates import fingerprint, holder, key_record, read_certificate, verify_chain
from core.kernel.checkpoint import read_proof
from core.kernel.dsse import Envelope, read_envelope
from core.kernel.encoding import sha256, unb64, unhex
from core.kernel.evidence import read_event
from core.kernel.jcs import JSON
from core.kernel.signing import Statement, open_statement, read_statement
from core.kernel.trust import TrustPolicy, accept_record

RECEIPT, PRACTICE, LATE = "gongheng/receipt/v1", practice.FORMAT, "gongheng/late-seal/v1"
_MEMBERS = {
    RECEIPT: {"format", "id", "seal", "receipt", "certificate", "authorities", "proof", "event"},
    PRACTICE: {"format", "id", "notice", "seal", "receipt", "certificate", "authorities"},
    LATE: {"format", "id", "seals", "trace", "certificate", "authorities", "proof"},
}
# The member with the platform's word, and its type.
_KINDS = {RECEIPT: ("receipt", "receipt"), PRACTICE: ("receipt", practice.RECEIPT), LATE: ("trace", "seal.late")}


@dataclass(frozen=True)
class Paper:
    """A paper taken apart: the platform's word, the seals it speaks of, and the certificate it was signed under."""

    format: str
    members: Mapping[str, JSON]
    word: Envelope
    seals: tuple[Envelope, ...]
    certificate: x509.Certificate
    authorities: tuple[x509.Certificate, ...]

    @property
    def kind(self) -> str:
        """The member that holds the platform's word."""
        return _KINDS[self.format][0]


def is_paper(path: Path) -> bool:
    """Whether a file is a JSON object, and so no package."""
    with path.open("rb") as file:
        return file.read(1) == b"{"


def verify_paper(path: Path, policy: TrustPolicy, ciphertext: Path | None = None) -> Verdict:
    """Checks a receipt or a trace against a trust policy, and a ciphertext beside it; a practice receipt is never accepted.

    Raises OSError when a file cannot be read.
    """
    verdict, papers, said = Verdict(), list[Paper](), list[Statement]()
    content = path.read_bytes()
    with verdict.check("paper"):
        papers.append(read_paper(content))
    if not papers:
        return verdict
    paper = papers[0]
    with verdict.check("paper_signature"):
        said.append(_check_word(paper, policy))
        verdict.case = said[0].case
    if not said:
        return verdict
    with verdict.check("paper_late" if paper.format == LATE else "paper_receipt") as detail:
        detail.append(_check_late(paper, said[0]) if paper.format == LATE else _check_receipt(paper, said[0]))
    if ciphertext is not None:
        with verdict.check("paper_ciphertext"):
            _check_ciphertext(paper, ciphertext)
    if paper.format == PRACTICE or practice.is_practice(said[0].case):
        with verdict.check("paper_real"):  # whatever else holds: a practice proves no bid, in whichever dress it comes
            raise Broken(paper.kind, "practice")
        return verdict
    if paper.members["proof"] is None:
        verdict.note("not_logged_yet")
        return verdict
    with verdict.check("paper_log") as detail:
        detail.append(_check_log(paper, policy))
    return verdict


def read_paper(content: bytes) -> Paper:
    """The paper in a file's bytes; raises BadSignature or Broken when it is none."""
    members = jcs.parse_object(content, strict=False)
    form = members.get("format")
    if not isinstance(form, str) or set(members) != _MEMBERS.get(form):
        raise Broken("format", "malformed")
    seals = _list(members["seals"], "seals") if form == LATE else [members["seal"]]
    return Paper(
        format=form,
        members=members,
        word=read_envelope(members[_KINDS[form][0]]),
        seals=tuple(read_envelope(seal) for seal in seals),
        certificate=x509.load_der_x509_certificate(unb64(members["certificate"])),
        authorities=tuple(read_certificate(pem) for pem in _list(members["authorities"], "authorities")),
    )


def _list(value: JSON, member: str) -> list[JSON]:
    if not isinstance(value, list) or not value:
        raise Broken(member, "malformed")
    return value


def _check_word(paper: Paper, policy: TrustPolicy) -> Statement:
    """The platform's statement, signed under a certificate that leads to a trusted root and stood at that moment."""
    said = open_statement(paper.word, key_record(paper.certificate))
    if said.type != _KINDS[paper.format][1]:
        raise Broken(paper.kind, "kind_unknown")
    roots = [certificate for certificate in paper.authorities if fingerprint(certificate) in policy.ca_roots]
    if not roots:
        raise Broken("authorities", "root_unknown")
    verify_chain(paper.certificate, paper.authorities, roots, _moment(said, paper), None)
    if holder(paper.certificate).kind != "platform":
        raise Broken("certificate", "key_unfit")
    return said


def _moment(said: Statement, paper: Paper) -> datetime:
    return clock.moment(str(said.body["arrived_at" if paper.format == LATE else "received_at"]))


def _check_receipt(paper: Paper, said: Statement) -> str:
    """The receipt is for the seal beside it; returns when it came."""
    seal, (envelope,) = read_statement(paper.seals[0].payload), paper.seals
    _require(sha256(envelope.payload).hex() == said.body["seal_sha256"], "seal", "digest_differs")
    _require((seal.type, seal.case, seal.lot) == ("seal", said.case, said.lot), "seal", "not_as_signed")
    for name in ("ct_sha256", "ct_size"):
        _require(seal.body[name] == said.body[name], "receipt", "receipt_differs")
    return str(said.body["received_at"])


def _check_late(paper: Paper, said: Statement) -> str:
    """The trace is of the seals beside it, which came at the deadline or later; returns when."""
    listed = said.body["seals"]
    found: list[JSON] = []
    for envelope in paper.seals:
        seal = read_statement(envelope.payload)
        _require((seal.type, seal.case, seal.lot) == ("seal", said.case, said.lot), "seals", "not_as_signed")
        found.append({"env": seal.body["env"], "seal_sha256": sha256(envelope.payload).hex(), "ct_sha256": seal.body["ct_sha256"]})
    _require(found == listed, "seals", "digest_differs")
    arrived_at, deadline = str(said.body["arrived_at"]), str(said.body["deadline"])
    _require(clock.moment(arrived_at) >= clock.moment(deadline), "trace", "refused_in_time")
    return f"{arrived_at} ≥ {deadline}"


def _check_ciphertext(paper: Paper, file: Path) -> None:
    """The ciphertext is one that was sealed."""
    with file.open("rb") as source:
        digest = hashlib.file_digest(source, "sha256").hexdigest()
    known = {(seal.body["ct_sha256"], seal.body["ct_size"]) for seal in (read_statement(envelope.payload) for envelope in paper.seals)}
    if (digest, file.stat().st_size) not in known:
        raise Broken(file.name, "not_as_signed")


def _check_log(paper: Paper, policy: TrustPolicy) -> str:
    """The commitment stands in the log of a witnessed checkpoint, and where it is opened it holds this statement; returns the place."""
    proof = paper.members["proof"]
    if not isinstance(proof, Mapping) or set(proof) != {"commitment", "leaf_index", "place", "path", "tlog_proof"}:
        raise Broken("proof", "malformed")
    commitment, place = unhex(proof["commitment"], 32), proof["place"]
    path = tuple(unb64(node, 32) for node in _list(proof["path"], "proof"))
    if not isinstance(place, int) or isinstance(place, bool):
        raise Broken("proof", "malformed")
    inclusion = read_proof(str(proof["tlog_proof"]))
    _require(inclusion.index == proof["leaf_index"], "proof", "misplaced")
    witnessed = accept_record(inclusion, merkle.verify_place(commitment, place, path), policy)
    event = paper.members.get("event")
    if isinstance(event, Mapping):
        data = unb64(event.get("data"))
        _require(merkle.commit(unb64(event.get("salt"), 32), data) == commitment, "event", "digest_differs")
        _require(read_event(data).envelope == paper.word, "event", "not_as_signed")
    return f"{inclusion.index}; {', '.join(sorted(witnessed.cosigned)) or '-'}"


def _require(holds: bool, member: str, what: str) -> None:
    if not holds:
        raise Broken(member, what)
