"""Before the opening nobody learns whether anybody bids: no page, answer, feed, figure, log line or message tells 0 from 30 bidders."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest

from core.kernel import outbox
from core.kernel.dsse import read_envelope
from core.kernel.outbox import Outside
from core.kernel.sealedlog import SEALED, keep
from core.kernel.signing import read_statement
from core.kernel.ticks import each
from tests.builders.orders import resume, suspend
from tests.builders.people import Person
from tests.web import secrecy_guarantees, secrecy_remedies, secrecy_waivers
from tests.web.secrecy_letters import FOLLOWERS
from tests.web.secrecy_shown import counted, differing, lines_to, plain, told
from tests.web.secrecy_world import World, world
from trading.domain.opening_audience import HALL
from trading.queries.projects import events_of

BIDDERS = (0, 3, 30)


def play(made: World, bidders: int) -> None:
    """The secret phase with so many bidders: they register accounts, pay, download, upload, seal, replace, withdraw, come late."""
    firms = made.firms[:bidders]
    made.tick()
    made.ask(made.firms[-1])  # who will not bid: somebody asks in every world, and the agency sees the words once
    _object(made, bidders)
    _come(made, firms)
    secrecy_guarantees.give(made, firms[1::9])
    made.amend()
    _change_their_minds(made, firms)
    _stand_still(made)
    made.look("before the deadline")
    deadline = made.room.tender.lot.deadline
    assert deadline is not None
    made.room.tender.jump(deadline)
    for firm in firms[2::3]:
        made.seal(firm, 2, status=422)
    made.look("past the deadline", quick="before the deadline")


def _object(made: World, bidders: int) -> None:
    """Three objections of the last three firms that will bid; where nobody will, all of one. Its authority learns by law who complains, so
    that complaint is of the same firm in every world."""
    filers = made.firms[bidders - 3 : bidders] if bidders else made.firms[:1] * 3
    numbers = [secrecy_remedies.file_objection(made, firm) for firm in filers]
    made.look("while objections wait", quick="-")
    secrecy_remedies.take_back(made, filers[0], numbers[0])
    for number in numbers[1:]:
        secrecy_remedies.answer(made, number)
    uninvolved = made.viewers["uninvolved bidder"].person
    assert uninvolved is not None
    made.browsers[uninvolved.org] = made.viewers["uninvolved bidder"]
    secrecy_remedies.complain(made, uninvolved)
    made.tick()


def _come(made: World, firms: Sequence[Person]) -> None:
    secrecy_waivers.use(made, firms)
    for place, firm in enumerate(firms):
        made.look_around(firm)
        made.ask(firm)
        if place == secrecy_waivers.WHOLE:
            continue  # of whom nothing is asked
        account = made.ask_deposit(firm)
        if place % 3 == 2:
            made.pay(firm, account, "300000.00")
        made.pay(firm, account, "500000.00" if place % 3 == 2 else "800000.00")
        if place % 5 == 1:
            made.pay(firm, account)  # twice: it goes back
        if place % 7 == 3:
            made.pay(firm, account, payer="别的公司")
    made.tick()
    for firm in firms:
        made.seal(firm, 1)
    made.tick()


def _change_their_minds(made: World, firms: Sequence[Person]) -> None:
    for firm in firms[::3]:
        made.seal(firm, 2)
    for firm in firms[1::3]:
        made.withdraw(firm, 1)
    made.tick()
    for firm in firms[1::3]:
        made.pay(firm, made.ask_deposit(firm))
        made.seal(firm, 2)
    made.tick()
    made.tick()


def _stand_still(made: World) -> None:
    """The supervisor suspends the lot, and lets it go on with another deadline."""
    suspend(made.room.tender)
    made.jump(timedelta(hours=1))
    made.tick()
    resume(made.room.tender)
    made.tick()


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[dict[int, World]]:
    """The three worlds, played up to the deadline; the clock has not ticked since."""
    folder = tmp_path_factory.mktemp("secrecy")
    with ExitStack() as stack:
        made = {bidders: stack.enter_context(world(folder / str(bidders), sqlite_template)) for bidders in BIDDERS}
        for bidders in BIDDERS:
            with lines_to(made[bidders].lines):
                play(made[bidders], bidders)
        yield made


@pytest.fixture(scope="module")
def closed(worlds: dict[int, World]) -> dict[int, World]:
    """The same worlds after the closing tick; where there will be an opening, all bidders have signed in to it."""
    for made in worlds.values():
        made.commits.clear()
        made.heard()
        made.frames.clear()
        with lines_to(made.lines):
            made.tick()
    for bidders in BIDDERS[1:]:
        with lines_to(worlds[bidders].lines):
            come_to_the_opening(worlds[bidders], bidders)
    return worlds


def come_to_the_opening(made: World, bidders: int) -> None:
    """Everybody signs in, and the host waits."""
    for firm in made.firms[:bidders]:
        made.room.sign_in(firm)
    made.tick()
    made.look("before the start", quick="before the deadline")


def own_words(made: World, firm: Person) -> re.Pattern[str]:
    """The firm's own name, login, code and account numbers."""
    words = [firm.org_name, firm.login, firm.uscc, made.account(firm), *made.sub_accounts]
    spaced = [" ".join(word[place : place + 4] for place in range(0, len(word), 4)) for word in words]
    return re.compile("|".join(map(re.escape, words + spaced)))


def differences(one: World, other: World) -> dict[tuple[str, str, str], tuple[str, str]]:
    """What was shown differently in two worlds, by moment, viewer and address."""
    assert one.seen.keys() == other.seen.keys()
    return {key: differing(one.seen[key], other.seen[key]) for key in one.seen if one.seen[key] != other.seen[key]}


@pytest.mark.parametrize("bidders", BIDDERS[1:])
def test_until_the_deadline_no_page_answer_feed_or_figure_differs(worlds: dict[int, World], bidders: int) -> None:
    assert len(worlds[0].seen) > 700
    assert differences(worlds[0], worlds[bidders]) == {}


@pytest.mark.parametrize("bidders", BIDDERS[1:])
def test_until_the_deadline_no_log_line_differs(worlds: dict[int, World], bidders: int) -> None:
    none, some = counted(worlds[0].lines.getvalue()), counted(worlds[bidders].lines.getvalue())
    assert (none - some, some - none) == ({}, {})
    assert sum(none.values()) > 150  # what the staff read is written down


def test_until_the_deadline_no_message_differs(worlds: dict[int, World]) -> None:
    said, heard = ([tell(made) for made in worlds.values()] for tell in (World.said_to, World.heard))  # what was heard is heard once
    assert said[0] == said[1] == said[2] and any("objection.answer" in str(told_of) for told_of in said[0].values())
    assert heard[0] == heard[1] == heard[2]


def test_a_bidders_own_numbers_count_nobody(worlds: dict[int, World]) -> None:
    made = worlds[30]
    numbers = [int(account) for account in made.sub_accounts]
    assert numbers != sorted(numbers) and max(numbers) - min(numbers) > 10**8  # drawn from ten digits
    assert len({upload[:8] + upload[14:] for upload in made.uploads}) == len(made.uploads)
    for given in made.receipts.values():
        for receipt in given:
            assert receipt["id"] == "RC-" + receipt["seal_sha256"][:16].upper()
            said = read_statement(read_envelope(receipt["receipt"]).payload)
            assert said.prev == ""  # else two receipts of one bidder would tell whether another got one in between
            assert set(said.body) == {"seal_sha256", "ct_sha256", "ct_size", "received_at"}


def test_of_the_last_bidders_own_pages_none_differs_with_how_many_came_before(worlds: dict[int, World]) -> None:
    shown = {}
    for bidders in BIDDERS[1:]:
        made = worlds[bidders]
        last, number = made.of(made.firms[bidders - 1]), made.room.number
        receipt = made.receipts[made.firms[bidders - 1].org][0]["id"]
        addresses = [f"/lots/{number}", f"/lots/{number}/bid", f"/lots/{number}/deposit", "/bids", "/work", "/me"]
        addresses += [f"/api/v1{address}" for address in (*addresses[:3], f"/receipts/{receipt}", f"/acts/context?case={number[:-2]}")]
        addresses += [f"/receipts/{receipt}", f"/cases/{number[:-2]}/events?since=0", f"/cases/D-{number}/events?since=0&room=deposits"]
        own = own_words(made, made.firms[bidders - 1])
        shown[bidders] = [own.sub("<own>", told(last.get(address))) for address in addresses]
    assert [differing(few, many) for few, many in zip(*shown.values(), strict=True) if few != many] == []


@pytest.mark.parametrize("guess", [0, 1])
def test_nobody_can_ask_how_long_a_case_is_by_guessing(worlds: dict[int, World], guess: int) -> None:
    answers = []
    for made in worlds.values():
        case, centre = made.room.tender.case, made.room.tender.centre
        count = made.room.tender.door.read(lambda session, case=case: events_of(session, case)) + guess  # type: ignore[misc]
        request = centre.act("case.close", case, body={"events": count}, step_up=True)
        answers.append(told(made.viewers["centre"].act(f"/api/v1/projects/{case}/close", request)))
    assert len(set(answers)) == 1 and "project.close.lots_open" in answers[0]


def test_the_closing_tick_tells_everybody_the_same_whoever_has_bid(closed: dict[int, World]) -> None:
    """With fewer than three bids the lot has failed, which is published at once (Implementing Regulation, art. 44) and by itself."""
    told_of = {bidders: made.said_to() for bidders, made in closed.items()}
    failure = {audience: [entry for entry in said if entry[1] == "failure.publish"] for audience, said in told_of[0].items()}
    assert {audience: len(said) for audience, said in failure.items()} == dict.fromkeys(HALL, 1)
    told_of[0] = {audience: [entry for entry in said if entry not in failure[audience]] for audience, said in told_of[0].items()}
    assert told_of[0] == told_of[3] == told_of[30]
    assert {audience: [kind for _, kind, _ in said] for audience, said in told_of[0].items()} == {one: ["close"] for one in HALL}
    heard = {name: [message for message in said if "'failure.publish'" not in message] for name, said in closed[0].heard().items()}
    assert heard == closed[3].heard() == closed[30].heard()


@pytest.mark.parametrize("bidders", BIDDERS[1:])
def test_until_the_start_who_carries_mail_and_sms_is_handed_the_same_whoever_bids(closed: dict[int, World], bidders: int) -> None:
    """To followers, be they bidders or not; where the lot has failed, that it has is one letter more to each of them."""
    none, some = closed[0].carried(), closed[bidders].carried()
    failure = [letter for letter in none if "本标段流标" in letter]
    assert len(failure) == 2 * (len(FOLLOWERS) + 1)
    none = [letter for letter in none if letter not in failure]
    assert Counter(map(plain, none)) == Counter(map(plain, some))
    assert len([letter for letter in none if "投标已截止" in letter]) == 2 * (len(FOLLOWERS) + 1)


def test_until_the_opening_starts_3_and_30_bidders_look_alike(closed: dict[int, World]) -> None:
    assert any(moment == "before the start" for moment, _, _ in closed[3].seen)
    assert differences(closed[3], closed[30]) == {}
    few, many = counted(closed[3].lines.getvalue()), counted(closed[30].lines.getvalue())
    assert (few - many, many - few) == ({}, {})


def test_what_fails_for_a_bidder_is_written_to_the_sealed_log_alone(
    worlds: dict[int, World], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, printed = worlds[3], StringIO()
    monkeypatch.setattr(SEALED, "handlers", [])
    keep(tmp_path / "sealed.log")

    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("trading.queries.bids.own_bids", fail)
    with lines_to(printed):
        assert made.of(made.firms[0]).get("/bids").status_code == 500
        each(lambda *_: ["one refund"], fail, SEALED)(made.room.tender.door)
        made.room.perform(None, lambda work: work.send("try.sealed", "1", {}))
        outbox.deliver(made.room.tender.door, {"try.sealed": Outside(fail, sealed=True)})
    assert printed.getvalue() == ""
    kept = (tmp_path / "sealed.log").read_text("utf-8")
    assert all(said in kept for said in ("request failed", "failed for one refund", "a message of try.sealed was not delivered"))
    assert (tmp_path / "sealed.log").stat().st_mode & 0o777 == 0o600
