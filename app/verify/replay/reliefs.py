"""Reliefs from deposits as two persons each time have signed them, and how lots and bidders of this case stand to them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from app.verify.entries import Entry
from app.verify.replay.story import MOVES_DEADLINE, Story
from app.verify.verdict import inside
from core.kernel import clock
from core.kernel.calendar import legal_day
from core.kernel.money import Money
from deposits.domain.relief import END, FREE, End, Freed, Project, Waiver, asked_after, freed_by
from deposits.domain.waiver import USE, Use, UseFacts, refuse_use


@dataclass(frozen=True, slots=True)
class Known:
    """A relief: what was signed, since when it holds, and until when it did; None: it holds."""

    said: Freed | Waiver
    since: datetime
    ended: datetime | None = None

    def stood(self, at: datetime) -> bool:
        """Whether it was agreed and not ended at a moment."""
        return self.since <= at and (self.ended is None or at < self.ended)


def read_reliefs(entries: Sequence[Entry]) -> dict[str, Known]:
    """Digest of a statement → the relief; raises Broken."""
    known: dict[str, Known] = {}
    for entry in entries:
        with inside(entry.member):
            said = End.read(entry.body) if entry.kind == END else Freed.read(entry.body) if entry.kind == FREE else Waiver.read(entry.body)
        if not isinstance(said, End):
            known[entry.digest] = Known(said, entry.at)
            continue
        found = known.get(said.relief_sha256)
        entry.require(found is not None and found.ended is None, "relief_unknown")
        assert found is not None
        known[said.relief_sha256] = replace(found, ended=entry.at)
    return known


def check_freed(story: Story, known: Mapping[str, Known]) -> None:
    """No document asks for a deposit where such projects were freed of it when it was signed; raises Broken."""
    document, project = story.document, story.the("project.register")
    asked = Project(project.text("regime"), project.text("category"), project.text("region"))
    freed = [one.said for one in known.values() if isinstance(one.said, Freed) and one.stood(document.at)]
    found = freed_by(freed, asked, legal_day(document.at))
    document.require(found is None or document.count("deposit_fen") == 0, "deposit_freed", source=found.source if found else "")


def used(story: Story, known: Mapping[str, Known]) -> dict[str, tuple[datetime, Waiver]]:
    """Bidder → since when it uses which waiver; raises Broken for one that it could not use."""
    found: dict[str, tuple[datetime, Waiver]] = {}
    for entry in story.deposits:
        if entry.kind == USE:
            said = _read(entry)
            relief = known.get(said.relief_sha256)
            waiver = relief.said if relief is not None and relief.stood(entry.at) else None
            named = waiver if isinstance(waiver, Waiver) else None
            stands = any(_standing(story, str(said.bidder), entry))
            facts = UseFacts(entry.at, _deadline(story, entry.at), said.bidder, named, stands, str(said.bidder) in found)
            refusal = refuse_use(facts)
            entry.require(refusal is None, "waiver_unfit", why="" if refusal is None else refusal.code)
            assert named is not None
            found[str(said.bidder)] = entry.at, named
    return found


def asked_of(story: Story, uses: Mapping[str, tuple[datetime, Waiver]], bidder: str, at: datetime) -> int:
    """What the document asks of a bidder at a moment, fen."""
    since, waiver = uses.get(bidder, (at, None))
    amount = Money(story.document.count("deposit_fen"))
    return asked_after(amount, waiver if since <= at else None).fen


def _read(entry: Entry) -> Use:
    with inside(entry.member):
        return Use.read(entry.body)


def _standing(story: Story, bidder: str, until: Entry) -> Iterator[str]:
    """The deposits of a bidder that were asked for before that statement and were not on their way back."""
    before = list(story.deposits[: list(story.deposits).index(until)])
    promised = (refund for one in before if one.kind == "refund.schedule" for refund in one.each("refunds"))
    gone = {refund.body.get("deposit") for refund in promised if not refund.text("payment")}
    for one in before:
        if one.kind == "deposit.request" and one.text("bidder") == bidder and one.text("deposit") not in gone:
            yield one.text("deposit")


def _deadline(story: Story, at: datetime) -> datetime:
    moved = [one for one in story.all(*MOVES_DEADLINE) if one.at <= at]
    return clock.moment(moved[-1].text("deadline") if moved else story.notice.text("deadline"))
