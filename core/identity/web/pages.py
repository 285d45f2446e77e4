"""Identity's pages: logging in, joining, one's account and devices. Plain forms that work without script."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from core.identity.queries import account as queries
from core.identity.queries import people
from core.identity.services import sessions as logins
from core.identity.web import certificates as keys
from core.identity.web import people as joining
from core.identity.web.acts import me
from core.identity.web.forms import EnrolmentForm, LoginForm, PasswordForm, RevocationForm, RoleForm, SignUpForm
from core.identity.web.posted import posted
from core.identity.web.sessions import change, choose, give, log_in, log_out, take, this_session, viewer_of
from core.identity.web.texts import DONE, OFFICES, PURPOSES, REASONS, ROLES
from core.kernel import clock
from core.kernel.errors import BadSignature
from core.kernel.ids import KeyId, SessionId
from core.web.door import actor, perform, read, viewer
from core.web.guard import public, quiet, signed_in
from core.web.platform import platform

blueprint = Blueprint("identity", __name__)
WORDS = {"ROLES": ROLES, "OFFICES": OFFICES, "PURPOSES": PURPOSES, "REASONS": REASONS}
LARGEST_REQUEST = 20_000  # bytes of an officer's certificate request


def page(name: str, **facts: Any) -> str:
    """One of identity's templates, with the names of roles, offices and purposes at hand."""
    return render_template(f"identity/{name}.html", **WORDS, **facts)


def local(address: str) -> str:
    """An address on this site to go on to; anything else is the first page, so that a link cannot lead from our login elsewhere."""
    inside = address.startswith("/") and not address.startswith("//") and "\\" not in address and address.isprintable()
    return address if inside else "/"


def go_on(token: str, address: str) -> ResponseReturnValue:
    """On to where one was going, by way of the choice of a role when none is chosen yet."""
    found = viewer_of(platform().door, token)
    chosen = found is not None and bool(found.actor.roles)
    response: Response = redirect(address if chosen else "/role?" + urlencode({"next": address}), 303)
    return give(response, token)  # type: ignore[arg-type]  # Flask's own Response


@blueprint.route("/login", methods=["GET", "POST"])
@public
@quiet
def login() -> ResponseReturnValue:
    """Logging in."""
    onward = local(request.values.get("next", "/"))
    if request.method == "GET":
        if actor().person is not None:
            return redirect(onward, 303)
        return page("login", errors=[], values={}, next=onward, providers=platform().settings.licence_providers)
    done = posted(LoginForm, log_in)
    if done.errors:
        values, providers = {"login": request.form.get("login", "")}, platform().settings.licence_providers
        return page("login", errors=done.errors, values=values, next=onward, providers=providers), done.status
    return go_on(done.value, onward)


@blueprint.post("/logout")
@signed_in
@quiet
def logout() -> ResponseReturnValue:
    """Logging out."""
    log_out()
    flash(str(DONE["logged_out"]), "ok")
    return take(redirect("/login", 303))  # type: ignore[arg-type]  # Flask's own Response


@blueprint.route("/sign-up", methods=["GET", "POST"])
@public
@quiet
def sign_up() -> ResponseReturnValue:
    """A bidder's organisation joins."""
    if request.method == "GET":
        return page("sign_up", errors=[], values={})
    done = posted(SignUpForm, joining.sign_up)
    if done.errors:
        values = {name: value for name, value in request.form.items() if name != "password"}
        return page("sign_up", errors=done.errors, values=values), done.status
    flash(str(DONE["joined"]), "ok")
    return redirect("/login?next=/me/devices", 303)


@blueprint.route("/role", methods=["GET", "POST"])
@signed_in
@quiet
def role() -> ResponseReturnValue:
    """The choice of a role."""
    onward, person = local(request.values.get("next", "/")), me()
    if request.method == "POST":
        done = posted(RoleForm, lambda form: choose(UUID(form.grant)))
        if not done.errors:
            return go_on(done.value, onward)
    else:
        done = None
    view = read(lambda session: people.person(session, person))
    errors, status = ([], 200) if done is None else (done.errors, done.status)
    return page("role", view=view, errors=errors, next=onward, current=viewer()), status


@blueprint.get("/me")
@signed_in
@quiet
def own_account() -> ResponseReturnValue:
    """One's account."""
    return _account([], 200)


def _account(errors: list[tuple[str, str]], status: int) -> ResponseReturnValue:
    person, this, at = me(), viewer().session_key, clock.now()
    view = read(lambda session: queries.account(session, person, this, at))
    return page("account", view=view, errors=errors), status


@blueprint.post("/me/sessions/<uuid:session>/end")
@signed_in
@quiet
def end_session(session: UUID) -> ResponseReturnValue:
    """Ends one of one's logins."""
    person, at = me(), clock.now()
    perform(lambda work: logins.end_session(work, person, SessionId(session), at))
    flash(str(DONE["session_ended"]), "ok")
    return redirect("/me", 303)


@blueprint.post("/me/sessions/end")
@signed_in
@quiet
def end_sessions() -> ResponseReturnValue:
    """Ends all of one's logins but this one."""
    person, at, this = me(), clock.now(), this_session()
    ended = perform(lambda work: logins.end_all(work, person, at, but=this))
    flash(str(DONE["sessions_ended"]) % {"count": ended}, "ok")
    return redirect("/me", 303)


@blueprint.post("/me/password")
@signed_in
@quiet
def change_password() -> ResponseReturnValue:
    """Changes one's password."""
    done = posted(PasswordForm, change)
    if done.errors:
        return _account(done.errors, done.status)
    flash(str(DONE["password_changed"]) % {"count": done.value}, "ok")
    return redirect("/me", 303)


@blueprint.get("/me/devices")
@signed_in
@quiet
def devices() -> ResponseReturnValue:
    """One's keys and certificates."""
    return _devices([], 200)


def _devices(errors: list[tuple[str, str]], status: int) -> ResponseReturnValue:
    who, now, this, at = actor(), clock.now(platform().settings.clock_file), viewer().session_key, clock.now()
    view = read(lambda session: queries.devices(session, who, now, this, at))
    provider = next((one for one in platform().settings.licence_providers if one.issuer == view.licence_issuer), None)
    return page("devices", view=view, errors=errors, provider=provider), status


@blueprint.post("/me/devices/officer")
@signed_in
@quiet
def enrol_officer() -> ResponseReturnValue:
    """An officer's key, made by their own tool away from here: the file that the tool wrote, and the password."""
    done = posted(EnrolmentForm, keys.enrol, {"envelope": _request_file()})
    if done.errors:
        return _devices(done.errors, done.status)
    flash(str(DONE["officer_enrolled"]), "ok")
    return redirect("/me/devices", 303)


def _request_file() -> object:
    """The envelope in the uploaded file; the file may be the envelope itself or hold it as its member `envelope`."""
    sent = request.files.get("request")
    try:
        read_json = json.loads(sent.read(LARGEST_REQUEST)) if sent is not None else None
    except (ValueError, RecursionError):
        raise BadSignature("dsse.malformed") from None
    return read_json.get("envelope", read_json) if isinstance(read_json, dict) else read_json


@blueprint.post("/me/devices/<key_id>/revoke")
@signed_in
@quiet
def revoke(key_id: str) -> ResponseReturnValue:
    """Ends one of one's certificates."""
    done = posted(RevocationForm, lambda form: keys.revoke(KeyId(key_id), form.reason))
    if done.errors:
        return _devices(done.errors, done.status)
    flash(str(DONE["revoked"]), "ok")
    return redirect("/me/devices", 303)
