"""The file that protects a tenderer: every clause judged again from statements, comparison and award report put together anew."""

from __future__ import annotations

from app.verify.entries import Entry
from app.verify.replay.story import Story, same
from app.verify.verdict import Broken, inside
from core.kernel.events import as_json
from evaluation.domain.shield import Stage, first_missing, unsigned
from evaluation.domain.shield_body import Interference, Paper, read_closing, read_refusal, read_signature
from evaluation.domain.shield_life import DECLINE_AFTER
from evaluation.domain.shield_matrix import matrix
from evaluation.domain.shield_record import record
from evaluation.domain.shield_said import DECLINED, DRAFT, ENTRY, MATRIX, OPENED, PAPER, REGISTER, SIGNED, VOICES, Said, Told

FILED = (PAPER, ENTRY, REGISTER)


def told(story: Story, before: Entry | None = None) -> Told:
    """What had been said of the lot when an event came; everything without one."""
    return Told(_said(entry) for entry in story.entries if before is None or entry.seq < before.seq)


def _said(entry: Entry) -> Said:
    person = "" if entry.role == "system" else entry.actor.rpartition(":")[2]
    return Said(entry.kind, entry.statement.round, person, entry.role, entry.at, entry.digest, entry.body)


def check_shield(story: Story, *, is_last: bool = True) -> str:
    """Each step came only when no clause before it was missing, nothing of the file is other than its statements make it, and the award
    notice came after every signature; returns how many papers and entries there are."""
    _check_clauses(story)
    made = story.the(MATRIX)
    same(made, as_json(made.body["matrix"]), matrix(told(story, made)), "matrix_differs")
    _check_filed(story)
    if story.has(DRAFT):
        _check_report(story, is_last)
        _check_signatures(story)
    for notice in story.all("award.notice"):
        notice.require(story.has(DRAFT), "award_report_unsigned")
        said = told(story, notice)
        notice.require(not unsigned(said.members, said.signers()), "award_report_unsigned")
    return f"{len(story.all(PAPER))}; {len(story.all(ENTRY))}"


def _check_clauses(story: Story) -> None:
    _holds(story, story.the(OPENED), Stage.OPEN)
    begun: set[int] = set()
    for voice in story.all(*VOICES):
        if voice.statement.round not in begun:
            begun.add(voice.statement.round)
            _holds(story, voice, Stage.ROUND)
    for draft in story.all(DRAFT):
        _holds(story, draft, Stage.REPORT)


def _holds(story: Story, entry: Entry, stage: Stage) -> None:
    row = first_missing(told(story, entry), stage)
    entry.require(row is None, "clause_missing", clause="" if row is None else row.clause.code)


def _check_filed(story: Story) -> None:
    """Papers are of this lot and all of them here, and whoever signed the register signed all that stood in it."""
    draft = story.last(DRAFT)
    seats = {seat.person for seat in told(story).seats}
    candidates = [str(org) for org in story.the("report.submit").body["candidates"]]
    factors = [str(one["name"]) for one in story.plan.part("plan")["factors"]]
    for entry in story.all(*FILED):
        entry.require(draft is None or entry.seq < draft.seq, "filed_late", kind=entry.kind)
        entry.require(entry.role != "award_member" or entry.actor.rpartition(":")[2] in seats, "not_a_member", actor=entry.actor)
        with inside(entry.member):
            if entry.kind == PAPER:
                for file in Paper.read(entry.body, candidates, factors).files:
                    story.package.paper(file.sha256)
            elif entry.kind == ENTRY:
                Interference.read(entry.body)
            else:
                read_closing(entry.body, told(story, entry).entries)


def _check_report(story: Story, is_last: bool) -> None:
    """The report says what the statements make of it and is here; one before a further round is among the papers alone."""
    draft = story.the(DRAFT)
    same(draft, as_json(draft.body["record"]), as_json(record(told(story, draft))), "award_report_differs")
    digest, copy = draft.text("report_sha256"), f"report-award-{story.lot}.pdf"
    story.package.paper(digest)
    if not is_last:
        return
    if copy not in story.package.members:
        raise Broken(copy, "missing")
    if story.package.digests[copy] != digest:
        raise Broken(copy, "not_as_signed")


def _check_signatures(story: Story) -> None:
    """Whoever signed the award report is a member in office or the tenderer, and a refusal was noted a day later at the earliest."""
    draft = story.the(DRAFT)
    digest, members = draft.text("report_sha256"), told(story, draft).members
    done: set[tuple[str, str]] = set()
    for entry in story.all(SIGNED, DECLINED):
        entry.require(entry.seq > draft.seq, "too_early", kind=entry.kind)
        person, role = entry.actor.rpartition(":")[2], entry.role
        with inside(entry.member):
            if entry.kind == DECLINED:
                (person, _), role = read_refusal(entry.body, digest, members), "award_member"
                entry.require(entry.at >= draft.at + DECLINE_AFTER, "too_early", kind=entry.kind)
            else:
                read_signature(entry.body, digest)
        entry.require(role != "award_member" or person in members, "not_a_member", actor=entry.actor)
        entry.require((role, person) not in done, "said_twice", seat=person)
        done.add((role, person))
