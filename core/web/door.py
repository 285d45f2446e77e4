"""The way from a request to the door: the same two calls in every view."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from flask import g
from sqlalchemy.orm import Session

from core.kernel.actor import Actor
from core.kernel.work import Work
from core.web.platform import Viewer, platform

T = TypeVar("T")


def viewer() -> Viewer:
    """Who is looking at this request."""
    found: Viewer = g.viewer
    return found


def actor() -> Actor:
    """The actor of this request."""
    return viewer().actor


def perform(use_case: Callable[[Work], T]) -> T:
    """Runs one use case for this request's actor; returns when it is committed, or raises its refusal."""
    return platform().door.perform(actor(), use_case)


def read(query: Callable[[Session], T]) -> T:
    """Runs one query off the event loop, on a connection that cannot write."""
    return platform().door.read(query)
