"""The only door to providers of electronic business licences: OpenID Connect, code flow with PKCE."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import httpx
from authlib.common.urls import add_params_to_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from core.identity.domain.licence import Asked, Names, Presented, check, present
from core.kernel.errors import BadSignature, WrongState
from core.settings import LicenceProvider

PATIENCE = 10.0  # s
LARGEST = 1 << 18  # bytes of an answer
ALGORITHMS = ("ES256", "RS256", "PS256", "ES384", "RS384", "EdDSA")  # asymmetric alone: neither `none` nor a secret that we share


@dataclass(slots=True)
class Provider:
    """One provider. What it says of itself and its keys are kept; a token under a key not seen yet has the keys fetched again."""

    told: LicenceProvider
    client: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=PATIENCE, trust_env=False, follow_redirects=False))
    _about: dict[str, Any] | None = None
    _keys: KeySet | None = None

    def leave(self, redirect_uri: str, onward: str, now: datetime) -> tuple[str, Asked]:
        """Where the browser goes, and what it must come back with. Raises WrongState when the provider is away."""
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        asked = Asked(self.told.id, state, nonce, verifier, onward, now)
        wanted = {
            "response_type": "code",
            "client_id": self.told.client_id,
            "redirect_uri": redirect_uri,
            "scope": self.told.scope,
            "state": asked.state,
            "nonce": asked.nonce,
            "prompt": "login",  # the holder shows the licence now: what the provider remembers of a shared machine is not enough
            "code_challenge": create_s256_code_challenge(asked.verifier),
            "code_challenge_method": "S256",
        }
        return str(add_params_to_uri(self._endpoint("authorization_endpoint"), list(wanted.items()))), asked

    def come_back(self, asked: Asked, answer: Mapping[str, str], redirect_uri: str, now: datetime) -> Presented:
        """The licence that the provider vouches for. Raises BadSignature for whatever does not fit what was asked."""
        if not secrets.compare_digest(answer.get("state", "").encode(), asked.state.encode()):
            raise BadSignature("licence.state")
        if answer.get("iss", self.told.issuer) != self.told.issuer:  # RFC 9207: the answer of another provider
            raise BadSignature("licence.issuer")
        if "error" in answer or not answer.get("code"):
            raise WrongState("licence.declined")
        claims = self._claims(self._exchange(answer["code"], asked.verifier, redirect_uri))
        check(claims, self.told.issuer, self.told.client_id, asked.nonce, now)
        return present(claims, Names(self.told.code_claim, self.told.org_claim, self.told.handler_claim))

    def goodbye(self, back: str) -> str:
        """Where the browser ends its login at the provider too (OpenID Connect RP-Initiated Logout 1.0); raises WrongState without."""
        wanted = [("client_id", self.told.client_id), ("post_logout_redirect_uri", back)]
        return str(add_params_to_uri(self._endpoint("end_session_endpoint"), wanted))

    def _exchange(self, code: str, verifier: str, redirect_uri: str) -> str:
        body = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri, "code_verifier": verifier}
        basic = (self.told.client_id, self.told.client_secret)
        answer = self._ask("POST", self._endpoint("token_endpoint"), data=body, auth=basic)
        token = answer.get("id_token")
        if not isinstance(token, str):
            raise BadSignature("licence.token")
        return token

    def _claims(self, token: str) -> Mapping[str, Any]:
        for fresh in (False, True):  # keys are rotated: once more with those of now
            try:
                return dict(jwt.decode(token, self._key_set(fresh), algorithms=ALGORITHMS).claims)
            except (JoseError, ValueError, TypeError, KeyError):
                continue
        raise BadSignature("licence.token")

    def _key_set(self, fresh: bool) -> KeySet:
        if self._keys is None or fresh:
            read: Any = self._ask("GET", self._endpoint("jwks_uri"))
            self._keys = KeySet.import_key_set(read)
        return self._keys

    def _endpoint(self, name: str) -> str:
        if self._about is None:
            about = self._ask("GET", self.told.issuer.rstrip("/") + "/.well-known/openid-configuration")
            if about.get("issuer") != self.told.issuer:  # OpenID Connect Discovery 1.0, §4.3
                raise BadSignature("licence.issuer")
            self._about = about
        found = self._about.get(name)
        if not isinstance(found, str):
            raise WrongState("licence.away")
        return found

    def _ask(self, method: str, address: str, **more: Any) -> dict[str, Any]:
        """A JSON answer; BadSignature for one that refuses us (400, 401), WrongState for none that can be understood."""
        try:
            answer = self.client.request(method, address, headers={"Accept": "application/json"}, **more)
            if answer.status_code in (400, 401):
                raise BadSignature("licence.code")
            if answer.status_code != 200 or len(answer.content) > LARGEST:
                raise WrongState("licence.away")
            read = answer.json()
        except (httpx.HTTPError, ValueError):
            raise WrongState("licence.away") from None
        if not isinstance(read, dict):
            raise WrongState("licence.away")
        return read
