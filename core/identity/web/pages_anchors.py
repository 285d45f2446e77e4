"""Pages of authorities that are not ours: for those who decide about them, and the public list of whom this platform trusts."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect
from flask.typing import ResponseReturnValue

from core.identity.domain.anchor import MOVES
from core.identity.queries import anchors as queries
from core.identity.services import anchors as services
from core.identity.web.certificates import authority
from core.identity.web.forms import NoForm
from core.identity.web.pages import page
from core.identity.web.posted import posted
from core.identity.web.texts import DONE
from core.identity.web.texts_anchors import ACTIONS, ANCHOR_STATES, FAMILY_NAMES
from core.kernel.roles import Role
from core.web.door import actor, perform, read
from core.web.guard import public, requires

blueprint = Blueprint("identity_anchor_pages", __name__)
WORDS = {"ANCHOR_STATES": ANCHOR_STATES, "FAMILY_NAMES": FAMILY_NAMES, "ACTIONS": ACTIONS}


@blueprint.get("/admin/anchors")
@requires(Role.ADMIN, Role.SUPERVISOR)
def anchors() -> ResponseReturnValue:
    """Every authority that was ever proposed, with what may be done about it."""
    return _anchors([], 200)


def _anchors(errors: list[tuple[str, str]], status: int) -> ResponseReturnValue:
    roles, found = actor().roles, read(queries.all_anchors)
    may = {view.id: [action.value for action in MOVES.available(view.state, roles, None)] for view in found}
    is_admin = Role.ADMIN in roles
    return page("anchors", anchors=found, may=may, is_admin=is_admin, errors=errors, **WORDS), status


@blueprint.post("/admin/anchors/<uuid:anchor>/set-aside")
@requires(Role.ADMIN, Role.SUPERVISOR)
def set_aside(anchor: UUID) -> ResponseReturnValue:
    """What waits for a second signature waits no more."""
    done = posted(NoForm, lambda form: perform(lambda work: services.set_aside(work, anchor)))
    if done.errors:
        return _anchors(done.errors, done.status)
    flash(str(DONE["anchor_set_aside"]), "ok")
    return redirect("/admin/anchors", 303)


@blueprint.get("/trust")
@public
def trust() -> ResponseReturnValue:
    """Whom this platform trusts: its own authority and the others, each with the digest that a trust policy names."""
    may_decide = bool(actor().roles & {Role.ADMIN, Role.SUPERVISOR})
    return page("trust", anchors=read(queries.public_anchors), own=authority().root_sha256, may_decide=may_decide, **WORDS)
