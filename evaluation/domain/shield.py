"""The table of clauses that must hold in an award apart from the evaluation: each judged from what was said, each naming what it blocks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

from core.kernel import clock
from core.kernel.calendar import legal_day
from core.kernel.jcs import JSON
from evaluation.domain.shield_said import (
    CANDIDATES,
    DEADLINES,
    DECLARED,
    MATRIX,
    OPENED,
    PUBLICITY_OVER,
    REPLACED,
    REPORT,
    REPORT_SIGNED,
    RESULT,
    SIGN_IN,
    VOICES,
    Said,
    Told,
)


class Stage(Enum):
    """The steps that what is missing blocks, in their order."""

    OPEN = "open"  # the session may not be opened
    ROUND = "round"  # no ballot may be cast
    REPORT = "report"  # the award report is not drafted
    HAND_OVER = "hand_over"  # the result is not handed over to the award notice


@dataclass(frozen=True, slots=True)
class Finding:
    """What shows that a clause holds; or `why` it does not, and of whom something is `missing` (person ids, "tenderer")."""

    proofs: tuple[Said, ...] = ()
    why: str = ""
    missing: tuple[str, ...] = ()


Judge = Callable[[Told], Finding]


@dataclass(frozen=True, slots=True)
class Clause:
    """What must hold, by which rule, which step it blocks, who must act where it does not; the words stand in the catalogue by `code`."""

    code: str
    stage: Stage
    basis: str
    owner: str
    judge: Judge


@dataclass(frozen=True, slots=True)
class Row:
    """A clause with what was found."""

    clause: Clause
    finding: Finding

    @property
    def holds(self) -> bool:
        """Whether nothing is missing."""
        return not self.finding.why


# Judging


def _held(*proofs: Said | None) -> Finding:
    return Finding(tuple(one for one in proofs if one is not None))


def _lacks(why: str, proofs: Iterable[Said] = (), missing: Sequence[str] = ()) -> Finding:
    return Finding(tuple(proofs), why, tuple(missing))


def plan_first(told: Told) -> Finding:
    """The plan was fixed before the notice, which names its digest."""
    plan, notice = told.plan, told.notice
    if plan is None or notice is None or told.place(plan) > told.place(notice):
        return _lacks("plan_late")
    return _held(plan, notice)


def basis_named(told: Told) -> Finding:
    """The plan names the document and the local rule on which the separation rests."""
    plan = told.plan
    named = plan is not None and plan.body["plan"]["legal_basis"] and plan.body["plan"]["region_rule"]
    return _held(plan) if named else _lacks("basis_unnamed")


def factors_defined(told: Told) -> Finding:
    """Every award factor has a definition, in the plan that was public with the notice."""
    plan = told.plan
    factors = [] if plan is None else plan.body["plan"]["factors"]
    return _held(plan, told.notice) if factors and all(one["definition"] for one in factors) else _lacks("factors_undefined")


def report_in(told: Told) -> Finding:
    """The evaluation report is signed and submitted, its candidates unranked."""
    report = told.last(REPORT)
    if report is None:
        return _lacks("report_missing")
    if report.body["ranked"]:
        return _lacks("report_ranked", [report])
    signed = [one for one in told.all(REPORT_SIGNED) if one.body["report_sha256"] == report.body["report_sha256"]]
    return Finding((report, *signed))


def candidates_public(told: Told) -> Finding:
    """The candidates of that report were published, and their publicity is over; or the plan has the result published after the award."""
    if told.publishes_after:
        return _held(told.plan)
    published, over, report = told.last(CANDIDATES), told.last(PUBLICITY_OVER), told.last(REPORT)
    if published is None or report is None or published.body["report_sha256"] != report.body["report_sha256"]:
        return _lacks("candidates_unpublished")
    if over is None or told.place(over) < told.place(published):
        return _lacks("publicity_running", [published])
    return _held(published, over)


def cleaning_filed(told: Told) -> Finding:
    """A bid-cleaning or due-diligence report with source, author and day is on file."""
    papers = told.papers("cleaning", "due_diligence")
    return Finding(tuple(papers)) if papers else _lacks("cleaning_missing")


def members_named(told: Told) -> Finding:
    """The members stand in a list that the tenderer signed, or were drawn from it; with whatever record of their selection is on file."""
    opened = told.last(OPENED)
    if opened is None or not told.seats:
        return _lacks("members_unnamed", [] if opened is None else [opened])
    drawn = told.members_draw
    return Finding((opened, *([] if drawn is None else [drawn]), *told.all(REPLACED), *told.papers("selection")))


def members_declared(told: Told) -> Finding:
    """Every member has declared that nothing stands against them; who stepped back has left."""
    return _of_each(told, [one for one in told.all(DECLARED) if one.body["none"]], "undeclared")


def members_present(told: Told) -> Finding:
    """Every member has signed in with their own certified key."""
    return _of_each(told, told.all(SIGN_IN), "absent")


def _of_each(told: Told, said: Sequence[Said], why: str) -> Finding:
    newest = {one.person: one for one in said}
    members = told.members
    missing = [one for one in members if one not in newest]
    proofs = [newest[one] for one in members if one in newest]
    return _lacks(why, proofs, missing) if missing or not members else Finding(tuple(proofs))


def quorum_met(told: Told) -> Finding:
    """As many members sit as the plan asks for at least."""
    plan, present = told.plan, {one.person: one for one in told.all(SIGN_IN)}
    here = [present[one] for one in told.members if one in present]
    if plan is None or len(here) < max(1, int(plan.body["plan"]["quorum"])):
        return _lacks("too_few", here)
    return Finding((plan, *here))


def recorded(told: Told) -> Finding:
    """It is on file where the recording of the session is kept."""
    papers = told.papers("recording")
    return Finding(tuple(papers)) if papers else _lacks("recording_missing")


def compared(told: Told) -> Finding:
    """The comparison of the candidates was made when the session was opened."""
    made = told.last(MATRIX)
    return _lacks("matrix_missing") if made is None else _held(made)


def reasoned(told: Told) -> Finding:
    """Every word of a member in a round gives reasons that name their page."""
    voices, result = told.all(*VOICES), told.last(RESULT)
    if result is None:
        return _lacks("undecided")
    bare = [one.person for one in voices if not _has_reasons(one)]
    return _lacks("reasons_missing", missing=bare) if bare else Finding((*voices, result))


def _has_reasons(voice: Said) -> bool:
    reasons = voice.body.get("reasons") or ()
    return bool(reasons) and all(str(one["text"]).strip() and str(one["source"]).strip() for one in reasons)


def bids_still_bind(told: Told) -> Finding:
    """The bids were still valid on the day of the result, or the bidders' consent to a longer validity is on file."""
    result, document, notice = told.last(RESULT), told.document, told.notice
    if result is None or document is None or notice is None:
        return _lacks("undecided")
    if consent := told.papers("validity"):
        return Finding((result, *consent))
    days = int(document.body.get("validity_days", 0))
    moved = [one for one in told.all(*DEADLINES) if one.body.get("deadline")]
    deadline = clock.moment(str((moved[-1] if moved else notice).body["deadline"]))
    until = legal_day(deadline) + timedelta(days=days)
    return _held(document, result) if legal_day(result.at) <= until else _lacks("validity_over", [document, result])


def register_closed(told: Told) -> Finding:
    """The tenderer and every member have signed the register of interference as it stands, "none" included."""
    closers = told.closers()
    persons = {one.person for one in closers if one.role == "award_member"}
    missing = [one for one in told.members if one not in persons]
    if not any(one.role == "tenderer" for one in closers):
        missing.insert(0, "tenderer")
    return _lacks("register_open", closers, missing) if missing or not told.members else Finding(tuple(closers))


def report_signed(told: Told) -> Finding:
    """Every member has signed the award report or their refusal is noted, and the tenderer has signed."""
    signers = told.signers()
    missing = unsigned(told.members, signers)
    if not signers:
        return _lacks("award_report_unsigned", missing=missing)
    return _lacks("award_report_unsigned", signers, missing) if missing else Finding(tuple(signers))


def unsigned(members: Sequence[str], signers: Iterable[Said]) -> list[str]:
    """Whose signature under the award report is still missing: "tenderer", then members in the order of their list."""
    held = {one.body.get("member", one.person) if one.role == "tenderer" else one.person for one in signers}
    by_tenderer = any(one.role == "tenderer" and "member" not in one.body for one in signers)
    return ([] if by_tenderer else ["tenderer"]) + [one for one in members if one not in held]


GUIDE = "招标人主体责任履行指引"
CLAUSES: tuple[Clause, ...] = (
    # code, what it blocks, by which rule, who acts, how it is judged
    Clause("plan.first", Stage.OPEN, "招标投标法实施条例第四十九条", "tenderer", plan_first),
    Clause("plan.basis", Stage.OPEN, "国办发〔2024〕21号", "tenderer", basis_named),
    Clause("plan.factors", Stage.OPEN, "招标投标法第十九条", "tenderer", factors_defined),
    Clause("report.submitted", Stage.OPEN, "招标投标法第四十条", "experts", report_in),
    Clause("candidates.public", Stage.OPEN, "招标投标法实施条例第五十四条", "tenderer", candidates_public),
    Clause("cleaning.filed", Stage.OPEN, GUIDE, "tenderer", cleaning_filed),
    Clause("members.named", Stage.ROUND, GUIDE, "tenderer", members_named),
    Clause("members.present", Stage.ROUND, GUIDE, "members", members_present),
    Clause("members.declared", Stage.ROUND, "招标投标法第三十七条", "members", members_declared),
    Clause("quorum.met", Stage.ROUND, GUIDE, "tenderer", quorum_met),
    Clause("recording.kept", Stage.ROUND, GUIDE, "tenderer", recorded),
    Clause("matrix.made", Stage.ROUND, GUIDE, "platform", compared),
    Clause("ballots.reasoned", Stage.REPORT, GUIDE, "members", reasoned),
    Clause("validity.covers", Stage.REPORT, "评标委员会和评标方法暂行规定第四十条", "tenderer", bids_still_bind),
    Clause("register.closed", Stage.REPORT, GUIDE, "signatories", register_closed),
    Clause("report.signed", Stage.HAND_OVER, GUIDE, "signatories", report_signed),
)
STAGES = tuple(Stage)


def table(told: Told) -> tuple[Row, ...]:
    """Every clause with what was found, in the order of the steps that they block."""
    return tuple(Row(clause, clause.judge(told)) for clause in CLAUSES)


def first_missing(told: Told, stage: Stage) -> Row | None:
    """The first clause of this step or of one before it that does not hold."""
    upto = STAGES[: STAGES.index(stage) + 1]
    return next((row for row in table(told) if row.clause.stage in upto and not row.holds), None)


def table_json(told: Told) -> list[JSON]:
    """The table as the award report states it: the clauses up to its drafting."""
    return [_row_json(row) for row in table(told) if row.clause.stage is not Stage.HAND_OVER]


def _row_json(row: Row) -> JSON:
    proofs: list[JSON] = [proof_json(one) for one in row.finding.proofs]
    return {
        "clause": row.clause.code,
        "blocks": row.clause.stage.value,
        "basis": row.clause.basis,
        "holds": row.holds,
        "why": row.finding.why,
        "missing": list(row.finding.missing),
        "proofs": proofs,
    }


def proof_json(one: Said) -> JSON:
    """A statement as evidence: by whom, when, which."""
    return {"kind": one.kind, "person": one.person, "role": one.role, "at": clock.text(one.at), "sha256": one.sha256}
