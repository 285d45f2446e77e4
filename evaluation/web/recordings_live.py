"""The pictures themselves: slices come in over one WebSocket for each tape and go out over one for each line that is watched.

A slice is stored, then acknowledged, then relayed: what a watcher has seen is on the tape, and what was acknowledged is on disk.
"""

from __future__ import annotations

import json
import logging
from contextlib import suppress
from functools import cache
from time import monotonic
from uuid import UUID

from flask import Blueprint, Response, request
from gevent.event import Event
from gevent.threadpool import ThreadPool

from core.kernel import clock
from core.kernel.actor import SYSTEM_ACTOR, Actor
from core.kernel.errors import NotFound, Refusal
from core.kernel.roles import Role
from core.kernel.tape import Slice, slice_of
from core.kernel.tapestore import FULL, Tape, TapeStore
from core.web.door import actor, read
from core.web.guard import cookie_name, idle, requires
from core.web.platform import Platform, platform
from core.web.relay import LocalRelay, Relay
from core.web.wire import Wire, take_over
from evaluation.domain.recording import Cause
from evaluation.queries import recordings as queries
from evaluation.queries.recordings import Written
from evaluation.services import recordings
from evaluation.services.recordings import Grown
from evaluation.web.forms_recordings import TapePath, ViewSeatPath
from evaluation.web.recordings import granted

blueprint = Blueprint("evaluation_recordings_live", __name__)

log = logging.getLogger(__name__)

LARGEST = 4 * 1024**2  # bytes of a slice
PATIENCE = 30.0  # s without a slice, until a tape ends
LOOK = 15.0  # s between two looks whether somebody may still record, or watch
LOOK_OF_A_VISIT = 3.0  # the same of a supervisor, whose visit another may end at once
LET_GO = 3.0  # s that an earlier recorder of the same line has to finish
NO_ROOM = 4507  # why a line is closed (RFC 6455 §7.4.2, private use): as HTTP's 507, insufficient storage


@blueprint.get("/video/<number>/record/<tape>", websocket=True)
@requires(Role.EXPERT)
@idle
def record(number: str, tape: str) -> Response:
    """Takes the slices of a tape that was begun, each answered `{"stored": n}` once it is on disk."""
    path, who = TapePath(number=number, tape=tape), actor()
    written = read(lambda session: queries.to_write(session, who, UUID(path.tape)))
    return take_over(lambda wire: Recorder(wire, path, written).run(), LARGEST)


@blueprint.get("/video/<number>/watch/<view>/<seat>", websocket=True)
@requires(Role.CENTRE, Role.SUPERVISOR)
@idle
def watch(number: str, view: str, seat: str) -> Response:
    """Sends a line to somebody who said why they watch: a text tells its state, bytes are a WebM stream from its head on."""
    path = ViewSeatPath(number=number, view=view, seat=seat)
    grant = granted(path)
    if path.seat not in grant.seats:
        raise NotFound("recording.no_such_seat")
    name = line_name(grant.evaluation, path.seat, grant.form.value)
    look = LOOK_OF_A_VISIT if grant.in_visit else LOOK
    return take_over(lambda wire: _watch(wire, path, name, look), 1024)


def relay() -> Relay:
    """What carries the pictures in this process."""
    found: Relay = platform().parts.setdefault("relay", LocalRelay())
    return found


def line_name(evaluation: UUID, seat: str, form: str) -> str:
    """A line as the relay knows it."""
    return f"{evaluation}/{seat}/{form}"


class Recorder:
    """One tape while its browser sends it."""

    def __init__(self, wire: Wire, path: TapePath, written: Written) -> None:
        self._wire, self._path, self._written = wire, path, written
        self._line = line_name(written.evaluation, written.seat, written.form.value)
        self._head, self._last_ms = written.head, 0
        self._is_over = Event()
        self._here, self._relay = platform(), relay()

    def run(self) -> None:
        """Until the browser says that it is over, falls silent, or may record no more; then the tape has its end."""
        try:
            tape = _disk().apply(TapeStore(self._here.settings.tapes_dir).open, (self._path.tape,))
        except OSError as fault:
            self._told_if_full(fault)
            return
        try:
            self._relay.begin(self._line, self, json.dumps(self._written.media))
            self._check()  # the clock may have ended it while nobody wrote it
            self._take_all(tape)
        except OSError as fault:
            self._told_if_full(fault)
        except Refusal:
            pass
        finally:
            self._end(tape)

    def _end(self, tape: Tape) -> None:
        """Whatever fails, the tape is let go of: the clock ends what has no end then."""
        try:
            self._relay.end(self._line, self)
            self._finish()
        finally:
            _disk().apply(tape.close)
            self._is_over.set()

    def _told_if_full(self, fault: OSError) -> None:
        """The browser learns that there is no room for recordings; so does whoever reads the log. Any other fault is a line that broke."""
        if fault.errno in FULL:
            log.error("no room for recordings: nothing is recorded until there is")
            number, seat = self._path.number, self._written.seat
            with suppress(Refusal):  # the lot has ended meanwhile
                self._here.door.perform(SYSTEM_ACTOR, lambda work: recordings.note_full(work, number, seat))
            self._wire.close(NO_ROOM)

    def stop(self) -> None:
        """Another recorder has the line, or the server ends: lets go of the tape before it returns."""
        self._wire.outbox.close()
        self._is_over.wait(LET_GO)

    def _take_all(self, tape: Tape) -> None:
        looked = monotonic()
        while arrived := self._wire.receive(PATIENCE):
            slices = [self._stamped(one) for one in arrived if isinstance(one, bytes)]
            if slices:
                _disk().apply(tape.append, (slices,))
                self._head = self._head.after(one for _, one in slices)
                self._wire.send(f'{{"stored":{self._head.slices}}}')
                for content, _ in slices:
                    self._relay.push(self._line, self, content)
            if len(slices) < len(arrived):
                return  # it said something: that it is over
            if monotonic() - looked > LOOK:
                looked = monotonic()
                self._check()

    def _stamped(self, content: bytes) -> tuple[bytes, Slice]:
        """The slice with the moment at which it came; a clock that is set back does not make time run backwards on a tape."""
        made = slice_of(clock.now(self._here.settings.clock_file), content)
        self._last_ms = max(self._last_ms, made.ms)
        return content, Slice(self._last_ms, made.size, made.digest)

    def _check(self) -> None:
        """Raises what forbids to go on recording."""
        who = _still(self._here)
        self._here.door.read(lambda session: queries.to_write(session, who, UUID(self._path.tape)))

    def _finish(self) -> None:
        grown = Grown(self._head, self._last_ms or None)
        tape, years = UUID(self._path.tape), self._here.settings.video_years
        self._here.door.perform(SYSTEM_ACTOR, lambda work: recordings.end(work, tape, grown, Cause.CLOSED, years))


def _watch(wire: Wire, path: ViewSeatPath, line: str, look: float) -> None:
    here, carries = platform(), relay()
    carries.watch(line, wire.outbox)
    try:
        while True:
            wire.receive(look)  # a watcher says nothing; this wakes up to look
            _check_view(here, _still(here), path)
    except Refusal:
        wire.close(1008)
    finally:
        carries.leave(line, wire.outbox)


def _check_view(here: Platform, who: Actor, path: ViewSeatPath) -> None:
    """Raises what forbids to go on watching."""
    here.door.read(lambda session: queries.granted(session, who, path.number, UUID(path.view), here.door.clock(session)))


def _still(here: Platform) -> Actor:
    """Who is on the line, asked anew: a login that has ended records and watches no more."""
    viewer = here.viewer_of(request.cookies.get(cookie_name(), ""), False)
    if viewer is None:
        raise OSError("logged out")
    return viewer.actor


@cache
def _disk() -> ThreadPool:
    """The native threads in which tapes are written."""
    return ThreadPool(2)
