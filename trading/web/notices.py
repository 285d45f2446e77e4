"""JSON API of published notices."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Response, jsonify
from flask_openapi3.blueprint import APIBlueprint

from core.web.door import read
from core.web.guard import public, quiet
from core.web.sheets import fresh
from trading.queries import notices as queries
from trading.queries.notices import NoticeFilter
from trading.web.forms import NoticePath, NoticeQuery, NoticeSearch
from trading.web.shown import notice_json, notice_line_json

api = APIBlueprint("trading_notices", __name__, url_prefix="/api/v1")


def wanted(query: NoticeSearch) -> NoticeFilter:
    """What a query string looks for."""
    return NoticeFilter(
        words=query.q,
        kind=query.kind,
        regime=query.regime,
        category=query.category,
        region=query.region,
        since=query.since,
        until=query.until,
        bidding=bool(query.bidding),
    )


@api.get("/notices")
@public
@quiet
def notices(query: NoticeQuery) -> Response:
    """Notices, the youngest first; `Link: rel="next"` leads on."""
    page = read(lambda session: queries.page(session, wanted(query), query.after, query.limit))
    answer = jsonify({"notices": [notice_line_json(line) for line in page.notices], "after": page.after})
    if page.after:
        asked = query.model_dump(mode="json", exclude_defaults=True) | {"after": page.after}
        answer.headers["Link"] = f'</api/v1/notices?{urlencode(asked)}>; rel="next"'
    return fresh(answer, shared=True)


@api.get("/notices/<number>")
@public
@quiet
def notice(path: NoticePath) -> Response:
    """One notice with the body that was signed."""
    return fresh(jsonify(notice_json(read(lambda session: queries.by_number(session, path.number)))), shared=True)
