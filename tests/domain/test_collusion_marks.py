"""Machines, people, accounts, bills and metadata: what is exactly the same in several bids."""

from __future__ import annotations

import pytest

from core.kernel import jcs
from tests.builders.collusion import bid, of
from trading.domain.collusion import accounts, bills, machines, marking, metadata, people
from trading.domain.collusion.card import ARTICLES, INNOCENT, Place, Signal, Strength, card, digest
from trading.domain.collusion.material import BidMaterial, Document, Material
from trading.domain.collusion.particulars import Particulars

HEAD = "ab" * 32


def machine(**marks):
    return {"fingerprints": marks}


def look(family, *bids, tender=()):
    return list(family.findings(Material(tuple(bids), tuple(tender))))


def bill(*lines):
    return {"bill": [dict(zip(("item", "quantity", "unit_price", "total"), line, strict=True)) for line in lines]}


@pytest.mark.parametrize(
    ("field", "signal"),
    [("machine_code", Signal.MACHINE_CODE), ("pricing_lock", Signal.PRICING_LOCK), ("source_file", Signal.SOURCE_FILE)],
)
def test_one_strong_mark_is_enough(field, signal):
    [one] = look(machines, bid("a", bid_json=machine(**{field: "AF-31 77"})), bid("b", bid_json=machine(**{field: "af3177"})), bid("c"))
    assert (one.signal, one.strength, one.bidders) == (signal, Strength.HIGH, ("a", "b"))
    assert ARTICLES[signal] == "招标投标法实施条例 第四十条第（一）项"


def test_one_serial_number_alone_is_weak_and_a_whole_machine_is_strong():
    mac = {"mac": ["00:1A:2B:3C:4D:5E"]}
    [alone] = look(machines, bid("a", bid_json=machine(**mac, cpu="BFEB01")), bid("b", bid_json=machine(**mac, cpu="BFEB02")))
    assert (alone.signal, alone.strength) == (Signal.HARDWARE, Strength.MEDIUM)
    whole = machine(**mac, cpu="BFEBFBFF", disk="WD-77123")
    [all_of_it] = look(machines, bid("a", bid_json=whole), bid("b", bid_json=whole))
    assert all_of_it.strength is Strength.HIGH and len(all_of_it.raw["same"]) == 3


@pytest.mark.parametrize("empty", ["", "0000", "00:00:00:00:00:00", "FF-FF-FF-FF-FF-FF", "To be filled by O.E.M.", "Default string"])
def test_what_machines_say_when_they_have_no_number_is_nobodys_mark(empty):
    same = machine(mac=[empty], cpu=empty, machine_code=empty)
    assert look(machines, bid("a", bid_json=same), bid("b", bid_json=same)) == []


def test_one_account_behind_two_deposits_is_item_six():
    [one] = look(accounts, bid("a", payers=("6222-1",)), bid("b", payers=("6222-1", "6222-2")), bid("c", payers=("6222-3",)))
    assert one.bidders == ("a", "b") and one.raw == {"account": "6222-1"} and one.strength is Strength.HIGH
    assert ARTICLES[one.signal].endswith("第（六）项")


def test_a_telephone_is_a_contact_and_a_name_alone_is_not():
    contact = {"name": "李明", "phone": "+86 138-0000-1111"}
    a, b = bid("a", bid_json={"contacts": [contact]}), bid("b", bid_json={"contacts": [{"name": "李明", "phone": "13800002222"}]})
    assert look(people, a, b) == []
    [one] = look(people, a, bid("b", bid_json={"contacts": [{"phone": "13800001111"}]}))
    assert (one.signal, one.strength) == (Signal.SAME_CONTACT, Strength.MEDIUM)
    [sure] = look(people, a, bid("b", bid_json={"contacts": [contact]}))
    assert sure.strength is Strength.HIGH


def test_the_same_member_of_staff_is_known_by_the_digest_of_the_identity_number():
    staff = {"staff": [{"post": "项目经理", "id_sha256": HEAD}]}
    [one] = look(people, bid("a", bid_json=staff), bid("b", bid_json={"staff": [{"post": "技术负责人", "id_sha256": HEAD}]}))
    assert one.signal is Signal.SAME_STAFF and [line["post"] for line in one.raw["posts"]] == ["项目经理", "技术负责人"]


def test_whoever_signs_for_two_bidders_handles_both():
    [one] = look(people, bid("a", signers=("p1",)), bid("b", signers=("p2", "p1")))
    assert one.signal is Signal.SAME_SIGNER and one.strength is Strength.HIGH


def test_control_is_article_34_and_not_collusion():
    head = {"control": {"legal_head_sha256": HEAD}}
    [one] = look(people, bid("a", bid_json=head), bid("b", bid_json=head))
    assert one.signal is Signal.CONTROL and ARTICLES[one.signal] == "招标投标法实施条例 第三十四条"
    code = "91330000MA27X0AB1C"
    [holds] = look(people, bid("a", bid_json={"control": {"uscc": code}}), bid("b", bid_json={"control": {"holders": [code]}}))
    assert holds.raw["holder"] == "a" and holds.raw["held"] == "b"


def test_the_same_wrong_sums_are_strong_from_three_on():
    wrong = [(f"0101{n}", "12.5", "30.00", "375.10") for n in range(3)]
    [one] = of(look(bills, bid("a", bid_json=bill(*wrong)), bid("b", bid_json=bill(*wrong))), Signal.SAME_ARITHMETIC_ERROR)
    assert one.strength is Strength.HIGH and one.raw["count"] == 3 and one.raw["lines"][0]["right"] == "375.00"
    [few] = look(bills, bid("a", bid_json=bill(wrong[0])), bid("b", bid_json=bill(wrong[0])))
    assert few.strength is Strength.MEDIUM


def test_a_cent_of_rounding_is_no_error_and_an_own_error_is_nobody_elses():
    assert look(bills, *(bid(org, bid_json=bill(("1", "3", "0.333", "1.01"))) for org in "ab")) == []
    assert look(bills, bid("a", bid_json=bill(("1", "2", "3", "7"))), bid("b", bid_json=bill(("1", "2", "3", "8")))) == []


def test_unit_prices_that_agree_to_the_cent_are_shown_but_not_those_of_everybody():
    lines = [(f"{n:04}", "1", f"{n}.37", f"{n}.37") for n in range(1, 31)]
    others = [[(item, "1", f"{n}.{n:02}", "1") for n, (item, *_) in enumerate(lines, 11 * k)] for k in (2, 3)]
    bids = [bid(org, bid_json=bill(*own)) for org, own in zip("abcd", (lines, lines, *others), strict=True)]
    [one] = of(look(bills, *bids), Signal.SAME_UNIT_PRICES)
    assert one.bidders == ("a", "b") and one.strength is Strength.HIGH and one.raw["count"] == 30
    assert not of(look(bills, *(bid(org, bid_json=bill(*lines)) for org in "abcd")), Signal.SAME_UNIT_PRICES)


def test_an_author_is_a_mark_and_a_default_name_is_none():
    a, b = bid("a", metadata={"Author": "王 工"}), bid("b", metadata={"Author": "王工", "Producer": "WPS"})
    [one] = look(metadata, a, b)
    assert one.strength is Strength.MEDIUM and one.raw["same"][0]["field"] == "author"
    assert look(metadata, bid("a", metadata={"Author": "Administrator"}), bid("b", metadata={"Author": "Administrator"})) == []


def test_one_moment_under_two_names_is_one_weak_mark_and_two_moments_are_not():
    once = {"CreationDate": "D:20260301100000Z", "ModDate": "D:20260301100000Z"}
    twice = once | {"ModDate": "D:20260302100000Z"}
    [weak] = look(metadata, bid("a", metadata=once), bid("b", metadata=once))
    [medium] = look(metadata, bid("a", metadata=twice), bid("b", metadata=twice))
    assert (weak.strength, medium.strength) == (Strength.LOW, Strength.MEDIUM)


def test_marks_of_the_tender_documents_own_files_are_nobodys():
    marks = {"Author": "招标代理", "DocumentID": "uuid:1"}
    tender = Document("f" * 64, "招标文件.pdf", (), marks)
    assert look(metadata, bid("a", metadata=marks), bid("b", metadata=marks), tender=(tender,)) == []


@pytest.mark.parametrize(
    "hostile",
    [
        {"fingerprints": 3, "contacts": "x", "staff": [1, None], "control": [], "bill": {"a": 1}},
        {"fingerprints": {"mac": [[], {}, 7]}, "bill": [{"item": "1", "quantity": "NaN", "unit_price": "1e999999", "total": ""}]},
        {"staff": [{"id_sha256": "short"}], "contacts": [{"phone": 1}], "control": {"holders": [1, " "]}},
        {},
    ],
)
def test_malformed_particulars_are_passed_over(hostile):
    found = Particulars.read(hostile)
    assert found.bill == () and found.staff == () and found.holders == ()
    assert Particulars.read(found.to_json()) == found


def test_a_card_is_canonical_and_its_digest_tells_nothing_without_its_reference():
    [finding] = look(accounts, bid("a", payers=("1",)), bid("b", payers=("1",)))
    place = Place("T2026-000001", "1", 0)
    one, other = (card(finding.to_json(), place, ref * 16, {"numpy": "2"}) for ref in ("00", "11"))
    said = jcs.parse_object(one)
    assert said["article"] == "招标投标法实施条例 第四十条第（六）项" and said["method"] == "gongheng/collusion/1"
    assert digest(one) != digest(other)


def test_every_signal_names_its_article_and_what_else_may_explain_it():
    assert set(ARTICLES) == set(INNOCENT) == set(Signal)
    assert all(INNOCENT.values())


def test_the_very_same_file_in_two_bids_is_shown_unless_the_tender_document_handed_it_out():
    one = bid("a")
    theirs = BidMaterial("b", one.documents)
    [found] = look(machines, one, theirs)
    assert (found.signal, found.strength, found.raw["field"]) == (Signal.SOURCE_FILE, Strength.MEDIUM, "same_file")
    assert look(machines, one, theirs, tender=one.documents) == []


def test_two_subsidiaries_of_one_holder_are_a_lead_alone():
    held = {"control": {"holders": ["91330000MA27X0AB1C"]}}
    [one] = look(people, bid("a", bid_json=held), bid("b", bid_json=held))
    assert (one.signal, one.strength, one.raw["relation"]) == (Signal.CONTROL, Strength.LOW, "same_holder")


def test_stretches_that_two_passages_share_are_marked_and_put_together_are_the_passages():
    mine, theirs = "我们拟先开挖探沟核实埋深", "本单位拟先开挖探坑核实埋深"
    left, right = marking.marked(mine, theirs)
    assert ["".join(text for text, _ in side) for side in (left, right)] == [mine, theirs]
    assert [[text for text, shared in side if shared] for side in (left, right)] == [["拟先开挖探", "核实埋深"]] * 2
    assert marking.marked("甲乙", "甲乙") == ((("甲乙", False),), (("甲乙", False),))  # two signs are chance
    assert marking.marked("", "甲") == ((), (("甲", False),))


def test_particulars_keep_every_mark_on_the_way_to_the_worker_and_pass_over_bad_lines():
    lines = bill(("0101", "1", "2.00", "2.00"), ("0102", "1", "much", "2.00"), ("", "1", "1", "1"))
    read = Particulars.read(machine(mac=["00:1A:2B:3C:4D:5E"], cpu="BFEB01") | lines)
    assert [line.item for line in read.bill] == ["0101"] and Particulars.read(read.to_json()) == read
    assert Particulars.read(bill(("0101", "9" * 31, "1", "1"))).bill == ()
