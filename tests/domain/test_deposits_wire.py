"""Messages of many payments, statements of a day and recalls: what we write we read back, and what does not add up is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.kernel.errors import RuleBroken
from core.kernel.money import Money
from deposits.domain import messages, orders, recall, statement
from deposits.domain.messages import BankEntry, Notices, OrderStatus, PaymentOrder, PaymentStatus
from deposits.domain.recall import Recall, Resolution, Resolved
from deposits.domain.statement import StatementPage

AT = datetime(2026, 9, 1, 8, 30, 15, 123_000, tzinfo=UTC)
DAY = date(2026, 9, 1)


def order(n: int, fen: int = 100) -> PaymentOrder:
    return PaymentOrder(f"k{n}", AT, "中心", f"62100{n:08}", f"第{n}公司", f"6222{n:08}", Money(fen), "x")


BATCH = tuple(order(n, n) for n in range(1, 4))


def malformed(read: object, data: bytes) -> str:
    with pytest.raises(RuleBroken) as refused:
        read(data)  # type: ignore[operator]
    assert refused.value.code == "message.malformed"
    return str(refused.value.facts["element"])


# Orders


@given(st.lists(st.integers(1, 10**12), min_size=1, max_size=6))
def test_a_message_of_many_payments_comes_through_whole(amounts: list[int]) -> None:
    batch = tuple(order(n, fen) for n, fen in enumerate(amounts))
    assert orders.read_orders(orders.write_orders("B1", batch)) == ("B1", batch)
    assert orders.write_orders("B1", batch) == orders.write_orders("B1", batch)


def test_a_message_is_made_at_the_moment_of_its_latest_order() -> None:
    later = replace(order(2), ordered_at=AT + timedelta(hours=1))
    _, read = orders.read_orders(orders.write_orders("B1", (later, order(1))))
    assert {one.ordered_at for one in read} == {later.ordered_at}


@pytest.mark.parametrize("count", [0, orders.LARGEST_BATCH + 1])
def test_a_message_of_none_or_too_many_is_not_written(count: int) -> None:
    with pytest.raises(ValueError, match="payments in a message"):
        orders.write_orders("B1", [order(1)] * count)


@pytest.mark.parametrize(
    ("old", "new", "element"),
    [
        (b"<NbOfTxs>3<", b"<NbOfTxs>2<", "CtrlSum"),
        (b"<CtrlSum>0.06<", b"<CtrlSum>0.07<", "CtrlSum"),
        (b"<EndToEndId>k2<", b"<EndToEndId>k1<", "EndToEndId"),
        (b"<CtrlSum>0.02<", b"<CtrlSum>0.03<", "CtrlSum"),
    ],
)
def test_a_message_whose_sums_or_keys_do_not_fit_is_refused(old: bytes, new: bytes, element: str) -> None:
    data = orders.write_orders("B1", BATCH)
    assert old in data
    assert malformed(orders.read_orders, data.replace(old, new, 1)) == element


def test_a_message_of_several_is_no_message_of_one() -> None:
    assert malformed(orders.read_order, orders.write_orders("B1", BATCH)) == "PmtInf"
    empty = orders.write_orders("B1", BATCH[:1])
    start, end = empty.index(b"<PmtInf>"), empty.index(b"</CstmrCdtTrfInitn>")
    assert malformed(orders.read_orders, empty[:start] + empty[end:]) == "CtrlSum"


def test_answers_come_through_whole_and_untold_orders_stay_untold() -> None:
    told = (PaymentStatus("k1", OrderStatus.SETTLED), PaymentStatus("k3", OrderStatus.REJECTED, "BE01"))
    data = orders.write_statuses("B1", told, AT)
    assert orders.read_statuses(data) == ("B1", told)
    assert malformed(orders.read_status, data) == "TxInfAndSts"
    assert orders.read_statuses(orders.write_statuses("B1", (), AT)) == ("B1", ())


# Statements


def entry(n: int, credit: bool = True, fen: int = 100) -> BankEntry:
    return BankEntry(n, f"B{n}", credit, Money(fen), AT, AT, "62100001", "甲", "62220001", "", False, "x")


PAGES = (
    StatementPage("62100", DAY, 1, False, Money(1000), Money(1250), 3, (entry(1), entry(2, fen=200))),
    StatementPage("62100", DAY, 2, True, Money(1000), Money(1250), 3, (entry(3, False, 50),)),
)


def test_a_statement_comes_through_page_by_page() -> None:
    assert tuple(statement.read_page(statement.write_page(page, AT)) for page in PAGES) == PAGES
    whole = statement.joined(PAGES)
    assert (whole.account, whole.day, whole.opening, whole.closing) == ("62100", DAY, Money(1000), Money(1250))
    assert [one.ref for one in whole.entries] == ["B1", "B2", "B3"]


def test_a_day_on_which_nothing_was_booked_has_a_statement_too() -> None:
    empty = StatementPage("62100", DAY, 1, True, Money(7), Money(7), 0, ())
    assert statement.joined([statement.read_page(statement.write_page(empty, AT))]).entries == ()


@pytest.mark.parametrize(
    ("pages", "code"),
    [
        ((), "statement.incomplete"),
        (PAGES[:1], "statement.incomplete"),
        (PAGES[1:], "statement.incomplete"),
        ((PAGES[1], PAGES[0]), "statement.incomplete"),
        ((PAGES[0], replace(PAGES[1], opening=Money(1))), "statement.incomplete"),
        ((PAGES[0], replace(PAGES[1], entries=())), "statement.incomplete"),
        ((PAGES[0], replace(PAGES[1], entries=(replace(entry(3, False, 50), ref="B1"),))), "statement.incomplete"),
        ((PAGES[0], replace(PAGES[1], entries=(entry(3, False, 51),))), "statement.unbalanced"),
    ],
)
def test_a_statement_that_lacks_a_page_or_does_not_balance_is_refused(pages: tuple[StatementPage, ...], code: str) -> None:
    with pytest.raises(RuleBroken, match=code):
        statement.joined(pages)


@pytest.mark.parametrize(
    ("old", "new", "element"),
    [
        (b"<Cd>OPBD</Cd>", b"<Cd>INFO</Cd>", "Bal"),
        (b"<Dt>2026-09-01</Dt></Dt></Bal><TxsSummry>", b"<Dt>2026-09-31</Dt></Dt></Bal><TxsSummry>", "Dt"),
        (b"<LastPgInd>false<", b"<LastPgInd>no<", "StmtPgntn/LastPgInd"),
        (b"<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>", b"<CdtDbtInd>DBIT</CdtDbtInd><Dt><Dt>", "Bal"),
    ],
)
def test_a_page_that_lacks_or_bends_anything_is_refused(old: bytes, new: bytes, element: str) -> None:
    data = statement.write_page(PAGES[0], AT)
    assert old in data
    assert malformed(statement.read_page, data.replace(old, new, 1)) == element


# What banks leave out, and what they book as one

NOTICE = messages.write_notices(Notices((entry(1),), 1), "62100", AT)


def test_an_entry_that_tells_little_is_read_all_the_same() -> None:
    start, end = NOTICE.index(b"<NtryDtls>"), NOTICE.index(b"</NtryDtls>") + len(b"</NtryDtls>")
    (read,) = messages.read_notices(NOTICE[:start] + NOTICE[end:]).entries
    assert (read.ref, read.sub_account, read.party_name, read.party_account, read.text) == ("B1", "62100", "", "", "")


def several(*amounts: str, ref: bytes = b"B1") -> bytes:
    start, end = NOTICE.index(b"<TxDtls>"), NOTICE.index(b"</NtryDtls>")
    details = [NOTICE[start:end].replace(b">1.00<", f">{amount}<".encode()) for amount in amounts]
    return (NOTICE[:start] + b"".join(details) + NOTICE[end:]).replace(b">B1<", b">" + ref + b"<")


def test_payments_booked_as_one_are_each_an_entry() -> None:
    read = messages.read_notices(several("0.40", "0.60")).entries
    assert [(one.ref, one.amount) for one in read] == [("B1-1", Money(40)), ("B1-2", Money(60))]


@pytest.mark.parametrize("data", [several("0.40", "0.61"), several("0.40", "0.60", ref=b"B" * 34)])
def test_payments_booked_as_one_that_do_not_add_up_are_refused(data: bytes) -> None:
    assert malformed(messages.read_notices, data) == "TxDtls"


# Recalls

RECALL = Recall("case1", "k1", AT, "中心", Money(100))


def test_a_recall_comes_through_whole() -> None:
    assert recall.read_recall(recall.write_recall(RECALL)) == RECALL
    assert recall.write_recall(RECALL) == recall.write_recall(RECALL)


@pytest.mark.parametrize("resolved", Resolved)
@pytest.mark.parametrize("cause", ["", "AGNT"])
def test_a_resolution_comes_through_whole(resolved: Resolved, cause: str) -> None:
    told = Resolution("case1", "k1", resolved, cause)
    assert recall.read_resolution(recall.write_resolution(told, "中心", AT)) == told


def test_a_resolution_that_says_two_things_is_refused() -> None:
    data = recall.write_resolution(Resolution("case1", "k1", Resolved.CANCELLED), "中心", AT)
    assert malformed(recall.read_resolution, data.replace(b">CNCL<", b">RJCR<")) == "Sts/Conf"
