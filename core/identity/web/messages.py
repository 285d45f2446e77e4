"""One's messages, by which ways they come, and where one is reached: the API, and what the pages share with it."""

from __future__ import annotations

import hashlib
import hmac
from uuid import UUID

from flask import Response, jsonify
from flask_openapi3.blueprint import APIBlueprint

from core.identity.domain import contact
from core.identity.domain.contact import Answer
from core.identity.domain.message import Language, Medium, QuietHours, Topic
from core.identity.gateway.channels import ChannelDown, Letter, Undeliverable, channels
from core.identity.queries import messages as queries
from core.identity.queries.messages import ChoiceView, InboxPage, MessageView
from core.identity.services import contacts
from core.identity.services import messages as services
from core.identity.web.acts import me
from core.identity.web.forms import AddressForm, ChoiceForm, CodeForm, MediumPath, MessagePath, MessageQuery, NoForm
from core.identity.web.limits import throttle
from core.identity.web.texts_messages import CODE_TEXT
from core.kernel import clock
from core.kernel.errors import BadSignature, RuleBroken, WrongState
from core.kernel.ids import PersonId, new_id
from core.web.door import perform, read
from core.web.guard import quiet, signed_in
from core.web.i18n import text
from core.web.platform import platform
from core.web.threads import natively

api = APIBlueprint("identity_messages", __name__, url_prefix="/api/v1")


def inbox(query: MessageQuery) -> InboxPage:
    """One's inbox."""
    person, topic = me(), Topic(query.topic) if query.topic else None
    after = UUID(query.after) if query.after else None
    return read(lambda session: queries.inbox(session, person, topic, query.unread == "1", after))


def choose(form: ChoiceForm) -> None:
    """Sets what one chose, all at once."""
    chosen = set(form.ways)
    wishes = {(topic, medium): f"{topic.value}.{medium.value}" in chosen for topic in Topic for medium in Medium}
    language, hours = Language(form.language), QuietHours(form.quiet_begin, form.quiet_end)
    perform(lambda work: services.choose(work, wishes, language, hours))


def ask(medium: Medium, form: AddressForm) -> None:
    """Sends a code to the address; raises WrongState when this way is not open, RuleBroken for an address that is none."""
    channel = channels(platform().settings).get(medium)
    if channel is None:
        raise WrongState("contact.closed")
    address, code, person = contact.address(medium, form.address), contact.new_code(), me()
    throttle("contact", address)
    digest = _digest(person, medium, code)
    perform(lambda work: contacts.ask(work, medium, address, digest))
    now = clock.now(platform().settings.clock_file)
    said = text(CODE_TEXT, {"code": code})
    letter = Letter(str(new_id(now)), text(CODE_TEXT, {"code": code[:2] + "····"}), said, now)
    try:
        natively(lambda: channel.send(address, letter))
    except Undeliverable:
        raise RuleBroken("contact.refused") from None
    except ChannelDown:
        raise WrongState("contact.down") from None


def confirm(medium: Medium, form: CodeForm) -> None:
    """Takes the code that was typed; raises BadSignature for a wrong one, WrongState for one that came too late or too often."""
    digest = _digest(me(), medium, form.code)
    answer = perform(lambda work: contacts.confirm(work, medium, digest))
    if answer is Answer.WRONG:
        raise BadSignature("contact.code")
    if answer is Answer.TOO_LATE:
        raise WrongState("contact.too_late")


def _digest(person: PersonId, medium: Medium, code: str) -> bytes:
    """Under a key of ours, or six digits were soon tried out by whoever reads the table."""
    return hmac.new(platform().settings.secret_key.encode(), f"contact/{person}/{medium.value}/{code}".encode(), hashlib.sha256).digest()


@api.get("/me/messages")
@signed_in
@quiet
def messages(query: MessageQuery) -> Response:
    """One's messages, the youngest first, at most 30 a page; `after` begins the next."""
    page = inbox(query)
    return jsonify({"messages": [_message(view) for view in page.messages], "after": page.after, "unread": page.unread})


@api.post("/me/messages/<message>/read")
@signed_in
@quiet
def read_one(path: MessagePath, body: NoForm) -> Response:
    """Marks a message as read."""
    return jsonify({"link": perform(lambda work: services.read(work, UUID(path.message)))})


@api.post("/me/messages/read")
@signed_in
@quiet
def read_all(body: NoForm) -> Response:
    """Marks all of one's messages as read."""
    perform(services.read_all)
    return jsonify({"unread": 0})


@api.get("/me/message-choices")
@signed_in
@quiet
def choices() -> Response:
    """By which ways one has which messages, in which language, and not in which hours; where one is reached."""
    person = me()
    return jsonify(_choices(read(lambda session: queries.choices(session, person))))


@api.put("/me/message-choices")
@signed_in
@quiet
def set_choices(body: ChoiceForm) -> Response:
    """Sets them; legal notices stay in the inbox."""
    choose(body)
    person = me()
    return jsonify(_choices(read(lambda session: queries.choices(session, person))))


@api.post("/me/contacts/<medium>")
@signed_in
@quiet
def set_contact(path: MediumPath, body: AddressForm) -> Response:
    """Has a code sent to an address."""
    ask(Medium(path.medium), body)
    return jsonify({"asked": True})


@api.post("/me/contacts/<medium>/confirmation")
@signed_in
@quiet
def confirm_contact(path: MediumPath, body: CodeForm) -> Response:
    """Shows by the code that the address is one's own."""
    confirm(Medium(path.medium), body)
    return jsonify({"confirmed": True})


@api.delete("/me/contacts/<medium>")
@signed_in
@quiet
def end_contact(path: MediumPath) -> Response:
    """One is no longer reached by this way."""
    perform(lambda work: contacts.forget(work, Medium(path.medium)))
    return jsonify({"asked": False})


def _message(view: MessageView) -> dict[str, object]:
    sentences = platform().sentences
    return {
        "id": str(view.id),
        "topic": view.topic.value,
        "kind": view.words,
        "number": view.number,
        "title": view.title,
        "text": text(sentences[f"message.{view.words}"]),
        "todo": text(sentences[f"message.{view.words}.todo"]),
        "link": view.link,
        "told_at": clock.text(view.told_at),
        "read": view.is_read,
        "sent": {medium.value: state.value for medium, state in view.sent},
    }


def _choices(view: ChoiceView) -> dict[str, object]:
    return {
        "ways": sorted(f"{topic.value}.{medium.value}" for topic, medium in view.wanted),
        "language": view.language.value,
        "quiet_begin": view.quiet.begin,
        "quiet_end": view.quiet.end,
        "contacts": {medium.value: {"address": found.address, "asked": found.asked} for medium, found in view.contacts.items()},
    }
