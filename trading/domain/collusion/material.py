"""What the rules look at: the opened bids of one round, the tender document's words, and nothing from before the opening."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any, TypeVar

from core.kernel.jcs import JSON
from trading.domain.collusion.particulars import Particulars

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Document:
    """A file of a bid or of the tender document: hex SHA-256, name, the text of its pages, and the metadata that its maker left in it."""

    sha256: str
    name: str
    pages: tuple[str, ...] = ()
    metadata: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, said: Mapping[str, Any]) -> Document:
        """From the JSON that `to_json` makes."""
        return cls(str(said["sha256"]), str(said["name"]), tuple(said["pages"]), dict(said["metadata"]))

    def to_json(self) -> dict[str, JSON]:
        """As JSON."""
        return {"sha256": self.sha256, "name": self.name, "pages": list(self.pages), "metadata": dict(self.metadata)}


@dataclass(frozen=True, slots=True)
class BidMaterial:
    """One opened bid. `price` in fen, None while its envelope is shut or without one. `payers` are the accounts that paid the deposit,
    `signers` the ids of the people who signed seals of this bid."""

    org: str
    documents: tuple[Document, ...] = ()
    particulars: Particulars = field(default_factory=Particulars)
    price: int | None = None
    payers: tuple[str, ...] = ()
    signers: tuple[str, ...] = ()

    @classmethod
    def read(cls, said: Mapping[str, Any]) -> BidMaterial:
        """From the JSON that `to_json` makes."""
        documents = tuple(Document.read(one) for one in said["documents"])
        particulars = Particulars.read(said["particulars"])
        return cls(str(said["org"]), documents, particulars, said["price"], tuple(said["payers"]), tuple(said["signers"]))

    def to_json(self) -> dict[str, JSON]:
        """As JSON."""
        return {
            "org": self.org,
            "documents": [one.to_json() for one in self.documents],
            "particulars": self.particulars.to_json(),
            "price": self.price,
            "payers": list(self.payers),
            "signers": list(self.signers),
        }


@dataclass(frozen=True, slots=True)
class Material:
    """Everything about one round. `ceiling` is the price ceiling in fen, None without one."""

    bids: tuple[BidMaterial, ...]
    tender: tuple[Document, ...] = ()
    ceiling: int | None = None

    @classmethod
    def read(cls, said: Mapping[str, Any]) -> Material:
        """From the JSON that `to_json` makes."""
        bids = tuple(BidMaterial.read(one) for one in said["bids"])
        return cls(bids, tuple(Document.read(one) for one in said["tender"]), said["ceiling"])

    def to_json(self) -> dict[str, JSON]:
        """As JSON."""
        return {
            "bids": [one.to_json() for one in self.bids],
            "tender": [one.to_json() for one in self.tender],
            "ceiling": self.ceiling,
        }


def sharing(held: Iterable[tuple[str, T]]) -> Iterator[tuple[T, tuple[str, ...]]]:
    """Each value that more than one bidder has, with those bidders sorted; `held` are pairs of bidder and value."""
    by_value: dict[T, set[str]] = {}
    for org, value in held:
        by_value.setdefault(value, set()).add(org)
    for value, orgs in by_value.items():
        if len(orgs) > 1:
            yield value, tuple(sorted(orgs))


def pairs(bids: Iterable[BidMaterial]) -> Iterator[tuple[BidMaterial, BidMaterial]]:
    """Every two bids, the smaller organisation id first."""
    return combinations(sorted(bids, key=lambda bid: bid.org), 2)
