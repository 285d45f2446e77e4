"""The opening: nobody's key before the hall began, nobody's choice after a price was seen, and every envelope opened again."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from importlib.util import find_spec
from itertools import combinations
from pathlib import Path
from threading import Lock

from app.verify.actors import office_of
from app.verify.entries import Entry
from app.verify.replay import bids
from app.verify.replay.bids import Seal
from app.verify.replay.story import Story, before, each_before, same
from app.verify.verdict import Broken, inside
from core.kernel import jcs, parcel, sealing
from core.kernel.age import Identity
from core.kernel.encoding import sha256
from core.kernel.errors import BadSignature
from core.kernel.sealing import Purpose
from trading.domain.application import ROUND, SHARES_WINDOW
from trading.domain.lot import FEWEST_BIDS
from trading.domain.opening import LATER_PRICES, PRICES, RELEASE_WINDOW, RESCUE_WINDOW, read_out

_GROUNDS = ("opening.identity", "opening.request", "application.open")
"""By round, from when keys are taken."""
INSTANT = timedelta(seconds=1)  # an act is dated when it is recorded, its window from when it was looked at


@dataclass(frozen=True)
class Opened:
    """An envelope that was opened, with the key that opens it again."""

    entry: Entry
    seal: Seal
    place: str
    identity: Identity


def check_start(story: Story) -> None:
    """The host opened the list that was closed, not before the deadline; the list had been witnessed by then."""
    close, start = story.the("close"), story.the("opening.start")
    same(start, start.text("close_sha256"), close.digest, "digest_differs", field="close_sha256")
    start.require(start.at >= story.deadline, "too_early", kind=start.kind)
    start.require(close.leaf < start.leaf, "list_not_witnessed")
    start.require(len(_asked(story, 0)) >= FEWEST_BIDS, "too_few_bids")


def check_presence(story: Story) -> None:
    """The host confirmed those who had signed in: every bidder whose signer is known, and nobody without a signature."""
    confirmed = story.the("opening.identity")
    signers = {entry.actor for entry in story.all("opening.sign_in", round=0) if entry.seq < confirmed.seq}
    speaks_for = {seal.entry.actor: org for _, org, seal in bids.places(story)}
    known = {speaks_for[actor] for actor in signers if actor in speaks_for}
    present = confirmed.texts("present")
    same(confirmed, present, sorted(set(present)), "presence_differs")
    strangers = len(set(present) - known)
    confirmed.require(known <= set(present) and strangers <= len(signers - speaks_for.keys()), "presence_differs")


def check_read_out(story: Story, round_: int) -> None:
    """The host read out exactly what was opened."""
    keys = {seal.body.bid_pub: seal.entry.digest for _, _, seal in bids.places(story)}
    opened = sorted(keys[entry.text("bid_pub")] for entry in story.all("opened", round=round_))
    for entry in story.all("opening.read_out", round=round_):
        same(entry, entry.texts("opened"), opened, "seals_differ")


def check_releases(story: Story, round_: int) -> str:
    """Every key and share was given when it was asked for, for the bid that it was asked for, and before anything was opened."""
    asked = _asked(story, round_)
    ground = story.last(_GROUNDS[min(round_, PRICES)], round_) if round_ != ROUND else story.last(_GROUNDS[ROUND])
    released = story.all("release", "share-release", round=round_)
    for entry in released:
        before(ground, entry, "released_too_early")
        _check_window(ground, entry, round_)
        seal = asked.get(entry.text("bid_pub"))
        if seal is None:
            raise Broken(entry.member, "key_not_asked_for", bid_pub=entry.text("bid_pub"))
        if entry.kind == "release":
            same(entry, (entry.text("env"), entry.count("ver")), (seal.body.env, seal.body.ver), "version_differs")
            with inside(entry.member):
                sealing.check_secret(entry.text("secret"), seal.body.bid_pub)
        else:
            same(entry, entry.text("role"), office_of(entry, story.ring), "office_differs")
            with inside(entry.member):
                sealing.check_share(sealing.read_share(entry.text("share")), seal.body.share(entry.text("role")))
    each_before(released, story.all("opened", "open.failed", round=round_), "opened_before_all_keys")
    shares = sum(entry.kind == "share-release" for entry in released)
    return f"{len(released) - shares} + {shares}"


def _check_window(ground: Entry | None, entry: Entry, round_: int) -> None:
    """Bidders release within their own window; offices after it, within the rescue's. Applicants release nothing, so have none."""
    assert ground is not None
    if round_ == ROUND:
        entry.require(entry.kind == "share-release" and entry.at <= ground.at + SHARES_WINDOW + INSTANT, "outside_window")
        return
    own, rescue = ground.at + RELEASE_WINDOW, ground.at + RELEASE_WINDOW + RESCUE_WINDOW
    if entry.kind == "release":
        entry.require(entry.at <= own + INSTANT, "outside_window")
    else:
        entry.require(own - INSTANT <= entry.at <= rescue + INSTANT, "outside_window")


def rounds(story: Story) -> list[int]:
    """The openings of bids: the first, that of the price envelopes, and later ones of bids that passed after a replacement."""
    told = story.all("opening.request", "opened", "open.failed", "release", "share-release", "opening.close")
    return sorted({0, PRICES, *(entry.statement.round for entry in told)} - {ROUND})


def check_requests(story: Story) -> None:
    """Price keys were asked for after the witnessed technical lock, of the bids that it lists as passed and of no other; a later time
    of those alone that the lock of then lists and of which nobody had asked."""
    before_: set[str] = set()
    for place, request in enumerate(story.all("opening.request")):
        same(request, request.statement.round, LATER_PRICES + place - 1 if place else PRICES, "version_differs")
        locks = [entry for entry in story.all("technical.lock") if entry.seq < request.seq]
        request.require(bool(locks), "too_early")
        lock = locks[-1]  # an earlier one was voided by a replacement
        asked = asked_of(story, request)
        same(request, sorted(asked), sorted(set(lock.texts("passed")) - before_), "asked_of_others")
        request.require(bool(asked) or not place, "asked_of_others")
        same(request, request.text("env"), story.envelopes[-1], "version_differs")
        for entry in story.all("release", "share-release", round=request.statement.round):
            entry.require(entry.leaf > lock.leaf, "lock_not_witnessed")
        before_ |= asked


def asked_of(story: Story, request: Entry) -> set[str]:
    """The organisations whose price keys a request asks for."""
    wanted = set(request.texts("passed"))
    return {org for _, org, seal in bids.places(story) if seal.entry.digest in wanted}


def check_opened(story: Story, round_: int) -> int:
    """Every envelope asked for was opened with its key, or failed; each once and under its bidder's name; returns how many opened."""
    asked = dict(_asked(story, round_))
    owner = {seal.body.bid_pub: org for _, org, seal in bids.places(story, purpose_of(round_))}
    for entry in story.all("opened", round=round_):
        seal = asked.pop(entry.text("bid_pub"), None)
        if seal is None:
            raise Broken(entry.member, "key_not_asked_for", bid_pub=entry.text("bid_pub"))
        same(entry, (entry.text("env"), entry.count("ver")), (seal.body.env, seal.body.ver), "version_differs")
        same(entry, entry.text("bidder"), owner[seal.body.bid_pub], "bidder_differs")
        _key(story, seal, entry)
    left = {(owner[pub], seal.body.env): pub for pub, seal in asked.items()}
    for entry in story.all("open.failed", round=round_):
        entry.require(left.pop((entry.text("bidder"), entry.text("env")), None) is not None, "key_not_asked_for")
    for org, env in left:
        raise Broken(f"bids/{story.lot}/{org}/{env}.age", "never_opened")
    return len(story.all("opened", round=round_))


def check_odd_files(story: Story) -> int:
    """What is called odd is a file of a bid that had been opened before; returns how many there are."""
    for entry in story.all("file.odd"):
        opened = story.opened_bids(entry.statement.round).get(entry.text("bidder"))
        before(opened, entry, "file_unknown")
        assert opened is not None
        same(entry, entry.text("env"), opened.text("env"), "file_unknown")
    return len(story.all("file.odd"))


def check_record(story: Story, round_: int) -> None:
    """The record is the one that was signed, its host among the signers; it says of every bidder what the events say."""
    record, close = story.the("opening.record", round_), story.the("opening.close", round_)
    digest = record.text("record_sha256")
    signers = story.all("opening.record.sign", round=round_)
    for entry in (*signers, *story.all("opening.record.decline", round=round_), close):
        before(record, entry, "too_early")
        same(entry, entry.text("record_sha256"), digest, "digest_differs", field="record_sha256")
    close.require(any(entry.role == "centre" and entry.seq < close.seq for entry in signers), "unsigned")
    name = story.package.paper(digest)
    said = story.package.json(name)
    story.package.paper(said.get("pdf_sha256"))
    opened = {org: (entry.text("pt_sha256"), entry.part("read_out")) for org, entry in story.opened_bids(round_).items()}
    with inside(name):
        told = {one["org"]: (one["pt_sha256"], one["read_out"]) for one in said["bidders"] if one["outcome"] == "opened"}
        if said["close_sha256"] != story.the("close").digest or told != opened:
            raise Broken(name, "record_differs")


def check_release_files(story: Story) -> None:
    """The keys beside each bid are the statements of the case."""
    by_key: dict[str, list[Entry]] = {}
    for entry in story.all("release", "share-release"):
        by_key.setdefault(entry.text("bid_pub"), []).append(entry)
    wanted = {}
    closed = [purpose for purpose, kind in bids.CLOSES.items() if story.has(kind)]
    for place, _, seal in (one for purpose in closed for one in bids.places(story, purpose)):
        if released := by_key.get(seal.body.bid_pub):
            envelopes: list[jcs.JSON] = [entry.logged.envelope.to_json() for entry in released]
            wanted[f"{place}.release.dsse.json"] = sha256(jcs.canonical({"releases": envelopes})).hex()
    shown = {name: story.package.digests[name] for name in story.package.names(f"bids/{story.lot}/", ".release.dsse.json")}
    for name in sorted(wanted.keys() | shown.keys()):
        if wanted.get(name) != shown.get(name):
            raise Broken(name, "not_as_signed")


_NOTHING: dict[str, jcs.JSON] = {"items": {}}
"""What is read out of an application."""


def can_reopen() -> bool:
    """Whether an age library is here."""
    return find_spec("pyrage") is not None


def reopen(story: Story, purpose: Purpose = Purpose.BID) -> int:
    """Decrypts every opened envelope again and compares digest, size and what was read out; returns how many. Raises Broken.

    An envelope whose key was given and that is said to have failed must fail here too.
    """
    where = {seal.body.bid_pub: (place, seal) for place, _, seal in bids.places(story, purpose)}
    waiting = []
    for entry in _of(story, purpose, "opened"):
        place, seal = where[entry.text("bid_pub")]
        waiting.append(Opened(entry, seal, place, _key(story, seal, entry)))
    # The largest first, side by side: hashing and decrypting let go of the interpreter.
    waiting.sort(key=lambda one: one.seal.body.ct_size, reverse=True)
    guard = Lock()
    failed = list(_failed_with_key(story, purpose))
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda one: _reopen(story, one, guard), waiting))
        list(pool.map(lambda one: _fails_again(story, one, guard), failed))
    return len(waiting)


def _of(story: Story, purpose: Purpose, kind: str) -> list[Entry]:
    return [entry for entry in story.all(kind) if purpose_of(entry.statement.round) is purpose]


def purpose_of(round_: int) -> Purpose:
    """What is opened in a round."""
    return Purpose.APPLICATION if round_ == ROUND else Purpose.BID


def _failed_with_key(story: Story, purpose: Purpose) -> Iterator[Opened]:
    """The envelopes that are said to have failed although their key is here."""
    places = {(org, seal.body.env): (place, seal) for place, org, seal in bids.places(story, purpose)}
    for entry in _of(story, purpose, "open.failed"):
        place, seal = places[entry.text("bidder"), entry.text("env")]
        try:
            yield Opened(entry, seal, place, _key(story, seal, entry))
        except Broken:
            continue


def _fails_again(story: Story, one: Opened, guard: Lock) -> None:
    with tempfile.TemporaryFile() as source, tempfile.NamedTemporaryFile(suffix=".zip") as target:
        with guard:
            story.package.copy(f"{one.place}.age", source)
        source.seek(0)
        try:
            sealing.open_envelope(source, target, one.identity)
            target.flush()
            read_out(parcel.read_envelope(Path(target.name)).bid)
        except BadSignature:
            return
        raise Broken(one.entry.member, "opens_after_all")


def _reopen(story: Story, one: Opened, guard: Lock) -> None:
    with tempfile.TemporaryFile() as source, tempfile.NamedTemporaryFile(suffix=".zip") as target, inside(f"{one.place}.age"):
        with guard:  # one reader at a time: the archive is one open file
            story.package.copy(f"{one.place}.age", source)
        source.seek(0)
        written = sealing.open_envelope(source, target, one.identity)
        target.flush()
        same(one.entry, (one.entry.text("pt_sha256"), one.entry.count("pt_size")), (written.sha256, written.size), "plaintext_differs")
        said = read_out(parcel.read_bid(Path(target.name))).to_json() if one.seal.body.purpose is Purpose.BID else _NOTHING
        same(one.entry, dict(one.entry.part("read_out")), said, "read_out_differs")
        _check_odd(story, one, Path(target.name))


def _check_odd(story: Story, one: Opened, envelope: Path) -> None:
    """The files that are called odd lay in this envelope."""
    odd = [entry for entry in story.all("file.odd") if (entry.text("bidder"), entry.text("env")) == _place(one)]
    files = {(file.sha256, file.size) for file in parcel.read_envelope(envelope).files} if odd else set()
    for entry in odd:
        entry.require((entry.text("sha256"), entry.count("size")) in files, "file_unknown")


def file_digests(story: Story) -> dict[str, set[str]]:
    """Organisation → the digests of the files in its opened bid, which is decrypted for it; raises Broken."""
    where = {seal.body.bid_pub: (place, seal) for place, _, seal in bids.places(story)}
    found: dict[str, set[str]] = {}
    for entry in _of(story, Purpose.BID, "opened"):
        place, seal = where[entry.text("bid_pub")]
        with tempfile.TemporaryFile() as source, tempfile.NamedTemporaryFile(suffix=".zip") as target, inside(f"{place}.age"):
            story.package.copy(f"{place}.age", source)
            source.seek(0)
            sealing.open_envelope(source, target, _key(story, seal, entry))
            target.flush()
            found.setdefault(entry.text("bidder"), set()).update(file.sha256 for file in parcel.read_envelope(Path(target.name)).files)
    return found


def _place(one: Opened) -> tuple[str, str]:
    return one.entry.text("bidder"), one.entry.text("env")


def _asked(story: Story, round_: int) -> Mapping[str, Seal]:
    """Public key → seal of the envelopes whose keys one opening asks for."""
    if round_ == ROUND:
        return {seal.body.bid_pub: seal for seal in bids.accepted(story, Purpose.APPLICATION).values()}
    if round_ == 0:
        env = story.envelopes[0]
        return {seal.body.bid_pub: seal for seal in bids.accepted(story).values() if seal.body.env == env}
    wanted = set(story.the("opening.request", round_).texts("passed"))
    return {seal.body.bid_pub: seal for digest, seal in bids.accepted(story).items() if digest in wanted}


def _key(story: Story, seal: Seal, opened: Entry) -> Identity:
    """The key as released by its bidder, or put together from the shares of two offices."""
    released = [entry for entry in story.all("release", "share-release") if entry.text("bid_pub") == seal.body.bid_pub]
    with inside(opened.member):
        for entry in released:
            if entry.kind == "release":
                return sealing.check_secret(entry.text("secret"), seal.body.bid_pub)
        shares = {entry.text("role"): sealing.read_share(entry.text("share")) for entry in released}
        for pair in combinations(sorted(shares), sealing.THRESHOLD):
            try:
                return sealing.rescue({role: shares[role] for role in pair}, seal.body)
            except BadSignature:
                continue
    raise Broken(opened.member, "key_never_released")
