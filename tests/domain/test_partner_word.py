"""A partner's signed files: every kind of signature, every way to be somebody else's, and a catalogue row by row."""

from __future__ import annotations

import base64
import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from core.kernel import detached
from core.kernel.certpath import Demands
from core.kernel.errors import BadSignature, Refusal, RuleBroken
from evaluation.domain.catalogue import FORMAT, Catalogue
from evaluation.domain.expert_sheet import Around
from evaluation.domain.partner_word import Authority, PartnerWord
from tests.builders.authorities import ForeignAuthority
from tests.builders.partners import Office
from tests.builders.people import uscc_of

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
NAME = "宁溪市公共资源交易中心"
AUTHORITY = ForeignAuthority("宁溪", NOW)
TRUSTED = (Authority(ForeignAuthority("云川", NOW).root.certificate, Demands()), Authority(AUTHORITY.root.certificate, Demands()))
OFFICES = {family: Office.make(NAME, AUTHORITY, family) for family in ("ed25519", "ecdsa", "rsa")}
SAID = {"agreement": "A2026-000001", "experts": []}


def refused(act: Any, *given: Any) -> str:
    with pytest.raises(Refusal) as caught:
        act(*given)
    return caught.value.code


def word(office: Office, **changes: Any) -> PartnerWord:
    return PartnerWord.read(office.file("catalogue", SAID, **changes), "catalogue")


@pytest.mark.parametrize("family", OFFICES)
def test_what_an_office_signed_holds_under_a_recognised_root_alone(family: str) -> None:
    office = OFFICES[family]
    held = word(office)
    assert held.verify(TRUSTED, NOW, NAME)[-1] == AUTHORITY.root.certificate and NAME in held.subject and len(held.sha256) == 64
    assert refused(held.verify, TRUSTED[:1], NOW, NAME) == "partner.authority"
    assert refused(held.verify, (), NOW, NAME) == "partner.authority"
    assert refused(held.verify, TRUSTED, NOW, "别的交易中心") == "partner.other"
    assert refused(held.verify, TRUSTED, NOW + timedelta(days=400), NAME) == "certificate.not_valid_then"
    assert refused(word(office, catalogue=SAID | {"agreement": "A2026-000002"}).verify, TRUSTED, NOW, NAME) == "detached.invalid"
    other = Office.make(NAME, AUTHORITY, family)
    mixed = word(office, signature=other.file("catalogue", SAID)["signature"])
    assert refused(mixed.verify, TRUSTED, NOW, NAME) in ("detached.invalid", "detached.signer")


def test_a_file_of_another_form_is_no_word() -> None:
    file = OFFICES["ecdsa"].file("catalogue", SAID)
    for wrong in (
        {"signature": 1},
        {"signature": "?"},
        {"chain": []},
        {"chain": "x"},
        {"catalogue": []},
        {"more": 1},
        {"chain": file["chain"] * 3},
    ):
        assert refused(PartnerWord.read, file | wrong, "catalogue") == "partner.form"
    with pytest.raises(BadSignature):
        PartnerWord.read(file | {"chain": ["no certificate"]}, "catalogue")


def test_cms_of_another_form_is_refused() -> None:
    office, rsa = OFFICES["ecdsa"], OFFICES["rsa"]
    signature = office.sign(b"content")
    detached.verify(b"content", signature, office.certificate)
    assert refused(detached.verify, b"content", b"x" * (detached.MOST + 1), office.certificate) == "detached.malformed"
    assert refused(detached.verify, b"other", signature, office.certificate) == "detached.invalid"
    assert refused(detached.verify, b"content", signature, rsa.certificate) == "detached.signer"
    for wrong in (
        b"",
        b"\x30\x00",
        signature[:-1],
        signature + b"\x00",
        signature.replace(b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02", b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03"),
    ):
        with pytest.raises(BadSignature):
            detached.verify(b"content", wrong, office.certificate)
    changed = bytearray(signature)
    changed[-1] ^= 1
    with pytest.raises(BadSignature):
        detached.verify(b"content", bytes(changed), office.certificate)


def expert(**changes: Any) -> dict[str, Any]:
    firm = "宁溪设计院"
    said: dict[str, Any] = {"name": "何平", "employer": firm, "uscc": uscc_of(firm), "region": "宁溪市", "title": "高级工程师"}
    said |= {"qualified_from": "2025-01-01", "qualified_to": "2028-12-31", "strata": ["civil", "cost"], "origin_key": "NX-1"}
    return said | changes


def catalogue(*experts: Any, **changes: Any) -> Catalogue:
    said = {"format": FORMAT, "agreement": "A2026-000001", "experts": list(experts)} | changes
    return Catalogue.read(json.dumps(OFFICES["ed25519"].file("catalogue", said)).encode())


AROUND = Around(date(2026, 3, 2), {"土建": "civil", "造价": "cost"}, "A2026-000001")


def test_a_catalogue_is_held_to_the_rules_of_a_sheet_row_by_row() -> None:
    past = [{"name": "旧单位", "uscc": uscc_of("旧单位"), "since": "2020-01-01", "until": "2021-01-01"}]
    trained = {"trained_on": "2026-01-05", "trained_until": "2027-01-05", "hours": 16, "course": "继续教育"}
    rows = (
        expert(past=past, **trained),
        expert(name="罗艳", origin_key="", title=""),
        expert(),
        expert(name="易安", origin_key="NX-3", strata=["占卜"]),
    )
    made = catalogue(*rows)
    sheet = made.sheet(AROUND)
    assert [one.row for one in sheet.rows] == [1] and sheet.rows[0].training is not None
    assert sheet.rows[0].profile.strata == ("civil", "cost") and len(sheet.rows[0].profile.past) == 1
    assert [(one.row, one.code) for one in sheet.faults][1:] == [(3, "sheet.twice"), (4, "pool.stratum_unknown")]
    assert sheet.faults[1].facts == {"row": 1} and made.agreement == "A2026-000001"


@pytest.mark.parametrize(
    "wrong",
    [
        {"format": "other"},
        {"experts": "x"},
        {"agreement": 1},
        {"more": 1},
        {"experts": ["x"]},
        {"experts": [{"phone": "139"}]},
        {"experts": [{"past": [1]}]},
        {"experts": [{"name": True}]},
        {"experts": [{}] * 5001},
    ],
)
def test_a_catalogue_of_another_form_is_refused_whole(wrong: dict[str, Any]) -> None:
    with pytest.raises(RuleBroken):
        catalogue(**wrong)


def test_what_is_no_json_is_no_catalogue() -> None:
    with pytest.raises(RuleBroken):
        Catalogue.read(base64.b64decode("UEsDBA=="))
