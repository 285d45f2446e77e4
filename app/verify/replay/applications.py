"""Applications (资格预审申请文件): sealed in time, listed whole, opened after their deadline by two offices; the same members bid."""

from __future__ import annotations

from app.verify.replay import bids, opening
from app.verify.replay.story import Story, before, same
from core.kernel.sealing import Purpose
from trading.domain.application import ENVELOPE, ROUND
from trading.domain.prequalification import FEWEST_APPLICANTS

_APPLICATION = Purpose.APPLICATION


def check_received(story: Story) -> str:
    """Each has its receipt, none was late, the list is what stood; ciphertexts and share boxes are here. Returns how many stood."""
    for seal in bids.seals(story, _APPLICATION):
        seal.entry.require(seal.body.env == ENVELOPE.env and bool(seal.body.shares), "envelope_differs")
    bids.check_receipts(story, _APPLICATION)
    bids.check_uniqueness(story)
    bids.check_withdrawals(story, _APPLICATION)
    listed = bids.check_closing_list(story, _APPLICATION)
    bids.check_shares(story, _APPLICATION)
    bids.check_ciphertexts(story, _APPLICATION)
    return listed


def check_opened(story: Story) -> int:
    """Fewer than three were never opened; of others every one, after the host's order, which named the witnessed list, or it failed.

    Returns how many were opened."""
    close, start = story.the("application.close"), story.last("application.open")
    touched = [one for one in story.all("application.open", "share-release", "opened", "open.failed") if one.statement.round == ROUND]
    for entry in touched:
        if entry is not start:
            before(start, entry, "released_too_early")
        entry.require(entry.at >= bids.deadline_at(story, _APPLICATION, entry.seq), "too_early", kind=entry.kind)
        entry.require(len(close.texts("accepted")) >= FEWEST_APPLICANTS, "too_few_bids")
    if start is None:
        return 0
    same(start, start.text("close_sha256"), close.digest, "digest_differs", field="close_sha256")
    start.require(close.leaf < start.leaf, "list_not_witnessed")
    if not story.all("opened", "open.failed", round=ROUND):
        return 0
    opening.check_releases(story, ROUND)
    opened = opening.check_opened(story, ROUND)
    opening.check_release_files(story)
    if opening.can_reopen():
        opening.reopen(story, _APPLICATION)
    return opened


def check_members(story: Story) -> None:
    """Who had applied bids with the very members with whom it had (招标投标法实施条例 art. 37)."""
    applied = {org: seal.body.consortium for _, org, seal in bids.places(story, _APPLICATION)}
    for _, org, seal in bids.places(story):
        seal.entry.require(org not in applied or seal.body.consortium == applied[org], "members_changed", org=org)
