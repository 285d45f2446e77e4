"""Signed acts: accepted once, and refused for every way of not being what they should be."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import pytest

from core.identity.events import PLATFORM
from core.identity.models.acts import SignedAct
from core.identity.services.acts import Act, Expect, SignedRequest, countersign, once
from core.identity.services.certificates import revoke
from core.kernel import chain, clock, signing
from core.kernel.actor import PUBLIC_ACTOR, SYSTEM_ACTOR, Actor
from core.kernel.clock import write_offset
from core.kernel.db import open_engine
from core.kernel.dsse import Envelope, payload_type
from core.kernel.encoding import b64, sha256
from core.kernel.errors import BadSignature, Refusal, RuleBroken, Stale
from core.kernel.events import Event
from core.kernel.ids import CaseId, KeyId, PersonId
from core.kernel.jcs import JSON
from core.kernel.records import CheckpointRow
from core.kernel.roles import Role
from core.kernel.signing import Seen, SoftwareAuthenticator
from core.kernel.webauthn import RelyingParty
from core.kernel.work import Door, Work
from tests.builders.people import RP, People, Person, people

CASE = CaseId("T2026-000001")


@dataclass(frozen=True, kw_only=True)
class Greeted(Event):
    """An act for these tests alone."""

    KIND = "greet"


EXPECT = Expect("greet", CASE, role=Role.BIDDER)


@pytest.fixture
def world(door: Door) -> People:
    return people(door)


@pytest.fixture
def bidder(world: People) -> Person:
    return world.join(Role.BIDDER)


def greet(work: Work, request: SignedRequest, expect: Expect = EXPECT) -> dict[str, JSON]:
    def do(act: Act) -> dict[str, JSON]:
        work.record(Greeted(case=expect.case, lot=expect.lot, round=expect.round, signed=act.envelope))
        return {"said": act.body.get("words"), "number": secrets.token_hex(4)}

    return once(work, request, expect, do)


def send(who: Person, request: SignedRequest, expect: Expect = EXPECT, actor: Actor | None = None) -> dict[str, JSON]:
    return who.door.perform(actor or who.actor, lambda work: greet(work, request, expect))


def refused(who: Person, request: SignedRequest, expect: Expect = EXPECT, actor: Actor | None = None) -> Refusal:
    with pytest.raises(Refusal) as found:
        send(who, request, expect, actor)
    assert not who.door.read(lambda session: session.query(SignedAct).filter(SignedAct.case_id == CASE).count())
    assert not who.door.read(lambda session: chain.events(session, CASE))
    return found.value


def test_an_act_is_done_and_stands_in_the_chain_as_it_was_signed(bidder: Person) -> None:
    request = bidder.act("greet", CASE, body={"words": "你好"})
    assert send(bidder, request)["said"] == "你好"
    (stored,) = bidder.door.read(lambda session: chain.events(session, CASE))
    assert stored.envelope == request.envelope
    assert bidder.prev(CASE) == sha256(request.envelope.payload).hex()


def test_the_same_act_again_gets_the_same_answer_and_does_nothing(bidder: Person) -> None:
    request = bidder.act("greet", CASE, body={"words": "一"})
    first = send(bidder, request)
    send(bidder, bidder.act("greet", CASE, body={"words": "二"}))
    assert send(bidder, request) == first
    assert len(bidder.door.read(lambda session: chain.events(session, CASE))) == 2


def test_the_same_nonce_on_another_payload_is_refused(bidder: Person) -> None:
    nonce = "0a" * 16
    send(bidder, bidder.act("greet", CASE, body={"words": "一"}, nonce=nonce))
    with pytest.raises(BadSignature, match=r"act\.nonce_used"):
        send(bidder, bidder.act("greet", CASE, body={"words": "二"}, nonce=nonce))


def test_two_people_may_use_one_nonce(bidder: Person, world: People) -> None:
    other = world.join(Role.BIDDER, org="乙方路桥集团有限公司")
    for who in (bidder, other):
        send(who, who.act("greet", CASE, nonce="0b" * 16))


def test_an_act_on_an_old_view_is_stale_and_told_the_right_prev(bidder: Person) -> None:
    send(bidder, bidder.act("greet", CASE))
    with pytest.raises(Stale) as found:
        send(bidder, bidder.act("greet", CASE, prev=""))
    assert found.value.facts == {"prev": bidder.prev(CASE)}
    send(bidder, bidder.act("greet", CASE, prev=str(found.value.facts["prev"])))


def test_each_case_has_a_prev_of_its_own(bidder: Person) -> None:
    send(bidder, bidder.act("greet", CASE))
    other = CaseId("T2026-000002")
    send(bidder, bidder.act("greet", other, prev=""), replace(EXPECT, case=other))


def test_two_statements_of_one_use_case_follow_each_other(bidder: Person) -> None:
    first = bidder.act("greet", CASE, body={"words": "一"})
    second = bidder.act("greet", CASE, body={"words": "二"}, prev=sha256(first.envelope.payload).hex())
    bidder.door.perform(bidder.actor, lambda work: (greet(work, first), greet(work, second)))
    assert bidder.prev(CASE) == sha256(second.envelope.payload).hex()


def test_what_the_use_case_refuses_leaves_nothing_behind(bidder: Person) -> None:
    request = bidder.act("greet", CASE)

    def refuse(act: Act) -> dict[str, JSON]:
        raise RuleBroken("test.rule")

    with pytest.raises(RuleBroken):
        bidder.door.perform(bidder.actor, lambda work: once(work, request, EXPECT, refuse))
    assert bidder.prev(CASE) == ""
    assert send(bidder, request)["number"]


def test_nobody_acts_without_a_person(bidder: Person) -> None:
    for nobody in (PUBLIC_ACTOR, SYSTEM_ACTOR):
        assert refused(bidder, bidder.act("greet", CASE), actor=nobody).code == "act.person"


@pytest.mark.parametrize(
    ("change", "kind", "code"),
    [
        ({"kind": "wave"}, BadSignature, "act.other_statement"),
        ({"case": "T2026-000009"}, BadSignature, "act.other_statement"),
        ({"lot": "2"}, BadSignature, "act.other_statement"),
        ({"round": 3}, BadSignature, "act.other_statement"),
        ({"prev": "ab" * 32}, Stale, "act.prev"),
        ({"ckpt": Seen(5, b64(bytes(32)))}, BadSignature, "act.ckpt_unknown"),
    ],
)
def test_an_act_about_something_else_is_refused(bidder: Person, change: dict[str, Any], kind: type[Refusal], code: str) -> None:
    request = bidder.act(**({"kind": "greet", "case": CASE, "prev": ""} | change))
    found = refused(bidder, request)
    assert (type(found), found.code) == (kind, code)


def test_an_act_dated_in_the_future_is_refused(bidder: Person) -> None:
    assert refused(bidder, bidder.act("greet", CASE, iat=bidder.now() + timedelta(minutes=6))).code == "act.in_the_future"


def test_a_known_checkpoint_is_taken(bidder: Person) -> None:
    root = secrets.token_bytes(32)

    def checkpoint(work: Work) -> None:
        work.session.add(CheckpointRow(size=5, root=root, note="", reason="", at=work.now(), cosignatures=""))

    bidder.door.perform(SYSTEM_ACTOR, checkpoint)
    assert refused(bidder, bidder.act("greet", CASE, ckpt=Seen(5, b64(bytes(32))))).code == "act.ckpt_unknown"
    send(bidder, bidder.act("greet", CASE, ckpt=Seen(5, b64(root))))


def test_the_wrong_role_is_refused(bidder: Person) -> None:
    assert refused(bidder, bidder.act("greet", CASE), replace(EXPECT, role=Role.CENTRE)).code == "act.role"
    assert refused(bidder, bidder.as_role(Role.CENTRE).act("greet", CASE), replace(EXPECT, role=Role.CENTRE)).code == "act.role"
    assert refused(bidder, bidder.act("greet", CASE, actor=signing.Actor(bidder.urn, "king", bidder.signer.key.key_id))).code == "act.role"


def test_another_persons_act_is_refused(bidder: Person, world: People) -> None:
    other = world.join(Role.BIDDER, org="乙方路桥集团有限公司")
    assert refused(bidder, other.act("greet", CASE)).code == "act.other_person"  # signed by the other, sent under our login
    own_name = signing.Actor(bidder.urn, "bidder", other.signer.key.key_id)
    assert refused(bidder, other.act("greet", CASE, actor=own_name)).code == "act.other_person"  # our name, the other's key
    their_name = signing.Actor(other.urn, "bidder", bidder.signer.key.key_id)
    assert refused(bidder, bidder.act("greet", CASE, actor=their_name)).code == "act.other_person"  # our key, the other's name


def test_a_key_that_was_never_certified_is_refused(world: People) -> None:
    fresh = world.join(Role.BIDDER, keys=False)
    assert refused(fresh, fresh.act("greet", CASE)).code == "act.key_unknown"


def test_a_revoked_key_is_refused_and_an_answer_given_before_stands(bidder: Person) -> None:
    before = bidder.act("greet", CASE)
    answer = send(bidder, before)
    bidder.door.perform(bidder.actor, lambda work: revoke(work, KeyId(bidder.signer.key.key_id), "lost"))
    assert send(bidder, before) == answer
    with pytest.raises(BadSignature, match=r"act\.key_revoked"):
        send(bidder, bidder.act("greet", CASE))


def test_an_expired_certificate_is_refused(bidder: Person, clock_file: Any) -> None:
    write_offset(clock_file, timedelta(days=366))
    assert refused(bidder, bidder.act("greet", CASE)).code == "act.key_expired"


def test_officers_sign_with_their_tool_and_nobody_else_does(world: People) -> None:
    officer = world.join(Role.OFFICER, org="公共资源交易中心", office="centre")
    expect = replace(EXPECT, role=Role.OFFICER)
    kept: list[Act] = []
    request = officer.act("greet", CASE)

    def keep(act: Act) -> dict[str, JSON]:
        kept.append(act)
        officer_event = Greeted(case=CASE, signed=act.envelope)
        return {"kind": officer_event.KIND}

    officer.door.perform(officer.actor, lambda work: once(work, request, expect, keep))
    assert kept[-1].office == "centre"


def test_step_up_is_asked_where_it_is_due(bidder: Person) -> None:
    strong = replace(EXPECT, step_up=True)
    assert refused(bidder, bidder.act("greet", CASE), strong).code == "act.step_up"
    send(bidder, bidder.act("greet", CASE, step_up=True), strong)
    send(bidder, bidder.act_with_password("greet", CASE), strong)


def test_a_password_that_nobody_checked_counts_for_nothing(bidder: Person) -> None:
    request = replace(bidder.act_with_password("greet", CASE), password_ok=False)
    assert refused(bidder, request, replace(EXPECT, step_up=True)).code == "act.password_needed"
    assert refused(bidder, request).code == "act.password_needed"


def test_a_device_key_cannot_claim_an_authenticators_strength(bidder: Person) -> None:
    payload = bidder.payload("greet", CASE, step_up="webauthn")
    assert refused(bidder, SignedRequest(signing.sign(payload, bidder.signer))).code == "statement.step_up_differs"


def test_an_authenticators_answer_to_another_site_is_refused(bidder: Person) -> None:
    elsewhere = SoftwareAuthenticator(RelyingParty("evil.example", "https://evil.example"), bidder.authenticator.private)
    payload = bidder.payload("greet", CASE, signer=elsewhere, step_up="webauthn")
    assert refused(bidder, SignedRequest(signing.sign(payload, elsewhere))).code.startswith("webauthn.")
    assert elsewhere.key == bidder.authenticator.key and RP.id == "localhost"


def _tampered(request: SignedRequest, payload: bytes, kind: str = "greet") -> SignedRequest:
    return SignedRequest(Envelope(payload_type(kind), payload, request.envelope.signatures))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda payload: payload.replace("一".encode(), "二".encode()), "signature.invalid"),
        (lambda payload: payload.replace(b'{"actor"', b'{ "actor"'), "jcs.not_canonical"),
        (lambda payload: payload.replace(b'"v":1', b'"v":1.0'), "jcs.float"),
        (lambda payload: payload.replace(b'"round":0', b'"round":1e3'), "jcs.float"),
        (lambda payload: payload.replace(b'"v":1', b'"v":1,"v":1'), "jcs.duplicate_key"),
        (lambda payload: payload.replace(b'"v":1', b'"v":2'), "statement.suite_unknown"),
        (lambda payload: payload.replace(b'"lot":"",', b""), "statement.malformed"),
        (lambda payload: payload[:-5], "jcs.malformed"),
        (lambda payload: b"[]", "jcs.not_an_object"),
    ],
)
def test_bytes_that_were_not_signed_or_are_not_canonical_are_refused(bidder: Person, change: Callable[[bytes], bytes], code: str) -> None:
    request = bidder.act("greet", CASE, body={"words": "一"})
    changed = change(request.envelope.payload)
    assert changed != request.envelope.payload
    assert refused(bidder, _tampered(request, changed)).code == code


def test_signed_bytes_that_are_not_canonical_are_refused(bidder: Person) -> None:
    loose = json.dumps(json.loads(bidder.payload("greet", CASE)), indent=1).encode()
    line = bidder.signer.sign(Envelope(payload_type("greet"), loose, ()).signed_bytes)
    assert refused(bidder, SignedRequest(Envelope(payload_type("greet"), loose, (line,)))).code == "jcs.not_canonical"


def test_a_payload_under_another_type_is_refused(bidder: Person) -> None:
    payload = bidder.payload("greet", CASE)
    line = bidder.signer.sign(Envelope(payload_type("wave"), payload, ()).signed_bytes)
    assert refused(bidder, SignedRequest(Envelope(payload_type("wave"), payload, (line,)))).code == "statement.type_differs"


def test_one_act_bears_one_signature(bidder: Person) -> None:
    payload = bidder.payload("greet", CASE)
    assert refused(bidder, SignedRequest(signing.sign(payload, bidder.signer, bidder.authenticator))).code == "act.one_signature"


def test_a_case_is_closed_by_two_people_over_the_same_bytes(world: People) -> None:
    centre, supervisor = world.join(Role.CENTRE, org="公共资源交易中心"), world.join(Role.SUPERVISOR, org="住房和城乡建设局")
    first = centre.act("greet", CASE, body={"events": 41}, step_up=True)
    expect = replace(EXPECT, role=Role.SUPERVISOR, step_up=True)

    def second(who: Person, request: SignedRequest, wanted: Expect = expect, opened: Envelope = first.envelope) -> Envelope:
        return who.door.perform(who.actor, lambda work: countersign(work, request, opened, wanted))

    both = second(supervisor, supervisor.cosign(first))
    assert [line.keyid for line in both.signatures] == [centre.authenticator.key.key_id, supervisor.authenticator.key.key_id]
    for who in (centre, supervisor):
        signing.verify(both, who.authenticator.key, RP)
    cases: list[tuple[Person, SignedRequest, Expect, str]] = [
        (supervisor, supervisor.cosign(first, step_up=False), expect, "statement.step_up_differs"),
        (supervisor, supervisor.act("greet", CASE, body={"events": 42}, step_up=True), expect, "act.other_statement"),
        (centre, centre.cosign(first), replace(expect, role=Role.CENTRE), "act.signed_already"),
        (centre, centre.cosign(first), expect, "act.role"),
        (supervisor, supervisor.cosign(first), replace(expect, role=None), "act.role"),
        (supervisor, centre.cosign(first), expect, "act.other_person"),
    ]
    for who, request, wanted, code in cases:
        with pytest.raises(Refusal) as found:
            second(who, request, wanted)
        assert found.value.code == code


def test_a_second_signature_by_password_needs_the_password(world: People) -> None:
    centre, supervisor = world.join(Role.CENTRE, org="公共资源交易中心"), world.join(Role.SUPERVISOR, org="住房和城乡建设局")
    first = centre.act_with_password("greet", CASE)
    expect = replace(EXPECT, role=Role.SUPERVISOR)
    request = supervisor.cosign(first, step_up=False)
    with pytest.raises(BadSignature, match=r"act\.password_needed"):
        supervisor.door.perform(supervisor.actor, lambda work: countersign(work, request, first.envelope, expect))
    agreed = replace(request, password_ok=True)
    assert supervisor.door.perform(supervisor.actor, lambda work: countersign(work, agreed, first.envelope, expect))


def test_a_stranger_in_the_first_envelope_is_refused(world: People) -> None:
    supervisor = world.join(Role.SUPERVISOR, org="住房和城乡建设局")
    ghost = replace(supervisor, person=PersonId(uuid4()), signer=signing.SoftwareP256Signer.generate())
    first = ghost.act("greet", CASE)
    expect = replace(EXPECT, role=Role.SUPERVISOR)
    request = supervisor.cosign(first, step_up=False)
    with pytest.raises(BadSignature, match=r"act\.signed_already"):
        supervisor.door.perform(supervisor.actor, lambda work: countersign(work, request, first.envelope, expect))


def test_a_payload_is_the_platforms_own_words_nowhere(bidder: Person) -> None:
    body: Mapping[str, JSON] = {"words": "好", "at": clock.text(bidder.now())}
    send(bidder, bidder.act("greet", CASE, body=body))
    (issued, stepped) = bidder.door.read(lambda session: chain.find(session, PLATFORM, "cert.issue"))
    assert {issued.subject, stepped.subject} == {bidder.signer.key.key_id, bidder.authenticator.key.key_id}


@pytest.mark.postgres
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_one_act_sent_to_two_processes_at_once_is_done_once(bidder: Person, database: str, platform_key: signing.Ed25519Signer) -> None:
    engine = open_engine(database)
    second = Door(engine, platform_key, readers=1)
    try:
        for _ in range(5):
            request = bidder.act("greet", CASE)
            with ThreadPoolExecutor(4) as pool:
                doors = (bidder.door, second, bidder.door, second)
                sent = [pool.submit(door.perform, bidder.actor, partial(greet, request=request)) for door in doors]
                answers = [answer.result() for answer in sent]
            assert all(answer == answers[0] for answer in answers)
        assert len(bidder.door.read(lambda session: chain.events(session, CASE))) == 5
    finally:
        second.close()
        engine.dispose()
