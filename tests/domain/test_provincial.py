"""A provincial pool: the letter that asks for a reply, each way a reply does not fit it, and the list that leavings and replies give."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.kernel import draw as kernel
from core.kernel.draw import DrawFault
from core.kernel.errors import Refusal, RuleBroken
from evaluation.domain import provincial
from evaluation.domain.calling import Conditions, SitePlan
from evaluation.domain.draw import Quota
from evaluation.domain.partner_word import PartnerWord
from evaluation.domain.provincial import Answered, By, Reply, ReplyBody, Roster

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
ORDER = b"o" * 32
BY = By("A2026-000001", "江北省综合评标专家库", "R-1", provincial.order_commit("R-1", ORDER))
CALLING = Conditions(NOW, timedelta(minutes=30), (SitePlan("云川", 3),), "ab" * 32)
REQUEST: dict[str, Any] = provincial.request_of(BY, [Quota("civil", 2), Quota("cost", 1)], ["S-9", "S-8"], 1)
DIGEST = provincial.letter_sha256(REQUEST, CALLING)
PICKED, RESERVES = {"civil": ["S-1", "S-2"], "cost": ["S-5"]}, {"civil": ["S-3"], "cost": []}
SAID: dict[str, Any] = {"format": provincial.REPLY, "request_sha256": DIGEST, "picked": PICKED, "reserves": RESERVES}


def reply(**changes: Any) -> Reply:
    return Reply.read(SAID | changes)


def word(**changes: Any) -> PartnerWord:
    return PartnerWord(SAID | changes, b"", ())


def code(refusal: Refusal | None) -> str | None:
    return refusal and refusal.code


def test_a_request_names_who_draws_and_none_does_for_our_own() -> None:
    assert REQUEST["recused"] == ["S-8", "S-9"] and REQUEST["pool"] == [] and provincial.drawn_by(REQUEST) == BY
    assert provincial.drawn_by({}) is None
    with pytest.raises(RuleBroken):
        provincial.drawn_by({"by": {"partner": "江北"}})


def test_a_letter_tells_what_is_wanted_and_no_gateway() -> None:
    letter = provincial.letter(REQUEST, CALLING)
    assert set(letter) == {"format", "partner", "reference", "strata", "recused", "org_cap", "calling"}
    assert "gateway" not in letter["calling"] and letter["partner"] == BY.partner  # type: ignore[operator]
    with pytest.raises(RuleBroken, match=r"draw\.reply\.own"):
        provincial.letter({key: value for key, value in REQUEST.items() if key != "by"}, CALLING)


@pytest.mark.parametrize(
    "said",
    [
        SAID | {"more": 1},
        SAID | {"format": "gongheng/pool-reply/v2"},
        SAID | {"picked": ["S-1"]},
        SAID | {"reserves": {"civil": "S-3"}},
        SAID | {"reserves": {"civil": [3]}},
        SAID | {"reserves": {"civil": ["张三"]}},
    ],
)
def test_a_reply_of_another_form_is_refused(said: dict[str, Any]) -> None:
    with pytest.raises(RuleBroken, match=r"draw\.reply\.form"):
        Reply.read(said)


def test_a_reply_that_fits_its_letter_answers_it() -> None:
    assert provincial.answers(reply(), REQUEST, DIGEST) is None
    assert reply().everybody == ["S-1", "S-2", "S-5", "S-3"]


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({"request_sha256": "00" * 32}, "draw.reply.other_letter"),
        ({"picked": {"civil": ["S-1", "S-2"]}}, "draw.reply.strata"),
        ({"reserves": {"civil": [], "fire": []}}, "draw.reply.strata"),
        ({"picked": PICKED | {"civil": ["S-1"]}}, "draw.reply.count"),
        ({"reserves": RESERVES | {"cost": ["S-1"]}}, "draw.reply.twice"),
        ({"reserves": RESERVES | {"cost": ["S-9"]}}, "draw.reply.recused"),
    ],
)
def test_a_reply_that_does_not_fit_is_refused(changes: dict[str, Any], refused: str) -> None:
    assert code(provincial.answers(reply(**changes), REQUEST, DIGEST)) == refused


def test_a_further_reply_draws_nobody_and_names_nobody_again() -> None:
    nobody: dict[str, Any] = {"civil": [], "cost": []}
    more = reply(picked=nobody, reserves={"civil": [], "cost": ["S-6"]})
    assert provincial.answers(more, REQUEST, DIGEST, [reply()]) is None
    assert code(provincial.answers(reply(), REQUEST, DIGEST, [reply()])) == "draw.reply.count"
    again = reply(picked=nobody, reserves={"civil": ["S-3"], "cost": []})
    assert code(provincial.answers(again, REQUEST, DIGEST, [reply()])) == "draw.reply.twice"


def test_a_signed_reply_carries_the_partners_file() -> None:
    with pytest.raises(RuleBroken, match=r"draw\.reply\.form"):
        ReplyBody.read({"draw": "D1", "file": "x"})
    with pytest.raises(RuleBroken, match=r"partner\.form"):
        ReplyBody.read({"draw": "D1", "file": {"reply": SAID}})


def test_who_leaves_is_followed_in_the_partners_order() -> None:
    roster = Roster(reply())
    roster.recuse("S-9")  # of no list: nothing changes
    assert roster.picked() == {"civil": ("S-1", "S-2"), "cost": ("S-5",)}
    roster.recuse("S-1")
    assert roster.picked()["civil"] == ("S-2", "S-3") and roster.reserves()["civil"] == ()
    roster.add(reply(picked={"civil": [], "cost": []}, reserves={"civil": ["S-4"], "cost": []}))
    roster.recuse("S-4")  # a reserve that leaves is no longer one
    with pytest.raises(DrawFault) as caught:
        roster.recuse("S-2", "$.recused_later[3]")
    assert "too_few_fit" in str(caught.value)


def answered(*words: PartnerWord, order: bytes = ORDER) -> Answered:
    return Answered("T-1", "D1", REQUEST, words, order)


def test_a_list_follows_from_replies_and_leavings() -> None:
    more = word(picked={"civil": [], "cost": []}, reserves={"civil": [], "cost": ["S-6"]})
    drawn = answered(word(), more).list_after(["S-5", "S-2"])
    assert drawn.picked == {"civil": ("S-1", "S-3"), "cost": ("S-6",)} and drawn.reserves == {"civil": (), "cost": ()}
    assert drawn.pool_hash == kernel.pool_hash(REQUEST) and drawn.seed == answered(word()).seed


def test_the_order_of_seats_hangs_on_the_reply_and_on_what_nobody_knew_who_signed_it() -> None:
    seeds = {answered(word()).seed, answered(word(), order=b"p" * 32).seed, answered(word(reserves=RESERVES | {"civil": []})).seed}
    assert len(seeds) == 3 and provincial.order_commit("R-2", ORDER) != BY.order != provincial.order_commit("R-1", b"p" * 32)


@pytest.mark.parametrize(("cap", "refused"), [(0, None), (2, None), (1, "draw.reply.cap")])
def test_an_employer_has_no_more_members_than_the_letter_allows(cap: int, refused: str | None) -> None:
    employers = {"S-1": "firm", "S-2": "other", "S-3": "firm"}
    assert code(provincial.keeps_the_cap(list(employers), employers, cap)) == refused
