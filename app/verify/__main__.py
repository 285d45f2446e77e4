"""The verifier as a program of its own: `python3 -I verify.pyz FILE --policy TRUSTED.txt`."""

from __future__ import annotations

import argparse
import sys

from app.verify.command import run


def main() -> None:
    """Reads the command line, prints what was found, and ends as `gongheng verify` does."""
    parser = argparse.ArgumentParser(
        prog="verify.pyz", description="公衡离线核验 · checks a Gongheng evidence package, receipt or trace offline"
    )
    parser.add_argument("package", metavar="FILE")
    parser.add_argument("--policy", required=True, metavar="TRUSTED.txt", help="the root of trust; never from the package")
    parser.add_argument("--ciphertext", default="", metavar="FILE.age", help="what a receipt or a trace is about, to be compared")
    parser.add_argument("--sites", default="", metavar="SITES.zip", help="the package of the sites that a case has booked")
    parser.add_argument("--json", action="store_true", help="print the result as one JSON object")
    parser.add_argument("--lang", choices=("zh", "en"), default="zh")
    asked = parser.parse_args()
    answer = run(asked.package, asked.policy, asked.json, asked.lang, ciphertext=asked.ciphertext, sites=asked.sites)
    for stream, text in ((sys.stdout, answer.out), (sys.stderr, answer.err)):
        if text:
            stream.buffer.write(f"{text}\n".encode())
            stream.flush()
    sys.exit(answer.code)


if __name__ == "__main__":
    main()
