"""The API of the award committee."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify
from flask_openapi3.blueprint import APIBlueprint

from core.identity.web.acts import read_act
from core.kernel.roles import Role
from core.web.door import actor, perform, read
from core.web.guard import requires
from evaluation.domain.scoring_case import digest
from evaluation.queries import awards as queries
from evaluation.queries.awards import AwardView
from evaluation.services import awards
from evaluation.web.forms import ActForm, LotPath

api = APIBlueprint("evaluation_awards", __name__, url_prefix="/api/v1")


@api.get("/lots/<number>/award/eligible")
@requires(Role.TENDERER)
def eligible(path: LotPath) -> Response:
    """Whom the tenderer may name."""
    who = actor()
    found = read(lambda session: queries.eligible(session, who, path.number))
    return jsonify({"people": [{"person": str(one.id), "name": one.name} for one in found]})


@api.post("/lots/<number>/award")
@requires(Role.TENDERER)
def open_session(path: LotPath, body: ActForm) -> Response:
    """The tenderer names the members and opens the session (`award.open`)."""
    act = read_act(body)
    return jsonify(perform(lambda work: awards.open_session(work, path.number, act)))


@api.get("/lots/<number>/award")
@requires(Role.AWARD_MEMBER, Role.TENDERER, Role.SUPERVISOR, Role.CENTRE)
def view(path: LotPath) -> Response:
    """The session as the caller may see it."""
    who = actor()
    response = jsonify(as_json(read(lambda session: queries.view(session, who, path.number))))
    response.headers["Cache-Control"] = "no-store"
    return response


@api.post("/lots/<number>/award/ballots")
@requires(Role.AWARD_MEMBER)
def vote(path: LotPath, body: ActForm) -> Response:
    """A member casts the ballot of this round (`ballot`)."""
    act = read_act(body)
    return jsonify(perform(lambda work: awards.vote(work, path.number, act)))


def as_json(found: AwardView) -> dict[str, Any]:
    """The session as the API tells it."""
    me = found.me
    return {
        "case": found.lot.case,
        "lot": found.lot.no,
        "state": found.state.value,
        "round": found.round,
        "standing": list(found.standing),
        "candidates": [
            {
                "org": one.org,
                "name": one.name,
                "code": one.code,
                "price_fen": one.price.fen,
                "total": one.total,
                "price_score": one.price_score,
                "technical": one.technical,
                "criteria": dict(one.criteria),
            }
            for one in found.candidates
        ],
        "members": [{"number": one.number, "voted": one.voted} for one in found.members],
        "me": {"number": me.number, "voted": me.voted} if me else None,
        "rounds": [{"round": number, "ballots": [_ballot(one) for one in ballots]} for number, ballots in found.rounds],
        "winner": found.result["winner"] if found.result else "",
        "result_sha256": digest(dict(found.result)) if found.result else "",
        "available": [action.value for action in found.available],
    }


def _ballot(one: queries.BallotView) -> dict[str, Any]:
    return {"member": one.member, "choice": one.choice, "reasons": [{"text": text, "page": page} for text, page in one.reasons]}
