"""Writes the package: members, manifest, its signature and its time stamp, in one deterministic archive."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import cast

import httpx
from sqlalchemy.orm import Session

from app.evidence import drills, old_ledgers, payouts, sites
from app.evidence.collect import Collected, Member, Stores, collect, heads
from app.evidence.pyz import build as verifier
from app.evidence.texts import ABOUT
from app.verify import archive
from app.verify.layout import MANIFEST, MANIFEST_DSSE, MANIFEST_TSR, POLICY, README, manifest_lines
from core.identity.authority import ROOT, Authority
from core.identity.queries.anchors import roots
from core.identity.queries.certificates import revocations
from core.kernel import jcs, timestamps
from core.kernel.certificates import fingerprint, to_pem
from core.kernel.encoding import sha256
from core.kernel.errors import BadSignature, NotFound, WrongState
from core.kernel.files import Stored, digest_of
from core.kernel.log import Log
from core.kernel.signing import sign
from core.kernel.tapestore import TapeStore
from core.kernel.trust import Group, TrustPolicy, write_policy
from core.kernel.webauthn import RelyingParty
from core.kernel.work import Door
from core.settings import Settings
from core.web.platform import Platform
from deposits.domain.dormant_said import chain_of
from evaluation.domain.site import SITES


def build(platform: Platform, case: str, with_tapes: bool = False) -> Stored:
    """Makes the full edition of a closed case, `with_tapes` its recordings too, and keeps it in the content store. Blocking: seconds for a
    large case.

    Raises NotFound, or WrongState("package.case_open" | "package.not_witnessed" | "package.no_stamp").
    """
    files = platform.files
    state = platform.door.read(lambda session: heads(session, case))
    name = f"{case}-tapes" if with_tapes else case
    if (kept := _kept(platform, name, state)) is not None:
        return kept
    target = files.path_for_making()
    write(platform, gather(platform, case, with_tapes), target)
    stored = files.adopt(target)
    _keep(platform, name, state, stored)
    return stored


def gather(platform: Platform, case: str, with_tapes: bool = False) -> list[Member]:
    """All members of a closed case's package but its manifest. Raises as `build`."""
    stores = Stores(platform.files, TapeStore(platform.settings.tapes_dir), with_tapes)
    return _with_tools(platform, case, lambda session, authority, policy: collect(session, stores, authority, case, policy))


def build_old_ledger(platform: Platform, number: str) -> Stored:
    """The same of an old ledger of deposits, as far as it has come. Raises NotFound, or WrongState "package.not_witnessed"."""
    files, case = platform.files, chain_of(number)
    state = platform.door.read(lambda session: old_ledgers.heads(session, case))
    return _made(platform, case, state, lambda session, authority, policy: old_ledgers.collect(session, files, authority, case, policy))


def build_payouts(platform: Platform) -> Stored:
    """The same of the collecting account: batches, books, and suspense where no lot is sealed. Raises as `build_old_ledger`."""
    return _made(platform, payouts.CASE, platform.door.read(payouts.heads), payouts.collect)


def build_sites(platform: Platform) -> Stored:
    """The same of the catalogue of sites with all bookings. Raises as `build_old_ledger`."""
    return _made(platform, SITES, platform.door.read(sites.heads), sites.collect)


def build_drill(platform: Platform, case: str) -> Stored:
    """The same of a drill that is over, its recordings too. Raises as `build_old_ledger`, or WrongState "package.case_open"."""
    state = platform.door.read(lambda session: drills.heads(session, case))
    stores = Stores(platform.files, TapeStore(platform.settings.tapes_dir), with_tapes=True)
    return _made(platform, case, state, lambda session, authority, policy: drills.collect(session, stores, authority, case, policy))


def _made(platform: Platform, case: str, state: str, find: Callable[[Session, Authority, TrustPolicy], Collected]) -> Stored:
    if (kept := _kept(platform, case, state)) is not None:
        return kept
    target = platform.files.path_for_making()
    write(platform, _with_tools(platform, case, find), target)
    stored = platform.files.adopt(target)
    _keep(platform, case, state, stored)
    return stored


def _with_tools(platform: Platform, case: str, find: Callable[[Session, Authority, TrustPolicy], Collected]) -> list[Member]:
    """What was found, with the verifier, the policy and what says which keys are revoked."""
    door, authority, log = platform.door, cast(Authority, platform.parts["authority"]), cast(Log, platform.parts["log"])
    names = door.read(roots) | {authority.root_sha256: ROOT}
    policy = own_policy(authority, log, platform.settings, names)
    found = door.read(lambda session: find(session, authority, policy))
    members: list[Member] = [
        *found.members,
        (README, ABOUT.format(case=case).encode()),
        (POLICY, write_policy(policy, names).encode()),
        ("verify/verify.pyz", tool := verifier()),
        ("verify/verify.pyz.sha256", f"{sha256(tool).hex()}  verify.pyz\n".encode()),
    ]
    if log.authority is not None:
        members += [(f"policy/tsa/{n}.pem", to_pem(root).encode()) for n, root in enumerate(log.authority.roots)]
    return members + _revocations(door, authority)


def write(platform: Platform, members: Sequence[Member], target: Path) -> None:
    """Writes the archive of these members with their manifest, its signature and its time stamp."""
    listed = manifest_lines({name: _digest(source) for name, source in members})
    sealed = _sealed(platform.door, cast(Log, platform.parts["log"]), listed)
    with target.open("wb") as sink:
        archive.write(sink, [*members, *sealed])


def _note(platform: Platform, case: str) -> Path:
    return platform.settings.data_dir / "packages" / f"{case}.json"


def _kept(platform: Platform, case: str, state: str) -> Stored | None:
    """The package that was made before, where nothing has happened since."""
    try:
        told = json.loads(_note(platform, case).read_bytes())
        path = platform.files.path(told["sha256"])
    except (FileNotFoundError, NotFound):
        return None
    return Stored(told["sha256"], path.stat().st_size) if told["state"] == state else None


def _keep(platform: Platform, case: str, state: str, stored: Stored) -> None:
    """Remembers what was made; the package before it, which nobody can fetch any more, is let go."""
    note = _note(platform, case)
    note.parent.mkdir(exist_ok=True)
    old = json.loads(note.read_bytes())["sha256"] if note.exists() else stored.sha256
    fresh = note.with_suffix(".new")
    fresh.write_text(json.dumps({"state": state, "sha256": stored.sha256}))
    fresh.replace(note)
    if old != stored.sha256:
        platform.files.remove(old)


def own_policy(authority: Authority, log: Log, settings: Settings, others: Collection[str] = ()) -> TrustPolicy:
    """This deployment as a trust policy: a convenience copy, which nobody should take from us. `others`: digests of the roots of
    authorities that are or were recognised here."""
    witnesses = {witness.vkey.name: witness.vkey for witness in log.witnesses}
    groups = {"all": Group(max(1, (len(witnesses) * 2 + 2) // 3), tuple(witnesses))} if witnesses else {}
    roots = log.authority.roots if log.authority is not None else ()
    return TrustPolicy(
        logs=(log.vkey,),
        witnesses=witnesses,
        groups=groups,
        quorum="all" if witnesses else "none",
        ca_roots=frozenset({authority.root_sha256, *others}),
        tsa_roots=frozenset(fingerprint(root) for root in roots),
        relying_parties={settings.rp_id: RelyingParty(settings.rp_id, settings.origin)},
        clock_demonstration=settings.demonstration,
    )


def _revocations(door: Door, authority: Authority) -> list[Member]:
    issuing, root = authority.revocation_lists(door.read(revocations), door.read(door.clock))
    return [("crls/issuing.crl", issuing.encode()), ("crls/root.crl", root.encode())]


def _sealed(door: Door, log: Log, listed: bytes) -> Sequence[Member]:
    """The manifest, the platform's signature over its digest, and the time stamp of the same digest."""
    payload = jcs.canonical({"type": "manifest", "sha256": sha256(listed).hex()})
    sealed: list[Member] = [(MANIFEST, listed), (MANIFEST_DSSE, sign(payload, door.platform).to_bytes())]
    if log.authority is not None:
        imprint, nonce = hashlib.sha256(listed).digest(), secrets.randbits(63)
        try:
            answer = httpx.post(
                log.authority.url,
                content=timestamps.write_request(imprint, nonce),
                headers={"Content-Type": timestamps.MEDIA_QUERY},
                timeout=20,
            ).raise_for_status()
            timestamps.verify(answer.content, imprint, log.authority.roots, nonce=nonce)
        except (httpx.HTTPError, BadSignature) as fault:
            raise WrongState("package.no_stamp") from fault
        sealed.append((MANIFEST_TSR, answer.content))
    return sealed


def _digest(source: bytes | Path) -> str:
    return sha256(source).hex() if isinstance(source, bytes) else digest_of(source)
