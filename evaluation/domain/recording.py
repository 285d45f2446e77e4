"""Recordings of the seats (音视频): the life of a tape, who may record, who may watch which of its forms, and what is said of a view."""

from __future__ import annotations

from calendar import isleap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum

from core.kernel.body import Body
from core.kernel.errors import Refusal, RuleBroken, WrongState
from core.kernel.ids import CaseId
from core.kernel.moves import Move, Moves, Read, Reads, at
from core.kernel.roles import Role
from evaluation.domain.room import State
from evaluation.domain.viewing import Purpose
from trading.domain.closing import recordings_chain
from trading.domain.lot import ENDED, LotState
from trading.domain.periods import LegalRegime
from trading.domain.retention import rule_of

chain_of = recordings_chain
"""The chain on which a case's recordings stand; the close of the case knows it too."""

OPEN: tuple[State, ...] = tuple(state for state in State if state is not State.SUBMITTED)
"""A seat is recorded from the forming of the committee, who may be seen signing in, until the report is handed over."""


class Form(Enum):
    """What the camera saw; or pixelated over the whole frame by the sender's own browser, its sound muted or its pitch moved."""

    CLEAR = "clear"
    SHIELD = "shield"


class TapeState(Enum):
    """The life of a tape."""

    RECORDING = "recording"
    ENDED = "ended"
    DISPOSED = "disposed"  # its recording is deleted, its index and its chain stay


class TapeAction(Enum):
    """What becomes of a tape."""

    END = "end"
    DISPOSE = "dispose"


class Cause(Enum):
    """Why a tape ended."""

    CLOSED = "closed"  # the browser said so, or its line broke
    LOST = "lost"  # nobody writes it any more: the server died


@dataclass(frozen=True, slots=True)
class TapeFacts:
    """What the rules of a tape look at: until when it is kept by the policy (None for ever), what day it is, whether its case is filed in
    the archive, and how many orders hold that (封存)."""

    kept_until: date | None = None
    today: date = date.min
    is_filed: bool = False
    holds: int = 0


def may_be_disposed(facts: TapeFacts) -> Refusal | None:
    """A tape outlives its case's filing and its term, and no order holds it. The term is a policy: procurement files are kept for at least
    15 years (政府采购法 art. 42), others as the place decides."""
    if not facts.is_filed:
        return WrongState("recording.not_filed")
    if facts.holds:
        return WrongState("recording.held", holds=facts.holds)
    if facts.kept_until is None or facts.today <= facts.kept_until:
        return WrongState("recording.kept", until=facts.kept_until.isoformat() if facts.kept_until else "")
    return None


_SYSTEM = frozenset({Role.SYSTEM})

MOVES: Moves[TapeAction, TapeState, Role, TapeFacts] = Moves(
    "recording",
    (
        Move(TapeAction.END, at(TapeState.RECORDING), TapeState.ENDED, _SYSTEM),
        Move(TapeAction.DISPOSE, at(TapeState.ENDED), TapeState.DISPOSED, _SYSTEM, may_be_disposed),
    ),
)


def grows(state: TapeState) -> bool:
    """Whether slices may still come."""
    return state is TapeState.RECORDING


class LineAction(Enum):
    """What is done with the camera of a seat."""

    BEGIN = "begin"
    WATCH = "watch"


WATCHING = frozenset({Role.CENTRE, Role.SUPERVISOR})


def _lot_goes_on(lot: LotState) -> Refusal | None:
    """Once nothing more will come of a lot its case may be closed, and that fixes how far its recordings have come."""
    return WrongState("recording.lot_ended") if lot in ENDED else None


def _line() -> Iterator[Move[LineAction, State, Role, LotState]]:
    """Recording and watching move nothing: each state leads to itself. A member watches nobody; who is outside the room neither."""
    for state in State:
        if state in OPEN:
            yield Move(LineAction.BEGIN, at(state), state, frozenset({Role.EXPERT}), _lot_goes_on)
        yield Move(LineAction.WATCH, at(state), state, WATCHING)


LINE: Moves[LineAction, State, Role, LotState] = Moves("recording", _line())

_DECIDED = at(LotState.NOTICE_SENT, LotState.CONTRACTED, LotState.CLOSED, LotState.ARCHIVED)

FORMS: Reads[Form, LotState, Role] = Reads(
    "recording",
    (
        # The members' names are secret until the result is settled (招标投标法 art. 37): until then who supervises sees a shield too.
        Read(Form.CLEAR, WATCHING, _DECIDED),
        Read(Form.SHIELD, WATCHING, frozenset(LotState)),
    ),
)


def form_for(lot: LotState, roles: frozenset[Role]) -> Form:
    """The most that these roles may see while the lot is in that state."""
    return Form.CLEAR if FORMS.may(Form.CLEAR, lot, roles) else Form.SHIELD


@dataclass(frozen=True, slots=True)
class Watching:
    """What is said before anything is seen: why, in a word and, where that is not enough, in a sentence. A supervisor has said it once for
    the whole visit (`supervision.view`), whose words stand for every stream that is opened in it."""

    purpose: Purpose
    note: str

    @classmethod
    def read(cls, members: Mapping[str, object]) -> Watching:
        """Of a form's content. Raises RuleBroken `body.malformed`, or `recording.note_missing` for a complaint, or another purpose,
        that says nothing more."""
        body = Body(members)
        said = cls(body.choice("purpose", Purpose), body.text("note", 200, least=0))
        body.done()
        if said.purpose in (Purpose.COMPLAINT, Purpose.OTHER) and not said.note:
            raise RuleBroken("recording.note_missing")
        return said


def case_of(chain: str) -> CaseId:
    """The case of a chain of recordings, or of the case's own."""
    return CaseId(chain.removeprefix("V-"))


def kept_until(ended_on: date, regime: LegalRegime, years: int) -> date | None:
    """The last day on which a recording that ended then is kept: for `years` by the deployment's policy, never less than the law asks of
    the case's files; None for ever, which is what 0 years say."""
    if not years:
        return None
    bound = rule_of(regime, ended_on)
    term = max(years, 0 if bound is None else bound.years)
    year = ended_on.year + term
    return date(year, 3, 1) if (ended_on.month, ended_on.day) == (2, 29) and not isleap(year) else ended_on.replace(year=year)
