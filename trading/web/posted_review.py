"""The part of the tender document's form about the review: how it is shown, what it posts, and where in it a refusal belongs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import request

from core.kernel.errors import Refusal
from core.kernel.jcs import JSON
from core.web.platform import platform
from core.web.texts import sentence
from trading.domain.price_fields import PriceFields
from trading.domain.price_rules import Preference
from trading.domain.review_fields import ReviewFields, put_together, take_apart
from trading.domain.review_plan import GROUPS, LIMITS

_PLACES = {
    "document.review_limit": "review_low_price",
    "document.review_limits_missing": "review_low_price",
    "document.review_adjustment": "review_adjustments",
    "document.review_adjustment_line": "review_adjustments",
    "document.review_adjustments_regime": "review_adjustments",
    "document.review_preference": "review_preferences",
    "document.review_preference_row": "review_preferences",
}


def review_form(document: Mapping[str, Any], values: Mapping[str, str]) -> ReviewFields:
    """The fields as they were posted (`values`, when the form was refused), or as `document` was saved."""
    return _typed() if values else take_apart(document.get("review") or {})


def review_part() -> dict[str, JSON]:
    """The member `review` that the form posts; nothing where it says nothing of the review."""
    said = put_together(_typed())
    return {"review": said} if said else {}


def misread_review(refusal: Refusal) -> tuple[str, str] | None:
    """The field that a refusal means, and what to tell there; None when it isn't about the review."""
    if not refusal.code.startswith("document.review_"):
        return None
    return _PLACES.get(refusal.code, "review_checks"), sentence(refusal, platform().sentences)


def _typed() -> ReviewFields:
    form = request.form
    checks = {group: form.get(f"review_{group}", "").replace("\r\n", "\n") for group in GROUPS}
    limits = {name: form.get(f"review_{name}", "") for name in LIMITS}
    percents = {kind.value: form.get(f"review_percent_{kind}", "") for kind in Preference}
    articles = {kind.value: form.get(f"review_article_{kind}", "") for kind in Preference}
    prices = PriceFields(form.get("review_adjustments", "").replace("\r\n", "\n"), percents, articles)
    return ReviewFields(checks, limits, form.get("review_price_check") == "1", prices)
