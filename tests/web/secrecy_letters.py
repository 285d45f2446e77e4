"""What leaves the platform in a secrecy world: its followers, whoever they are, and the letters that are carried to them."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from app.sandbox.sms import SandboxSms
from core.identity.domain.message import Language, Medium, QuietHours, Topic
from core.identity.services import messages
from tests.builders.bids import Hall
from tests.builders.messages import SMS_KEY, MailServer, mail_server, reach, sms_gateway
from tests.builders.people import Person
from tests.builders.trading_web import Browser
from trading.services import follows

FOLLOWERS = (0, 1, 5, 20)  # of the firms, the same in every world: some of them bid in some, one in none


@dataclass(frozen=True)
class Carriers:
    """A mail server and an SMS gateway, and how the platform is told of them."""

    mail: MailServer
    sms: SandboxSms
    settings: dict[str, str]

    def carried(self) -> Sequence[str]:
        """All that they were handed, in the order of its arrival."""
        letters = [(address, email.message_from_bytes(raw, policy=email.policy.default)) for address, raw in self.mail.mails]
        mails = [f"mail {address} {letter['Subject']} {letter.get_content()}" for address, letter in letters]
        return [*mails, *(f"sms {one['to']} {one['text']}" for one in self.sms.messages)]


@contextmanager
def carriers(folder: Path, clock_file: Path) -> Iterator[Carriers]:
    """Both while the block runs."""
    with ExitStack() as stack:
        mail, (sms, address) = stack.enter_context(mail_server()), stack.enter_context(sms_gateway(folder / "sms", clock_file))
        told = {"MAIL_URL": mail.url, "MAIL_FROM": "notice@ggzy.example.cn", "SMS_URL": address, "SMS_KEY": SMS_KEY}
        yield Carriers(mail, sms, {f"GONGHENG_{name}": value for name, value in told.items()})


def let_follow(room: Hall, firms: Sequence[Person], others: Sequence[Person]) -> None:
    """These firms and these others follow the lot, can be reached by every way, and want everything told."""
    for place, person in enumerate((*(firms[number] for number in FOLLOWERS), *others)):
        reach(person, Medium.SMS, f"138{place:08d}")
        reach(person, Medium.MAIL, f"reader{place}@example.cn")
        wanted = {(Topic.PROGRESS, medium): True for medium in Medium}
        room.perform(person, lambda work, wanted=wanted: messages.choose(work, wanted, Language.CHINESE, QuietHours(0, 0)))
        room.perform(person, lambda work: follows.follow(work, room.number))


def use_messages(who: Browser, number: str, firms: Sequence[Person]) -> None:
    """A bidder reads and chooses, follows and leaves; at the end it follows as it does in every world."""
    for address in ("/inbox", "/inbox/unread", "/me/messages", "/me/follows", "/api/v1/me/messages", "/api/v1/me/message-choices"):
        assert who.get(address).status_code == 200
    assert who.client.put(f"/api/v1/lots/{number}/follow").status_code == 200
    assert who.client.post(f"/lots/{number}/unfollow").status_code == 303
    if who.person in [firms[place] for place in FOLLOWERS]:
        assert who.client.post(f"/lots/{number}/follow").status_code == 303
    who.client.post("/inbox/read")
