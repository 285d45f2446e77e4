"""One's keys: enrolling a device or an authenticator, looking at them, ending one; and what anybody may know of a certificate."""

from __future__ import annotations

from typing import Any, cast

from flask import Response, jsonify
from flask_openapi3.blueprint import APIBlueprint

from core.identity.authority import Authority, pem_of
from core.identity.domain.person import urn
from core.identity.gateway import read_registration, registration_options
from core.identity.queries import certificates as queries
from core.identity.queries import people, sessions
from core.identity.queries.certificates import CertifiedKey, VouchView
from core.identity.services import certificates as services
from core.identity.services import sessions as logins
from core.identity.services.certificates import EnrolmentRequest
from core.identity.web.acts import is_confirmed, me
from core.identity.web.anchors import foreign
from core.identity.web.forms import EnrolmentForm, KeyPath, NoForm, RevocationForm
from core.identity.web.sessions import this_session
from core.kernel import clock
from core.kernel.dsse import read_envelope
from core.kernel.errors import NotAllowed, NotFound
from core.kernel.ids import KeyId
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.webauthn import RelyingParty, b64url
from core.web.door import perform, read, viewer
from core.web.guard import public, quiet, signed_in
from core.web.platform import platform
from core.web.threads import natively

api = APIBlueprint("identity_certificates", __name__, url_prefix="/api/v1")


def authority() -> Authority:
    """The platform's certificate authority."""
    return cast(Authority, platform().parts["authority"])


def enrol(form: EnrolmentForm) -> dict[str, JSON]:
    """Has a key certified that this person's device, authenticator or officer's tool has made."""
    envelope = read_envelope(form.envelope.wire())
    if not is_confirmed(form.password):
        raise NotAllowed("enrolment.password")
    credential, at, key = None, clock.now(), viewer().session_key
    if form.registration is not None:
        registration, site, challenge = form.registration, _site(), read(lambda session: sessions.challenge(session, key, at))
        credential = natively(lambda: read_registration(site, challenge, registration))
    vouching = None if form.chain is None else foreign(form.chain)
    request, issuer = EnrolmentRequest(envelope, True, credential, vouching), authority()
    return perform(lambda work: services.enrol(work, issuer, request))


def revoke(key_id: KeyId, reason: str) -> None:
    """Ends a certificate."""
    perform(lambda work: services.revoke(work, key_id, reason))


def _site() -> RelyingParty:
    settings = platform().settings
    return RelyingParty(settings.rp_id, settings.origin)


@api.get("/me/keys")
@signed_in
@quiet
def own_keys() -> Response:
    """One's keys, ended ones too."""
    person = me()
    return jsonify({"keys": [_own(key) for key in read(lambda session: queries.keys_of(session, person))]})


@api.post("/me/keys")
@signed_in
@quiet
def enrol_key(body: EnrolmentForm) -> tuple[Response, int]:
    """Certifies a key of this person's: a device's, an authenticator's or an officer's tool's."""
    return jsonify(enrol(body)), 201


@api.post("/me/webauthn/options")
@signed_in
@quiet
def ask_authenticator(body: NoForm) -> Response:
    """What to ask an authenticator for; the answer is taken for five minutes."""
    person, this, at, site = me(), this_session(), clock.now(), _site()
    challenge = perform(lambda work: logins.ask(work, this, at))
    known = [key.credential_id for key in read(lambda session: queries.keys_of(session, person)) if key.credential_id]
    login = read(lambda session: people.person(session, person)).login
    return jsonify(natively(lambda: registration_options(site, person, login, challenge=challenge, known=known)))


@api.post("/keys/<key_id>/revocation")
@signed_in
@quiet
def end_key(path: KeyPath, body: RevocationForm) -> Response:
    """Ends a certificate: one's own, or anybody's as an administrator."""
    revoke(KeyId(path.key_id), body.reason)
    return jsonify(_public(_key(KeyId(path.key_id))))


@api.get("/keys/<key_id>")
@public
@quiet
def key(path: KeyPath) -> Response:
    """A key by its id, with its certificate."""
    return jsonify(_public(_key(KeyId(path.key_id))))


@api.get("/ca")
@public
def certificates() -> Response:
    """The authority's own certificates and today's revocation lists, as PEM."""
    issuer, at = authority(), clock.now(platform().settings.clock_file)
    revoked = read(queries.revocations)
    crl, root_crl = natively(lambda: issuer.revocation_lists(revoked, at))
    issuing, root = issuer.chain
    return jsonify({"root": root, "issuing": issuing, "crl": crl, "root_crl": root_crl})


def _key(key_id: KeyId) -> CertifiedKey:
    found = read(lambda session: queries.key_by_id(session, key_id))
    if found is None:
        raise NotFound("certificate.not_found")
    return found


def _own(key: CertifiedKey) -> dict[str, Any]:
    own = {"label": key.label, "issued_at": clock.text(key.issued_at), "credential_id": b64url(key.credential_id)}
    return _public(key) | {name: value for name, value in own.items() if value}


def _public(key: CertifiedKey) -> dict[str, Any]:
    role = Role.OFFICER if key.purpose.startswith("officer:") else None
    return {
        "key_id": key.record.key_id,
        "kind": key.record.kind,
        "purpose": key.purpose,
        "serial": key.serial,
        "subject": urn(key.person, role),
        "recipient": key.recipient,
        "certificate": pem_of(key.certificate),
        "not_before": clock.text(key.not_before),
        "not_after": clock.text(key.not_after),
        "revoked_at": None if key.revoked_at is None else clock.text(key.revoked_at),
        "reason": key.reason,
    } | ({} if key.vouch is None else {"vouch": _vouch(key.vouch)})


def _vouch(vouch: VouchView) -> dict[str, Any]:
    """Which other authority vouches for a key, and what it says of it."""
    moments = {"told_at": vouch.told_at, "good_until": vouch.good_until, "revoked_at": vouch.revoked_at, "learned_at": vouch.learned_at}
    told = {name: None if at is None else clock.text(at) for name, at in moments.items()}
    return {"anchor": str(vouch.anchor), "name_zh": vouch.name_zh, "name_en": vouch.name_en, "certificate": vouch.certificate_sha256} | told
