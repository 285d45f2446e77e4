"""Entries that are alike but for their texts are read as if each had been parsed; what is written oddly is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.kernel.errors import RuleBroken
from core.kernel.money import Money
from deposits.domain import alike, messages
from deposits.domain.alike import run_of
from deposits.domain.messages import BankEntry, Notices

AT = datetime(2026, 9, 1, 8, 30, 15, 123_000, tzinfo=UTC)
ODD = "甲乙 a0.,;:'\"<>&{}[]()\\\\/-=!?#%𠮷"


def entry(n: int, name: str = "第九建筑", credit: bool = True) -> BankEntry:
    return BankEntry(n, f"B{n}", credit, Money(100 + n), AT, AT, f"62100{n:04}", name, f"6222{n:04}", "", False, "x")


def written(count: int = 20) -> str:
    made = Notices(tuple(entry(n, credit=n % 5 != 0) for n in range(1, count + 1)), count)
    return messages.write_notices(made, "62100", AT).decode()


def parsed_by_itself(monkeypatch: pytest.MonkeyPatch, document: str) -> Notices:
    with monkeypatch.context() as patched:
        patched.setattr(alike, "FEWEST", 10**9)
        return messages.read_notices(document.encode())


PLAIN = written()


TOLD = st.tuples(st.text(ODD, max_size=12), st.booleans(), st.text("0123456789", max_size=9), st.booleans())


@given(st.lists(TOLD, min_size=8, max_size=20))
def test_whatever_their_texts_they_are_read_as_they_were_written(told: list[tuple[str, bool, str, bool]]) -> None:
    made = tuple(
        replace(entry(n, name.strip(), credit), party_account=account, interest=interest)
        for n, (name, credit, account, interest) in enumerate(told, start=1)
    )
    assert messages.read_notices(messages.write_notices(Notices(made, len(made)), "62100", AT)) == Notices(made, len(made))


def test_one_of_each_kind_is_parsed() -> None:
    run = run_of(PLAIN, "Ntry")
    assert run is not None
    assert (run.kinds, len(run.entries), run.document.count("<Ntry>")) == (2, 20, 2)
    assert [kind for kind, _ in run.entries] == [int(n % 5 == 0) for n in range(1, 21)]
    assert ["B7" in texts for _, texts in run.entries].index(True) == 6


@pytest.mark.parametrize("document", [written(7), PLAIN.replace("</Ntfctn>", "<!-- x --></Ntfctn>"), PLAIN.replace("第九", "第\r九")])
def test_few_or_what_is_not_as_it_looks_is_left_to_the_parser(document: str) -> None:
    assert run_of(document, "Ntry") is None


def within(old: str, new: str) -> str:
    """The third entry written in another way."""
    before, *entries = PLAIN.split("<Ntry>")
    assert old in entries[2]
    entries[2] = entries[2].replace(old, new, 1)
    return "<Ntry>".join([before, *entries])


@pytest.mark.parametrize(
    "document",
    [
        PLAIN,
        PLAIN.replace("><", ">\n  <"),
        PLAIN.replace("</Ntry>", "</Ntry>\n "),
        within("第九建筑", "第九&amp;建筑"),
        within("第九建筑", "第九 > 建筑"),
        within("<NtryRef>", '<NtryRef a="1">'),
        within("<NtryRef>", '<NtryRef a="1>2">'),
        within("<NtryRef>", "<NtryRef a='1'>"),
        within("<BkTxCd>", "<Other/><BkTxCd>"),
        within("<BkTxCd>", "<Other>\n<Deep>x</Deep> t </Other><BkTxCd>"),
        within("<BkTxCd>", "<Other><Ntry a='1'></Ntry></Other><BkTxCd>"),
        within("<BkTxCd>", "<Other><Ntry ></Ntry></Other><BkTxCd>"),
        within("<Ustrd>x</Ustrd>", "<Ustrd></Ustrd>"),
        within("<Ustrd>x</Ustrd>", "<Ustrd>x</Ustrd><Ustrd>  </Ustrd>").replace("<Ustrd>x</Ustrd><Ustrd>  </Ustrd>", "<Ustrd>x</Ustrd>"),
        PLAIN.replace("<Ntry>", '<Ntry k="1">', 1),
        PLAIN.replace("<Ntfctn>", '<Ntfctn xmlns:p="urn:iso:std:iso:20022:tech:xsd:camt.054.001.08">')
        .replace("<Ntry>", "<p:Ntry>", 1)
        .replace("</Ntry>", "</p:Ntry>", 1),
    ],
)
def test_in_whatever_way_they_are_written_they_are_read_the_same(monkeypatch: pytest.MonkeyPatch, document: str) -> None:
    told = parsed_by_itself(monkeypatch, document)
    assert len(told.entries) == 20
    assert sorted(messages.read_notices(document.encode()).entries, key=lambda one: one.seq) == list(told.entries)


def test_of_many_kinds_the_last_are_parsed_each_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    before, *entries = PLAIN.split("<Ntry>")
    document = "<Ntry>".join([before, *(one.replace("<Sts>", f"<K{n}>a</K{n}><Sts>") for n, one in enumerate(entries))])
    run = run_of(document, "Ntry")
    assert run is not None
    assert (run.kinds, len(run.entries), run.document.count("<Ntry>")) == (8, 8, 20)
    assert messages.read_notices(document.encode()) == parsed_by_itself(monkeypatch, document)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<NtryRef>3</NtryRef>", ""),
        ("<NtryRef>3</NtryRef>", "<NtryRef>3</NtryRef><NtryRef>3</NtryRef>"),
        ("<NtryRef>3</NtryRef>", "<NtryRef>x</NtryRef>"),
        ("<NtryRef>3</NtryRef>", f"<NtryRef>{'3' * 19}</NtryRef>"),
        ('<Amt Ccy="CNY">1.03</Amt>', '<Amt Ccy="USD">1.03</Amt>'),
        ('<Amt Ccy="CNY">1.03</Amt>', '<Amt Ccy="CNY">1.033</Amt>'),
        ('<Amt Ccy="CNY">1.03</Amt>', "<Amt>1.03</Amt>"),
        ("<CdtDbtInd>CRDT</CdtDbtInd>", "<CdtDbtInd>OTHR</CdtDbtInd>"),
    ],
)
def test_one_of_them_that_lacks_or_bends_anything_refuses_all(old: str, new: str) -> None:
    with pytest.raises(RuleBroken, match=r"message\.malformed"):
        messages.read_notices(within(old, new).encode())


@pytest.mark.parametrize(
    "bent", [within("</Sts>", "</Stz>"), within("第九", "第\x01九"), within("第九", "第]]>九"), within("第九", "第&nix;九")]
)
def test_what_is_no_xml_is_refused_however_much_of_it_is_alike(bent: str) -> None:
    with pytest.raises(RuleBroken, match=r"xml\.refused"):
        messages.read_notices(bent.encode())


def test_entries_of_another_namespace_are_none_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    start, end = PLAIN.index("<Ntry>"), PLAIN.rindex("</Ntry>") + len("</Ntry>")
    document = f'{PLAIN[:start]}<Other xmlns="urn:x">{PLAIN[start:end]}</Other>{PLAIN[start:end]}{PLAIN[end:]}'
    assert messages.read_notices(document.encode()) == parsed_by_itself(monkeypatch, document)
    nested = document.replace(' xmlns="urn:x"', "")
    assert messages.read_notices(nested.encode()) == parsed_by_itself(monkeypatch, nested)
