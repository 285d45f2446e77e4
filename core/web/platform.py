"""What a running web process holds: its settings, its door, its stores, and the hooks that the wiring gives it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, cast

from flask import current_app
from sqlalchemy.orm import Session

from core.kernel.actor import Actor
from core.kernel.files import FileStore
from core.kernel.work import Door
from core.settings import Settings

AudienceOf = Callable[[Session, Actor, str], str | None]


@dataclass(frozen=True, slots=True)
class NavItem:
    """A place in the top bar: address, words, and whether one stands there."""

    href: str
    label: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who is looking: the session's actor, the words for the top bar, and the session's key for revocation."""

    actor: Actor
    name: str = ""
    org: str = ""
    role: str = ""
    session_key: str = ""


class ViewerOf(Protocol):
    """Who is behind a session cookie's token; `in_use=False`: an open page asks, nobody uses the login."""

    def __call__(self, token: str, in_use: bool = True) -> Viewer | None:
        """None when the token is no longer good."""


ANONYMOUS = Viewer(actor=Actor())


@dataclass(frozen=True)
class Platform:
    """One per process, at `app.extensions["gongheng"]`."""

    settings: Settings
    door: Door
    files: FileStore
    viewer_of: ViewerOf  # the session cookie's token → who it is, None when it is no longer good
    navigation: Callable[[Viewer, str], Sequence[NavItem]]
    audiences: Mapping[str, AudienceOf] = field(default_factory=dict)  # by live room: opening, evaluation, supervision
    readiness: Mapping[str, Callable[[], str]] = field(default_factory=dict)  # name → "" when ready, else what is wrong
    sentences: Mapping[str, object] = field(default_factory=dict)
    parts: dict[str, Any] = field(default_factory=dict)  # what a package keeps for itself, under its own name


def platform() -> Platform:
    """The platform of the current application."""
    return cast(Platform, current_app.extensions["gongheng"])
