"""Experts' fees, computed again from signed sign-ins, signatures and breaks by the standard that was fixed; what was confirmed of them."""

from __future__ import annotations

from app.verify.entries import Entry
from app.verify.replay.story import Story, before, same
from app.verify.verdict import inside
from core.kernel.calendar import legal_day
from evaluation.domain import fee_evidence as evidence
from evaluation.domain.fee_body import ConfirmationBody, CorrectionBody, ObjectionBody, RuleBody, payer_of
from evaluation.domain.fee_evidence import KINDS, Line, Said
from evaluation.domain.fee_table import BY_ID
from trading.domain.periods import LegalRegime


def said_before(story: Story, seq: int) -> list[Said]:
    """The statements that decide fees, up to an event."""
    heard = [entry for entry in story.all(*KINDS) if entry.seq < seq]
    return [Said(entry.kind, entry.actor, entry.at, entry.digest, entry.body) for entry in heard]


def check_fees(story: Story) -> str:
    """Every fee comes out again from what people signed, and what was confirmed is what came out; returns the number and sum confirmed."""
    check_rule(story)
    due: dict[str, Line] = {}
    confirmed: set[str] = set()
    answered: set[str] = set()
    open_: set[str] = set()
    for entry in story.all("fee.calculate", "fee.object", "fee.correct", "fee.confirm"):
        if entry.kind == "fee.calculate":
            _calculated(story, entry, due, answered)
        elif entry.kind == "fee.object":
            _objected(entry, due, answered, open_)
            confirmed -= open_
        elif entry.kind == "fee.correct":
            with inside(entry.member):
                line = CorrectionBody.read(entry.body).line
            entry.require(line in due and line not in answered and line not in confirmed, "fee_answered", line=line)
            answered.add(line)
            open_.discard(line)
        else:
            confirmed |= _confirmed(entry, due, open_ | confirmed)
    return f"{len(confirmed)}/{len(due)}, {evidence.total(due[line] for line in confirmed)}"


def check_rule(story: Story) -> None:
    """The standard was fixed once, before the draw or with a reason why not; it holds for the lot, and the payer is who must pay."""
    rule = story.the("fee.rule")
    with inside(rule.member):
        said = RuleBody.read(rule.body)
    regime = LegalRegime(str(story.the("project.register").text("regime")))
    rule.require(BY_ID[said.table].holds(regime, legal_day(rule.at)), "fee_rule_unfit", table=said.table)
    rule.require(said.payer is payer_of(regime is LegalRegime.GOVERNMENT_PROCUREMENT, said.catalogue), "fee_payer_differs")
    asked = story.all("draw.request")
    if asked and not said.late_reason.strip():
        before(rule, asked[0], "fee_rule_late")


def _calculated(story: Story, entry: Entry, due: dict[str, Line], answered: set[str]) -> None:
    """The first calculation is of everybody who came; every further one of a line that was just corrected."""
    heard = said_before(story, entry.seq)
    with inside(entry.member):
        found = {line.line: line for line in evidence.lines(heard)}
    corrected = [one for one in heard if one.kind == "fee.correct"]
    if corrected:
        with inside(entry.member):
            fixed = CorrectionBody.read(corrected[-1].body).line
        entry.require(fixed in answered, "fee_differs", line=fixed)
        found = {fixed: found[fixed]} if fixed in found else {}
    else:
        entry.require(not due, "event_twice", kind="fee.calculate")
    rule = evidence.rule_of(heard)
    same(entry, entry.text("rule_sha256"), None if rule is None else rule[1], "digest_differs", field="rule_sha256")
    told = entry.parts("lines")
    same(entry, [str(one.get("line")) for one in told], list(found), "fee_lines_differ")
    for one, line in zip(told, found.values(), strict=True):
        same(entry, dict(one), line.to_json(), "fee_differs", line=line.line)
    same(entry, entry.count("total_fen"), evidence.total(found.values()).fen, "amount_differs")
    due |= found


def _objected(entry: Entry, due: dict[str, Line], answered: set[str], open_: set[str]) -> None:
    with inside(entry.member):
        line = ObjectionBody.read(entry.body).line
    entry.require(line in due and due[line].person == entry.actor, "not_a_member", actor=entry.actor)
    entry.require(line not in answered and line not in open_, "fee_answered", line=line)
    open_.add(line)


def _confirmed(entry: Entry, due: dict[str, Line], barred: set[str]) -> set[str]:
    with inside(entry.member):
        said = ConfirmationBody.read(entry.body)
    for line in said.lines:
        entry.require(line in due and line not in barred, "fee_answered", line=line)
    same(entry, said.total.fen, evidence.total(due[line] for line in said.lines).fen, "amount_differs")
    return set(said.lines)
