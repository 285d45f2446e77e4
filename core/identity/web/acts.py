"""Signed acts at the edge: what a client asks before it signs, and how a body becomes a request that services take."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVarTuple, Unpack

from flask import Response, jsonify
from flask_openapi3.blueprint import APIBlueprint

from core.identity import passwords
from core.identity.queries import acts as queries
from core.identity.queries import sessions
from core.identity.services.acts import SignedRequest
from core.identity.web.forms import ContextQuery
from core.identity.web.limits import throttle
from core.kernel import clock
from core.kernel.dsse import read_envelope
from core.kernel.errors import NotAllowed
from core.kernel.ids import CaseId, PersonId
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.signing import SUITE
from core.kernel.webauthn import b64url
from core.kernel.work import Work
from core.web.door import actor, perform, read, viewer
from core.web.forms import ActForm
from core.web.guard import quiet, signed_in
from core.web.platform import platform
from core.web.threads import natively

About = TypeVarTuple("About")
api = APIBlueprint("identity_acts", __name__, url_prefix="/api/v1")


def me() -> PersonId:
    """Who is logged in; raises NotAllowed for nobody."""
    who = actor().person
    if who is None:
        raise NotAllowed("web.log_in")
    return who


def read_act(form: ActForm) -> SignedRequest:
    """The request in a body: its envelope, parsed; its password, checked off the event loop before any transaction begins.

    Raises BadSignature for a malformed envelope, NotAllowed for a wrong password or one where no demonstration runs.
    """
    envelope = read_envelope(form.envelope.wire())
    if form.password is None:
        return SignedRequest(envelope)
    if not platform().settings.demonstration:
        raise NotAllowed("act.password_refused")
    if not is_own_password(form.password):
        raise NotAllowed("act.password_wrong")
    return SignedRequest(envelope, password_ok=True)


def act_on(body: ActForm, service: Callable[[Work, Unpack[About], SignedRequest], dict[str, JSON]], *about: *About) -> Response:
    """A signed act as it was posted: its service is called once, and its answer is told. `about`: what the address names. Raises as
    `read_act` and the service."""
    signed = read_act(body)
    return jsonify(perform(lambda work: service(work, *about, signed)))


def is_own_password(password: str) -> bool:
    """Whether this is the password of who is logged in; wrong tries are counted, right ones are free."""
    person = me()
    account = read(lambda session: sessions.account_of(session, person))
    if natively(lambda: passwords.fits(password, None if account is None else account.password_hash)):
        return True
    throttle("own-password", str(person))
    return False


def is_confirmed(password: str | None) -> bool:
    """Whether who is logged in has just shown to be it: by their password, or, without one, by an electronic licence minutes ago."""
    if password is not None:
        return is_own_password(password)
    key, at = viewer().session_key, clock.now()
    return read(lambda session: sessions.has_fresh_licence(session, key, at))


@api.get("/acts/context")
@signed_in
@quiet
def context(query: ContextQuery) -> Response:
    """What the next act in a case must carry: the actor, the keys that may sign it, `prev`, the newest checkpoint, and the time."""
    person, role, settings = me(), _role(query.role), platform().settings
    now = clock.now(settings.clock_file)
    case, demonstration = CaseId(query.case), settings.demonstration
    found = read(lambda session: queries.context(session, person, role, case, now=now, demonstration=demonstration))
    keys: list[JSON] = [
        {"key_id": key.record.key_id, "kind": key.record.kind, "purpose": key.purpose}
        | ({"credential_id": b64url(key.credential_id)} if key.credential_id else {})
        for key in found.keys
    ]
    return jsonify(
        {
            "suite": SUITE,
            "actor": {"id": found.actor, "role": role.value},
            "keys": keys,
            "prev": found.prev,
            "ckpt": {"size": found.seen.size, "root": found.seen.root},
            "now": clock.text(found.now),
            "step_up": found.step_up,
            "rp_id": settings.rp_id,
        }
    )


def _role(asked: str | None) -> Role:
    held = sorted(actor().roles, key=lambda role: role.value)
    chosen = [role for role in held if asked in (None, role.value)]
    if not chosen:
        raise NotAllowed("act.role")
    return chosen[0]
