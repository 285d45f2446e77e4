"""The API of the award committee."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify, send_file
from flask_openapi3.blueprint import APIBlueprint

from core.identity.web.acts import act_on
from core.kernel.roles import Role
from core.web.door import actor, read
from core.web.guard import requires
from core.web.platform import platform
from evaluation.domain.scoring_case import digest
from evaluation.queries import award_lots
from evaluation.queries import awards as queries
from evaluation.queries.award_lots import LotsView
from evaluation.queries.awards import AwardView
from evaluation.services import award_lots as lots_services
from evaluation.services import award_seats, awards
from evaluation.web.forms import ActForm, AwardDrawPath, AwardPaperPath, LotPath

api = APIBlueprint("evaluation_awards", __name__, url_prefix="/api/v1")
WATCHING = (Role.AWARD_MEMBER, Role.TENDERER, Role.SUPERVISOR, Role.CENTRE)
PARTIES = (Role.CENTRE, Role.SUPERVISOR, Role.TENDERER)
PAPERS = (Role.AWARD_MEMBER, Role.TENDERER, Role.SUPERVISOR)


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
    """The tenderer names the members, or the list to draw them from, and opens the session (`award.open`)."""
    return act_on(body, awards.open_session, path.number)


@api.get("/lots/<number>/award")
@requires(*WATCHING)
def view(path: LotPath) -> Response:
    """The session as the caller may see it."""
    who = actor()
    response = jsonify(as_json(read(lambda session: queries.view(session, who, path.number))))
    response.headers["Cache-Control"] = "no-store"
    return response


@api.post("/lots/<number>/award/sign-ins")
@requires(Role.AWARD_MEMBER)
def sign_in(path: LotPath, body: ActForm) -> Response:
    """A member is present (`award.sign_in`)."""
    return act_on(body, award_seats.sign_in, path.number)


@api.post("/lots/<number>/award/declarations")
@requires(Role.AWARD_MEMBER)
def declare(path: LotPath, body: ActForm) -> Response:
    """A member declares whether there is a reason to step back (`award.declare`)."""
    return act_on(body, award_seats.declare, path.number)


@api.post("/lots/<number>/award/replacements")
@requires(Role.TENDERER)
def replace(path: LotPath, body: ActForm) -> Response:
    """The tenderer says who is missing or falls out, and who follows (`award.replace`)."""
    return act_on(body, award_seats.replace, path.number)


@api.post("/lots/<number>/award/opinions")
@requires(Role.AWARD_MEMBER)
def speak(path: LotPath, body: ActForm) -> Response:
    """A member gives a written opinion before the chair decides (`award.opinion`)."""
    return act_on(body, awards.speak, path.number)


@api.post("/lots/<number>/award/ballots")
@requires(Role.AWARD_MEMBER)
def vote(path: LotPath, body: ActForm) -> Response:
    """A member casts the ballot of this round (`ballot`)."""
    return act_on(body, awards.vote, path.number)


@api.post("/lots/<number>/award/draws/commits")
@requires(*PARTIES)
def commit(path: LotPath, body: ActForm) -> Response:
    """A party hands in its sealed slip (`award_draw.commit`)."""
    return act_on(body, lots_services.commit, path.number)


@api.post("/lots/<number>/award/draws/reveals")
@requires(*PARTIES)
def reveal(path: LotPath, body: ActForm) -> Response:
    """A party opens its slip (`award_draw.reveal`)."""
    return act_on(body, lots_services.reveal, path.number)


@api.post("/lots/<number>/award/draws/redraws")
@requires(Role.CENTRE)
def redraw(path: LotPath, body: ActForm) -> Response:
    """The centre gives a draw up because a party is silent (`award_draw.redraw`)."""
    return act_on(body, lots_services.redraw, path.number)


@api.get("/lots/<number>/award/draws/<draw>/record")
@requires(*WATCHING)
def record(path: AwardDrawPath) -> Response:
    """The parts of a finished draw of lots, from which anyone recomputes it."""
    who = actor()
    read(lambda session: queries.view(session, who, path.number))
    response = jsonify(read(lambda session: award_lots.record(session, path.number, path.draw)))
    response.headers["Content-Disposition"] = f'attachment; filename="{path.number}-{path.draw}.json"'
    return response


@api.get("/lots/<number>/award/papers/<sha256>")
@requires(*PAPERS)
def paper(path: AwardPaperPath) -> Response:
    """A paper to which reasons may point: the report, the tender document, a candidate's bid."""
    who = actor()
    found = read(lambda session: queries.paper(session, who, path.number, path.sha256))
    # A bidder's file is never shown as a page of ours: the viewer fetches its bytes.
    name = found.name or f"{path.number}-report.pdf"
    return send_file(platform().files.path(found.sha256), mimetype="application/octet-stream", as_attachment=True, download_name=name)


def as_json(found: AwardView) -> dict[str, Any]:
    """The session as the API tells it."""
    me = found.me
    return {
        "case": found.lot.case,
        "lot": found.lot.no,
        "state": found.state.value,
        "method": found.plan.method.value,
        "round": found.round,
        "act_round": found.act_round,
        "standing": list(found.standing),
        "output_sha256": found.output_sha256,
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
        "members": [_member(one) for one in found.members],
        "me": {"number": me.number, "voted": me.voted} if me else None,
        "papers": [{"sha256": one.sha256, "owner": one.owner, "name": one.name, "pages": one.pages} for one in found.papers],
        "draws": [_draw(one) for one in found.draws],
        "rounds": [{"round": one.number, "ballots": [_ballot(ballot) for ballot in one.ballots]} for one in found.rounds],
        "winner": found.result["winner"] if found.result else "",
        "how": found.result["how"] if found.result else "",
        "result_sha256": digest(dict(found.result)) if found.result else "",
        "available": [action.value for action in found.available],
    }


def _member(one: queries.MemberView) -> dict[str, Any]:
    done = ("signed_in", "declared", "voted", "has_left")
    return {"number": one.number, "post": one.post, "chair": one.is_chair} | {name: getattr(one, name) for name in done}


def _draw(one: LotsView) -> dict[str, Any]:
    return {
        "draw": one.name,
        "purpose": one.purpose,
        "state": one.state.value,
        "parties": list(one.parties),
        "committed": sorted(one.commits),
        "revealed": sorted(one.values),
    }


def _ballot(one: queries.BallotView) -> dict[str, Any]:
    reasons = [{"text": reason.text, "source": reason.source, "page": reason.page} for reason in one.reasons]
    return {"member": one.member, "choice": one.choice, "opinion": one.opinion, "scores": one.scores, "reasons": reasons}
