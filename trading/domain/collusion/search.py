"""All rules over one round's material: what a worker process runs, since the comparison of texts takes seconds."""

from __future__ import annotations

from importlib.metadata import version

from trading.domain.collusion import accounts, bills, deviations, machines, metadata, people, prices, texts
from trading.domain.collusion.card import Finding
from trading.domain.collusion.material import Material
from trading.domain.collusion.reading import read

FACTS = (machines, people, accounts, bills, prices, metadata)
WORDS = (texts, deviations)
TOOLS = ("numpy", "pypdfium2", "rapidfuzz")


def findings(material: Material) -> list[Finding]:
    """Every finding of every family, in an order that depends on the material alone."""
    words = read(material)
    found = [one for family in FACTS for one in family.findings(material)]
    return found + [one for family in WORDS for one in family.findings(words)]


def tools() -> dict[str, str]:
    """The versions of the libraries that read and compare: with other versions other findings may come out."""
    return {name: version(name) for name in TOOLS}
