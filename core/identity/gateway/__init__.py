"""What lies outside: WebAuthn registrations in their many shapes, and the file by which all processes share one clock."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from core.identity.domain.certificate import NewCredential
from core.kernel import clock
from core.kernel.errors import BadSignature
from core.kernel.ids import PersonId
from core.kernel.jcs import JSON
from core.kernel.signing import KeyRecord
from core.kernel.webauthn import RelyingParty

NAME = "公衡 Gongheng"


def registration_options(rp: RelyingParty, person: PersonId, login: str, *, challenge: bytes, known: Iterable[bytes]) -> dict[str, JSON]:
    """What `navigator.credentials.create` is to be asked: ES256 with user verification, none of the `known` credentials again."""
    from webauthn import generate_registration_options, options_to_json
    from webauthn.helpers import structs
    from webauthn.helpers.cose import COSEAlgorithmIdentifier

    options = generate_registration_options(
        rp_id=rp.id,
        rp_name=NAME,
        user_name=login,
        user_id=person.bytes,
        challenge=challenge,
        attestation=structs.AttestationConveyancePreference.NONE,
        authenticator_selection=structs.AuthenticatorSelectionCriteria(
            resident_key=structs.ResidentKeyRequirement.DISCOURAGED,
            user_verification=structs.UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[structs.PublicKeyCredentialDescriptor(id=name) for name in known],
        supported_pub_key_algs=[COSEAlgorithmIdentifier.ECDSA_SHA_256],
    )
    written: dict[str, JSON] = json.loads(options_to_json(options))
    return written


def read_registration(rp: RelyingParty, challenge: bytes, credential: Mapping[str, Any]) -> NewCredential:
    """The credential that an authenticator made for this challenge at this site; raises BadSignature for any other answer."""
    from webauthn import verify_registration_response
    from webauthn.helpers.cose import COSEAlgorithmIdentifier
    from webauthn.helpers.exceptions import WebAuthnException

    try:
        found = verify_registration_response(
            credential=dict(credential),
            expected_challenge=challenge,
            expected_rp_id=rp.id,
            expected_origin=rp.origin,
            require_user_verification=True,
            supported_pub_key_algs=[COSEAlgorithmIdentifier.ECDSA_SHA_256],
        )
    except (WebAuthnException, ValueError, TypeError, KeyError, AttributeError, IndexError):
        # The library checks what it expects; what it does not expect from a hostile client must not become a fault of ours.
        raise BadSignature("enrolment.registration") from None
    return NewCredential(found.credential_id, KeyRecord.from_cose(found.credential_public_key), rp)


def show(clock_file: Path | None, offset: timedelta) -> None:
    """Sets the file that all processes read to this offset, unless it stands further ahead."""
    if clock_file is not None and clock.read_offset(clock_file) < offset:
        clock.write_offset(clock_file, offset)
