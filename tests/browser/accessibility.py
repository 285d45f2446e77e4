"""axe-core in the page."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page

AXE = Path(__file__).parent / "vendor" / "axe-core" / "4.14.1" / "axe.min.js"
RUN = "async () => (await axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice']})).violations"


def serious_findings(page: Page) -> list[tuple[str, list[str]]]:
    """The rules that the page breaks seriously, each with the elements at fault."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    grave = [one for one in page.evaluate(RUN) if one["impact"] in ("serious", "critical")]
    return [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in grave]
