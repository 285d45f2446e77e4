"""The tender document (招标文件): its files, envelopes, deposit, ceiling and method part, and what the law asks of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import cast

from core.kernel.blind import FLAGS, BlindRules
from core.kernel.errors import RuleBroken
from core.kernel.jcs import JSON
from core.kernel.money import Money
from trading.domain.body import Body
from trading.domain.body import digest as digest_of_members
from trading.domain.clock import LegalRegime
from trading.domain.coefficient import coefficients_of


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
    """The signed body of `document.publish`."""

    document_sha256: str
    files: tuple[FileEntry, ...]
    method: dict[str, object]
    envelopes: tuple[EnvelopeEntry, ...]
    deposit: Money
    ceiling: Money
    reference_price_commit: str
    escrow: Escrow

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
        )
        body.done()
        return read


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

_DEPOSIT_ARTICLE = {
    LegalRegime.CONSTRUCTION: "招标投标法实施条例第二十六条",
    LegalRegime.GOVERNMENT_PROCUREMENT: "政府采购法实施条例第三十三条",
}
_CEILING_ARTICLE = "招标投标法实施条例第二十七条"
_METHOD_ARTICLE = "招标投标法第十九条"


def check(document: TenderDocument, computed_sha256: str, regime: LegalRegime, estimate: Money) -> None:
    """Raises RuleBroken for the first rule that the document breaks. `computed_sha256`: digest of the canonical body without its
    `document_sha256`; `estimate`: the project's estimated price, of which a deposit is at most 2 % (Regulation art. 26)."""
    if document.document_sha256 != computed_sha256:
        raise RuleBroken("document.digest_other")
    if len({entry.name for entry in document.files}) < len(document.files):
        raise RuleBroken("document.file_twice")
    if tuple(entry.env for entry in document.envelopes) not in ENVELOPE_ORDERS:
        raise RuleBroken("document.envelopes_unknown", "招标投标法第十九条")
    if any(entry.blind is not None and entry.env != BLIND_ENVELOPE for entry in document.envelopes):
        raise RuleBroken("document.blind_unfit", "招标投标法第十九条")
    if document.deposit.fen * 100 > estimate.fen * DEPOSIT_PERCENT:
        most = Money(estimate.fen * DEPOSIT_PERCENT // 100)
        raise RuleBroken("document.deposit_too_high", _DEPOSIT_ARTICLE[regime], most=str(most), deposit=str(document.deposit))
    if document.ceiling.fen == 0:
        raise RuleBroken("document.ceiling_missing", _CEILING_ARTICLE)
    check_method(document.method, document.ceiling, len(document.envelopes))


# The form of a method part

METHODS = ("comprehensive", "lowest_evaluated_price", "lowest_price")
PARTS = ("technical", "commercial", "credit")
_DECIMAL = re.compile(r"-?\d{1,15}(\.\d{1,12})?")
_MEMBERS = frozenset({"case", "method", "price_ceiling", "reference_price", "rounding", "price", "criteria", "coefficients"}) | frozenset(
    {"part_minimum", "aggregation", "tie_break", "candidates"}
)


def check_method(method: Mapping[str, object], ceiling: Money, envelopes: int) -> None:
    """Raises RuleBroken `method.malformed` naming the member, when a method part lacks the form of the published scoring case; whether
    its arithmetic runs is tried on the page for methods, not here. The ceiling in it is the document's."""
    unknown = set(method) - _MEMBERS
    if unknown or method.get("method") not in METHODS:
        raise _malformed(min(unknown, default="method"))
    _check_price(method, ceiling)
    coefficients_of(method)
    points = _check_criteria(method)
    for part, least in _object(method, "part_minimum").items():
        if part not in points or not _is_decimal(least):
            raise _malformed(f"part_minimum.{part}")
    if envelopes > 1 and "technical" not in points:
        raise RuleBroken("method.envelopes_unused", _METHOD_ARTICLE)
    count = method.get("candidates")
    if not isinstance(count, int) or isinstance(count, bool) or not 1 <= count <= 20:
        raise _malformed("candidates")


def _check_price(method: Mapping[str, object], ceiling: Money) -> None:
    price = _object(method, "price")
    if price.get("kind") not in ("deviation", "lowest_ratio", "none"):
        raise _malformed("price.kind")
    for name in ("max", "weight"):
        if price["kind"] != "none" and not _is_decimal(price.get(name)):
            raise _malformed(f"price.{name}")
    written = method.get("price_ceiling")
    if not isinstance(written, str) or not _is_decimal(written):
        raise RuleBroken("document.ceiling_missing", _CEILING_ARTICLE)
    if _fen(written) != ceiling.fen:
        raise RuleBroken("method.ceiling_other", _CEILING_ARTICLE, ceiling=str(ceiling), written=written)


def _fen(written: str) -> int | None:
    whole, _, part = written.partition(".")
    return None if part[2:].strip("0") else int(whole + part[:2].ljust(2, "0"))


def _check_criteria(method: Mapping[str, object]) -> set[object]:
    """The parts that the criteria name."""
    criteria = method.get("criteria")
    if not isinstance(criteria, list):
        raise _malformed("criteria")
    if (method["method"] == "comprehensive") != bool(criteria):
        raise RuleBroken("method.criteria_unfit", _METHOD_ARTICLE)
    seen: set[object] = set()
    for n, criterion in enumerate(criteria):
        if not isinstance(criterion, Mapping) or criterion.get("part") not in PARTS or criterion.get("id") in seen:
            raise _malformed(f"criteria.{n}")
        if not isinstance(criterion.get("id"), str) or not all(_is_decimal(criterion.get(name)) for name in ("max", "weight")):
            raise _malformed(f"criteria.{n}")
        seen.add(criterion["id"])
    return {criterion["part"] for criterion in criteria}


def _object(members: Mapping[str, object], name: str) -> Mapping[str, object]:
    value = members.get(name, {})
    if not isinstance(value, Mapping):
        raise _malformed(name)
    return value


def _is_decimal(value: object) -> bool:
    return isinstance(value, str) and _DECIMAL.fullmatch(value) is not None


def _malformed(member: str) -> RuleBroken:
    return RuleBroken("method.malformed", _METHOD_ARTICLE, member=member)
