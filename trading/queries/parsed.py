"""What was read in the files of opened bids: text by page, metadata, and what is odd; and which files still wait for it."""

from __future__ import annotations

import json
import zlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import cast
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.kernel.errors import NotFound
from core.kernel.ids import LotId, OrgId
from core.kernel.jcs import JSON
from core.kernel.parsing.parsed import Kind, Oddity, ParsedFile
from core.kernel.roles import Role
from trading.models.bid import Bid, BidEnvelope
from trading.models.opening import OpenedFile
from trading.models.parsed import ParsedFileRow


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A file of a bid with what was read in it; `parser` is the version of the rules."""

    org: OrgId
    org_name: str
    env: str
    name: str
    sha256: str
    size: int
    parsed: ParsedFile
    parser: str


def files_of(session: Session, lot_id: LotId, envs: Collection[str] = ()) -> tuple[ReadFile, ...]:
    """Every file of the lot's opened envelopes that has been read, with its text; `envs` narrows it to these envelopes.

    Ordered by organisation, envelope and name. A file that still waits to be read is not among them: see `waiting`.
    """
    query = (
        select(ParsedFileRow, OpenedFile, BidEnvelope.env, Bid.org_id, Bid.org_name)
        .join(OpenedFile, OpenedFile.id == ParsedFileRow.file_id)
        .join(BidEnvelope, BidEnvelope.id == OpenedFile.envelope_id)
        .join(Bid, Bid.id == BidEnvelope.bid_id)
        .where(Bid.lot_id == lot_id)
        .order_by(Bid.org_id, BidEnvelope.env, OpenedFile.name)
    )
    if envs:
        query = query.where(BidEnvelope.env.in_(envs))
    return tuple(
        ReadFile(OrgId(org), name, env, file.name, file.sha256, file.size, parsed_of(row), row.parser)
        for row, file, env, org, name in session.execute(query)
    )


def parsed_of(row: ParsedFileRow) -> ParsedFile:
    """The value that a row keeps."""
    pages = cast("list[str]", json.loads(zlib.decompress(row.pages)))
    oddities = tuple(Oddity(one) for one in cast("list[str]", row.oddities))
    return ParsedFile(Kind(row.kind), oddities, cast("dict[str, str]", row.facts), tuple(pages), row.is_cut)


def waiting(session: Session, lot_id: LotId) -> int:
    """How many files of the lot's opened bids have not been read yet."""
    query = (
        select(OpenedFile.id)
        .join(BidEnvelope, BidEnvelope.id == OpenedFile.envelope_id)
        .outerjoin(ParsedFileRow, ParsedFileRow.file_id == OpenedFile.id)
        .join(Bid, Bid.id == BidEnvelope.bid_id)
        .where(Bid.lot_id == lot_id, ParsedFileRow.file_id.is_(None))
    )
    return len(session.scalars(query).all())


def oddities_of(session: Session, digests: Collection[str]) -> Mapping[str, tuple[Oddity, ...]]:
    """What is odd about files, by their digests; a sound or unread one is not among them."""
    query = select(OpenedFile.sha256, ParsedFileRow.oddities).join(ParsedFileRow, ParsedFileRow.file_id == OpenedFile.id)
    found = session.execute(query.where(OpenedFile.sha256.in_(digests)))
    return {sha256: tuple(Oddity(one) for one in cast("list[str]", odd)) for sha256, odd in found if odd}


@dataclass(frozen=True, slots=True)
class OddFile:
    """A file that is odd, as the hall shows it to those concerned; `own` is the caller's."""

    org_name: str
    env: str
    name: str
    sha256: str
    size: int
    oddities: tuple[Oddity, ...]
    own: bool

    def to_json(self) -> dict[str, JSON]:
        """As the API tells it."""
        odd: list[JSON] = [oddity.value for oddity in self.oddities]
        return {"bidder": self.org_name, "env": self.env, "name": self.name, "sha256": self.sha256, "size": self.size, "oddities": odd}


WATCHING = frozenset({Role.CENTRE, Role.SUPERVISOR, Role.TENDERER, Role.AGENCY})


def odd_files(session: Session, lot_id: UUID, env: str, own: OrgId | None, roles: Collection[Role]) -> tuple[OddFile, ...]:
    """The odd files of one kind of envelope: all of them for those who run and watch the opening, the own for a bidder."""
    if own is None and not WATCHING & set(roles):
        return ()
    query = (
        select(ParsedFileRow.oddities, OpenedFile, Bid.org_id, Bid.org_name)
        .join(OpenedFile, OpenedFile.id == ParsedFileRow.file_id)
        .join(BidEnvelope, BidEnvelope.id == OpenedFile.envelope_id)
        .join(Bid, Bid.id == BidEnvelope.bid_id)
        .where(Bid.lot_id == lot_id, BidEnvelope.env == env)
        .order_by(Bid.org_name, OpenedFile.name)
    )
    if not WATCHING & set(roles):
        query = query.where(Bid.org_id == own)
    found = [(cast("list[str]", odd), file, org, name) for odd, file, org, name in session.execute(query) if odd]
    return tuple(
        OddFile(name, env, file.name, file.sha256, file.size, tuple(Oddity(one) for one in odd), org == own)
        for odd, file, org, name in found
    )


def own_file(session: Session, lot_id: UUID, own: OrgId | None, sha256: str) -> str:
    """The name of a file of the caller's own opened bid; raises NotFound."""
    query = (
        select(OpenedFile.name)
        .join(BidEnvelope, BidEnvelope.id == OpenedFile.envelope_id)
        .join(Bid, Bid.id == BidEnvelope.bid_id)
        .where(Bid.lot_id == lot_id, Bid.org_id == own, OpenedFile.sha256 == sha256)
    )
    name = session.scalar(query.limit(1))
    if name is None:
        raise NotFound("opening.file.not_found")
    return name


@dataclass(frozen=True, slots=True)
class Unread:
    """An opened file that is to be read."""

    id: UUID
    name: str
    sha256: str


def unread(session: Session, file_id: UUID) -> Unread | None:
    """The file, None once it has been read."""
    if session.get(ParsedFileRow, file_id) is not None:
        return None
    file = session.get_one(OpenedFile, file_id)
    return Unread(file.id, file.name, file.sha256)
