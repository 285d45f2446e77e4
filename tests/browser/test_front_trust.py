"""The browser takes an office's key only with its certificate and the proof that its issue was logged, as the offline sealer does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask_socketio import SocketIO
from playwright.sync_api import Page

from core.kernel import age, jcs, sealing
from core.kernel.certificates import Holder, to_pem
from core.kernel.lotfile import Escrow, LotEnvelope, LotFile, OfficeKey
from core.kernel.signing import SoftwareP256Signer
from tests.builders.paper import NOON, Paper

CHECK = """async ([lot, at]) => {
  const { trustedOffices } = await import('/static/js/lot-trust.js');
  return trustedOffices(JSON.parse(lot), at).then((offices) => ({ offices }), (fault) => ({ code: fault.code, reason: fault.message }));
}"""


@pytest.fixture(scope="module")
def paper() -> Paper:
    return Paper()


@pytest.fixture(scope="module")
def lot(paper: Paper) -> LotFile:
    offices = {}
    for role in sealing.ROLES:
        recipient = age.new_identity().recipient
        signer, certificate, proof = paper.officer(role, recipient)
        offices[role] = (OfficeKey(recipient, signer.key.key_id, certificate, proof),)
    return LotFile(
        case="C-1",
        lot="1",
        title="某某道路工程施工",
        regime="construction",
        deadline=NOON,
        envelopes=(LotEnvelope("technical", "技术标", ()),),
        escrow=Escrow.REQUIRED,
        offices=offices,
        authorities=paper.authorities,
        platform=paper.platform_certificate,
        log=paper.log_vkey,
        witnesses=tuple(paper.witness_vkeys.values()),
        checkpoint=str(paper.note()),
    )


@pytest.fixture
def check(page: Page, front: tuple[str, SocketIO]) -> Callable[..., dict[str, Any]]:
    """What the page's own code finds in a lot file at a moment."""
    page.goto(f"{front[0]}/p/act")

    def run(members: dict[str, Any], at: datetime = NOON) -> dict[str, Any]:
        found: dict[str, Any] = page.evaluate(CHECK, [jcs.canonical(members).decode(), at.timestamp() * 1000])
        return found

    return run


def with_key(lot: LotFile, role: str, **changes: Any) -> dict[str, Any]:
    """The file with one office's key changed."""
    return dict(replace(lot, offices=dict(lot.offices) | {role: (replace(lot.offices[role][0], **changes),)}).to_json())


def test_genuine_keys_are_taken_in_the_order_of_the_shares(check: Callable[..., dict[str, Any]], lot: LotFile) -> None:
    found = check(lot.to_json())
    assert found == {"offices": {role: [lot.offices[role][0].recipient] for role in sealing.ROLES}}
    assert list(found["offices"]) == list(sealing.ROLES)


def test_a_twin_certificate_that_was_never_logged_is_refused(check: Callable[..., dict[str, Any]], lot: LotFile, paper: Paper) -> None:
    signer, own = SoftwareP256Signer.generate(), age.new_identity().recipient
    twin = paper.certify(Holder("officer", "p", "centre", own), signer)
    found = check(with_key(lot, "centre", recipient=own, key_id=signer.key.key_id, certificate=twin))
    assert found == {"code": "seal.untrusted", "reason": "cert.issue"}


def test_changed_keys_offices_chains_and_times_are_refused(check: Callable[..., dict[str, Any]], lot: LotFile) -> None:
    stranger = Paper()
    faults = {
        "holder": with_key(lot, "centre", recipient=age.new_identity().recipient),
        "key id": with_key(lot, "centre", key_id="00" * 32),
        "platform": lot.to_json() | {"authorities": [to_pem(one) for one in stranger.authorities]},
        "no key of tenderer": lot.to_json() | {"offices": {}},
    }
    for reason, members in faults.items():
        assert check(dict(members)) == {"code": "seal.untrusted", "reason": reason}
    swapped = replace(lot, offices=dict(lot.offices) | {"centre": lot.offices["supervisor"]})
    assert check(swapped.to_json())["reason"] == "holder"
    assert check(lot.to_json(), NOON + timedelta(days=4000))["code"] == "seal.untrusted"


def test_an_unwitnessed_or_damaged_proof_is_refused(check: Callable[..., dict[str, Any]], lot: LotFile) -> None:
    def with_issue(change: Callable[[dict[str, Any]], dict[str, Any]]) -> dict[str, Any]:
        members = dict(lot.to_json())
        entry = dict(members["offices"]["centre"][0])  # type: ignore[index,call-overload,arg-type]
        entry["issue"] = entry["issue"] | change(entry["issue"])
        return members | {"offices": members["offices"] | {"centre": [entry]}}  # type: ignore[operator]

    def unwitnessed(issue: dict[str, Any]) -> dict[str, Any]:
        lines = issue["tlog_proof"].split("\n")
        return {"tlog_proof": "\n".join([line for line in lines if not line.startswith("— ") or lot.log.name in line])}

    assert check(with_issue(unwitnessed))["reason"] == "log.not_witnessed"
    assert check(with_issue(lambda issue: {"place": issue["place"] ^ 1}))["reason"] == "log.not_included"
    assert check(with_issue(lambda issue: {"salt": "A" * 43 + "="}))["reason"] == "log.not_included"
