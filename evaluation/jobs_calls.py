"""Calls leave through the outbox, and who stays silent is followed by the next when the reply window has passed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from core.identity.domain.message import Medium
from core.identity.gateway.channels import Channel, ChannelDown, Letter, Undeliverable, channels
from core.kernel import clock
from core.kernel.actor import SYSTEM_ACTOR
from core.kernel.errors import BadSignature
from core.kernel.outbox import Outside, Subscriber
from core.kernel.ticks import Tick, each
from core.kernel.vault import Vault, open_vault
from core.kernel.work import Door
from core.web.filters import beijing
from core.web.i18n import in_language
from core.web.platform import Platform
from evaluation.domain.secret import VAULT_FILE, SecretKind, about
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
    vault = open_vault(settings.keys_dir / VAULT_FILE)
    outside = Ways(voice, sms, settings.origin, platform.sentences["draw.call.text"], vault)
    return {TOPIC: Outside(lambda door, payload: carry(door, UUID(str(payload["call"])), outside))}


@dataclass(frozen=True, slots=True)
class Ways:
    """The ways outside, where the pressed key comes back to, what is said, and what opens the pool's numbers."""

    voice: VoiceGateway | None
    sms: Channel | None
    origin: str
    words: object
    vault: Vault


def carry(door: Door, call_id: UUID, outside: Ways) -> None:
    """Writes and rings once; raises ChannelDown when it should be tried again. The reply window runs from the gateway's word."""
    found = door.read(lambda session: queries.outgoing(session, call_id))
    if found is None:
        return
    words, now, to = text(found, outside.words), clock.now(door.clock_file), number_of(found, outside.vault)
    if outside.sms is not None and to:
        _write(outside.sms, to, Letter(found.number, "", words, now))
    if not found.is_due:
        return
    if not to:
        door.perform(SYSTEM_ACTOR, lambda work: calls.placed(work, call_id))  # the page alone asks them
        return
    if outside.voice is None:
        raise ChannelDown("voice_not_set_up")
    try:
        outside.voice.ring(VoiceCall(found.number, to, words, f"{outside.origin}/api/v1/calls/{found.number}/keys", now))
    except Undeliverable:
        door.perform(SYSTEM_ACTOR, lambda work: calls.unreachable(work, call_id))
    else:
        door.perform(SYSTEM_ACTOR, lambda work: calls.placed(work, call_id))


def number_of(found: Outgoing, vault: Vault) -> str:
    """The number that the pool keeps for its calls, else the confirmed one of the expert's account, "" for none.

    Raises ChannelDown where the pool's number was sealed under another key: it is tried again, and shows in the outbox.
    """
    if not found.sealed:
        return found.address
    try:
        return vault.open(found.sealed, about(found.expert, SecretKind.PHONE))
    except BadSignature:
        raise ChannelDown("vault_unfit") from None


def text(found: Outgoing, words: object) -> str:
    """Time and place, how to answer, and the call's number; never the project."""
    facts: Mapping[str, object] = {
        "at": beijing(found.assemble_at, "%m月%d日 %H:%M"),
        "place": found.site,
        "minutes": found.window_minutes,
        "call": found.number,
    }
    return in_language(None, words, facts)


def _write(sms: Channel, to: str, letter: Letter) -> None:
    """A short message beside the call; whether it arrives decides nothing."""
    try:
        sms.send(to, letter)
    except (ChannelDown, Undeliverable):
        return
