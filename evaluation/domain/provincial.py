"""Where a provincial pool draws instead: the letter that asks for it, its signed reply, and the list that this reply gives.

Nobody here can compute such a draw again; what can be checked is who signed it, that it answers this letter, and who followed whom.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.kernel import draw as kernel
from core.kernel import jcs
from core.kernel.draw import Drawn
from core.kernel.encoding import lp, sha256
from core.kernel.errors import Refusal, RuleBroken
from core.kernel.jcs import JSON
from evaluation.domain.body import Body
from evaluation.domain.calling import Conditions
from evaluation.domain.draw import Quota
from evaluation.domain.partner_word import PartnerWord

LETTER, REPLY = "gongheng/pool-request/v1", "gongheng/pool-reply/v1"
_SEED, _ORDER = b"ztb/v1/draw-reply\0", b"ztb/v1/draw-order\0"
_REFERENCE = re.compile(r"[0-9A-Za-z-]{1,20}")  # what a partner's pool calls an expert, as a pseudonym of the draw


@dataclass(frozen=True, slots=True)
class By:
    """Who draws: the agreement, the partner's name as its certificates tell it, the letter's own reference, and what the order of the
    seats was committed to before anybody was named."""

    agreement: str
    partner: str
    reference: str
    order: str

    def to_json(self) -> dict[str, JSON]:
        """The member `by` of the request."""
        return {"agreement": self.agreement, "partner": self.partner, "reference": self.reference, "order": self.order}


def order_commit(reference: str, value: bytes) -> str:
    """What is fixed in the request about the order of the seats; the value is shown with the list, so whoever names the members could not
    know it."""
    return sha256(_ORDER + lp(reference.encode()) + lp(value)).hex()


def drawn_by(request: Mapping[str, Any]) -> By | None:
    """Who draws instead, None where the draw is our own; raises RuleBroken for a malformed member."""
    if "by" not in request:
        return None
    fields = Body(request["by"], "agreement", "partner", "reference", "order", place="by")
    said = fields.text("agreement", 20, 1), fields.text("partner", 120, 1), fields.text("reference", 40, 1)
    return By(*said, order=fields.text("order", 64, 64))


def request_of(by: By, quotas: Sequence[Quota], recused: Sequence[str], org_cap: int) -> dict[str, JSON]:
    """The `request` object that the centre signs; the pool is the partner's, and so are the references of those who must not sit."""
    strata: list[JSON] = [{"id": quota.stratum, "quota": quota.count} for quota in quotas]
    return {"by": by.to_json(), "pool": [], "strata": strata, "recused": list[JSON](sorted(recused)), "org_cap": org_cap}


def letter(request: Mapping[str, Any], calling: Conditions) -> dict[str, JSON]:
    """What the partner is sent: what is wanted, when and where; neither project nor bidders, nor why somebody must not sit."""
    by = drawn_by(request)
    if by is None:
        raise RuleBroken("draw.reply.own")
    wanted: dict[str, JSON] = {name: request[name] for name in ("strata", "recused", "org_cap")}
    told = {name: value for name, value in calling.to_json().items() if name != "gateway"}
    return {"format": LETTER, "partner": by.partner, "reference": by.reference, **wanted, "calling": told}


def letter_sha256(request: Mapping[str, Any], calling: Conditions) -> str:
    """The digest that a reply must name."""
    return sha256(jcs.canonical(letter(request, calling))).hex()


@dataclass(frozen=True, slots=True)
class Reply:
    """Who was drawn and who follows, by stratum, under the partner's own references; a further reply draws nobody and adds reserves."""

    request_sha256: str
    picked: Mapping[str, tuple[str, ...]]
    reserves: Mapping[str, tuple[str, ...]]

    @classmethod
    def read(cls, said: Mapping[str, JSON]) -> Reply:
        """Of the signed object; raises RuleBroken for another form."""
        if set(said) != {"format", "request_sha256", "picked", "reserves"} or said["format"] != REPLY:
            raise RuleBroken("draw.reply.form")
        return cls(str(said["request_sha256"]), _lists(said["picked"]), _lists(said["reserves"]))

    @property
    def everybody(self) -> list[str]:
        """All references, as often as they stand there."""
        return [one for lists in (self.picked, self.reserves) for ids in lists.values() for one in ids]


def _lists(value: JSON) -> dict[str, tuple[str, ...]]:
    if not isinstance(value, Mapping):
        raise RuleBroken("draw.reply.form")
    found = {}
    for stratum, ids in value.items():
        if not isinstance(ids, list) or not all(isinstance(one, str) and _REFERENCE.fullmatch(one) for one in ids):
            raise RuleBroken("draw.reply.form")
        found[stratum] = tuple(str(one) for one in ids)
    return found


def answers(reply: Reply, request: Mapping[str, Any], digest: str, known: Sequence[Reply] = ()) -> Refusal | None:
    """Whether a reply fits its letter: as many as were wanted in each stratum (in a further one nobody), nobody twice, nobody recused."""
    quotas = {str(one["id"]): 0 if known else int(one["quota"]) for one in request["strata"]}
    if reply.request_sha256 != digest:
        return RuleBroken("draw.reply.other_letter")
    if set(reply.picked) != set(quotas) or set(reply.reserves) != set(quotas):
        return RuleBroken("draw.reply.strata")
    for stratum, quota in quotas.items():
        if len(reply.picked[stratum]) != quota:
            return RuleBroken("draw.reply.count", stratum=stratum, quota=quota)
    named = [one for each in (*known, reply) for one in each.everybody]
    if len(named) != len(set(named)):
        return RuleBroken("draw.reply.twice")
    if set(named) & set(request["recused"]):
        return RuleBroken("draw.reply.recused")
    return None


def keeps_the_cap(named: Sequence[str], employers: Mapping[str, str], cap: int) -> Refusal | None:
    """Of each employer no more than the letter's cap (0: any number) among all who are named, those who may follow included: so no
    replacement can break it. `employers`: reference → the firm's code."""
    counted = Counter(employers[one] for one in named)
    too_many = sorted(one for one in named if cap and counted[employers[one]] > cap)
    return RuleBroken("draw.reply.cap", ids="、".join(too_many[:10]), cap=cap) if too_many else None


@dataclass(frozen=True, slots=True)
class ReplyBody:
    """The signed body of `draw.reply`: the partner's file as the centre received it."""

    draw: str
    word: PartnerWord

    @classmethod
    def read(cls, body: object) -> ReplyBody:
        """Raises RuleBroken, BadSignature for a certificate that cannot be read."""
        fields = Body(body, "draw", "file")
        assert isinstance(body, Mapping)
        if not isinstance(body["file"], Mapping):
            raise RuleBroken("draw.reply.form")
        return cls(fields.text("draw", 40, 1), PartnerWord.read(body["file"], "reply"))


class Roster:
    """The list that a partner's replies give; changed by who leaves and by further replies alone."""

    def __init__(self, first: Reply) -> None:
        self._seats = {stratum: list(ids) for stratum, ids in first.picked.items()}
        self._reserves = {stratum: list(ids) for stratum, ids in first.reserves.items()}

    def add(self, further: Reply) -> None:
        """More who may follow, after those that are known."""
        for stratum, ids in further.reserves.items():
            self._reserves[stratum] += ids

    def recuse(self, expert: str, path: str = "$") -> None:
        """One leaves; all others keep their seats, and the next reserve of the stratum follows. Raises DrawFault where nobody is left."""
        for ids in self._reserves.values():
            if expert in ids:
                ids.remove(expert)
                return
        for stratum, seated in self._seats.items():
            if expert in seated:
                if not self._reserves[stratum]:
                    raise kernel.DrawFault(path, "too_few_fit", stratum=stratum)
                seated.remove(expert)
                seated.append(self._reserves[stratum].pop(0))
                return

    def picked(self) -> dict[str, tuple[str, ...]]:
        """Who sits, by stratum."""
        return {stratum: tuple(ids) for stratum, ids in self._seats.items()}

    def reserves(self) -> dict[str, tuple[str, ...]]:
        """Who may follow, by stratum, in the partner's order."""
        return {stratum: tuple(ids) for stratum, ids in self._reserves.items()}


@dataclass(frozen=True, slots=True)
class Answered:
    """A request with the replies to it, the first one first, and the value that was committed to for the order of the seats."""

    case: str
    draw: str
    request: Mapping[str, JSON]
    words: Sequence[PartnerWord]
    order: bytes

    @property
    def seed(self) -> bytes:
        """What gives out the seats. It follows from the request, the first reply and the committed value: whoever signs the reply does not
        know the value, whoever knows the value does not know the reply."""
        said = lp(self.case.encode()), lp(self.draw.encode()), lp(kernel.pool_hash(self.request)), lp(bytes.fromhex(self.words[0].sha256))
        return sha256(_SEED + b"".join(said) + lp(self.order))

    def roster(self) -> Roster:
        """The list that the replies give while nobody has left."""
        first, *further = [Reply.read(word.said) for word in self.words]
        roster = Roster(first)
        for reply in further:
            roster.add(reply)
        return roster

    def list_after(self, gone: Sequence[str]) -> Drawn:
        """The list after all these leavings; raises DrawFault where nobody could follow."""
        roster = self.roster()
        for index, one in enumerate(gone):
            roster.recuse(one, f"$.recused_later[{index}]")
        return Drawn(kernel.pool_hash(self.request), self.seed, roster.picked(), roster.reserves(), ())
