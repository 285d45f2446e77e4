"""The review of a round, made through the services: applications opened, sheets signed, the result told; then the tender by who passed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from core.kernel.ids import OrgId
from core.kernel.jcs import JSON
from tests.builders import prequalification as made
from tests.builders.bids import Hall, applying
from tests.builders.people import Person
from tests.builders.trading import Tender
from trading.domain.application import ROUND
from trading.queries import openings
from trading.queries import prequalification_reviews as queries
from trading.services import applications, prequalification_reviews

Against = Mapping[OrgId, Mapping[str, str]]
"""Whom a reviewer finds wanting: organisation → criterion → why."""


@dataclass
class Review:
    """A round whose applications are open."""

    hall: Hall
    pool: list[Person] = field(default_factory=list)

    @property
    def tender(self) -> Tender:
        """Its world."""
        return self.hall.tender

    @property
    def applicants(self) -> list[OrgId]:
        """Who applied, and was opened."""
        found = self.tender.door.read(lambda session: queries.applicants(session, self.tender.lot_id))
        return [one.org for one in found if one.opened]

    @property
    def reviewers(self) -> list[Person]:
        """Who signs a sheet."""
        return [*self.pool, self.tender.tenderer]

    def sheet(self, against: Against | None = None) -> dict[str, Any]:
        """A sheet that finds everything met but what is said."""
        rows = []
        for org in self.applicants:
            reasons = (against or {}).get(org, {})
            items = [
                {"criterion": one["id"], "passed": one["id"] not in reasons, "reason": reasons.get(one["id"], "")} for one in made.CRITERIA
            ]
            rows.append({"org": str(org), "items": items})
        return {"findings": rows}

    def sign(self, who: Person, against: Against | None = None, **changes: Any) -> dict[str, JSON]:
        """A reviewer signs the own sheet."""
        body = self.sheet(against) | changes
        request = who.act("prequalification.review", self.tender.case, self.tender.no, body=body, step_up=True)
        return self.tender.door.perform(who.actor, lambda work: prequalification_reviews.review(work, self.tender.number, request))

    def sign_all(self, against: Against | None = None) -> Review:
        """All of them sign, of one mind."""
        for who in self.reviewers:
            self.sign(who, against)
        return self

    def result_body(self, **changes: Any) -> dict[str, Any]:
        """What the tenderer signs."""
        world = self.tender
        found = world.door.read(lambda session: queries.counted(session, world.number, world.tenderer.actor))
        return {"results": [one.to_json() for one in found]} | changes

    def conclude(self, by: Person | None = None, **changes: Any) -> dict[str, JSON]:
        """The tenderer signs the result."""
        who, world = by or self.tender.tenderer, self.tender
        request = who.act("prequalification.conclude", world.case, world.no, body=self.result_body(**changes), step_up=True)
        return world.door.perform(who.actor, lambda work: prequalification_reviews.conclude(work, world.number, request))

    def noticed(self) -> Tender:
        """The tender notice goes out, to who passed."""
        world = self.tender
        world.fix_plan()
        world.publish_document()
        world.notice = {"prequalification": {"result_sha256": made.round_of(world).result_sha256}}
        world.publish_notice()
        return world


def open_all(room: Hall, firms: Sequence[Person], settle: Callable[[], object] | None = None) -> None:
    """The deadline comes, two offices release their shares, and these applications are opened; `settle` has the list witnessed."""
    room.close()
    (settle or room.grow)()
    world = room.tender
    digest = world.door.read(lambda session: openings.close_sha256(session, world.lot, "application.close"))
    room.act(applications.start, world.centre, "application.open", {"close_sha256": digest}, step_up=True, round=ROUND)
    for firm in firms:
        for office in ("tenderer", "supervisor"):
            room.rescue(office, firm, "application", round_=ROUND)
    room.begin_batch(ROUND)
    room.run_batch(ROUND)


def opened(world: Tender, folder: Path, count: int = 4, **changes: Any) -> Review:
    """So many firms have applied, a committee of four experts and one of the tenderer's people stands, all is open."""
    room = applying(world, folder, **changes)
    world.join_bidders(count + 1)
    for firm in world.bidders[:count]:
        room.seal(firm)
    pool = made.experts(world) if made.round_of(world).reviewers.value == "committee" else []
    if pool:
        made.name_committee(world, pool)
    open_all(room, world.bidders[:count])
    return Review(room, pool)
