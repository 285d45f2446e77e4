"""People who are told things: how they can be reached, what waits in their inbox, and channels that only remember."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from app.sandbox.serving import server
from app.sandbox.sms import SandboxSms
from app.sandbox.state import StateFolder
from core.identity.domain.message import Medium
from core.identity.queries import messages as queries
from core.identity.queries.messages import MessageView
from core.identity.services import contacts
from core.kernel import outbox
from core.kernel.work import Door
from tests.builders.people import Person
from trading.services import telling

CODE = b"c" * 32
SMS_KEY = "a key that both know"


def reach(person: Person, medium: Medium, address: str) -> None:
    """The person confirms an address."""
    person.door.perform(person.actor, lambda work: contacts.ask(work, medium, address, CODE))
    person.door.perform(person.actor, lambda work: contacts.confirm(work, medium, CODE))


def inbox(person: Person) -> list[MessageView]:
    """What is in somebody's inbox about lots, the oldest first."""
    page = person.door.read(lambda session: queries.inbox(session, person.person, None, False, None))
    return [view for view in reversed(page.messages) if not view.words.startswith("account.")]


def words(person: Person) -> list[str]:
    """The words of those."""
    return [view.words for view in inbox(person)]


def tell(door: Door) -> int:
    """Delivers what trading has to tell; returns how many events that were."""
    return outbox.deliver(door, {telling.TOPIC: telling.tell})


@dataclass
class MailServer:
    """A real SMTP server that keeps what it takes; `refuse` answers with that code at RCPT."""

    refuse: str = ""
    mails: list[tuple[str, bytes]] = field(default_factory=list)
    controller: Any = None

    async def handle_RCPT(self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]) -> str:  # noqa: N802
        """Takes a recipient, or refuses."""
        if self.refuse:
            return self.refuse
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keeps the mail."""
        self.mails += [(address, bytes(envelope.content or b"")) for address in envelope.rcpt_tos]
        return "250 kept"

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"smtp://127.0.0.1:{self.controller.server.sockets[0].getsockname()[1]}"

    def stop(self) -> None:
        """Nobody answers here any more."""
        if self.controller is not None:
            self.controller.stop()
            self.controller = None


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """An SMTP server while the block runs."""
    logging.getLogger("mail.log").setLevel(logging.WARNING)  # its own lines stand in for nobody's
    made = MailServer()
    made.controller = _Controller(made, hostname="127.0.0.1", port=0)
    made.controller.start()
    try:
        yield made
    finally:
        made.stop()


class _Controller(Controller):
    """A free port is asked for by 0, which the library's own check of being up does not expect."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def sms_gateway(folder: Path, clock_file: Path | None = None) -> Iterator[tuple[SandboxSms, str]]:
    """The sandbox's gateway and its address while the block runs."""
    gateway = SandboxSms(StateFolder(folder), SMS_KEY, clock_file)
    running = server("127.0.0.1", 0, gateway.handle)
    thread = Thread(target=running.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield gateway, f"http://127.0.0.1:{running.server_address[1]}"
    finally:
        running.shutdown()
        running.server_close()
        thread.join()
