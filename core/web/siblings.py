"""The other web processes of this platform, over Redis: what one has committed or heard, the others hear at once.

Nothing depends on it: a message that is lost is found in the database (`core/web/broadcast.py`). Redis sees neither words nor names, and
nobody who can write to it can tell our rooms anything: messages are sealed with AES-256-GCM under a key that the processes share anyway.
"""

from __future__ import annotations

import json
import logging
import secrets
from collections.abc import Callable
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from gevent import sleep, spawn
from gevent.queue import Full, Queue
from redis import Redis
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

NONCE = 12
AT_ONCE = 64
KEPT = 4096
"""Messages that wait while Redis is away; what comes then is left to the database."""
LEAST = 1024
"""Bytes of the shortest message; a longer one is filled up to the next power of two."""
PAUSE = 0.5  # s until Redis is tried again
PATIENCE = 5.0  # s for an answer of Redis


class Siblings:
    """One process's place among them. Belongs to the event loop's thread."""

    def __init__(self, url: str, secret: str) -> None:
        key = HKDF(SHA256(), 32, None, b"gongheng siblings").derive(secret.encode())
        self._cipher = AESGCM(key)
        self._channel = "gongheng:" + HKDF(SHA256(), 8, None, b"gongheng channel").derive(key).hex()
        self._own = secrets.token_hex(8)
        self._url = url
        self._waiting: Queue[tuple[str, Any]] = Queue(maxsize=KEPT)
        self._hearers: dict[str, Callable[[Any], object]] = {}
        self.is_heard = False

    def on(self, kind: str, hear: Callable[[Any], object]) -> None:
        """`hear` is called with what a sibling tells of this kind."""
        self._hearers[kind] = hear

    def tell(self, kind: str, what: Any) -> None:
        """Tells the others; never waits, and promises nothing."""
        try:
            self._waiting.put_nowait((kind, what))
        except Full:
            log.warning("Redis is away: siblings find %s in the database", kind)

    def start(self) -> None:
        """Speaks and listens from now on."""
        spawn(self._speak)
        spawn(self._listen)

    def _redis(self) -> Any:
        return Redis.from_url(self._url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE, health_check_interval=10)

    def _speak(self) -> None:
        redis = self._redis()
        while True:
            told = [self._waiting.get()]
            while len(told) < AT_ONCE and not self._waiting.empty():
                told.append(self._waiting.get_nowait())
            try:
                redis.publish(self._channel, self.seal(told))
            except (RedisError, OSError) as fault:
                log.warning("siblings could not be told: %s", type(fault).__name__)
                sleep(PAUSE)

    def _listen(self) -> None:
        while True:
            try:
                with self._redis().pubsub(ignore_subscribe_messages=True) as subscription:
                    subscription.subscribe(self._channel)
                    while True:
                        if (came := subscription.get_message(timeout=PATIENCE)) is not None:
                            self._hear(came["data"])
                        self.is_heard = True
            except (RedisError, OSError) as fault:
                self.is_heard = False
                log.warning("siblings are not heard: %s", type(fault).__name__)
                sleep(PAUSE)

    def seal(self, told: list[tuple[str, Any]]) -> bytes:
        """What goes through Redis: nonce, then ciphertext and tag of who tells, and what."""
        nonce = secrets.token_bytes(NONCE)
        body = json.dumps([self._own, told], ensure_ascii=False, separators=(",", ":")).encode()
        body = body.ljust(max(LEAST, 1 << (len(body) - 1).bit_length()))  # its length shall not tell one event from another
        return nonce + self._cipher.encrypt(nonce, body, self._channel.encode())

    def _hear(self, sealed: bytes) -> None:
        try:
            body = self._cipher.decrypt(sealed[:NONCE], sealed[NONCE:], self._channel.encode())
        except (InvalidTag, ValueError):
            log.warning("something in Redis is none of ours")
            return
        try:
            who, told = json.loads(body)
            heard = [(str(kind), what) for kind, what in told] if who != self._own else []
        except (ValueError, TypeError):
            log.warning("a sibling speaks another language: is it of another version?")
            return
        for kind, what in heard:
            if (hear := self._hearers.get(kind)) is None:
                log.warning("a sibling told something that nobody here listens to: is it of another version?")
                continue
            try:
                hear(what)
            except Exception:
                log.exception("what a sibling told of %s could not be taken", kind)
