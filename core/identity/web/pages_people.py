"""The administrators' pages: who there is, a new account, another role, an account closed."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, request
from flask.typing import ResponseReturnValue

from core.identity.domain.grant import GRANTABLE, Office
from core.identity.queries import people as queries
from core.identity.services import people as services
from core.identity.web import people as joining
from core.identity.web.forms import GrantForm, PeopleQuery, PersonForm
from core.identity.web.pages import page
from core.identity.web.posted import posted
from core.identity.web.texts import DONE
from core.kernel.ids import PersonId
from core.kernel.roles import Role
from core.web.door import perform, read
from core.web.guard import requires

blueprint = Blueprint("identity_people_pages", __name__)
CHOICES = {"GRANTABLE": GRANTABLE, "OFFICE_CHOICES": tuple(Office)}


@blueprint.get("/admin/people")
@requires(Role.ADMIN)
def people() -> ResponseReturnValue:
    """People by login name; `q` searches, `after` pages."""
    query = PeopleQuery.model_validate(request.args.to_dict())
    found = read(lambda session: queries.search(session, query.q, query.after))
    return page("people", view=found, q=query.q, after=query.after)


@blueprint.route("/admin/people/new", methods=["GET", "POST"])
@requires(Role.ADMIN)
def new_person() -> ResponseReturnValue:
    """A new account."""
    if request.method == "GET":
        return page("person_new", errors=[], values={}, **CHOICES)
    done = posted(PersonForm, joining.enlist)
    if done.errors:
        values = {name: value for name, value in request.form.items() if name != "password"}
        return page("person_new", errors=done.errors, values=values, **CHOICES), done.status
    flash(str(DONE["account_opened"]), "ok")
    return redirect(f"/admin/people/{done.value}", 303)


@blueprint.get("/admin/people/<uuid:person>")
@requires(Role.ADMIN)
def person(person: UUID) -> ResponseReturnValue:
    """One account."""
    return _person(PersonId(person), [], 200)


def _person(who: PersonId, errors: list[tuple[str, str]], status: int) -> ResponseReturnValue:
    view = read(lambda session: queries.person(session, who))
    return page("person", view=view, errors=errors, **CHOICES), status


@blueprint.post("/admin/people/<uuid:person>/roles")
@requires(Role.ADMIN)
def give_role(person: UUID) -> ResponseReturnValue:
    """Another role for somebody."""
    who = PersonId(person)

    def give(form: GrantForm) -> None:
        role, office = joining.role_named(form.role), Office(form.office)
        perform(lambda work: services.grant(work, who, form.uscc, role, office))

    done = posted(GrantForm, give)
    if done.errors:
        return _person(who, done.errors, done.status)
    flash(str(DONE["role_given"]), "ok")
    return redirect(f"/admin/people/{person}", 303)


@blueprint.post("/admin/people/<uuid:person>/bar")
@requires(Role.ADMIN)
def bar(person: UUID) -> ResponseReturnValue:
    """Closes an account."""
    joining.bar(PersonId(person))
    flash(str(DONE["account_closed"]), "ok")
    return redirect(f"/admin/people/{person}", 303)
