"""What an evidence package holds of keys that another authority vouches for: paths, answers, and the entries of the platform's chain."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy.orm import Session

from app.verify.authorities import FOLDER, PAPERS
from core.identity.queries import anchors
from core.identity.queries.anchors import Vouched
from core.kernel import jcs
from core.kernel.chain import StoredEvent
from core.kernel.ids import KeyId
from core.kernel.jcs import JSON


def gather(session: Session, keys: Sequence[KeyId]) -> list[Vouched]:
    """Those of the keys that are vouched for."""
    return [found for key in keys if (found := anchors.vouched(session, key)) is not None]


def entries(vouched: Sequence[Vouched]) -> list[StoredEvent]:
    """The entries of the platform's chain about them, each once."""
    return list({event.case_seq: event for one in vouched for event in one.events}.values())


def members(session: Session, vouched: Sequence[Vouched]) -> Iterator[tuple[str, bytes]]:
    """A member for each key, and one for each answer."""
    papers: dict[str, bytes] = {}
    for one in vouched:
        listed: list[JSON] = [{"place": kept.place, "source": kept.source, "sha256": kept.sha256} for kept in one.papers]
        yield f"{FOLDER}{one.key_id}.json", jcs.canonical({"chain": list(one.chain), "papers": listed})
        papers |= {kept.sha256: anchors.paper(session, kept.sha256) for kept in one.papers if kept.sha256 not in papers}
    yield from ((f"{PAPERS}{sha}", content) for sha, content in sorted(papers.items()))
