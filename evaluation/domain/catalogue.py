"""A partner's catalogue as JSON, signed by the partner: held row by row against the same rules as a sheet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from core.kernel import jcs
from core.kernel.errors import BadSignature, RuleBroken
from core.kernel.jcs import JSON
from core.kernel.sheet_rows import MOST_ROWS, Fault
from evaluation.domain.expert_sheet import COLUMNS, Around, Sheet, read_sheet
from evaluation.domain.partner_word import PartnerWord

FORMAT = "gongheng/catalogue/v1"


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Which agreement it comes under, its rows as cells, and the partner's word that they are theirs."""

    agreement: str
    cells: tuple[tuple[str, ...], ...]
    word: PartnerWord

    @classmethod
    def read(cls, content: bytes) -> Catalogue:
        """From a file `{"catalogue": {"format", "agreement", "experts"}, "signature", "chain"}`; raises RuleBroken, BadSignature."""
        try:
            file = jcs.parse_object(content, strict=False)
        except BadSignature:
            raise RuleBroken("partner.form", member="catalogue") from None
        word = PartnerWord.read(file, "catalogue")
        experts, agreement = word.said.get("experts"), word.said.get("agreement")
        is_form = set(word.said) == {"format", "agreement", "experts"} and word.said["format"] == FORMAT
        if not is_form or not isinstance(experts, list) or not isinstance(agreement, str):
            raise RuleBroken("partner.form", member="catalogue")
        if len(experts) > MOST_ROWS:
            raise RuleBroken("sheet.too_large", most=5)
        return cls(agreement, tuple(_cells(one) for one in experts), word)

    def sheet(self, around: Around) -> Sheet:
        """What became of its rows; the first expert is row 1."""
        heads = [column.value for column in COLUMNS]
        read = read_sheet([heads, *self.cells], heads, around)
        rows = tuple(replace(one, row=one.row - 1) for one in read.rows)
        return Sheet(rows, tuple(_renumbered(one) for one in read.faults))


def _renumbered(fault: Fault) -> Fault:
    facts = {name: fact - 1 if name == "row" and isinstance(fact, int) else fact for name, fact in fault.facts.items()}
    return replace(fault, row=max(1, fault.row - 1), facts=facts)


def _cells(expert: JSON) -> tuple[str, ...]:
    """An expert's members by column, as they would stand in a sheet; what is unknown is refused, what is missing is empty."""
    if not isinstance(expert, Mapping) or not set(expert) <= {column.value for column in COLUMNS}:
        raise RuleBroken("partner.form", member="catalogue.experts")
    return tuple(_cell(expert.get(column.value, "")) for column in COLUMNS)


def _cell(value: JSON) -> str:
    if isinstance(value, list):
        if all(isinstance(one, str) for one in value):
            return "、".join(str(one) for one in value)
        rows = [one for one in value if isinstance(one, Mapping) and set(one) == {"name", "uscc", "since", "until"}]
        if len(rows) != len(value):
            raise RuleBroken("partner.form", member="catalogue.experts")
        return "；".join("|".join(str(one[name]) for name in ("name", "uscc", "since", "until")) for one in rows)
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise RuleBroken("partner.form", member="catalogue.experts")
    return str(value)
