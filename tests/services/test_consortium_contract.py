"""The contract of a consortium that won: every member signs in its own name, once, and the last signature makes it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.engine import Engine

from core.kernel.errors import NotAllowed, RuleBroken, WrongState
from core.kernel.signing import Ed25519Signer
from core.kernel.work import Door
from tests.builders import consortia as made
from tests.builders.bids import hall
from tests.builders.messages import tell, words
from tests.builders.people import Person
from tests.builders.trading import Tender, tender
from trading.domain.draft import DraftKind
from trading.domain.lot import LotAction, LotState
from trading.queries.workplace import Workplace, workplace
from trading.services import lots, telling

pytestmark = pytest.mark.sqlite_alone


@pytest.fixture
def door(engine: Engine, platform_key: Ed25519Signer, clock_file: Path) -> Iterator[Door]:
    """A door that tells trading's events on."""
    opened = Door(engine, platform_key, announced=telling.ANNOUNCED, clock_file=clock_file, readers=2)
    yield opened
    opened.close()


@pytest.fixture
def world(door: Door, clock_file: Path, tmp_path: Path) -> Tender:
    """A lot won by a consortium of its first two firms; its award notice is out."""
    room = hall(tender(door, clock_file), tmp_path, consortium_members=2)
    one = room.tender
    one.join_bidders(4)
    made.formed(one, one.bidders[:2])
    leads = [firm.org for firm in one.bidders if firm is not one.bidders[1]]
    one.close_bidding(leads)
    one.step(lots.begin_evaluation)
    one.accept_report(leads)
    one.publish_candidates()
    one.end_publicity()
    one.step_award()
    one.send_award_notice()
    return one


def page(world: Tender, who: Person) -> Workplace:
    return world.door.read(lambda session: workplace(session, world.number, who.actor, world.now, DraftKind.CONTRACT))


@pytest.mark.on_both
def test_every_member_signs_and_the_last_signature_makes_the_contract(world: Tender) -> None:
    lead, member, loser, _ = world.bidders
    with pytest.raises(WrongState, match=r"contract\.not_offered"):
        world.sign_contract(member)
    world.sign_contract(world.tenderer)
    assert world.sign_contract(member) == {"lot": world.number, "state": "notice_sent", "complete": False}
    assert [(one.name, one.has_signed, one.is_reader) for one in page(world, lead).signers] == [
        (page(world, lead).signers[0].name, False, True),
        (page(world, lead).signers[1].name, True, False),
    ]
    assert LotAction.SIGN_CONTRACT in page(world, lead).page.available
    assert LotAction.SIGN_CONTRACT not in page(world, member).page.available
    with pytest.raises(WrongState, match=r"contract\.signed_already"):
        world.sign_contract(member)
    with pytest.raises(NotAllowed):
        world.sign_contract(loser)
    tell(world.door)
    assert "contract.sign" in words(lead)
    assert world.sign_contract(lead)["complete"] is True
    assert world.lot.state is LotState.CONTRACTED and world.lot.contract_at is not None
    assert page(world, world.tenderer).page.lot.contract_signers == (member.org, lead.org)


@pytest.mark.parametrize("org", ["", "other"])
def test_a_member_signs_in_its_own_name(world: Tender, org: str) -> None:
    lead, member, *_ = world.bidders
    world.sign_contract(world.tenderer)
    with pytest.raises(RuleBroken, match=r"contract\.org_other|body.malformed"):
        world.sign_contract(member, org=str(lead.org) if org else "")
    assert world.lot.contract_signers == ()


def test_one_firm_that_won_names_no_member(door: Door, clock_file: Path) -> None:
    world = tender(door, clock_file).awarded("RANK_ONE")
    world.send_award_notice()
    world.sign_contract(world.tenderer)
    with pytest.raises(RuleBroken, match=r"contract\.org_other"):
        world.sign_contract(world.bidders[0], org=str(world.bidders[0].org))
    assert world.sign_contract(world.bidders[0])["complete"] is True
