"""The only door to what other authorities say of their certificates: OCSP responders and revocation lists, asked within limits."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise

import httpx
from cryptography import x509

from core.identity.domain.anchor import Said
from core.kernel import revocation
from core.kernel.certpath import Path
from core.kernel.errors import BadSignature

PATIENCE, WHOLE, TOGETHER = 5.0, 10.0, 20.0  # s for a piece of an answer, for all of it, and for all answers about one path
LARGEST_ANSWER, LARGEST_LIST = 1 << 16, 1 << 24  # bytes
OCSP = {"Content-Type": "application/ocsp-request", "Accept": "application/ocsp-response"}


class Unanswered(Exception):
    """Nobody answered, or not within the limits."""


@dataclass(slots=True)
class Asker:
    """Asks by addresses that two persons have signed for, never by those in a certificate; a list is fetched once."""

    client: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=PATIENCE, trust_env=False, follow_redirects=False))
    _lists: dict[str, bytes | None] = field(default_factory=dict)
    _until: float = 0.0

    def ask(self, path: Path, ocsp_url: str, crl_urls: tuple[str, ...], now: datetime) -> tuple[Said, ...]:
        """What is said now of each certificate but the root: by the responder, else by a list. Whoever is silent, stale or not to be
        believed has said nothing. Blocking."""
        said, self._until = [], time.monotonic() + TOGETHER
        for place, (certificate, issuer) in enumerate(pairwise(path)):
            found = self._by_responder(place, certificate, issuer, ocsp_url, now) if ocsp_url else None
            found = found or self._by_list(place, certificate, issuer, crl_urls, now)
            said += [found] if found is not None else []
        return tuple(said)

    def _by_responder(self, place: int, certificate: x509.Certificate, issuer: x509.Certificate, url: str, now: datetime) -> Said | None:
        nonce = secrets.token_bytes(revocation.NONCE)
        try:
            answer = self._fetch("POST", url, LARGEST_ANSWER, content=revocation.ask(certificate, issuer, nonce), headers=OCSP)
            status = revocation.read_ocsp(answer, certificate, issuer, nonce)
        except (BadSignature, Unanswered):
            return None
        return Said(place, "ocsp", answer, status) if status.state != "unknown" and status.is_fresh(now) else None

    def _by_list(
        self, place: int, certificate: x509.Certificate, issuer: x509.Certificate, urls: tuple[str, ...], now: datetime
    ) -> Said | None:
        for url in urls:
            if (written := self._list(url)) is None:
                continue
            try:
                status = revocation.read_crl(revocation.load_crl(written), certificate, issuer)
            except BadSignature:
                continue
            if status.is_fresh(now):
                return Said(place, "crl", written, status)
        return None

    def _list(self, url: str) -> bytes | None:
        if url not in self._lists:
            try:
                self._lists[url] = self._fetch("GET", url, LARGEST_LIST)
            except Unanswered:
                self._lists[url] = None
        return self._lists[url]

    def _fetch(self, method: str, url: str, most: int, content: bytes | None = None, headers: dict[str, str] | None = None) -> bytes:
        now, got = time.monotonic(), bytearray()
        until = min(now + WHOLE, self._until)
        if now > until:
            raise Unanswered(url)
        try:
            with self.client.stream(method, url, content=content, headers=headers) as answer:
                if answer.status_code != 200:
                    raise Unanswered(url)
                for piece in answer.iter_raw():  # as it comes: gathered pieces would hide how slowly
                    got += piece
                    if len(got) > most or time.monotonic() > until:
                        raise Unanswered(url)
        except (httpx.HTTPError, httpx.InvalidURL):
            raise Unanswered(url) from None
        return bytes(got)
