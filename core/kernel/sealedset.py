"""`sealed.json`: what the offline sealer leaves for the upload page, beside the `*.age` files (docs/formats/lot.md)."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from core.kernel import parcel, sealing
from core.kernel.encoding import b64
from core.kernel.jcs import JSON
from core.kernel.lotfile import PRICE, Bidder, LotEnvelope, LotFile
from core.kernel.sealing import Place, Purpose, Sealed

FORMAT = "gongheng/sealed/v1"


class Unfit(Exception):
    """The files given do not make a bid for this lot: `code` says why, `facts` where."""

    def __init__(self, code: str, **facts: str) -> None:
        super().__init__(code)
        self.code, self.facts = code, facts


@dataclass(frozen=True, slots=True)
class Content:
    """What goes into one envelope: the entries of `bid.json` and the files by their names inside."""

    bid: Mapping[str, JSON]
    files: Mapping[str, Path]


@dataclass(frozen=True, slots=True)
class SealedSet:
    """Everything but the `*.age` files themselves; the statements lack `ckpt`, `nonce`, `prev` and the signature."""

    case: str
    lot: str
    bidder: Bidder
    sealed: Mapping[str, Sealed]
    purpose: Purpose = Purpose.BID

    def to_json(self) -> dict[str, JSON]:
        """The content of `sealed.json`."""
        about: dict[str, JSON] = {"type": "seal", "case": self.case, "lot": self.lot, "round": 0}
        return {
            "format": FORMAT,
            "case": self.case,
            "lot": self.lot,
            "bidder": self.bidder.id,
            "ver": self.bidder.ver,
            "statements": [{**about, "body": seal.body} for seal in self.sealed.values()],
            "boxes": {env: _boxes(seal) for env, seal in self.sealed.items()},
            "files": {env: f"{env}.age" for env in self.sealed},
            **({} if self.purpose is Purpose.BID else {"purpose": self.purpose.value}),
        }


def check_bid(envelope: LotEnvelope, bid: Mapping[str, JSON]) -> None:
    """Raises Unfit unless `bid.json` has the required entries of the envelope, all of them texts."""
    items = bid.get("items", {})
    if not isinstance(items, Mapping) or not all(isinstance(text, str) for text in items.values()):
        raise Unfit("items", env=envelope.env)
    if not isinstance(bid.get(PRICE, ""), str):
        raise Unfit("field", env=envelope.env, name=PRICE)
    for entry in envelope.fields:
        said = bid.get(PRICE) if entry.name == PRICE else items.get(entry.name)
        if entry.required and not said:
            raise Unfit("field", env=envelope.env, name=entry.name)


def seal_all(
    lot: LotFile,
    contents: Mapping[str, Content],
    offices: Mapping[str, Sequence[str]],
    *,
    bidder: Bidder,
    out: Path,
    client_build: str,
) -> SealedSet:
    """Seals every envelope of the lot into `out` (`<env>.age`).

    Raises Unfit for an envelope without content or a `bid.json` that lacks an entry, BadSignature for names that no envelope may hold.
    """
    for envelope in lot.envelopes:
        if envelope.env not in contents:
            raise Unfit("empty", env=envelope.env)
        check_bid(envelope, contents[envelope.env].bid)
    sealed = {
        envelope.env: _seal(
            contents[envelope.env],
            Place(lot.case, lot.lot, envelope.env, bidder.ver, bidder.id, bidder.consortium, lot.purpose),
            out,
            offices,
            bidder=bidder.recipients,
            client_build=client_build,
        )
        for envelope in lot.envelopes
    }
    return SealedSet(lot.case, lot.lot, bidder, sealed, lot.purpose)


def _seal(
    content: Content, place: Place, out: Path, offices: Mapping[str, Sequence[str]], *, bidder: Sequence[str], client_build: str
) -> Sealed:
    with tempfile.TemporaryFile(dir=out) as plain:  # nameless, so that no plaintext is left behind whatever happens
        parcel.pack_envelope(content.bid, content.files, plain)
        plain.seek(0)
        with (out / f"{place.env}.age").open("xb") as target:
            sealed = sealing.seal(plain, target, place, offices=offices, bidder=bidder, client_build=client_build)
            target.flush()
            os.fsync(target.fileno())
    return sealed


def _boxes(seal: Sealed) -> dict[str, JSON]:
    return {"bidder": b64(seal.box), "shares": {share.role: b64(share.box) for share in seal.shares}}
