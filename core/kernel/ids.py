"""Identifiers: time-ordered UUIDs, one type per kind of thing, and the numbers that people say aloud."""

from __future__ import annotations

import os
from datetime import datetime
from typing import NewType
from uuid import UUID

OrgId = NewType("OrgId", UUID)
PersonId = NewType("PersonId", UUID)
KeyId = NewType("KeyId", str)  # hex SHA-256 of the key's SPKI DER
SessionId = NewType("SessionId", UUID)
ProjectId = NewType("ProjectId", UUID)
LotId = NewType("LotId", UUID)
BidId = NewType("BidId", UUID)
ExpertId = NewType("ExpertId", UUID)
EvaluationId = NewType("EvaluationId", UUID)
DepositId = NewType("DepositId", UUID)
RefundId = NewType("RefundId", UUID)
GuaranteeId = NewType("GuaranteeId", UUID)
CaseId = NewType("CaseId", str)  # the sayable number of a tender project, e.g. T2026-000123; the id of its chain


def new_id(at: datetime) -> UUID:
    """A version 7 UUID (RFC 9562 §5.7) of that moment: sorts by time, tells nothing else."""
    stamp = int(at.timestamp() * 1000).to_bytes(6, "big")
    tail = bytearray(os.urandom(10))
    tail[0] = 0x70 | tail[0] & 0x0F
    tail[2] = 0x80 | tail[2] & 0x3F
    return UUID(bytes=stamp + bytes(tail))


def sayable(prefix: str, year: int, count: int) -> str:
    """`T2026-000123`: what stands on paper and is read out over a telephone."""
    return f"{prefix}{year}-{count:06d}"
