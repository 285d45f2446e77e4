"""From an event's commitment to a log that outsiders have watched: batches, checkpoints, their consistency, and their time stamps."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from itertools import pairwise

from cryptography import x509

from app.verify.entries import Entry
from app.verify.layout import MANIFEST, MANIFEST_TSR
from app.verify.package import Package
from app.verify.verdict import Broken, inside
from core.kernel import merkle, timestamps
from core.kernel.certificates import fingerprint, read_certificate
from core.kernel.checkpoint import Note, read_note, read_proof
from core.kernel.encoding import unb64
from core.kernel.trust import TrustPolicy, Witnessed, accept_checkpoint

SKEW = 300  # seconds by which clocks may differ
CHECKPOINT = re.compile(r"checkpoints/(\d{9})\.(txt|tsr)")


@dataclass
class Heads:
    """The checkpoints shown by a package, by size; `stamped` says when a time stamp authority saw which."""

    notes: dict[int, Note] = field(default_factory=dict)
    witnessed: dict[int, Witnessed] = field(default_factory=dict)
    stamped: dict[int, datetime] = field(default_factory=dict)

    @property
    def final(self) -> int:
        """The size of the newest."""
        return max(self.witnessed)

    def covering(self, leaf: int) -> Witnessed | None:
        """The oldest checkpoint shown that includes a record of the log."""
        size = min((size for size in self.witnessed if size > leaf), default=None)
        return None if size is None else self.witnessed[size]


def checkpoints(package: Package, policy: TrustPolicy) -> Heads:
    """Every checkpoint signed by the trusted log and a quorum of trusted witnesses; raises Broken."""
    heads = Heads()
    for name in package.names("checkpoints/", ".txt"):
        found = CHECKPOINT.fullmatch(name)
        text = package.text(name)
        with inside(name):
            note = read_note(text)
            witnessed = accept_checkpoint(note, policy)
        if found is None or int(found[1]) != witnessed.checkpoint.size:
            raise Broken(name, "number_differs", size=witnessed.checkpoint.size)
        heads.notes[witnessed.checkpoint.size], heads.witnessed[witnessed.checkpoint.size] = note, witnessed
    if not heads.witnessed:
        raise Broken("checkpoints/", "missing")
    return heads


def check_consistency(package: Package, heads: Heads) -> None:
    """Every checkpoint extends the one before; raises Broken."""
    wanted = {f"consistency/{old:09d}-{new:09d}.json": (old, new) for old, new in pairwise(sorted(heads.witnessed))}
    for name in package.names("consistency/"):
        if name not in wanted:
            raise Broken(name, "not_expected")
    for name, (old, new) in wanted.items():
        said = package.json(name)
        with inside(name):
            if set(said) != {"old", "new", "proof"} or (said["old"], said["new"]) != (old, new):
                raise Broken(name, "number_differs")
            path = [unb64(node, 32) for node in said["proof"]]
            first, second = heads.witnessed[old].checkpoint, heads.witnessed[new].checkpoint
            merkle.verify_consistency(old, first.root, new, second.root, path)


def check_batches(package: Package, entries: Iterable[Entry], heads: Heads) -> int:
    """Every event stands in its batch, every batch in the log under the final checkpoint; returns how many batches. Raises Broken."""
    roots: dict[int, bytes] = {}
    places: set[tuple[int, int]] = set()
    for entry in entries:
        proof = f"{entry.member.removesuffix('.json')}.proof.json"
        with inside(proof):
            root = entry.placement.batch_root(entry.logged.data)
        if roots.setdefault(entry.leaf, root) != root:
            raise Broken(proof, "batch_differs", batch=entry.leaf)
        if (entry.leaf, entry.placement.place) in places:
            raise Broken(proof, "place_twice")
        places.add((entry.leaf, entry.placement.place))
    shown = {f"batches/{leaf}.tlog-proof": leaf for leaf in roots}
    for name in package.names("batches/"):
        if name not in shown:
            raise Broken(name, "not_expected")
    final = str(heads.notes[heads.final])
    for name, leaf in shown.items():
        text = package.text(name)
        with inside(name):
            proved = read_proof(text)
            if str(proved.note) != final or proved.index != leaf:
                raise Broken(name, "checkpoint_differs")
            proved.verify_record(roots[leaf])
    return len(roots)


def check_times(entries: Iterable[Entry], heads: Heads) -> None:
    """No event is dated later than the witnesses saw it, or earlier than a checkpoint that they had seen without it; raises Broken."""
    for entry in entries:
        told = entry.at.timestamp()
        seen = seen_by(heads, entry.leaf)
        entry.require(not seen or told <= max(seen.values()) + SKEW, "dated_ahead")
        without = max((size for size in heads.witnessed if size <= entry.leaf), default=None)
        before = heads.witnessed[without].cosigned if without is not None else {}
        entry.require(not before or told >= min(before.values()) - SKEW, "dated_back")


def stamp_roots(package: Package, policy: TrustPolicy) -> list[x509.Certificate]:
    """The authorities' certificates that the policy names, as the package carries them along."""
    found = []
    for name in package.names("policy/tsa/"):
        text = package.text(name)
        with inside(name):
            root = read_certificate(text)
        if fingerprint(root) in policy.tsa_roots:
            found.append(root)
    return found


def check_stamps(package: Package, roots: list[x509.Certificate], heads: Heads) -> datetime:
    """The stamps of checkpoints and manifest; returns the manifest's moment. Raises Broken for a false or missing one."""
    for name in package.names("checkpoints/", ".tsr"):
        found = CHECKPOINT.fullmatch(name)
        if found is None or int(found[1]) not in heads.witnessed:
            raise Broken(name, "not_expected")
        heads.stamped[int(found[1])] = _stamp(package, name, heads.witnessed[int(found[1])].text.encode(), roots)
    # The manifest's own stamp covers whatever the package holds, the final checkpoint included.
    return _stamp(package, MANIFEST_TSR, package.read(MANIFEST), roots)


def _stamp(package: Package, name: str, stamped: bytes, roots: list[x509.Certificate]) -> datetime:
    response = package.read(name)
    with inside(name):
        return timestamps.verify(response, sha256(stamped).digest(), roots).at


def seen_by(heads: Heads, leaf: int) -> Mapping[str, int]:
    """Which witness saw a record first when (POSIX seconds), by the oldest checkpoint shown that includes it."""
    witnessed = heads.covering(leaf)
    return {} if witnessed is None else witnessed.cosigned
