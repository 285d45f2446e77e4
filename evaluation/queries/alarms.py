"""Alarms of cases for supervisors, and for the host as far as they were dispatched to it: read from the events themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.kernel import chain
from core.kernel.encoding import sha256
from core.kernel.signing import read_statement
from evaluation.domain.alarm import ALARMS, Level, State, level_of, state_of
from evaluation.domain.recording import chain_of
from evaluation.domain.supervision import Measure
from evaluation.models.supervision import SupervisionAct
from trading.queries.lots import LotView


@dataclass(frozen=True, slots=True)
class AlarmView:
    """An event that is an alarm; `about` is its digest, `no` the number of the act that dispatched it, 0 for none."""

    lot: str
    kind: str
    level: Level
    state: State
    at: datetime
    about: str
    body: Mapping[str, Any]
    no: int = 0
    is_late: bool = False

    @property
    def is_settled(self) -> bool:
        """Whether nothing is to be done any more."""
        return self.state is State.CLOSED


def of_lot(session: Session, lot: LotView) -> tuple[AlarmView, ...]:
    """The alarms of a lot: unsettled ones first, the most urgent of them first, then the newest."""
    told = {one.about: one for one in session.scalars(select(SupervisionAct).where(SupervisionAct.measure == Measure.HANDLE))}
    found = []
    events = [event for one in (lot.case, chain_of(lot.case)) for event in chain.of_kinds(session, one, ALARMS)]
    for event in events:
        said = read_statement(event.envelope.payload)
        level = level_of(event.kind, said.body)
        if level is None or said.lot not in ("", lot.no):
            continue
        about = sha256(event.envelope.payload).hex()
        act = told.get(about)
        state = state_of(None if act is None else act.state)
        no, is_late = (0, False) if act is None else (act.no, act.is_lapsed)
        found.append(AlarmView(lot.number, event.kind, level, state, event.at, about, said.body, no, is_late))
    levels = list(Level)
    return tuple(sorted(found, key=lambda one: (one.is_settled, levels.index(one.level), -one.at.timestamp())))


def is_alarm(session: Session, lot: LotView, about: str) -> bool:
    """Whether a digest is that of an alarm of the lot."""
    return any(one.about == about for one in of_lot(session, lot))
