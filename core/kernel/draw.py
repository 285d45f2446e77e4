"""The verifiable draw: parties commit and reveal, everyone is given a ticket, tickets are walked in order (`ztb/v1`, section H)."""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from hashlib import sha256

from core.kernel.document import DocumentFault, Node
from core.kernel.encoding import lp, unhex
from core.kernel.errors import BadSignature
from core.kernel.jcs import JSON, canonical

SECRET_BYTES = 32

_COMMIT, _SEED, _TICKET = b"ztb/v1/draw-commit\0", b"ztb/v1/draw-seed\0", b"ztb/v1/draw-ticket\0"


class DrawFault(DocumentFault):
    """The draw can't be recomputed; `path` is the JSON path of the fault in the draw record."""


@dataclass(frozen=True, slots=True)
class Expert:
    """A member of the pool; `org` is the employer, None for one who has none."""

    id: str
    strata: tuple[str, ...]
    org: str | None


@dataclass(frozen=True, slots=True)
class Stratum:
    """A specialty and how many seats it has."""

    id: str
    quota: int


@dataclass(frozen=True, slots=True)
class Request:
    """What is drawn: fixed before the commits and hashed into the seed; `org_cap` 0 = no cap on members of one employer."""

    pool: tuple[Expert, ...]
    strata: tuple[Stratum, ...]
    recused: frozenset[str]
    org_cap: int
    pool_hash: bytes


@dataclass(frozen=True, slots=True)
class Draw:
    """A draw record: the request, each party's commit and reveal, and who was recused after the draw, in that order."""

    case: str
    draw: str
    request: Request
    commits: Mapping[str, bytes]
    reveals: Mapping[str, bytes]
    recused_later: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Drawn:
    """The recomputed draw; `mismatched` names the parties whose reveal is not what they committed to."""

    pool_hash: bytes
    seed: bytes
    picked: Mapping[str, tuple[str, ...]]
    reserves: Mapping[str, tuple[str, ...]]
    mismatched: tuple[str, ...]

    def to_json(self) -> dict[str, JSON]:
        """The object that `gongheng draw replay --json` prints."""
        return {
            "pool_hash": self.pool_hash.hex(),
            "seed": self.seed.hex(),
            "picked": {stratum: list(ids) for stratum, ids in self.picked.items()},
            "reserves": {stratum: list(ids) for stratum, ids in self.reserves.items()},
            "commits_match": not self.mismatched,
        }


def commit(case: str, draw: str, party: str, secret: bytes) -> bytes:
    """What a party publishes before anyone shows a secret: 32 bytes that fix its own 32 random bytes."""
    return sha256(_COMMIT + lp(case.encode()) + lp(draw.encode()) + lp(party.encode()) + lp(secret)).digest()


def pool_hash(request: Mapping[str, JSON]) -> bytes:
    """The digest of the whole `draw.request` body, its pool sorted by the bytes of `id`, all other lists as given (RFC 8785).

    Raises BadSignature where the request has no canonical form.
    """
    pool = request["pool"]
    assert isinstance(pool, Sequence)
    # Code point order is the order of the UTF-8 bytes.
    ordered = sorted(pool, key=_id_of)
    return sha256(canonical({**request, "pool": ordered})).digest()


def seed(case: str, draw: str, digest: bytes, reveals: Mapping[str, bytes]) -> bytes:
    """The randomness of the draw: one honest party makes it unpredictable to all others."""
    head = _SEED + lp(case.encode()) + lp(draw.encode()) + lp(digest)
    return sha256(head + b"".join(lp(party.encode()) + lp(reveals[party]) for party in sorted(reveals))).digest()


def ticket(seed_bytes: bytes, stratum: str, expert: str) -> bytes:
    """An expert's 32-byte ticket in one stratum."""
    return hmac.digest(seed_bytes, _TICKET + lp(stratum.encode()) + lp(expert.encode()), "sha256")


def ordered(seed_bytes: bytes, stratum: str, ids: Iterable[str]) -> list[str]:
    """The ids in ticket order, the id itself deciding between equal tickets; also orders bidders, coefficients and workstations."""
    return sorted(ids, key=lambda one: (ticket(seed_bytes, stratum, one), one))


def parse_request(body: object) -> Request:
    """The body of a `draw.request` statement; raises DrawFault, its paths starting at `$`."""
    return _request(Node(body, DrawFault))


def parse_draw(document: object) -> Draw:
    """The draw record in a JSON value; raises DrawFault for whatever is malformed, for duplicate ids and for parties that differ."""
    fields = Node(document, DrawFault).fields(("case", "draw", "request", "commits", "reveals", "recused_later"))
    commits, reveals = (_hexes(fields.need(name)) for name in ("commits", "reveals"))
    for party in sorted(commits.keys() ^ reveals.keys()):
        raise fields.need("reveals" if party in reveals else "commits").fault("parties_differ", party=party)
    if not commits:
        raise fields.need("commits").fault("no_party")
    return Draw(
        case=fields.need("case").text(),
        draw=fields.need("draw").text(),
        request=_request(fields.need("request")),
        commits=commits,
        reveals=reveals,
        recused_later=_ids(fields.need("recused_later")) if fields.has("recused_later") else (),
    )


def replay(record: Draw) -> Drawn:
    """The draw recomputed from its published parts; raises DrawFault when fewer experts fit than a quota asks for."""
    drawn = seed(record.case, record.draw, record.request.pool_hash, record.reveals)
    committee = Committee(record.request, drawn)
    for index, expert in enumerate(record.recused_later):
        committee.recuse(expert, f"$.recused_later[{index}]")
    mismatched = tuple(
        party
        for party in sorted(record.reveals)
        if not hmac.compare_digest(commit(record.case, record.draw, party, record.reveals[party]), record.commits[party])
    )
    return Drawn(record.request.pool_hash, drawn, committee.picked(), committee.reserves(), mismatched)


class Verdict(Enum):
    """What became of somebody whom the walk came by."""

    SEATED = "seated"
    RECUSED = "recused"
    LEFT = "left"  # recused after the draw, before the walk came by
    ELSEWHERE = "elsewhere"  # seated in another stratum already
    CAP = "cap"  # as many of the employer sit as may


@dataclass(frozen=True, slots=True)
class Look:
    """A step of the walk: whom it came by in a stratum, what became of them, and who had to leave for it to be made ("" for nobody)."""

    stratum: str
    expert: str
    verdict: Verdict
    after: str = ""


class Committee:
    """The seats of a draw; built by walking every stratum in the order of the request, changed only by recusals.

    `walk` is everybody of a stratum in ticket order, `looks` every step that was made, in its order.
    """

    def __init__(self, request: Request, seed_bytes: bytes) -> None:
        """Seat every quota; raises DrawFault when a stratum can't be filled, and seats nobody then."""
        self._request = request
        self._org = {expert.id: expert.org for expert in request.pool}
        self._out = set(request.recused)
        self.walk = {
            stratum.id: ordered(seed_bytes, stratum.id, (expert.id for expert in request.pool if stratum.id in expert.strata))
            for stratum in request.strata
        }
        self.looks: list[Look] = []
        self._seats: dict[str, list[str]] = {stratum.id: [] for stratum in request.strata}
        for index, stratum in enumerate(request.strata):
            for _ in range(stratum.quota):
                self._seat_next(stratum.id, f"$.request.strata[{index}].quota")

    def recuse(self, expert: str, path: str = "$") -> None:
        """One leaves; all others keep their seats, and the seat goes to the next who fits in that stratum, appended last."""
        self._out.add(expert)
        for stratum, seated in self._seats.items():
            if expert in seated:
                seated.remove(expert)
                self._seat_next(stratum, path, expert)
                return

    def picked(self) -> dict[str, tuple[str, ...]]:
        """Who sits, by stratum, in the order they were seated."""
        return {stratum: tuple(seated) for stratum, seated in self._seats.items()}

    def reserves(self) -> dict[str, tuple[str, ...]]:
        """The members of each stratum who are neither seated nor recused, in ticket order, whatever their employer."""
        seated = self._seated()
        return {stratum: tuple(one for one in walk if one not in seated and one not in self._out) for stratum, walk in self.walk.items()}

    def _seated(self) -> set[str]:
        return {one for seated in self._seats.values() for one in seated}

    def _seat_next(self, stratum: str, path: str, after: str = "") -> None:
        seated = self._seated()
        for one in self.walk[stratum]:
            if one in self._seats[stratum]:
                continue
            verdict = self._verdict(one, seated)
            self.looks.append(Look(stratum, one, verdict, after))
            if verdict is Verdict.SEATED:
                self._seats[stratum].append(one)
                return
        raise DrawFault(path, "too_few_fit", stratum=stratum)

    def _verdict(self, expert: str, seated: set[str]) -> Verdict:
        if expert in self._out:
            return Verdict.RECUSED if expert in self._request.recused else Verdict.LEFT
        if expert in seated:
            return Verdict.ELSEWHERE
        return Verdict.SEATED if self._has_room(expert, seated) else Verdict.CAP

    def _has_room(self, expert: str, seated: set[str]) -> bool:
        cap, org = self._request.org_cap, self._org[expert]
        return cap == 0 or org is None or sum(self._org[one] == org for one in seated) < cap


def _request(node: Node) -> Request:
    fields = node.fields(("pool", "strata", "recused", "org_cap"))
    pool = tuple(_expert(one) for one in fields.need("pool").items())
    _distinct(fields.need("pool"), [expert.id for expert in pool], ".id")
    strata = tuple(_stratum(one) for one in fields.need("strata").items())
    _distinct(fields.need("strata"), [stratum.id for stratum in strata], ".id")
    recused, org_cap = _ids(fields.need("recused")), fields.need("org_cap").count()
    try:
        digest = pool_hash(node.value)  # type: ignore[arg-type]  # what is no JSON object it refuses
    except BadSignature as fault:
        raise node.fault("not_canonical", why=fault.code) from None
    return Request(pool, strata, frozenset(recused), org_cap, digest)


def _expert(node: Node) -> Expert:
    fields = node.fields(("id", "strata", "org"))
    return Expert(fields.need("id").id(), _ids(fields.need("strata")), fields.read("org", Node.text, None))


def _stratum(node: Node) -> Stratum:
    fields = node.fields(("id", "quota"))
    return Stratum(fields.need("id").id(), fields.need("quota").count())


def _ids(node: Node) -> tuple[str, ...]:
    ids = tuple(one.id() for one in node.items())
    _distinct(node, ids)
    return ids


def _distinct(node: Node, ids: Sequence[str], tail: str = "") -> None:
    seen: set[str] = set()
    for index, one in enumerate(ids):
        if one in seen:
            raise DrawFault(f"{node.path}[{index}]{tail}", "duplicate_id", id=one)
        seen.add(one)


def _hexes(node: Node) -> dict[str, bytes]:
    """Party → 32 bytes, written as 64 lower-case hex digits."""
    values = {}
    for party, value in node.members():
        try:
            values[party] = unhex(value.value, SECRET_BYTES)
        except BadSignature:
            raise value.fault("not_hex") from None
    return values


def _id_of(expert: JSON) -> str:
    assert isinstance(expert, Mapping)
    return str(expert["id"])
