"""The ways by which a message leaves the platform: mail over SMTP, SMS through a gateway that speaks JSON over HTTP."""

from __future__ import annotations

import hashlib
import hmac
import smtplib
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from typing import Protocol
from urllib.parse import urlsplit

import httpx

from core.identity.domain.message import Medium
from core.kernel import clock, jcs
from core.kernel.jcs import JSON
from core.settings import Settings

PATIENCE = 10.0  # s
LONGEST_SMS = 300  # characters: at most five parts


@dataclass(frozen=True, slots=True)
class Letter:
    """What is carried: `key` makes twice harmless, `language` is for the headers."""

    key: str
    subject: str
    text: str
    sent_at: datetime


class ChannelDown(Exception):
    """Not carried, perhaps later; the message is a word without an address."""


class Undeliverable(Exception):
    """This address will never take it; the message is a word without an address."""


class Channel(Protocol):
    """A way outside. `send` raises ChannelDown or Undeliverable, `probe` ChannelDown."""

    def send(self, address: str, letter: Letter) -> None:
        """Carries one letter, once for its key as far as the other side allows."""

    def probe(self) -> None:
        """Knocks without sending anything."""


@dataclass(frozen=True, slots=True)
class Smtp:
    """A mail server. TLS from the first byte with `smtps`, else STARTTLS where it is offered; never a password in the clear."""

    host: str
    port: int
    is_tls: bool
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)

    def send(self, address: str, letter: Letter) -> None:
        """One letter in a session of its own; its key is its Message-ID, by which a mailbox knows it again (RFC 5322 §3.6.4)."""
        mail = EmailMessage()
        mail["From"] = Address("公衡 Gongheng", addr_spec=self.sender)
        mail["To"] = Address(addr_spec=address)
        mail["Subject"] = letter.subject
        mail["Date"] = letter.sent_at
        mail["Message-ID"] = f"<{letter.key}@{self.sender.rpartition('@')[2]}>"
        mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office replies
        mail.set_content(letter.text, cte="base64")
        self._talk(lambda server: server.send_message(mail, from_addr=self.sender, to_addrs=[address]))

    def probe(self) -> None:
        """Says hello, logs in, and leaves."""
        self._talk(lambda server: server.noop())

    def _talk(self, say: Callable[[smtplib.SMTP], object]) -> None:
        context = ssl.create_default_context()
        try:
            with self._connect(context) as server:
                server.ehlo_or_helo_if_needed()
                if not self.is_tls and server.has_extn("starttls"):
                    server.starttls(context=context)
                    server.ehlo()
                elif not self.is_tls and self.user:
                    raise ChannelDown("no_tls")
                if self.user:
                    server.login(self.user, self.password)
                say(server)
        except smtplib.SMTPRecipientsRefused as refusal:
            codes = [code for code, _ in refusal.recipients.values()]
            raise _refused(max(codes, default=550)) from None
        except smtplib.SMTPResponseException as refusal:
            # A refusal of the login or of the server itself is the channel's fault, not the address's.
            if isinstance(refusal, smtplib.SMTPDataError):
                raise _refused(refusal.smtp_code) from None
            raise ChannelDown(f"smtp_{refusal.smtp_code}") from None
        except (OSError, smtplib.SMTPException) as failure:
            raise ChannelDown(type(failure).__name__) from None

    def _connect(self, context: ssl.SSLContext) -> smtplib.SMTP:
        if self.is_tls:
            return smtplib.SMTP_SSL(self.host, self.port, timeout=PATIENCE, context=context)
        return smtplib.SMTP(self.host, self.port, timeout=PATIENCE)


def _refused(code: int) -> Exception:
    """Of SMTP's codes 5xx are for ever, 4xx for now (RFC 5321 §4.2.1)."""
    return Undeliverable(f"smtp_{code}") if code >= 500 else ChannelDown(f"smtp_{code}")


@dataclass(frozen=True, slots=True)
class SmsGateway:
    """An SMS gateway: `POST /v1/messages` with a JSON body, its signature the HMAC-SHA256 of the body's canonical form without it."""

    url: str
    key: str = field(repr=False)
    client: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=PATIENCE, trust_env=False, follow_redirects=False))

    def send(self, address: str, letter: Letter) -> None:
        """One short message; the gateway knows its id again and sends it once."""
        said: dict[str, JSON] = {"id": letter.key, "to": address, "text": letter.text[:LONGEST_SMS], "sent_at": clock.text(letter.sent_at)}
        status = self._ask("POST", "/v1/messages", said | {"signature": signature(self.key, said)})
        if status in (400, 409, 422):
            raise Undeliverable(f"sms_{status}")
        if status not in (200, 201):
            raise ChannelDown(f"sms_{status}")

    def probe(self) -> None:
        """Asks whether it is there."""
        if (status := self._ask("GET", "/v1/health", None)) != 200:
            raise ChannelDown(f"sms_{status}")

    def _ask(self, method: str, path: str, body: Mapping[str, JSON] | None) -> int:
        try:
            return self.client.request(method, self.url + path, json=body).status_code
        except httpx.HTTPError as failure:
            raise ChannelDown(type(failure).__name__) from None


def signature(key: str, said: Mapping[str, JSON]) -> str:
    """The signature of a message to the gateway, in hex."""
    return hmac.new(key.encode(), jcs.canonical(dict(said)), hashlib.sha256).hexdigest()


def channels(settings: Settings) -> Mapping[Medium, Channel]:
    """The ways outside that this platform has been given."""
    found: dict[Medium, Channel] = {}
    if settings.mail_url:
        where = urlsplit(settings.mail_url)
        is_tls = where.scheme == "smtps"
        port = where.port or (465 if is_tls else 25)
        found[Medium.MAIL] = Smtp(where.hostname or "", port, is_tls, settings.mail_from, settings.mail_user, settings.mail_password)
    if settings.sms_url:
        found[Medium.SMS] = SmsGateway(settings.sms_url, settings.sms_key)
    return found
