"""A round of prequalification: what moves it when, what its document and notice must keep."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.kernel import clock
from core.kernel.calendar import CHINA
from core.kernel.errors import Refusal, RuleBroken, WrongState
from core.kernel.roles import Role
from trading.domain.clock import Law, LegalRegime
from trading.domain.document import digest_of
from trading.domain.lot import MOVES as LOT_MOVES
from trading.domain.lot import LotAction, LotFacts, LotState
from trading.domain.prequalification import (
    MOVES,
    Reviewers,
    RoundAction,
    RoundDocument,
    RoundFacts,
    RoundNotice,
    RoundState,
    check_document,
    check_notice,
    takes_applications,
)

DAY = timedelta(days=1)
NOW = datetime(2026, 9, 2, 2, tzinfo=UTC)  # ten o'clock of a Wednesday in Beijing
WORKS, SUPPLIES = (Law(regime, True, CHINA) for regime in LegalRegime)
RELEASE, DEADLINE = NOW, NOW + 20 * DAY
FACTS = RoundFacts(now=NOW + DAY, release_at=RELEASE, deadline=DEADLINE)
AFTER = replace(FACTS, now=DEADLINE)


def document(**changes: Any) -> dict[str, Any]:
    body: dict[str, Any] = {
        "files": [{"name": "资格预审文件.pdf", "sha256": "ab" * 32, "size": 5}],
        "criteria": [{"id": "C1", "title": "资质", "requirement": "市政公用工程施工总承包一级及以上"}],
        "reviewers": "committee",
        "state_funds": True,
    }
    body |= changes
    return {"document_sha256": digest_of(body)} | body


def read(**changes: Any) -> tuple[RoundDocument, dict[str, Any]]:
    body = document(**changes)
    return RoundDocument.read(body), body


def notice(**changes: Any) -> RoundNotice:
    times = {"release_at": NOW, "release_until": NOW + 6 * DAY, "deadline": NOW + 13 * DAY}
    return replace(RoundNotice(title="公告", document_sha256="ab" * 32, **times), **changes)


def refused(action: RoundAction, state: RoundState, role: Role, facts: RoundFacts) -> str:
    with pytest.raises(Refusal) as found:
        MOVES.choose(action, state, frozenset({role}), facts)
    return found.value.code


def chosen(action: RoundAction, state: RoundState, role: Role, facts: RoundFacts) -> RoundState:
    return MOVES.choose(action, state, frozenset({role}), facts)


def test_a_round_goes_from_its_document_to_its_end() -> None:
    state = chosen(RoundAction.LAY_DOWN, RoundState.DRAFTED, Role.AGENCY, FACTS)
    state = chosen(RoundAction.PUBLISH, state, Role.TENDERER, FACTS)
    state = chosen(RoundAction.AMEND, state, Role.TENDERER, FACTS)
    for at in (RoundState.NOTICED, RoundState.CLOSED, RoundState.OPENED):
        assert chosen(RoundAction.NAME_COMMITTEE, at, Role.TENDERER, FACTS) is at
    state = chosen(RoundAction.CLOSE, state, Role.SYSTEM, replace(AFTER, applications=3))
    state = chosen(RoundAction.OPEN, state, Role.SYSTEM, AFTER)
    named = replace(AFTER, committee_named=True)
    state = chosen(RoundAction.REVIEW, state, Role.EXPERT, named)
    state = chosen(RoundAction.SUM_UP, state, Role.SYSTEM, named)
    assert chosen(RoundAction.CONCLUDE, state, Role.TENDERER, replace(named, passed=3)) is RoundState.ENDED
    assert chosen(RoundAction.FAIL_REVIEWED, state, Role.TENDERER, replace(named, passed=2)) is RoundState.FAILED


def test_fewer_than_three_applications_are_not_opened() -> None:
    noticed = RoundState.NOTICED
    assert chosen(RoundAction.FAIL, noticed, Role.SYSTEM, replace(AFTER, applications=2)) is RoundState.FAILED
    assert refused(RoundAction.CLOSE, noticed, Role.SYSTEM, replace(AFTER, applications=2)) == "prequalification.too_few_applied"
    assert refused(RoundAction.CLOSE, noticed, Role.SYSTEM, AFTER) == "prequalification.too_few_applied"
    assert refused(RoundAction.FAIL, noticed, Role.SYSTEM, replace(AFTER, applications=3)) == "prequalification.enough_applied"
    assert refused(RoundAction.FAIL, noticed, Role.SYSTEM, AFTER) == "prequalification.enough_applied"
    for action in (RoundAction.CLOSE, RoundAction.FAIL):
        assert refused(action, noticed, Role.SYSTEM, replace(FACTS, applications=2)) == "prequalification.deadline_not_reached"
    assert refused(RoundAction.AMEND, noticed, Role.TENDERER, AFTER) == "prequalification.deadline_passed"


def test_a_round_is_concluded_by_how_many_passed() -> None:
    reviewed = RoundState.REVIEWED
    for passed in (None, 2):
        facts = replace(AFTER, passed=passed)
        assert refused(RoundAction.CONCLUDE, reviewed, Role.TENDERER, facts) == "prequalification.too_few_passed"
    for enough in (None, 3):
        facts = replace(AFTER, passed=enough)
        assert refused(RoundAction.FAIL_REVIEWED, reviewed, Role.TENDERER, facts) == "prequalification.enough_passed"


def test_a_review_needs_its_committee_and_every_sheet() -> None:
    named = replace(AFTER, committee_named=True)
    assert refused(RoundAction.REVIEW, RoundState.OPENED, Role.EXPERT, AFTER) == "prequalification.committee_missing"
    assert refused(RoundAction.NAME_COMMITTEE, RoundState.CLOSED, Role.TENDERER, named) == "prequalification.committee_named"
    assert refused(RoundAction.SUM_UP, RoundState.OPENED, Role.SYSTEM, replace(named, waiting=1)) == "prequalification.sheets_missing"
    assert refused(RoundAction.SUM_UP, RoundState.OPENED, Role.SYSTEM, AFTER) == "prequalification.sheets_missing"


@pytest.mark.parametrize(
    ("action", "state", "role", "told"),
    [
        (RoundAction.CLOSE, RoundState.NOTICED, Role.SYSTEM, {"applications": 3}),
        (RoundAction.FAIL, RoundState.NOTICED, Role.SYSTEM, {"applications": 2}),
        (RoundAction.OPEN, RoundState.CLOSED, Role.SYSTEM, {}),
        (RoundAction.REVIEW, RoundState.OPENED, Role.EXPERT, {"committee_named": True}),
        (RoundAction.CONCLUDE, RoundState.REVIEWED, Role.TENDERER, {"passed": 3}),
        (RoundAction.FAIL_REVIEWED, RoundState.REVIEWED, Role.TENDERER, {"passed": 0}),
    ],
)
def test_an_objection_stops_the_round_until_it_is_answered(
    action: RoundAction, state: RoundState, role: Role, told: dict[str, Any]
) -> None:
    waits = replace(AFTER, unanswered=1, **told)
    assert refused(action, state, role, waits) == "prequalification.objection_unanswered"
    chosen(action, state, role, replace(waits, regime=LegalRegime.GOVERNMENT_PROCUREMENT))  # 政府采购法实施条例 art. 54


def test_applications_are_taken_from_the_release_to_the_deadline() -> None:
    assert takes_applications(RoundState.NOTICED, FACTS) is None
    assert takes_applications(RoundState.NOTICED, replace(FACTS, now=RELEASE)) is None
    for facts, state, code in (
        (AFTER, RoundState.NOTICED, "prequalification.deadline_passed"),
        (replace(FACTS, now=RELEASE - DAY), RoundState.NOTICED, "prequalification.takes_none"),
        (replace(FACTS, release_at=None), RoundState.NOTICED, "prequalification.takes_none"),
        (replace(FACTS, deadline=None), RoundState.DRAFTED, "prequalification.takes_none"),
        (replace(FACTS, unanswered=1), RoundState.NOTICED, "prequalification.objection_unanswered"),
    ):
        found = takes_applications(state, facts)
        assert found is not None and found.code == code


def test_a_committee_reviews_where_state_funds_lead() -> None:
    check_document(*read(), WORKS)
    check_document(*read(reviewers="tenderer", state_funds=False), WORKS)
    check_document(*read(reviewers="tenderer"), replace(WORKS, mandatory=False))
    check_document(*read(reviewers="tenderer"), SUPPLIES)
    for law, changes, code, article in (
        (WORKS, {"reviewers": "tenderer"}, "prequalification.committee_needed", "招标投标法实施条例第十八条"),
        (SUPPLIES, {}, "prequalification.purchaser_reviews", "政府采购货物和服务招标投标管理办法第四十四条"),
    ):
        with pytest.raises(RuleBroken) as broken:
            check_document(*read(**changes), law)
        assert (broken.value.code, broken.value.article) == (code, article)


def test_a_document_says_each_thing_once_and_is_what_its_digest_names() -> None:
    said, body = read()
    assert said.reviewers is Reviewers.COMMITTEE
    assert said.criteria[0].to_json() == body["criteria"][0]
    twice = {"files": body["files"] * 2}
    for changed, code in (
        (read(**twice), "document.file_twice"),
        (read(criteria=body["criteria"] * 2), "prequalification.criterion_twice"),
        ((replace(said, document_sha256="cd" * 32), body), "document.digest_other"),
    ):
        with pytest.raises(RuleBroken) as broken:
            check_document(*changed, WORKS)
        assert broken.value.code == code
    for missing in body:
        with pytest.raises(RuleBroken, match=r"body\.malformed"):
            RoundDocument.read({name: value for name, value in body.items() if name != missing})
    with pytest.raises(RuleBroken, match=r"body\.malformed"):
        RoundDocument.read(body | {"more": 1})


def broken_by(said: RoundNotice, law: Law = WORKS) -> tuple[str, str]:
    with pytest.raises(RuleBroken) as broken:
        check_notice(said, "ab" * 32, NOW, law)
    return broken.value.code, broken.value.article or ""


def test_a_notice_keeps_the_periods_of_its_regime() -> None:
    check_notice(notice(), "ab" * 32, NOW, WORKS)
    check_notice(notice(release_until=NOW + 5 * DAY, deadline=NOW + 12 * DAY), "ab" * 32, NOW, WORKS)  # the 12th is a Saturday
    assert broken_by(notice(release_until=NOW + 4 * DAY)) == ("period.prequalification_available.too_short", "招标投标法实施条例第十六条")
    assert broken_by(notice(release_until=NOW + 5 * DAY, deadline=NOW + 11 * DAY)) == (
        "period.prequalification_time.too_short",
        "招标投标法实施条例第十七条",
    )
    # working days in procurement, both from the notice: five of them end on the 9th
    check_notice(notice(release_until=NOW + 7 * DAY, deadline=NOW + 7 * DAY), "ab" * 32, NOW, SUPPLIES)
    short = notice(release_until=NOW + 6 * DAY, deadline=NOW + 7 * DAY)
    assert broken_by(short, SUPPLIES) == ("period.prequalification_available.too_short", "政府采购货物和服务招标投标管理办法第十八条")
    # a project that need not be tendered keeps them too
    assert broken_by(notice(deadline=NOW + 10 * DAY), replace(WORKS, mandatory=False))[0] == "period.prequalification_time.too_short"


def test_a_notice_names_its_document_and_keeps_times_in_order() -> None:
    assert broken_by(notice(document_sha256="cd" * 32))[0] == "prequalification.document_other"
    assert broken_by(notice(release_at=NOW - DAY))[0] == "notice.release_past"
    assert broken_by(notice(release_until=NOW))[0] == "prequalification.times_unordered"
    assert broken_by(notice(deadline=NOW + 5 * DAY))[0] == "prequalification.times_unordered"
    times = {name: clock.text(getattr(notice(), name)) for name in ("release_at", "release_until", "deadline")}
    assert RoundNotice.read({"title": "公告", "document_sha256": "ab" * 32, **times}) == notice()
    with pytest.raises(RuleBroken, match=r"body\.malformed"):
        RoundNotice.read({"title": "公告", "more": 1})
    times = {"release_at": notice().release_at, "release_until": notice().release_until, "deadline": notice().deadline}
    said = {"title": "公告", "document_sha256": "ab" * 32} | {name: clock.text(at) for name, at in times.items()}
    assert RoundNotice.read(said) == notice()


def test_no_notice_goes_out_before_the_round_has_ended() -> None:
    ready = LotFacts(now=NOW, plan_fixed=True, document_published=True)
    registered = LotState.REGISTERED
    agency, system = frozenset({Role.AGENCY}), frozenset({Role.SYSTEM})
    for action, roles in ((LotAction.DRAFT_NOTICE, agency), (LotAction.PUBLISH_NOTICE, frozenset({Role.TENDERER}))):
        LOT_MOVES.choose(action, registered, roles, ready)
        LOT_MOVES.choose(action, registered, roles, replace(ready, prequalified=True))
        with pytest.raises(RuleBroken, match=r"notice\.prequalification_running"):
            LOT_MOVES.choose(action, registered, roles, replace(ready, awaits_round=True))
    LOT_MOVES.choose(LotAction.PREQUALIFY, registered, agency, replace(ready, awaits_round=True))
    with pytest.raises(WrongState, match=r"lot\.prequalified"):
        LOT_MOVES.choose(LotAction.PREQUALIFY, registered, agency, replace(ready, prequalified=True))
    assert LOT_MOVES.choose(LotAction.FAIL_PREQUALIFIED, registered, system, replace(ready, awaits_round=True)) is LotState.FAILED
    with pytest.raises(WrongState, match=r"lot\.no_prequalification"):
        LOT_MOVES.choose(LotAction.FAIL_PREQUALIFIED, registered, system, ready)
