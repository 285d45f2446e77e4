"""Who sits in the award committee: the tenderer's list under the plan, members drawn from it, and successors of those who leave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from core.kernel.errors import RuleBroken
from core.kernel.ids import PersonId
from core.kernel.jcs import JSON
from evaluation.domain.award_methods import Lots
from evaluation.domain.body import Body
from trading.domain.award_plan import AwardPlan, Selection

STRATUM = "award"


@dataclass(frozen=True, slots=True)
class OpenBody:
    """The signed body of `award.open`: the plan's digest, and who may sit in which post."""

    plan_sha256: str
    members: Mapping[PersonId, str]

    @classmethod
    def read(cls, body: object) -> OpenBody:
        """Raises RuleBroken `evaluation.body` with the place of the fault."""
        fields = Body(body, "plan_sha256", "members")
        named = fields.texts("members", 60)
        return cls(fields.text("plan_sha256", 64, 64), {_person(one, "members"): post for one, post in sorted(named.items())})


@dataclass(frozen=True, slots=True)
class ReplaceBody:
    """The signed body of `award.replace`: who leaves (None: the seat is empty already), who comes in which post (None: nobody), and why."""

    member: PersonId | None
    successor: PersonId | None
    post: str
    reason: str

    @classmethod
    def read(cls, body: object) -> ReplaceBody:
        """Raises RuleBroken `evaluation.body` with the place of the fault."""
        fields = Body(body, "member", "successor", "post", "reason")
        leaves, comes = fields.text("member", 36), fields.text("successor", 36)
        return cls(
            _person(leaves, "member") if leaves else None,
            _person(comes, "successor") if comes else None,
            fields.text("post", 60).strip(),
            fields.text("reason", 500, 2).strip(),
        )


def _person(said: str, name: str) -> PersonId:
    try:
        return PersonId(UUID(said))
    except ValueError:
        raise RuleBroken("evaluation.body", field=f"body.{name}") from None


@dataclass(frozen=True, slots=True)
class Roster:
    """What must hold of the list; `employed` are those who hold the role in the tenderer's organisation, `evaluators` the experts."""

    members: Mapping[PersonId, str]
    employed: frozenset[PersonId]
    evaluators: frozenset[PersonId]


def check_roster(plan: AwardPlan, roster: Roster) -> None:
    """Raises RuleBroken unless the list fits the plan that was fixed before the notice: how many, who employs them, in which posts, with
    one chair where the plan has one, and none of them of the evaluation committee. A list to draw from is longer than the committee."""
    count = len(roster.members)
    drawn = plan.selection is Selection.DRAWN
    if count <= plan.members if drawn else count != plan.members:
        raise RuleBroken("award.list_too_short" if drawn else "award.members_differ", wanted=plan.members, given=count)
    if not set(roster.members) <= roster.employed:
        raise RuleBroken("award.not_a_member")
    if set(roster.members) & roster.evaluators:
        raise RuleBroken("award.evaluated_before")
    for post in roster.members.values():
        check_post(plan, post)
    if plan.chair_post and list(roster.members.values()).count(plan.chair_post) != 1:
        raise RuleBroken("award.one_chair", post=plan.chair_post)


def check_post(plan: AwardPlan, post: str) -> None:
    """Raises RuleBroken for a post that the plan does not let sit; a plan without a list of posts lets any."""
    if plan.posts and post not in plan.posts:
        raise RuleBroken("award.post_unfit", post=post)


@dataclass(frozen=True, slots=True)
class Vacancy:
    """A seat to fill: the post that was left, who has sat in this session, and in `order` who follows where members are drawn."""

    post: str
    sat: frozenset[PersonId]
    order: Sequence[str] = ()


def check_successor(plan: AwardPlan, comes: PersonId, post: str, vacancy: Vacancy, roster: Roster) -> None:
    """Raises RuleBroken unless who comes is employed by the tenderer, never sat here, was no expert, and takes a post that may sit: the
    chair's where the chair leaves, never it otherwise. For a drawn seat it is the next in line, with the post on the list."""
    if comes in vacancy.sat:
        raise RuleBroken("award.replace.sat_before")
    if comes not in roster.employed:
        raise RuleBroken("award.not_a_member")
    if comes in roster.evaluators:
        raise RuleBroken("award.evaluated_before")
    check_post(plan, post)
    takes_chair = bool(plan.chair_post) and vacancy.post == plan.chair_post
    if plan.chair_post and (post == plan.chair_post) is not takes_chair:
        raise RuleBroken("award.one_chair", post=plan.chair_post)
    if plan.selection is Selection.DRAWN and not takes_chair:
        following = next_in_line(vacancy.order, vacancy.sat)
        if following is not None and (comes != following or post != roster.members.get(following, "")):
            raise RuleBroken("award.replace.not_next")


# Lots


def chair_of(plan: AwardPlan, members: Mapping[PersonId, str]) -> PersonId | None:
    """Who holds the chair's post, None where the plan has none."""
    return next((one for one, post in members.items() if plan.chair_post and post == plan.chair_post), None)


def drawn_seats(plan: AwardPlan, members: Mapping[PersonId, str]) -> tuple[int, tuple[str, ...]]:
    """How many are drawn, and from whom: everybody on the list but the chair, who sits by post."""
    chair = chair_of(plan, members)
    return plan.members - (chair is not None), tuple(sorted(str(one) for one in members if one != chair))


def lots_request(among: Sequence[str], quota: int) -> dict[str, JSON]:
    """The `request` of the draw record that `gongheng draw replay` reads: one stratum, nobody recused."""
    pool: list[JSON] = [{"id": one, "strata": [STRATUM], "org": None} for one in sorted(among)]
    return {"pool": pool, "strata": [{"id": STRATUM, "quota": quota}], "recused": [], "org_cap": 0}


MEMBERS = "members"
PURPOSES = (MEMBERS, *(str(one.value) for one in Lots))
"""What draws of lots are held for in an award session."""


def next_in_line(order: Sequence[str], sat: frozenset[PersonId]) -> PersonId | None:
    """The first of the drawn order who never sat: successors of drawn members are not chosen either."""
    return next((PersonId(UUID(one)) for one in order if PersonId(UUID(one)) not in sat), None)


def posts_of(said: Mapping[str, Any]) -> dict[PersonId, str]:
    """The list as it is stored: person id → post."""
    return {PersonId(UUID(one)): str(post) for one, post in said.items()}
