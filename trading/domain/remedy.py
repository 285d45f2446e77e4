"""What objections and complaints share: the stage that is attacked, who may speak, and the periods, each regime with its own."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

from core.kernel.body import Body
from core.kernel.calendar import end_of, legal_day
from core.kernel.errors import NotFound, Refusal, RuleBroken, WrongState
from trading.domain.clock import Law, LegalRegime, PeriodRule
from trading.domain.document import FileEntry, read_file


class Stage(Enum):
    """What is attacked. Objections to the opening are raised and answered in the hall itself (条例 art. 44), so they are no stage here."""

    DOCUMENT = "document"  # 招标文件、采购文件
    PREQUALIFICATION = "prequalification"  # 资格预审文件
    PROCESS = "process"  # 采购过程; procurement alone
    RESULT = "result"  # 评标结果; in procurement 中标结果


SECRET = frozenset({Stage.DOCUMENT, Stage.PREQUALIFICATION})
"""Stages at which whoever speaks is a prospective bidder: who it is stays hidden (招标投标法 art. 22)."""

STAGES: Mapping[LegalRegime, tuple[Stage, ...]] = {
    LegalRegime.CONSTRUCTION: (Stage.PREQUALIFICATION, Stage.DOCUMENT, Stage.RESULT),
    LegalRegime.GOVERNMENT_PROCUREMENT: (Stage.DOCUMENT, Stage.PROCESS, Stage.RESULT),
}


class Capacity(Enum):
    """In which capacity somebody speaks."""

    PROSPECTIVE_BIDDER = "prospective_bidder"  # 潜在投标人
    BIDDER = "bidder"  # 投标人
    INTERESTED_PARTY = "interested_party"  # 其他利害关系人
    SUPPLIER = "supplier"  # 供应商; procurement alone


CAPACITIES: Mapping[tuple[LegalRegime, Stage], tuple[Capacity, ...]] = {
    (LegalRegime.CONSTRUCTION, Stage.PREQUALIFICATION): (Capacity.PROSPECTIVE_BIDDER, Capacity.INTERESTED_PARTY),
    (LegalRegime.CONSTRUCTION, Stage.DOCUMENT): (Capacity.PROSPECTIVE_BIDDER, Capacity.INTERESTED_PARTY),
    (LegalRegime.CONSTRUCTION, Stage.RESULT): (Capacity.BIDDER, Capacity.INTERESTED_PARTY),
    (LegalRegime.GOVERNMENT_PROCUREMENT, Stage.DOCUMENT): (Capacity.SUPPLIER,),
    (LegalRegime.GOVERNMENT_PROCUREMENT, Stage.PROCESS): (Capacity.SUPPLIER,),
    (LegalRegime.GOVERNMENT_PROCUREMENT, Stage.RESULT): (Capacity.SUPPLIER,),
}
"""Who may attack which stage (条例 arts 22, 54; 政府采购质疑和投诉办法 art. 11)."""

TOOK_PART = frozenset({Capacity.BIDDER, Capacity.SUPPLIER})  # claimed of a stage after the opening, these must have bid

OBJECTION_ARTICLES: Mapping[tuple[LegalRegime, Stage], str] = {
    (LegalRegime.CONSTRUCTION, Stage.PREQUALIFICATION): "招标投标法实施条例第二十二条",
    (LegalRegime.CONSTRUCTION, Stage.DOCUMENT): "招标投标法实施条例第二十二条",
    (LegalRegime.CONSTRUCTION, Stage.RESULT): "招标投标法实施条例第五十四条",
    (LegalRegime.GOVERNMENT_PROCUREMENT, Stage.DOCUMENT): "政府采购法第五十二条",
    (LegalRegime.GOVERNMENT_PROCUREMENT, Stage.PROCESS): "政府采购法第五十二条",
    (LegalRegime.GOVERNMENT_PROCUREMENT, Stage.RESULT): "政府采购法第五十二条",
}
COMPLAINT_ARTICLES: Mapping[LegalRegime, str] = {
    LegalRegime.CONSTRUCTION: "招标投标法实施条例第六十条",
    LegalRegime.GOVERNMENT_PROCUREMENT: "政府采购法第五十五条",
}
HANDLING_ARTICLES: Mapping[LegalRegime, str] = {
    LegalRegime.CONSTRUCTION: "招标投标法实施条例第六十一条",
    LegalRegime.GOVERNMENT_PROCUREMENT: "政府采购法第五十六条",
}


_PREFIX = {LegalRegime.CONSTRUCTION: "YY", LegalRegime.GOVERNMENT_PROCUREMENT: "ZY"}  # 异议, 质疑


def objection_number(regime: LegalRegime, payload_sha256: str) -> str:
    """`YY-3F2A9C01B7DE`, of the digest of the payload that filed it: no counter, which would count those who speak."""
    return f"{_PREFIX[regime]}-{payload_sha256[:12].upper()}"


def complaint_number(payload_sha256: str) -> str:
    """`TS-3F2A9C01B7DE` (投诉), likewise."""
    return f"TS-{payload_sha256[:12].upper()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Milestones:
    """The moments of a lot from which its remedies are counted; None where it has not come to that."""

    release_at: datetime | None = None
    deadline: datetime | None = None
    prequalification_from: datetime | None = None
    prequalification_until: datetime | None = None
    opening_closed_at: datetime | None = None
    publicity_from: datetime | None = None
    publicity_until: datetime | None = None
    award_notice_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """When a stage may be attacked, `opens_at` ≤ moment < `ends_at`, and the rule that says so."""

    opens_at: datetime
    ends_at: datetime
    rule: PeriodRule

    def has(self, moment: datetime) -> bool:
        """Whether that moment lies in it."""
        return self.opens_at <= moment < self.ends_at


def window(law: Law, stage: Stage, told: Milestones) -> Window | None:
    """When a stage of a lot may be attacked; None while its anchor is not there. Raises RuleBroken for a stage that the regime lacks."""
    if stage not in STAGES[law.regime]:
        raise RuleBroken("objection.stage_unknown")
    return _works(law, stage, told) if law.regime is LegalRegime.CONSTRUCTION else _procurement(law, stage, told)


def _rule(law: Law, code: str) -> PeriodRule:
    """A rule of the lot's law. Where it is not tendered by law the same periods are its standard."""
    if (found := law.standing(code)) is None:
        raise NotFound("period.unknown", rule=code, regime=law.regime.value)
    return found


def _works(law: Law, stage: Stage, told: Milestones) -> Window | None:
    if stage is Stage.RESULT:  # during the publicity, as long as it was announced to last
        if told.publicity_from is None or told.publicity_until is None:
            return None
        return Window(told.publicity_from, told.publicity_until, _rule(law, "T11A"))
    if stage is Stage.DOCUMENT:
        code, opens, anchor = "T5", told.release_at, told.deadline
    else:
        code, opens, anchor = "T5B", told.prequalification_from, told.prequalification_until
    if opens is None or anchor is None:
        return None
    bound = _rule(law, code)
    return Window(opens, _ends(law, bound, legal_day(anchor)), bound)


def _procurement(law: Law, stage: Stage, told: Milestones) -> Window | None:
    """政府采购法 art. 52 with 实施条例 art. 53: from the end of the document's announcement, of the step, of the result's announcement."""
    bound = _rule(law, "T17")
    if stage is Stage.PROCESS:
        closed = told.opening_closed_at
        return None if closed is None else Window(closed, _ends(law, bound, legal_day(closed)), bound)
    opens, announced = (told.release_at, "T2") if stage is Stage.DOCUMENT else (told.award_notice_at, "T18A")
    if opens is None:
        return None
    end = _rule(law, announced).last_day(legal_day(opens), law.calendar)
    return Window(opens, _ends(law, bound, end), bound)


def _ends(law: Law, bound: PeriodRule, anchor: date) -> datetime:
    return end_of(bound.last_day(anchor, law.calendar))


_ANSWERS: Mapping[tuple[LegalRegime, Stage], str] = {
    (LegalRegime.CONSTRUCTION, Stage.PREQUALIFICATION): "T5A",
    (LegalRegime.CONSTRUCTION, Stage.DOCUMENT): "T5A",
    (LegalRegime.CONSTRUCTION, Stage.RESULT): "T11",
}


def answer_rule(law: Law, stage: Stage) -> PeriodRule:
    """The rule by which an objection to that stage is answered: three days, or seven working days."""
    return _rule(law, _ANSWERS.get((law.regime, stage), "T17A"))


def answer_due(law: Law, stage: Stage, filed_at: datetime) -> datetime:
    """The first moment after the last day for the answer."""
    return _ends(law, answer_rule(law, stage), legal_day(filed_at))


def stops_the_lot(regime: LegalRegime) -> bool:
    """Whether an objection without answer stops the tendering activity (条例 arts 22, 54); a challenge stops the contract alone."""
    return regime is LegalRegime.CONSTRUCTION


def complaint_rule(law: Law) -> PeriodRule:
    """Ten days from knowing, or fifteen working days from the end of the time for the answer."""
    return _rule(law, "T12" if law.regime is LegalRegime.CONSTRUCTION else "T17B")


@dataclass(frozen=True, slots=True)
class Heard:
    """An objection that came before a complaint; `answered_at` is None without an answer."""

    filed_at: datetime
    due_at: datetime
    answered_at: datetime | None

    @property
    def uncounted(self) -> int:
        """The days from filing to the answer, or to the end of its time: they are not counted (条例 art. 60)."""
        until = legal_day(self.answered_at) if self.answered_at is not None else last_day_of(self.due_at)
        return (until - legal_day(self.filed_at)).days


def last_day_of(end: datetime) -> date:
    """The Beijing day whose end a period's first moment afterwards is."""
    return date.fromordinal(legal_day(end).toordinal() - 1)


def complaint_ends(law: Law, known_on: date, heard: Heard | None) -> datetime:
    """The first moment after the time for a complaint; a procurement complaint always has a challenge before it."""
    bound = complaint_rule(law)
    if law.regime is LegalRegime.GOVERNMENT_PROCUREMENT:
        return _ends(law, bound, known_on if heard is None else last_day_of(heard.due_at))
    return end_of(bound.last_day(known_on, law.calendar, 0 if heard is None else heard.uncounted))


def acceptance_rule(law: Law) -> PeriodRule:
    """By when the authority decides whether it takes a complaint on."""
    return _rule(law, "T12A" if law.regime is LegalRegime.CONSTRUCTION else "T17E")


def acceptance_due(law: Law, filed_at: datetime) -> datetime:
    """The first moment after that time."""
    return _ends(law, acceptance_rule(law), legal_day(filed_at))


def decision_rule(law: Law) -> PeriodRule:
    """Thirty working days to the decision."""
    return _rule(law, "T12B" if law.regime is LegalRegime.CONSTRUCTION else "T17C")


def decision_due(law: Law, filed_at: datetime, accepted_at: datetime) -> datetime:
    """The first moment after that time: counted from the acceptance for works, from the receipt in procurement."""
    anchor = accepted_at if law.regime is LegalRegime.CONSTRUCTION else filed_at
    return _ends(law, decision_rule(law), legal_day(anchor))


def check_suspension(law: Law, ordered_at: datetime, until: date | None) -> None:
    """Raises RuleBroken for an order that ends in the past, or in procurement without an end or after 30 days (政府采购法 art. 57)."""
    if until is not None and until < legal_day(ordered_at):
        raise RuleBroken("complaint.suspension_past")
    if law.regime is LegalRegime.CONSTRUCTION:
        return
    bound = _rule(law, "T17D")
    latest = date.fromordinal(legal_day(ordered_at).toordinal() + bound.n)  # a maximum: nothing rolls on here
    if until is None or until > latest:
        raise RuleBroken("complaint.suspension_too_long", bound.article, days=bound.n, latest=latest.isoformat())


# Parts of signed bodies


def read_files(body: Body, least: int = 0) -> tuple[FileEntry, ...]:
    """At most twenty files, no two of one name."""
    files = tuple(read_file(entry) for entry in body.objects("files", least=least, most=20))
    if len({entry.name for entry in files}) != len(files):
        raise RuleBroken("document.file_twice")
    return files


def words(body: Body, name: str, most: int = 5000, least: int = 1) -> str:
    """A text of several lines."""
    return body.text(name, most, least)


def check_late_reason(reason: str, due_at: datetime, now: datetime, article: str) -> None:
    """What is done after its legal day says why; what is in time says nothing. Raises RuleBroken."""
    if now >= due_at and not reason:
        raise RuleBroken("remedy.late_unexplained", article)
    if reason and now < due_at:
        raise RuleBroken("remedy.reason_unneeded")


def check_names(said: Collection[str], names: Collection[str]) -> None:
    """Raises RuleBroken when a text that others will read before the opening names a firm (招标投标法 art. 22)."""
    if any(name and name in text for text in said for name in names):
        raise RuleBroken("remedy.names_a_firm", "招标投标法第二十二条")


def stage_refusal(found: Window | None, now: datetime, article: str) -> Refusal | None:
    """What stands against attacking a stage at that moment."""
    if found is None or now < found.opens_at:
        return WrongState("objection.not_yet")
    if now >= found.ends_at:
        return RuleBroken("objection.too_late", article, last=last_day_of(found.ends_at).isoformat())
    return None
