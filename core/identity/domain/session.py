"""How long a login lasts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
TOUCH_EVERY = timedelta(minutes=1)  # so that a page that asks every second does not write every second
LICENCE_FRESH = timedelta(minutes=10)  # how long a licence that was shown confirms who is there, as a password would
CEREMONY = timedelta(minutes=5)  # how long a WebAuthn challenge waits for its answer


@dataclass(frozen=True, slots=True)
class Life:
    """The moments of a login, by the machine's clock: a demonstration that jumps weeks ahead must not log everybody out."""

    opened_at: datetime
    seen_at: datetime
    ended_at: datetime | None = None


def is_good(life: Life, at: datetime) -> bool:
    """Whether the login still counts: not ended, used within 30 minutes, opened within 12 hours."""
    return life.ended_at is None and at < life.seen_at + IDLE and at < life.opened_at + ABSOLUTE


def is_due_a_touch(life: Life, at: datetime) -> bool:
    """Whether its last use is old enough to be written down again."""
    return at >= life.seen_at + TOUCH_EVERY


def is_answer_in_time(asked_at: datetime | None, at: datetime) -> bool:
    """Whether a WebAuthn challenge asked then may still be answered."""
    return asked_at is not None and at < asked_at + CEREMONY


def is_licence_fresh(shown_at: datetime | None, at: datetime) -> bool:
    """Whether the electronic licence that a login began with was shown a short while ago."""
    return shown_at is not None and at < shown_at + LICENCE_FRESH


# The first that fits: Edge calls itself Chrome, and everybody calls themselves Safari.
_BROWSERS = (("Edge", "Edg"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Version"))
_SYSTEMS = (("HarmonyOS", "HarmonyOS"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"))
_DESKTOPS = (("Windows", "Windows NT"), ("macOS", "Mac OS X"), ("Linux", "Linux"))


def browser_name(user_agent: str) -> str:
    """What a person calls the browser behind a User-Agent header: `Firefox 152 · Windows`; the header's first word for programs."""
    browser = next((f"{name} {found[1]}" for name, word in _BROWSERS if (found := re.search(rf"{word}\w*/(\d+)", user_agent))), "")
    system = next((name for name, word in (*_SYSTEMS, *_DESKTOPS) if word in user_agent), "")
    return " · ".join(part for part in (browser, system) if part) or user_agent.split(" ", 1)[0][:60]
