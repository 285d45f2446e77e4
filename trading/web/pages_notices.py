"""Public pages of notices: the list with its search, one notice as it is printed."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from core.web.door import read
from core.web.guard import public, quiet
from trading.queries import notices as queries
from trading.web.forms import NoticeQuery
from trading.web.notices import wanted
from trading.web.posted_method import method_form
from trading.web.posted_review import review_form
from trading.web.texts import WORDS
from trading.web.texts_notice_head import common
from trading.web.texts_notices import NOTICES

blueprint = Blueprint("trading_notice_pages", __name__)


def page(name: str, **facts: Any) -> str:
    """One of trading's templates, with the names of states, steps and kinds at hand."""
    return render_template(f"trading/{name}.html", **WORDS, METHOD_FORM=method_form, REVIEW_FORM=review_form, **facts)


@blueprint.get("/notices")
@public
@quiet
def notices() -> ResponseReturnValue:
    """Notices, the youngest first; `q` searches, `after` pages."""
    query = NoticeQuery.model_validate(request.args.to_dict())
    found = read(lambda session: queries.page(session, wanted(query), query.after, query.limit))
    regions = read(queries.regions)
    kept = query.model_dump(mode="json", exclude_defaults=True, exclude={"after"})
    onward = f"/notices?{urlencode(kept | {'after': found.after})}" if found.after else ""
    asked = urlencode({name: value for name, value in kept.items() if name != "limit"})
    return page("notices", view=found, query=query, regions=regions, onward=onward, first=f"/notices?{urlencode(kept)}", asked=asked)


@blueprint.get("/notices/<number>")
@public
@quiet
def notice(number: str) -> ResponseReturnValue:
    """One notice."""
    view = read(lambda session: queries.by_number(session, number))
    return page("notice", view=view, common=common(view), said=NOTICES[view.line.kind].tells(view))
