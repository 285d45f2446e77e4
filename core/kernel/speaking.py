"""Statements of a program that says much in a row, as the platform does: what they share is written once."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from core.kernel import clock, jcs
from core.kernel.signing import SUITE, Actor, Seen, statement


def own_statement(
    *,
    type: str,  # noqa: A002 - the member's name in the payload
    case: str,
    lot: str,
    round: int,  # noqa: A002 - the member's name in the payload
    prev: str,
    actor: Actor,
    nonce: str,
    iat: datetime,
    ckpt: Seen,
    body: bytes,
) -> bytes:
    """The same bytes as those of `statement`, three times as fast, for what a program says in a row: what its statements share is written
    and looked at once. `body` is canonical already; `prev` and `nonce` are the program's own digests and draws."""
    shared = _shared((type, case, lot, round), actor, ckpt)
    parts = (shared[0], body, shared[1], clock.text(iat).encode(), shared[2], nonce.encode(), shared[3], prev.encode())
    return b"".join((*parts, shared[4]))


@lru_cache(maxsize=4096)
def _shared(place: tuple[str, str, str, int], actor: Actor, ckpt: Seen) -> tuple[bytes, bytes, bytes, bytes, bytes]:
    """What stands before, between and behind body, moment, nonce and `prev`; raises BadSignature as `statement` does."""
    kind, case, lot, number = place
    same: dict[str, Any] = {"actor": actor, "ckpt": ckpt, "body": {}, "prev": "", "nonce": "0" * 32, "iat": _DAWN}
    whole = statement(type=kind, case=case, lot=lot, round=number, **same)
    said = jcs.canonical({"actor": {"id": actor.id, "role": actor.role, "key_id": actor.key_id}})
    before = said[:-1] + b',"body":'
    between = b',"case":%b,"ckpt":%b,"iat":"' % (jcs.canonical(case), jcs.canonical({"size": ckpt.size, "root": ckpt.root}))
    named, behind = b'","lot":%b,"nonce":"' % jcs.canonical(lot), b'","prev":"'
    end = b'","round":%d,"suite":%b,"type":%b,"v":1,"view_sha256":""}' % (number, jcs.canonical(SUITE), jcs.canonical(kind))
    assert whole == before + b"{}" + between + clock.text(_DAWN).encode() + named + b"0" * 32 + behind + end
    return before, between, named, behind, end


_DAWN = datetime(1970, 1, 1, tzinfo=UTC)
