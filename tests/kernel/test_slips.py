"""Slips in share boxes: what is dealt comes together again, and an office's tool gives a share away on the log's word alone."""

from __future__ import annotations

import copy
from dataclasses import replace
from datetime import timedelta

import pytest

from core.kernel import age, draw, jcs, sealing, slips
from core.kernel.certificates import Holder
from core.kernel.errors import BadSignature, WrongState
from core.kernel.signing import SoftwareP256Signer
from core.kernel.slips import WINDOW, Place, SlipRequest, SlipRequestFault
from tests.builders.paper import NOON, Paper

CASE, DRAW = "T2026-000001", "draw-1-1"
KEYS = {role: age.new_identity() for role in sealing.ROLES}
RECIPIENTS = {role: [key.recipient] for role, key in KEYS.items()}
PLACE, VALUE = Place(CASE, DRAW, "tenderer"), bytes(range(32))


def test_any_two_offices_give_the_value_back_and_one_does_not() -> None:
    dealt = {share.role: share for share in slips.deal(PLACE, VALUE, RECIPIENTS)}
    commitment = draw.commit(CASE, DRAW, "tenderer", VALUE).hex()
    opened = {role: slips.open_box(share, KEYS[role], PLACE) for role, share in dealt.items()}
    for missing in sealing.ROLES:
        two = {role: share for role, share in opened.items() if role != missing}
        assert slips.combine(PLACE, two, commitment) == VALUE
    for wrong in ({"centre": opened["centre"]}, {}):
        with pytest.raises(BadSignature):
            slips.combine(PLACE, wrong, commitment)
    with pytest.raises(BadSignature, match=r"slip.not_committed"):
        slips.combine(PLACE, {"centre": opened["centre"], "supervisor": bytes(32) + b"\7"}, commitment)
    with pytest.raises(BadSignature):
        slips.open_box(dealt["centre"], KEYS["supervisor"], PLACE)
    with pytest.raises(BadSignature, match=r"share.bound_elsewhere"):
        slips.open_box(dealt["centre"], KEYS["centre"], Place(CASE, DRAW, "supervisor"))


def test_shares_are_read_strictly() -> None:
    said = [share.to_json() for share in slips.deal(PLACE, VALUE, RECIPIENTS)]
    assert [share.to_json() for share in slips.read_shares(said)] == said and slips.read_shares([]) == ()
    broken = copy.deepcopy(said)
    broken[0]["odd"] = 1
    wrong = (None, said[:2], said[::-1], broken, [1], [{**said[0], "recs": []}], [{**said[0], "role": "notary"}])
    for one in (*wrong, [{**said[0], "box": "A" * 8_000}, *said[1:]]):
        with pytest.raises(BadSignature):
            slips.read_shares(one)


@pytest.fixture(scope="module")
def paper() -> Paper:
    return Paper()


@pytest.fixture(scope="module")
def request_(paper: Paper) -> SlipRequest:
    """What the centre's office is asked when the tenderer stays silent."""
    commits, signers = {}, []
    for party in sealing.ROLES:
        signer = SoftwareP256Signer.generate()
        signers.append(paper.certify(Holder("person", party), signer))
        place = Place(CASE, DRAW, party)
        shares = [share.to_json() for share in slips.deal(place, VALUE, RECIPIENTS)]
        body = {"draw": DRAW, "party": party, "commit": draw.commit(CASE, DRAW, party, VALUE).hex(), "shares": shares}
        said = paper.say(signer, "draw.commit", CASE, body, role=party)
        commits[party] = paper.publish(paper.record(said, CASE))[0]
    return SlipRequest(
        case=CASE,
        lot="1",
        role="centre",
        draw=DRAW,
        party="tenderer",
        authorities=tuple(paper.authorities),
        signers=tuple(signers),
        commits=commits,
        prev="",
    )


def test_a_request_travels_as_a_file(request_: SlipRequest) -> None:
    said = request_.to_json()
    assert slips.read_request(jcs.parse_object(jcs.canonical(said))).to_json() == said
    for wrong in (said | {"format": "x"}, said | {"odd": 1}, said | {"commits": {"centre": {}}}, said | {"authorities": ["x"]}):
        with pytest.raises(SlipRequestFault):
            slips.read_request(wrong)


def test_a_share_leaves_when_all_commits_are_witnessed_and_the_time_is_over(paper: Paper, request_: SlipRequest) -> None:
    later = NOON + WINDOW + timedelta(days=1)
    share, seen = slips.share_for(request_, paper.policy, "centre", KEYS["centre"], later)
    assert len(share) == 33 and seen.size
    with pytest.raises(WrongState, match=r"release.window_open"):
        slips.share_for(request_, paper.policy, "centre", KEYS["centre"], NOON)
    two = replace(request_, commits={party: proof for party, proof in request_.commits.items() if party != "supervisor"})
    swapped = replace(request_, commits=request_.commits | {"supervisor": request_.commits["centre"]})
    elsewhere = replace(request_, draw="draw-1-2")
    unsigned = replace(request_, signers=())
    for one in (two, swapped, elsewhere, unsigned):
        with pytest.raises(BadSignature):
            slips.share_for(one, paper.policy, "centre", KEYS["centre"], later)
    with pytest.raises(BadSignature, match=r"release.other_office"):
        slips.share_for(request_, paper.policy, "supervisor", KEYS["supervisor"], later)
