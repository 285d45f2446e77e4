"""Who sits in the award committee: sign-in, the declaration of recusal, and successors of those who are missing or fall out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from core.identity.services.acts import Act, SignedRequest
from core.kernel.errors import RuleBroken
from core.kernel.ids import PersonId
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Work
from evaluation.domain.award_roster import ReplaceBody, Vacancy, check_successor
from evaluation.domain.award_session import Action, before_start
from evaluation.domain.body import Body
from evaluation.domain.committee import RecusalDeclaration
from evaluation.events_award import AwardDeclared, AwardReplaced, AwardSignedIn
from evaluation.models.awards import AwardMember
from evaluation.services import award_counts
from evaluation.services.award_sittings import Sitting, act_in_session, roster, seat
from evaluation.services.awards import hear


def sign_in(work: Work, number: str, signed: SignedRequest) -> dict[str, JSON]:
    """A member is present; the last one opens the declarations. Records AwardSignedIn."""

    def do(sitting: Sitting, act: Act) -> dict[str, JSON]:
        Body(act.body)
        sitting.move(Action.SIGN_IN, act)
        member = sitting.member(act.person)
        member.signed_in_at = sitting.now
        sitting.work.session.flush()
        sitting.record(AwardSignedIn, act, member=member.number)
        _follow(sitting)
        return sitting.answer

    return act_in_session(work, number, signed, ("award.sign_in", Role.AWARD_MEMBER), do)


def declare(work: Work, number: str, signed: SignedRequest) -> dict[str, JSON]:
    """A member declares whether there is a reason to step back, and steps back where there is; the last one without opens the voting.
    Records AwardDeclared."""

    def do(sitting: Sitting, act: Act) -> dict[str, JSON]:
        said = RecusalDeclaration.read(act.body)
        sitting.move(Action.DECLARE if said.none else Action.STEP_BACK, act)
        member = sitting.member(act.person)
        member.declared_at = sitting.now
        if not said.none:
            _leave(sitting, member, said.reason)
        sitting.work.session.flush()
        sitting.record(AwardDeclared, act, member=member.number, steps_back=not said.none)
        _follow(sitting)
        return sitting.answer

    return act_in_session(work, number, signed, ("award.declare", Role.AWARD_MEMBER), do)


def replace(work: Work, number: str, signed: SignedRequest) -> dict[str, JSON]:
    """The tenderer says who is missing or falls out, why, and who follows. Before the voting a successor sits; later the session begins
    again or goes on as the plan says. Records AwardReplaced."""

    def do(sitting: Sitting, act: Act) -> dict[str, JSON]:
        said = ReplaceBody.read(act.body)
        step = _step(sitting, said)
        sitting.move(step, act, leaver=said.member)
        leaver = None if said.member is None else sitting.member(said.member)
        vacated = leaver or _vacated(sitting)
        if leaver is not None:
            _leave(sitting, leaver, said.reason)
        comes = _succeed(sitting, said, vacated, step)
        if step is Action.START_AGAIN:
            sitting.row.round, sitting.row.first_round = sitting.row.round + 1, sitting.row.round + 1
            sitting.row.standing = sitting.row.candidates
        sitting.work.session.flush()
        numbers = {"member": 0 if leaver is None else leaver.number, "successor": comes}
        sitting.record(AwardReplaced, act, starts_again=step is Action.START_AGAIN, **numbers)
        _follow(sitting)
        return sitting.answer

    return act_in_session(work, number, signed, ("award.replace", Role.TENDERER), do)


def _step(sitting: Sitting, said: ReplaceBody) -> Action:
    """Before the voting whoever leaves is replaced; afterwards a successor means that the session begins again."""
    if before_start(sitting.row.state):
        return Action.REPLACE
    return Action.GO_ON if said.successor is None else Action.START_AGAIN


def _vacated(sitting: Sitting) -> AwardMember:
    """The empty seat that is filled: of somebody who has stepped back and has no successor yet; raises RuleBroken where none is empty."""
    empty = [one for one in sitting.members if one.left_at is not None and not one.successor_number]
    if not empty or len(sitting.office) >= sitting.plan.members:
        raise RuleBroken("award.replace.nobody_missing")
    return empty[-1]


def _leave(sitting: Sitting, member: AwardMember, reason: str) -> None:
    member.left_at, member.left_reason = sitting.now, reason
    sitting.work.session.flush()


def _succeed(sitting: Sitting, said: ReplaceBody, vacated: AwardMember, step: Action) -> int:
    """The successor's number, 0 where the others go on."""
    if said.successor is None:
        if step is not Action.GO_ON:
            raise RuleBroken("award.replace.successor_missing")
        return 0
    sat = frozenset(PersonId(one.person_id) for one in sitting.members)
    vacancy = Vacancy(vacated.post, sat, [str(one) for one in cast("Sequence[JSON]", sitting.row.line)])
    held = roster(sitting.work, sitting.lot, sitting.listed)
    check_successor(sitting.plan, said.successor, said.post, vacancy, held)
    seat(sitting.work, sitting, {said.successor: said.post})
    vacated.successor_number = sitting.members[-1].number
    return vacated.successor_number


def _follow(sitting: Sitting) -> None:
    """What the last sign-in, declaration, or a departure brings about by itself."""
    if sitting.may_follow(Action.ASSEMBLE):
        sitting.move(Action.ASSEMBLE)
    if sitting.may_follow(Action.DELIBERATE):
        sitting.move(Action.DELIBERATE)
    if sitting.may_follow(Action.BEGIN):
        sitting.move(Action.BEGIN)
        award_counts.begin(sitting.work, sitting)
    hear(sitting.work, sitting)
    award_counts.count(sitting.work, sitting)
