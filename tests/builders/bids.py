"""Bids of a test's world: sealed as a browser seals them, opened as a hall opens them, always through the services."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from core.identity.services.acts import SignedRequest
from core.kernel import chain, log, outbox, parcel, sealing, uploads
from core.kernel.actor import SYSTEM_ACTOR
from core.kernel.encoding import b64, sha256
from core.kernel.files import FileStore
from core.kernel.ids import OrgId
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.sealing import Place, Purpose, Sealed
from core.kernel.signing import Ed25519Signer
from core.kernel.work import Work
from tests.builders import prequalification
from tests.builders.people import Person
from tests.builders.trading import Tender
from trading import jobs_opening
from trading.queries import calls
from trading.queries import openings as opening_queries
from trading.queries.hall_views import HallView
from trading.services import applications, bids, decryption, halls, lots, openings, records, releases
from trading.services.sealings import SealPart

OFFICES = ("tenderer", "centre", "supervisor")


@dataclass(frozen=True)
class Envelope:
    """What a bidder's machine holds of one sealed envelope."""

    env: str
    sealed: Sealed
    ciphertext: bytes
    plain: bytes

    @property
    def bid_pub(self) -> str:
        """The single-use public key."""
        return str(self.sealed.body["bid_pub"])


def pack(bid: Mapping[str, JSON], files: Mapping[str, bytes], folder: Path) -> bytes:
    """The plaintext of an envelope."""
    paths = {}
    for name, content in files.items():
        path = folder / sha256(name.encode()).hex()
        path.write_bytes(content)
        paths[name] = path
    target = io.BytesIO()
    parcel.pack_envelope(bid, paths, target)
    return target.getvalue()


def posted(parts: Sequence[SealPart]) -> dict[str, Any]:
    """The one POST as JSON."""
    return {
        "seals": [
            {
                "envelope": part.request.envelope.to_json(),
                "upload": str(part.upload),
                "bidder_box": b64(part.bidder_box),
                "share_boxes": [{"role": office, "box": b64(box)} for office, box in part.share_boxes],
            }
            for part in parts
        ]
    }


@dataclass
class Hall:
    """A lot that takes bids, its bidders, and the officers who hold the shares."""

    tender: Tender
    folder: Path
    files: FileStore
    officers: Mapping[str, Person]
    log: log.Log
    kept: dict[tuple[OrgId, int, str], Envelope] = field(default_factory=dict)
    purpose: Purpose = Purpose.BID

    @property
    def number(self) -> str:
        """The lot's number."""
        return self.tender.number

    def perform(self, who: Person | None, use_case: Callable[[Work], Any]) -> Any:
        """Performs as somebody, or as the platform."""
        return self.tender.door.perform(who.actor if who else SYSTEM_ACTOR, use_case)

    # What it takes in: bids, or applications

    @property
    def envs(self) -> list[str]:
        """The envelopes of one version."""
        return [entry.env for entry in self.call.envelopes]

    @property
    def call(self) -> calls.Call:
        """What is taken in, and until when."""
        lot, now = self.tender.lot, self.tender.now
        return self.tender.door.read(lambda session: calls.call(session, lot, self.purpose, now))

    @property
    def deadline(self) -> datetime:
        """When it ends."""
        deadline = self.call.deadline
        assert deadline is not None
        return deadline

    # Sealing

    def place(self, bidder: Person, env: str, ver: int) -> Place:
        """Where an envelope belongs."""
        return Place(self.tender.case, self.tender.no, env, ver, str(bidder.org), purpose=self.purpose)

    def recipients(self) -> dict[str, list[str]]:
        """The offices' keys."""
        return {office: [officer.identity.recipient] for office, officer in self.officers.items()}

    def make(
        self,
        bidder: Person,
        env: str,
        ver: int = 1,
        *,
        price: str = "130000000.00",
        escrow: bool = True,
        plain: bytes = b"",
        particulars: Mapping[str, JSON] | None = None,
    ) -> Envelope:
        """Seals one envelope in memory; `plain` replaces the packed ZIP, `particulars` are members of `bid.json` that are not read out."""
        bid: dict[str, JSON] = {"price": price} if env == "commercial" else {"items": {"工期": "540 日历天", "质量": "合格"}}
        bid |= particulars or {}
        plain = plain or pack(bid, {f"{env}.pdf": f"%PDF-1.7 {bidder.org_name} {env} {ver}".encode()}, self.folder)
        target = io.BytesIO()
        sealed = sealing.seal(
            io.BytesIO(plain),
            target,
            self.place(bidder, env, ver),
            offices=self.recipients() if escrow else {},
            bidder=[bidder.identity.recipient],
            client_build="test",
        )
        return Envelope(env, sealed, target.getvalue(), plain)

    def upload(self, bidder: Person, content: bytes, complete: bool = True) -> UUID:
        """Has a ciphertext come in through an upload of that person's."""
        stored = self.files.put(content)

        def come_in(work: Work) -> UUID:
            begun = uploads.create(work, bidder.person, len(content))
            work.session.flush()
            if complete:
                uploads.acknowledge(work, begun.id, bidder.person, before=0, after=len(content), sha256=stored.sha256)
            return begun.id

        uploaded: UUID = self.perform(bidder, come_in)
        return uploaded

    def parts(self, bidder: Person, envelopes: Sequence[Envelope], **changes: Any) -> list[SealPart]:
        """Statements, uploads and boxes; `changes` go into every seal body. The second statement follows the first."""
        prev, made = bidder.prev(self.tender.case), []
        for envelope in envelopes:
            request = bidder.act("seal", self.tender.case, self.tender.no, body=dict(envelope.sealed.body) | changes, prev=prev)
            prev = sha256(request.envelope.payload).hex()
            boxes = tuple((share.role, share.box) for share in envelope.sealed.shares)
            upload = self.upload(bidder, envelope.ciphertext)
            made.append(SealPart(request, upload, envelope.ciphertext[:200], envelope.sealed.box, boxes))
        return made

    def make_version(self, bidder: Person, ver: int = 1, **options: Any) -> list[Envelope]:
        """All envelopes of one version."""
        return [self.make(bidder, env, ver, **options) for env in self.envs]

    def hand_in(self, bidder: Person, parts: Sequence[SealPart]) -> dict[str, Any]:
        """The one POST."""
        at = self.tender.now
        answer: dict[str, Any] = self.perform(bidder, lambda work: bids.seal(work, self.number, parts, at, self.purpose))
        return answer

    def seal(self, bidder: Person, ver: int = 1, **options: Any) -> dict[str, Any]:
        """Makes and hands in a version; keeps what the bidder's machine keeps."""
        envelopes = self.make_version(bidder, ver, **options)
        answer = self.hand_in(bidder, self.parts(bidder, envelopes))
        self.kept |= {(bidder.org, ver, envelope.env): envelope for envelope in envelopes}
        return answer

    def withdraw(self, bidder: Person, answer: Mapping[str, Any]) -> dict[str, Any]:
        """Withdraws the version that an answer is about."""
        body: dict[str, JSON] = {"ver": answer["ver"], "seals": sorted(receipt["seal_sha256"] for receipt in answer["receipts"])}
        request = bidder.act("withdraw", self.tender.case, self.tender.no, body=body, step_up=True)
        done: dict[str, Any] = self.perform(bidder, lambda work: bids.withdraw(work, self.number, request, self.purpose))
        return done

    # The hall

    def close(self) -> Any:
        """The deadline comes."""
        self.tender.jump(self.deadline)
        return self.step_close()

    def step_close(self) -> Any:
        """The clock looks whether it has come."""
        return self.tender.step(openings.close_bidding if self.purpose is Purpose.BID else applications.close)

    def grow(self) -> None:
        """What has happened is logged under a checkpoint."""
        self.log.grow(self.tender.door)

    def view(self, who: Person | None = None, part: str = "", round_: int | None = None) -> HallView:
        """The hall as somebody sees it."""
        actor, now = (who.actor if who else SYSTEM_ACTOR), self.tender.now
        return self.tender.door.read(lambda session: opening_queries.hall(session, actor, self.number, now, part, round_=round_))

    def act(self, verb: Callable[..., Any], who: Person, kind: str, body: Mapping[str, JSON], **how: Any) -> Any:
        """Signs and performs one act in the hall."""
        request = who.act(kind, self.tender.case, self.tender.no, body=body, **how)
        return self.perform(who, lambda work: verb(work, self.number, request))

    def sign_in(self, *bidders: Person) -> None:
        """Bidders come."""
        for bidder in bidders:
            self.act(halls.sign_in, bidder, "opening.sign_in", {})

    def start(self) -> Any:
        """The host starts."""
        close = self.view(self.tender.centre).close_sha256
        return self.act(halls.start, self.tender.centre, "opening.start", {"close_sha256": close}, step_up=True)

    def confirm(self) -> Any:
        """The host confirms who is there."""
        present: list[JSON] = [str(org) for org in self.view(self.tender.centre).present]
        return self.act(halls.confirm_identity, self.tender.centre, "opening.identity", {"present": present})

    def release_request(self, bidder: Person, env: str, ver: int = 1, round_: int = 0, **changes: Any) -> SignedRequest:
        """A release as the bidder's machine signs it, from its own box."""
        kept = self.kept[bidder.org, ver, env]
        secret = sealing.open_bidder_box(kept.sealed.box, bidder.identity, kept.bid_pub)
        body: dict[str, Any] = {"env": env, "ver": ver, "bid_pub": kept.bid_pub, "method": "bidder", "secret": secret.secret} | changes
        return bidder.act("release", self.tender.case, self.tender.no, round_, body)

    def release(self, bidder: Person, env: str = "technical", ver: int = 1, round_: int = 0, **changes: Any) -> Any:
        """A bidder releases a key."""
        request = self.release_request(bidder, env, ver, round_, **changes)
        return self.perform(bidder, lambda work: releases.release(work, self.number, request))

    def share_request(
        self, office: str, bidder: Person, env: str = "technical", *, ver: int = 1, round_: int = 0, share: bytes = b""
    ) -> SignedRequest:
        """A share as an office's tool signs it, from its box."""
        kept, officer = self.kept[bidder.org, ver, env], self.officers[office]
        body = sealing.read_seal_body(kept.sealed.body)
        box = next(box for box in kept.sealed.shares if box.role == office).box
        place = self.place(bidder, env, ver)
        share = share or sealing.open_share_box(box, officer.identity, place, kept.bid_pub, body.share(office))
        said = sealing.share_release_body(kept.bid_pub, office, share)
        return officer.act("share-release", self.tender.case, self.tender.no, round_, said)

    def rescue(self, office: str, bidder: Person, env: str = "technical", **options: Any) -> Any:
        """An office releases its share."""
        request = self.share_request(office, bidder, env, **options)
        return self.perform(self.officers[office], lambda work: releases.release_share(work, request))

    def opening_id(self, round_: int = 0) -> UUID:
        """The opening's row."""
        return self.tender.door.read(lambda session: opening_queries.opening_id(session, self.tender.lot.id, round_))

    def begin_batch(self, round_: int = 0) -> None:
        """The clock looks whether the keys are settled."""
        opening = self.opening_id(round_)
        self.perform(None, lambda work: releases.begin_batch(work, opening))

    def run_batch(self, round_: int = 0) -> None:
        """What the outbox would run."""
        decryption.Batch(self.files).run(self.tender.door, {"opening_id": str(self.opening_id(round_))})

    def batch(self, round_: int = 0) -> HallView:
        """The keys are settled and the batch runs."""
        self.begin_batch(round_)
        self.run_batch(round_)
        return self.view(round_=round_)

    def deliver(self) -> int:
        """Delivers the outbox, the batch and the log with it."""
        return outbox.deliver(self.tender.door, {**jobs_opening.subscriptions(self.files), **self.log.subscriptions()})

    def after_window(self) -> None:
        """The bidders' own window is over."""
        self.tender.jump(self.until("release_until") + timedelta(milliseconds=1))

    def after_rescue(self) -> None:
        """The rescue's window is over too."""
        self.tender.jump(self.until("rescue_until") + timedelta(milliseconds=1))

    def until(self, name: str) -> datetime:
        """One of the opening's moments."""
        moment: datetime = getattr(self.view(), name)
        return moment

    def decrypting(self, *bidders: Person) -> Hall:
        """Closed, logged, signed in, started and confirmed: keys may be released."""
        self.close()
        self.grow()
        self.sign_in(*bidders)
        self.start()
        self.confirm()
        return self

    def read_out(self, round_: int = 0) -> Any:
        """The host has read everything out."""
        opened: list[JSON] = list(self.view(self.tender.centre, round_=round_).opened)
        return self.act(halls.finish_read_out, self.tender.centre, "opening.read_out", {"opened": opened}, round=round_)

    def draw_up(self, round_: int = 0) -> Any:
        """The record is drawn up and typeset, when the objections are over."""
        self.tender.step(records.draw_up_record, round_)
        records.Typesetting(self.files).run(self.tender.door, {"opening_id": str(self.opening_id(round_))})
        return self.view(round_=round_).state

    def find(self, kind: str, subject: str | None = None) -> list[chain.StoredEvent]:
        """Events of the case."""
        return self.tender.door.read(lambda session: chain.find(session, self.tender.case, kind, subject))


def hall(tender_: Tender, folder: Path, **changes: Any) -> Hall:
    """A lot that takes bids; `changes` go into its tender document."""
    tender_.registered()
    tender_.fix_plan()
    tender_.publish_document(**changes)
    tender_.publish_notice()
    release_at = tender_.lot.release_at
    assert release_at is not None
    tender_.jump(release_at)
    tender_.step(lots.open_bidding)
    return hall_of(tender_, folder)


def hall_of(tender_: Tender, folder: Path) -> Hall:
    """A lot that takes bids already."""
    return _hall(tender_, folder, Purpose.BID)


def applying(tender_: Tender, folder: Path, **changes: Any) -> Hall:
    """A lot whose round takes applications; `changes` go into its prequalification document."""
    return _hall(prequalification.released(tender_, **changes), folder, Purpose.APPLICATION)


def _hall(tender_: Tender, folder: Path, purpose: Purpose) -> Hall:
    files = FileStore(folder / "files")
    names = {"tenderer": tender_.tenderer.org_name, "centre": tender_.centre.org_name, "supervisor": tender_.supervisor.org_name}
    officers = {office: tender_.crowd.join(Role.OFFICER, names[office], office=office) for office in OFFICES}
    return Hall(tender_, folder, files, officers, fresh_log(), purpose=purpose)


def fresh_log() -> log.Log:
    """The log of a test's world."""
    return log.Log("test/log", Ed25519Signer.from_seed(bytes(32)))
