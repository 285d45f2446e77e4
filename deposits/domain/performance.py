"""Performance security (履约担保): what a tender document may ask for, whether it is given before the contract, and when it goes back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from uuid import UUID, uuid5

from core.kernel.body import Body
from core.kernel.errors import Refusal, RuleBroken
from core.kernel.ids import LotId
from core.kernel.jcs import JSON
from core.kernel.money import Money

MOST = Fraction(1, 10)
"""Of the contract price (招标投标法实施条例 art. 58), in procurement of the contract amount (政府采购法实施条例 art. 48)."""
CAP_ARTICLES = ("招标投标法实施条例第五十八条", "政府采购法实施条例第四十八条")
GIVEN_ARTICLES = ("招标投标法第四十六条", "政府采购法实施条例第四十八条")  # 招标文件要求中标人提交履约保证金的，中标人应当提交


ASK, RETURN = "performance.ask", "performance.return"
SUFFIX = "-P"
"""Behind a lot's number: what its winner is asked for before the contract. It lies beside what every bidder is asked for before its bid."""
_SPACE = UUID("6f0f6a51-3f0c-4c52-9c63-1f2f0a9d7b54")
MOST_BP, MOST_DAYS = 1_000, 3_650


def asked_id(lot: LotId) -> LotId:
    """Under which id a lot's performance security is asked for."""
    return LotId(uuid5(_SPACE, str(lot)))


def asked_number(number: str) -> str:
    """And under which number: `T2026-000001-1-P`."""
    return f"{number}{SUFFIX}"


def is_performance(number: str) -> bool:
    """Whether this is the number of a performance security, not of a bid's deposit."""
    return number.endswith(SUFFIX)


@dataclass(frozen=True, slots=True)
class PerformanceTerms:
    """What a tender document asks for: hundredths of a per cent of the contract price, and for how many days after the contract is to be
    made a guarantee must hold. The winner chooses money or guarantee, and no issuer can be named (发改法规〔2023〕27号)."""

    bp: int
    days: int

    @classmethod
    def read(cls, body: Body) -> PerformanceTerms:
        """Of the member `performance` of a signed body; raises RuleBroken `body.malformed` naming the member."""
        read = cls(body.count("bp", least=1, most=10_000), body.count("days", least=1, most=MOST_DAYS))
        body.done()
        return read

    @classmethod
    def kept(cls, said: Mapping[str, object]) -> PerformanceTerms:
        """As they stand in the database."""
        return cls.read(Body(said))

    def to_json(self) -> dict[str, JSON]:
        """As they stand in the signed body."""
        return {"bp": self.bp, "days": self.days}

    def amount(self, price: Money) -> Money:
        """What is asked for at this contract price, down to the fen, so that it is never more than was said."""
        return Money(price.fen * self.bp // 10_000)


def check_terms(terms: PerformanceTerms, in_procurement: bool) -> None:
    """Raises RuleBroken with the article for terms that ask for more than a tenth of the contract price."""
    if terms.bp > MOST_BP:
        raise RuleBroken("performance.percent", CAP_ARTICLES[in_procurement])


@dataclass(frozen=True, slots=True)
class ReturnBody:
    """The signed body of `performance.return`: the tenderer says that the contract was performed, and when."""

    performed_on: date
    note: str

    @classmethod
    def read(cls, signed: Mapping[str, object]) -> ReturnBody:
        """Of a signed body; raises RuleBroken `body.malformed` naming the member."""
        body = Body(signed)
        read = cls(body.day("performed_on"), body.text("note", 1000))
        body.done()
        return read


def check_return(said: ReturnBody, today: date, contracted: bool, returned: bool) -> Refusal | None:
    """A security goes back after the performance of a contract that was made, and once."""
    if not contracted:
        return RuleBroken("performance.no_contract")
    if returned:
        return RuleBroken("performance.returned")
    return RuleBroken("performance.not_yet") if said.performed_on > today else None


@dataclass(frozen=True, slots=True)
class SecurityFacts:
    """What the rules of a performance security look at. `asked`: by the document, zero where it asks for none; `given`: it stands."""

    asked: Money
    price: Money
    given: bool
    in_procurement: bool


def check_asked(facts: SecurityFacts) -> Refusal | None:
    """What is asked for may not be more than a tenth of the contract price."""
    if facts.asked.fen > facts.price.fen * MOST:
        return RuleBroken("performance.too_much", CAP_ARTICLES[facts.in_procurement], most=str(most_of(facts.price)))
    return None


def most_of(price: Money) -> Money:
    """The most that may be asked for, down to the fen: more than a tenth by any part of a fen is more than a tenth."""
    return Money(int(price.fen * MOST))


def may_sign(facts: SecurityFacts) -> Refusal | None:
    """Whether the winner may sign the contract: with its security given, where the document asks for one."""
    if facts.asked.fen and not facts.given:
        return RuleBroken("performance.missing", GIVEN_ARTICLES[facts.in_procurement])
    return None


def is_owed(facts: SecurityFacts, deadline: datetime, now: datetime) -> bool:
    """Whether the winner has not given its security in time, on which its bid's deposit may be kept (招标投标法实施条例 art. 74)."""
    return bool(facts.asked.fen) and not facts.given and now >= deadline
