"""Keys certified on proof of possession, listed, revoked; the authority and its files."""

from __future__ import annotations

import stat
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509

from core.identity.authority import Authority, pem_of
from core.identity.domain.certificate import MOST_KEYS
from core.identity.events import PLATFORM
from core.identity.queries import certificates as queries
from core.identity.queries.acts import context
from core.identity.services import certificates as services
from core.identity.services.certificates import NewCredential, enrol
from core.kernel import age, certificates, chain, jcs, signing
from core.kernel.actor import SYSTEM_ACTOR, Actor
from core.kernel.clock import write_offset
from core.kernel.encoding import b64
from core.kernel.errors import BadSignature, NotAllowed, NotFound, Refusal, RuleBroken, WrongState
from core.kernel.ids import CaseId, KeyId
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.signing import Ed25519Signer, SoftwareAuthenticator, SoftwareP256Signer
from core.kernel.work import Door
from tests.builders.people import RP, People, Person, authority, people


@pytest.fixture
def world(door: Door) -> People:
    return people(door)


@pytest.fixture
def fresh(world: People) -> Person:
    return world.join(Role.BIDDER, keys=False)


def ask(who: Person, request: services.EnrolmentRequest) -> dict[str, JSON]:
    return who.door.perform(who.actor, lambda work: enrol(work, authority(), request))


def refused(who: Person, request: services.EnrolmentRequest) -> Refusal:
    with pytest.raises(Refusal) as found:
        ask(who, request)
    assert who.door.read(lambda session: queries.keys_of(session, who.person)) == ()
    return found.value


def test_a_device_key_is_certified_and_logged_with_its_recipient(fresh: Person) -> None:
    answer = ask(fresh, fresh.enrolment("device"))
    certificate = certificates.read_certificate(answer["certificate"])
    assert certificates.key_record(certificate) == fresh.signer.key
    assert certificates.holder(certificate).id == str(fresh.person)
    issuing, root = (certificates.read_certificate(pem) for pem in authority().chain)
    certificates.verify_chain(certificate, [issuing], [root], fresh.now(), None)
    event = fresh.door.read(lambda session: queries.issue_event(session, KeyId(fresh.signer.key.key_id)))
    assert event is not None
    body = jcs.parse_object(event.envelope.payload)["body"]
    assert isinstance(body, dict)
    assert (body["subject"], body["role"], body["recipient"]) == (fresh.urn, "device", fresh.identity.recipient)
    assert body["certificate_sha256"] == certificates.fingerprint(certificate) and body["serial"] == answer["serial"]


def test_an_authenticator_is_certified_as_step_up_key(fresh: Person) -> None:
    ask(fresh, fresh.enrolment("step-up"))
    (key,) = fresh.door.read(lambda session: queries.keys_of(session, fresh.person, fresh.now()))
    assert (key.purpose, key.record, key.rp, key.recipient) == ("step-up", fresh.authenticator.key, RP, "")
    assert certificates.key_record(x509.load_der_x509_certificate(key.certificate)).kind == "webauthn-es256"


def test_an_officers_certificate_names_office_and_recipient(world: People) -> None:
    officer = world.join(Role.OFFICER, org="公共资源交易中心", office="centre")
    deputy = world.join(Role.OFFICER, org="公共资源交易中心", office="centre")
    other = world.join(Role.OFFICER, org="住房和城乡建设局", office="supervisor")
    door, now = officer.door, officer.now()
    keys = door.read(lambda session: queries.officer_keys(session, "centre", now))
    assert [key.recipient for key in keys] == [officer.identity.recipient, deputy.identity.recipient]
    holder = certificates.holder(x509.load_der_x509_certificate(keys[0].certificate))
    assert (holder.kind, holder.id, holder.role, holder.recipient) == ("officer", str(officer.person), "centre", officer.identity.recipient)
    assert officer.urn == f"urn:ztb:officer:{officer.person}"
    assert door.read(lambda session: queries.officer_keys(session, "centre", now, other.org)) == ()
    assert len(door.read(lambda session: queries.officer_keys(session, "supervisor", now, other.org))) == 1
    assert door.read(lambda session: queries.officer_keys(session, "centre", now + timedelta(days=366))) == ()
    door.perform(officer.actor, lambda work: services.revoke(work, KeyId(officer.signer.key.key_id), "lost"))
    assert [key.person for key in door.read(lambda session: queries.officer_keys(session, "centre", now))] == [deputy.person]


def test_the_same_enrolment_again_gets_the_same_answer(fresh: Person) -> None:
    request = fresh.enrolment("device")
    assert ask(fresh, request) == ask(fresh, request)
    assert len(fresh.door.read(lambda session: chain.find(session, PLATFORM, "cert.issue"))) == 1


def test_a_key_is_certified_once(fresh: Person, world: People) -> None:
    ask(fresh, fresh.enrolment("device"))
    with pytest.raises(RuleBroken, match=r"enrolment\.key_taken"):
        ask(fresh, fresh.enrolment("device"))
    thief = replace(world.join(Role.BIDDER, org="乙方路桥集团有限公司", keys=False), signer=fresh.signer)
    with pytest.raises(RuleBroken, match=r"enrolment\.key_taken"):
        ask(thief, thief.enrolment("device"))


def test_enrolling_takes_the_password(fresh: Person) -> None:
    assert refused(fresh, replace(fresh.enrolment("device"), password_ok=False)).code == "enrolment.password"


def test_a_key_that_did_not_sign_is_not_certified(fresh: Person) -> None:
    other = SoftwareP256Signer.generate()
    said = fresh.enrolment("device").envelope.payload
    forged = replace(fresh.enrolment("device"), envelope=signing.sign(said, other))
    assert refused(fresh, forged).code == "signature.key_missing"
    spki = b64(other.key.spki)
    assert refused(fresh, fresh.enrolment("device", body={"spki": spki})).code == "signature.key_missing"


def test_an_enrolment_for_somebody_else_is_refused(fresh: Person, world: People) -> None:
    other = world.join(Role.BIDDER, org="乙方路桥集团有限公司", keys=False)
    assert refused(fresh, other.enrolment("device")).code == "act.other_person"
    assert refused(fresh, fresh.as_role(Role.CENTRE).enrolment("device")).code == "act.role"


@pytest.mark.parametrize(
    ("purpose", "body", "code"),
    [
        ("officer:centre", {}, "enrolment.purpose"),
        ("platform", {}, "enrolment.purpose"),
        ("device", {"recipient": ""}, "enrolment.recipient"),
        ("device", {"recipient": "age1wrong"}, "age."),
        ("device", {"spki": b64(b"no key")}, "key.malformed"),
        ("device", {"more": 1}, "enrolment.malformed"),
        ("step-up", {"recipient": age.new_identity().recipient}, "enrolment.recipient"),
    ],
)
def test_an_unfit_wish_is_refused(fresh: Person, purpose: str, body: dict[str, JSON], code: str) -> None:
    assert refused(fresh, fresh.enrolment(purpose, body=body)).code.startswith(code)


def test_an_authenticators_key_must_be_the_registered_one(fresh: Person) -> None:
    request = fresh.enrolment("step-up")
    assert refused(fresh, replace(request, credential=None)).code == "enrolment.credential"
    other = SoftwareAuthenticator.generate(RP)
    swapped = replace(request, credential=NewCredential(other.credential_id, other.key, RP))
    assert refused(fresh, swapped).code == "enrolment.credential"
    device = replace(fresh.enrolment("device"), credential=NewCredential(other.credential_id, fresh.signer.key, RP))
    assert refused(fresh, device).code == "enrolment.credential"


def test_a_person_has_so_many_live_keys(fresh: Person) -> None:
    mine = [replace(fresh, signer=SoftwareP256Signer.generate()) for _ in range(MOST_KEYS + 1)]
    for held in mine[:-1]:
        ask(held, held.enrolment("device"))
    with pytest.raises(RuleBroken, match=r"enrolment\.too_many"):
        ask(mine[-1], mine[-1].enrolment("device"))
    fresh.door.perform(fresh.actor, lambda work: services.revoke(work, KeyId(mine[0].signer.key.key_id), "replaced"))
    ask(mine[-1], mine[-1].enrolment("device"))


def test_expired_keys_are_not_counted(fresh: Person, clock_file: Path) -> None:
    ask(fresh, fresh.enrolment("device"))
    write_offset(clock_file, timedelta(days=366))
    assert fresh.door.read(lambda session: queries.keys_of(session, fresh.person, fresh.now())) == ()
    assert len(fresh.door.read(lambda session: queries.keys_of(session, fresh.person))) == 1


def test_owners_and_administrators_revoke_and_it_is_logged(world: People) -> None:
    owner, admin = world.join(Role.BIDDER), world.join(Role.ADMIN, org="数据管理局", keys=False)
    stranger = world.join(Role.BIDDER, org="乙方路桥集团有限公司", keys=False)
    door, key, step_up = owner.door, KeyId(owner.signer.key.key_id), KeyId(owner.authenticator.key.key_id)
    with pytest.raises(NotAllowed, match=r"certificate\.revoke\.not_allowed"):
        door.perform(stranger.actor, lambda work: services.revoke(work, key, "lost"))
    with pytest.raises(RuleBroken, match=r"certificate\.reason"):
        door.perform(owner.actor, lambda work: services.revoke(work, key, "bored"))
    with pytest.raises(NotFound):
        door.perform(owner.actor, lambda work: services.revoke(work, KeyId("0" * 64), "lost"))
    door.perform(owner.actor, lambda work: services.revoke(work, key, "lost"))
    door.perform(admin.actor, lambda work: services.revoke(work, step_up, "left"))
    with pytest.raises(WrongState, match=r"certificate\.revoke\.wrong_state"):
        door.perform(owner.actor, lambda work: services.revoke(work, key, "lost"))
    first, second = door.read(queries.revocations)
    assert (first.reason, second.reason) == ("lost", "left")
    events = door.read(lambda session: chain.find(session, PLATFORM, "cert.revoke"))
    assert [event.subject for event in events] == [key, step_up]


def test_the_revocation_list_is_what_a_verifier_takes(world: People) -> None:
    owner = world.join(Role.BIDDER)
    door, key = owner.door, KeyId(owner.signer.key.key_id)
    view = door.read(lambda session: queries.key_by_id(session, key))
    assert view is not None
    leaf = x509.load_der_x509_certificate(view.certificate)
    issuing, root = (certificates.read_certificate(pem) for pem in authority().chain)

    def check() -> None:
        lists = authority().revocation_lists(door.read(queries.revocations), owner.now())
        certificates.verify_chain(leaf, [issuing], [root], owner.now(), [certificates.read_crl(pem) for pem in lists])

    check()
    door.perform(owner.actor, lambda work: services.revoke(work, key, "lost"))
    with pytest.raises(BadSignature, match=r"certificate\.revoked"):
        check()
    by_serial = door.read(lambda session: queries.certificate_by_serial(session, view.serial))
    assert by_serial.revoked_at is not None and by_serial.reason == "lost" and not by_serial.is_live(owner.now())
    with pytest.raises(NotFound):
        door.read(lambda session: queries.certificate_by_serial(session, "00"))
    assert door.read(lambda session: queries.key_by_id(session, KeyId("0" * 64))) is None
    assert door.read(lambda session: queries.issue_event(session, KeyId("0" * 64))) is None


def test_the_platforms_own_key_is_certified_once(door: Door) -> None:
    key = Ed25519Signer.generate().key
    first = door.perform(SYSTEM_ACTOR, lambda work: services.certify_platform(work, authority(), "gongheng", key))
    assert door.perform(SYSTEM_ACTOR, lambda work: services.certify_platform(work, authority(), "gongheng", key)) == first
    assert [pem_of(der) for der in door.read(queries.platform_certificates)] == [first]
    assert certificates.holder(certificates.read_certificate(first)).kind == "platform"
    (event,) = door.read(lambda session: chain.find(session, PLATFORM, "cert.issue"))
    assert event.subject == key.key_id


def test_the_authority_is_made_once_in_files_that_nobody_else_reads(tmp_path: Path) -> None:
    made, again = Authority.open(tmp_path / "ca"), Authority.open(tmp_path / "ca")
    assert made.chain == again.chain and made.root_sha256 == again.root_sha256
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in (tmp_path / "ca").iterdir()}
    assert modes == {"root.key": 0o600, "issuing.key": 0o600, "root.pem": 0o644, "issuing.pem": 0o644}
    assert stat.S_IMODE((tmp_path / "ca").stat().st_mode) == 0o700


def test_what_a_client_needs_before_it_signs(world: People, fresh: Person) -> None:
    case, equipped = CaseId("T2026-000001"), world.join(Role.EXPERT, org="评标专家库")
    officer = world.join(Role.OFFICER, org="公共资源交易中心", office="centre")

    def about(who: Person, demonstration: bool = True) -> tuple[str, str, list[str]]:
        now = who.now()
        found = who.door.read(lambda session: context(session, who.person, who.role, case, now=now, demonstration=demonstration))
        return found.actor, found.step_up, [key.purpose for key in found.keys]

    assert about(equipped) == (equipped.urn, "webauthn", ["device", "step-up"])
    assert about(fresh) == (fresh.urn, "password+device", [])
    assert about(fresh, demonstration=False) == (fresh.urn, "webauthn", [])
    assert about(officer) == (officer.urn, "password+device", ["officer:centre"])


def test_nobody_enrols_for_nobody(fresh: Person) -> None:
    request = fresh.enrolment("device")
    with pytest.raises(NotAllowed):
        fresh.door.perform(Actor(), lambda work: enrol(work, authority(), request))
