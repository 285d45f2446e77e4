"""The files of a lot's guarantees, for those who may see its list of deposits, after the opening."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response

from core.kernel.errors import NotFound
from core.kernel.ids import GuaranteeId
from core.kernel.jcs import JSON
from core.web.door import actor, read
from core.web.guard import quiet, requires
from deposits.queries.guarantees import GuaranteeView
from deposits.web.guarantees import guarantee_json
from deposits.web.pages_guarantees import pdf_answer
from trading.queries.deposits import READERS, deposit_list

blueprint = Blueprint("trading_guarantee_pages", __name__)


@blueprint.get("/lots/<number>/guarantees/<uuid:guarantee>")
@requires(*READERS)
@quiet
def guarantee_file(number: str, guarantee: UUID) -> Response:
    """The file of one of the lot's guarantees."""
    who = actor()
    found = read(lambda session: deposit_list(session, number, who))
    if guarantee not in {view.id for view in found.guarantees}:
        raise NotFound("guarantee.not_found")
    return pdf_answer(GuaranteeId(guarantee))


def listed_json(view: GuaranteeView) -> dict[str, JSON]:
    """A guarantee in the list."""
    return guarantee_json(view) | {"org": str(view.org), "name": view.org_name}
