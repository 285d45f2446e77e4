"""A draw as the centre asks for it, from the page or the API; an attempt to draw again without a reason is kept for the supervisor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from core.kernel import clock
from core.kernel.errors import RuleBroken
from core.kernel.jcs import JSON
from core.web.door import perform
from core.web.platform import platform
from evaluation.domain.committee import SitePlan
from evaluation.domain.draw import Quota, Wanted
from evaluation.domain.redraw import Again
from evaluation.domain.region_mix import MOST_REGIONS, Share, spread
from evaluation.services import draws
from evaluation.web.forms import PrepareForm, ShareForm

BEIJING = ZoneInfo("Asia/Shanghai")
WITHOUT_REASON = "draw.request.reason"


def prepare(number: str, wanted: Wanted, sites: Sequence[SitePlan]) -> dict[str, JSON]:
    """Has the request drawn up. What is refused for want of a reason leaves a red alarm behind, in a use case of its own."""
    try:
        return perform(lambda work: draws.prepare(work, number, wanted, sites))
    except RuleBroken as refusal:
        if refusal.code == WITHOUT_REASON:
            perform(lambda work: draws.note_unreasoned(work, number))
        raise


def from_api(body: PrepareForm) -> tuple[Wanted, list[SitePlan]]:
    """The request in a JSON body; raises RuleBroken for a moment that is none."""
    try:
        at = clock.moment(body.assemble_at)
    except ValueError:
        raise RuleBroken("draw.calling.at") from None
    shares = [Share(one.stratum, one.region, count, is_least) for one in body.regions for count, is_least in _named(one)]
    quotas, again = spread([Quota(one.id, one.quota) for one in body.strata], shares), Again(body.again.code, body.again.text)
    wanted = Wanted(quotas, body.org_cap, at, timedelta(minutes=body.window), again, platform().settings.voice_signer, body.agreement)
    return wanted, [SitePlan(one.site, one.seats) for one in body.sites]


def from_page(given: Mapping[str, str]) -> tuple[Wanted, list[SitePlan]]:
    """The request in the posted form: `quota.<specialty>`, `region.<n>.…` (`_shares`), `seats.<site>`, `org_cap`, `agreement`,
    `assemble_at` (Beijing), `window` (minutes), `again_code`, `reason`; what is no number counts as none.

    Raises RuleBroken for a moment that is none."""
    quotas = [Quota(name.removeprefix("quota."), _count(value)) for name, value in given.items() if name.startswith("quota.")]
    seats = [SitePlan(name.removeprefix("seats."), _count(value)) for name, value in given.items() if name.startswith("seats.")]
    again = Again(given.get("again_code", "")[:20], given.get("reason", "")[:500].strip())
    wanted = Wanted(
        spread([one for one in quotas if one.count], _shares(given)),
        _count(given.get("org_cap", "")),
        _moment(given.get("assemble_at", "")),
        timedelta(minutes=max(1, _count(given.get("window", "")))),
        again,
        platform().settings.voice_signer,
        given.get("agreement", "")[:20],
    )
    return wanted, [one for one in seats if one.seats]


def _shares(given: Mapping[str, str]) -> list[Share]:
    """The rows `region.<n>.stratum`, `.region`, `.rule` (least, most), `.count` of the mix; a row without a region is none."""
    found = []
    for number in range(MOST_REGIONS):
        stratum, region, rule, count = (given.get(f"region.{number}.{name}", "") for name in ("stratum", "region", "rule", "count"))
        found += [Share(stratum, region, _count(count), rule != "most")] if region else []
    return found


def _named(one: ShareForm) -> list[tuple[int, bool]]:
    return [(count, is_least) for count, is_least in ((one.least, True), (one.most, False)) if count is not None]


def _moment(typed: str) -> datetime:
    try:
        return datetime.fromisoformat(typed).replace(tzinfo=BEIJING).astimezone(UTC)
    except ValueError:
        raise RuleBroken("draw.calling.at") from None


def _count(written: str) -> int:
    return int(written) if written.isascii() and written.isdigit() and len(written) < 4 else 0
