"""The calls after a draw: who is asked to come, how they answer and until when, and who follows those who cannot."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from core.kernel import clock
from core.kernel.draw import ordered
from core.kernel.encoding import unhex
from core.kernel.errors import BadSignature, Refusal, RuleBroken, WrongState
from core.kernel.ids import CaseId
from core.kernel.jcs import JSON
from core.kernel.moves import Move, Moves, at
from core.kernel.roles import Role
from evaluation.domain.body import Body
from evaluation.domain.committee import SitePlan


class State(Enum):
    """The life of one call."""

    DUE = "due"  # the gateway has not taken it yet
    PLACED = "placed"  # the reply window runs
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    SILENT = "silent"
    UNREACHABLE = "unreachable"
    ENDED = "ended"  # the draw itself came to an end


class Action(Enum):
    """What happens to a call. A keypad's answer is the gateway's word and comes as the system's."""

    PLACE = "place"
    CONFIRM = "confirm"
    DECLINE = "decline"
    NOTE = "note"
    EXPIRE = "expire"
    FAIL = "fail"
    END = "end"


class Cause(Enum):
    """Why a drawn expert does not come."""

    RECUSAL = "recusal"
    HEALTH = "health"
    DEVICE = "device"
    LATE = "late"
    ABSENT = "absent"
    CONDUCT = "conduct"  # noted in the room alone
    REFORMED = "reformed"  # the whole committee was followed by another
    OTHER = "other"
    KEYPAD = "keypad"  # key 2 says no more than that they cannot come
    SILENT = "silent"
    UNREACHABLE = "unreachable"


OWN_CAUSES = (Cause.RECUSAL, Cause.HEALTH, Cause.DEVICE, Cause.OTHER)
NOTED_CAUSES = (Cause.LATE, Cause.ABSENT, Cause.RECUSAL, Cause.HEALTH, Cause.DEVICE, Cause.OTHER)
COME, CANNOT = "come", "cannot"
KEYS: Mapping[str, str] = {"1": COME, "2": CANNOT}
LONGEST_WINDOW = 24 * 60  # minutes
FRESH = timedelta(minutes=5)  # how far a keypad answer's own time may lie from ours
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the rules of a call look at."""

    now: datetime
    reply_until: datetime | None = None
    is_own: bool = True


def is_in_time(facts: Facts) -> Refusal | None:
    """An answer counts while the reply window is open."""
    if facts.reply_until is None or facts.now >= facts.reply_until:
        return WrongState("draw.call.late")
    return None


def is_over(facts: Facts) -> Refusal | None:
    """Nobody is silent before the reply window has passed."""
    return None if facts.reply_until is not None and facts.now >= facts.reply_until else WrongState("draw.call.running")


EXPERT_OR_KEYPAD = frozenset({Role.EXPERT, Role.SYSTEM})
SYSTEM, CENTRE = frozenset({Role.SYSTEM}), frozenset({Role.CENTRE})
OPEN = at(State.DUE, State.PLACED, State.CONFIRMED)


def is_due(state: State) -> bool:
    """Whether the gateway has still to take the call."""
    return state is State.DUE


def is_waiting(state: State) -> bool:
    """Whether an answer is waited for."""
    return state is State.PLACED


def is_coming(state: State) -> bool:
    """Whether the expert will come."""
    return state is State.CONFIRMED


MOVES: Moves[Action, State, Role, Facts] = Moves(
    "call",
    (
        # action, from, to, who, only if
        Move(Action.PLACE, at(State.DUE), State.PLACED, SYSTEM),
        Move(Action.CONFIRM, at(State.PLACED), State.CONFIRMED, EXPERT_OR_KEYPAD, is_in_time),
        Move(Action.DECLINE, at(State.PLACED), State.DECLINED, EXPERT_OR_KEYPAD, is_in_time),
        Move(Action.DECLINE, at(State.CONFIRMED), State.DECLINED, EXPERT_OR_KEYPAD),  # who cannot come after all must say so
        Move(Action.NOTE, OPEN, State.DECLINED, CENTRE),
        Move(Action.EXPIRE, at(State.PLACED), State.SILENT, SYSTEM, is_over),
        Move(Action.FAIL, at(State.DUE, State.PLACED), State.UNREACHABLE, SYSTEM),
        Move(Action.END, OPEN, State.ENDED, SYSTEM),
    ),
)


@dataclass(frozen=True, slots=True)
class Conditions:
    """What the centre fixes of the calls before anybody is drawn: when and where, how long an answer is waited for, whose keypad counts.

    `gateway`: the Ed25519 public key of the voice gateway in hex, "" where calls are answered on the page alone.
    """

    assemble_at: datetime
    window: timedelta
    sites: tuple[SitePlan, ...]
    gateway: str

    @classmethod
    def read(cls, said: object) -> Conditions:
        """From the member `calling` of a signed `draw.request`; raises RuleBroken."""
        fields = Body(said, "at", "window", "sites", "gateway", place="calling")
        try:
            when = clock.moment(fields.text("at", 40, 1))
        except ValueError:
            raise RuleBroken("evaluation.body", field="calling.at") from None
        minutes, gateway = fields.whole("window", 1, LONGEST_WINDOW), fields.text("gateway", 64)
        if gateway:
            _key(gateway)
        sites = tuple(SitePlan(one.text("site", 60, 1), one.whole("seats", 1, 99)) for one in fields.objects("sites", "site", "seats"))
        return cls(when, timedelta(minutes=minutes), sites, gateway)

    def to_json(self) -> dict[str, JSON]:
        """The same as it stands in the statement."""
        return {
            "at": clock.text(self.assemble_at),
            "window": int(self.window.total_seconds()) // 60,
            "sites": [{"site": plan.site, "seats": plan.seats} for plan in self.sites],
            "gateway": self.gateway,
        }

    def refuse(self, now: datetime) -> Refusal | None:
        """The members assemble after there was time to ask them."""
        return None if self.assemble_at >= now + self.window else RuleBroken("draw.calling.too_soon")


def _key(text: str) -> None:
    try:
        unhex(text, 32)
    except BadSignature:
        raise RuleBroken("evaluation.body", field="calling.gateway") from None


def call_number() -> str:
    """A fresh name for a call, which tells nothing of the project; also the case that the expert's answer is signed for."""
    return "CALL-" + "".join(secrets.choice(_LETTERS) for _ in range(12))


@dataclass(frozen=True, slots=True)
class AnswerBody:
    """An expert's own signed answer: `call.answer`, in the case that the call's number names."""

    answer: str
    cause: str
    note: str

    @classmethod
    def read(cls, body: object) -> AnswerBody:
        """A cause stands exactly where the expert cannot come; raises RuleBroken."""
        fields = Body(body, "answer", "cause", "note")
        said = cls(fields.text("answer", 10, 1), fields.text("cause", 20), fields.text("note", 500).strip())
        if said.answer not in (COME, CANNOT):
            raise RuleBroken("evaluation.body", field="body.answer")
        if (said.answer == CANNOT) != (said.cause in {cause.value for cause in OWN_CAUSES}) or (said.answer == COME and said.note):
            raise RuleBroken("draw.call.cause")
        return said


@dataclass(frozen=True, slots=True)
class KeypadAnswer:
    """A key that was pressed on the telephone, as the gateway signed it."""

    id: str
    call: str
    digit: str
    at: datetime
    signature: str

    @classmethod
    def read(cls, said: object) -> KeypadAnswer:
        """From the posted object; raises RuleBroken for another form."""
        fields = Body(said, "id", "call", "digit", "at", "signature", place="callback")
        try:
            when = clock.moment(fields.text("at", 40, 1))
        except ValueError:
            raise RuleBroken("evaluation.body", field="callback.at") from None
        digit = fields.text("digit", 1, 1)
        if digit not in KEYS:
            raise RuleBroken("draw.call.key")
        return cls(fields.text("id", 40, 1), fields.text("call", 40, 1), digit, when, fields.text("signature", 100, 1))

    def signed(self) -> dict[str, JSON]:
        """What the signature is over, in its canonical form."""
        return {"id": self.id, "call": self.call, "digit": self.digit, "at": clock.text(self.at)}

    def to_json(self) -> dict[str, JSON]:
        """The whole, as it stands in the evidence."""
        return self.signed() | {"signature": self.signature}


def is_fresh(said: datetime, now: datetime) -> bool:
    """Whether a keypad answer's own time is near enough to ours; an older one may have been caught and sent again."""
    return abs(now - said) <= FRESH


def case_of(call: str) -> CaseId:
    """The case of an answer's statement: its call alone, so that nobody who is called learns the project from it."""
    return CaseId(call)


def seat_order(seed: bytes, drawn: Sequence[str], followed: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """The members in the order of their seats: those first drawn as the seed orders them, a successor in the seat of who left.

    `followed`: who left and who followed, in that order; so a call can name the place before all have answered.
    """
    seats = ordered(seed, "seats", drawn)
    for gone, successor in followed:
        seats[seats.index(gone)] = successor
    return tuple(seats)
