"""Two of three offices open a bid whose bidder did not come, and nobody else can; on both databases."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from core.kernel import sealing
from core.kernel.errors import BadSignature, NotAllowed, NotFound, RuleBroken, WrongState
from core.kernel.releasing import read_request
from core.kernel.roles import Role
from core.kernel.signing import read_statement
from tests.builders.bids import OFFICES, Hall
from tests.builders.people import Person, authority
from tests.services.openings.steps import of, refused
from trading.domain.opening import Key
from trading.queries import release_requests

pytestmark = pytest.mark.sqlite_alone


@pytest.mark.on_both
def test_one_share_is_not_enough(sealed: Hall) -> None:
    a, b, c, _ = sealed.tender.bidders
    sealed.decrypting(a, b)
    sealed.release(a)
    sealed.release(b)
    sealed.after_window()
    sealed.rescue("tenderer", c)
    sealed.after_rescue()
    view = sealed.batch()
    assert (of(view, c).key, of(view, c).cause) == (Key.FAILED, "own")


def test_a_wrong_share_is_refused_and_its_office_named(sealed: Hall) -> None:
    a, b, c, _ = sealed.tender.bidders
    sealed.decrypting(a, b)
    sealed.after_window()
    refusal = refused("share.commitment_differs", BadSignature, lambda: sealed.rescue("centre", c, share=bytes(32) + b"\2"))
    assert refusal.facts["role"] == "centre"
    assert sealed.rescue("centre", c)["shares"] == 1


@pytest.mark.parametrize("pair", [("tenderer", "centre"), ("centre", "supervisor"), ("supervisor", "tenderer")])
def test_any_two_offices_open_a_bid(sealed: Hall, pair: Sequence[str]) -> None:
    a, b, c, _ = sealed.tender.bidders
    sealed.decrypting(a, b)
    sealed.after_window()
    assert [sealed.rescue(office, c)["complete"] for office in pair] == [False, True]
    third = next(office for office in OFFICES if office not in pair)
    refused("envelope.rescue.wrong_state", WrongState, lambda: sealed.rescue(third, c))


@pytest.mark.on_both
def test_a_share_is_refused_early_late_twice_and_from_another_office(sealed: Hall) -> None:
    a, b, c, _ = sealed.tender.bidders
    sealed.decrypting(a, b)
    refused("opening.rescue.early", WrongState, lambda: sealed.rescue("centre", c))
    sealed.after_window()
    sealed.rescue("centre", c)
    refused("opening.rescue.share_twice", RuleBroken, lambda: sealed.rescue("centre", c))
    request = sealed.share_request("supervisor", c)
    centre = sealed.officers["centre"]
    forged = centre.act("share-release", sealed.tender.case, sealed.tender.no, body=dict(read_statement(request.envelope.payload).body))
    refused("opening.rescue.other_office", NotAllowed, lambda: sealed.perform(centre, lambda work: _share(work, forged)))
    foreign = sealed.tender.crowd.join(Role.OFFICER, "别的招标人有限公司", office="tenderer")
    body = dict(read_statement(sealed.share_request("tenderer", c).envelope.payload).body)
    elsewhere = foreign.act("share-release", sealed.tender.case, sealed.tender.no, body=body)
    refused("opening.rescue.other_office", NotAllowed, lambda: sealed.perform(foreign, lambda work: _share(work, elsewhere)))
    unknown = centre.act("share-release", sealed.tender.case, sealed.tender.no, body=body | {"bid_pub": "age1unknown", "role": "centre"})
    refused("opening.rescue.unknown_key", NotFound, lambda: sealed.perform(centre, lambda work: _share(work, unknown)))
    bidder = c.act("share-release", sealed.tender.case, sealed.tender.no, body=body)
    refused("act.role", NotAllowed, lambda: sealed.perform(c, lambda work: _share(work, bidder)))
    sealed.after_rescue()
    refused("opening.rescue.over", WrongState, lambda: sealed.rescue("supervisor", c))


def _share(work: Any, request: Any) -> Any:
    from trading.services import releases

    return releases.release_share(work, request)


def test_an_office_is_asked_with_the_grounds_that_its_own_tool_checks(sealed: Hall) -> None:
    a, b, c, _ = sealed.tender.bidders
    sealed.decrypting(a, b)
    sealed.release(a)
    sealed.release(b)
    authorities = (authority().issuing.certificate, authority().root.certificate)
    officer = sealed.officers["centre"]

    def ask(who: Person) -> tuple[release_requests.Pending, ...]:
        now = sealed.tender.now

        def look(session: Any) -> tuple[release_requests.Pending, ...]:
            return release_requests.pending(session, who.actor, release_requests.office_of(session, who.person, now), authorities, now)

        return sealed.tender.door.read(look)

    assert ask(officer) == ()
    sealed.after_window()
    assert ask(officer) == ()  # `opening.start` and `opening.identity` are not in the log yet
    sealed.grow()
    (found,) = ask(officer)
    request = read_request(found.request.to_json())
    assert set(request.events) == {"close", "opening.start", "opening.identity"}
    assert [(asked.bidder, asked.body.env) for asked in request.asked] == [(str(c.org), "technical")]
    share = sealing.open_share_box(
        request.asked[0].box,
        officer.identity,
        sealed.place(c, "technical", 1),
        request.asked[0].body.bid_pub,
        request.asked[0].body.share("centre"),
    )
    assert len(share) == 33
    sealed.rescue("centre", c)
    assert ask(officer) == ()
    foreign = sealed.tender.crowd.join(Role.OFFICER, "别的招标人有限公司", office="tenderer")
    assert ask(foreign) == () and len(ask(sealed.officers["tenderer"])) == 1
    refused("opening.rescue.not_allowed", NotAllowed, lambda: ask(a))
