"""A provincial pool draws instead: its letter is drawn up, its signed reply taken in, and its members are those of the agreement."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import cast

from sqlalchemy import select

from core.identity.domain.anchor import Said, states_of
from core.identity.services.acts import Act, Expect, SignedRequest, once
from core.kernel.actor import Actor
from core.kernel.calendar import legal_day
from core.kernel.certpath import Path
from core.kernel.errors import BadSignature, RuleBroken, WrongState
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Work
from evaluation.domain.draw import MOVES, Action, Wanted
from evaluation.domain.expert import must_step_back
from evaluation.domain.provincial import By, Reply, ReplyBody, answers, drawn_by, keeps_the_cap, letter_sha256, order_commit, request_of
from evaluation.domain.specialty import specialty_of
from evaluation.events import ExpertsDrawn
from evaluation.events_provincial import PoolReplied
from evaluation.models.draws import Draw, DrawPseudonym, DrawReply, PreparedDraw
from evaluation.models.experts import Expert, PoolAgreement
from evaluation.queries import experts, partners
from evaluation.queries import provincial as queries
from evaluation.queries.calls import conditions_of
from evaluation.queries.draws import recused_later
from evaluation.services import calling
from evaluation.services.seated import facts_of, hold, put_on_list
from trading.domain.lot import roles_of
from trading.queries import lots
from trading.queries.lots import LotView


def request_for(work: Work, wanted: Wanted, interested: frozenset[str]) -> tuple[dict[str, JSON], str]:
    """The request of a draw that the agreement's partner makes; whom an interest binds stands there by the partner's own reference.
    Beside it the value, in hex, to which it commits for the order of the seats.

    Raises RuleBroken where no agreement of that number is in force.
    """
    day = legal_day(work.now())
    found = work.session.scalar(select(PoolAgreement).where(PoolAgreement.number == wanted.agreement))
    if found is None or not found.since_day <= day <= found.until_day or found.ended_on is not None:
        raise RuleBroken("draw.reply.agreement")
    pool = experts.in_pool(work.session, {specialty_of(quota.stratum) for quota in wanted.quotas}, day)
    bound = {
        one.id for one in pool if one.origin is not None and one.origin.number == found.number and must_step_back(one, interested, day)
    }
    keys = work.session.scalars(select(Expert.origin_key).where(Expert.origin_id == found.id)).all() if bound else []
    rows = work.session.execute(select(Expert.id, Expert.origin_key).where(Expert.origin_id == found.id))
    recused = [key for one, key in rows if str(one) in bound and key in keys]
    reference, value = f"Q-{secrets.token_hex(8)}", secrets.token_bytes(32)
    by = By(found.number, found.partner, reference, order_commit(reference, value))
    return request_of(by, wanted.quotas, recused, wanted.org_cap), value.hex()


def reply(work: Work, number: str, signed: SignedRequest, told: Sequence[Said]) -> dict[str, JSON]:
    """`draw.reply`: the centre hands in what the pool has signed. The first reply draws and everybody is called; a further one adds who may
    follow. `told`: what the authority says of the signer's certificates just now. Records PoolReplied and, at the first, ExpertsDrawn.

    Raises BadSignature for a stranger's word or a revoked certificate, RuleBroken where it does not answer the letter or names somebody
    who is not admitted here, WrongState where nobody says how the certificate stands.
    """
    lot = lots.by_number(work.session, number)
    expect = Expect("draw.reply", lot.case, lot.no, role=Role.CENTRE, step_up=True)
    return once(work, signed, expect, lambda act: _reply(work, lot, act, told))


def _reply(work: Work, lot: LotView, act: Act, told: Sequence[Said]) -> dict[str, JSON]:
    body = ReplyBody.read(act.body)
    draw = hold(work, lot, body.draw)
    roles = roles_of(Actor(act.person, act.org, frozenset({act.role})), lot.parties)
    to = MOVES.choose(Action.REPLY, draw.state, roles, facts_of(work, draw))
    request, now = queries.request_of(work.session, draw), work.now()
    by = drawn_by(request)
    if by is None:
        raise WrongState("draw.reply.own")
    path = body.word.verify(partners.authorities(work.session, now), now, by.partner)
    if path[-1] != body.word.chain[-1]:  # whoever checks offline needs the root beside it
        raise RuleBroken("partner.form", member="reply")
    _stands(path, told, now)
    earlier = [Reply.read(word.said) for word in queries.words_of(work.session, draw)]
    said = Reply.read(body.word.said)
    if refusal := answers(said, request, letter_sha256(request, conditions_of(work.session, draw.id)), earlier):
        raise refusal
    _admit(work, draw, by, [*earlier, said], int(cast("int", request["org_cap"])))
    count = len(earlier) + 1
    file = cast("dict[str, JSON]", dict(cast("Mapping[str, JSON]", act.body["file"])))
    row = DrawReply(draw_id=draw.id, number=count, file=file, sha256=body.word.sha256, subject=body.word.subject[:1000], at=now)
    work.session.add(row)
    work.session.flush()
    work.record(
        PoolReplied(case=lot.case, lot=lot.no, signed=act.envelope, draw=draw.name, partner=by.partner, number=count, subject=draw.name)
    )
    draw.state = to
    _list(work, lot, draw, is_first=not earlier)
    return {"state": draw.state.value, "reply": body.word.sha256}


def _list(work: Work, lot: LotView, draw: Draw, is_first: bool) -> None:
    drawn = queries.list_of(work.session, draw)
    put_on_list(work, draw, drawn)
    if not is_first:
        return
    draw.seed, draw.drawn_at = drawn.seed.hex(), work.now()
    facts = {"draw": draw.name, "pool_hash": draw.pool_hash, "seed": draw.seed, "picked": drawn.picked, "reserves": drawn.reserves}
    facts["order"] = work.session.get_one(PreparedDraw, draw.id).order_value
    work.record(ExpertsDrawn(case=lot.case, lot=lot.no, subject=draw.name, **facts))  # type: ignore[arg-type]  # each of its field's type
    work.send("log.checkpoint", f"draw.result/{draw.id}", {"reason": "draw"})
    calling.begin(work, lot, draw)


def _stands(path: Path, told: Sequence[Said], now: datetime) -> None:
    """Nobody's word counts under a certificate that was taken from them, or of which nobody says that it was not."""
    states = states_of(path, told, now)
    if "revoked" in states:
        raise BadSignature("partner.revoked")
    if "unknown" in states:
        raise WrongState("partner.no_status")


def _admit(work: Work, draw: Draw, by: By, replies: Sequence[Reply], cap: int) -> None:
    """Everybody named is an entry of the pool under this agreement (who is not is admitted as its guest first), of each employer no more
    than the cap among all who may come to sit."""
    said, entries = replies[-1], partners.entries(work.session, by.agreement)
    missing = [one for one in said.everybody if one not in entries]
    if missing:
        raise RuleBroken("draw.reply.unknown", ids="、".join(missing[:10]), count=len(missing))
    gone = set(recused_later(work.session, draw.id))
    named = [one for each in replies for one in each.everybody if one not in gone]
    if refusal := keeps_the_cap(named, partners.employers(work.session, by.agreement), cap):
        raise refusal
    work.session.add_all(DrawPseudonym(prepared_id=draw.id, pseudonym=one, expert_id=entries[one]) for one in said.everybody)
    work.session.flush()
