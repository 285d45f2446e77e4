"""Who learns what of an award session: members by their numbers; of ballots, opinions and slips that they are in."""

from __future__ import annotations

from evaluation.domain.showing import AWARD, AWARDING, SUPERVISOR, TENDERER, Show, shown

JUDGING_THE_AWARD = (AWARD, TENDERER, SUPERVISOR)

PROJECTIONS: dict[str, Show] = {
    "award.open": shown(AWARDING, "members", "candidates"),
    "award.sign_in": shown(AWARDING, "member"),
    "award.declare": shown(AWARDING, "member", "steps_back"),
    "award.replace": shown(AWARDING, "member", "successor", "starts_again"),
    "award.opinion": shown(AWARDING, "member", "round"),
    "ballot": shown(AWARDING, "member", "round"),
    "award.round": shown(JUDGING_THE_AWARD, "votes", "standing", "round"),
    "award_draw.request": shown(AWARDING, "draw", "purpose"),
    "award_draw.commit": shown(AWARDING, "draw", "party"),
    "award_draw.reveal": shown(AWARDING, "draw", "party"),
    "award_draw.redraw": shown(AWARDING, "draw", "reason"),
    "award_draw.result": shown(AWARDING, "draw", "seed"),
    "award.result": shown(AWARDING, "winner", "result_sha256"),
}
