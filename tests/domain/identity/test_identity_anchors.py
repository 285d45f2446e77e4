"""Authorities that are not ours, by values: their life, what an admission says, whom a certificate names, when it is asked about."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path
from uuid import uuid4

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from core.identity.domain import anchor as domain
from core.identity.domain.anchor import (
    LATEST,
    MOVES,
    PATIENCE,
    SOONEST,
    Action,
    Admission,
    Anchor,
    AnchorState,
    End,
    Said,
    accept_admission,
    accept_foreign,
    choose,
    next_asking,
    pem_chain,
    read_chain,
    refuse_anchor,
    spki_of,
)
from core.identity.domain.certificate import Enrolment, accept_enrolment
from core.identity.domain.grant import Office
from core.kernel.certificates import fingerprint, names_code
from core.kernel.encoding import b64
from core.kernel.errors import BadSignature, Refusal, RuleBroken
from core.kernel.revocation import Status
from core.kernel.roles import Role
from tests.builders.anchors import admission, pem
from tests.builders.authorities import DAY, SIGNS, ForeignAuthority
from tests.kernel.test_certpath import ROOT, Openssl

NOW = datetime(2026, 11, 30, 1, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
FAR = ForeignAuthority("Far", NOW)
KEY = ec.generate_private_key(ec.SECP256R1()).public_key()
CODE = "91420100MA4KXXXX3T"
SAID = Admission.read(admission(FAR))


def test_every_action_state_and_role_of_an_authoritys_life() -> None:
    may = {
        (Action.RECOGNISE, AnchorState.PROPOSED): {Role.SUPERVISOR},
        (Action.DROP, AnchorState.PROPOSED): {Role.ADMIN, Role.SUPERVISOR},
        (Action.PROPOSE_END, AnchorState.RECOGNISED): {Role.ADMIN},
        (Action.END, AnchorState.ENDING): {Role.SUPERVISOR},
        (Action.KEEP, AnchorState.ENDING): {Role.ADMIN, Role.SUPERVISOR},
    }
    for action, state, role in product(Action, AnchorState, Role):
        allowed = role in may.get((action, state), set())
        assert (action in MOVES.available(state, frozenset({role}), None)) == allowed, (action, state, role)


@pytest.mark.parametrize(
    ("member", "value", "code"),
    [
        ("name_zh", "", "anchor.malformed"),
        ("name_zh", "\u200b", "anchor.name"),
        ("region", " x ", "anchor.malformed"),
        ("region", "a\tb", "anchor.malformed"),
        ("region", 7, "anchor.malformed"),
        ("root", "rubbish", "anchor.root"),
        ("ocsp_url", "ftp://a.cn/", "anchor.url"),
        ("ocsp_url", "http://user:secret@a.cn/", "anchor.url"),
        ("ocsp_url", "http:///path", "anchor.url"),
        ("ocsp_url", "http://a.cn:99999/", "anchor.url"),
        ("ocsp_url", "http://a b.cn/", "anchor.url"),
        ("ocsp_url", "http://[::", "anchor.url"),
        ("crl_urls", "http://a.cn/", "anchor.malformed"),
        ("crl_urls", ["javascript:x"], "anchor.url"),
        ("crl_urls", ["http://a.cn/"] * 2, "anchor.malformed"),
        ("crl_urls", [f"http://a.cn/{n}" for n in range(6)], "anchor.malformed"),
        ("families", [], "anchor.families"),
        ("families", ["sm2"], "anchor.families"),
        ("policies", ["1.2.x"], "anchor.oid"),
        ("code_at", "2.5.4.97", "anchor.oid"),
        ("code_at", "subject:9.1", "anchor.oid"),
        ("until", "tomorrow", "anchor.malformed"),
        ("reason", "", "anchor.malformed"),
    ],
)
def test_an_admission_that_says_what_cannot_be_is_refused_by_the_member(member: str, value: object, code: str) -> None:
    with pytest.raises(RuleBroken) as refusal:
        Admission.read(admission(FAR, **{member: value}))  # type: ignore[arg-type]
    assert refusal.value.code == code


def test_an_admission_needs_every_member_none_besides_and_somebody_to_ask() -> None:
    body = admission(FAR)
    for member in body:
        with pytest.raises(RuleBroken, match=r"anchor\.malformed"):
            Admission.read({name: value for name, value in body.items() if name != member})
    with pytest.raises(RuleBroken, match=r"anchor\.malformed"):
        Admission.read(body | {"more": "x"})
    assert SAID.root_sha256 == fingerprint(FAR.root.certificate)
    with pytest.raises(RuleBroken, match=r"anchor\.no_status"):
        Admission.read(admission(FAR, ocsp_url="", crl_urls=[]))
    assert Admission.read(admission(FAR, ocsp_url="")).crl_urls and not Admission.read(admission(FAR, crl_urls=[])).crl_urls
    assert Admission.read(admission(FAR, root=FAR.root.pem.strip(), policies=["1.2.3"])).demands.policies == ("1.2.3",)


def test_an_end_names_the_root_and_why() -> None:
    assert End.read({"root_sha256": "0" * 64, "reason": "x"}) == End("0" * 64, "x")
    for body in ({}, {"root_sha256": "0", "reason": "x"}, {"root_sha256": "0" * 64, "reason": "x", "more": "y"}):
        with pytest.raises(RuleBroken, match=r"anchor\.malformed"):
            End.read(body)


def test_a_root_is_recognised_within_its_own_time_and_ten_years() -> None:
    accept_admission(SAID, NOW)
    for until, code in ((NOW, "anchor.until"), (NOW + 3700 * DAY, "anchor.until")):
        with pytest.raises(RuleBroken, match=code):
            accept_admission(Admission.read(admission(FAR, until=domain.clock.text(until))), NOW)
    short = ForeignAuthority("S", NOW, days=10)
    with pytest.raises(RuleBroken, match=r"anchor\.until"):
        accept_admission(Admission.read(admission(short, until=domain.clock.text(NOW + 11 * DAY))), NOW)


def test_a_state_and_a_time_decide_whether_an_authority_vouches() -> None:
    for state in AnchorState:
        expected = None if state in domain.VOUCHING else "anchor.not_recognised"
        refusal = refuse_anchor(state, NOW + DAY, NOW)
        assert (refusal and refusal.code) == expected
    over = refuse_anchor(AnchorState.RECOGNISED, NOW, NOW)
    assert over is not None and over.code == "anchor.over" and refuse_anchor(AnchorState.RECOGNISED, None, NOW) is None


def leaf(**more: object) -> x509.Certificate:
    return FAR.certify(KEY, **more)  # type: ignore[arg-type]


def extension(der: bytes) -> tuple[tuple[x509.ExtensionType, bool], ...]:
    return ((SIGNS, True), (x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), der), False))


@pytest.mark.parametrize(
    ("certificate", "code_at", "names"),
    [
        (leaf(uscc=CODE), "subject:2.5.4.97", True),
        (leaf(uscc=f"NTRCN-{CODE}"), "subject:2.5.4.97", True),
        (leaf(uscc=f"统一社会信用代码:{CODE.lower()}"), "subject:2.5.4.97", True),
        (leaf(uscc=f"X{CODE}"), "subject:2.5.4.97", False),
        (leaf(uscc=f"{CODE}1"), "subject:2.5.4.97", False),
        (leaf(uscc=CODE), "subject:2.5.4.5", False),
        (leaf(SERIAL_NUMBER=CODE), "subject:2.5.4.5", True),
        (leaf(), "subject:2.5.4.97", False),
        (leaf(extensions=extension(b"\x0c\x12" + CODE.encode())), "extension:1.2.3.4", True),
        (leaf(extensions=extension(b"\x13\x12" + CODE.encode())), "extension:1.2.3.4", True),
        (leaf(extensions=extension(b"\x0c\x13" + CODE.encode())), "extension:1.2.3.4", False),
        (leaf(extensions=extension(b"\x04\x12" + CODE.encode())), "extension:1.2.3.4", False),
        (leaf(extensions=extension(b"\x0c\x02\xff\xfe")), "extension:1.2.3.4", False),
        (leaf(extensions=extension(b"\x0c")), "extension:1.2.3.4", False),
        (leaf(uscc=CODE), "extension:2.5.29.15", False),
    ],
)
def test_a_certificate_names_a_firm_where_its_authority_writes_it(certificate: x509.Certificate, code_at: str, names: bool) -> None:
    assert names_code(certificate, code_at, CODE) is names


def test_of_several_authorities_the_one_is_chosen_to_which_the_chain_leads() -> None:
    other = ForeignAuthority("Other", NOW)
    mine = Anchor(uuid4(), AnchorState.RECOGNISED, NOW + DAY, SAID)
    theirs = Anchor(uuid4(), AnchorState.RECOGNISED, NOW + DAY, Admission.read(admission(other)))
    given = read_chain([pem(leaf()), pem(FAR.issuing.certificate), pem(FAR.root.certificate)])
    assert choose(given, [theirs, mine], NOW) == (mine, given)
    for anchors, at, code in (
        ([theirs], NOW, "certificate.chain"),
        ([], NOW, "certificate.chain"),
        ([theirs, mine], NOW + 400 * DAY, "certificate.not_valid_then"),
        ([mine, theirs], NOW + 400 * DAY, "certificate.not_valid_then"),
    ):
        with pytest.raises(Refusal) as refusal:
            choose(given, anchors, at)
        assert refusal.value.code == code


def test_what_is_no_chain_is_refused() -> None:
    for written in ([], ["rubbish"], [pem(leaf())] * 9):
        with pytest.raises(BadSignature):
            read_chain(written)
    with pytest.raises(BadSignature, match=r"foreign\.key_kind"):
        spki_of(FAR.certify(ec.generate_private_key(ec.SECP384R1()).public_key()))


def good(at: datetime, hours: int | None = 24) -> Status:
    return Status("good", "ocsp", at, None if hours is None else at + hours * HOUR)


@pytest.mark.parametrize(
    ("told", "ended_at", "expected"),
    [
        (None, None, NOW + 5 * HOUR / 60),
        (good(NOW), None, NOW + 12 * HOUR),
        (good(NOW, 6), None, NOW + 3 * HOUR),
        (good(NOW - 5 * HOUR, 6), None, NOW + SOONEST),
        (good(NOW, 24 * 7), None, NOW + LATEST),
        (good(NOW, None), None, NOW + LATEST),
        (good(NOW), NOW - HOUR, None),
        (good(NOW - 3 * DAY), NOW - HOUR, NOW + SOONEST),
        (None, NOW - HOUR, NOW + 5 * HOUR / 60),
        (None, NOW - PATIENCE - HOUR, None),
    ],
)
def test_the_clock_alone_says_when_somebody_is_asked_again(
    told: Status | None, ended_at: datetime | None, expected: datetime | None
) -> None:
    assert next_asking(NOW, told, ended_at) == expected


def test_an_enrolment_may_name_the_certificate_that_vouches_for_its_key() -> None:
    body = {"purpose": "device", "spki": b64(b"x"), "recipient": "age1", "label": "x"}
    assert Enrolment.read(body).certificate_sha256 == ""
    wish = Enrolment.read(body | {"certificate_sha256": "0" * 64})
    accept_enrolment(wish, Role.BIDDER, Office.NONE, 0)
    for wrong in ("", "xyz", 7):
        with pytest.raises(BadSignature):
            Enrolment.read(body | {"certificate_sha256": wrong})
    with pytest.raises(RuleBroken, match=r"foreign\.purpose"):
        accept_enrolment(
            Enrolment.read(body | {"purpose": "step-up", "recipient": "", "certificate_sha256": "0" * 64}), Role.BIDDER, Office.NONE, 0
        )


MINE = Anchor(uuid4(), AnchorState.RECOGNISED, NOW + 9 * DAY, SAID)
OWN = leaf(uscc=CODE, days=5)
PATH = (OWN, FAR.issuing.certificate, FAR.root.certificate)


def told(place: int, state: str = "good", since: datetime | None = None) -> Said:
    return Said(place, "ocsp", b"", Status(state, "ocsp", NOW, NOW + HOUR, since))  # type: ignore[arg-type]


def test_a_path_vouches_no_longer_than_its_shortest_certificate_and_the_recognition() -> None:
    said = [told(0), told(1)]
    assert accept_foreign(MINE, PATH, said, (spki_of(OWN), CODE), NOW) == OWN.not_valid_after_utc
    short = replace(MINE, until=NOW + DAY)
    assert accept_foreign(short, PATH, said, (spki_of(OWN), CODE), NOW) == NOW + DAY
    assert (MINE.root, MINE.demands.families, MINE.code_at) == (FAR.root.certificate, ("ecdsa", "rsa"), "subject:2.5.4.97")


@pytest.mark.parametrize(
    ("anchor", "said", "holder", "code"),
    [
        (replace(MINE, state=AnchorState.ENDED), [told(0), told(1)], (spki_of(OWN), CODE), "anchor.not_recognised"),
        (replace(MINE, until=NOW), [told(0), told(1)], (spki_of(OWN), CODE), "anchor.over"),
        (MINE, [told(0), told(1)], (b"other", CODE), "foreign.key_differs"),
        (MINE, [told(0), told(1)], (spki_of(OWN), "91420100MA4KXXXX4T"), "foreign.other_firm"),
        (MINE, [told(0, "revoked", NOW), told(1)], (spki_of(OWN), CODE), "certificate.revoked"),
        (MINE, [told(0), told(1, "revoked", NOW)], (spki_of(OWN), CODE), "certificate.revoked"),
        (MINE, [told(0)], (spki_of(OWN), CODE), "foreign.no_status"),
        (MINE, [], (spki_of(OWN), CODE), "foreign.no_status"),
    ],
)
def test_what_does_not_vouch_is_refused_by_name(anchor: Anchor, said: list[Said], holder: tuple[bytes, str], code: str) -> None:
    with pytest.raises(Refusal) as refusal:
        accept_foreign(anchor, PATH, said, holder, NOW)
    assert refusal.value.code == code


def test_a_root_that_does_not_sign_itself_or_is_of_sm2_is_none(tmp_path: Path) -> None:
    with pytest.raises(RuleBroken, match=r"anchor\.root"):
        accept_admission(Admission.read(admission(FAR, root=FAR.issuing.pem)), NOW)
    tool = Openssl(tmp_path)
    tool.run("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:SM2", "-out", "root.key")
    sm2 = tool.certificate("root", None, ROOT, digest="-sm3")
    with pytest.raises(BadSignature, match=r"certificate\.sm2"):
        accept_admission(Admission.read(admission(FAR, root=pem(sm2))), NOW)
    for read in (lambda: choose([sm2], [MINE], NOW), lambda: choose([sm2], [], NOW)):
        with pytest.raises(BadSignature, match=r"certificate\.sm2"):
            read()
    with pytest.raises(BadSignature, match=r"foreign\.key_kind"):
        spki_of(sm2)


def test_an_admission_writes_its_chain_as_it_was_read() -> None:
    assert pem_chain(read_chain([pem(OWN)])) == [pem(OWN)]
