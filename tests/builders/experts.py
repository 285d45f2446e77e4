"""Experts of the pool: drafted, admitted, trained and agreed by the people themselves, each step through the services."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from core.identity.services.acts import SignedRequest
from core.kernel.calendar import legal_day
from core.kernel.jcs import JSON
from core.kernel.work import Door, Work
from evaluation.domain.expert import Purpose
from evaluation.domain.expert_said import CONSENT_VERSION, kept_until
from evaluation.services import conduct, consents, pool
from tests.builders.people import Person, uscc_of

Service = Callable[[Work, str, SignedRequest], dict[str, JSON]]


def profile(who: Person, strata: Sequence[str], day: date, **changes: Any) -> dict[str, Any]:
    """A profile that qualifies from that day on for a good while."""
    said: dict[str, Any] = {
        "name": who.name,
        "employer": {"uscc": who.uscc, "name": who.org_name},
        "region": "临江市",
        "title": "高级工程师",
        "qualified_from": (day - timedelta(days=400)).isoformat(),
        "qualified_to": (day + timedelta(days=1000)).isoformat(),
        "strata": list(strata),
        "past": [],
        "origin": "",
        "origin_key": "",
    }
    return said | changes


def bond(name: str, kind: str = "relative", relation: str = "配偶任职") -> dict[str, str]:
    """A bond to the firm of that name as a declaration tells it."""
    return {"kind": kind, "uscc": uscc_of(name), "name": name, "relation": relation}


def today(door: Door) -> date:
    """The platform's Beijing day."""
    return legal_day(door.read(door.clock))


def by_keeper(  # noqa: PLR0917 - in the order of the act's own fields
    door: Door, keeper: Person, service: Service, kind: str, number: str, body: Mapping[str, Any]
) -> dict[str, JSON]:
    """The keeper of the pool signs about an expert."""
    request = keeper.act(kind, number, body=body, step_up=True)
    return door.perform(keeper.actor, lambda work: service(work, number, request))


def admitted(door: Door, keeper: Person, who: Person, strata: Sequence[str], **changes: Any) -> str:
    """Drafted with its account and admitted; returns the number."""
    said = profile(who, strata, today(door), **changes)
    number = str(door.perform(keeper.actor, lambda work: pool.draft(work, said, who.person)))
    by_keeper(door, keeper, pool.admit, "expert.admit", number, said)
    return number


def train(door: Door, keeper: Person, number: str) -> None:
    """A training of last month, good for two years."""
    on = today(door) - timedelta(days=30)
    body = {"on": on.isoformat(), "until": (on + timedelta(days=730)).isoformat(), "hours": 16, "course": "评标专家继续教育"}
    by_keeper(door, keeper, conduct.train, "expert.train", number, body)


def agree(door: Door, who: Person, number: str, *purposes: Purpose) -> None:
    """The expert agrees to the purposes given, to all unless any is."""
    for purpose in purposes or tuple(Purpose):
        until = kept_until(purpose, today(door)).isoformat()
        own(door, who, consents.consent, "expert.consent", number, {"purpose": purpose.value, "version": CONSENT_VERSION, "until": until})


def own(  # noqa: PLR0917 - likewise
    door: Door, who: Person, service: Callable[[Work, SignedRequest], dict[str, JSON]], kind: str, number: str, body: Mapping[str, Any]
) -> dict[str, JSON]:
    """The expert signs about themself."""
    request = who.act(kind, number, body=body, step_up=True)
    return door.perform(who.actor, lambda work: service(work, request))


def ready(door: Door, keeper: Person, who: Person, strata: Sequence[str], **changes: Any) -> str:
    """Admitted, trained and agreed: may be drawn. Returns the number."""
    number = admitted(door, keeper, who, strata, **changes)
    train(door, keeper, number)
    agree(door, who, number)
    return number
