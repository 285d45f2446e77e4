"""What happens to requests for another account, in the past tense, on the chain of the lot's deposits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from core.kernel.events import Event
from core.kernel.ids import DepositId, OrgId, RefundId


@dataclass(frozen=True, kw_only=True)
class AccountAsked(Event):
    """A firm wishes that a refund which the bank would not pay go to another account of its own. `subject` is the statement's digest."""

    KIND: ClassVar[str] = "account.ask"
    bidder: OrgId


@dataclass(frozen=True, kw_only=True)
class AccountApproved(Event):
    """One of two persons of finance approves. `subject` is the request's digest."""

    KIND: ClassVar[str] = "account.approve"
    bidder: OrgId


@dataclass(frozen=True, kw_only=True)
class AccountRefused(Event):
    """Finance refuses. `subject` is the request's digest."""

    KIND: ClassVar[str] = "account.refuse"
    bidder: OrgId


@dataclass(frozen=True, kw_only=True)
class RefundRedirected(Event):
    """A new refund stands in the place of one that failed, and goes to the account that two persons have approved."""

    KIND: ClassVar[str] = "refund.redirect"
    refund: RefundId
    replaces: RefundId
    deposit: DepositId | None
    bidder: OrgId
    request_sha256: str
    account: str
