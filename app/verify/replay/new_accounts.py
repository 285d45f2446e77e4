"""Refunds that go to another account: asked for by a firm in its own name after the bank refused, approved by two, and then paid anew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.verify.entries import Entry
from app.verify.replay.story import same
from app.verify.verdict import inside
from deposits.domain.account import plain_number
from deposits.domain.new_account import ACCOUNT_FAULTS, ApproveBody, AskBody, RefuseBody, check_names


@dataclass
class Redirected:
    """What was asked of one lot's refunds so far: `waiting` and `approved` by digest, `first` who approved first, `done` by refund."""

    waiting: dict[str, tuple[Entry, AskBody]] = field(default_factory=dict)
    first: dict[str, str] = field(default_factory=dict)
    approved: dict[str, tuple[Entry, AskBody]] = field(default_factory=dict)
    done: set[str] = field(default_factory=set)


def asked(known: Redirected, entry: Entry, failed: Mapping[str, Entry]) -> None:
    """A refund that failed for its account's sake, one request at a time, for an account in the firm's own name."""
    with inside(entry.member):
        said = AskBody.read(entry.body)
        check_names(said, said.firm)
    refund = str(said.refund)
    fault = failed.get(refund)
    entry.require(fault is not None and fault.text("cause") in ACCOUNT_FAULTS, "account_not_refused")
    others = [one for _, one in (*known.waiting.values(), *known.approved.values()) if one.refund == said.refund]
    entry.require(not others and refund not in known.done, "account_asked_twice")
    known.waiting[entry.digest] = (entry, said)


def approved(known: Redirected, entry: Entry) -> None:
    """A person of finance for the account that was asked for; the second is another one."""
    with inside(entry.member):
        said = ApproveBody.read(entry.body)
    found = known.waiting.get(said.request_sha256)
    entry.require(found is not None, "account_unknown")
    assert found is not None
    same(entry, plain_number(said.account), found[1].payee.number, "account_differs")
    if said.request_sha256 not in known.first:
        known.first[said.request_sha256] = entry.actor
        return
    entry.require(known.first[said.request_sha256] != entry.actor, "account_same_person")
    known.approved[said.request_sha256] = known.waiting.pop(said.request_sha256)


def refused(known: Redirected, entry: Entry) -> None:
    """A request that waits."""
    with inside(entry.member):
        said = RefuseBody.read(entry.body)
    entry.require(known.waiting.pop(said.request_sha256, None) is not None, "account_unknown")


def redirected(known: Redirected, entry: Entry, scheduled: Mapping[str, Entry], sent: Mapping[str, Entry]) -> None:
    """The refund that was asked about is replaced by one of the same money, not sent yet, to the account that two have approved."""
    found = known.approved.pop(entry.text("request_sha256"), None)
    entry.require(found is not None, "account_unknown")
    assert found is not None
    said = (entry.text("replaces"), entry.text("account"))
    same(entry, said, (str(found[1].refund), found[1].payee.number), "account_differs")
    new, old = scheduled.get(entry.text("refund")), scheduled.get(entry.text("replaces"))
    is_fresh = new is not None and entry.text("refund") not in sent and entry.text("refund") != entry.text("replaces")
    entry.require(is_fresh and old is not None, "account_unknown")
    assert new is not None and old is not None
    same(entry, _money_of(new), _money_of(old), "amount_differs")
    same(entry, (entry.body.get("deposit"), entry.body.get("bidder")), (new.body.get("deposit"), new.body.get("bidder")), "deposit_unknown")
    known.done.add(entry.text("replaces"))


def _money_of(refund: Entry) -> tuple[object, ...]:
    return tuple(refund.body.get(name) for name in ("deposit", "bidder", "payment", "principal_fen"))


def check_all_redirected(known: Redirected) -> None:
    """Nothing is approved by two without its refund."""
    for entry, _ in known.approved.values():
        entry.require(False, "account_unpaid")
