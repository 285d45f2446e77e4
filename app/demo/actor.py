"""An actor's process: one person with the verbs of every role, who does what the script says, line by line."""

from __future__ import annotations

import traceback
from multiprocessing.connection import Connection

from app.demo.bidding import Bidding
from app.demo.drawing import Drawing
from app.demo.offices import Offices
from app.demo.person import Part
from app.demo.rating import Rating
from app.demo.watching import Watching


class Actor(Bidding, Rating, Drawing, Offices, Watching):
    """Whoever the part says; what they may do is the platform's business."""


def live(part: Part, wire: Connection) -> None:
    """The life of an actor's process: one line of the script after the other, until the wire is cut."""
    actor = Actor(part)
    while True:
        try:
            verb, arguments = wire.recv()
        except EOFError:
            actor.leave()
            return
        try:
            wire.send((True, getattr(actor, verb)(**arguments)))
        except Exception as fault:
            wire.send((False, f"{part.login}.{verb}: {fault}\n{traceback.format_exc(limit=-4)}"))
