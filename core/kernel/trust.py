"""`TRUSTED.txt`: the one root of trust of every offline check, in C2SP tlog-policy form with our own lines beside it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from core.kernel.checkpoint import LOG, WITNESS, Checkpoint, Note, TlogProof, Vkey, cosigned_at, read_checkpoint, read_vkey, verify_log
from core.kernel.encoding import unhex
from core.kernel.errors import BadSignature
from core.kernel.webauthn import RelyingParty

_LINE = re.compile(r"[\t\x20-\x7e\x80-\U0010ffff]*")


@dataclass(frozen=True, slots=True)
class Group:
    """At least `threshold` of `members` (witnesses or earlier groups)."""

    threshold: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TrustPolicy:
    """Which logs, witnesses, roots and relying parties count. Roots are hex SHA-256 of DER certificates."""

    logs: tuple[Vkey, ...]
    witnesses: Mapping[str, Vkey]
    groups: Mapping[str, Group]
    quorum: str
    ca_roots: frozenset[str] = frozenset()
    tsa_roots: frozenset[str] = frozenset()
    relying_parties: Mapping[str, RelyingParty] = field(default_factory=dict)
    clock_demonstration: bool = False

    @property
    def rp(self) -> RelyingParty | None:
        """The one relying party; None where none is trusted, or where several are and the caller must choose."""
        return next(iter(self.relying_parties.values())) if len(self.relying_parties) == 1 else None

    def is_quorum(self, cosigners: Collection[str]) -> bool:
        """Whether these witnesses (by their names in the policy) are enough."""
        return self.quorum == "none" or self._witnessed(self.quorum, cosigners)

    def _witnessed(self, name: str, cosigners: Collection[str]) -> bool:
        if name in self.witnesses:
            return name in cosigners
        group = self.groups[name]
        return sum(self._witnessed(member, cosigners) for member in group.members) >= group.threshold


@dataclass(frozen=True, slots=True)
class Witnessed:
    """A checkpoint that holds under a policy: `cosigned` says which witness saw it at which POSIX second."""

    checkpoint: Checkpoint
    text: str
    cosigned: Mapping[str, int]


def accept_checkpoint(note: Note, policy: TrustPolicy) -> Witnessed:
    """The checkpoint of a note signed by a trusted log and a quorum of witnesses; raises BadSignature otherwise.

    A line under a known key that does not verify spoils the whole note.
    """
    head = read_checkpoint(note.text)
    signers = [log for log in policy.logs if log.name == head.origin and note.by(log) is not None]
    if not signers:
        raise BadSignature("trust.log_unknown", origin=head.origin)
    for log in signers:
        verify_log(note, log)
    seen = {name: cosigned_at(note, key) for name, key in policy.witnesses.items()}
    cosigned = {name: at for name, at in seen.items() if at is not None}
    if not policy.is_quorum(cosigned.keys()):
        raise BadSignature("trust.no_quorum", origin=head.origin, size=head.size)
    return Witnessed(head, note.text, cosigned)


def accept_record(proof: TlogProof, record: bytes, policy: TrustPolicy) -> Witnessed:
    """The accepted checkpoint that includes `record`; raises BadSignature otherwise."""
    proof.verify_record(record)
    return accept_checkpoint(proof.note, policy)


# Reading and writing the file


class _Lines:
    """The policy as it grows line by line; a name must stand before it is used."""

    def __init__(self) -> None:
        self.logs: list[Vkey] = []
        self.witnesses: dict[str, Vkey] = {}
        self.groups: dict[str, Group] = {}
        self.used: set[str] = set()
        self.quorums: list[str] = []
        self.roots: dict[str, set[str]] = {"ca-root": set(), "tsa-root": set()}
        self.relying_parties: dict[str, RelyingParty] = {}
        self.demonstration = False

    def take(self, word: str, rest: Sequence[str]) -> None:
        match (word, *rest):
            case ("log", vkey) | ("log", vkey, _):
                self.logs.append(_key(vkey, LOG, self.logs))
            case ("witness", name, vkey) | ("witness", name, vkey, _):
                self.witnesses[self.fresh(name)] = _key(vkey, WITNESS, self.witnesses.values())
            case ("group", name, count, *members) if members:
                self.groups[self.fresh(name)] = self.group(count, members)
            case ("quorum", name):
                self.quorums.append(name if name == "none" else self.known(name))
            case ("ca-root" | "tsa-root", digest):
                self.roots[word].add(unhex(digest, 32).hex())
            case ("rp", name, origin):
                self.relying_parties[name] = RelyingParty(name, origin)
            case ("clock", "demonstration"):
                self.demonstration = True
            case _:
                raise BadSignature("policy.malformed")

    def fresh(self, name: str) -> str:
        if name == "none" or name in self.witnesses or name in self.groups:
            raise BadSignature("policy.name_taken", name=name)
        return name

    def known(self, name: str) -> str:
        if name not in self.witnesses and name not in self.groups:
            raise BadSignature("policy.name_unknown", name=name)
        return name

    def group(self, count: str, members: Sequence[str]) -> Group:
        threshold = {"any": "1", "all": str(len(members))}.get(count, count)
        for member in members:
            if self.known(member) in self.used:
                raise BadSignature("policy.name_taken", name=member)
            self.used.add(member)
        if not re.fullmatch(r"[1-9][0-9]?", threshold) or int(threshold) > len(members):
            raise BadSignature("policy.malformed")
        return Group(int(threshold), tuple(members))


def read_policy(text: str) -> TrustPolicy:
    """The policy in a `TRUSTED.txt`; raises BadSignature with the number of the first faulty line."""
    lines = _Lines()
    for number, line in enumerate(text.split("\n"), 1):
        try:
            if not _LINE.fullmatch(line):
                raise BadSignature("policy.malformed")
            words = re.split(r"[ \t]+", line.strip(" \t"))
            if words[0] and not words[0].startswith("#"):
                lines.take(words[0], words[1:])
        except BadSignature as fault:
            raise BadSignature(fault.code, **(fault.facts | {"line": number})) from None
    if len(lines.quorums) != 1:
        raise BadSignature("policy.quorum")
    return TrustPolicy(
        logs=tuple(lines.logs),
        witnesses=lines.witnesses,
        groups=lines.groups,
        quorum=lines.quorums[0],
        ca_roots=frozenset(lines.roots["ca-root"]),
        tsa_roots=frozenset(lines.roots["tsa-root"]),
        relying_parties=lines.relying_parties,
        clock_demonstration=lines.demonstration,
    )


def write_policy(policy: TrustPolicy, names: Mapping[str, str] = {}) -> str:
    """The file of a policy; `names` says of a root's digest whose it is, in a comment above its line."""
    lines = [f"log {log}" for log in policy.logs]
    lines += [f"witness {name} {key}" for name, key in policy.witnesses.items()]
    lines += [f"group {name} {group.threshold} {' '.join(group.members)}" for name, group in policy.groups.items()]
    lines += [f"quorum {policy.quorum}"]
    for digest in sorted(policy.ca_roots):
        lines += [f"# {names[digest]}"] if digest in names else []
        lines += [f"ca-root {digest}"]
    lines += [f"tsa-root {digest}" for digest in sorted(policy.tsa_roots)]
    lines += [f"rp {rp.id} {rp.origin}" for rp in policy.relying_parties.values()]
    lines += ["clock demonstration"] if policy.clock_demonstration else []
    return "\n".join(lines) + "\n"


def _key(text: str, algorithm: int, others: Iterable[Vkey]) -> Vkey:
    key = read_vkey(text)
    if key.algorithm != algorithm:
        raise BadSignature("policy.key_unfit", name=key.name)
    if any(key.public == other.public for other in others):
        raise BadSignature("policy.key_twice", name=key.name)
    return key
