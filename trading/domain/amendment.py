"""Amendments (澄清与修改) of a tender document while bids are taken: what may change, what has changed, and how the deadline follows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.kernel.body import Body
from core.kernel.calendar import BEIJING, legal_day
from core.kernel.errors import RuleBroken, Stale
from core.kernel.money import Money
from trading.domain import document as documents
from trading.domain.clock import Law, LegalRegime
from trading.domain.document import FileEntry, TenderDocument

ARTICLE = {LegalRegime.CONSTRUCTION: "招标投标法第二十三条", LegalRegime.GOVERNMENT_PROCUREMENT: "政府采购法实施条例第三十一条"}
FIXED = ("envelopes", "escrow", "deposit", "deposit_terms", "performance", "reference_price_commit", "validity_days", "consortium_members")
"""What bids already sealed, deposits already paid and a secret already committed to rest on: no amendment changes it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Amendment:
    """The signed body of `document.amend`. `number` counts the lot's amendments; `document` is the whole new version, `computed_sha256` the
    digest of its content; `not_before`: the tenderer wants the deadline no earlier than that, None leaves it to the law."""

    number: int
    previous_sha256: str
    document: TenderDocument
    computed_sha256: str
    reason: str
    affects_bids: bool
    not_before: datetime | None

    @classmethod
    def read(cls, signed: Mapping[str, object]) -> Amendment:
        """Of a signed body; raises RuleBroken `body.malformed` naming the member."""
        body = Body(signed)
        content = body.raw("document")
        read = cls(
            number=body.count("number", least=1, most=99),
            previous_sha256=body.digest("previous_sha256"),
            document=TenderDocument.read(content),
            computed_sha256=documents.digest_of(content),
            reason=body.text("reason", 2000),
            affects_bids=body.flag("affects_bids"),
            not_before=_wish(body),
        )
        body.done()
        return read


def _wish(body: Body) -> datetime | None:
    written = body.text("not_before", 30, least=0)
    return Body({"not_before": written}).moment("not_before") if written else None


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendmentFacts:
    """What an amendment is held against: the version that stands, the deadline in force and how many amendments there were."""

    standing: TenderDocument
    amendments: int
    deadline: datetime
    regime: LegalRegime
    estimate: Money


def check(amendment: Amendment, facts: AmendmentFacts) -> None:
    """Raises Stale for an amendment of another version, RuleBroken for the first rule that it breaks."""
    if (amendment.number, amendment.previous_sha256) != (facts.amendments + 1, facts.standing.document_sha256):
        raise Stale("amendment.version_other", number=facts.amendments + 1)
    documents.check(amendment.document, amendment.computed_sha256, facts.regime, facts.estimate)
    for name in FIXED:
        if getattr(amendment.document, name) != getattr(facts.standing, name):
            raise RuleBroken("amendment.fixed", member=name)
    if amendment.not_before is not None and amendment.not_before < facts.deadline:
        raise RuleBroken("amendment.deadline_shortened", ARTICLE[facts.regime])
    found = changes(facts.standing, amendment.document)
    if not found.any and (amendment.not_before is None or amendment.not_before == facts.deadline):
        raise RuleBroken("amendment.nothing_changed")
    if (found.ceiling or found.method) and not amendment.affects_bids:
        raise RuleBroken("amendment.affects_bids", ARTICLE[facts.regime])


# What has changed


@dataclass(frozen=True, slots=True)
class MethodChange:
    """One value of the evaluation method: its JSON path, and what stood and stands there, "" where there is nothing."""

    path: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What tells two versions of a tender document apart; `ceiling` is before and after, None where it is the same."""

    added: tuple[FileEntry, ...]
    removed: tuple[FileEntry, ...]
    replaced: tuple[FileEntry, ...]  # same name, other bytes: the new entry
    ceiling: tuple[Money, Money] | None
    method: tuple[MethodChange, ...]  # of the score rules and the review too, under `score_rules` and `review`

    @property
    def any(self) -> bool:
        """Whether there is a difference at all."""
        return bool(self.added or self.removed or self.replaced or self.ceiling or self.method)


def changes(before: TenderDocument, after: TenderDocument) -> Changes:
    """How the later version differs from the earlier one."""
    old, new = ({entry.name: entry for entry in version.files} for version in (before, after))
    return Changes(
        added=tuple(entry for name, entry in new.items() if name not in old),
        removed=tuple(entry for name, entry in old.items() if name not in new),
        replaced=tuple(entry for name, entry in new.items() if name in old and old[name] != entry),
        ceiling=None if before.ceiling == after.ceiling else (before.ceiling, after.ceiling),
        method=_method_changes(_method_of(before), _method_of(after)),
    )


def _method_of(version: TenderDocument) -> Mapping[str, object]:
    rules: Mapping[str, object] = {"score_rules": version.score_rules} if version.score_rules else {}
    return {**version.method, **rules, **({"review": version.review.to_json()} if version.review else {})}


def _method_changes(before: Mapping[str, object], after: Mapping[str, object]) -> tuple[MethodChange, ...]:
    old, new = dict(_leaves(before)), dict(_leaves(after))
    paths = [*old, *(path for path in new if path not in old)]
    return tuple(MethodChange(path, old.get(path, ""), new.get(path, "")) for path in paths if old.get(path, "") != new.get(path, ""))


def _leaves(value: object, path: str = "") -> Iterator[tuple[str, str]]:
    """Every value of a JSON tree with its path; a criterion is named by its id instead of its place, so that a new one shifts nobody."""
    if isinstance(value, Mapping):
        for name, member in value.items():
            yield from _leaves(member, f"{path}.{name}" if path else str(name))
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for place, member in enumerate(value):
            named = member.get("id") if isinstance(member, Mapping) else None
            yield from _leaves(member, f"{path}[{named or place + 1}]")
    else:
        yield path, "—" if value is None else str(value)


# The deadline


@dataclass(frozen=True, slots=True)
class Extension:
    """A deadline that moves; `rule` is the period that moved it, "" where the tenderer wished it. The opening moves with it (T7)."""

    before: datetime
    deadline: datetime
    rule: str


def extension(law: Law, published: datetime, deadline: datetime, affects_bids: bool, wish: datetime | None = None) -> Extension | None:
    """What an amendment or clarification published at that moment does to the deadline, None where it stays; it is never shortened.

    Less than the days of T4 before the deadline, what may affect bids moves it (招标投标法 art. 23, Regulation art. 21): to the same time
    of the first working day that leaves them.
    """
    lawful = deadline
    bound = law.binding("T4", deadline)
    if affects_bids and bound is not None and law.is_late("T4", deadline, published):
        day = law.calendar.after(legal_day(published), bound.n, bound.unit)
        lawful = max(deadline, datetime.combine(day, deadline.astimezone(BEIJING).timetz()).astimezone(deadline.tzinfo))
    moved = max(lawful, wish or deadline)
    if moved == deadline:
        return None
    return Extension(deadline, moved, "T4" if moved == lawful else "")
