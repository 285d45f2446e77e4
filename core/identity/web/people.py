"""Joining, and what administrators do about people."""

from __future__ import annotations

from uuid import UUID

from flask import Response, jsonify
from flask_openapi3.blueprint import APIBlueprint

from core.identity import passwords
from core.identity.domain.grant import GRANTABLE, Office
from core.identity.domain.organisation import normal_name, social_credit_code
from core.identity.domain.person import accept_password, login_name, personal_name
from core.identity.queries import people as queries
from core.identity.services import people as services
from core.identity.services.people import Newcomer, Place
from core.identity.web.forms import GrantForm, NoForm, PeopleQuery, PersonForm, PersonPath, SignUpForm
from core.identity.web.limits import throttle
from core.kernel import clock
from core.kernel.errors import RuleBroken
from core.kernel.ids import PersonId
from core.kernel.roles import Role
from core.web.door import perform, read
from core.web.guard import public, quiet, requires
from core.web.threads import natively

api = APIBlueprint("identity_people", __name__, url_prefix="/api/v1")


def sign_up(form: SignUpForm) -> PersonId:
    """A bidder's organisation and its first person join."""
    throttle("sign-up", form.uscc)
    where, who = _where(form), _who(form)
    return perform(lambda work: services.sign_up(work, where, who))


def enlist(form: PersonForm) -> PersonId:
    """An administrator opens an account."""
    role, office, where, who = role_named(form.role), Office(form.office), _where(form), _who(form)
    return perform(lambda work: services.enlist(work, who, where, role, office))


def bar(person: PersonId) -> None:
    """An administrator closes an account."""
    at = clock.now()
    perform(lambda work: services.end_roles(work, person, at))


def role_named(name: str) -> Role:
    """The role of a word; raises RuleBroken for one that nobody is granted."""
    for role in GRANTABLE:
        if role.value == name:
            return role
    raise RuleBroken("grant.role", role=name)


def _where(form: SignUpForm) -> Place:
    """Checked before the slow hash, so that a slip of the pen costs nothing."""
    return Place(social_credit_code(form.uscc), normal_name(form.org_name))


def _who(form: SignUpForm) -> Newcomer:
    login, name = login_name(form.login), personal_name(form.name)
    accept_password(form.password, login)
    return Newcomer(login, name, natively(lambda: passwords.hashed(form.password)))


@api.post("/organisations")
@public
@quiet
def join(body: SignUpForm) -> tuple[Response, int]:
    """A bidder's organisation and its first person join."""
    return jsonify({"person": str(sign_up(body))}), 201


@api.get("/people")
@requires(Role.ADMIN)
def people(query: PeopleQuery) -> Response:
    """People by login name, at most 50 a page; `after` begins the next."""
    page = read(lambda session: queries.search(session, query.q, query.after))
    return jsonify({"people": [_person(view) for view in page.people], "after": page.after})


@api.post("/people")
@requires(Role.ADMIN)
def open_account(body: PersonForm) -> tuple[Response, int]:
    """Opens an account with its first role."""
    return jsonify({"person": str(enlist(body))}), 201


@api.post("/people/<person>/roles")
@requires(Role.ADMIN)
def give_role(path: PersonPath, body: GrantForm) -> Response:
    """Gives a person another role."""
    person, role, office = PersonId(UUID(path.person)), role_named(body.role), Office(body.office)
    perform(lambda work: services.grant(work, person, body.uscc, role, office))
    return jsonify(_person(read(lambda session: queries.person(session, person))))


@api.post("/people/<person>/bar")
@requires(Role.ADMIN)
def close_account(path: PersonPath, body: NoForm) -> Response:
    """Closes an account: its logins and roles end."""
    person = PersonId(UUID(path.person))
    bar(person)
    return jsonify(_person(read(lambda session: queries.person(session, person))))


def _person(view: queries.PersonView) -> dict[str, object]:
    grants = [
        {"id": str(grant.id), "role": grant.role.value, "office": grant.office.value, "uscc": grant.uscc, "org_name": grant.org_name}
        for grant in view.grants
    ]
    barred = None if view.disabled_at is None else clock.text(view.disabled_at)
    return {"id": str(view.id), "login": view.login, "name": view.name, "barred_at": barred, "grants": grants}
