"""Bank accounts: a firm's basic account, the centre's collecting account and its sub-accounts, and when two names are one."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from core.kernel.errors import RuleBroken

BASIC_ACCOUNT_ARTICLE = "招标投标法实施条例第二十六条"  # 保证金应当从其基本账户转出
_NUMBER = re.compile(r"[0-9A-Z]{8,34}")
SUB_DIGITS = 10


@dataclass(frozen=True, slots=True)
class BasicAccount:
    """A firm's basic account (基本存款账户) as it registered it."""

    name: str
    number: str
    bank: str


@dataclass(frozen=True, slots=True)
class CollectingAccount:
    """The centre's account for deposits; each bidder of each lot pays into a sub-account of its own."""

    name: str
    number: str
    bank: str

    def sub_account(self, drawn: int) -> str:
        """The number of a sub-account. `drawn` is random: a running number would count the bidders."""
        return f"{self.number}{drawn % 10**SUB_DIGITS:0{SUB_DIGITS}d}"


COLLECTING = CollectingAccount("临江市公共资源交易中心", "621000188801", "临江市商业银行营业部")


@lru_cache(maxsize=4096)
def plain_number(written: str) -> str:
    """An account number as it is compared: without the spaces and strokes with which people write it."""
    return re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", written)).upper()


def normal_number(written: str) -> str:
    """The same, and it is one: 8 to 34 digits and letters. Raises RuleBroken "account.number"."""
    plain = plain_number(written)
    if _NUMBER.fullmatch(plain) is None:
        raise RuleBroken("account.number")
    return plain


_BRACKETS = str.maketrans({**dict.fromkeys("[{〔【〖〈《「『﹝", "("), **dict.fromkeys("]}〕】〗〉》」』﹞", ")")})
_STROKES = str.maketrans({**dict.fromkeys("‐‑‒–—―−－", "-"), **dict.fromkeys("•‧∙⋅・･", "·")})
_FORMS = (("有限责任公司", "有限公司"), ("股份有限公司", "股份公司"))
"""Two lawful endings of one form of company (公司法第七条); a limited company and one limited by shares stay two."""


@lru_cache(maxsize=4096)  # a page of payments names the same firms again and again
def normal_name(written: str) -> str:
    """A name as it is compared. Width, blanks, what is not seen, case, the shape of brackets, strokes and dots make no difference, nor
    do the two lawful endings of a form of company; every other character does: a name that is merely like another is another's."""
    seen = "".join(letter for letter in unicodedata.normalize("NFKC", written) if unicodedata.category(letter) not in ("Cc", "Cf"))
    plain = re.sub(r"\s", "", seen).translate(_BRACKETS).translate(_STROKES).casefold()
    for long, short in _FORMS:
        plain = plain.replace(long, short)
    return plain


def basic_account(organisation: str, name: str, number: str, bank: str) -> BasicAccount:
    """A basic account of this organisation. Raises RuleBroken when it stands in another name or its number is none."""
    if normal_name(name) != normal_name(organisation):
        raise RuleBroken("account.other_name", BASIC_ACCOUNT_ARTICLE, organisation=organisation)
    kept = bank.strip()
    if not 2 <= len(kept) <= 100:
        raise RuleBroken("account.bank")
    return BasicAccount(organisation, normal_number(number), kept)
