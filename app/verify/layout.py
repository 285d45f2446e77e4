"""The names of an evidence package's members, shared by who writes it and who checks it."""

from __future__ import annotations

SEQ = "{:06d}"
MANIFEST = "manifest-sha256.txt"
MANIFEST_DSSE = "manifest.dsse"
MANIFEST_TSR = "manifest.tsr"
POLICY = "policy/trust-policy.txt"
README = "README.txt"
UNLISTED = frozenset({MANIFEST, MANIFEST_DSSE, MANIFEST_TSR})
"""The manifest lists every member but itself, its signature and its time stamp."""


def manifest_lines(digests: dict[str, str]) -> bytes:
    """The manifest in the form of `sha256sum -c`: by name, two spaces after the digest."""
    return "".join(f"{digests[name]}  {name}\n" for name in sorted(digests, key=str.encode)).encode()
