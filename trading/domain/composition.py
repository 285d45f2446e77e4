"""A tender document that is composed here (招标文件在线编制): chapters written by hand, all else from what the lot says.

Its data are a file of the document beside the paper, so that anybody can set the same paper again, byte for byte.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from core.kernel import jcs
from core.kernel.errors import RuleBroken
from core.kernel.jcs import JSON
from trading.domain import composition_wording as words
from trading.domain.award_plan import AwardPlan
from trading.domain.composition_wording import SECTIONS, beginnings
from trading.domain.document import TenderDocument
from trading.domain.method import check_method
from trading.domain.periods import LegalRegime

FORMAT = "gongheng/tender-document/v1"
PAPER, DATA = "招标文件.pdf", "招标文件.json"
MOST_TEXT = 20_000
MOST_DATA = 1_000_000  # bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class CompositionFacts:
    """What a composed document says that nobody types into it; `on` is the Beijing day under its cover."""

    number: str
    project_title: str
    lot_title: str
    regime: LegalRegime
    region: str
    tenderer: str
    agency: str
    approval: str
    funding: str
    plan: AwardPlan | None
    terms: TenderDocument
    on: date


def composed(facts: CompositionFacts, texts: Mapping[str, str]) -> dict[str, JSON]:
    """The data of the paper. Raises RuleBroken for a chapter that is empty or too long, and for a method that is not of good form."""
    check_method(facts.terms.method, facts.terms.ceiling, len(facts.terms.envelopes))
    method = facts.terms.method
    sections: list[JSON] = [{"id": name, "title": title, "text": _text(texts, name, title)} for name, title in SECTIONS.items()]
    criteria: list[JSON] = [list(words.criterion_row(one)) for one in _objects(method.get("criteria"))]
    return {
        "format": FORMAT,
        "template": facts.regime.value,
        "number": facts.number,
        "title": f"{facts.project_title} {facts.lot_title}",
        "kind": words.TITLE,
        "law": words.REGIMES[facts.regime],
        "tenderer": facts.tenderer,
        "agency": facts.agency,
        "on": facts.on.isoformat(),
        "table": {"title": words.TABLE_TITLE, "rows": [list(row) for row in _table(facts)]},
        "method": {
            "title": words.METHOD_TITLE,
            "sentences": [*words.method_in_words(method), *words.rules_in_words(facts.terms.rules())],
            "heads": list(words.CRITERIA_HEADS),
            "criteria": criteria,
            "data_title": words.DATA_TITLE,
            "data_note": words.DATA_NOTE,
            "data": json.dumps(method, ensure_ascii=False, indent=1, sort_keys=True),
        },
        "sections": sections,
    }


def _objects(value: object) -> list[Mapping[str, str]]:
    return list(value) if isinstance(value, list) else []


def _text(texts: Mapping[str, str], name: str, title: str) -> str:
    text = texts.get(name, "").replace("\r\n", "\n").strip()
    if not text:
        raise RuleBroken("composition.section_empty", title=title)
    if len(text) > MOST_TEXT:
        raise RuleBroken("composition.section_long", title=title, most=MOST_TEXT)
    return text


def _table(facts: CompositionFacts) -> Sequence[tuple[str, str]]:
    terms = facts.terms
    envelopes = "、".join(entry.title for entry in terms.envelopes)
    blind = terms.envelopes[0].blind if terms.envelopes else None
    said = {
        "project": facts.project_title,
        "lot": f"{facts.lot_title}（{facts.number}）",
        "tenderer": facts.tenderer,
        "agency": facts.agency,
        "region": facts.region,
        "approval": facts.approval,
        "funding": facts.funding,
        "ceiling": words.YUAN.format(terms.ceiling),
        "deposit": _deposit(facts),
        "performance": _performance(facts),
        "validity": words.VALIDITY.format(terms.validity_days) if terms.validity_days else words.NONE,
        "envelopes": envelopes,
        "blind": words.NONE if blind is None else words.blind_in_words(blind),
        "escrow": words.ESCROWS[terms.escrow.value],
        "release": words.BY_NOTICE,
        "deadline": words.BY_NOTICE,
        "award": words.NONE if facts.plan is None else words.AWARDS[facts.plan.method.value],
    }
    return [(words.ROWS.get(name, words.BUYERS[facts.regime]), value) for name, value in said.items() if value]


def _deposit(facts: CompositionFacts) -> str:
    terms, said = facts.terms, facts.terms.deposit_terms
    if not terms.deposit.fen:
        return words.NONE
    if said is None:
        return words.DEPOSITS[facts.regime].format(terms.deposit)
    forms = "、".join(words.DEPOSIT_FORMS[form.value] for form in said.forms)
    return words.DEPOSIT_TERMS[facts.regime].format(terms.deposit, forms, words.SEVERAL[said.several])


def _performance(facts: CompositionFacts) -> str:
    asked = facts.terms.performance
    return words.NONE if asked is None else words.performance_in_words(asked, facts.regime)


def data_bytes(data: Mapping[str, JSON]) -> bytes:
    """The data as their file: canonical, so that the same document is the same bytes."""
    return jcs.canonical(dict(data))


def read_data(content: bytes) -> dict[str, JSON]:
    """The data of a composed document from its file; raises RuleBroken `composition.unreadable` for anything else."""
    try:
        read = json.loads(content[: MOST_DATA + 1])
    except (ValueError, RecursionError):
        read = None
    if not isinstance(read, dict) or read.get("format") != FORMAT or len(content) > MOST_DATA:
        raise RuleBroken("composition.unreadable")
    return read


def texts_of(data: Mapping[str, JSON]) -> dict[str, str]:
    """The chapters as they were written, by id; what is none is left out."""
    sections = data.get("sections")
    listed = sections if isinstance(sections, list) else []
    return {str(one["id"]): str(one["text"]) for one in listed if isinstance(one, dict) and {"id", "text"} <= one.keys()}


__all__ = ["DATA", "FORMAT", "PAPER", "CompositionFacts", "beginnings", "composed", "data_bytes", "read_data", "texts_of"]
