"""A message to a person: what may stand in it, by which ways it goes, and when it waits for the morning."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import Enum

from core.kernel.calendar import BEIJING
from core.kernel.errors import RuleBroken


class Topic(Enum):
    """What a message is about; people choose their ways by it."""

    CHANGE = "change"  # deadlines, amendments, suspension, termination
    RESULT = "result"  # candidates, award, result notices
    TASK = "task"  # something waits for you
    PROGRESS = "progress"
    ACCOUNT = "account"  # keys and logins


class Medium(Enum):
    """A way to a person."""

    INBOX = "inbox"
    MAIL = "mail"
    SMS = "sms"


class Language(Enum):
    """In which language mail and SMS are written."""

    CHINESE = "zh"
    ENGLISH = "en"


LEGAL = frozenset({Topic.CHANGE, Topic.RESULT})  # what the law has a tenderer tell: always in the inbox, at any hour
OUTSIDE = (Medium.MAIL, Medium.SMS)
UNLESS_CHOSEN = frozenset((topic, medium) for topic in Topic for medium in Medium) - {
    (Topic.PROGRESS, Medium.MAIL),
    (Topic.PROGRESS, Medium.SMS),
}
PATIENCE = timedelta(hours=24)  # how long a message that cannot be delivered is tried again

Wishes = Mapping[tuple[Topic, Medium], bool]


@dataclass(frozen=True, slots=True)
class Notice:
    """All that a message may say: a known sentence, the number and title of what it is about, and where to go on.

    There is no room in it for a figure, a name or a text of somebody else's, so that nothing gets out before its moment.
    """

    words: str  # `message.<words>` and `message.<words>.todo` in the catalogue
    topic: Topic
    number: str  # of the lot or case, "" for none
    title: str
    link: str  # a path on this site


class Discretion(Enum):
    """Who may see that somebody was told."""

    INSIDE = "inside"  # the person alone: it stays in the inbox, for whoever carries mail could count who gets it
    UNCOUNTED = "uncounted"  # it may be carried outside, but no operator's page shows to whom
    OPEN = "open"  # that these people are concerned is known


@dataclass(frozen=True, slots=True)
class Telling:
    """A notice, and how discreetly it is told."""

    notice: Notice
    discretion: Discretion


def is_wanted(topic: Topic, medium: Medium, wishes: Wishes) -> bool:
    """Whether somebody has messages of this topic by this way; the inbox takes legal notices always (招标投标法 art. 23, 45)."""
    if medium is Medium.INBOX and topic in LEGAL:
        return True
    return wishes.get((topic, medium), (topic, medium) in UNLESS_CHOSEN)


def ways(telling: Telling, wishes: Wishes, reachable: frozenset[Medium]) -> frozenset[Medium]:
    """By which ways a message goes to somebody who has confirmed an address for the `reachable` ones."""
    outside = frozenset() if telling.discretion is Discretion.INSIDE else reachable
    return frozenset(medium for medium in (Medium.INBOX, *outside) if is_wanted(telling.notice.topic, medium, wishes))


# Quiet hours


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From one full hour of the Beijing day to another, past midnight when the first is the later; equal hours: none."""

    begin: int = 22
    end: int = 7

    def __post_init__(self) -> None:
        if not (0 <= self.begin <= 23 and 0 <= self.end <= 23):
            raise RuleBroken("message.quiet_hours")


def waits(topic: Topic, quiet: QuietHours, now: datetime) -> timedelta:
    """How long mail and SMS of this topic wait: until the quiet hours end, legal notices not at all."""
    local = now.astimezone(BEIJING)
    if topic in LEGAL or not _is_within(quiet, local.hour):
        return timedelta(0)
    end = datetime.combine(local.date(), time(quiet.end), BEIJING)
    return (end if end > local else end + timedelta(days=1)) - local


def _is_within(quiet: QuietHours, hour: int) -> bool:
    if quiet.begin <= quiet.end:
        return quiet.begin <= hour < quiet.end
    return hour >= quiet.begin or hour < quiet.end


# Deliveries


class DeliveryState(Enum):
    """The life of one message on one way."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"


def has_waited_too_long(told_at: datetime, slept_s: int, now: datetime) -> bool:
    """Whether a message has been tried for a day since its quiet hours (`slept_s`) ended: news of yesterday only confuses."""
    return now - told_at > PATIENCE + timedelta(seconds=slept_s)
