"""The expert pool and the sites: entries are drafted, admitted and amended by the keeper of the pool, who is the centre."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from sqlalchemy import select

from core.identity.domain.person import urn
from core.identity.queries import people
from core.identity.services.acts import Act, SignedRequest, once
from core.kernel.calendar import legal_day
from core.kernel.db import insert_new, lock
from core.kernel.errors import NotAllowed, NotFound, RuleBroken
from core.kernel.ids import CaseId, PersonId, new_id, sayable
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Work
from evaluation.domain.expert import MOVES, ExpertAction, ExpertState, LifeFacts
from evaluation.domain.expert_said import Amendment, Profile, check_replaces, keepers_act, past_json
from evaluation.events_experts import ExpertAdmitted, ExpertAmended, ExpertLinked
from evaluation.models.experts import Expert, ExpertCount, PoolAgreement, Site
from evaluation.queries import experts
from evaluation.services import sites

KEEPERS = frozenset({Role.CENTRE, Role.SYSTEM})


def add_site(work: Work, name: str, city: str, is_host: bool, workstations: int) -> str:
    """Adds a site, or finds the one of that name; returns its id."""
    as_keeper(work)
    known = work.session.scalar(select(Site).where(Site.name == name))
    if known is None:
        known = Site(id=new_id(work.now()), number=sites.new_number(work), name=name, city=city, is_host=is_host, workstations=workstations)
        work.session.add(known)
        work.session.flush()
    return str(known.id)


def draft(work: Work, content: Mapping[str, JSON], person: PersonId | None = None) -> str:
    """Keeps what the keeper typed of a new expert under the next number of the Beijing year, bound to an account if one is named.

    Returns the number. Raises RuleBroken for an account that is no expert's, or stands in the pool already.
    """
    as_keeper(work)
    profile = Profile.read(content)
    known = None if person is None else experts.drafted_for(work.session, person)  # asked again, whoever it is gets the same number
    row = new_entry(work, profile) if known is None else hold(work, known)
    put(work, row, profile)
    if person is not None:
        bind(work, row, person)
    work.session.flush()
    return row.number


def save(work: Work, number: str, content: Mapping[str, JSON]) -> None:
    """Keeps the draft as it was changed."""
    row = hold(work, number)
    move(work, row, ExpertAction.SAVE)
    put(work, row, Profile.read(content))
    row.saved_at = work.now()


def discard(work: Work, number: str) -> None:
    """A draft is thrown away; nothing of it is kept."""
    row = hold(work, number)
    move(work, row, ExpertAction.DISCARD)
    work.session.delete(row)


def admit(work: Work, number: str, request: SignedRequest) -> dict[str, JSON]:
    """The keeper signs the profile that was drafted. Records ExpertAdmitted, and ExpertLinked where an account is bound.

    Raises RuleBroken when what was signed is not the draft.
    """
    return once(work, request, keepers_act("expert.admit", number), lambda act: _admit(work, number, act))


def _admit(work: Work, number: str, act: Act) -> dict[str, JSON]:
    profile, row = Profile.read(act.body), hold(work, number)
    move(work, row, ExpertAction.ADMIT)
    if profile.to_json() != profile_of(work, row).to_json():
        raise RuleBroken("expert.admit.other")
    row.profile_sha256, row.admitted_at = profile.sha256, work.now()
    work.session.flush()
    work.record(ExpertAdmitted(case=CaseId(number), signed=act.envelope))
    if row.person_id is not None:
        work.record(_linked(number, PersonId(row.person_id)))
    return {"expert": number, "profile_sha256": row.profile_sha256}


def amend(work: Work, number: str, request: SignedRequest) -> dict[str, JSON]:
    """The keeper signs the profile as it shall stand, and why. Raises Stale when it was changed meanwhile."""
    return once(work, request, keepers_act("expert.amend", number), lambda act: _amend(work, number, act))


def _amend(work: Work, number: str, act: Act) -> dict[str, JSON]:
    said, row = Amendment.read(act.body), hold(work, number)
    move(work, row, ExpertAction.AMEND)
    check_replaces(said.replaces, row.profile_sha256)
    put(work, row, said.profile)
    row.profile_sha256, row.saved_at = said.profile.sha256, work.now()
    work.session.flush()
    work.record(ExpertAmended(case=CaseId(number), signed=act.envelope))
    return {"expert": number, "profile_sha256": row.profile_sha256}


def link(work: Work, number: str, login: str) -> None:
    """The keeper binds the account of that login to an entry that has none. Records ExpertLinked."""
    row = hold(work, number)
    move(work, row, ExpertAction.LINK)
    if row.person_id is not None:
        raise RuleBroken("expert.linked_already")
    try:
        person = people.by_login(work.session, login)
    except NotFound:
        raise RuleBroken("expert.login_unknown") from None
    bind(work, row, person.id)
    work.session.flush()
    work.record(_linked(number, person.id))


# What other services of the pool share


def as_keeper(work: Work) -> None:
    """Raises NotAllowed for everybody but the keeper of the pool."""
    if not KEEPERS & work.actor.roles:
        raise NotAllowed("pool.not_allowed")


def hold(work: Work, number: str) -> Expert:
    """The entry of that number, locked; raises NotFound."""
    return lock(work.session, Expert, Expert.number == number)


def move(work: Work, row: Expert, action: ExpertAction, facts: LifeFacts | None = None) -> None:
    """Moves an entry along; raises what the table of moves finds."""
    row.state = MOVES.choose(action, row.state, work.actor.roles, facts or LifeFacts())


def today(work: Work) -> date:
    """The Beijing day."""
    return legal_day(work.now())


def new_entry(work: Work, profile: Profile) -> Expert:
    """A draft of that profile under the next number."""
    now = work.now()
    year = legal_day(now).year
    insert_new(work.session.connection(), ExpertCount, [{"year": year, "count": 0}])
    counter = lock(work.session, ExpertCount, ExpertCount.year == year)
    counter.count += 1
    row = Expert(
        id=new_id(now),
        number=sayable("E", year, counter.count),
        state=ExpertState.DRAFT,
        relatives=[],
        ties=[],
        profile_sha256="",
        saved_at=now,
    )
    put(work, row, profile)
    work.session.add(row)
    return row


def put(work: Work, row: Expert, profile: Profile) -> None:
    """The entry says from now on what the profile says."""
    row.origin_id = agreement_id(work, profile.origin)
    for name in ("name", "region", "title", "qualified_from", "qualified_to", "origin_key"):
        setattr(row, name, getattr(profile, name))
    row.employer_uscc, row.employer_name = profile.employer.uscc, profile.employer.name
    row.strata, row.past = list(profile.strata), past_json(profile.past)


def profile_of(work: Work, row: Expert) -> Profile:
    """What an entry says."""
    origin = "" if row.origin_id is None else work.session.get_one(PoolAgreement, row.origin_id).number
    assert row.qualified_from is not None and row.qualified_to is not None  # every profile has them
    said = {
        "name": row.name,
        "employer": {"uscc": row.employer_uscc, "name": row.employer_name},
        "region": row.region,
        "title": row.title,
        "qualified_from": row.qualified_from.isoformat(),
        "qualified_to": row.qualified_to.isoformat(),
        "strata": row.strata,
        "past": row.past,
        "origin": origin,
        "origin_key": row.origin_key,
    }
    return Profile.read(said)


def agreement_id(work: Work, number: str) -> UUID | None:
    """The agreement of that number, None for none; raises RuleBroken for one that is not there."""
    if not number:
        return None
    found = work.session.scalar(select(PoolAgreement.id).where(PoolAgreement.number == number))
    if found is None:
        raise RuleBroken("expert.origin_unknown", number=number)
    return found


def bind(work: Work, row: Expert, person: PersonId) -> None:
    """Binds an account; raises RuleBroken for one that is no expert's, or bound to another entry."""
    if not any(grant.role is Role.EXPERT for grant in people.person(work.session, person).grants):
        raise RuleBroken("pool.not_an_expert")
    if work.session.scalar(select(Expert.id).where(Expert.person_id == person, Expert.id != row.id)) is not None:
        raise RuleBroken("expert.account_taken")
    row.person_id = person


def _linked(number: str, person: PersonId) -> ExpertLinked:
    """The event of a bound account."""
    return ExpertLinked(case=CaseId(number), person=urn(person, Role.EXPERT))
