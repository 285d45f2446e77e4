"""A case in which a bidder signs with a key that another authority vouches for: accepted, and every other story of that is not."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.evidence.package import own_policy
from app.verify import command
from app.verify.steps import verify
from core.identity.queries import anchors as queries
from core.identity.services import vouching
from core.identity.services.certificates import enrol
from core.kernel import clock, jcs
from core.kernel.actor import SYSTEM_ACTOR
from core.kernel.chain import event_data
from core.kernel.dsse import read_envelope
from core.kernel.encoding import sha256
from core.kernel.ids import KeyId
from core.kernel.roles import Role
from core.kernel.signing import SoftwareP256Signer, sign
from core.kernel.trust import TrustPolicy, write_policy
from tests.builders.anchors import certify, end, recognise, request, said_of
from tests.builders.authorities import ForeignAuthority
from tests.builders.people import authority
from tests.builders.whole import Whole
from tests.verify.conftest import members_of, unplayed
from tests.verify.forging import Case, packed

LATER = timedelta(hours=1)


class World:
    """A case whose first bidder seals with a vouched key, and fails at its deadline for want of bidders."""

    def __init__(self, whole: Whole) -> None:
        self.whole, tender = whole, whole.hall.tender
        self.door, now = tender.door, tender.door.read(tender.door.clock).replace(microsecond=0)
        self.far = ForeignAuthority("楚天", now)
        self.two = (tender.crowd.join(Role.ADMIN, org="平台运维中心"), tender.supervisor)
        self.anchor = recognise(self.two, self.far)
        bidder = replace(tender.bidders[0], signer=SoftwareP256Signer.generate())
        self.leaf = certify(bidder, self.far)
        wish = request(bidder, self.far, self.anchor, self.leaf)
        self.door.perform(bidder.actor, lambda work: enrol(work, authority(), wish))
        tender.bidders[0] = self.bidder = bidder

    @property
    def now(self) -> datetime:
        return self.door.read(self.door.clock)

    def tell(self, at: datetime | None = None) -> None:
        """The authority is asked, and answers."""
        said = said_of(self.far, self.leaf, (at or self.now).replace(microsecond=0) + timedelta(seconds=1))
        self.door.perform(SYSTEM_ACTOR, lambda work: vouching.note_status(work, KeyId(self.bidder.signer.key.key_id), said))

    def finish(self, folder: Path) -> Case:
        one = self.whole
        one.hall.seal(one.hall.tender.bidders[1])
        one.hall.close()
        one.deliver()
        one.close()
        case = Case.of(one, one.export(), folder)
        case.policy = own_policy(authority(), one.log, one.settings, self.door.read(queries.roots))
        case.signers |= {person.authenticator.key.key_id: person.authenticator for person in self.two}
        return case


@pytest.fixture(scope="module")
def world(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, Case]]:
    """The authority speaks again after the seal, and nothing is revoked."""
    folder = tmp_path_factory.mktemp("vouched")
    with unplayed(folder, sqlite_template) as whole:
        made = World(whole)
        whole.hall.seal(made.bidder)
        made.tell()
        yield made, made.finish(folder)


@pytest.fixture(scope="module")
def vouched(world: tuple[World, Case]) -> Case:
    return world[1]


@pytest.fixture
def members(vouched: Case) -> dict[str, bytes]:
    return members_of(vouched)


def broken(path: Path, policy: TrustPolicy) -> list[tuple[str, str]]:
    return [(finding.check, finding.code) for finding in verify(path, policy).findings if not finding.holds]


def test_the_report_says_which_authority_vouched_for_whom(vouched: Case, tmp_path: Path) -> None:
    verdict = verify(vouched.path, vouched.policy)
    assert [(finding.check, finding.code, finding.member) for finding in verdict.findings if not finding.holds] == []
    [note] = [note for note in verdict.notes if note.code.startswith("vouched")]
    assert note.facts["en"] == "楚天 Certification" and note.facts["good"] == 2  # a statement for each envelope
    (tmp_path / "trusted.txt").write_text(write_policy(vouched.policy, {"0": "nobody"}), "utf-8")
    for lang, words in (("zh", "楚天电子认证有限公司"), ("en", "楚天 Certification")):
        answer = command.run(str(vouched.path), str(tmp_path / "trusted.txt"), lang=lang)  # type: ignore[arg-type]
        assert answer.code == 0 and words in answer.out, answer


def test_an_authority_that_the_policy_does_not_name_is_refused(vouched: Case) -> None:
    own = replace(vouched.policy, ca_roots=frozenset({authority().root_sha256}))
    assert broken(vouched.path, own) == [("authorities", "authority_unknown")]


Members = dict[str, bytes]


def resay(case: Case, members: Members, kind: str, edit: Callable[[dict[str, Any]], object]) -> Members:
    """The same with an entry of the platform's chain said anew, under the keys of whoever had said it."""
    for name, data in list(members.items()):
        if not name.startswith("platform/") or name.endswith(".proof.json"):
            continue
        event = json.loads(data)
        envelope = read_envelope(event["dsse"])
        payload = json.loads(envelope.payload)
        if payload["type"] == kind:
            edit(payload)
            signed = sign(jcs.canonical(payload), *(case.signers[line.keyid] for line in envelope.signatures))
            members[name] = event_data(event["case"], event["case_seq"], event["prev"], clock.moment(event["received_at"]), signed)
    return members


def drop(members: Members, kind: str) -> Members:
    """The same without an entry of the platform's chain."""
    for name in [name for name in members if name.startswith("platform/") and not name.endswith(".proof.json")]:
        if json.loads(read_envelope(json.loads(members[name])["dsse"]).payload)["type"] == kind:
            del members[name], members[name.replace(".json", ".proof.json")]
    return members


def record(members: Members) -> tuple[str, dict[str, Any]]:
    [name] = [name for name in members if name.startswith("vouched/")]
    return name, json.loads(members[name])


def write(members: Members, name: str, said: dict[str, Any]) -> Members:
    return members | {name: jcs.canonical(said)}


def swap_chain(world: World, case: Case, members: Members) -> Members:
    """Another leaf of the same authority, for another key, in record and entry."""
    stranger = certify(replace(world.bidder, signer=SoftwareP256Signer.generate()), world.far)
    return _chain(world, case, members, stranger, world.far)


def other_authority(world: World, case: Case, members: Members) -> Members:
    """The same key under an authority whose root has the same name."""
    far = ForeignAuthority("楚天", world.far.at)
    return _chain(world, case, members, certify(world.bidder, far), far, keep_root=True)


def _chain(world: World, case: Case, members: Members, leaf: Any, far: ForeignAuthority, *, keep_root: bool = False) -> Members:
    from core.identity.domain.anchor import pem_chain
    from core.kernel.certificates import fingerprint

    chain = pem_chain([leaf, far.issuing.certificate, world.far.root.certificate if keep_root else far.root.certificate])
    name, said = record(members)

    def edit(payload: dict[str, Any]) -> None:
        payload["body"] |= {"chain": chain, "certificate_sha256": fingerprint(leaf)}

    return write(resay(case, members, "cert.vouch", edit), name, said | {"chain": chain, "papers": []})


def chain_of_the_record_alone(world: World, case: Case, members: Members) -> Members:
    name, said = record(members)
    return write(members, name, said | {"chain": [said["chain"][0], said["chain"][2]]})


def with_paper(content: bytes, place: int = 0, source: str = "ocsp") -> Callable[[World, Case, Members], Members]:
    def add(world: World, case: Case, members: Members) -> Members:
        name, said = record(members)
        digest = sha256(content).hex()
        more = {"place": place, "source": source, "sha256": digest}
        return write(members, name, said | {"papers": [*said["papers"], more]}) | {f"statuses/{digest}": content}

    return add


def wrong_responder(world: World, case: Case, members: Members) -> Members:
    elsewhere = ForeignAuthority("外人", world.far.at)
    return with_paper(elsewhere.status(world.leaf, world.now))(world, case, members)


def about_another(world: World, case: Case, members: Members) -> Members:
    other = certify(replace(world.bidder, signer=SoftwareP256Signer.generate()), world.far)
    return with_paper(world.far.status(other, world.now))(world, case, members)


def revoked_before(world: World, case: Case, members: Members) -> Members:
    """The authority says that it was revoked before anything was signed, and no entry tells that the platform learned of it."""
    far = world.far
    far.revoked = {world.leaf.serial_number: far.at - LATER}
    try:
        return with_paper(far.status(world.leaf, world.now))(world, case, members)
    finally:
        far.revoked = {}


def bend(kind: str, **values: object) -> Callable[[World, Case, Members], Members]:
    def edit(world: World, case: Case, members: Members) -> Members:
        return resay(case, members, kind, lambda payload: payload["body"].update(values))

    return edit


def one_signature(world: World, case: Case, members: Members) -> Members:
    for name, data in list(members.items()):
        if name.startswith("platform/") and not name.endswith(".proof.json"):
            event = json.loads(data)
            envelope = read_envelope(event["dsse"])
            if json.loads(envelope.payload)["type"] == "anchor.admit":
                alone = replace(envelope, signatures=envelope.signatures[:1])
                members[name] = event_data(event["case"], event["case_seq"], event["prev"], clock.moment(event["received_at"]), alone)
    return members


def a_paper_is_gone(world: World, case: Case, members: Members) -> Members:
    _name, said = record(members)
    return {name: content for name, content in members.items() if name != f"statuses/{said['papers'][0]['sha256']}"}


FORGERIES: dict[str, tuple[Callable[[World, Case, Members], Members], str]] = {
    "a chain for another key": (swap_chain, "key_differs"),
    "an issuer that the root never signed": (other_authority, "certificate.chain"),
    "another chain in the record than in the entry": (chain_of_the_record_alone, "chain_differs"),
    "an answer of a responder of another authority": (wrong_responder, "status.responder"),
    "an answer about another certificate": (about_another, "status.other_certificate"),
    "an answer that is none": (with_paper(b"rubbish"), "status.malformed"),
    "a list that is none": (with_paper(b"rubbish", 1, "crl"), "status.malformed"),
    "an answer about nothing of the path": (with_paper(b"rubbish", 9), "malformed"),
    "revoked before it signed": (revoked_before, "certificate.revoked"),
    "an answer is gone": (a_paper_is_gone, "missing"),
    "an answer nobody spoke of": (lambda world, case, members: members | {"statuses/" + "0" * 64: b"x"}, "not_expected"),
    "a record nobody spoke of": (lambda world, case, members: drop(members, "cert.vouch"), "not_expected"),
    "nobody recognised the authority": (lambda world, case, members: drop(members, "anchor.admit"), "authority_not_recognised"),
    "one person alone did": (one_signature, "signatures_differ"),
    "the recognition was over": (bend("anchor.admit", until="2026-01-01T00:00:00.000Z"), "authority_over"),
    "of algorithms that were not recognised": (bend("anchor.admit", families=["rsa"]), "certificate.algorithm"),
    "under a policy that it does not name": (bend("anchor.admit", policies=["1.2.3"]), "certificate.policy"),
    "for another firm": (bend("cert.vouch", uscc="91420100MA4KXXXX3T"), "other_firm"),
    "another certificate than was enrolled": (bend("cert.vouch", certificate_sha256="0" * 64), "chain_differs"),
}


@pytest.mark.parametrize("name", FORGERIES)
def test_another_story_of_the_certificate_is_refused(world: tuple[World, Case], members: Members, name: str, tmp_path: Path) -> None:
    forge, code = FORGERIES[name]
    made, case = world
    path = tmp_path / "forged.zip"
    path.write_bytes(packed(case.forge(forge(made, case, members), lambda story: None)))
    assert ("authorities", code) in broken(path, case.unstamped), broken(path, case.unstamped)


def test_the_same_story_told_anew_is_accepted(world: tuple[World, Case], members: Members, tmp_path: Path) -> None:
    path = tmp_path / "anew.zip"
    path.write_bytes(packed(world[1].forge(members, lambda story: None)))
    assert broken(path, world[1].unstamped) == []


def test_a_seal_after_the_certificate_expired_is_refused(world: tuple[World, Case], members: Members, tmp_path: Path) -> None:
    made, case = world
    short = certify(made.bidder, made.far, days=0)
    forged = _chain(made, case, members, short, made.far)
    path = tmp_path / "expired.zip"
    path.write_bytes(packed(case.forge(forged, lambda story: None)))
    assert ("authorities", "certificate.not_valid_then") in broken(path, case.unstamped)


@pytest.fixture
def played(sqlite_template: Path, tmp_path: Path) -> Iterator[World]:
    with unplayed(tmp_path, sqlite_template) as whole:
        yield World(whole)


def test_silence_after_the_seal_is_told_and_breaks_nothing(played: World, tmp_path: Path) -> None:
    played.whole.hall.tender.jump(played.now + timedelta(days=2))
    played.whole.hall.seal(played.bidder)
    case = played.finish(tmp_path)
    verdict = verify(case.path, case.policy)
    assert verdict.holds, [finding for finding in verdict.findings if not finding.holds]
    assert {note.code for note in verdict.notes} >= {"vouched", "vouched_unknown"}


def test_a_revocation_learned_after_the_seal_is_told_and_the_key_seals_no_more(played: World, tmp_path: Path) -> None:
    played.whole.hall.seal(played.bidder)
    played.far.revoke(played.leaf, played.far.at)
    played.tell()
    with pytest.raises(Exception, match=r"act\.key_revoked"):
        played.whole.hall.seal(played.bidder, ver=2)
    case = played.finish(tmp_path)
    verdict = verify(case.path, case.policy)
    assert verdict.holds, [finding for finding in verdict.findings if not finding.holds]
    [late] = [note for note in verdict.notes if note.code == "vouched_late"]
    assert late.facts["count"] == 2
    forged = tmp_path / "forged.zip"
    forged.write_bytes(packed(case.forge(drop(members_of(case), "cert.status"), lambda story: None)))
    assert ("authorities", "certificate.revoked") in broken(forged, case.unstamped)
    forged.write_bytes(packed(case.forge(resay(case, members_of(case), "cert.status", _earlier), lambda story: None)))
    assert ("authorities", "status_differs") in broken(forged, case.unstamped)


def _earlier(payload: dict[str, Any]) -> None:
    payload["body"]["revoked_at"] = "2026-01-01T00:00:00.000Z"


def test_an_authority_that_was_ended_has_vouched_for_what_came_before(played: World, tmp_path: Path) -> None:
    played.whole.hall.seal(played.bidder)
    played.tell()
    end(played.two, played.anchor, played.far)
    case = played.finish(tmp_path)
    assert broken(case.path, case.policy) == []


def test_a_case_without_such_a_key_holds_none_of_this(case: Case) -> None:
    names = members_of(case)
    assert not any(name.startswith(("vouched/", "statuses/")) for name in names)
    assert not any(note.code.startswith("vouched") for note in verify(case.path, case.policy).notes)
