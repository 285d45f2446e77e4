"""The tender document (招标文件): its files, envelopes, deposit and ceiling, and what the law asks of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import cast

from core.kernel.blind import FLAGS, BlindRules
from core.kernel.body import Body
from core.kernel.body import digest as digest_of_members
from core.kernel.errors import RuleBroken
from core.kernel.jcs import JSON
from core.kernel.money import Money
from core.kernel.sealing import MOST_MEMBERS
from deposits.domain import performance
from deposits.domain.performance import PerformanceTerms
from deposits.domain.terms import UNSAID, DepositTerms, check_terms
from trading.domain.clock import LegalRegime
from trading.domain.method import check_method
from trading.domain.price_rules import check_price_rules
from trading.domain.review_plan import ReviewPlan
from trading.domain.score_rules import ScoreRules, check_score_rules


class Escrow(Enum):
    """Whether the share boxes for rescue by two offices are part of every bid, of those that want them, or of none."""

    REQUIRED = "required"
    OPTIONAL = "optional"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class FileEntry:
    """A file by name, hex SHA-256 and bytes."""

    name: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class EnvelopeEntry:
    """An envelope of the bid, in the order of opening; `blind`: what is allowed in it where it is a blind bid (暗标)."""

    env: str
    title: str
    blind: BlindRules | None = None

    def to_json(self) -> dict[str, JSON]:
        """As it stands in the signed body."""
        said: dict[str, JSON] = {"env": self.env, "title": self.title}
        return said if self.blind is None else said | {"blind": self.blind.to_json()}


@dataclass(frozen=True, slots=True, kw_only=True)
class TenderDocument:
    """The signed body of `document.publish`; `validity_days`: days for which a bid binds from the deadline on, 0: not said;
    `consortium_members`: how many a consortium may have, 0: none is accepted; `score_rules`: as they were signed, empty where none were;
    `deposit_terms`: how deposits are taken, None where the document leaves it at what holds unless said;
    `performance`: the security that the winner gives before the contract, None where none is asked for."""

    document_sha256: str
    files: tuple[FileEntry, ...]
    method: dict[str, object]
    envelopes: tuple[EnvelopeEntry, ...]
    deposit: Money
    ceiling: Money
    reference_price_commit: str
    escrow: Escrow
    validity_days: int = 0
    consortium_members: int = 0
    score_rules: dict[str, object] = field(default_factory=dict)
    review: ReviewPlan | None = None
    deposit_terms: DepositTerms | None = None
    performance: PerformanceTerms | None = None

    @classmethod
    def read(cls, signed: Mapping[str, object]) -> TenderDocument:
        """Of a signed body; raises RuleBroken `body.malformed` naming the member."""
        body = Body(signed)
        read = cls(
            document_sha256=body.digest("document_sha256"),
            files=tuple(read_file(entry) for entry in body.objects("files", least=1, most=200)),
            method=body.raw("method"),
            envelopes=tuple(_envelope(entry) for entry in body.objects("envelopes", least=1, most=3)),
            deposit=Money(body.count("deposit_fen")),
            ceiling=Money.yuan(body.amount("ceiling")),
            reference_price_commit=body.digest("reference_price_commit", optional=True),
            escrow=body.choice("escrow", Escrow),
            validity_days=body.count("validity_days", least=1, most=MOST_VALID_DAYS) if body.has("validity_days") else 0,
            consortium_members=body.count("consortium_members", least=2, most=MOST_MEMBERS) if body.has("consortium_members") else 0,
            score_rules=body.raw("score_rules") if body.has("score_rules") else {},
            review=None if (review := body.part_if_any("review")) is None else ReviewPlan.read(review),
            deposit_terms=None if (said := body.part_if_any("deposit_terms")) is None else DepositTerms.read(said),
            performance=None if (asked := body.part_if_any("performance")) is None else PerformanceTerms.read(asked),
        )
        body.done()
        read.rules()
        return read

    def rules(self) -> ScoreRules:
        """How the criteria are scored."""
        return ScoreRules.read(self.score_rules) if self.score_rules else ScoreRules()


def digest_of(content: Mapping[str, object]) -> str:
    """The digest by which a document is named: of its canonical content without the digest itself."""
    return digest_of_members(cast("Mapping[str, JSON]", {name: value for name, value in content.items() if name != "document_sha256"}))


def read_file(body: Body) -> FileEntry:
    """A file's entry; raises RuleBroken `body.malformed` naming the member."""
    entry = FileEntry(body.text("name", 200), body.digest("sha256"), body.count("size", least=1))
    body.done()
    return entry


def _envelope(body: Body) -> EnvelopeEntry:
    rules = body.part_if_any("blind")
    entry = EnvelopeEntry(body.text("env", 20), body.text("title", 60), None if rules is None else _blind_rules(rules))
    body.done()
    return entry


def envelope_of(said: Mapping[str, object]) -> EnvelopeEntry:
    """An envelope as it was signed and kept; raises RuleBroken `body.malformed` naming the member."""
    return _envelope(Body(said))


def _blind_rules(body: Body) -> BlindRules:
    rules = BlindRules(body.texts("fonts", most=10, each=40), **{name: body.flag(name) for name in FLAGS})
    body.done()
    return rules


ENVELOPE_ORDERS = (("technical", "commercial"), ("bid",))  # two envelopes, technical first; or one
BLIND_ENVELOPE = "technical"  # whoever reads a price learns from whom it is
DEPOSIT_PERCENT = 2
MOST_VALID_DAYS = 730

_DEPOSIT_ARTICLE = {
    LegalRegime.CONSTRUCTION: "招标投标法实施条例第二十六条",
    LegalRegime.GOVERNMENT_PROCUREMENT: "政府采购法实施条例第三十三条",
}
_CEILING_ARTICLE = "招标投标法实施条例第二十七条"


def check(document: TenderDocument, computed_sha256: str, regime: LegalRegime, estimate: Money) -> None:
    """Raises RuleBroken for the first rule that the document breaks. `computed_sha256`: digest of the canonical body without its
    `document_sha256`; `estimate`: the project's estimated price, of which a deposit is at most 2 % (Regulation art. 26)."""
    if document.document_sha256 != computed_sha256:
        raise RuleBroken("document.digest_other")
    if len({entry.name for entry in document.files}) < len(document.files):
        raise RuleBroken("document.file_twice")
    check_envelopes(document)
    check_deposit(document, regime, estimate)
    if document.performance is not None:
        performance.check_terms(document.performance, regime is LegalRegime.GOVERNMENT_PROCUREMENT)
    if document.ceiling.fen == 0:
        raise RuleBroken("document.ceiling_missing", _CEILING_ARTICLE)
    check_method(document.method, document.ceiling, len(document.envelopes))
    if document.score_rules:
        check_score_rules(document.rules(), document.method)
    if document.review is not None:
        check_price_rules(document.review.prices, regime)


def check_envelopes(document: TenderDocument) -> None:
    """Raises RuleBroken for envelopes that no bid can have, or a blind one that shows prices."""
    if tuple(entry.env for entry in document.envelopes) not in ENVELOPE_ORDERS:
        raise RuleBroken("document.envelopes_unknown", "招标投标法第十九条")
    if any(entry.blind is not None and entry.env != BLIND_ENVELOPE for entry in document.envelopes):
        raise RuleBroken("document.blind_unfit", "招标投标法第十九条")


def check_deposit(document: TenderDocument, regime: LegalRegime, estimate: Money) -> None:
    """Raises RuleBroken for a deposit above 2 % of the estimated price, in procurement of the budget, or one that leaves too few forms."""
    if document.deposit.fen * 100 > estimate.fen * DEPOSIT_PERCENT:
        most = Money(estimate.fen * DEPOSIT_PERCENT // 100)
        raise RuleBroken("document.deposit_too_high", _DEPOSIT_ARTICLE[regime], most=str(most), deposit=str(document.deposit))
    if document.deposit.fen:
        check_terms(document.deposit_terms or UNSAID, regime is LegalRegime.GOVERNMENT_PROCUREMENT)
