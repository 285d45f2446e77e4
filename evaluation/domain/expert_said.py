"""What is signed about an expert: the bodies of the statements of the keeper of the pool and of the expert."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum

from core.identity.domain.act import Expect
from core.identity.domain.organisation import normal_name, social_credit_code
from core.kernel.body import Body, digest
from core.kernel.errors import RuleBroken, Stale
from core.kernel.ids import CaseId
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from evaluation.domain.expert import Firm, Ground, PastEmployment, Purpose
from evaluation.domain.specialty import MOST, check_strata

MOST_FIRMS = 30
LONGEST_REASON = 500


def keepers_act(kind: str, number: str) -> Expect:
    """What the keeper of the pool signs, with a step-up, on an expert's chain."""
    return Expect(kind, CaseId(number), role=Role.CENTRE, step_up=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What the keeper of the pool says of an expert: the signed body of `expert.admit`. `origin`: the number of the agreement by which a
    partner city lends them, "" for the pool's own; `origin_key`: what its catalogue calls them."""

    name: str
    employer: Firm
    region: str
    title: str
    qualified_from: date
    qualified_to: date
    strata: tuple[str, ...]
    past: tuple[PastEmployment, ...] = ()
    origin: str = ""
    origin_key: str = ""

    @classmethod
    def read(cls, signed: Mapping[str, object]) -> Profile:
        """Of a signed body or of a draft; raises RuleBroken `body.malformed` naming the member, or the rule that it breaks."""
        body = Body(signed)
        read = cls.take(body)
        body.done()
        return read

    @classmethod
    def take(cls, body: Body) -> Profile:
        """Out of a body that says more."""
        read = cls(
            name=body.text("name", 60),
            employer=_firm(body.part("employer")),
            region=body.text("region", 60),
            title=body.text("title", 60),
            qualified_from=body.day("qualified_from"),
            qualified_to=body.day("qualified_to"),
            strata=check_strata(body.texts("strata", MOST, 30)),
            past=tuple(_past(one) for one in body.objects("past", 0, MOST_FIRMS)),
            origin=body.text("origin", 20, least=0),
            origin_key=body.text("origin_key", 60, least=0),
        )
        if read.qualified_to < read.qualified_from:
            raise RuleBroken("expert.qualified_days")
        if bool(read.origin) != bool(read.origin_key):
            raise RuleBroken("expert.origin_key")
        return read

    def to_json(self) -> dict[str, JSON]:
        """As it stands in the signed body."""
        return {
            "name": self.name,
            "employer": {"uscc": self.employer.uscc, "name": self.employer.name},
            "region": self.region,
            "title": self.title,
            "qualified_from": self.qualified_from.isoformat(),
            "qualified_to": self.qualified_to.isoformat(),
            "strata": list(self.strata),
            "past": past_json(self.past),
            "origin": self.origin,
            "origin_key": self.origin_key,
        }

    @property
    def sha256(self) -> str:
        """The digest by which an amendment names what it takes the place of."""
        return digest(self.to_json())


def past_json(past: tuple[PastEmployment, ...]) -> list[JSON]:
    """Former employers as they stand in a signed body."""
    return [{"uscc": one.firm.uscc, "name": one.firm.name, "since": one.since.isoformat(), "until": one.until.isoformat()} for one in past]


@dataclass(frozen=True, slots=True)
class Amendment:
    """The signed body of `expert.amend`: the profile as it shall stand, why, and the digest of the one that it takes the place of."""

    profile: Profile
    reason: str
    replaces: str

    @classmethod
    def read(cls, signed: Mapping[str, object]) -> Amendment:
        """Of a signed body; raises RuleBroken naming the member."""
        body = Body(signed)
        read = cls(Profile.take(body), body.text("reason", LONGEST_REASON, least=2), body.digest("replaces", optional=True))
        body.done()
        return read


def check_replaces(said: str, standing: str) -> None:
    """Raises Stale for an amendment of another profile than the one that stands."""
    if said != standing:
        raise Stale("expert.changed_meanwhile")


@dataclass(frozen=True, slots=True)
class TrainingNote:
    """The signed body of `expert.train`."""

    on: date
    until: date
    hours: int
    course: str

    @classmethod
    def read(cls, signed: Mapping[str, object], today: date) -> TrainingNote:
        """Of a signed body; raises RuleBroken for a training to come, or one that ends before it begins."""
        body = Body(signed)
        read = cls(body.day("on"), body.day("until"), body.count("hours", 1, 500), body.text("course", 120))
        body.done()
        if read.until < read.on or read.on > today:
            raise RuleBroken("expert.training_days")
        return read


@dataclass(frozen=True, slots=True)
class SuspensionNote:
    """The signed body of `expert.suspend`; `until` None: until it is lifted."""

    since: date
    until: date | None
    ground: Ground
    reason: str
    ordered_by: str
    document: str

    @classmethod
    def read(cls, signed: Mapping[str, object], today: date) -> SuspensionNote:
        """Of a signed body, `until` "" where it is open; raises RuleBroken for days before today or an end before the beginning."""
        body = Body(signed)
        since, until = body.day("since"), _day_or_none(body, "until")
        read = cls(
            since,
            until,
            body.choice("ground", Ground),
            body.text("reason", LONGEST_REASON, least=2),
            body.text("ordered_by", 120),
            body.text("document", 120, least=0),
        )
        body.done()
        if since < today or (until is not None and until < since):
            raise RuleBroken("expert.suspension_days")
        return read


@dataclass(frozen=True, slots=True)
class RatingNote:
    """The signed body of `expert.rate`: points of a hundred for the conduct in one lot's evaluation, and why."""

    lot: str
    points: int
    reason: str

    @classmethod
    def read(cls, signed: Mapping[str, object]) -> RatingNote:
        """Of a signed body; raises RuleBroken naming the member."""
        body = Body(signed)
        read = cls(body.text("number", 24), body.count("points", 0, 100), body.text("reason", LONGEST_REASON, least=2))
        body.done()
        return read


@dataclass(frozen=True, slots=True)
class Reasoned:
    """The signed body of acts that need nothing but a reason: `expert.lift`, `expert.remove`, `expert.readmit`."""

    reason: str

    @classmethod
    def read(cls, signed: Mapping[str, object]) -> Reasoned:
        """Of a signed body; raises RuleBroken naming the member."""
        body = Body(signed)
        read = cls(body.text("reason", LONGEST_REASON, least=2))
        body.done()
        return read


# The expert's own


class BondKind(Enum):
    """By whom or what an expert is bound to a firm."""

    RELATIVE = "relative"
    TIE = "tie"  # shares, loans, services rendered


@dataclass(frozen=True, slots=True)
class Bond:
    """A firm to which somebody is bound, and how: a relative's post there, shares held, a service rendered."""

    kind: BondKind
    firm: Firm
    relation: str

    def to_json(self) -> dict[str, JSON]:
        """As it is kept."""
        return {"uscc": self.firm.uscc, "name": self.firm.name, "relation": self.relation}


@dataclass(frozen=True, slots=True)
class Declaration:
    """The signed body of `expert.declare`: in which firms near relatives work, to which the expert is bound by money; nothing else of
    the relatives is asked."""

    bonds: tuple[Bond, ...]

    @classmethod
    def read(cls, signed: Mapping[str, object]) -> Declaration:
        """Of a signed body; raises RuleBroken naming the member."""
        body = Body(signed)
        read = cls(tuple(_bond(one) for one in body.objects("bonds", 0, MOST_FIRMS)))
        body.done()
        return read

    def of(self, kind: BondKind) -> list[JSON]:
        """The bonds of one kind as they are kept."""
        return [one.to_json() for one in self.bonds if one.kind is kind]


CONSENT_VERSION = 1
"""Of the text that is agreed to; a new text is a new version, and is asked for anew."""

KEEP_YEARS: Mapping[Purpose, int] = {Purpose.IDENTITY: 3, Purpose.FACE: 2, Purpose.VOICE: 2}
"""For how many years from the consent the data of a purpose are kept at most (个人信息保护法 art. 19: no longer than needed)."""


@dataclass(frozen=True, slots=True)
class Consent:
    """The signed body of `expert.consent`: one purpose, the version of its text, and the last day for which the data may be kept."""

    purpose: Purpose
    version: int
    until: date

    @classmethod
    def read(cls, signed: Mapping[str, object], today: date) -> Consent:
        """Of a signed body; raises Stale for another version of the text or another day than the text says today."""
        body = Body(signed)
        read = cls(body.choice("purpose", Purpose), body.count("version", 1), body.day("until"))
        body.done()
        if read.version != CONSENT_VERSION or read.until != kept_until(read.purpose, today):
            raise Stale("expert.consent_text")
        return read


def kept_until(purpose: Purpose, today: date) -> date:
    """The last day for which data of that purpose may be kept when consent is given on `today`; 28 February for a 29th."""
    year = today.year + KEEP_YEARS[purpose]
    return today.replace(year=year, day=28) if (today.month, today.day) == (2, 29) else today.replace(year=year)


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """The signed body of `expert.withdraw`; no reason is asked (个人信息保护法 art. 15)."""

    purpose: Purpose

    @classmethod
    def read(cls, signed: Mapping[str, object]) -> Withdrawal:
        """Of a signed body; raises RuleBroken naming the member."""
        body = Body(signed)
        read = cls(body.choice("purpose", Purpose))
        body.done()
        return read


# Parts


def _firm(body: Body) -> Firm:
    read = _firm_in(body)
    body.done()
    return read


def _firm_in(body: Body) -> Firm:
    return Firm(social_credit_code(body.text("uscc", 18)), normal_name(body.text("name", 120)))


def _past(body: Body) -> PastEmployment:
    read = PastEmployment(_firm_in(body), body.day("since"), body.day("until"))
    body.done()
    if read.until < read.since:
        raise RuleBroken("expert.past_days")
    return read


def _bond(body: Body) -> Bond:
    read = Bond(body.choice("kind", BondKind), _firm_in(body), body.text("relation", 60))
    body.done()
    return read


def _day_or_none(body: Body, name: str) -> date | None:
    written = body.text(name, 10, least=0)
    return Body({name: written}).day(name) if written else None
