"""Asks the application itself whether every route is guarded."""

from __future__ import annotations

import re
from typing import Any


def test_every_route_has_its_gate(app: Any) -> None:
    naked = [
        str(rule)
        for rule in app.url_map.iter_rules()
        if rule.endpoint != "static" and not hasattr(app.view_functions[rule.endpoint], "__gate__")
    ]
    assert not naked


def test_every_route_before_the_opening_is_quiet(app: Any) -> None:
    bidding = [
        rule
        for rule in app.url_map.iter_rules()
        if re.search(r"^(/api/v1)?/lots/<number>/bid(/|$)", rule.rule)
        or rule.rule.startswith(("/uploads", "/receipts", "/login", "/api/v1/session"))
    ]
    assert bidding
    assert not [str(rule) for rule in bidding if not getattr(app.view_functions[rule.endpoint], "__quiet__", False)]
