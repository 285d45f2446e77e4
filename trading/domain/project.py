"""A tender project (招标项目): its states, its registration, and when its case may be closed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum

from core.kernel.actor import Actor
from core.kernel.body import Body
from core.kernel.errors import Refusal, RuleBroken, WrongState
from core.kernel.ids import OrgId
from core.kernel.moves import Move, Moves, at
from core.kernel.roles import Role
from trading.domain.clock import LegalRegime
from trading.domain.lot import ENDED, LotState


class ProjectState(Enum):
    """The life of a project: a number, a draft signed by the agency, the tenderer's word, the closed case."""

    NUMBERED = "numbered"  # no row yet: the number is all there is
    DRAFTED = "drafted"
    REGISTERED = "registered"
    CLOSING = "closing"  # one of the two signatures under the close is there
    CLOSED = "closed"
    DRILL = "drill"  # invented for a drill: it is neither registered nor closed


class ProjectAction(Enum):
    """What moves a project along."""

    REGISTER = "register"
    COUNTERSIGN = "countersign"
    PROPOSE_CLOSE = "propose_close"
    CLOSE = "close"


class Category(Enum):
    """What is bought."""

    CONSTRUCTION = "construction"
    GOODS = "goods"
    SERVICES = "services"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectFacts:
    """What the rules of a project look at."""

    lots: tuple[LotState, ...] = ()
    registration_matches: bool = True  # the countersigner signed the digest of the registration that is on file
    remedies_open: bool = False  # an objection or complaint waits for its answer or decision
    close_matches: bool = True  # the second signature is under the very statement that the first one proposed, and nothing happened since
    recordings_go_on: bool = False  # a seat of one of its rooms is still recorded


def _registration_seen(facts: ProjectFacts) -> Refusal | None:
    return None if facts.registration_matches else RuleBroken("project.registration_other")


def have_ended(lots: Collection[LotState]) -> bool:
    """Whether nothing more will come of any lot: only then may the case's events be counted, since bids are among them."""
    return bool(lots) and all(state in ENDED for state in lots)


def _close_seen(facts: ProjectFacts) -> Refusal | None:
    """The lots come first: while one takes bids, a wrong count and the right one must be answered alike."""
    if not have_ended(facts.lots):
        return WrongState("project.close.lots_open")
    if facts.remedies_open:
        return WrongState("project.close.remedies_open")
    if facts.recordings_go_on:
        return WrongState("project.close.recordings_go_on")
    return None if facts.close_matches else RuleBroken("project.close.other_statement")


MOVES: Moves[ProjectAction, ProjectState, Role, ProjectFacts] = Moves(
    "project",
    (
        Move(ProjectAction.REGISTER, at(ProjectState.NUMBERED), ProjectState.DRAFTED, frozenset({Role.AGENCY})),
        Move(ProjectAction.COUNTERSIGN, at(ProjectState.DRAFTED), ProjectState.REGISTERED, frozenset({Role.TENDERER}), _registration_seen),
        Move(
            ProjectAction.PROPOSE_CLOSE,
            at(ProjectState.REGISTERED, ProjectState.CLOSING),  # the centre may propose anew
            ProjectState.CLOSING,
            frozenset({Role.CENTRE}),
            _close_seen,
        ),
        Move(ProjectAction.CLOSE, at(ProjectState.CLOSING), ProjectState.CLOSED, frozenset({Role.SUPERVISOR}), _close_seen),
    ),
)


def roles_of(actor: Actor, tenderer: OrgId, agency: OrgId) -> frozenset[Role]:
    """The roles of an actor towards this project: tenderer and agency of their own alone, centre and supervisor of every one."""
    orgs = {Role.TENDERER: tenderer, Role.AGENCY: agency}
    mine = frozenset(role for role, org in orgs.items() if org == actor.org)
    return actor.roles & (mine | {Role.CENTRE, Role.SUPERVISOR, Role.SYSTEM})


@dataclass(frozen=True, slots=True)
class Party:
    """An organisation as a signed statement names it."""

    org: OrgId
    name: str


@dataclass(frozen=True, slots=True)
class PlannedLot:
    """A lot as the registration announces it. `predecessor`: the number of the lot that is tendered again by it; a member only then."""

    no: str
    title: str
    predecessor: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """The signed body of `project.register`. `estimate_fen`: estimated contract price (招标项目估算价), the base of the deposit's 2 %.
    `plan`: the number of the tender plan that it comes of; a member only where there is one."""

    title: str
    regime: LegalRegime
    category: Category
    region: str
    legally_mandatory: bool
    tenderer: Party
    agency: Party
    approval: str
    funding: str
    estimate_fen: int
    lots: tuple[PlannedLot, ...]
    plan: str = ""

    @classmethod
    def read(cls, signed: Mapping[str, object]) -> Registration:
        """Of a signed body; raises RuleBroken `body.malformed` naming the member, or the rule that the registration breaks."""
        body = Body(signed)
        read = cls(
            title=body.text("title", 200),
            regime=body.choice("regime", LegalRegime),
            category=body.choice("category", Category),
            region=body.text("region", 60),
            legally_mandatory=body.flag("legally_mandatory"),
            tenderer=_party(body.part("tenderer")),
            agency=_party(body.part("agency")),
            approval=body.text("approval", 200),
            funding=body.text("funding", 200),
            estimate_fen=body.count("estimate_fen", least=1),
            lots=tuple(_planned(lot) for lot in body.objects("lots", least=1, most=99)),
            plan=body.text("plan", 20) if body.has("plan") else "",
        )
        body.done()
        _check(read)
        return read


def _party(body: Body) -> Party:
    party = Party(OrgId(body.uuid("org")), body.text("name", 200))
    body.done()
    return party


def _planned(body: Body) -> PlannedLot:
    predecessor = body.text("predecessor", 24) if body.has("predecessor") else ""
    lot = PlannedLot(body.text("no", 3), body.text("title", 200), predecessor)
    body.done()
    return lot


def _check(read: Registration) -> None:
    if read.tenderer.org == read.agency.org:
        raise RuleBroken("project.agency_is_tenderer", "招标投标法实施条例第十三条")
    if _numbers(read.lots) != [str(n) for n in range(1, len(read.lots) + 1)]:
        raise RuleBroken("project.lots_misnumbered")
    predecessors = [lot.predecessor for lot in read.lots if lot.predecessor]
    if len(set(predecessors)) < len(predecessors):
        raise RuleBroken("retender.named_twice")


def _numbers(lots: Iterable[PlannedLot]) -> list[str]:
    return [lot.no for lot in lots]


def lot_number(project_number: str, no: str) -> str:
    """The sayable number of a lot: `T2026-000001-1`."""
    return f"{project_number}-{no}"
