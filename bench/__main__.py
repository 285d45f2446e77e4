"""Runs every measurement: `python -m bench`, or one of them by name."""

from __future__ import annotations

import subprocess
import sys

NAMES = ("door", "live", "crowd", "uploads", "seals", "collusion", "matching", "refunds", "wall", "video")


def main() -> None:
    """Runs those named on the command line, or all."""
    for name in sys.argv[1:] or NAMES:
        print(f"== {name}", flush=True)
        subprocess.run([sys.executable, "-m", f"bench.{name}"], check=True)


main()
