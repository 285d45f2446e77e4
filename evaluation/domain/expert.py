"""An expert of the pool (评标专家): the life of an entry, who may be drawn on a day, and who must step back from which firms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum

from core.kernel.errors import Refusal, WrongState
from core.kernel.ids import PersonId
from core.kernel.moves import Move, Moves, at
from core.kernel.roles import Role

PAST_YEARS = 3  # how long a former employer still counts (浙江省招标投标条例 art. 31)


class ExpertState(Enum):
    """The life of an entry; a suspension is no state of it but a span of days."""

    DRAFT = "draft"  # typed by the keeper, waits for the keeper's signature
    ACTIVE = "active"
    REMOVED = "removed"


def may_play(state: ExpertState, person: object) -> bool:
    """Whether an entry may take part in a drill: it stands, and somebody can sign in for it."""
    return state is ExpertState.ACTIVE and person is not None


class ExpertAction(Enum):
    """What is done about an entry: by the keeper of the pool, and by the expert themself from DECLARE on."""

    SAVE = "save"
    ADMIT = "admit"
    DISCARD = "discard"
    AMEND = "amend"
    LINK = "link"  # the account of the expert
    CONTACT = "contact"
    TRAIN = "train"
    RATE = "rate"
    SUSPEND = "suspend"
    LIFT = "lift"
    REMOVE = "remove"
    READMIT = "readmit"
    DECLARE = "declare"
    CONSENT = "consent"
    WITHDRAW = "withdraw"


@dataclass(frozen=True, slots=True, kw_only=True)
class LifeFacts:
    """What the table of moves looks at on the day: whether a suspension stands, and whether the purpose at hand has consent."""

    is_suspended: bool = False
    has_consent: bool = False


def is_not_suspended(facts: LifeFacts) -> Refusal | None:
    """One suspension at a time: it is lifted before another begins."""
    return WrongState("expert.suspended_already") if facts.is_suspended else None


def a_suspension_stands(facts: LifeFacts) -> Refusal | None:
    """Only what stands is lifted."""
    return None if facts.is_suspended else WrongState("expert.not_suspended")


def a_consent_stands(facts: LifeFacts) -> Refusal | None:
    """Only what was given is withdrawn."""
    return None if facts.has_consent else WrongState("expert.no_consent")


_KEEPER, _EXPERT = frozenset({Role.CENTRE}), frozenset({Role.EXPERT})
_S, _A = ExpertState, ExpertAction

MOVES: Moves[ExpertAction, ExpertState, Role, LifeFacts] = Moves(
    "expert",
    (
        # action, from, to, who, only if
        Move(_A.SAVE, at(_S.DRAFT), _S.DRAFT, _KEEPER),
        Move(_A.DISCARD, at(_S.DRAFT), _S.REMOVED, _KEEPER),  # nothing of it is kept
        Move(_A.ADMIT, at(_S.DRAFT), _S.ACTIVE, _KEEPER),
        Move(_A.AMEND, at(_S.ACTIVE), _S.ACTIVE, _KEEPER),
        Move(_A.LINK, at(_S.ACTIVE), _S.ACTIVE, _KEEPER),
        Move(_A.CONTACT, at(_S.ACTIVE), _S.ACTIVE, _KEEPER | _EXPERT),
        Move(_A.TRAIN, at(_S.ACTIVE), _S.ACTIVE, _KEEPER),
        Move(_A.RATE, at(_S.ACTIVE), _S.ACTIVE, _KEEPER),
        Move(_A.SUSPEND, at(_S.ACTIVE), _S.ACTIVE, _KEEPER, is_not_suspended),
        Move(_A.LIFT, at(_S.ACTIVE), _S.ACTIVE, _KEEPER, a_suspension_stands),
        Move(_A.REMOVE, at(_S.ACTIVE), _S.REMOVED, _KEEPER),
        Move(_A.READMIT, at(_S.REMOVED), _S.ACTIVE, _KEEPER),
        Move(_A.DECLARE, at(_S.ACTIVE), _S.ACTIVE, _EXPERT),
        Move(_A.CONSENT, at(_S.ACTIVE), _S.ACTIVE, _EXPERT),
        Move(_A.WITHDRAW, at(_S.ACTIVE), _S.ACTIVE, _EXPERT, a_consent_stands),
        Move(_A.WITHDRAW, at(_S.REMOVED), _S.REMOVED, _EXPERT, a_consent_stands),
    ),
)


# Facts


class Purpose(Enum):
    """What personal data are kept for; each is asked for by itself (个人信息保护法 arts 14, 29)."""

    IDENTITY = "identity"  # identity document, at the gate, at the seat and at a signature
    FACE = "face"  # picture of the face, to recognise who sits there
    VOICE = "voice"  # voice in calls and in the room, and its recordings


NEEDED = frozenset(Purpose)
"""Without any of these nobody can be called, let in and recorded, so nobody is drawn (个人信息保护法 art. 16)."""


class Ground(Enum):
    """Why somebody is suspended."""

    PUNISHED = "punished"  # administrative or criminal punishment for unlawful acts in tendering
    DISCIPLINE = "discipline"  # breach of the pool's own rules
    REQUESTED = "requested"  # at the expert's own wish: illness, time abroad
    INVESTIGATED = "investigated"  # while a supervisor looks into something


@dataclass(frozen=True, slots=True)
class Suspension:
    """Days on which somebody may not be drawn, both ends included; `until` None: until it is lifted, from `lifted_on` on."""

    since: date
    until: date | None
    ground: Ground
    lifted_on: date | None = None

    def covers(self, day: date) -> bool:
        """Whether it holds on that day."""
        ended = (self.until is not None and day > self.until) or (self.lifted_on is not None and day >= self.lifted_on)
        return self.since <= day and not ended


@dataclass(frozen=True, slots=True)
class Training:
    """A training counts from its day to the last day of its validity, both included; `is_partners`: a partner city told of it."""

    on: date
    until: date
    is_partners: bool = False


@dataclass(frozen=True, slots=True)
class Firm:
    """An organisation that somebody is or was bound to, by its unified social credit code."""

    uscc: str
    name: str


@dataclass(frozen=True, slots=True)
class PastEmployment:
    """An employer of former days; `until` is the last day there."""

    firm: Firm
    since: date
    until: date


class Recognised(Enum):
    """What an agreement of two pools may recognise of each other's (发改办法规〔2025〕807号)."""

    QUALIFICATION = "qualification"
    TRAINING = "training"
    CONDUCT = "conduct"
    FEES = "fees"
    CERTIFICATES = "certificates"
    SITES = "sites"
    RECORDINGS = "recordings"
    ARCHIVES = "archives"
    CLOCK = "clock"


@dataclass(frozen=True, slots=True)
class Recognition:
    """An agreement of pools: what it recognises, and on which days, both ends included; from `ended_on` on no longer."""

    number: str
    since: date
    until: date
    what: frozenset[Recognised]
    ended_on: date | None = None

    def covers(self, day: date, what: Recognised) -> bool:
        """Whether it is in force on that day and recognises this."""
        return what in self.what and self.since <= day <= self.until and (self.ended_on is None or day < self.ended_on)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpertFacts:
    """What is known of an expert; `origin`: the agreement by which a partner city lends them, None for
    the pool's own."""

    id: str
    number: str
    person: PersonId | None
    state: ExpertState
    strata: tuple[str, ...]
    region: str
    employer: Firm
    past: tuple[PastEmployment, ...] = ()
    relatives: tuple[Firm, ...] = ()
    ties: tuple[Firm, ...] = ()
    qualified_from: date | None = None
    qualified_to: date | None = None
    trainings: tuple[Training, ...] = ()
    suspensions: tuple[Suspension, ...] = ()
    consents: frozenset[Purpose] = frozenset()
    origin: Recognition | None = None


# Who may be drawn


class Bar(Enum):
    """Why somebody may not be drawn on a day; the first that holds is told."""

    NOT_ACTIVE = "not_active"
    NO_AGREEMENT = "no_agreement"  # a partner's expert, and no agreement in force recognises them
    NOT_QUALIFIED = "not_qualified"
    NOT_TRAINED = "not_trained"
    SUSPENDED = "suspended"
    NO_ACCOUNT = "no_account"  # nobody who could sign in and sign
    NO_CONSENT = "no_consent"


def bar_to(facts: ExpertFacts, day: date) -> Bar | None:
    """Why this expert may not be drawn on that Beijing day, None when they may (评标专家和评标专家库管理办法; 招标投标法 art. 37)."""
    found = (
        (Bar.NOT_ACTIVE, facts.state is not ExpertState.ACTIVE),
        (Bar.NO_AGREEMENT, not _is_recognised(facts, day, Recognised.QUALIFICATION)),
        (Bar.NOT_QUALIFIED, not _is_qualified(facts, day)),
        (Bar.NOT_TRAINED, not any(_counts(facts, one, day) for one in facts.trainings)),
        (Bar.SUSPENDED, any(one.covers(day) for one in facts.suspensions)),
        (Bar.NO_ACCOUNT, facts.person is None),
        (Bar.NO_CONSENT, not facts.consents >= NEEDED),
    )
    return next((bar for bar, holds in found if holds), None)


def is_eligible(facts: ExpertFacts, day: date) -> bool:
    """Whether this expert may be drawn on that Beijing day; `bar_to` says why not."""
    return bar_to(facts, day) is None


def _is_qualified(facts: ExpertFacts, day: date) -> bool:
    since, until = facts.qualified_from, facts.qualified_to
    return since is not None and until is not None and since <= day <= until


def _is_recognised(facts: ExpertFacts, day: date, what: Recognised) -> bool:
    """The pool's own need no agreement; a partner's need one in force that recognises it (发改办法规〔2025〕807号)."""
    return facts.origin is None or facts.origin.covers(day, what)


def _counts(facts: ExpertFacts, training: Training, day: date) -> bool:
    is_known = not training.is_partners or _is_recognised(facts, day, Recognised.TRAINING)
    return is_known and training.on <= day <= training.until


# Who must step back


class Cause(Enum):
    """Why somebody must step back from a lot. It never leaves the services: beside the firm that bids it would tell who does."""

    EMPLOYER = "employer"
    PAST_EMPLOYMENT = "past_employment"
    RELATIVES = "relatives"
    ECONOMIC_TIES = "economic_ties"
    PUNISHMENT = "punishment"


def must_step_back(facts: ExpertFacts, interested: frozenset[str], day: date) -> Cause | None:
    """The cause for which this expert must step back from a lot in which these firms (by credit code) bid, tender or act, None for none.

    招标投标法 art. 37; 评标委员会和评标方法暂行规定 (12号令) art. 12; 浙江省招标投标条例 art. 31. A punishment counts whoever bids.
    """
    first = years_before(day, PAST_YEARS)
    found = (
        (Cause.EMPLOYER, facts.employer.uscc in interested),
        (Cause.PAST_EMPLOYMENT, any(one.firm.uscc in interested and one.until > first for one in facts.past)),
        (Cause.RELATIVES, any(firm.uscc in interested for firm in facts.relatives)),
        (Cause.ECONOMIC_TIES, any(firm.uscc in interested for firm in facts.ties)),
        (Cause.PUNISHMENT, any(one.ground is Ground.PUNISHED and one.since <= day for one in facts.suspensions)),
    )
    return next((cause for cause, holds in found if holds), None)


def years_before(day: date, years: int) -> date:
    """The same day so many years earlier; 28 February for a 29th that the year lacks."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)
