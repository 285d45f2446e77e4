"""Who may say what: the speaker of every kind of statement, each actor's unbroken line, and how strong each signature is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.verify.entries import Entry
from app.verify.keys import Certified, Keyring
from app.verify.verdict import Broken


@dataclass(frozen=True, slots=True)
class Speaker:
    """The roles in which a kind may be said; `strong` demands a step-up, `office` an officer's own key. `alone`: handed to one bidder while
    the others are secret, so it names no statement before it and none names it."""

    roles: frozenset[str]
    strong: bool = False
    office: bool = False
    alone: bool = False


def _plain(*roles: str) -> Speaker:
    return Speaker(frozenset(roles))


def _strong(*roles: str) -> Speaker:
    return Speaker(frozenset(roles), strong=True)


_PLATFORM = _plain("system")
_TO_ONE_BIDDER = Speaker(frozenset({"system"}), alone=True)
_ANSWERING = _plain("centre", "tenderer", "agency")
_DRAWING = _plain("tenderer", "centre", "supervisor")
_HANDLING = ("accept", "refuse", "hand_over", "investigate", "suspend", "lift", "decide", "publish")

CASE: Mapping[str, Speaker] = {
    "project.register": _plain("agency"),
    "project.countersign": _strong("tenderer"),
    "award_plan.fix": _strong("tenderer"),
    "document.publish": _plain("agency"),
    "notice.publish": _strong("tenderer"),
    "invitation.answer": _plain("bidder"),
    **dict.fromkeys(("consortium.register", "consortium.sign", "consortium.dissolve"), _strong("bidder")),
    "prequalification.document": _plain("agency"),
    "prequalification.publish": _strong("tenderer"),
    "prequalification.amend": _strong("tenderer"),
    "prequalification.halt": _PLATFORM,
    "prequalification.go_on": _PLATFORM,
    "prequalification.committee": _strong("tenderer"),
    "prequalification.review": _strong("expert", "tenderer"),
    "prequalification.conclude": _strong("tenderer"),
    "prequalification.result": _TO_ONE_BIDDER,
    "bidding.open": _PLATFORM,
    "plan.link": _PLATFORM,
    "lot.terminate": _strong("tenderer"),
    "lot.suspend": _strong("supervisor"),
    "lot.resume": _strong("supervisor"),
    "document.amend": _strong("tenderer"),
    "clarification.publish": _plain("agency"),
    "deadline.extend": _PLATFORM,
    "seal": _plain("bidder"),
    "receipt": _TO_ONE_BIDDER,
    "seal.late": _TO_ONE_BIDDER,
    "withdraw": _strong("bidder"),
    "close": _PLATFORM,
    "application.close": _PLATFORM,
    "application.open": _strong("centre"),
    "opening.sign_in": _plain("bidder"),
    "opening.start": _strong("centre"),
    "coefficient.request": _PLATFORM,
    "coefficient.commit": _DRAWING,
    "coefficient.reveal": _DRAWING,
    "coefficient.result": _PLATFORM,
    "coefficient.redraw": _strong("centre"),
    "opening.identity": _plain("centre"),
    "opening.request": _PLATFORM,
    "release": _plain("bidder"),
    "share-release": Speaker(frozenset({"officer"}), office=True),
    "opened": _PLATFORM,
    "open.failed": _PLATFORM,
    "file.odd": _PLATFORM,
    "opening.read_out": _plain("centre"),
    "opening.objection": _plain("bidder"),
    "opening.answer": _ANSWERING,
    "opening.record": _PLATFORM,
    "opening.record.sign": _plain("centre", "tenderer", "supervisor", "bidder"),
    "opening.record.decline": _plain("bidder"),
    "opening.close": _strong("centre"),
    "collusion.check": _PLATFORM,
    "collusion.decide": _strong("expert", "supervisor"),
    "draw.request": _strong("centre"),
    "draw.reply": _strong("centre"),
    "draw.commit": _DRAWING,
    "draw.reveal": _DRAWING,
    "draw.share": Speaker(frozenset({"officer"}), office=True),
    "draw.opened": _PLATFORM,
    "draw.result": _PLATFORM,
    "draw.recusal": _plain("centre"),
    **dict.fromkeys(("draw.call", "draw.answer", "draw.list", "draw.exhausted", "draw.alarm"), _PLATFORM),
    "committee.form": _PLATFORM,
    "blind.map": _PLATFORM,
    "room.sign_in": _plain("expert"),
    "room.assembled": _PLATFORM,
    "chair.vote": _plain("expert"),
    "chair.tied": _PLATFORM,
    "chair.elected": _PLATFORM,
    "recusal.declare": _plain("expert"),
    "room.leave": _strong("expert"),
    "room.replace": _strong("centre", "supervisor"),
    "discussion.topic": _plain("expert"),
    "discussion.message": _plain("expert"),
    **dict.fromkeys(("seats.commit", "seats.drawn", "seat.left", "seat.back"), _PLATFORM),
    **dict.fromkeys(("halt.fault", "halt.night", "halt.vacancy", "halt.repair", "halt.open"), _strong("centre")),
    "halt.decide": _strong("tenderer"),
    **dict.fromkeys(("halt.sealed", "halt.reformed"), _PLATFORM),
    "seats.draw": _strong("centre"),
    "seat.check_in": _plain("expert"),
    **dict.fromkeys(("host.call", "host.answer", "supervision.overdue", "supervision.look", "supervision.view_end"), _PLATFORM),
    **dict.fromkeys(("supervision.act", "supervision.resume", "supervision.close"), _strong("supervisor")),
    **dict.fromkeys(("supervision.urge", "supervision.view"), _plain("supervisor")),
    "supervision.answer": _plain("centre", "agency", "expert", "supervisor"),
    "preliminary.open": _PLATFORM,
    "preliminary.review": _strong("expert"),
    "preliminary.result": _PLATFORM,
    "rejection.open": _PLATFORM,
    "rejection.vote": _strong("expert"),
    "competition.vote": _strong("expert"),
    "competition.result": _PLATFORM,
    "bid_question.propose": _plain("expert"),
    "bid_question.ask": _strong("expert"),
    "bid_question.answer": _strong("bidder"),
    "bid_question.overdue": _PLATFORM,
    "low_price.flag": _PLATFORM,
    "price_check.close": _strong("expert"),
    "price_matter.vote": _strong("expert"),
    "price_matter.result": _PLATFORM,
    "weighing.propose": _strong("expert"),
    "weighing.vote": _strong("expert"),
    "weighing.result": _PLATFORM,
    "score": _strong("expert"),
    "sheet.unlock.ask": _strong("expert"),
    "sheet.unlock.decide": _strong("expert", "centre"),
    "technical.lock": _PLATFORM,
    "blind.open": _strong("centre", "supervisor"),
    "blind.opened": _PLATFORM,
    "reference_price.open": _strong("tenderer"),
    "price.result": _PLATFORM,
    "consistency.result": _PLATFORM,
    "finding.answer": _strong("expert"),
    **dict.fromkeys(("doubt.raise", "doubt.vote", "doubt.answer", "doubt.replace"), _strong("expert")),
    "doubt.result": _PLATFORM,
    "doubt.silence": _strong("centre"),
    "summary": _PLATFORM,
    **dict.fromkeys(("tie_draw.commit", "tie_draw.reveal"), _DRAWING),
    **dict.fromkeys(("tie_draw.request", "tie_draw.result", "tie_draw.ranking"), _PLATFORM),
    "tie_draw.redraw": _strong("centre"),
    "report.draft": _PLATFORM,
    "report.sign": _strong("expert"),
    "report.deadline": _strong("expert"),
    "report.refusal": _strong("centre"),
    "report.submit": _PLATFORM,
    "reevaluation.order": _strong("supervisor", "tenderer"),
    "reevaluation.open": _PLATFORM,
    **dict.fromkeys(("fee.rule", "fee.break", "fee.extra", "fee.correct"), _plain("centre")),
    "fee.calculate": _PLATFORM,
    "fee.object": _plain("expert"),
    "fee.confirm": _strong("tenderer", "agency"),
    "objection.file": _plain("bidder"),
    "objection.answer": _plain("tenderer", "agency"),
    "objection.withdraw": _plain("bidder"),
    "objection.overdue": _PLATFORM,
    "objection.close": _PLATFORM,
    "bidding.halt": _PLATFORM,
    "bidding.go_on": _PLATFORM,
    "complaint.file": _strong("bidder"),
    "complaint.withdraw": _strong("bidder"),
    **dict.fromkeys((f"complaint.{step}" for step in _HANDLING), _strong("supervisor")),
    "complaint.overdue": _PLATFORM,
    "complaint.lapse": _PLATFORM,
    "candidates.publish": _strong("tenderer"),
    "failure.publish": _PLATFORM,
    "publicity.end": _PLATFORM,
    "award.open": _strong("tenderer"),
    **dict.fromkeys(("award.sign_in", "award.declare", "award.opinion", "ballot"), _strong("award_member")),
    "award.replace": _strong("tenderer"),
    **dict.fromkeys(("award_draw.commit", "award_draw.reveal"), _DRAWING),
    **dict.fromkeys(("award_draw.request", "award_draw.result"), _PLATFORM),
    "award_draw.redraw": _strong("centre"),
    "award.round": _PLATFORM,
    "award.result": _PLATFORM,
    **dict.fromkeys(("award.paper", "award.report.decline"), _strong("tenderer")),
    **dict.fromkeys(("award.matrix", "award.report.draft"), _PLATFORM),
    "interference.entry": _strong("tenderer", "award_member", "supervisor"),
    **dict.fromkeys(("interference.close", "award.report.sign"), _strong("tenderer", "award_member")),
    **dict.fromkeys(("award.choose", "award.notice"), _strong("tenderer")),
    "contract.sign": _strong("tenderer", "bidder"),
    "case.close": _strong("centre"),
    "clock.advance": _PLATFORM,
}

MONEY: Mapping[str, Speaker] = {
    **dict.fromkeys(("deposit.request", "payment.notice", "deposit.match", "deposit.lock"), _PLATFORM),
    **dict.fromkeys(("refund.schedule", "refund.send", "refund.confirm", "refund.fail", "refund.cancel"), _PLATFORM),
    **dict.fromkeys(("hold.place", "hold.lift"), _strong("supervisor", "finance", "tenderer")),
    **dict.fromkeys(("hold.end", "forfeit.await"), _PLATFORM),
    **dict.fromkeys(("forfeit.decide", "forfeit.waive"), _strong("tenderer")),
    "forfeit.note": _strong("supervisor"),
    **dict.fromkeys((f"guarantee.{step}" for step in ("apply", "approve", "reject", "pay", "issue", "extend")), _PLATFORM),
    **dict.fromkeys((f"guarantee.{step}" for step in ("unseal", "verify", "release", "cancel", "expire")), _PLATFORM),
    **dict.fromkeys(("claim.decide", "claim.receipt"), _strong("tenderer")),
    "claim.note": _strong("supervisor"),
    **dict.fromkeys(("claim.answer", "performance.ask"), _PLATFORM),
    "performance.return": _strong("tenderer"),
    "suspense.assign": _strong("finance"),
    "account.ask": _strong("bidder"),
    **dict.fromkeys(("account.approve", "account.refuse"), _strong("finance")),
    "refund.redirect": _PLATFORM,
    "sub_account.cancel": _strong("finance"),
    "waiver.use": _plain("bidder"),
    **dict.fromkeys(("recall.propose", "recall.approve", "recall.drop"), _strong("finance")),
    "recall.answer": _PLATFORM,
}

OLD_LEDGER: Mapping[str, Speaker] = {
    **{f"refund.{step}": MONEY[f"refund.{step}"] for step in ("schedule", "send", "confirm", "fail")},
    **dict.fromkeys(("dormant.book", "dormant.order", "dormant.settle"), _PLATFORM),
    **dict.fromkeys(("dormant.contact", "dormant.reason", "dormant.return", "dormant.refuse"), _plain("finance")),
    **{f"dormant.{step}": _strong("finance") for step in ("import", "take_over", "publish", "propose", "approve", "reject")},
    **dict.fromkeys(("dormant.move_in", "dormant.restore"), _strong("finance")),
    "dormant.claim": _strong("bidder", "finance"),
    "dormant.withdraw": _plain("bidder", "finance"),
}

RATES: Mapping[str, Speaker] = dict.fromkeys(("rate.propose", "rate.approve", "treasury.propose", "treasury.approve"), _strong("finance"))

RELIEFS: Mapping[str, Speaker] = dict.fromkeys(("deposit.free", "deposit.waive", "deposit.relief_end"), _strong("centre"))
TWO_SIGN = frozenset({"case.close", *RELIEFS})
"""Signed by a second person too, over the same bytes. What is proposed again names the proposal that failed, which is no event."""
BATCHES: Mapping[str, Speaker] = {"batch.make": _PLATFORM, "batch.release": _strong("finance")}
BOOKS: Mapping[str, Speaker] = {"difference.close": _strong("finance")}
SUSPENSE: Mapping[str, Speaker] = {
    **{kind: MONEY[kind] for kind in ("payment.notice", "refund.schedule", "refund.send", "refund.confirm", "refund.fail")},
    **dict.fromkeys(("suspense.return", "bank_statement.import"), _strong("finance")),
}

POOL: Mapping[str, Speaker] = dict.fromkeys(("pool.agreement", "pool.agreement_end", "pool.import"), _strong("centre"))
SITES: Mapping[str, Speaker] = {
    **dict.fromkeys(("site.keep", "site.retire", "venue.draw"), _strong("centre")),
    **dict.fromkeys(("station.bind", "station.release", "venue.unseal"), _strong("centre", "site")),
    **dict.fromkeys(("station.fault", "station.repair", "venue.close"), _plain("centre", "site")),
    **dict.fromkeys(("venue.book", "venue.cancel", "venue.receive"), _plain("centre")),
    **dict.fromkeys(("venue.answer", "venue.hand_over"), _plain("site")),
    **dict.fromkeys(("venue.hold", "venue.drawn", "venue.seal", "venue.late"), _PLATFORM),
}
_PLAYED = (
    *("committee.", "room.", "chair.", "recusal.", "discussion.", "seats.", "seat.", "halt.", "supervision.", "host."),
    *("blind.", "preliminary.", "rejection.", "competition.", "bid_question.", "low_price.", "price_check.", "price_matter."),
    *("weighing.", "score", "sheet.", "technical.", "price.", "consistency.", "finding.", "doubt.", "summary", "report."),
)
DRILL: Mapping[str, Speaker] = {
    **{kind: speaker for kind, speaker in CASE.items() if kind.startswith(_PLAYED)},
    "drill.bids": _PLATFORM,
    **dict.fromkeys(("drill.begin", "drill.inject", "drill.lift", "drill.end"), _strong("centre")),
}
RECORDINGS: Mapping[str, Speaker] = dict.fromkeys(
    (f"video.{step}" for step in ("begin", "head", "gap", "back", "end", "view", "dispose")), _PLATFORM
)

ARCHIVE: Mapping[str, Speaker] = {
    "case.archive": _strong("centre"),
    "archive.hold": _strong("centre", "supervisor"),
    "archive.lift": _strong("centre", "supervisor"),
}


def check_speakers(entries: Iterable[Entry], ring: Keyring, table: Mapping[str, Speaker]) -> None:
    """Every kind is known and said in a role, by a key and with a strength that may say it; raises Broken."""
    for entry in entries:
        speaker = table.get(entry.kind)
        if speaker is None:
            raise Broken(entry.member, "kind_unknown", kind=entry.kind)
        entry.require(entry.role in speaker.roles, "role_differs", role=entry.role)
        key = ring.key(entry.logged.envelope.signatures[0], entry.member)
        entry.require(key.holder.kind == _holder_of(entry.role), "key_unfit", holder=key.holder.kind)
        entry.require(not speaker.office or bool(_office(key)), "key_unfit", holder=key.holder.kind)
        entry.require(not speaker.strong or bool(entry.statement.step_up), "step_up_missing")
        entry.require(len(entry.logged.envelope.signatures) == (2 if entry.kind in TWO_SIGN else 1), "signatures_differ")
        signers = {ring.key(line, entry.member).subject for line in entry.logged.envelope.signatures}
        entry.require(len(signers) == len(entry.logged.envelope.signatures), "signatures_differ")


def _holder_of(role: str) -> str:
    return {"system": "platform", "officer": "officer"}.get(role, "person")


def _office(key: Certified) -> str:
    """The office whose key this is, "" for none."""
    return key.holder.role.removeprefix("officer:") if key.holder.kind == "officer" else ""


def office_of(entry: Entry, ring: Keyring) -> str:
    """The office for which an officer's statement speaks, by the certificate; "" for none."""
    return _office(ring.key(entry.logged.envelope.signatures[0], entry.member))


def check_lines(chain: Iterable[Entry]) -> None:
    """Each actor's statements name the one before, so none can be left out or put in; raises Broken."""
    last: dict[str, str] = {}
    for entry in chain:
        if entry.kind in CASE and CASE[entry.kind].alone:
            entry.require(not entry.statement.prev, "line_broken", actor=entry.actor)
            continue
        who = entry.actor.rpartition(":")[2]  # one person has one line, as an officer too
        follows = entry.kind in TWO_SIGN or entry.statement.prev == last.get(who, "")
        entry.require(follows, "line_broken", actor=entry.actor)
        last[who] = entry.digest


def check_nonces(entries: Iterable[Entry]) -> None:
    """No statement was used twice; raises Broken."""
    seen: set[tuple[str, str]] = set()
    for entry in entries:
        used = entry.actor, entry.statement.nonce
        entry.require(used not in seen, "nonce_twice")
        seen.add(used)


def strengths(entries: Sequence[Entry], demonstration: bool) -> str:
    """How many statements carry which step-up; a password in its place counts in a demonstration alone, else Broken."""
    counted = Counter(entry.statement.step_up for entry in entries if entry.role != "system")
    if counted["password+device"] and not demonstration:
        weak = next(entry for entry in entries if entry.statement.step_up == "password+device")
        raise Broken(weak.member, "password_step_up")
    return ", ".join(f"{name or 'device'}: {count}" for name, count in sorted(counted.items()))
