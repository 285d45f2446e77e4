"""Logging in by electronic business licence (一照通投): away to the provider, and back."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from flask import Blueprint, redirect, request, session
from flask.typing import ResponseReturnValue

from core.identity.domain.licence import Asked, is_in_time
from core.identity.gateway.licence import Provider
from core.identity.services import licences
from core.identity.web.limits import throttle_place
from core.identity.web.pages import go_on, local
from core.identity.web.sessions import this_device
from core.kernel import clock
from core.kernel.errors import BadSignature, NotFound
from core.web.door import perform
from core.web.guard import public, quiet
from core.web.platform import platform
from core.web.threads import natively

blueprint = Blueprint("identity_licence_pages", __name__)
KEPT = "licence"  # in the browser's own signed cookie, until it is back


def provider(name: str) -> Provider:
    """The provider of that name; raises NotFound."""
    known: dict[str, Provider] = platform().parts.setdefault(
        "licence_providers", {told.id: Provider(told) for told in platform().settings.licence_providers}
    )
    if name not in known:
        raise NotFound("licence.provider")
    return known[name]


def _back_to(name: str) -> str:
    return f"{platform().settings.origin}/login/licence/{name}/back"


@blueprint.get("/login/licence/<name>")
@public
@quiet
def leave(name: str) -> ResponseReturnValue:
    """Away to the provider."""
    throttle_place("licence")
    chosen, back, onward, now = provider(name), _back_to(name), local(request.args.get("next", "/")), clock.now()
    address, asked = natively(lambda: chosen.leave(back, onward, now))
    session[KEPT] = asdict(asked) | {"at": clock.text(asked.at)}
    return redirect(address, 303)


@blueprint.get("/login/licence/<name>/back")
@public
@quiet
def back(name: str) -> ResponseReturnValue:
    """Back from the provider: checked, and logged in."""
    throttle_place("licence")
    chosen, address, now, device = provider(name), _back_to(name), clock.now(), this_device()
    asked, answer = _asked(session.pop(KEPT, None)), request.args.to_dict()
    if asked is None or asked.provider != name or not is_in_time(asked, now):
        raise BadSignature("licence.state")
    shown = natively(lambda: chosen.come_back(asked, answer, address, now))
    token = perform(lambda work: licences.log_in(work, shown, asked.nonce, device, now))
    return go_on(token, asked.onward)


@blueprint.get("/login/licence/<name>/goodbye")
@public
@quiet
def goodbye(name: str) -> ResponseReturnValue:
    """Ends the login at the provider, which a shared machine would otherwise keep; it sends the browser back to our login."""
    throttle_place("licence")
    chosen, login = provider(name), f"{platform().settings.origin}/login"
    return redirect(natively(lambda: chosen.goodbye(login)), 303)


def _asked(kept: Any) -> Asked | None:
    """What the cookie says; it is signed, so only its shape of another version could be wrong."""
    try:
        at: datetime = clock.moment(kept["at"])
        return Asked(**{**kept, "at": at})
    except (TypeError, KeyError, ValueError):
        return None
