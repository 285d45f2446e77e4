"""What comes in to be sealed, for a real lot as in a practice: all envelopes of one version, their statements, uploads and boxes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from core.identity.services.acts import Act, Expect, SignedRequest, once
from core.kernel import age, uploads
from core.kernel.encoding import sha256
from core.kernel.errors import RuleBroken
from core.kernel.jcs import JSON
from core.kernel.sealing import SealBody, read_seal_body
from core.kernel.work import Work
from trading.domain import bid as rules
from trading.domain.bid import SealFacts

MOST_BOX = 64 * 1024


@dataclass(frozen=True, slots=True)
class SealPart:
    """One envelope of a version as it comes in: its signed statement, the finished upload and its first bytes, and the boxes of its key."""

    request: SignedRequest
    upload: UUID
    start: bytes
    bidder_box: bytes
    share_boxes: tuple[tuple[str, bytes], ...]


@dataclass(frozen=True, slots=True)
class Sealing:
    """An envelope whose statement was accepted and understood."""

    part: SealPart
    act: Act
    body: SealBody


Taken = Sequence[tuple[SealPart, Act]]


def take_version(work: Work, parts: Sequence[SealPart], expect: Expect, keep: Callable[[Taken], dict[str, JSON]]) -> dict[str, JSON]:
    """Accepts the statements of all parts, each the predecessor of the next, and has `keep` keep them: all or nothing, and once."""
    acts: list[Act] = []

    def hold(act: Act) -> dict[str, JSON]:
        acts.append(act)
        return {}

    for part in parts[:-1]:
        once(work, part.request, expect, hold)
    return once(work, parts[-1].request, expect, lambda act: keep(list(zip(parts, [*acts, act], strict=False))))


def read_version(work: Work, taken: Taken, facts: SealFacts, *, practising: bool = False) -> list[Sealing]:
    """The envelopes of a version that fits `facts` and has arrived whole; raises what does not."""
    sealings = [Sealing(part, act, read_seal_body(act.body)) for part, act in taken]
    rules.check_version([sealing.body for sealing in sealings], facts)
    for sealing in sealings:
        _check_arrived(work.session, sealing, practising)
    return sealings


def _check_arrived(session: Session, sealing: Sealing, practising: bool) -> None:
    """The whole ciphertext is here, came from this person, is the promised one, and looks like an age file to one recipient."""
    body, part = sealing.body, sealing.part
    upload = uploads.find(session, part.upload, sealing.act.person)
    if upload.practice is not practising:  # its bytes lie elsewhere, and for another time
        raise RuleBroken("bid.seal.mixed", env=body.env)
    if upload.sha256 is None:
        raise RuleBroken("bid.seal.unfinished", "电子招标投标办法 第二十七条", env=body.env)
    if (upload.sha256, upload.length) != (body.ct_sha256, body.ct_size):
        raise RuleBroken("bid.seal.ciphertext", env=body.env)
    age.check_header(part.start)
    boxes = dict(part.share_boxes)
    if len(boxes) != len(part.share_boxes) or set(boxes) != {share.role for share in body.shares}:
        raise RuleBroken("bid.seal.offices", env=body.env)
    promised = [(part.bidder_box, body.box_sha256), *((boxes[share.role], share.box_sha256) for share in body.shares)]
    if any(len(box) > MOST_BOX or sha256(box).hex() != digest for box, digest in promised):
        raise RuleBroken("bid.seal.box", env=body.env)
