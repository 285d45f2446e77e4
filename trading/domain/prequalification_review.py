"""The review of applications (资格审查): who may review, a reviewer's own sheet, and what comes out when the sheets are counted.

Each reviewer signs one sheet over all applicants, alone, before any other is shown. A criterion is met where more than half of the
reviewers say so; an applicant passes that meets all of them. A committee is odd, so that no vote is a tie (招标投标法 art. 37, which
实施条例 art. 18 lays on it).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.kernel.body import Body, digest
from core.kernel.errors import RuleBroken
from core.kernel.ids import OrgId, PersonId
from core.kernel.jcs import JSON
from trading.domain.periods import LegalRegime
from trading.domain.prequalification import REVIEW_ARTICLE, Criterion

FEWEST_MEMBERS, MOST_MEMBERS = 5, 15
MOST_APPLICANTS = 1000
UNOPENED = "unopened"  # stands for a criterion where an application could not be opened
LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class ReviewMember:
    """A member of the committee; `expert`: drawn from the pool, else one of the tenderer's people."""

    person: PersonId
    name: str
    expert: bool


@dataclass(frozen=True, slots=True)
class ReviewCommittee:
    """The signed body of `prequalification.committee`: `drawn` names the record of the draw from the pool of experts."""

    drawn: str
    members: tuple[ReviewMember, ...]

    @classmethod
    def read(cls, signed: Mapping[str, object]) -> ReviewCommittee:
        """Of a signed body; raises RuleBroken `body.malformed` naming the member."""
        body = Body(signed)
        read = cls(body.text("drawn", 100), tuple(_member(one) for one in body.objects("members", least=1, most=MOST_MEMBERS)))
        body.done()
        return read

    def to_json(self) -> dict[str, JSON]:
        """As it is signed."""
        members: list[JSON] = [{"person": str(one.person), "name": one.name, "expert": one.expert} for one in self.members]
        return {"drawn": self.drawn, "members": members}


def _member(body: Body) -> ReviewMember:
    read = ReviewMember(PersonId(body.uuid("person")), body.text("name", 60), body.flag("expert"))
    body.done()
    return read


def check_committee(committee: ReviewCommittee) -> None:
    """Raises RuleBroken unless five or more sit in it, an odd number, two thirds of them experts (招标投标法 art. 37)."""
    members, article = committee.members, REVIEW_ARTICLE[LegalRegime.CONSTRUCTION]
    if len({one.person for one in members}) < len(members):
        raise RuleBroken("prequalification.member_twice", article)
    if len(members) < FEWEST_MEMBERS or len(members) % 2 == 0:
        raise RuleBroken("prequalification.members_unfit", article, least=FEWEST_MEMBERS)
    if 3 * sum(one.expert for one in members) < 2 * len(members):
        raise RuleBroken("prequalification.experts_few", article)


# A sheet


@dataclass(frozen=True, slots=True)
class Item:
    """What a reviewer finds of one criterion; `reason` where it is not met."""

    criterion: str
    passed: bool
    reason: str


@dataclass(frozen=True, slots=True)
class ReviewSheet:
    """The signed body of `prequalification.review`: of every applicant, what the reviewer finds of every criterion."""

    findings: Mapping[OrgId, tuple[Item, ...]]

    @classmethod
    def read(cls, signed: Mapping[str, object]) -> ReviewSheet:
        """Of a signed body; raises RuleBroken `body.malformed` naming the member, `prequalification.sheet.applicants` for one twice."""
        body = Body(signed)
        rows = [_finding(one) for one in body.objects("findings", least=1, most=MOST_APPLICANTS)]
        body.done()
        if len({org for org, _ in rows}) < len(rows):
            raise RuleBroken("prequalification.sheet.applicants")
        return cls(dict(rows))


def _finding(body: Body) -> tuple[OrgId, tuple[Item, ...]]:
    org = OrgId(body.uuid("org"))
    items = tuple(_item(one) for one in body.objects("items", least=1, most=100))
    body.done()
    return org, items


def _item(body: Body) -> Item:
    read = Item(body.text("criterion", 20), body.flag("passed"), body.text("reason", LONGEST_REASON, least=0))
    body.done()
    return read


def check_sheet(sheet: ReviewSheet, criteria: Sequence[Criterion], applicants: Sequence[OrgId]) -> None:
    """Raises RuleBroken unless a sheet speaks of exactly these applicants and, in their order, of exactly the published criteria
    (招标投标法实施条例 art. 18: by what the document says), and says why wherever one is not met."""
    if set(sheet.findings) != set(applicants):
        raise RuleBroken("prequalification.sheet.applicants")
    wanted = [one.id for one in criteria]
    for items in sheet.findings.values():
        if [item.criterion for item in items] != wanted:
            raise RuleBroken("prequalification.sheet.criteria", REVIEW_ARTICLE[LegalRegime.CONSTRUCTION])
        if any(item.passed == bool(item.reason) for item in items):
            raise RuleBroken("prequalification.sheet.reason")


# What comes out


@dataclass(frozen=True, slots=True)
class Applicant:
    """Who applied; `opened`: its application could be opened."""

    org: OrgId
    name: str
    uscc: str
    opened: bool = True


@dataclass(frozen=True, slots=True)
class Failure:
    """A criterion that is not met, with the reasons of those who found so."""

    criterion: str
    reason: str

    def to_json(self) -> dict[str, JSON]:
        """As it stands in the signed body."""
        return {"criterion": self.criterion, "reason": self.reason}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the round comes to for one applicant; it passed where nothing failed."""

    org: OrgId
    name: str
    uscc: str
    failures: tuple[Failure, ...]

    @property
    def passed(self) -> bool:
        """Whether every criterion is met."""
        return not self.failures

    def to_json(self) -> dict[str, JSON]:
        """As it stands in the signed body."""
        failures: list[JSON] = [one.to_json() for one in self.failures]
        return {"org": str(self.org), "name": self.name, "uscc": self.uscc, "passed": self.passed, "failures": failures}


def tally(applicants: Sequence[Applicant], criteria: Sequence[Criterion], sheets: Sequence[ReviewSheet]) -> tuple[Outcome, ...]:
    """What the sheets come to, by organisation id. An application that could not be opened meets nothing."""
    return tuple(_outcome(one, criteria, sheets) for one in sorted(applicants, key=lambda one: str(one.org)))


def _outcome(applicant: Applicant, criteria: Sequence[Criterion], sheets: Sequence[ReviewSheet]) -> Outcome:
    if not applicant.opened:
        return Outcome(applicant.org, applicant.name, applicant.uscc, (Failure(UNOPENED, ""),))
    failures = []
    for place, criterion in enumerate(criteria):
        found = [sheet.findings[applicant.org][place] for sheet in sheets]
        if 2 * sum(item.passed for item in found) <= len(found):
            reasons = dict.fromkeys(item.reason for item in found if not item.passed)
            failures.append(Failure(criterion.id, "；".join(reasons)))
    return Outcome(applicant.org, applicant.name, applicant.uscc, tuple(failures))


@dataclass(frozen=True, slots=True)
class Conclusion:
    """The signed body of `prequalification.conclude`: what every applicant is told."""

    results: tuple[Outcome, ...]

    @classmethod
    def read(cls, signed: Mapping[str, object]) -> Conclusion:
        """Of a signed body; raises RuleBroken `body.malformed` naming the member."""
        body = Body(signed)
        read = cls(tuple(_read_outcome(one) for one in body.objects("results", least=1, most=MOST_APPLICANTS)))
        body.done()
        return read

    def to_json(self) -> dict[str, JSON]:
        """As it is signed."""
        return {"results": [one.to_json() for one in self.results]}

    @property
    def passers(self) -> tuple[Outcome, ...]:
        """Who passed."""
        return tuple(one for one in self.results if one.passed)


def _read_outcome(body: Body) -> Outcome:
    org, name, uscc = OrgId(body.uuid("org")), body.text("name", 120), body.text("uscc", 18)
    passed = body.flag("passed")
    read = Outcome(org, name, uscc, tuple(_failure(one) for one in body.objects("failures", least=0, most=100)))
    body.done()
    if read.passed != passed:
        raise RuleBroken("body.malformed", member="passed")
    return read


def _failure(body: Body) -> Failure:
    read = Failure(body.text("criterion", 20), body.text("reason", MOST_MEMBERS * (LONGEST_REASON + 1), least=0))
    body.done()
    return read


def letter_number(result_sha256: str, org: OrgId) -> str:
    """The number of an applicant's letter (资格预审结果通知书): of digests, since a running one would count the applicants."""
    return f"ZG-{digest({'result': result_sha256, 'org': str(org)})[:16].upper()}"
