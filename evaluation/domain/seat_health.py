"""The health of a seat: what its workstation signals of camera, microphone, screen, line and presence, and what that comes to."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from evaluation.domain.room import State

SILENT = 3.0
"""Seconds without a word after which a seat is red; asked every second or two, that is within five."""
SLOW, TOO_SLOW = 400, 1500  # ms of a round trip


class Device(Enum):
    """How a camera or microphone does."""

    OK = "ok"
    DARK = "dark"  # covered, or muted
    OFF = "off"


class Screen(Enum):
    """What the workstation's screen shows."""

    ROOM = "room"
    OTHER = "other"  # another window or tab is in front


class Present(Enum):
    """Whether somebody is at the desk."""

    HERE = "here"
    AWAY = "away"


class Level(Enum):
    """What it comes to."""

    GOOD = "good"
    FAIR = "fair"
    BAD = "bad"


class Why(Enum):
    """What is wrong."""

    SILENT = "silent"
    AWAY = "away"
    CAMERA = "camera"
    MICROPHONE = "microphone"
    SCREEN = "screen"
    LINE = "line"


LEFT = (Why.SILENT, Why.AWAY, Why.CAMERA)
"""What is an alarm: scoring does not go on where nobody is to be seen."""


@dataclass(frozen=True, slots=True)
class Signals:
    """What a workstation last said; `latency` in ms of the last round trip."""

    camera: Device
    microphone: Device
    screen: Screen
    present: Present
    latency: int


@dataclass(frozen=True, slots=True)
class Health:
    """The gravest of what is wrong, and all of it."""

    level: Level
    why: tuple[Why, ...]


def health(signals: Signals, silent_for: float) -> Health:
    """A seat that is silent, left, or not to be seen is bad; one that is hard to hear or slow is fair."""
    bad = {
        Why.SILENT: silent_for > SILENT,
        Why.AWAY: signals.present is Present.AWAY,
        Why.CAMERA: signals.camera is not Device.OK,
        Why.LINE: signals.latency > TOO_SLOW,
    }
    fair = {
        Why.MICROPHONE: signals.microphone is not Device.OK,
        Why.SCREEN: signals.screen is Screen.OTHER,
        Why.LINE: SLOW < signals.latency <= TOO_SLOW,
    }
    grave = tuple(why for why, holds in bad.items() if holds)
    light = tuple(why for why, holds in fair.items() if holds)
    return Health(Level.BAD if grave else Level.FAIR if light else Level.GOOD, (*grave, *light))


def has_left(found: Health) -> Why | None:
    """Why a seat counts as left: nobody at the desk, nobody to be seen, or nothing heard from it; None while somebody is there."""
    return next((why for why in found.why if why in LEFT), None)


def is_awaited(state: State, *, is_night: bool, has_signed_in: bool) -> bool:
    """Whether a desk that is left is an alarm: while the session goes on, of a member who has signed in, and not in a night for which all
    is sealed and everybody sent to bed."""
    return state is not State.SUBMITTED and not is_night and has_signed_in
