"""The twelve steps of a tender, in order, each a function over the play; a line tells what each did."""

from __future__ import annotations

from app.demo.script import award, bidding, closing, drawing, evaluating, opening, preparing
from app.demo.script.play import Step

STEPS: tuple[Step, ...] = (
    Step(1, "register", preparing.register),
    Step(2, "notice", preparing.publish),
    Step(3, "deposits", bidding.pay_deposits),
    Step(4, "seal", bidding.seal),
    Step(5, "opening", opening.open_technical),
    Step(6, "draw", drawing.fill_and_draw),
    Step(7, "evaluation", evaluating.evaluate),
    Step(8, "candidates", award.publish_candidates),
    Step(9, "award", award.vote),
    Step(10, "contract", award.contract),
    Step(11, "refunds", closing.refunds),
    Step(12, "evidence", closing.evidence),
)
