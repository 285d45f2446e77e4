"""What the pool keeps of a person under seal: which kinds there are, for what purpose, and how an identity number must look."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from enum import Enum

from stdnum.cn import ric
from stdnum.exceptions import ValidationError

from core.identity.domain.contact import address
from core.identity.domain.message import Medium
from core.kernel.errors import RuleBroken
from evaluation.domain.expert import Purpose


class SecretKind(Enum):
    """What is kept under seal."""

    PHONE = "phone"
    ID_NUMBER = "id_number"


PURPOSE_OF: Mapping[SecretKind, Purpose] = {SecretKind.ID_NUMBER: Purpose.IDENTITY}
"""With which consent a kind goes; a telephone number is kept for the calls themselves, as long as somebody stands in the pool."""


VAULT_FILE = "pool.key"  # in the directory of keys


def about(number: str, kind: SecretKind) -> str:
    """Whose and what a sealed number is, as the vault wants to know."""
    return f"{number}/{kind.value}"


def normal(kind: SecretKind, written: str) -> str:
    """The one spelling; raises RuleBroken for what is no mobile number, or no identity number (GB 11643-1999, check digit included)."""
    if kind is SecretKind.PHONE:
        return address(Medium.SMS, written)
    try:
        return str(ric.validate(unicodedata.normalize("NFKC", written).strip().upper()))
    except ValidationError:
        raise RuleBroken("expert.id_number") from None


def masked(written: str) -> str:
    """What is left to tell one number from another: the first three and the last two characters."""
    return written[:3] + "*" * (len(written) - 5) + written[-2:]
