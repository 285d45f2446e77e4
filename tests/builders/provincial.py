"""A provincial pool that draws instead: an agreement, its experts among the pool, and replies that its office signs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from core.identity.domain.anchor import Said
from core.kernel.encoding import sha256
from core.kernel.jcs import JSON, parse_object
from evaluation.domain.draw import Quota, Wanted
from evaluation.domain.provincial import REPLY
from evaluation.domain.redraw import FIRST
from evaluation.queries import provincial as queries
from evaluation.services import agreements, draws
from evaluation.services import provincial as services
from tests.builders import experts as pool_experts
from tests.builders.anchors import deciders, listed_of, recognise
from tests.builders.authorities import ForeignAuthority
from tests.builders.evaluation import SITES, WINDOW, Room
from tests.builders.partners import Office

NAME = "江北省综合评标专家库"
QUOTAS = (Quota("civil", 5), Quota("cost", 2))


@dataclass
class Province:
    """A partner's pool with so many experts of each specialty, for a room; the first expert works for a bidder."""

    room: Room
    office: Office
    agreement: str
    held: dict[str, list[str]]

    @classmethod
    def make(cls, room: Room, civil: int = 8, cost: int = 3, family: str = "ecdsa") -> Province:
        """Agreed with, its root recognised, its experts admitted as guests."""
        tender, keeper = room.tender, room.tender.centre
        authority = ForeignAuthority("江北", tender.now)
        recognise(deciders(tender.crowd), authority)
        day = pool_experts.today(tender.door)
        body = {"partner": NAME, "city": "江北市", "document": "江临协〔2026〕2号", "since": day.isoformat()}
        body |= {"until": (day + timedelta(days=365)).isoformat(), "recognises": ["qualification", "training"], "note": ""}
        act = keeper.act("pool.agreement", "POOL", body=body, step_up=True)
        agreement = str(tender.door.perform(keeper.actor, lambda work: agreements.conclude(work, act))["agreement"])
        made = cls(room, Office.make(NAME, authority, family), agreement, {"civil": [], "cost": []})
        for number, stratum in enumerate(["civil"] * civil + ["cost"] * cost):
            made.admit(stratum, tender.bidders[0].org_name if number == 0 else f"江北第{number}设计院")
        return made

    def admit(self, stratum: str, employer: str) -> str:
        """One more of its experts among our pool."""
        number = sum(len(ids) for ids in self.held.values())
        reference, keeper = f"S-{number:04}", self.room.tender.centre
        expert = self.room.tender.crowd.join(self.room.experts[0].role, employer)
        self.room.experts.append(expert)
        entry = {"origin": self.agreement, "origin_key": reference, "region": "江北市"}
        pool_experts.ready(self.room.tender.door, keeper, expert, [stratum], **entry)
        self.held[stratum].append(reference)
        return reference

    def prepare(self, **changes: Any) -> dict[str, JSON]:
        """The centre has a letter drawn up."""
        at = self.room.tender.now + timedelta(hours=3)
        agreement = changes.get("agreement", self.agreement)
        wanted = Wanted(changes.get("quotas", QUOTAS), 1, at, WINDOW, changes.get("again", FIRST), "", agreement)
        return self.room.perform(self.room.tender.centre, lambda work: draws.prepare(work, self.room.number, wanted, SITES))

    def asked(self) -> Province:
        """The centre has signed the letter."""
        prepared = self.prepare()
        self.room.request(prepared)
        self.room.draw = str(prepared["draw"])
        return self

    @property
    def letter(self) -> bytes:
        """The letter as it is sent."""
        return self.room.tender.door.read(lambda session: queries.letter(session, self.room.number, self.room.draw))

    def said(self, **changes: Any) -> dict[str, Any]:
        """What the pool would reply to it."""
        letter = parse_object(self.letter, strict=True)
        out = set(letter["recused"])  # type: ignore[arg-type]
        fitting = {stratum: [one for one in ids if one not in out] for stratum, ids in self.held.items()}
        quotas = {quota.stratum: quota.count for quota in QUOTAS}
        picked = {stratum: ids[: quotas[stratum]] for stratum, ids in fitting.items()}
        reserves = {stratum: ids[quotas[stratum] :] for stratum, ids in fitting.items()}
        said = {"format": REPLY, "request_sha256": sha256(self.letter).hex(), "picked": picked, "reserves": reserves}
        return said | changes

    def reply(self, office: Office | None = None, **changes: Any) -> dict[str, JSON]:
        """The centre hands in the pool's reply."""
        return self.hand_in((office or self.office).file("reply", self.said(**changes)))

    def hand_in(self, file: dict[str, Any], told: Sequence[Said] | None = None) -> dict[str, JSON]:
        """The centre hands in a file; `told`: what the authority says, by default how the office's certificate stands with it."""
        said = listed_of(self.office.authority, self.office.certificate, self.room.tender.now) if told is None else told
        body, act = {"draw": self.room.draw, "file": file}, lambda work, number, signed: services.reply(work, number, signed, said)
        return self.room.signed(self.room.tender.centre, "draw.reply", body, act, step_up=True)
