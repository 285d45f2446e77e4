"""Performance security: asked of the winner as the document says, there before the contract, back by the tenderer's word."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from core.kernel import chain
from core.kernel.errors import NotAllowed, NotFound, RuleBroken
from core.kernel.ids import CaseId
from core.kernel.money import Money
from core.kernel.work import Door
from deposits.queries import finance
from deposits.queries import performance as queries
from deposits.queries.claims import claims_of
from tests.builders.holds import KEEPER
from tests.builders.securities import ASKED, Secured, secured
from tests.builders.trading import TENDERER
from trading.domain.lot import LotState
from trading.services import deposit_acts


@pytest.fixture
def made(door: Door, clock_file: Path, tmp_path: Path) -> Iterator[Secured]:
    with secured(door, clock_file, tmp_path) as found:
        yield found


def kinds(made: Secured) -> list[str]:
    found = made.world.door.read(lambda session: chain.events(session, CaseId(made.case)))
    return [event.kind for event in found]


def sign(made: Secured) -> None:
    made.tender.sign_contract(made.tender.tenderer)
    made.tender.sign_contract(made.winner)


def test_the_contract_waits_for_the_money_which_goes_back_after_performance_with_interest(made: Secured) -> None:
    tender, world = made.tender, made.world
    asked = made.view
    assert (str(asked.amount), asked.winners, asked.form, asked.number) == (ASKED, (made.winner.org,), "", f"{tender.number}-P")
    tender.sign_contract(tender.tenderer)
    with pytest.raises(RuleBroken, match=r"performance\.missing"):
        tender.sign_contract(made.winner)
    made.pay()
    assert (made.view.form, made.view.state) == ("money", "locked")
    with pytest.raises(RuleBroken, match=r"performance\.no_contract"):
        made.give_back()
    tender.sign_contract(made.winner)
    assert tender.lot.state is LotState.CONTRACTED
    assert made.view.state == "locked"  # the bids' deposits go back, this one stays
    world.jump(timedelta(days=300))
    made.give_back()
    (refund,) = world.view(made.winner).refunds
    assert (refund.reason, (refund.due_at - world.now).days) == ("performed", 4)
    world.send()
    world.read_notices()
    (refund,) = world.view(made.winner).refunds
    assert refund.state == "confirmed" and refund.interest.fen > 0
    assert world.door.read(finance.audit) == finance.Audit((), True, ())
    with pytest.raises(RuleBroken, match=r"performance\.returned"):
        made.give_back()


def test_a_guarantee_serves_as_well_once_it_was_verified_and_ends_with_the_performance(made: Secured) -> None:
    given, firm = made.given, made.winner
    given.issued(firm)
    assert made.view.form == ""
    given.tick()
    view = given.view(firm)
    assert (view.product, view.state, made.view.form) == ("performance", "verified", "guarantee")
    sign(made)
    made.give_back()
    assert (given.view(firm).state, given.view(firm).reason) == ("released", "performed")


def test_a_faulty_guarantee_does_not_serve_and_another_may_follow(made: Secured) -> None:
    given, firm = made.given, made.winner
    given.sandboxes[0].books.set_fault("short_amount", 1)
    given.issued(firm)
    given.tick()
    assert (given.view(firm).state, made.view.form) == ("faulty", "")
    made.tender.sign_contract(made.tender.tenderer)
    with pytest.raises(RuleBroken, match=r"performance\.missing"):
        made.tender.sign_contract(firm)
    given.issued(firm, 1)
    given.tick()
    assert made.view.form == "guarantee"


def test_nobody_but_the_winner_gives_it_and_too_late_is_too_late(made: Secured) -> None:
    other = made.tender.bidders[1]
    with pytest.raises(NotAllowed, match=r"performance\.winner_only"):
        made.world.request(other)
    with pytest.raises(NotAllowed, match=r"performance\.winner_only"):
        made.given.apply(other)
    made.world.jump(timedelta(days=40))
    with pytest.raises(RuleBroken, match=r"deposit\.deadline_passed"):
        made.world.request(made.winner)
    assert made.view.is_owed(made.world.now)


def test_part_of_it_is_not_it_and_goes_back_after_the_deadline(made: Secured) -> None:
    made.pay(amount="12999999.99")
    assert (made.view.form, made.view.state) == ("", "short")
    made.world.pay(made.winner, "0.01")
    made.world.read_notices()
    assert made.view.form == "money"


def test_only_the_tenderer_gives_it_back_and_for_a_day_that_was(made: Secured) -> None:
    made.pay()
    sign(made)
    with pytest.raises(NotAllowed):
        made.give_back(by=made.winner)
    with pytest.raises(RuleBroken, match=r"performance\.not_yet"):
        made.give_back(performed_on="2099-01-01")
    made.give_back()
    assert kinds(made)[-2:] == ["performance.return", "refund.schedule"]


def test_for_a_breach_the_guarantee_is_claimed_under_and_the_money_kept_once_there_is_a_contract(made: Secured) -> None:
    given, firm, world = made.given, made.winner, made.world
    world.sandbox.books.open_account(KEEPER, TENDERER)
    given.issued(firm)
    given.tick()
    made.pay()
    with pytest.raises(RuleBroken, match=r"forfeit\.no_contract"):
        made.claim()
    sign(made)
    with pytest.raises(RuleBroken, match=r"forfeit\.other_security"):
        made.claim(ground="revoked")
    with pytest.raises(RuleBroken, match=r"forfeit\.payee_other"):
        made.keep(payee_name="别人")
    claim = made.claim()
    made.answered()
    bond = given.view(firm).id
    (told,) = world.door.read(lambda session: claims_of(session, [bond])[bond])
    assert (given.view(firm).state, told.state.value, told.amount) == ("called", "paid", Money.yuan(ASKED))
    receipt = {"claim_sha256": claim, "amount_fen": told.amount.fen, "reference": "建行来账 7"}
    made.act(deposit_acts.confirm_claim, made.tender.tenderer, "claim.receipt", receipt)
    made.keep()
    assert made.view.is_kept and made.view.form == ""
    world.send()
    world.read_notices()
    assert world.door.read(finance.audit) == finance.Audit((), True, ())
    assert world.view(firm).state == "forfeited"


def test_a_document_that_asks_for_none_leaves_the_contract_alone(door: Door, clock_file: Path, tmp_path: Path) -> None:
    with secured(door, clock_file, tmp_path, None) as made:
        assert door.read(lambda session: queries.security(session, made.tender.lot_id)) is None
        sign(made)
        assert made.tender.lot.state is LotState.CONTRACTED
        with pytest.raises(NotFound, match=r"performance\.not_asked"):
            made.give_back()


def test_a_document_may_ask_for_a_tenth_and_no_more(door: Door, clock_file: Path, tmp_path: Path) -> None:
    with pytest.raises(RuleBroken, match=r"performance\.percent"), secured(door, clock_file, tmp_path, {"bp": 1_001, "days": 400}):
        pass
