"""`trusted.txt` of a demonstration: made from what each party said of itself when it started, never from the package that it judges."""

from __future__ import annotations

from app.demo.stage import QUORUM, Stage
from core.identity.authority import Authority
from core.kernel.checkpoint import read_vkey
from core.kernel.trust import Group, TrustPolicy, write_policy
from core.kernel.webauthn import RelyingParty


def trusted(stage: Stage) -> str:
    """The policy's text. The authority's root is looked at where it was made, as at a key ceremony."""
    witnesses = {name.removeprefix("witness-"): read_vkey(told["vkey"]) for name, told in stage.told.items() if name.startswith("witness-")}
    policy = TrustPolicy(
        logs=(read_vkey(stage.told["log"]["vkey"]),),
        witnesses=witnesses,
        groups={"outside": Group(QUORUM, tuple(witnesses))} if witnesses else {},
        quorum="outside" if witnesses else "none",
        ca_roots=frozenset({Authority.open(stage.data_dir / "ca").root_sha256}),
        tsa_roots=frozenset({stage.told["tsa"]["root"]} if "tsa" in stage.told else ()),
        relying_parties={"localhost": RelyingParty("localhost", stage.origin)},
        clock_demonstration=True,
    )
    return write_policy(policy)
