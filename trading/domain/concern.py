"""Whom an event of trading concerns, and in which words they are told.

Before the opening who bids is secret (招标投标法 art. 22), and whoever carries mail or short messages can count them. So a circle of which
it is secret who belongs to it is told in the inbox alone: `TAKERS`, the `MEMBERS` of a consortium, `APPLICANT` and `REVIEWERS` of a
prequalification, and `FILER`, who objects or complains.
By mail and SMS go only messages to circles that anybody may join (`FOLLOWERS`), to which the tenderer writes letters (`INVITEES`, who hear
all that follows whether they bid or not), that are public (`BIDDERS`, from the opening on), or that are known from the notice (tenderer
and agency); to an `AUTHORITY` uncounted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from core.identity.domain.message import Discretion, Topic
from trading.domain.duty import Reminder


class Circle(Enum):
    """Those who are told."""

    FOLLOWERS = "followers"  # who asked to be, whoever they are
    INVITEES = "invitees"  # people of firms that are invited; of an open lot nobody
    TAKERS = "takers"  # people of firms that have the document receipted, asked about it, or begun, sealed or withdrawn a bid
    REVIEWERS = "reviewers"  # who sit over the applications of a prequalification: secret like any committee
    APPLICANTS = "applicants"  # who has sealed an application for prequalification
    APPLICANT = "applicant"  # people of the firm to which a letter of prequalification is
    MEMBERS = "members"  # people of the firms that a consortium names: nobody else may know that there is one
    BIDDERS = "bidders"  # people of firms whose bids were opened
    WINNER = "winner"
    LOSERS = "losers"
    TENDERER = "tenderer"
    AGENCY = "agency"
    SUPERVISORS = "supervisors"
    FILER = "filer"  # who filed the objection or complaint: nobody else may know who that is
    AUTHORITY = "authority"  # the supervisors to whom a complaint was addressed


DISCRETION: Mapping[Circle, Discretion] = {
    Circle.FOLLOWERS: Discretion.UNCOUNTED,
    Circle.INVITEES: Discretion.UNCOUNTED,
    Circle.TAKERS: Discretion.INSIDE,
    Circle.APPLICANTS: Discretion.INSIDE,
    Circle.REVIEWERS: Discretion.INSIDE,
    Circle.APPLICANT: Discretion.INSIDE,
    Circle.MEMBERS: Discretion.INSIDE,
    Circle.BIDDERS: Discretion.OPEN,
    Circle.WINNER: Discretion.OPEN,
    Circle.LOSERS: Discretion.OPEN,
    Circle.TENDERER: Discretion.OPEN,
    Circle.AGENCY: Discretion.OPEN,
    Circle.SUPERVISORS: Discretion.OPEN,
    Circle.FILER: Discretion.INSIDE,
    Circle.AUTHORITY: Discretion.UNCOUNTED,
}


class Place(Enum):
    """Where a message leads."""

    LOT = "lot"
    INVITATION = "invitation"
    CONSORTIUM = "consortium"
    ROUND = "prequalification"
    OPENING = "opening"
    AWARD_NOTICE = "award-notice"
    CONTRACT = "contract"
    PROJECT = "project"
    OBJECTION = "objection"
    COMPLAINT = "complaint"


@dataclass(frozen=True, slots=True)
class Concern:
    """A circle is told of an event: which sentence, of which topic, and where it leads."""

    circle: Circle
    words: str
    topic: Topic
    place: Place = Place.LOT


def _all(words: str, topic: Topic, place: Place = Place.LOT) -> tuple[Concern, ...]:
    """Before the opening: followers, invitees and takers alike, in the same words: no message tells what its reader is taken for."""
    return tuple(Concern(circle, words, topic, place) for circle in (Circle.FOLLOWERS, Circle.INVITEES, Circle.TAKERS))


def _changed(words: str) -> tuple[Concern, ...]:
    """What changes the time or the terms of a lot, stops or ends it: everybody, tenderer and agency too, by law and at any hour."""
    return (
        *_all(words, Topic.CHANGE),
        Concern(Circle.TENDERER, words, Topic.CHANGE),
        Concern(Circle.AGENCY, words, Topic.CHANGE),
    )


def _parties(words: str, topic: Topic, place: Place) -> tuple[Concern, ...]:
    """Tenderer and agency."""
    return tuple(Concern(circle, words, topic, place) for circle in (Circle.TENDERER, Circle.AGENCY))


def _round_changed(words: str) -> tuple[Concern, ...]:
    """What moves the time of a round: followers and applicants in the same words, and the parties."""
    told = (Circle.FOLLOWERS, Circle.TAKERS, Circle.APPLICANTS, Circle.TENDERER, Circle.AGENCY)
    return tuple(Concern(circle, words, Topic.CHANGE, Place.ROUND) for circle in told)


# Whose an objection or complaint is, its filer alone is told; the parties hear of a complaint when its authority speaks to them.
REMEDIES: Mapping[str, tuple[Concern, ...]] = {
    "objection.file": _parties("objection.file", Topic.TASK, Place.OBJECTION),
    "objection.answer": (Concern(Circle.FILER, "objection.answer", Topic.RESULT, Place.OBJECTION),),
    "objection.withdraw": _parties("objection.withdraw", Topic.PROGRESS, Place.OBJECTION),
    "objection.overdue": (
        Concern(Circle.FILER, "objection.overdue.filer", Topic.RESULT, Place.OBJECTION),
        *_parties("objection.overdue", Topic.TASK, Place.OBJECTION),
    ),
    "complaint.file": (Concern(Circle.AUTHORITY, "complaint.file", Topic.TASK, Place.COMPLAINT),),
    "complaint.withdraw": (Concern(Circle.AUTHORITY, "complaint.withdraw", Topic.PROGRESS, Place.COMPLAINT),),
    "complaint.accept": (Concern(Circle.FILER, "complaint.accept", Topic.RESULT, Place.COMPLAINT),),
    "complaint.refuse": (Concern(Circle.FILER, "complaint.refuse", Topic.RESULT, Place.COMPLAINT),),
    "complaint.hand_over": (Concern(Circle.FILER, "complaint.hand_over", Topic.RESULT, Place.COMPLAINT),),
    "complaint.investigate": (
        Concern(Circle.FILER, "complaint.investigate.filer", Topic.PROGRESS, Place.COMPLAINT),
        *_parties("complaint.investigate", Topic.TASK, Place.COMPLAINT),
    ),
    "complaint.suspend": _changed("complaint.suspend"),
    "complaint.lift": _changed("complaint.lift"),
    "complaint.lapse": _changed("complaint.lift"),
    "complaint.overdue": (
        Concern(Circle.FILER, "complaint.overdue.filer", Topic.RESULT, Place.COMPLAINT),
        Concern(Circle.AUTHORITY, "complaint.overdue", Topic.TASK, Place.COMPLAINT),
    ),
    "complaint.decide": (
        Concern(Circle.FILER, "complaint.decide", Topic.RESULT, Place.COMPLAINT),
        *_parties("complaint.decide", Topic.RESULT, Place.COMPLAINT),
    ),
    "complaint.publish": (
        *_all("complaint.publish", Topic.PROGRESS, Place.COMPLAINT),
        *_parties("complaint.publish", Topic.PROGRESS, Place.COMPLAINT),
    ),
}

_FORMING = {
    "consortium.register": Topic.TASK,
    "consortium.sign": Topic.PROGRESS,
    "consortium.dissolve": Topic.PROGRESS,
}

# Who stands in several circles of an event is told once, as of the first. BIDDERS, WINNER and LOSERS belong to events after the start
# of the opening alone.
CONCERNS: Mapping[str, tuple[Concern, ...]] = {
    "project.register": (Concern(Circle.TENDERER, "project.register", Topic.TASK, Place.PROJECT),),
    "project.countersign": (Concern(Circle.AGENCY, "project.countersign", Topic.TASK, Place.PROJECT),),
    "document.publish": (Concern(Circle.TENDERER, "document.publish", Topic.TASK),),
    "notice.publish": (
        Concern(Circle.INVITEES, "invitation.letter", Topic.TASK, Place.INVITATION),
        Concern(Circle.AGENCY, "notice.publish", Topic.PROGRESS),
    ),
    "prequalification.document": (Concern(Circle.TENDERER, "prequalification.document", Topic.TASK, Place.ROUND),),
    "prequalification.publish": (Concern(Circle.AGENCY, "prequalification.publish", Topic.PROGRESS, Place.ROUND),),
    "prequalification.halt": _parties("prequalification.halt", Topic.TASK, Place.ROUND),
    "prequalification.go_on": _round_changed("prequalification.go_on"),
    "prequalification.amend": _round_changed("prequalification.amend"),
    "prequalification.committee": (Concern(Circle.REVIEWERS, "prequalification.committee", Topic.TASK, Place.ROUND),),
    "prequalification.result": (Concern(Circle.APPLICANT, "prequalification.result", Topic.RESULT, Place.ROUND),),
    "bidding.open": _all("bidding.open", Topic.PROGRESS),
    "document.amend": _changed("document.amend"),
    "clarification.publish": _changed("clarification.publish"),
    "deadline.extend": _changed("deadline.extend"),
    "lot.suspend": _changed("lot.suspend"),
    "lot.resume": _changed("lot.resume"),
    "lot.terminate": _changed("lot.terminate"),
    "bidding.halt": _changed("bidding.halt"),
    "bidding.go_on": _changed("bidding.go_on"),
    "failure.publish": _changed("failure.publish"),
    "close": (
        *_all("close", Topic.PROGRESS, Place.OPENING),
        Concern(Circle.TENDERER, "close", Topic.PROGRESS, Place.OPENING),
        Concern(Circle.AGENCY, "close", Topic.PROGRESS, Place.OPENING),
    ),
    "opening.start": (
        Concern(Circle.BIDDERS, "opening.start", Topic.TASK, Place.OPENING),
        Concern(Circle.FOLLOWERS, "opening.start.public", Topic.PROGRESS, Place.OPENING),
    ),
    "opening.identity": (Concern(Circle.BIDDERS, "opening.identity", Topic.TASK, Place.OPENING),),
    "opening.request": (Concern(Circle.BIDDERS, "opening.request", Topic.TASK, Place.OPENING),),
    "opening.record": (Concern(Circle.BIDDERS, "opening.record", Topic.TASK, Place.OPENING),),
    "candidates.publish": (
        Concern(Circle.BIDDERS, "candidates.publish", Topic.RESULT),
        Concern(Circle.FOLLOWERS, "candidates.publish", Topic.RESULT),
    ),
    "award.notice": (
        Concern(Circle.WINNER, "award.won", Topic.RESULT, Place.AWARD_NOTICE),
        Concern(Circle.LOSERS, "award.lost", Topic.RESULT, Place.AWARD_NOTICE),
        Concern(Circle.FOLLOWERS, "award.public", Topic.RESULT),
        Concern(Circle.AGENCY, "award.public", Topic.RESULT),
    ),
    "contract.sign": (
        Concern(Circle.WINNER, "contract.sign", Topic.TASK, Place.CONTRACT),
        Concern(Circle.TENDERER, "contract.sign", Topic.TASK, Place.CONTRACT),
    ),
    "case.close": (
        Concern(Circle.TENDERER, "case.close", Topic.PROGRESS, Place.PROJECT),
        Concern(Circle.AGENCY, "case.close", Topic.PROGRESS, Place.PROJECT),
    ),
    **{kind: (Concern(Circle.MEMBERS, kind, topic, Place.CONSORTIUM),) for kind, topic in _FORMING.items()},
    **REMEDIES,
}


# No event of the case: the clock reminds of a contract that is not signed.
REMINDERS: Mapping[Reminder, tuple[Concern, ...]] = {
    reminder: tuple(Concern(circle, words, Topic.TASK, Place.CONTRACT) for circle in (Circle.TENDERER, Circle.WINNER)) + others
    for reminder, words, others in (
        (Reminder.AHEAD, "contract.due", ()),
        (Reminder.LAST_DAY, "contract.last_day", ()),
        (Reminder.OVERDUE, "contract.overdue", (Concern(Circle.SUPERVISORS, "contract.overdue.supervisor", Topic.TASK),)),
    )
}


def link(place: Place, case: str, number: str, subject: str = "") -> str:
    """The path that a message leads to; `subject` is the number of the objection or complaint."""
    if place is Place.PROJECT:
        return f"/projects/{case}"
    if place in (Place.OBJECTION, Place.COMPLAINT):
        return f"/{place.value}s/{subject}"
    return f"/lots/{number}" if place is Place.LOT else f"/lots/{number}/{place.value}"
