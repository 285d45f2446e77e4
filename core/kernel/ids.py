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
    return new_ids(at, 1)[0]


def new_ids(at: datetime, count: int) -> list[UUID]:
    """So many of them, in no order among themselves; the system is asked for randomness once."""
    stamp, drawn = int(at.timestamp() * 1000) << 80, os.urandom(10 * count)
    tails = (int.from_bytes(drawn[place : place + 10], "big") for place in range(0, 10 * count, 10))
    return [UUID(int=stamp | tail & _DRAWN | _VERSION_7) for tail in tails]


_DRAWN = 0x0FFF_3FFF_FFFF_FFFF_FFFF  # all of the last 80 bits but version and variant
_VERSION_7 = 0x7000_8000_0000_0000_0000


def sayable(prefix: str, year: int, count: int) -> str:
    """`T2026-000123`: what stands on paper and is read out over a telephone."""
    return f"{prefix}{year}-{count:06d}"
