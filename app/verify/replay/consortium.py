"""Consortia: who bids for several firms has an agreement that all of them had signed, and none of them bids apart (条例 art. 37)."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.verify.entries import Entry
from app.verify.replay import bids
from app.verify.replay.story import Story
from app.verify.verdict import inside
from trading.domain.consortium import Agreement, MemberSigning, check_agreement
from trading.domain.document import TenderDocument

KINDS = ("consortium.register", "consortium.sign", "consortium.dissolve")


@dataclass
class _Formed:
    """A registered consortium: whom it names, and which person has signed for which firm; `until` is where it was dissolved."""

    entry: Entry
    orgs: tuple[str, ...]
    signed: dict[str, Entry] = field(default_factory=dict)
    until: int | None = None

    def is_whole(self, seq: int) -> bool:
        """Whether all had signed, and none had dissolved it, by that place in the case."""
        stands = self.until is None or self.until > seq
        return stands and all(org in self.signed and self.signed[org].seq < seq for org in self.orgs)


def has_any(story: Story) -> bool:
    """Whether there was a consortium, or a bid that says there was."""
    return bool(story.all(*KINDS)) or any(seal.body.consortium for seal in bids.seals(story))


def check_consortia(story: Story) -> str:
    """Replays how consortia were formed, and holds the bids against them; returns how many there were and how many of them bid."""
    formed: dict[str, _Formed] = {}
    for entry in story.all(*KINDS):
        (_register if entry.kind == "consortium.register" else _join)(story, formed, entry)
    bidding: set[str] = set()
    for seal in bids.seals(story):
        if seal.body.consortium:
            _check_seal(formed, seal)
    bound: dict[str, str] = {}
    for _, org, seal in bids.places(story):
        members = seal.body.consortium or (org,)
        seal.entry.require(members[0] == org, "agreement_missing")
        for member in members:
            seal.entry.require(bound.setdefault(member, org) == org, "member_bound", org=member)
        bidding |= {org} if seal.body.consortium else set()
        stands = [one for one in formed.values() if org in one.signed and (one.until is None or one.until > seal.entry.seq)]
        seal.entry.require(all(one.orgs == seal.body.consortium for one in stands), "member_bound", org=org)
    return f"{len(formed)}; {len(bidding)}"


def _register(story: Story, formed: dict[str, _Formed], entry: Entry) -> None:
    with inside(entry.member):
        agreement = Agreement.read(entry.body)
        most = TenderDocument.read(story.document.body).consortium_members
        check_agreement(agreement, most, agreement.lead.org, frozenset())
    orgs = tuple(str(org) for org in agreement.orgs)
    _check_free(formed, entry, orgs[0])
    formed[entry.digest] = _Formed(entry, orgs, {orgs[0]: entry})


def _join(_story: Story, formed: dict[str, _Formed], entry: Entry) -> None:
    with inside(entry.member):
        said = MemberSigning.read(entry.body)
    one, org = formed.get(said.register_sha256), str(said.org)
    entry.require(one is not None, "agreement_missing")
    assert one is not None
    entry.require(one.until is None, "agreement_missing")
    entry.require(org in one.orgs, "member_unknown", org=org)
    if entry.kind == "consortium.dissolve":
        one.until = entry.seq
        return
    entry.require(org not in one.signed, "event_twice", kind=entry.kind)
    entry.require(entry.actor not in {signed.actor for signed in one.signed.values()}, "signed_twice")
    _check_free(formed, entry, org)
    one.signed[org] = entry


def _check_free(formed: dict[str, _Formed], entry: Entry, org: str) -> None:
    bound = [one for one in formed.values() if one.until is None and org in one.signed]
    entry.require(not bound, "member_bound", org=org)


def _check_seal(formed: dict[str, _Formed], seal: bids.Seal) -> None:
    """The members that a seal names are those of one agreement, which all of them had signed by then."""
    fitting = [one for one in formed.values() if one.orgs == seal.body.consortium]
    seal.entry.require(bool(fitting), "agreement_missing")
    seal.entry.require(any(one.is_whole(seal.entry.seq) for one in fitting), "member_unsigned")
