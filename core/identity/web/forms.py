"""What comes in over identity's pages and API."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from core.web.forms import ActForm, CaseNumber, Digest, Form, Line, Query

LoginName = Annotated[str, Field(min_length=1, max_length=64)]
Password = Annotated[str, Field(min_length=1, max_length=200)]
Name = Annotated[str, Field(min_length=1, max_length=120)]
Code = Annotated[str, Field(min_length=1, max_length=30)]
RoleName = Annotated[str, Field(pattern=r"^[a-z_]{1,20}$")]
OfficeName = Literal["", "tenderer", "centre", "supervisor"]
Identifier = Annotated[str, Field(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$")]
Moment = Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z$")]


class LoginForm(Form):
    """A login name with its password, and the role to go on in when there are several."""

    login: LoginName
    password: Password
    role: RoleName | None = None


class RoleForm(Form):
    """The grant to go on in."""

    grant: Identifier


class NoForm(Form):
    """A body that says nothing: `{}`."""


class PasswordForm(Form):
    """The old password and the new one."""

    old: Password
    new: Password


class EnrolmentForm(ActForm):
    """A `device.enrol` statement; the password, or none after an electronic licence was shown; for a step-up key what its authenticator
    registered; where another authority has certified the key, its certificates as PEM, the holder's first."""

    registration: dict[str, Any] | None = None
    chain: Annotated[list[Annotated[str, Field(max_length=12_000)]], Field(min_length=1, max_length=8)] | None = None


class RevocationForm(Form):
    """Why a certificate is to end."""

    reason: RoleName


class SignUpForm(Form):
    """A bidder's organisation and its first person."""

    uscc: Code
    org_name: Name
    login: LoginName
    name: Name
    password: Password


class PersonForm(SignUpForm):
    """An account that an administrator opens."""

    role: RoleName
    office: OfficeName = ""


class GrantForm(Form):
    """Another role for somebody."""

    uscc: Code
    role: RoleName
    office: OfficeName = ""


class ClockForm(Form):
    """Forward to a moment, or by some seconds."""

    reason: Line
    to: Moment | None = None
    seconds: Annotated[int, Field(ge=1, le=400 * 86_400)] | None = None


class ContextQuery(Query):
    """The case that the next act belongs to; the role when there are several."""

    case: CaseNumber
    role: RoleName | None = None


class PeopleQuery(Query):
    """Words to search for, and the login name that the page begins after."""

    q: Annotated[str, Field(max_length=100)] = ""
    after: Annotated[str, Field(max_length=64)] = ""


class KeyPath(Query):
    """A key."""

    key_id: Digest


class AnchorPath(Query):
    """An authority that is not ours."""

    anchor: Identifier


class PersonPath(Query):
    """A person."""

    person: Identifier


class SessionPath(Query):
    """A login."""

    session: Identifier


TopicName = Literal["change", "result", "task", "progress", "account"]
Hour = Annotated[int, Field(ge=0, le=23)]


class MessageQuery(Query):
    """Which messages, and the one that the page begins after."""

    topic: TopicName | Literal[""] = ""
    unread: Literal["", "1"] = ""
    after: Identifier | Literal[""] = ""


class MessagePath(Query):
    """A message."""

    message: Identifier


class MediumPath(Query):
    """A way outside."""

    medium: Literal["mail", "sms"]


class ChoiceForm(Form):
    """By which ways one has which messages (`topic.medium`, those left out are not wanted), in which language, and not in which hours."""

    ways: Annotated[list[Annotated[str, Field(pattern=r"^(change|result|task|progress|account)\.(inbox|mail|sms)$")]], Field(max_length=15)]
    language: Literal["zh", "en"]
    quiet_begin: Hour
    quiet_end: Hour


class AddressForm(Form):
    """Where one wants to be reached."""

    address: Annotated[str, Field(min_length=1, max_length=200)]


class CodeForm(Form):
    """The code that was sent there."""

    code: Annotated[str, Field(pattern=r"^[0-9]{6}$")]
