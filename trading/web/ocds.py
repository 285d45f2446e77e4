"""Open data over HTTP: packages of releases and records (OCDS 1.1)."""

from __future__ import annotations

import json
import re
from typing import Any

from flask import Response
from flask_openapi3.blueprint import APIBlueprint

from core.kernel import clock
from core.kernel.errors import NotFound
from core.web.door import read
from core.web.guard import public, quiet
from core.web.platform import platform
from core.web.sheets import fresh
from trading.domain.ocds import compiled
from trading.queries import ocds as queries
from trading.queries.ocds import Release
from trading.web.forms_public import OcidPath, ReleaseQuery

api = APIBlueprint("trading_ocds", __name__, url_prefix="/api/v1/ocds")

_REPOSITORY = "https://raw.githubusercontent.com/open-contracting-extensions"
EXTENSIONS = [f"{_REPOSITORY}/ocds_{name}_extension/v1.1.5/extension.json" for name in ("lots", "bid", "enquiry")]
_AMOUNT = re.compile(r'"amount":"([0-9]+\.[0-9]{2})"')  # a quote inside a text is written with a backslash, so this is never one of those


@api.get("/releases")
@public
@quiet
def releases(query: ReleaseQuery) -> Response:
    """Releases after number `since`, in the order in which they were published. None is ever changed, and none appears later below a
    number that was already seen: read on from `cursor` at any time."""
    found = read(lambda session: queries.since(session, query.since, query.limit))
    cursor = found[-1].seq if found else query.since
    here, onward = _address(query.since, query.limit), _address(cursor, query.limit)
    more = len(found) == query.limit
    package = _package(here, found) | {"releases": [_published(one) for one in found], "cursor": str(cursor)}
    answer = _answer(package | ({"links": {"next": _absolute(onward)}} if more else {}))
    if more:
        answer.headers["Link"] = f'<{onward}>; rel="next"'
    return fresh(answer, shared=True)


@api.get("/records/<ocid>")
@public
@quiet
def record(path: OcidPath) -> Response:
    """Everything that was released of one tender, and its last state in one (`compiledRelease`)."""
    prefix = platform().settings.ocid_prefix + "-"
    if not path.ocid.startswith(prefix):
        raise NotFound("ocds.not_found")
    found = read(lambda session: queries.of_case(session, path.ocid.removeprefix(prefix)))
    shown = [_published(one) for one in found]
    one = {"ocid": path.ocid, "releases": shown, "compiledRelease": compiled(path.ocid, shown)}
    return fresh(_answer(_package(f"/api/v1/ocds/records/{path.ocid}", found) | {"records": [one]}), shared=True)


def _address(since: int, limit: int) -> str:
    return f"/api/v1/ocds/releases?since={since}&limit={limit}"


def _absolute(path: str) -> str:
    return platform().settings.origin + path


def _package(path: str, found: tuple[Release, ...]) -> dict[str, Any]:
    """What every package says of itself; it is as young as its youngest release, so that the same page is the same bytes."""
    return {
        "uri": _absolute(path),
        "version": "1.1",
        "publishedDate": clock.text(found[-1].at) if found else "1970-01-01T00:00:00Z",
        "publisher": {"name": "公衡 Gongheng", "uri": platform().settings.origin},
        "extensions": EXTENSIONS,
    }


def _published(one: Release) -> dict[str, Any]:
    """A release with its ocid and those that it names, and with whole addresses."""
    body = json.loads(json.dumps(one.body))
    for related in body.get("relatedProcesses", ()):
        related["identifier"] = f"{platform().settings.ocid_prefix}-{related['identifier']}"
        related["uri"] = _absolute(f"/api/v1/ocds/records/{related['identifier']}")
    for document in body["tender"].get("documents", ()):
        document["url"] = _absolute(document["url"])
    return {"ocid": f"{platform().settings.ocid_prefix}-{one.case}", **body}


def _answer(package: dict[str, Any]) -> Response:
    text = json.dumps(package, ensure_ascii=False, separators=(",", ":"))
    return Response(_AMOUNT.sub(r'"amount":\1', text), mimetype="application/json")
