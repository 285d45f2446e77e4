"""Calls leave through the outbox, and who stays silent is followed by the next when the reply window has passed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from core.identity.domain.message import Medium
from core.identity.gateway.channels import Channel, ChannelDown, Letter, Undeliverable, channels
from core.kernel import clock
from core.kernel.actor import SYSTEM_ACTOR
from core.kernel.outbox import Outside, Subscriber
from core.kernel.ticks import Tick, each
from core.kernel.work import Door
from core.web.filters import beijing
from core.web.i18n import in_language
from core.web.platform import Platform
from evaluation.gateway_calls import VoiceCall, VoiceGateway
from evaluation.queries import calls as queries
from evaluation.queries.calls import Outgoing
from evaluation.services import calls
from evaluation.services.calling import TOPIC

TICKS = (Tick("evaluation.silent_calls", 2.0, each(queries.silent, calls.expire)),)


def subscriptions(platform: Platform) -> dict[str, Subscriber]:
    """Who carries calls outside: nobody where neither telephone nor short messages are set up, and then experts look at their page."""
    settings, ways = platform.settings, channels(platform.settings)
    voice = VoiceGateway(settings.voice_url, settings.voice_key) if settings.voice_url else None
    sms = ways.get(Medium.SMS)
    if voice is None and sms is None:
        return {}
    outside = Ways(voice, sms, settings.origin, platform.sentences["draw.call.text"])
    return {TOPIC: Outside(lambda door, payload: carry(door, UUID(str(payload["call"])), outside))}


@dataclass(frozen=True, slots=True)
class Ways:
    """The ways outside, where the pressed key comes back to, and what is said."""

    voice: VoiceGateway | None
    sms: Channel | None
    origin: str
    words: object


def carry(door: Door, call_id: UUID, outside: Ways) -> None:
    """Writes and rings once; raises ChannelDown when it should be tried again. The reply window runs from the gateway's word."""
    found = door.read(lambda session: queries.outgoing(session, call_id))
    if found is None:
        return
    words, now = text(found, outside.words), clock.now(door.clock_file)
    if outside.sms is not None and found.address:
        _write(outside.sms, found, Letter(found.number, "", words, now))
    if not found.is_due:
        return
    if not found.address:
        door.perform(SYSTEM_ACTOR, lambda work: calls.placed(work, call_id))  # the page alone asks them
        return
    if outside.voice is None:
        raise ChannelDown("voice_not_set_up")
    try:
        outside.voice.ring(VoiceCall(found.number, found.address, words, f"{outside.origin}/api/v1/calls/{found.number}/keys", now))
    except Undeliverable:
        door.perform(SYSTEM_ACTOR, lambda work: calls.unreachable(work, call_id))
    else:
        door.perform(SYSTEM_ACTOR, lambda work: calls.placed(work, call_id))


def text(found: Outgoing, words: object) -> str:
    """Time and place, how to answer, and the call's number; never the project."""
    facts: Mapping[str, object] = {
        "at": beijing(found.assemble_at, "%m月%d日 %H:%M"),
        "place": found.site,
        "minutes": found.window_minutes,
        "call": found.number,
    }
    return in_language(None, words, facts)


def _write(sms: Channel, found: Outgoing, letter: Letter) -> None:
    """A short message beside the call; whether it arrives decides nothing."""
    try:
        sms.send(found.address, letter)
    except (ChannelDown, Undeliverable):
        return
