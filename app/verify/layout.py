"""The names of an evidence package's members, shared by who writes it and who checks it."""

from __future__ import annotations

import re

SEQ = "{:06d}"
MANIFEST = "manifest-sha256.txt"
MANIFEST_DSSE = "manifest.dsse"
MANIFEST_TSR = "manifest.tsr"
POLICY = "policy/trust-policy.txt"
README = "README.txt"
METADATA, CHECKS, CHECKS_DSSE = "archive/metadata.json", "archive/checks.json", "archive/checks.dsse.json"
"""What an archive package holds beside the evidence package that it is."""
UNLISTED = frozenset({MANIFEST, MANIFEST_DSSE, MANIFEST_TSR})
"""The manifest lists every member but itself, its signature and its time stamp."""


def manifest_lines(digests: dict[str, str]) -> bytes:
    """The manifest in the form of `sha256sum -c`: by name, two spaces after the digest."""
    return "".join(f"{digests[name]}  {name}\n" for name in sorted(digests, key=str.encode)).encode()


_EXPECTED = re.compile(
    r"README\.txt|report-[^/]+\.pdf|manifest-sha256\.txt|manifest\.dsse|manifest\.tsr"
    r"|policy/trust-policy\.txt|policy/roots/ca\.pem|policy/tsa/\d+\.pem"
    r"|(events|platform|archived|recordings|rates|reliefs|books|suspense|pool|deposits/[^/]+)/\d{6,}(\.proof)?\.json"
    r"|batches/\d+\.tlog-proof|checkpoints/\d{9}\.(txt|tsr)|consistency/\d{9}-\d{9}\.json"
    r"|certs/(issuing|[0-9a-f]{64})\.pem|crls/(issuing|root)\.crl"
    r"|bids/[^/]+/[^/]+/[^/]+\.(age|seal\.dsse\.json|release\.dsse\.json)|draw/[^/]+\.json|papers/[0-9a-f]{64}"
    r"|vouched/[0-9a-f]{64}\.json|statuses/[0-9a-f]{64}"
    r"|tapes/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.(index|webm)"
    r"|archive/(metadata|checks)\.json|archive/checks\.dsse\.json"
    r"|verify/verify\.pyz(\.sha256)?"
)


def is_expected(name: str) -> bool:
    """Whether a package has a place for a member of this name."""
    return _EXPECTED.fullmatch(name) is not None
