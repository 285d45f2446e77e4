"""Signed words sent to a server that is killed half way, and sent again to the one that comes after it."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import httpx

from app.factory import Application
from core.kernel import chain
from core.kernel.encoding import sha256
from core.kernel.ids import CaseId
from core.kernel.work import Door
from tests.builders.people import PASSWORD, Person
from tests.builders.recorders import ticket
from tests.builders.served import Served

LATE = (0.0, 0.004, 0.012, 0.03, 0.08, 0.2)
"""Seconds between the sending and the kill: before the server has read it, while it writes, and after it has answered."""


@dataclass(frozen=True)
class Word:
    """A signed word as it is posted."""

    cookie: str
    path: str
    posted: dict[str, Any]


@dataclass
class Words:
    """What one person signs in a case, each word naming the one before, so that all can be signed before the server runs."""

    who: Person
    cookie: str
    case: str
    lot: str = ""
    prev: str = field(init=False)  # the digest of the last word

    def __post_init__(self) -> None:
        self.prev = self.who.prev(self.case)

    def say(self, path: str, kind: str, body: dict[str, Any], *, strong: bool = False, **beside: Any) -> Word:
        """The next word, posted to `path`; `beside`: what the posted form holds beside it."""
        make = self.who.act_with_password if strong else self.who.act
        envelope = make(kind, self.case, self.lot, 0, body, prev=self.prev).envelope
        self.prev = sha256(envelope.payload).hex()
        posted = {"envelope": dict(envelope.to_json())} | ({"password": PASSWORD} if strong else {}) | beside
        return Word(self.cookie, f"/api/v1{path}", posted)


def words_of(app: Application, who: Person, *places: tuple[str, str]) -> list[Words]:
    """What a person who is logged in signs in each of these (case, lot)."""
    cookie = ticket(app, who)
    return [Words(who, cookie, case, lot) for case, lot in places]


def post(served: Served, word: Word) -> tuple[int, Any]:
    """Sends a word; the status and the answer."""
    with httpx.Client(base_url=served.url, cookies={"gongheng": word.cookie}, trust_env=False, timeout=20) as line:
        token = line.get("/api/v1/session").json()["csrf_token"]
        answer = line.post(word.path, json=word.posted, headers={"X-CSRFToken": token, "Accept": "application/json"})
        return answer.status_code, answer.json()


def survive(served: Served, word: Word, late: float) -> Any:
    """Sends a word, kills the server `late` seconds on, and sends the same again to the server that comes after it, twice; the answer,
    which is the same each time, and that which was heard before the kill if one was."""
    heard: list[tuple[int, Any]] = []

    def send() -> None:
        with suppress(httpx.HTTPError, KeyError):
            heard.append(post(served, word))

    sending = threading.Thread(target=send)
    sending.start()
    time.sleep(late)
    served.kill()
    sending.join()
    served.start()
    heard += [post(served, word) for _ in range(2)]
    status, answer = heard[-1]
    assert status in (200, 201) and all(one == heard[-1] for one in heard), (word.path, heard)
    return answer


def survive_all(served: Served, words: Iterable[Word]) -> list[Any]:
    """Each word after the other, each at its own moment; the server is gone afterwards. The answers."""
    served.start()
    answers = [survive(served, word, LATE[place % len(LATE)]) for place, word in enumerate(words)]
    served.kill()
    return answers


def counted(door: Door, case: str) -> Counter[str]:
    """The events of a chain by kind."""
    return Counter(event.kind for event in door.read(lambda session: list(chain.events(session, CaseId(case)))))
