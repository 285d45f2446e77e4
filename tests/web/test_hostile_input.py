"""Every operation of the JSON API under missing, extra, over-long, wrong-typed and hostile input: a sentence, and nothing changes."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis_settings
from schemathesis import GenerationMode
from sqlalchemy import func, select

from app.factory import Application
from core.kernel.records import EventRow
from core.kernel.roles import Role
from core.kernel.work import Door
from core.settings import Settings
from tests.builders.people import people
from tests.builders.trading_web import application, browser

ROLES = (None, Role.BIDDER, Role.CENTRE, Role.TENDERER, Role.EXPERT, Role.ADMIN)  # the order matters below
HANZI = re.compile(r"[\u4e00-\u9fff]")
HOSTILE: tuple[Any, ...] = (
    None,
    [],
    "",
    0,
    -1,
    2**70,
    1.5,
    True,
    "x" * 100_000,
    "\x00\ud800"[:1],
    "'; DROP TABLE event; --",
    "<script>alert(1)</script>",
    "../../etc/passwd",
    "＇ＯＲ１＝１",
    {"a": {"b": [[[[[]]]]]}},
    {"__proto__": {"x": 1}},
)


@pytest.fixture
def app(settings: Settings, door: Door) -> Application:
    return application(settings, door)


def clients(app: Application, door: Door) -> list[Any]:
    staff = people(door)
    return [browser(app, None if role is None else staff.join(role, org=f"{role.value}有限公司")).client for role in ROLES]


def events(door: Door) -> int:
    return door.read(lambda session: session.scalar(select(func.count()).select_from(EventRow)) or 0)


def judge(answer: Any, what: str) -> None:
    """No fault of ours; a refusal is a problem with its sentence in Chinese and a stable code."""
    assert answer.status_code < 500, (what, answer.status_code, answer.get_data(as_text=True)[:500])
    if answer.status_code >= 400:
        assert answer.mimetype == "application/problem+json", (what, answer.status_code, answer.mimetype)
        problem = json.loads(answer.get_data())
        assert HANZI.search(problem["detail"]) and problem["code"], (what, problem)
        assert "%(" not in problem["detail"], (what, problem)
        assert problem["code"] not in problem["detail"], (what, "a code without its sentence", problem)


def test_generated_input_is_refused_with_a_sentence(app: Application, door: Door) -> None:
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    schema.config.generation.update(modes=[GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
    callers = clients(app, door)
    before = events(door)
    found = [result.ok() for result in schema.get_all_operations()]
    assert len(found) > 80
    for operation in sorted(found, key=lambda one: "session" in one.path):  # logging out comes last

        @given(case=operation.as_strategy())
        @hypothesis_settings(
            max_examples=5, deadline=None, database=None, derandomize=True, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
        )
        def ask(case: Any) -> None:
            for client in (callers[0], callers[1], callers[2]):
                judge(send(client, case), f"{case.method} {case.path}")

        ask()
    assert events(door) == before


def send(client: Any, case: Any) -> Any:
    """The case as this client would send it."""
    wanted = case.as_transport_kwargs()
    kept = {name: wanted[name] for name in ("method", "path", "query_string", "json", "data") if name in wanted}
    content_type = wanted.get("headers", {}).get("Content-Type")
    return client.open(**kept, **({"content_type": content_type} if content_type and "json" not in kept else {}))


def test_hostile_bodies_of_every_operation(app: Application, door: Door) -> None:
    callers = clients(app, door)
    before = events(door)
    spec = app.api_doc
    for path, methods in spec["paths"].items():
        address = re.sub(r"\{number\}", "T2026-000001-1", re.sub(r"\{case\}", "T2026-000001", path))
        address = re.sub(r"\{[^}]+\}", "x", address)
        for method, operation in methods.items():
            if "requestBody" not in operation:
                continue
            for body in HOSTILE:
                for wrapped in (body, {"envelope": body}, {"envelope": {"payloadType": body, "payload": body, "signatures": body}}):
                    judge(callers[1].open(address, method=method.upper(), json=wrapped), f"{method} {path} {str(wrapped)[:60]}")
            for raw in (b"", b"{", b"\xff\xfe", b"[" * 5000, b'{"a":1,"a":2}', b"NaN"):
                answer = callers[2].open(address, method=method.upper(), data=raw, content_type="application/json")
                judge(answer, f"{method} {path} {raw[:20]!r}")
    assert events(door) == before


LISTS = ("/notices", "/api/v1/notices", "/admin/people", "/projects", "/openings", "/notices.csv", "/notices.xlsx")
LISTS += ("/feeds/notices.atom", "/feeds/openings.ics", "/api/v1/ocds/releases")
QUERIES = ("%00", "-1", "9" * 400, "%F0%9F%92%A9", "'", "%25s%25n", "<b>x", "../..", "%ED%A0%80")


def test_hostile_queries_of_lists(app: Application, door: Door) -> None:
    caller = clients(app, door)[5]
    for path in LISTS:
        for value in QUERIES:
            for name in ("q", "after", "limit", "kind", "regime", "region", "lang", "category", "since", "until", "lot"):
                answer = caller.get(f"{path}?{name}={value}")
                assert answer.status_code < 500, (path, name, value)
                assert b"<b>x" not in answer.get_data()
