"""Sealed bids, or applications, up to their deadline: each has its receipt, none was late, the list holds exactly those that stood."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from app.verify.entries import Entry
from app.verify.logs import seen_by
from app.verify.replay.story import Story, once, same
from app.verify.verdict import Broken, inside
from core.kernel import clock
from core.kernel.sealing import Purpose, SealBody, read_seal_body
from trading.domain.application import ENVELOPE


@dataclass(frozen=True)
class Seal:
    """A seal statement and what it promises."""

    entry: Entry
    body: SealBody


CLOSES = {Purpose.BID: "close", Purpose.APPLICATION: "application.close"}


@once
def sealed(story: Story) -> list[Seal]:
    """Every seal of the lot, of bids and of applications, versions that were replaced or withdrawn included."""
    found = []
    for entry in story.all("seal"):
        with inside(entry.member):
            found.append(Seal(entry, read_seal_body(entry.body)))
    return found


def seals(story: Story, purpose: Purpose = Purpose.BID) -> list[Seal]:
    """Those of one purpose."""
    return [seal for seal in sealed(story) if seal.body.purpose is purpose]


def deadline_at(story: Story, purpose: Purpose, seq: int) -> datetime:
    """The deadline for one purpose that stood when the event of this number came."""
    if purpose is Purpose.BID:
        return story.deadline_at(seq)
    moved = [entry for entry in story.all("prequalification.go_on", "prequalification.amend") if entry.seq < seq]
    return clock.moment((moved[-1] if moved else story.the("prequalification.publish")).text("deadline"))


def accepted(story: Story, purpose: Purpose = Purpose.BID) -> dict[str, Seal]:
    """Digest → seal of what the closing list holds."""
    close = story.the(CLOSES[purpose])
    known = {seal.entry.digest: seal for seal in seals(story, purpose)}
    for digest in close.texts("accepted"):
        close.require(digest in known, "seal_unknown", seal=digest)
    return {digest: known[digest] for digest in close.texts("accepted")}


def check_receipts(story: Story, purpose: Purpose = Purpose.BID) -> int:
    """One receipt for every seal, saying what was sealed, given before the deadline; returns how many."""
    receipts: dict[str, Entry] = {}
    others = {seal.entry.digest for seal in sealed(story) if seal.body.purpose is not purpose}
    for entry in story.all("receipt"):
        if entry.text("seal_sha256") in others:
            continue
        entry.require(entry.text("seal_sha256") not in receipts, "receipt_twice")
        receipts[entry.text("seal_sha256")] = entry
    for seal in seals(story, purpose):
        receipt = receipts.pop(seal.entry.digest, None)
        if receipt is None:
            raise Broken(seal.entry.member, "receipt_missing")
        said = (receipt.text("ct_sha256"), receipt.count("ct_size"))
        same(receipt, said, (seal.body.ct_sha256, seal.body.ct_size), "receipt_differs")
        receipt.require(receipt.seq > seal.entry.seq, "receipt_differs")
        deadline = deadline_at(story, purpose, receipt.seq)
        receipt.require(clock.moment(receipt.text("received_at")) < deadline and receipt.at < deadline, "sealed_late")
        seal.entry.require(seal.entry.at < deadline, "sealed_late")
    for receipt in receipts.values():
        raise Broken(receipt.member, "seal_unknown", seal=receipt.text("seal_sha256"))
    for late in story.all("seal.late"):
        if _purpose_of(late) is purpose:
            late.require(clock.moment(late.text("arrived_at")) >= deadline_at(story, purpose, late.seq), "refused_in_time")
    return len(seals(story, purpose))


def _purpose_of(late: Entry) -> Purpose:
    """Of an attempt that came too late: an application's one envelope has a name that no bid's has."""
    return Purpose.APPLICATION if any(one["env"] == ENVELOPE.env for one in late.parts("seals")) else Purpose.BID


def check_uniqueness(story: Story) -> None:
    """No ciphertext and no key was sealed twice: nobody handed in a copy of a rival's."""
    used: set[str] = set()
    for seal in sealed(story):
        for one in (seal.body.ct_sha256, seal.body.bid_pub):
            seal.entry.require(one not in used, "sealed_twice")
            used.add(one)


def check_closing_list(story: Story, purpose: Purpose = Purpose.BID) -> str:
    """The list is what stood at the deadline, made then, nothing in it batched later; says how soon it was witnessed."""
    close = story.the(CLOSES[purpose])
    deadline = deadline_at(story, purpose, sys.maxsize)
    same(close, close.text("deadline"), clock.text(deadline), "deadline_differs")
    close.require(close.at >= deadline, "too_early", kind=close.kind)
    listed = close.texts("accepted")
    same(close, listed, sorted(set(listed)), "malformed")
    standing = _standing(story, purpose)
    for digest in sorted(standing.keys() ^ set(listed)):
        close.require(False, "bid_left_out" if digest in standing else "bid_not_standing", seal=digest)
    for seal in accepted(story, purpose).values():
        seal.entry.require(seal.entry.leaf <= close.leaf and seal.entry.seq < close.seq, "batched_after_close")
    for seal in seals(story, purpose):
        seal.entry.require(seal.entry.seq < close.seq, "sealed_late")
    seen = seen_by(story.heads, close.leaf)
    if not seen:
        return ""
    return f"{len(listed)}; +{max(seen.values()) - int(deadline.timestamp())} s"


def _standing(story: Story, purpose: Purpose) -> dict[str, Seal]:
    """The seals that no later version replaced and no withdrawal took back.

    A certificate names the person and not the organisation. Versions of one bid follow each other, so a version whose predecessor has
    another signer takes the place of the one version before it that nobody continued.
    """
    groups: dict[tuple[str, int], list[Seal]] = {}
    for seal in seals(story, purpose):
        groups.setdefault((seal.entry.actor, seal.body.ver), []).append(seal)
    withdrawn = {digest for entry in story.all("withdraw") for digest in entry.texts("seals")}
    heads: dict[str, int] = {}
    for (actor, ver), group in sorted(groups.items(), key=lambda item: item[1][0].entry.seq):
        if ver > 1 and heads.get(actor) != ver - 1:
            actor_before = _predecessor(heads, groups, ver, group[0])
            heads.pop(actor_before, None)
        heads[actor] = ver
    current = [seal for actor, ver in heads.items() for seal in groups[actor, ver]]
    return {seal.entry.digest: seal for seal in current if seal.entry.digest not in withdrawn}


def _predecessor(heads: dict[str, int], groups: dict[tuple[str, int], list[Seal]], ver: int, seal: Seal) -> str:
    """Who signed the version before this one, where it was a colleague."""
    fitting = [actor for actor, head in heads.items() if head == ver - 1 and groups[actor, head][0].entry.seq < seal.entry.seq]
    seal.entry.require(len(fitting) == 1, "version_without_predecessor", ver=ver)
    return fitting[0]


def check_shares(story: Story, purpose: Purpose = Purpose.BID) -> int:
    """Every share of a bid's key was sealed to keys that its office had been certified for; returns how many shares."""
    offices = {key.holder.recipient: key for key in story.ring.keys.values() if key.holder.kind == "officer"}
    count = 0
    for seal in accepted(story, purpose).values():
        for share in seal.body.shares:
            count += 1
            for recipient in share.recipients:
                key = offices.get(recipient)
                if key is None or key.holder.role != share.role:
                    raise Broken(seal.entry.member, "recipient_unknown", role=share.role)
                with inside(seal.entry.member):
                    story.ring.stands(key, seal.entry.at)
    return count


def _check_bidders(story: Story, purpose: Purpose) -> None:
    """A bidder has one envelope of each kind, all of one version, and nobody sealed for two bidders."""
    held: dict[str, list[Seal]] = {}
    speaks_for: dict[str, str] = {}
    envelopes = sorted(story.envelopes) if purpose is Purpose.BID else [ENVELOPE.env]
    for _, org, seal in places(story, purpose):
        held.setdefault(org, []).append(seal)
        seal.entry.require(speaks_for.setdefault(seal.entry.actor, org) == org, "bidder_differs")
    for found in held.values():
        last = found[-1]
        same(last.entry, sorted(seal.body.env for seal in found), envelopes, "bidder_differs")
        last.entry.require(len({seal.body.ver for seal in found}) == 1, "version_differs")


def check_withdrawals(story: Story, purpose: Purpose = Purpose.BID) -> int:
    """What was withdrawn was sealed before, by the deadline; returns how many."""
    known = {seal.entry.digest: seal for seal in seals(story, purpose)}
    others = {seal.entry.digest for seal in sealed(story)} - known.keys()
    mine = [entry for entry in story.all("withdraw") if not set(entry.texts("seals")) & others]
    for entry in mine:
        entry.require(entry.at < deadline_at(story, purpose, entry.seq), "too_late", kind="withdraw")
        for digest in entry.texts("seals"):
            entry.require(digest in known and known[digest].entry.seq < entry.seq, "seal_unknown", seal=digest)
            same(entry, entry.count("ver"), known[digest].body.ver, "version_differs")
    return len(mine)


def places(story: Story, purpose: Purpose = Purpose.BID) -> Iterator[tuple[str, str, Seal]]:
    """Every envelope that counted, with its bidder and where the package keeps it: `bids/<lot>/<bidder>/<env>`."""
    by_cipher = {seal.body.ct_sha256: seal for seal in accepted(story, purpose).values()}
    found = set()
    for name in story.package.names(f"bids/{story.lot}/", ".age"):
        if name.endswith(f"/{ENVELOPE.env}.age") is not (purpose is Purpose.APPLICATION):
            continue
        seal = by_cipher.get(story.package.digests[name])
        org, _, env = name.removesuffix(".age").removeprefix(f"bids/{story.lot}/").partition("/")
        if seal is None or seal.body.env != env:
            raise Broken(name, "not_on_closing_list")
        found.add(seal.entry.digest)
        yield name.removesuffix(".age"), org, seal
    for digest, seal in accepted(story, purpose).items():
        seal.entry.require(digest in found, "ciphertext_missing", env=seal.body.env)


def check_ciphertexts(story: Story, purpose: Purpose = Purpose.BID) -> int:
    """Every ciphertext of the closing list is here as it was sealed, its seal statement beside it; returns how many."""
    count = 0
    _check_bidders(story, purpose)
    for place, _, seal in places(story, purpose):
        count += 1
        statement = f"{place}.seal.dsse.json"
        if story.package.members[f"{place}.age"].size != seal.body.ct_size:
            raise Broken(f"{place}.age", "not_as_signed")
        if story.package.read(statement) != seal.entry.logged.envelope.to_bytes():
            raise Broken(statement, "not_as_signed")
    return count
