"""All words of a round, read once for the rules that compare them: the bids' paragraphs, and what everybody may quote."""

from __future__ import annotations

from dataclasses import dataclass

from trading.domain.collusion.material import Material
from trading.domain.collusion.paragraphs import Paragraph, paragraphs, plain_of
from trading.domain.collusion.standard import CLAUSES
from trading.domain.collusion.winnowing import Prints


@dataclass(frozen=True, slots=True)
class Reading:
    """`held[n]` is a paragraph of the bid `orgs[owners[n]]`, bid after bid; `clauses` are plain texts of the tender document and of the
    model documents; both with their fingerprints."""

    orgs: tuple[str, ...]
    owners: tuple[int, ...]
    held: tuple[Paragraph, ...]
    prints: Prints
    clauses: tuple[str, ...]
    clause_prints: Prints


def read(material: Material) -> Reading:
    """Reads every document of a round."""
    bids = sorted(material.bids, key=lambda bid: bid.org)
    owned = [(place, one) for place, bid in enumerate(bids) for document in bid.documents for one in paragraphs(document)]
    clauses = [one.plain for document in material.tender for one in paragraphs(document)] + [plain_of(clause) for clause in CLAUSES]
    return Reading(
        orgs=tuple(bid.org for bid in bids),
        owners=tuple(place for place, _ in owned),
        held=tuple(one for _, one in owned),
        prints=Prints.of([one.plain for _, one in owned]),
        clauses=tuple(clauses),
        clause_prints=Prints.of(clauses),
    )
