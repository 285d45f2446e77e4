"""Pages of messages: the inbox, what one chose about them, and for administrators the ways outside."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, flash, redirect, request
from flask.typing import ResponseReturnValue

from core.identity.domain.message import LEGAL, OUTSIDE, Medium, Topic
from core.identity.gateway.channels import channels
from core.identity.queries import messages as queries
from core.identity.services import contacts
from core.identity.services import messages as services
from core.identity.web import messages as ways
from core.identity.web.acts import me
from core.identity.web.forms import AddressForm, ChoiceForm, CodeForm, MessageQuery, NoForm
from core.identity.web.pages import page
from core.identity.web.posted import Posted, posted
from core.identity.web.texts_messages import DELIVERIES, DONE, MEDIA, TOPICS
from core.kernel.errors import NotFound
from core.kernel.roles import Role
from core.web.door import perform, read
from core.web.forms import Form
from core.web.guard import idle, quiet, requires, signed_in
from core.web.i18n import text
from core.web.platform import platform

F = TypeVar("F", bound=Form)
blueprint = Blueprint("identity_message_pages", __name__)
WORDS = {"TOPICS": TOPICS, "MEDIA": MEDIA, "DELIVERIES": DELIVERIES, "LEGAL": LEGAL}


@blueprint.get("/inbox")
@signed_in
@quiet
def inbox() -> ResponseReturnValue:
    """One's messages."""
    query = MessageQuery.model_validate(request.args.to_dict())
    view, kept = ways.inbox(query), query.model_dump(exclude_defaults=True, exclude={"after"})
    onward = "/inbox?" + urlencode(kept | {"after": view.after}) if view.after else ""
    here = "/inbox?" + urlencode(query.model_dump(exclude_defaults=True))
    return page("inbox", view=view, query=query, onward=onward, first="/inbox?" + urlencode(kept), here=here, say=_say, **WORDS)


def _say(words: str) -> str:
    return text(platform().sentences[f"message.{words}"])


@blueprint.get("/inbox/unread")
@signed_in
@quiet
@idle
def unread() -> ResponseReturnValue:
    """How many are unread, for the bar of an open page; asking does not keep a login alive."""
    person = me()
    return {"unread": read(lambda session: queries.unread(session, person))}


@blueprint.post("/inbox/<uuid:message>/open")
@signed_in
@quiet
def open_message(message: UUID) -> ResponseReturnValue:
    """Reads a message and goes where it leads."""
    return redirect(perform(lambda work: services.read(work, message)), 303)


@blueprint.post("/inbox/<uuid:message>/read")
@signed_in
@quiet
def read_message(message: UUID) -> ResponseReturnValue:
    """Marks a message as read and stays."""
    perform(lambda work: services.read(work, message))
    return redirect("/inbox", 303)


@blueprint.post("/inbox/read")
@signed_in
@quiet
def read_all() -> ResponseReturnValue:
    """Marks all messages as read."""
    perform(services.read_all)
    flash(str(DONE["all_read"]), "ok")
    return redirect("/inbox", 303)


@blueprint.route("/me/messages", methods=["GET", "POST"])
@signed_in
@quiet
def choices() -> ResponseReturnValue:
    """By which ways one has which messages."""
    if request.method == "GET":
        return _choices("", [], 200)
    more: dict[str, object] = {"ways": request.form.getlist("ways")}
    more |= {name: _hour(request.form.get(name, "")) for name in ("quiet_begin", "quiet_end")}
    done = posted(ChoiceForm, ways.choose, more)
    return _answer("choices", done, "chosen")


def _hour(written: str) -> int:
    return int(written) if written.isascii() and written.isdigit() and len(written) <= 2 else -1


def _choices(form: str, errors: list[tuple[str, str]], status: int) -> ResponseReturnValue:
    """`form` is the one that the errors belong to."""
    person = me()
    view = read(lambda session: queries.choices(session, person))
    open_ways = channels(platform().settings).keys()
    facts: dict[str, Any] = {"form": form, "errors": errors, "open_ways": open_ways, "ALL": tuple(Medium), "OUTSIDE": OUTSIDE}
    return page("messages", view=view, topics=tuple(Topic), values=request.form, **facts, **WORDS), status


def _answer(form: str, done: Posted[Any], said: str) -> ResponseReturnValue:
    if done.errors:
        return _choices(form, done.errors, done.status)
    flash(str(DONE[said]), "ok")
    return redirect("/me/messages", 303)


@blueprint.post("/me/contacts/<medium>")
@signed_in
@quiet
def ask(medium: str) -> ResponseReturnValue:
    """Has a code sent to an address."""
    return _contact(medium, AddressForm, ways.ask, "code_sent")


@blueprint.post("/me/contacts/<medium>/confirm")
@signed_in
@quiet
def confirm(medium: str) -> ResponseReturnValue:
    """Takes the code."""
    return _contact(medium, CodeForm, ways.confirm, "confirmed")


@blueprint.post("/me/contacts/<medium>/remove")
@signed_in
@quiet
def remove(medium: str) -> ResponseReturnValue:
    """One is no longer reached by this way."""
    return _contact(medium, NoForm, lambda way, form: perform(lambda work: contacts.forget(work, way)), "removed")


def _contact(medium: str, schema: type[F], do: Callable[[Medium, F], None], said: str) -> ResponseReturnValue:
    way = next((known for known in OUTSIDE if known.value == medium), None)
    if way is None:
        raise NotFound("contact.not_found")
    return _answer(medium, posted(schema, lambda form: do(way, form)), said)


@blueprint.get("/admin/channels")
@requires(Role.ADMIN)
def operator() -> ResponseReturnValue:
    """What the ways outside do; no address, and nobody before the opening of what they are told of."""
    health, failures = {view.medium: view for view in read(queries.health)}, read(queries.failures)
    return page("channels", health=health, failures=failures, open_ways=tuple(channels(platform().settings)), **WORDS)
