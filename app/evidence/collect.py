"""What an evidence package holds, gathered in one read of the database: names of members and their bytes or files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.evidence import guarantees, recordings, vouching
from app.verify.entries import ARCHIVED, RATES, RECORDINGS, RELIEFS
from app.verify.layout import SEQ
from core.identity.authority import Authority, pem_of
from core.identity.domain.certificate import OFFICER
from core.identity.models.certificates import Certificate
from core.identity.queries import certificates as keys
from core.identity.queries.anchors import Vouched
from core.kernel import chain, jcs, proofs
from core.kernel.chain import StoredEvent
from core.kernel.dsse import Envelope
from core.kernel.encoding import b64, sha256
from core.kernel.errors import NotFound, WrongState
from core.kernel.events import PLATFORM
from core.kernel.files import FileStore
from core.kernel.ids import KeyId
from core.kernel.jcs import JSON
from core.kernel.proofs import StoredCheckpoint
from core.kernel.records import CaseHead
from core.kernel.sealing import read_seal_body
from core.kernel.signing import read_statement
from core.kernel.tapestore import TapeStore
from core.kernel.trust import TrustPolicy
from deposits.domain.rate import CHAIN as RATE_CHAIN
from deposits.domain.relief import CASE as RELIEF_CHAIN
from evaluation.models.draws import Draw
from evaluation.queries import award_lots, ties
from evaluation.queries.draws import record_of
from trading.domain.archive import chain_of
from trading.models.bid import BidEnvelope, Submission
from trading.models.lot import Lot
from trading.models.opening import Opening
from trading.queries import coefficients, collusion, lots

Member = tuple[str, bytes | Path]
BESIDE = {RATES: RATE_CHAIN, RELIEFS: RELIEF_CHAIN}
"""Folder → chain of what concerns every case: tables that deposits are computed by."""


@dataclass
class Collected:
    """The members of a package but for its manifest, and the checkpoint that all of them are proved to."""

    final: StoredCheckpoint
    members: list[Member] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Stores:
    """Where what a package holds lies; `with_tapes`: the recordings themselves are asked for, not their index alone."""

    files: FileStore
    tapes: TapeStore
    with_tapes: bool = False


def collect(session: Session, stores: Stores, authority: Authority, case: str, policy: TrustPolicy) -> Collected:
    """The full edition of a closed case, under checkpoints that hold by the platform's own policy.

    Raises NotFound, or WrongState while the case is open or its last event is not witnessed yet.
    """
    views, files = lots.by_case(session, case), stores.files
    chains = {"events": chain.events(session, case)}
    if not views or not chains["events"]:
        raise NotFound("package.not_found")
    if chains["events"][-1].kind != "case.close":
        raise WrongState("package.case_open")
    if archived := chain.events(session, chain_of(case)):
        chains[ARCHIVED] = archived
    if recorded := recordings.events(session, case):
        chains[RECORDINGS] = recorded
    chains |= {f"deposits/{view.no}": found for view in views if (found := chain.events(session, f"D-{view.number}"))}
    chains |= {folder: found for folder, name in BESIDE.items() if (found := chain.events(session, name))}
    registered = guarantees.registrations(session, [event for events in chains.values() for event in events])
    beside = _offices(session, chains["events"]) | _answering(chains["events"])
    package = statements(session, authority, policy, chains, beside, registered)
    package.members += _bids(session, files, [view.id for view in views], chains["events"])
    package.members += _draws(session, [view.id for view in views])
    package.members += guarantees.files(session, [view.id for view in views])
    package.members += recordings.files(session, stores.tapes, [view.id for view in views], stores.with_tapes)
    package.members += papers(session, files, [view.id for view in views], [*chains["events"], *chains.get(ARCHIVED, ())])
    return package


def statements(  # noqa: PLR0917 - what a package is made of
    session: Session,
    authority: Authority,
    policy: TrustPolicy,
    chains: dict[str, list[StoredEvent]],
    beside: set[KeyId],
    registered: Sequence[StoredEvent] = (),
) -> Collected:
    """The events of these chains by folder, with all that proves them: keys that signed them (and those `beside`), batches, checkpoints;
    `registered` are further entries of the platform's chain.

    Raises WrongState "package.not_witnessed" while the last of them is not witnessed.
    """
    used = {KeyId(line.keyid) for events in (*chains.values(), registered) for event in events for line in event.envelope.signatures}
    issued, vouched = _keys(session, used | beside)
    told = [*(event for _, event in issued), *vouching.entries(vouched), *registered]
    placed = [event.leaf_index for events in (*chains.values(), told) for event in events]
    if any(leaf is None for leaf in placed):
        raise WrongState("package.not_witnessed")
    leaves = {leaf for leaf in placed if leaf is not None}
    final = _final(session, max(leaves), policy)
    if final is None:
        raise WrongState("package.not_witnessed")
    package = Collected(final)
    for folder, events in chains.items():
        package.members += _chain(session, folder, events)
    package.members += _platform(session, told)
    package.members += vouching.members(session, vouched)
    package.members += [
        (f"batches/{leaf}.tlog-proof", str(proofs.tlog_proof(session, leaf, final.size)).encode()) for leaf in sorted(leaves)
    ]
    package.members += _checkpoints(session, leaves, final, policy)
    package.members += _authority(session, authority)
    package.members += _certificates(session, issued)
    return package


def heads(session: Session, case: str) -> str:
    """How far the chains of a package have come; another package is made only where this has changed. Raises NotFound."""
    views = lots.by_case(session, case)
    if not views:
        raise NotFound("package.not_found")
    chains = [case, chain_of(case), *BESIDE.values(), *(f"D-{view.number}" for view in views)]
    found = session.execute(select(CaseHead.case_id, CaseHead.case_seq).where(CaseHead.case_id.in_(chains)).order_by(CaseHead.case_id))
    return ", ".join([*(f"{name}:{seq}" for name, seq in found), recordings.head(session, case)])


def _json(value: JSON) -> bytes:
    return jcs.canonical(value)


def _chain(session: Session, folder: str, events: list[StoredEvent]) -> Iterator[Member]:
    placements = proofs.event_proofs(session, events[0].case)
    for event, placement in zip(events, placements, strict=True):
        yield f"{folder}/{SEQ.format(event.case_seq)}.json", event.data
        yield f"{folder}/{SEQ.format(event.case_seq)}.proof.json", _json(placement)


def _offices(session: Session, events: list[StoredEvent]) -> set[KeyId]:
    """The keys of the offices to which shares of any bid's key were sealed."""
    sealed = [read_seal_body(read_statement(event.envelope.payload).body) for event in events if event.kind == "seal"]
    recipients = {recipient for body in sealed for share in body.shares for recipient in share.recipients}
    query = select(Certificate.key_id).where(Certificate.recipient.in_(recipients), Certificate.purpose.startswith(OFFICER))
    return {KeyId(key) for key in session.scalars(query)}


def _answering(events: list[StoredEvent]) -> set[KeyId]:
    """The keys of experts who answered a call on their page: their statements stand inside the platform's."""
    bodies = [read_statement(event.envelope.payload).body for event in events if event.kind == "draw.answer"]
    proofs_of: list[Any] = [body["proof"] for body in bodies if body["way"] == "page"]
    return {KeyId(line["keyid"]) for proof in proofs_of for line in proof["signatures"]}


def _keys(session: Session, wanted: set[KeyId]) -> tuple[list[tuple[KeyId, StoredEvent]], list[Vouched]]:
    """The keys of a package with their entries, and those of them that another authority vouches for: whoever recognised that authority
    has a key in the package too."""
    while True:
        issued = list(_issues(session, wanted))
        vouched = vouching.gather(session, [key for key, _ in issued])
        signers = {KeyId(line.keyid) for event in vouching.entries(vouched) for line in event.envelope.signatures}
        if signers <= {key for key, _ in issued}:
            return issued, vouched
        wanted |= signers


def _issues(session: Session, wanted: set[KeyId]) -> Iterator[tuple[KeyId, StoredEvent]]:
    """The entry of the platform's chain under which each key was certified, and likewise each key that signed such an entry: the
    platform's own is among the first only where it has spoken in the case."""
    known: dict[KeyId, StoredEvent] = {}
    while missing := sorted(wanted - known.keys()):
        for key in missing:
            event = keys.issue_event(session, key)
            if event is None:
                raise NotFound("package.key_unknown")
            known[key] = event
            wanted = wanted | {KeyId(line.keyid) for line in event.envelope.signatures}
    yield from sorted(known.items())


def _platform(session: Session, told: list[StoredEvent]) -> Iterator[Member]:
    for event in told:
        yield f"platform/{SEQ.format(event.case_seq)}.json", event.data
        yield f"platform/{SEQ.format(event.case_seq)}.proof.json", _json(proofs.event_proof(session, PLATFORM, event.case_seq))


def _final(session: Session, leaf: int, policy: TrustPolicy) -> StoredCheckpoint | None:
    """The first checkpoint over a record that a quorum of witnesses has cosigned."""
    names = sorted(policy.witnesses)
    enough = [some for count in range(len(names) + 1) for some in combinations(names, count) if policy.is_quorum(some)]
    found = [head for some in enough if (head := proofs.covering(session, leaf, some)) is not None]
    return min(found, key=lambda head: head.size, default=None)


def _checkpoints(session: Session, leaves: set[int], final: StoredCheckpoint, policy: TrustPolicy) -> Iterator[Member]:
    """The ceremonial checkpoints over this case's batches and the final one, each with its time stamp and a proof to the next."""
    forced = [head for head in proofs.ceremonial(session) if head.size - 1 in leaves and head.size <= final.size]
    shown = {head.size: head for head in forced if policy.is_quorum(head.cosigned_by)}
    shown[final.size] = final
    sizes = sorted(shown)
    for size in sizes:
        yield f"checkpoints/{size:09d}.txt", str(shown[size].note).encode()
        if (stamp := shown[size].tsr) is not None:
            yield f"checkpoints/{size:09d}.tsr", stamp
    for old, new in pairwise(sizes):
        path: list[JSON] = [b64(node) for node in proofs.consistency(session, old, new)]
        yield f"consistency/{old:09d}-{new:09d}.json", _json({"old": old, "new": new, "proof": path})


def _authority(session: Session, authority: Authority) -> Iterator[Member]:
    issuing, root = authority.chain
    yield "certs/issuing.pem", issuing.encode()
    yield "policy/roots/ca.pem", root.encode()


def _certificates(session: Session, issued: list[tuple[KeyId, StoredEvent]]) -> Iterator[Member]:
    own = {sha: der for der in keys.platform_certificates(session) for sha in (sha256(der).hex(),)}
    for key, event in issued:
        known = keys.key_by_id(session, key)
        body = read_statement(event.envelope.payload).body
        der = known.certificate if known is not None else own[str(body["certificate_sha256"])]
        yield f"certs/{key}.pem", pem_of(der).encode()


_LISTS = ("close", "application.close")


def _bids(session: Session, files: FileStore, lot_ids: list[Any], events: list[StoredEvent]) -> Iterator[Member]:
    """What counted at the deadlines: ciphertext, seal and releases of every envelope of a bid or an application."""
    accepted = {str(seal) for event in events if event.kind in _LISTS for seal in _listed(event, "accepted")}
    seals = {sha256(event.envelope.payload).hex(): event.envelope for event in events if event.kind == "seal"}
    query = (
        select(BidEnvelope, Submission.org_id, Lot.no)
        .join(Submission, Submission.id == BidEnvelope.bid_id)
        .join(Lot, Lot.id == BidEnvelope.lot_id)
    )
    for envelope, org, no in session.execute(query.where(BidEnvelope.lot_id.in_(lot_ids), BidEnvelope.seal_sha256.in_(accepted))):
        place = f"bids/{no}/{org}/{envelope.env}"
        yield f"{place}.age", files.path(envelope.ct_sha256)
        yield f"{place}.seal.dsse.json", seals[envelope.seal_sha256].to_bytes()
        if released := list(_releases(events, envelope.bid_pub)):
            yield f"{place}.release.dsse.json", _json({"releases": [one.to_json() for one in released]})


def _releases(events: list[StoredEvent], bid_pub: str) -> Iterator[Envelope]:
    for event in events:
        if event.kind in ("release", "share-release"):
            envelope = event.envelope
            if read_statement(envelope.payload).body.get("bid_pub") == bid_pub:
                yield envelope


def _listed(event: StoredEvent, name: str) -> list[JSON]:
    found = read_statement(event.envelope.payload).body[name]
    return list(found) if isinstance(found, list | tuple) else []


def _draws(session: Session, lot_ids: list[Any]) -> Iterator[Member]:
    for draw, no in session.execute(select(Draw, Lot.no).join(Lot, Lot.id == Draw.lot_id).where(Draw.lot_id.in_(lot_ids))):
        yield f"draw/{no}-{draw.name}.json", _json(record_of(session, draw))
    for number, no in session.execute(select(Lot.number, Lot.no).where(Lot.id.in_(lot_ids))):
        for name in coefficients.drawn_names(session, number):
            yield f"draw/{no}-{name}.json", _json(coefficients.record(session, number, name))
    for lot_id, number, no in session.execute(select(Lot.id, Lot.number, Lot.no).where(Lot.id.in_(lot_ids))):
        case = lots.split(number)[0]
        for name, record in (award_lots.records(session, lot_id, case) | ties.records(session, lot_id, case)).items():
            yield f"draw/{no}-{name}.json", _json(record)


def papers(session: Session, files: FileStore, lot_ids: list[Any], events: list[StoredEvent]) -> Iterator[Member]:
    """The papers that events name by digest: tender documents, opening records, collusion cards, evaluation reports, the contract, and what
    the archive says of the case; each once."""
    named: dict[str, bytes | Path] = {}
    reports: dict[str, Path] = {}  # the newest of each lot; one before a replacement is among the papers
    openings = select(Opening.record, Opening.record_sha256, Opening.pdf_sha256).where(Opening.lot_id.in_(lot_ids))
    for record, sha, pdf in session.execute(openings):
        if sha:
            named |= {sha: record, pdf: files.path(pdf)}
    named |= collusion.contents(session, lot_ids)
    for event in events:
        if event.kind in ("document.publish", "prequalification.document"):
            named |= _document_files(files, _listed(event, "files"))
        elif event.kind in ("document.amend", "prequalification.amend"):
            amended = read_statement(event.envelope.payload).body["document"]
            named |= _document_files(files, amended["files"] if isinstance(amended, dict) else [])
        elif event.kind == "award_plan.fix":
            named |= _special_rule(files, read_statement(event.envelope.payload).body["plan"])
        elif event.kind == "award.paper":
            named |= _document_files(files, _listed(event, "files"))
        elif event.kind == "award.report.draft":
            sha = str(read_statement(event.envelope.payload).body["report_sha256"])
            named[sha] = files.path(sha)
            reports[f"report-award-{event_lot(event)}.pdf"] = files.path(sha)
        elif event.kind == "drill.bids":
            named |= _document_files(files, _listed(event, "bids"))
        elif event.kind in _NAMED:
            body = read_statement(event.envelope.payload).body
            named |= {sha: files.path(sha) for name in _NAMED[event.kind] for sha in (str(body[name]),)}
        elif event.kind == "report.draft":
            sha = str(read_statement(event.envelope.payload).body["report_sha256"])
            named[sha] = files.path(sha)
            reports[f"report-{event_lot(event)}.pdf"] = files.path(sha)
    yield from reports.items()
    yield from ((f"papers/{sha}", source) for sha, source in sorted(named.items()) if sha)


_NAMED = {"contract.sign": ("contract_sha256",), "case.archive": ("metadata_sha256", "checks_sha256")}
"""By kind of statement: the members of its body that name a paper by its digest."""


def _special_rule(files: FileStore, plan: Any) -> dict[str, bytes | Path]:
    """The paper of the special zone's rule, where an award plan rests on one."""
    rule = plan.get("special_rule")
    return {} if rule is None else _document_files(files, [rule])


def _document_files(files: FileStore, entries: Any) -> dict[str, bytes | Path]:
    return {str(entry["sha256"]): files.path(str(entry["sha256"])) for entry in entries}


def event_lot(event: StoredEvent) -> str:
    """The number of the lot that an event is about."""
    return read_statement(event.envelope.payload).lot
