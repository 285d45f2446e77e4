"""What identity does by itself: the file of the demonstration's clock follows its table, letters are carried outside, and other
authorities are asked about the keys that they vouch for."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from core.identity.domain.message import Language, Medium
from core.identity.gateway import show
from core.identity.gateway.channels import Channel, ChannelDown, Letter, Undeliverable, channels
from core.identity.gateway.statuses import Asker
from core.identity.queries import anchors
from core.identity.queries import messages as queries
from core.identity.queries.anchors import Due
from core.identity.queries.messages import Carried
from core.identity.services import clockwork, messages, vouching
from core.kernel import clock
from core.kernel.actor import SYSTEM_ACTOR
from core.kernel.outbox import Outside, Payload, Subscriber
from core.kernel.ticks import Tick
from core.kernel.work import Door
from core.web.i18n import in_language
from core.web.platform import Platform

ASKING, MOST_ASKED = 60.0, 50  # s and keys of one round
LONGEST_TITLE = 60  # characters of a lot's title in a short message


def ticks(platform: Platform) -> tuple[Tick, ...]:
    """Each way outside is knocked at once a minute, whether anything is sent or not: how often it is tried must count nobody."""
    ways = channels(platform.settings)
    probing = (Tick("identity.channels", 60.0, lambda door: probe(door, ways)),) if ways else ()
    return (*probing, Tick("identity.statuses", 60.0, ask_statuses))


def subscriptions(platform: Platform) -> dict[str, Subscriber]:
    """The clock's file, and a postman for each way outside; what fails there is told to the sealed log alone."""
    carriers: dict[str, Subscriber] = {
        messages.TOPICS[medium]: Outside(partial(_carry, platform, channel), sealed=True)
        for medium, channel in channels(platform.settings).items()
    }
    return {**CLOCK, **carriers}


def _show(door: Door, payload: Payload) -> None:
    """Writes the offset unless the file is ahead already: messages may come late and twice, and the clock never goes back."""
    show(door.clock_file, timedelta(milliseconds=int(payload["offset_ms"])))


CLOCK: dict[str, Subscriber] = {clockwork.TOPIC: Outside(_show)}


def _carry(platform: Platform, channel: Channel, door: Door, payload: Payload) -> None:
    carry(platform, door, channel, UUID(str(payload["delivery"])))


def carry(platform: Platform, door: Door, channel: Channel, delivery: UUID) -> None:
    """Carries one letter; raises ChannelDown when it should be tried again later."""
    found = door.read(lambda session: queries.carried(session, delivery))
    if found is None:
        return
    try:
        channel.send(found.address, letter(platform, found, delivery, clock.now(door.clock_file)))
    except Undeliverable as refusal:
        fault = str(refusal)
        door.perform(SYSTEM_ACTOR, lambda work: messages.note_refused(work, delivery, fault))
    except ChannelDown as trouble:
        fault = str(trouble)
        if door.perform(SYSTEM_ACTOR, lambda work: messages.note_trouble(work, delivery, fault)):
            raise
    else:
        door.perform(SYSTEM_ACTOR, lambda work: messages.note_sent(work, delivery))


def letter(platform: Platform, found: Carried, delivery: UUID, at: datetime) -> Letter:
    """The letter in its reader's language: what happened, to which lot, what to do, and where."""
    english = platform.parts["english"] if found.language is Language.ENGLISH else None
    sentences, is_short = platform.sentences, found.medium is Medium.SMS
    title = found.title if not is_short or len(found.title) <= LONGEST_TITLE else found.title[: LONGEST_TITLE - 1] + "…"
    facts = {"title": title, "number": found.number, "link": platform.settings.origin + found.link}
    facts["what"] = in_language(english, sentences[f"message.{found.words}"])
    facts["todo"] = in_language(english, sentences[f"message.{found.words}.todo"])
    text = in_language(english, sentences["message.sms.text" if is_short else "message.mail.text"], facts)
    subject = in_language(english, sentences["message.mail.subject"], facts)
    return Letter(str(delivery), " ".join(subject.split()), text, at)  # a header is one line, whatever a title holds


def ask_statuses(door: Door, asker: Asker | None = None) -> None:
    """Asks other authorities about the keys that are due; who has asked for a minute goes on at the next tick."""
    if due := door.read(lambda session: anchors.due(session, clock.now(door.clock_file), MOST_ASKED)):
        _ask(door, due, asker or Asker())


def _ask(door: Door, due: Sequence[Due], asker: Asker) -> None:
    until = time.monotonic() + ASKING
    with asker.client:
        for one in due:
            said = asker.ask(one.path, one.ocsp_url, one.crl_urls, clock.now(door.clock_file))
            door.perform(SYSTEM_ACTOR, lambda work, key=one.key_id, said=said: vouching.note_status(work, key, said))  # type: ignore[misc]
            if time.monotonic() > until:
                return


def probe(door: Door, ways: Mapping[Medium, Channel]) -> None:
    """Notes of each way whether it is open."""
    for medium, channel in ways.items():
        try:
            channel.probe()
            fault = ""
        except ChannelDown as trouble:
            fault = str(trouble)
        door.perform(SYSTEM_ACTOR, lambda work, medium=medium, fault=fault: messages.note_health(work, medium, fault))  # type: ignore[misc]
