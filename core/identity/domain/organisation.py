"""An organisation's name and its unified social credit code (统一社会信用代码)."""

from __future__ import annotations

import re
import unicodedata

from stdnum.cn import uscc
from stdnum.exceptions import ValidationError

from core.kernel.errors import RuleBroken

LONGEST_NAME = 120

_HANZI = "㐀-鿿"
_BRACKETS = str.maketrans("()", "（）")


def normal_name(written: str, code: str = "organisation.name") -> str:
    """The one spelling of a name: compatibility forms folded (ＡＢＣ → ABC), blanks between hanzi dropped, other blanks single,
    brackets full-width beside hanzi. Raises RuleBroken(code) for an empty name, one over 120 characters or control characters."""
    folded = " ".join(unicodedata.normalize("NFKC", written).split())
    name = re.sub(f"(?<=[{_HANZI}()]) (?=[{_HANZI}()])", "", folded)
    if re.search(f"[{_HANZI}]", name):
        name = name.translate(_BRACKETS)
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise RuleBroken(code, most=LONGEST_NAME)
    return name


def social_credit_code(written: str) -> str:
    """The 18 characters of a code whose check character holds (GB 32100-2015, 附录A); raises RuleBroken for any other text."""
    try:
        return uscc.validate(unicodedata.normalize("NFKC", written))
    except ValidationError:
        raise RuleBroken("organisation.uscc") from None


def with_check_character(first_17: str) -> str:
    """The code that begins with these 17 characters; for demonstrations and tests, where no registry issues one."""
    return social_credit_code(first_17 + uscc.calc_check_digit(first_17))
