"""Standard clauses that bids quote whatever the tender document says: the letter of bid and the usual undertakings of the model documents.

They are excluded from the comparison of texts, beside the words of the tender document itself. They stand in `standard.txt`, one a line.
"""

from __future__ import annotations

from importlib.resources import files

CLAUSES = tuple((files(__package__) / "standard.txt").read_text(encoding="utf-8").splitlines())
