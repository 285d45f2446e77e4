"""ISO 20022: what we write we read back, and what strangers write can hurt nobody."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from xml.etree.ElementTree import fromstring

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.kernel.errors import RuleBroken
from core.kernel.money import Money
from deposits.domain import messages, orders, xml
from deposits.domain.messages import BankEntry, Notices, OrderStatus, PaymentOrder, PaymentStatus, Report

AT = datetime(2026, 9, 1, 8, 30, 15, 123_000, tzinfo=UTC)
NAMES = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S"]), min_size=1, max_size=60)
NUMBERS = st.text("0123456789", min_size=8, max_size=34)
MONEY = st.integers(1, 10**14).map(Money)
MOMENTS = st.integers(0, 10**9).map(lambda seconds: AT + timedelta(milliseconds=seconds))
ENTRIES = st.builds(
    BankEntry,
    seq=st.integers(1, 10**9),
    ref=st.text("ABC0123", min_size=1, max_size=35),
    credit=st.booleans(),
    amount=MONEY,
    booked_at=MOMENTS,
    value_at=MOMENTS,
    sub_account=NUMBERS,
    party_name=NAMES,
    party_account=NUMBERS,
    end_to_end_id=st.text("0123456789abcdef", max_size=35),
    interest=st.booleans(),
    text=NAMES,
)
ORDERS = st.builds(PaymentOrder, st.text("0123abc", min_size=1, max_size=35), MOMENTS, NAMES, NUMBERS, NAMES, NUMBERS, MONEY, NAMES)


@given(st.lists(ENTRIES, max_size=5), st.integers(0, 10**9))
def test_notices_come_through_whole(entries: list[BankEntry], last: int) -> None:
    notices = Notices(tuple(entries), last)
    assert messages.read_notices(messages.write_notices(notices, "62100", AT)) == notices


@given(ORDERS)
def test_an_order_comes_through_whole_and_always_has_the_same_bytes(order: PaymentOrder) -> None:
    assert orders.read_order(orders.write_order(order)) == order
    assert orders.write_order(order) == orders.write_order(order)


@given(st.sampled_from(OrderStatus))
def test_an_answer_comes_through_whole(status: OrderStatus) -> None:
    answer = PaymentStatus("k1", status, "AC04" if status is OrderStatus.REJECTED else "")
    assert orders.read_status(orders.write_status(answer, AT)) == answer


@given(MONEY, st.integers(0, 10**9))
def test_a_balance_comes_through_whole(balance: Money, seq: int) -> None:
    report = Report("62100", balance, seq, AT)
    assert messages.read_report(messages.write_report(report)) == report


def test_control_characters_are_left_out() -> None:
    order = PaymentOrder("k", AT, "中\x00心\x1b", "62100", "甲", "62220001", Money(1), "a\nb")
    assert orders.read_order(orders.write_order(order)).debtor_name == "中心"


def test_the_elements_of_an_order_stand_in_the_order_of_its_schema() -> None:
    order = PaymentOrder("k", AT, "中心", "62100", "甲", "62220001", Money(1), "x")
    info = fromstring(orders.write_order(order))[0][1]
    assert [element.tag.rpartition("}")[2] for element in info] == [
        *("PmtInfId", "PmtMtd", "NbOfTxs", "CtrlSum", "ReqdExctnDt", "Dbtr", "DbtrAcct", "DbtrAgt", "CdtTrfTxInf"),
    ]


BOMB = b"<!DOCTYPE a [<!ENTITY a 'aaaaaaaa'><!ENTITY b '%b'><!ENTITY c '%b'>]><a>&c;</a>" % (b"&a;" * 10, b"&b;" * 10)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (BOMB, "doctype"),
        (b'<!DOCTYPE a SYSTEM "http://127.0.0.1/x.dtd"><a/>', "doctype"),
        (b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', "doctype"),
        (b'<!DOCTYPE a [<!ENTITY % x SYSTEM "file:///etc/passwd">%x;]><a/>', "doctype"),
        (b"<!DOCTYPE a><a/>", "doctype"),
        (b"<?xml-stylesheet href='x'?><a/>", "doctype"),
        (b"<a>&x;</a>", "line 1"),
        (b'<?xml version="1.0" encoding="UTF-16"?><a/>', "encoding"),
        (b'<?xml version="1.0" encoding="latin-1"?><a/>', "encoding"),
        ("<a>中</a>".encode("utf-16"), "encoding"),
        ("<a/>".encode("utf-16-le"), "encoding"),
        (b"<a>\xff</a>", "line 1"),
        (b"<a>" * 41 + b"</a>" * 41, "depth"),
        (b"<a>" * 500_000 + b"</a>" * 500_000, "depth"),
        (b"<a>" * 500_000, "line 1"),
        (b"<a x:y='1'/>", "line 1"),
        (b"", "line 1"),
        (b"<a></b>", "line 1"),
        (b"<a/><b/>", "line 1"),
        (b"<a>" + b"x" * xml.LARGEST + b"</a>", "size"),
    ],
)
def test_hostile_xml_is_refused_before_it_expands(data: bytes, reason: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        xml.read(data)
    assert (refused.value.code, refused.value.facts) == ("xml.refused", {"reason": reason})


def test_a_declaration_of_utf_8_and_attributes_with_namespaces_are_read() -> None:
    root = xml.read(b'<?xml version="1.0" encoding="utf-8"?><a xmlns="n" xmlns:p="q" p:x="1" y="2">t<b/></a>')
    assert (root.tag, root.attrib, root.text, root[0].tag) == ("{n}a", {"{q}x": "1", "y": "2"}, "t", "{n}b")
    assert xml.read(b'<?xml version="1.0"?><a/>').tag == "a"


ENTRY = BankEntry(1, "B1", True, Money(100), AT, AT, "62100001", "甲", "62220001", "", False, "x")
GOOD = messages.write_notices(Notices((ENTRY,), 1), "62100", AT)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"camt.054.001.08", b"camt.054.001.99"),
        (b"Ntfctn>", b"Notice>"),
        (b"CNY", b"USD"),
        (b">1.00<", b">1.001<"),
        (b">1.00<", b">-1.00<"),
        (b">1.00<", b">1e3<"),
        (b"<NtryRef>1<", b"<NtryRef>x<"),
        (b">CRDT<", b">CRXX<"),
        (b"+00:00</DtTm></ValDt>", b"</DtTm></ValDt>"),
        (b"2026-09-01T08:30:15.123+00:00</DtTm></ValDt>", b"0001-01-01T00:00:00+14:00</DtTm></ValDt>"),
        (b"2026-09-01T08:30:15.123+00:00</DtTm></ValDt>", b"now</DtTm></ValDt>"),
        (b"<AcctSvcrRef>B1</AcctSvcrRef><BkTxCd>", b"<BkTxCd>"),
        (b"<AcctSvcrRef>B1</AcctSvcrRef><BkTxCd>", b"<AcctSvcrRef></AcctSvcrRef><BkTxCd>"),
        (b"<AcctSvcrRef>B1</AcctSvcrRef><BkTxCd>", b"<AcctSvcrRef>" + b"x" * 36 + b"</AcctSvcrRef><BkTxCd>"),
        (b"<AcctSvcrRef>B1</AcctSvcrRef><BkTxCd>", b"<AcctSvcrRef>1</AcctSvcrRef><AcctSvcrRef>2</AcctSvcrRef><BkTxCd>"),
    ],
)
def test_a_notice_that_lacks_or_bends_anything_is_refused(old: bytes, new: bytes) -> None:
    assert old in GOOD
    with pytest.raises(RuleBroken, match=r"message\.malformed"):
        messages.read_notices(GOOD.replace(old, new))


def test_an_order_whose_sums_differ_is_refused() -> None:
    order = orders.write_order(PaymentOrder("k", AT, "中心", "62100", "甲", "62220001", Money(100), "x"))
    for old, new in ((b"<CtrlSum>1.00", b"<CtrlSum>2.00"), (b"<NbOfTxs>1", b"<NbOfTxs>2")):
        with pytest.raises(RuleBroken, match=r"message\.malformed"):
            orders.read_order(order.replace(old, new, 1))


def test_what_the_bank_told_is_taken_in_lot_by_lot_in_its_own_order() -> None:
    def entry(seq: int, sub_account: str) -> Any:
        return SimpleNamespace(seq=seq, sub_account=sub_account)

    def parts(*told: tuple[int, str]) -> list[list[int]]:
        notices = Notices(tuple(entry(*one) for one in told), 9)
        return [[one.seq for one in part] for part in notices.by_lot({"a1": "A", "a2": "A", "b1": "B"}, 2)]

    assert parts() == []
    assert parts((5, "a2"), (4, "a1")) == [[4, 5]]
    assert parts((3, "b1"), (1, "a1"), (6, "?"), (2, "?"), (5, "a2")) == [[1, 5], [2, 6], [3]]
    assert parts((1, "a1"), (2, "a1"), (3, "a2"), (4, "b1")) == [[1, 2], [3, 4]]
