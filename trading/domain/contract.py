"""The contract: what the two parties sign, and by when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from core.kernel.body import Body
from core.kernel.errors import RuleBroken
from core.kernel.ids import OrgId
from core.kernel.money import Money
from trading.domain.clock import Law, rule


@dataclass(frozen=True, slots=True)
class ContractSigning:
    """The signed body of `contract.sign`, of the tenderer first and then of the winner; `late_reason` is "" in time. Where a consortium
    won, each member signs and names itself as `org`."""

    contract_sha256: str
    price: Money
    late_reason: str
    org: OrgId | None = None

    @classmethod
    def read(cls, signed: Mapping[str, object]) -> ContractSigning:
        """Of a signed body; raises RuleBroken `body.malformed` naming the member."""
        body = Body(signed)
        org = OrgId(body.uuid("org")) if body.has("org") else None
        read = cls(body.digest("contract_sha256"), Money(body.count("price_fen", least=1)), body.text("late_reason", 500, least=0), org)
        body.done()
        return read


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractFacts:
    """What a signature under the contract is held against; `offered_sha256` is "" for the first. `org`: the member that signs for a
    consortium, None for whoever signs for itself."""

    now: datetime
    law: Law
    award_notice_at: datetime
    price: Money
    offered_sha256: str
    org: OrgId | None = None


def check(signing: ContractSigning, facts: ContractFacts) -> None:
    """Raises RuleBroken unless the price is the winning bid's, both sign one text, and a late signature (T13) says why."""
    bound = rule("T13", facts.law.regime)
    if signing.org != facts.org:
        raise RuleBroken("contract.org_other", "招标投标法第三十一条")
    if signing.price != facts.price:
        raise RuleBroken("contract.price_other", bound.article, price=str(facts.price))
    if facts.offered_sha256 and signing.contract_sha256 != facts.offered_sha256:
        raise RuleBroken("contract.text_other")
    late = facts.law.is_late("T13", facts.award_notice_at, facts.now)
    if late and not signing.late_reason:
        raise RuleBroken("contract.late_unexplained", bound.article, days=bound.n)
    if signing.late_reason and not late:
        raise RuleBroken("contract.reason_unneeded")
