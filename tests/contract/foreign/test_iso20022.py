"""Every message that we or the sandbox bank write, judged by the schemas that ISO publishes: by libxml2, and by classes made from them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from importlib import import_module
from importlib.metadata import files

import pytest
from lxml import etree

from core.kernel.money import Money
from deposits.domain import messages, orders, recall, statement
from deposits.domain.messages import BankEntry, Notices, OrderStatus, PaymentOrder, PaymentStatus, Report
from deposits.domain.recall import Recall, Resolution, Resolved
from deposits.domain.statement import StatementPage

pytestmark = pytest.mark.foreign

AT = datetime(2026, 9, 1, 8, 30, 15, 123_000, tzinfo=UTC)
LONG = "长" * 140
HELD_BY = {"camt.05": "camt053", "pain.00": "pain001", "camt.029": "camt-exceptions"}
"""Which package carries the schemas, as ISO's Standards Editor made them."""


@cache
def schema(name: str) -> etree.XMLSchema:
    """The schema of a message by its name and version."""
    held = next(package for start, package in HELD_BY.items() if name.startswith(start))
    found = next(file.locate() for file in files(held) or () if file.name == f"{name}.xsd")
    return etree.XMLSchema(etree.parse(str(found)))


def judged(data: bytes) -> str:
    """The message's name and version, once its schema has taken it."""
    read = etree.fromstring(data)
    name = str(etree.QName(read).namespace).rpartition(":")[2]
    schema(name).assertValid(read)
    return name


def order(n: int, **changes: object) -> PaymentOrder:
    made = PaymentOrder(f"{n:032x}", AT, "中心", f"62100{n:08}", f"第{n}公司", f"6222{n:08}", Money(n), "DEPOSIT REFUND")
    return replace(made, **changes)  # type: ignore[arg-type]


def entry(n: int, **changes: object) -> BankEntry:
    made = BankEntry(n, f"BK{n:020}", True, Money(n), AT, AT, "62100001", "甲公司", "62220001", "", False, "x")
    return replace(made, **changes)  # type: ignore[arg-type]


ENTRIES = (
    entry(1),
    entry(2, credit=False, end_to_end_id="0" * 35, ref="R" * 35, text=LONG, party_name=LONG),
    entry(3, interest=True, text=""),
    entry(4, amount=Money(10**15), party_account="6" * 34, sub_account="6" * 34, party_name='<&>"\x1b甲'),
)
WRITTEN: dict[str, Callable[[], bytes]] = {
    "camt.054.001.08": lambda: messages.write_notices(Notices(ENTRIES, 4), "6" * 34, AT),
    "camt.052.001.08": lambda: messages.write_report(Report("62100", Money(0), 0, AT)),
    "camt.053.001.08": lambda: statement.write_page(
        StatementPage("62100", date(2026, 9, 1), 99999, False, Money(0), Money(1), 4, ENTRIES), AT
    ),
    "pain.001.001.09": lambda: orders.write_orders("M" * 35, [order(n) for n in range(1, orders.LARGEST_BATCH + 1)]),
    "pain.002.001.12": lambda: orders.write_statuses(
        "M" * 35, [PaymentStatus("k" * 35, status, "AC04" if status is OrderStatus.REJECTED else "") for status in OrderStatus], AT
    ),
}


@pytest.mark.parametrize("name", WRITTEN)
def test_the_published_schema_takes_what_we_write(name: str) -> None:
    assert judged(WRITTEN[name]()) == name


def test_it_takes_what_is_empty_long_or_strange() -> None:
    assert judged(messages.write_notices(Notices((), 0), "62100", AT))
    assert judged(statement.write_page(StatementPage("62100", date(2026, 9, 1), 1, True, Money(0), Money(0), 0, ()), AT))
    assert judged(orders.write_order(order(1, key="K" * 35, creditor_name=LONG, debtor_name=LONG, text=LONG, amount=Money(10**15))))
    assert judged(orders.write_status(PaymentStatus("K" * 35, OrderStatus.SETTLED), AT))


@pytest.mark.parametrize("resolved", Resolved)
def test_it_takes_the_resolution_of_a_recall(resolved: Resolved) -> None:
    told = Resolution("C" * 35, "K" * 35, resolved, "AGNT" if resolved is Resolved.REFUSED else "")
    assert judged(recall.write_resolution(told, LONG, AT)) == "camt.029.001.14"


def test_the_judge_is_awake() -> None:
    bent = WRITTEN["pain.001.001.09"]().replace(b"<PmtMtd>TRF</PmtMtd>", b"<PmtMtd>XXX</PmtMtd>", 1)
    with pytest.raises(etree.DocumentInvalid):
        judged(bent)


def test_classes_made_from_the_schema_read_a_recall_and_write_the_same() -> None:
    """The schema of camt.055 itself is in no package; these classes are generated from it, with its order, its obligations and lengths."""
    from xsdata.formats.dataclass.parsers import XmlParser
    from xsdata.formats.dataclass.parsers.config import ParserConfig
    from xsdata.formats.dataclass.serializers import XmlSerializer

    model = import_module("pyiso20022.camt.camt_055_001_12.camt_055_001_12")
    data = recall.write_recall(Recall("C" * 35, "K" * 35, AT, LONG, Money(10**15)))
    strict = ParserConfig(fail_on_unknown_properties=True, fail_on_unknown_attributes=True, fail_on_converter_warnings=True)
    read = XmlParser(config=strict).from_bytes(data, model.Document)
    again = XmlSerializer().render(read).encode()
    assert names(again) == names(data)
    with pytest.raises(Exception, match=r"(?i)unknown property"):
        XmlParser(config=strict).from_bytes(data.replace(b"CxlRsnInf", b"CxlReason"), model.Document)


def names(data: bytes) -> list[tuple[str, str]]:
    """The elements in their order with what stands in them."""
    return [(str(found.tag), (found.text or "").strip().replace("+00:00", "Z")) for found in etree.fromstring(data).iter()]
