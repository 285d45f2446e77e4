"""The rules over one round's material as a process of their own: `python -m trading.cli_collusion < material.json > findings.json`.

The platform starts it, since comparing texts takes seconds; an auditor starts it to make the cards of a case again.
"""

from __future__ import annotations

import json
import sys

from trading.domain.collusion.material import Material
from trading.domain.collusion.search import findings, tools


def main() -> None:
    """Reads a material from standard input, writes `{findings, tools}` to standard output."""
    material = Material.read(json.load(sys.stdin.buffer))
    told = {"findings": [one.to_json() for one in findings(material)], "tools": tools()}
    sys.stdout.buffer.write(json.dumps(told, ensure_ascii=False).encode())


if __name__ == "__main__":
    main()
