"""Logging in and out, choosing a role, and looking at one's own logins."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, jsonify, request
from flask_openapi3.blueprint import APIBlueprint
from flask_wtf.csrf import generate_csrf

from core.identity import passwords
from core.identity.domain.person import accept_password
from core.identity.queries import people
from core.identity.queries import sessions as queries
from core.identity.services import people as changes
from core.identity.services import sessions as services
from core.identity.web.acts import is_own_password, me
from core.identity.web.forms import LoginForm, PasswordForm, RoleForm, SessionPath
from core.identity.web.limits import throttle
from core.identity.web.texts import ROLES
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.errors import NotAllowed
from core.kernel.ids import SessionId
from core.kernel.roles import Role
from core.kernel.work import Door
from core.web.door import actor, perform, read, viewer
from core.web.guard import cookie_name, public, quiet, signed_in
from core.web.platform import Viewer, platform
from core.web.threads import natively

api = APIBlueprint("identity_sessions", __name__, url_prefix="/api/v1")


def viewer_of(door: Door, token: str, in_use: bool = True) -> Viewer | None:
    """Who is behind a cookie's token, None when it is no longer good; its use is written down at most once a minute."""
    at = clock.now()  # the machine's own: see services.sessions
    found = door.read(lambda session: queries.signed_in(session, token, at))
    if found is None:
        return None
    if in_use and found.is_due_a_touch:
        door.perform(found.actor, lambda work: services.touch(work, token, at))
    word = "" if found.role is None else str(ROLES[found.role])
    return Viewer(found.actor, found.actor.name, found.org_name, word, str(found.session))


def log_in(form: LoginForm) -> str:
    """The token of a new login. Raises NotAllowed, the same whether the name or the password is wrong, after the same work."""
    login = form.login.strip().lower()
    throttle("log-in", login)
    account = read(lambda session: queries.account(session, login))
    fits = natively(lambda: passwords.fits(form.password, None if account is None else account.password_hash))
    if account is None or not fits:
        raise NotAllowed("session.refused")
    person, device, at, role = account.person, this_device(), clock.now(), _role(form.role)
    return perform(lambda work: services.open_session(work, person, device, at, role))


def choose(grant: UUID) -> str:
    """The token of the login that goes on in another role."""
    token, at = request.cookies.get(cookie_name(), ""), clock.now()
    return perform(lambda work: services.choose_role(work, token, grant, at))


def log_out() -> None:
    """Ends this login."""
    token, at = request.cookies.get(cookie_name(), ""), clock.now()
    perform(lambda work: services.close_session(work, token, at))


def give(response: Response, token: str) -> Response:
    """Sets the cookie; it ends with the browser, and on this side earlier."""
    secure = cookie_name().startswith("__Host-")
    response.set_cookie(cookie_name(), token, secure=secure, httponly=True, samesite="Lax", path="/")
    return response


def take(response: Response) -> Response:
    """Removes the cookie."""
    response.delete_cookie(cookie_name(), secure=cookie_name().startswith("__Host-"), httponly=True, samesite="Lax", path="/")
    return response


def change(form: PasswordForm) -> int:
    """A new password for who is logged in; every other login of theirs ends."""
    person = me()
    if not is_own_password(form.old):
        raise NotAllowed("person.password_wrong")
    accept_password(form.new, read(lambda session: people.person(session, person)).login)
    hashed, at, this = natively(lambda: passwords.hashed(form.new)), clock.now(), this_session()
    return perform(lambda work: changes.change_password(work, hashed, at, this))


def this_session() -> SessionId:
    """The login of this request."""
    return SessionId(UUID(viewer().session_key))


def this_device() -> str:
    """How the browser names itself."""
    return request.headers.get("User-Agent", "")[: services.LONGEST_DEVICE]


def _role(name: str | None) -> Role | None:
    return next((role for role in Role if role.value == name), None)


def _about(who: Actor) -> dict[str, Any]:
    """What a program wants to know of its own login."""
    about: dict[str, Any] = {"csrf_token": generate_csrf(), "person": None, "role": "", "org": None, "grants": []}
    about["now"] = clock.text(clock.now(platform().settings.clock_file))
    if who.person is None:
        return about
    person = who.person
    view = read(lambda session: people.person(session, person))
    about["person"] = {"id": str(view.id), "login": view.login, "name": view.name}
    about["role"] = next((role.value for role in who.roles), "")
    for grant in view.grants:
        org = {"org": str(grant.org), "org_name": grant.org_name, "uscc": grant.uscc}
        about["grants"].append({"id": str(grant.id), "role": grant.role.value, "office": grant.office.value} | org)
        if grant.org == who.org:
            about["org"] = {"id": str(grant.org), "name": grant.org_name}
    return about


def _about_token(token: str) -> Response:
    found = viewer_of(platform().door, token)
    return give(jsonify(_about(found.actor if found is not None else Actor())), token)


@api.get("/session")
@public
@quiet
def about() -> Response:
    """Who is logged in, in which role, and the CSRF token that every change must carry."""
    return jsonify(_about(actor()))


@api.post("/session")
@public
@quiet
def open_session(body: LoginForm) -> Response:
    """Logs in; sets the cookie."""
    return _about_token(log_in(body))


@api.post("/session/role")
@signed_in
@quiet
def choose_role(body: RoleForm) -> Response:
    """Goes on in another role, under a new cookie."""
    return _about_token(choose(UUID(body.grant)))


@api.delete("/session")
@signed_in
@quiet
def close_session() -> Response:
    """Logs out."""
    log_out()
    return take(Response("", 204))


@api.get("/me/sessions")
@signed_in
@quiet
def own_sessions() -> Response:
    """Where one is logged in."""
    person, this, at = me(), viewer().session_key, clock.now()
    rows = read(lambda session: queries.logins(session, person, this, at))
    return jsonify(
        {
            "sessions": [
                {
                    "id": str(row.session),
                    "device": row.device,
                    "opened_at": clock.text(row.opened_at),
                    "seen_at": clock.text(row.seen_at),
                    "is_this": row.is_this,
                }
                for row in rows
            ]
        }
    )


@api.delete("/me/sessions/<session>")
@signed_in
@quiet
def end_session(path: SessionPath) -> Response:
    """Ends one of one's own logins."""
    person, at = me(), clock.now()
    perform(lambda work: services.end_session(work, person, SessionId(UUID(path.session)), at))
    return Response("", 204)


@api.delete("/me/sessions")
@signed_in
@quiet
def end_other_sessions() -> Response:
    """Ends all of one's logins but this one."""
    person, at, this = me(), clock.now(), this_session()
    return jsonify({"ended": perform(lambda work: services.end_all(work, person, at, but=this))})


@api.post("/me/password")
@signed_in
@quiet
def change_password(body: PasswordForm) -> Response:
    """Changes one's password; every other login ends."""
    return jsonify({"ended": change(body)})
