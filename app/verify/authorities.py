"""Authorities that are not the platform's: who recognised them, for whose keys they vouch, and what they said of those certificates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from app.verify.entries import Entry
from app.verify.keys import ABOUT_OTHERS, Certified, Keyring
from app.verify.package import Package
from app.verify.verdict import Broken, Verdict, inside
from core.kernel import clock, revocation
from core.kernel.certificates import fingerprint, names_code, read_certificate
from core.kernel.certpath import Demands, find_path
from core.kernel.errors import BadSignature
from core.kernel.revocation import Status
from core.kernel.trust import TrustPolicy

ADMIT, END, VOUCH, STATUS, _REVOKE = ABOUT_OTHERS
FOLDER, PAPERS = "vouched/", "statuses/"


@dataclass(frozen=True)
class Vouched:
    """A key with the path that another authority vouches by, and all that was said of each certificate of it but the root."""

    member: str
    entry: Entry
    key: Certified
    path: tuple[x509.Certificate, ...]
    admitted: Entry
    ended: Entry | None
    learned: datetime | None
    said: Mapping[int, Sequence[Status]]

    def state(self, at: datetime) -> str:
        """What all that was said comes to for a moment: the worst of the path."""
        states = {revocation.judge(self.said.get(place, ()), at) for place in range(len(self.path) - 1)}
        return next(state for state in ("revoked", "unknown", "good") if state in states)


@dataclass
class Found:
    """Of each vouched key that signed: how many of its signatures stand, how many nobody spoke for, how many fell after a revocation that
    was not known yet."""

    vouched: Vouched
    good: int = 0
    unknown: int = 0
    late: list[datetime] = field(default_factory=list)


def check_authorities(
    package: Package, entries: Sequence[Entry], ring: Keyring, policy: TrustPolicy, uses: Mapping[str, Sequence[datetime]]
) -> list[Found]:
    """Every key that another authority vouches for was certified there at each moment when it signed, under a root that the policy names;
    raises Broken. A case without such keys has nothing to check."""
    about = [entry for entry in entries if entry.kind in ABOUT_OTHERS]
    _check_anchors(about, ring, policy)
    found = [_vouched(package, entry, about, ring, policy) for entry in about if entry.kind == VOUCH]
    _check_strays(package, about, found)
    return [_used(one, uses.get(one.key.record.key_id, ())) for one in found]


def report(found: Sequence[Found], verdict: Verdict) -> None:
    """Says who vouched for whom, and for how many signatures."""
    for one in found:
        body, key = one.vouched.admitted, one.vouched.key
        who = {"who": key.subject, "zh": body.text("name_zh"), "en": body.text("name_en"), "uscc": one.vouched.entry.text("uscc")}
        verdict.note("vouched", **who, good=one.good, root=fingerprint(one.vouched.path[-1])[:16])
        if one.unknown:
            verdict.note("vouched_unknown", **who, count=one.unknown)
        if one.late:
            verdict.note("vouched_late", **who, count=len(one.late), at=clock.text(min(one.late)))


def _check_anchors(about: Sequence[Entry], ring: Keyring, policy: TrustPolicy) -> None:
    """An authority was recognised, and ended, by two persons, an administrator first, each with a step-up."""
    for entry in about:
        if entry.kind not in (ADMIT, END):
            entry.require(entry.role == "system", "role_differs", role=entry.role)
            continue
        lines = entry.logged.envelope.signatures
        signers = {ring.key(line, entry.member).holder.id for line in lines}
        entry.require(entry.role == "admin", "role_differs", role=entry.role)
        entry.require(len(lines) == 2 and len(signers) == 2, "signatures_differ")
        strong = entry.statement.step_up == "webauthn" or (bool(entry.statement.step_up) and policy.clock_demonstration)
        entry.require(strong, "step_up_missing")


def _vouched(package: Package, entry: Entry, about: Sequence[Entry], ring: Keyring, policy: TrustPolicy) -> Vouched:
    key = ring.keys.get(entry.text("key_id"))
    if key is None:
        raise Broken(entry.member, "not_expected")
    member, root = f"{FOLDER}{key.record.key_id}.json", entry.text("root_sha256")
    record, written = package.json(member), entry.texts("chain")
    with inside(member):
        path = tuple(read_certificate(pem) for pem in record["chain"])
        if record["chain"] != written:
            raise Broken(member, "chain_differs")
    entry.require(fingerprint(path[0]) == entry.text("certificate_sha256") and fingerprint(path[-1]) == root, "chain_differs")
    if _spki(path[0]) != key.record.spki:
        raise Broken(member, "key_differs")
    if root not in policy.ca_roots:
        raise Broken(member, "authority_unknown", root=root)
    admitted = [one for one in about if one.kind == ADMIT and _root_of(one) == root and one.at <= entry.at]
    entry.require(bool(admitted), "authority_not_recognised", root=root)
    ends = [one for one in about if one.kind == END and one.text("root_sha256") == root and one.at >= admitted[-1].at]
    learned = _learned(entry, about)
    said = _papers(package, member, record["papers"], path)
    made = Vouched(member, entry, key, path, admitted[-1], ends[0] if ends else None, None if learned is None else learned.at, said)
    _check_path(made, entry.at)
    if not names_code(path[0], admitted[-1].text("code_at"), entry.text("uscc")):
        raise Broken(member, "other_firm", uscc=entry.text("uscc"))
    if learned is not None:
        told = [one.revoked_at for one in said.get(learned.count("place"), ()) if one.revoked_at is not None]
        learned.require(clock.moment(learned.text("revoked_at")) in told and learned.text("state") == "revoked", "status_differs")
    return made


def _root_of(admitted: Entry) -> str:
    with inside(admitted.member):
        return fingerprint(read_certificate(admitted.text("root").strip() + "\n"))


def _learned(entry: Entry, about: Sequence[Entry]) -> Entry | None:
    """The entry by which the platform learned of a revocation."""
    mine = [one for one in about if one.kind == STATUS and one.text("key_id") == entry.text("key_id")]
    return mine[0] if mine else None


def _papers(
    package: Package, member: str, listed: Sequence[Mapping[str, object]], path: tuple[x509.Certificate, ...]
) -> dict[int, list[Status]]:
    pairs, said = list(pairwise(path)), dict[int, list[Status]]()
    for one in listed:
        name = f"{PAPERS}{one['sha256']}"
        if name not in package.members or package.digests[name] != one["sha256"]:
            raise Broken(name, "missing")
        place, content = one["place"], package.read(name)
        if not isinstance(place, int) or not 0 <= place < len(pairs):
            raise Broken(member, "malformed", field="place")
        with inside(name):
            if one["source"] == "ocsp":
                status = revocation.read_ocsp(content, *pairs[place])
            else:
                status = revocation.read_crl(revocation.load_crl(content), *pairs[place])
        said.setdefault(place, []).append(status)
    return said


def _check_path(one: Vouched, at: datetime) -> None:
    admitted = one.admitted
    demands = Demands(admitted.texts("families"), admitted.texts("policies"))
    with inside(one.member):
        if find_path(one.path[0], one.path[1:-1], [one.path[-1]], at, demands) != one.path:
            raise BadSignature("certificate.chain")
    if at >= clock.moment(admitted.text("until")) or (one.ended is not None and at >= one.ended.at):
        raise Broken(one.member, "authority_over", at=clock.text(at))


def _used(one: Vouched, moments: Sequence[datetime]) -> Found:
    found = Found(one)
    for at in sorted(moments):
        _check_path(one, at)
        if at < one.entry.at:
            raise Broken(one.member, "issued_after_use")
        state = one.state(at)
        if state == "revoked" and (one.learned is None or at >= one.learned):
            raise Broken(one.member, "certificate.revoked", serial=f"{one.path[0].serial_number:x}", at=clock.text(at))
        if state == "revoked":
            found.late.append(at)
        elif state == "unknown":
            found.unknown += 1
        else:
            found.good += 1
    return found


def _check_strays(package: Package, about: Sequence[Entry], found: Sequence[Vouched]) -> None:
    """Nothing lies there that nobody spoke of."""
    members = {one.member for one in found}
    papers = {f"{PAPERS}{paper['sha256']}" for one in found for paper in package.json(one.member)["papers"]}
    for name in [*package.names(FOLDER), *package.names(PAPERS)]:
        if name not in members | papers:
            raise Broken(name, "not_expected")
    keys, roots = {one.entry.text("key_id") for one in found}, {fingerprint(one.path[-1]) for one in found}
    for entry in about:
        mine = _root_of(entry) in roots if entry.kind == ADMIT else entry.text("root_sha256") in roots if entry.kind == END else True
        entry.require(mine and (entry.kind in (ADMIT, END) or entry.text("key_id") in keys), "not_expected")


def _spki(certificate: x509.Certificate) -> bytes:
    return certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
