"""Which packages there are, and how their routes, ticks, events, words and live rooms come together; the only place that knows them all."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import cast

import core.identity.jobs
import core.identity.web
import core.identity.web.texts
import core.web.texts
import deposits.domain.audience
import deposits.jobs
import deposits.live
import deposits.queries.audience
import deposits.services.claim_letters
import deposits.services.guarantee_letters
import deposits.services.letters
import deposits.services.order_letters
import deposits.services.relief_letters
import deposits.services.waiver_letters
import deposits.web
import deposits.web.texts
import evaluation.domain.audience
import evaluation.jobs
import evaluation.live
import evaluation.queries.audience
import evaluation.web
import evaluation.web.texts
import trading.domain.audience
import trading.jobs
import trading.live
import trading.queries.audience
import trading.services.telling
import trading.web
import trading.web.texts
from app.archives import web as archives
from app.desk import web as desk
from app.evidence import texts as evidence_texts
from app.evidence import web as evidence
from core.kernel.outbox import Subscriber
from core.kernel.streams import Projections
from core.kernel.ticks import Tick
from core.web import health, live, log, uploads
from core.web.platform import AudienceOf, Platform

ROOT = Path(__file__).resolve().parent.parent
HOUSES = tuple(ROOT / name for name in ("app", "core/web", "core/identity", "deposits", "trading", "evaluation"))

BLUEPRINTS = (
    health.blueprint,
    live.blueprint,
    uploads.blueprint,
    log.blueprint,
    *desk.BLUEPRINTS,
    evidence.blueprint,
    archives.blueprint,
    *core.identity.web.BLUEPRINTS,
    *deposits.web.BLUEPRINTS,
    *trading.web.BLUEPRINTS,
    *evaluation.web.BLUEPRINTS,
)
JOBS = (core.identity.jobs, deposits.jobs, trading.jobs, evaluation.jobs)
NAMESPACES = (*trading.live.NAMESPACES, *deposits.live.NAMESPACES, *evaluation.live.NAMESPACES)
AUDIENCES: dict[str, AudienceOf] = {
    "evaluation": evaluation.queries.audience.audience_of,
    "supervision": evaluation.queries.audience.supervision_of,
    "opening": trading.queries.audience.audience_of,
    "deposits": deposits.queries.audience.audience_of,
}


def _merged(modules: tuple[ModuleType, ...], name: str) -> Mapping[str, object]:
    """The tables of several packages as one; two packages never name the same key."""
    merged: dict[str, object] = {}
    for module in modules:
        table: Mapping[str, object] = getattr(module, name)
        if twice := merged.keys() & table.keys():
            raise ValueError(f"{name}: {sorted(twice)} stand in two packages")
        merged |= table
    return merged


SENTENCES = _merged(
    (core.web.texts, core.identity.web.texts, deposits.web.texts, trading.web.texts, evaluation.web.texts, evidence_texts),
    "SENTENCES",
)
PROJECTIONS = cast("Projections", _merged((deposits.domain.audience, trading.domain.audience, evaluation.domain.audience), "PROJECTIONS"))

ANNOUNCED = {
    **trading.services.telling.ANNOUNCED,
    **deposits.services.order_letters.ANNOUNCED,
    **deposits.services.guarantee_letters.ANNOUNCED,
    **deposits.services.relief_letters.ANNOUNCED,
    **deposits.services.waiver_letters.ANNOUNCED,
    **deposits.services.claim_letters.ANNOUNCED,
}


def ticks(platform: Platform) -> tuple[Tick, ...]:
    """What the clock looks after, in every package; a package whose ticks need the platform offers a function instead of a tuple."""
    return tuple(tick for jobs in JOBS for tick in (jobs.ticks(platform) if hasattr(jobs, "ticks") else jobs.TICKS))


def subscriptions(platform: Platform) -> dict[str, Subscriber]:
    """Who hears of which topic; a topic has one subscriber."""
    merged: dict[str, Subscriber] = {}
    for jobs in JOBS:
        table = jobs.subscriptions(platform) if hasattr(jobs, "subscriptions") else jobs.SUBSCRIPTIONS
        if twice := merged.keys() & table.keys():
            raise ValueError(f"{sorted(twice)} have two subscribers")
        merged |= table
    return merged
