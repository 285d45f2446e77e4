"""What is sealed says whether it is a bid or an application, and its shares are bound to that."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest

from core.kernel import age, jcs, sealing
from core.kernel.errors import BadSignature
from core.kernel.sealing import Purpose
from tests.kernel.test_sealing import PLACE, sealed


def test_an_application_says_what_it_is_and_its_shares_open_for_nothing_else():
    place = replace(PLACE, env="application", purpose=Purpose.APPLICATION)
    offices = {role: age.new_identity() for role in sealing.ROLES}
    made = sealing.seal(
        io.BytesIO(b"plain"),
        io.BytesIO(),
        place,
        offices={role: [identity.recipient] for role, identity in offices.items()},
        bidder=[age.new_identity().recipient],
        client_build="test",
    )
    body = sealing.read_seal_body(jcs.parse_object(jcs.canonical(made.body)))
    assert made.body["purpose"] == "application" and body.purpose is Purpose.APPLICATION
    box, promise = made.shares[1].box, body.share("centre")
    assert len(sealing.open_share_box(box, offices["centre"], place, body.bid_pub, promise)) == 33
    with pytest.raises(BadSignature, match=r"share\.bound_elsewhere"):
        sealing.open_share_box(box, offices["centre"], replace(place, purpose=Purpose.BID), body.bid_pub, promise)
    assert "purpose" not in sealed()[1].body and sealing.read_seal_body(dict(sealed()[1].body)).purpose is Purpose.BID


@pytest.mark.parametrize("purpose", ["bid", "anything", None, 1], ids=str)
def test_a_purpose_that_nobody_says_is_refused(purpose):
    with pytest.raises(BadSignature, match=r"seal\.malformed"):
        sealing.read_seal_body(dict(sealed()[1].body) | {"purpose": purpose})
