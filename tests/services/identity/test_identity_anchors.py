"""Authorities that are not ours: recognised and ended by two persons, the keys that they vouch for, and what they say of those."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from core.identity.domain.anchor import END, AnchorState
from core.identity.events import PLATFORM
from core.identity.jobs import ask_statuses
from core.identity.models.messages import InboxMessage
from core.identity.queries import anchors as queries
from core.identity.queries import certificates as keys
from core.identity.services import anchors as services
from core.identity.services import certificates as enrolling
from core.identity.services import vouching
from core.identity.services.acts import Expect, once
from core.identity.services.certificates import enrol
from core.kernel import certificates, chain, jcs
from core.kernel.actor import SYSTEM_ACTOR
from core.kernel.clock import write_offset
from core.kernel.errors import BadSignature, NotAllowed, NotFound, Refusal, RuleBroken, WrongState
from core.kernel.ids import KeyId
from core.kernel.roles import Role
from core.kernel.work import Door
from tests.builders.anchors import HOUR, admission, certify, deciders, end, join_vouched, propose, recognise, request, said_of
from tests.builders.authorities import DAY, ForeignAuthority
from tests.builders.people import People, Person, authority, people


@pytest.fixture
def world(door: Door) -> People:
    return people(door)


@pytest.fixture
def two(world: People) -> tuple[Person, Person]:
    return deciders(world)


@pytest.fixture
def far(door: Door) -> ForeignAuthority:
    return ForeignAuthority("楚天", door.read(door.clock).replace(microsecond=0))


def refused(who: Person, use_case: Any) -> Refusal:
    with pytest.raises(Refusal) as found:
        who.door.perform(who.actor, use_case)
    return found.value


def events(door: Door, kind: str) -> list[dict[str, Any]]:
    return [jcs.parse_object(event.envelope.payload)["body"] for event in door.read(lambda session: chain.find(session, PLATFORM, kind))]


def key_of(person: Person) -> Any:
    found = person.door.read(lambda session: keys.key_by_id(session, KeyId(person.signer.key.key_id)))
    assert found is not None
    return found


def test_two_persons_recognise_an_authority_and_both_signatures_stand_in_the_chain(two, far: ForeignAuthority) -> None:
    admin, supervisor = two
    anchor, act = propose(admin, far)
    view = admin.door.read(lambda session: queries.anchor(session, anchor))
    assert (view.state, view.recognised_at) == (AnchorState.PROPOSED, None) and view.proposal is not None
    told = admin.door.read(lambda session: session.execute(select(InboxMessage.person_id, InboxMessage.words)).all())
    assert (supervisor.person, "account.anchor") in [tuple(row) for row in told]
    assert admin.door.read(queries.vouching) == () and admin.door.read(queries.public_anchors) == ()
    admin.door.perform(supervisor.actor, lambda work: services.recognise(work, anchor, supervisor.cosign(act)))
    (found,) = admin.door.read(queries.vouching)
    assert found.root == far.root.certificate and found.demands.families == ("ecdsa", "rsa")
    (event,) = admin.door.read(lambda session: chain.find(session, PLATFORM, "anchor.admit"))
    signers = {line.keyid for line in event.envelope.signatures}
    assert signers == {admin.authenticator.key.key_id, supervisor.authenticator.key.key_id}
    assert admin.door.read(queries.roots) == {certificates.fingerprint(far.root.certificate): "楚天 Certification"}


def test_one_person_alone_or_in_another_role_recognises_nothing(two, world: People, far: ForeignAuthority) -> None:
    admin, supervisor = two
    anchor, act = propose(admin, far)
    for who in (
        admin,
        world.join(Role.BIDDER),
        world.join(Role.CENTRE, org="公共资源交易中心"),
        world.join(Role.ADMIN, org="平台运维中心"),
    ):
        assert refused(who, lambda work, who=who: services.recognise(work, anchor, who.cosign(act))).code == "anchor.recognise.not_allowed"
    bidder = world.join(Role.BIDDER)
    mine = bidder.act("anchor.admit", "PLATFORM", body=admission(far), step_up=True)
    assert isinstance(refused(bidder, lambda work: services.propose(work, mine)), NotAllowed)
    weak = admin.act("anchor.admit", "PLATFORM", body=admission(ForeignAuthority("弱", far.at)))
    assert refused(admin, lambda work: services.propose(work, weak)).code == "act.step_up"
    assert refused(supervisor, lambda work: services.recognise(work, anchor, supervisor.cosign(act, step_up=False))).code
    other = admin.act("anchor.admit", "PLATFORM", body=admission(far, region="四川省"), step_up=True)
    refusal = refused(supervisor, lambda work: services.recognise(work, anchor, supervisor.cosign(other)))
    assert refusal.code == "act.other_statement"
    assert admin.door.read(queries.vouching) == ()


def test_what_was_proposed_is_taken_once_and_can_be_dropped(two, world: People, far: ForeignAuthority) -> None:
    admin, supervisor = two
    anchor, act = propose(admin, far)
    with pytest.raises(RuleBroken, match=r"anchor\.taken"):
        propose(admin, far)
    assert refused(world.join(Role.BIDDER), lambda work: services.set_aside(work, anchor)).code == "anchor.drop.not_allowed"
    assert admin.door.perform(admin.actor, lambda work: services.set_aside(work, anchor))["state"] == "dropped"
    assert isinstance(refused(supervisor, lambda work: services.recognise(work, anchor, supervisor.cosign(act))), WrongState)
    assert isinstance(refused(admin, lambda work: services.set_aside(work, anchor)), WrongState)
    again = recognise(two, far)
    assert refused(supervisor, lambda work: services.recognise(work, again, supervisor.cosign(act))).code == "anchor.recognise.wrong_state"
    with pytest.raises(NotFound):
        admin.door.read(lambda session: queries.anchor(session, admin.person))


def test_an_end_waits_for_the_second_person_and_may_be_set_aside(two, far: ForeignAuthority) -> None:
    admin, supervisor = two
    anchor = recognise(two, far)
    body = {"root_sha256": certificates.fingerprint(far.root.certificate), "reason": "许可证到期"}
    wrong = admin.act(END, "PLATFORM", body=body | {"root_sha256": "0" * 64}, step_up=True)
    assert refused(admin, lambda work: services.propose_end(work, anchor, wrong)).code == "anchor.malformed"
    act = admin.act(END, "PLATFORM", body=body, step_up=True)
    admin.door.perform(admin.actor, lambda work: services.propose_end(work, anchor, act))
    assert len(admin.door.read(queries.vouching)) == 1
    assert admin.door.perform(supervisor.actor, lambda work: services.set_aside(work, anchor))["state"] == "recognised"
    assert refused(supervisor, lambda work: services.end(work, anchor, supervisor.cosign(act))).code == "anchor.end.wrong_state"
    end(two, anchor, far)
    assert admin.door.read(queries.vouching) == () and len(events(admin.door, "anchor.end")) == 1
    (view,) = admin.door.read(queries.public_anchors)
    assert (view.state, view.end_reason) == (AnchorState.ENDED, "许可证被吊销") and view.ended_at is not None
    assert certificates.fingerprint(far.root.certificate) in admin.door.read(queries.roots)  # what was signed before still leads there
    recognise(two, far)  # and it may come again


def test_a_key_certified_elsewhere_is_certified_here_too_no_longer_than_there(two, world: People, far: ForeignAuthority) -> None:
    anchor = recognise(two, far)
    bidder = join_vouched(world, far, anchor, days=30)
    key = key_of(bidder)
    assert key.vouch.name_en == "楚天 Certification" and key.vouch.is_fresh(bidder.now()) and key.vouch.revoked_at is None
    assert key.not_after == far.at + 30 * DAY
    (said,) = events(bidder.door, "cert.vouch")
    leaf = certificates.read_certificate(said["chain"][0])
    assert said["key_id"] == bidder.signer.key.key_id and said["uscc"] == bidder.uscc and len(said["chain"]) == 3
    assert said["certificate_sha256"] == certificates.fingerprint(leaf) == key.vouch.certificate_sha256
    about = bidder.door.read(lambda session: queries.vouched(session, KeyId(bidder.signer.key.key_id)))
    assert about is not None and [(one.place, one.source) for one in about.papers] == [(0, "ocsp"), (1, "crl")]
    assert {event.kind for event in about.events} == {"cert.vouch", "anchor.admit"}
    assert bidder.door.read(lambda session: queries.paper(session, about.papers[0].sha256))
    assert bidder.door.read(lambda session: queries.vouched(session, KeyId(bidder.authenticator.key.key_id))) is None
    act = bidder.act("note", "PLATFORM")
    bidder.door.perform(bidder.actor, lambda work: once(work, act, Expect("note", PLATFORM), lambda act: {"ok": True}))


def test_chains_that_do_not_vouch_for_this_key_and_firm_are_refused(two, world: People, far: ForeignAuthority) -> None:
    anchor = recognise(two, far)
    bidder, other = world.join(Role.BIDDER, org="乙方", keys=False), world.join(Role.BIDDER, org="丙方", keys=False)
    good, now = certify(bidder, far), bidder.now()
    stranger = ForeignAuthority("外人", far.at)
    theirs = certify(bidder, stranger)
    revoked = certify(bidder, far)
    far.revoke(revoked, far.at - HOUR)
    for wish, code in (
        (replace(bidder.enrolment("device"), foreign=request(bidder, far, anchor, good).foreign), "foreign.other_certificate"),
        (replace(request(bidder, far, anchor, good), foreign=None), "foreign.missing"),
        (request(bidder, far, anchor, certify(other, far, uscc=bidder.uscc)), "foreign.key_differs"),
        (request(bidder, far, anchor, certify(bidder, far, uscc=other.uscc)), "foreign.other_firm"),
        (request(bidder, far, anchor, certify(bidder, far, uscc="")), "foreign.other_firm"),
        (request(bidder, far, anchor, good, said=()), "foreign.no_status"),
        (request(bidder, far, anchor, good, said=said_of(far, good, now, above=False)), "foreign.no_status"),
        (request(bidder, far, anchor, good, said=said_of(far, good, now - 3 * DAY)), "foreign.no_status"),
        (request(bidder, far, anchor, revoked), "certificate.revoked"),
        (
            request(bidder, stranger, anchor, theirs, path=(theirs, stranger.issuing.certificate, stranger.root.certificate)),
            "certificate.chain",
        ),
        (request(bidder, far, bidder.person, good), "anchor.not_recognised"),
    ):
        assert refused(bidder, lambda work, wish=wish: enrol(work, authority(), wish)).code == code
    fine = request(bidder, far, anchor, good)
    bidder.door.perform(bidder.actor, lambda work: enrol(work, authority(), fine))
    end(two, anchor, far)
    late = request(other, far, anchor, certify(other, far))
    assert refused(other, lambda work: enrol(work, authority(), late)).code == "anchor.not_recognised"


def test_the_same_enrolment_again_gets_its_answer_and_the_same_certificate_no_second_key(two, world, far: ForeignAuthority) -> None:
    anchor = recognise(two, far)
    bidder = world.join(Role.BIDDER, org="乙方", keys=False)
    wish = request(bidder, far, anchor, certify(bidder, far))
    first = bidder.door.perform(bidder.actor, lambda work: enrol(work, authority(), wish))
    assert bidder.door.perform(bidder.actor, lambda work: enrol(work, authority(), wish)) == first
    again = request(bidder, far, anchor, wish.foreign.path[0])
    assert refused(bidder, lambda work: enrol(work, authority(), again)).code == "enrolment.key_taken"
    assert len(events(bidder.door, "cert.vouch")) == 1


def test_the_end_of_an_authority_ends_its_keys_from_then_on(two, world: People, far: ForeignAuthority) -> None:
    anchor = recognise(two, far)
    bidder, own = join_vouched(world, far, anchor), world.join(Role.BIDDER)
    end(two, anchor, far)
    key = key_of(bidder)
    assert key.reason == "anchor" and key.revoked_at is not None and not key.is_live(bidder.now())
    act = bidder.act("note", "PLATFORM")
    note = Expect("note", PLATFORM)
    assert refused(bidder, lambda work: once(work, act, note, lambda act: {})).code == "act.key_revoked"
    assert key_of(own).revoked_at is None


def note(door: Door, person: Person, said: Any) -> None:
    door.perform(SYSTEM_ACTOR, lambda work: vouching.note_status(work, KeyId(person.signer.key.key_id), said))


def test_a_revocation_learned_later_ends_the_key_and_tells_since_when(two, world: People, far: ForeignAuthority) -> None:
    bidder = join_vouched(world, far, recognise(two, far))
    leaf = certificates.read_certificate(events(bidder.door, "cert.vouch")[0]["chain"][0])
    act = bidder.act("note", "PLATFORM")  # stands: nobody knew
    bidder.door.perform(bidder.actor, lambda work: once(work, act, Expect("note", PLATFORM), lambda act: {}))
    far.revoke(leaf, far.at)
    note(bidder.door, bidder, said_of(far, leaf, bidder.now() + timedelta(seconds=1)))
    key = key_of(bidder)
    assert (key.reason, key.vouch.revoked_at) == ("authority", far.at) and key.vouch.learned_at == key.revoked_at
    (said,) = events(bidder.door, "cert.status")
    assert (said["state"], said["source"], said["place"]) == ("revoked", "ocsp", 0)
    late = bidder.act("note", "PLATFORM")
    assert refused(bidder, lambda work: once(work, late, Expect("note", PLATFORM), lambda act: {})).code == "act.key_revoked"
    note(bidder.door, bidder, said_of(far, leaf, bidder.now()))  # told again, nothing more happens
    assert len(events(bidder.door, "cert.status")) == 1 and len(events(bidder.door, "cert.revoke")) == 1
    assert bidder.door.read(lambda session: queries.due(session, bidder.now() + 99 * DAY, 9)) == ()


def test_silence_lets_the_key_sign_and_is_asked_again(two, world: People, far: ForeignAuthority, clock_file: Any = None) -> None:
    bidder = join_vouched(world, far, recognise(two, far))
    now = bidder.now()
    assert bidder.door.read(lambda session: queries.due(session, now, 9)) == ()
    (one,) = bidder.door.read(lambda session: queries.due(session, now + 13 * HOUR, 9))
    assert one.key_id == bidder.signer.key.key_id and one.ocsp_url == "http://ocsp.invalid/" and len(one.path) == 3
    note(bidder.door, bidder, ())
    assert len(bidder.door.read(lambda session: queries.due(session, bidder.now() + 6 * HOUR / 60, 9))) == 1
    act = bidder.act("note", "PLATFORM")
    bidder.door.perform(bidder.actor, lambda work: once(work, act, Expect("note", PLATFORM), lambda act: {}))
    assert not key_of(bidder).vouch.is_fresh(now + 25 * HOUR)


def test_a_key_that_ended_is_asked_about_until_somebody_speaks_for_its_last_moment(two, world: People, far: ForeignAuthority) -> None:
    bidder = join_vouched(world, far, recognise(two, far))
    leaf = certificates.read_certificate(events(bidder.door, "cert.vouch")[0]["chain"][0])
    bidder.door.perform(bidder.actor, lambda work: enrolling.revoke(work, KeyId(bidder.signer.key.key_id), "replaced"))
    note(bidder.door, bidder, ())
    assert len(bidder.door.read(lambda session: queries.due(session, bidder.now() + HOUR, 9))) == 1
    note(bidder.door, bidder, said_of(far, leaf, bidder.now()))
    assert bidder.door.read(lambda session: queries.due(session, bidder.now() + 99 * DAY, 9)) == ()


def test_an_authority_is_over_when_its_time_is_over(two, world: People, far: ForeignAuthority) -> None:
    from core.kernel import clock

    anchor = recognise(two, far, until=clock.text(far.at + 2 * DAY))
    bidder = join_vouched(world, far, anchor)
    assert key_of(bidder).not_after == far.at + 2 * DAY
    late = world.join(Role.BIDDER, org="晚到", keys=False)
    assert late.door.clock_file is not None
    write_offset(late.door.clock_file, timedelta(days=3))
    try:
        wish = request(late, far, anchor, certify(late, far))
        assert refused(late, lambda work: enrol(work, authority(), wish)).code == "anchor.over"
        act = bidder.act("n", "PLATFORM")
        assert refused(bidder, lambda work: once(work, act, Expect("n", PLATFORM), lambda act: {})).code == "act.key_expired"
    finally:
        write_offset(late.door.clock_file, timedelta(0))


def test_a_root_that_cannot_end_a_path_is_not_proposed(two, far: ForeignAuthority) -> None:
    admin, _ = two
    from core.kernel import clock

    leaf_as_root = ForeignAuthority("L", far.at)
    for body, kind, code in (
        (admission(far, until=clock.text(far.at - DAY)), RuleBroken, "anchor.until"),
        (admission(far, until=clock.text(far.at + 3700 * DAY)), RuleBroken, "anchor.until"),
        (admission(far, root=leaf_as_root.issuing.pem), RuleBroken, "anchor.root"),
        (admission(far, families=["rsa"]), BadSignature, "certificate.algorithm"),
        (admission(far, root="rubbish"), RuleBroken, "anchor.root"),
        (admission(far, extra="x"), RuleBroken, "anchor.malformed"),
    ):
        act = admin.act("anchor.admit", "PLATFORM", body=body, step_up=True)
        refusal = refused(admin, lambda work, act=act: services.propose(work, act))
        assert isinstance(refusal, kind) and refusal.code == code


def test_the_clock_asks_about_who_is_due_and_nobody_else(two, world: People, far: ForeignAuthority) -> None:
    bidder = join_vouched(world, far, recognise(two, far))
    leaf = certificates.read_certificate(events(bidder.door, "cert.vouch")[0]["chain"][0])
    asked: list[Any] = []

    class Asked:
        client = nullcontext()

        def ask(self, path: Any, ocsp_url: str, crl_urls: Any, now: Any) -> tuple[Any, ...]:
            asked.append((path[0], ocsp_url))
            return tuple(said_of(far, leaf, now))

    ask_statuses(bidder.door, Asked())  # type: ignore[arg-type]
    assert asked == []
    assert bidder.door.clock_file is not None
    write_offset(bidder.door.clock_file, timedelta(hours=13))
    try:
        ask_statuses(bidder.door, Asked())  # type: ignore[arg-type]
        ask_statuses(bidder.door, Asked())  # type: ignore[arg-type]
        assert asked == [(leaf, "http://ocsp.invalid/")]
        assert key_of(bidder).vouch.told_at > far.at + 12 * HOUR
    finally:
        write_offset(bidder.door.clock_file, timedelta(0))
