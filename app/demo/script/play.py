"""One play: the stage, the cast, the lot that it is about, and the lines that tell how it goes."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from app.demo.case import CaseFile
from app.demo.cast import ActorFault, Performer, together
from app.demo.client import wait_for
from app.demo.documents import Workshop
from app.demo.stage import Stage
from core.kernel import clock

LITTLE = timedelta(seconds=1)


@dataclass
class Play:
    """What the steps know and find out."""

    case_file: CaseFile
    stage: Stage
    cast: Mapping[str, Performer]
    workshop: Workshop
    folder: Path
    say: Callable[[str, str], None]
    case: str = ""
    receipts: dict[str, dict[str, Any]] = field(default_factory=dict)
    main_files: dict[str, str] = field(default_factory=dict)  # SHA-256 of a bid's technical document → its letter
    reference_salt: str = ""
    result: dict[str, Any] = field(default_factory=dict)
    is_watched: bool = True

    # Who and what

    @property
    def number(self) -> str:
        """The lot's number."""
        return f"{self.case}-1"

    @property
    def lot_path(self) -> str:
        """Where the lot is, under the API."""
        return f"/lots/{self.number}"

    def who(self, login: str) -> Performer:
        """Somebody of the cast."""
        return self.cast[login]

    def bidder(self, letter: str) -> Performer:
        """The bidder of an organisation."""
        return self.cast[next(one["login"] for one in self.case_file.with_role("bidder") if one["org"] == letter)]

    def role(self, role: str) -> list[Performer]:
        """Everybody of a role."""
        return [self.cast[one["login"]] for one in self.case_file.with_role(role)]

    def letter(self, org: str) -> str:
        """The case file's letter for a bidder's organisation."""
        return next(str(bid["org"]) for bid in self.case_file.bids if self.bidder(bid["org"]).org == org)

    def bid(self, letter: str) -> Mapping[str, Any]:
        """What the case file says of a bid."""
        return next(bid for bid in self.case_file.bids if bid["org"] == letter)

    @property
    def standing(self) -> list[str]:
        """The letters of those whose bids stand at the deadline."""
        return [bid["org"] for bid in self.case_file.bids if not bid.get("withdraws")]

    @property
    def present(self) -> list[str]:
        """The letters of those who come to the opening."""
        return [letter for letter in self.standing if not self.bid(letter).get("stays_away")]

    def together(self, people: Mapping[str, Performer] | list[Performer], verb: str, **arguments: Any) -> list[Any]:
        """The same of everybody at once."""
        everybody = list(people.values()) if isinstance(people, Mapping) else people
        return together([(who, verb, arguments) for who in everybody])

    # Time

    def now(self) -> datetime:
        """The platform's time."""
        return clock.now(self.stage.clock_file)

    def jump(self, to: datetime, reason: str) -> None:
        """Sets the clock forward, by a jump that is logged; never back."""
        while to > self.now():
            try:
                self.who("admin").send("/sandbox/clock", {"to": clock.text(to), "reason": reason})
            except ActorFault:
                if to > self.now():  # else it was done, but the answer was lost
                    raise

    def wait(self, look: Callable[[], Any], what: str) -> Any:
        """Waits until the platform's own clockwork has done something."""
        return wait_for(look, what)

    def state(self, wanted: str) -> dict[str, Any]:
        """Waits until the lot is in a state; returns the lot as its tenderer sees it."""

        def look() -> dict[str, Any] | None:
            lot: dict[str, Any] = self.who("tenderer").get(self.lot_path)
            return lot if lot["state"] == wanted else None

        found: dict[str, Any] = self.wait(look, f"the lot is not {wanted}")
        return found

    # Acts

    def act(self, who: Performer, path: str, kind: str, body: Mapping[str, Any] | None = None, **how: Any) -> Any:
        """An act about the lot, at a path under it."""
        return who.act(self.lot_path + path, kind, self.case, "1", body, **how)


@dataclass(frozen=True)
class Step:
    """A step of the script: its number, its name for `--until`, and what it does."""

    number: int
    name: str
    perform: Callable[[Play], None]

    def run(self, play: Play) -> float:
        """Performs it; returns the seconds that it took."""
        began = time.monotonic()
        self.perform(play)
        return time.monotonic() - began


class ShowFault(Exception):
    """The play went on, but something came out other than it must."""


def must(holds: object, what: str) -> None:
    """Raises ShowFault when something that must hold does not."""
    if not holds:
        raise ShowFault(what)
