"""The offline sealer and the officers' tool: from a lot file to sealed envelopes, from a release request to signed shares."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import timedelta

import pytest
from click.testing import CliRunner

from app.cli_officer import officer as officer_command
from app.cli_seal import seal as seal_command
from core.kernel import age, clock, dsse, evidence, jcs, lotfile, parcel, releasing, sealing, signing, trust
from core.kernel.certificates import Holder
from core.kernel.encoding import sha256, unb64
from core.kernel.errors import BadSignature, WrongState
from core.kernel.lotfile import Bidder, Escrow, Field, LotEnvelope, LotFault, LotFile, OfficeKey
from core.kernel.releasing import Asked, Officer, ReleaseRequest, RequestFault
from core.kernel.sealing import Place
from core.kernel.signing import SoftwareP256Signer
from tests.builders.paper import NOON, Paper

WINDOW = timedelta(minutes=30)
DEVICE = age.new_identity()


@pytest.fixture(scope="module")
def paper():
    made = Paper()
    made.identities = {role: age.new_identity() for role in sealing.ROLES}
    made.officers = {role: made.officer(role, identity.recipient) for role, identity in made.identities.items()}
    return made


@pytest.fixture(scope="module")
def lot(paper):
    offices = {
        role: (OfficeKey(paper.identities[role].recipient, signer.key.key_id, certificate, proof),)
        for role, (signer, certificate, proof) in paper.officers.items()
    }
    return LotFile(
        case="C-1",
        lot="1",
        title="某某道路工程施工",
        regime="works",
        deadline=NOON,
        envelopes=(
            LotEnvelope("technical", "技术标", (Field("工期", "工期", True),)),
            LotEnvelope("commercial", "商务标", (Field("price", "投标报价（元）", True), Field("备注", "备注", False))),
        ),
        escrow=Escrow.REQUIRED,
        offices=offices,
        authorities=paper.authorities,
        platform=paper.platform_certificate,
        log=paper.log_vkey,
        witnesses=tuple(paper.witness_vkeys.values()),
        checkpoint=str(paper.note()),
        bidder=Bidder("org-b", 3, (DEVICE.recipient,)),
    )


# The lot file


def test_a_lot_file_reads_back(lot):
    assert lotfile.read_lot(json.loads(jcs.canonical(lot.to_json()))) == lot
    assert lotfile.for_bidder(replace(lot, bidder=None), lot.bidder) == lot
    assert lotfile.read_lot(replace(lot, bidder=None).to_json()).bidder is None


@pytest.mark.parametrize(
    ("member", "value", "path"),
    [
        ("format", "other", "$.format"),
        ("case", "", "$.case"),
        ("deadline", "2026-03-02", "$.deadline"),
        ("envelopes", [], "$.envelopes"),
        ("envelopes", [{"env": "../x", "title": "", "fields": []}], "$.envelopes[0].env"),
        ("envelopes", [{"env": "a", "title": "", "fields": []}] * 2, "$.envelopes"),
        ("envelopes", [{"env": "a", "title": "", "fields": [{"name": ""}]}], "$.envelopes[0].fields[0].name"),
        ("escrow", "perhaps", "$.escrow"),
        ("offices", {"centre": [{"recipient": "age1"}]}, "$.offices.centre[0].recipient"),
        ("authorities", ["junk"], "$.authorities[0]"),
        ("platform", None, "$.platform"),
        ("log", {"vkey": "junk", "witnesses": []}, "$.log.vkey"),
        ("bidder", {"id": "a", "ver": 1, "recipients": ["x"]}, "$.bidder.recipients[0]"),
        ("extra", 1, "$.extra"),
    ],
)
def test_a_faulty_lot_file_is_refused_with_the_place(lot, member, value, path):
    with pytest.raises(LotFault) as refused:
        lotfile.read_lot(dict(lot.to_json()) | {member: value})
    assert refused.value.path == path


def test_a_witness_key_is_no_log_key(lot):
    with pytest.raises(LotFault):
        lotfile.read_lot(dict(lot.to_json()) | {"log": {"vkey": str(lot.witnesses[0]), "witnesses": []}})
    assert replace(lot, witnesses=()).own_policy.is_quorum(set())


def test_the_offices_keys_hold_under_the_policy_and_under_the_files_own(paper, lot):
    wanted = {role: [identity.recipient] for role, identity in paper.identities.items()}
    assert lotfile.trusted_offices(lot, paper.policy, NOON) == wanted
    assert lotfile.trusted_offices(lot, lot.own_policy, NOON) == wanted


def swap(lot, role, **changes):
    return replace(lot, offices=dict(lot.offices) | {role: (replace(lot.offices[role][0], **changes),)})


def test_an_office_key_without_its_logged_certificate_is_refused(paper, lot):
    signer, own = SoftwareP256Signer.generate(), age.new_identity().recipient
    twin = paper.certify(Holder("officer", "p", "centre", own), signer)
    secret = swap(lot, "centre", recipient=own, key_id=signer.key.key_id, certificate=twin)
    with pytest.raises(BadSignature, match=r"lot\.office_key_not_logged"):
        lotfile.trusted_offices(secret, paper.policy, NOON)
    for changed in (swap(lot, "centre", recipient=own), swap(lot, "centre", key_id="00" * 32)):
        with pytest.raises(BadSignature, match=r"lot\.office_key_differs"):
            lotfile.trusted_offices(changed, paper.policy, NOON)
    swapped = replace(lot, offices=dict(lot.offices) | {"centre": lot.offices["supervisor"]})
    with pytest.raises(BadSignature, match=r"lot\.office_key_differs"):
        lotfile.trusted_offices(swapped, paper.policy, NOON)
    with pytest.raises(BadSignature, match=r"certificate\.not_valid_then"):
        lotfile.trusted_offices(lot, paper.policy, NOON + timedelta(days=400))
    with pytest.raises(BadSignature, match=r"certificate\.chain"):
        lotfile.trusted_offices(lot, Paper().policy, NOON)


def test_only_the_platforms_own_certificate_speaks_for_it(paper, lot):
    signer = SoftwareP256Signer.generate()
    person = paper.certify(Holder("person", "p"), signer)
    with pytest.raises(BadSignature, match=r"lot\.platform_unfit"):
        lotfile.trusted_offices(replace(lot, platform=person), paper.policy, NOON)


# Events with their proofs


def test_an_event_proof_reads_back_and_is_accepted_under_a_quorum_alone(paper, lot):
    proof = lot.offices["centre"][0].issue
    assert evidence.read_event_proof(json.loads(jcs.canonical(proof.to_json()))) == proof
    event, witnessed = proof.accept(paper.policy)
    assert (event.case, witnessed.checkpoint.size > proof.placement.leaf_index) == ("PLATFORM", True)
    with pytest.raises(BadSignature):
        replace(proof, data=proof.data + b" ").accept(paper.policy)
    with pytest.raises(BadSignature, match=r"event\.placement"):
        replace(proof, placement=replace(proof.placement, leaf_index=9)).accept(paper.policy)
    with pytest.raises(BadSignature, match=r"trust\.no_quorum"):
        proof.accept(replace(paper.policy, groups={"any2": trust.Group(3, ("w1", "w2", "w3"))}))


@pytest.mark.parametrize(
    "changes",
    [
        {"salt": ""},
        {"leaf_index": "1"},
        {"leaf_index": True},
        {"place": None},
        {"path": []},
        {"path": ["x"] * 12},
        {"tlog_proof": 1},
        {"extra": 1},
    ],
    ids=str,
)
def test_an_event_proof_out_of_shape_is_refused(lot, changes):
    with pytest.raises(BadSignature):
        evidence.read_event_proof(dict(lot.offices["centre"][0].issue.to_json()) | changes)
    with pytest.raises(BadSignature):
        evidence.read_event_proof([])
    with pytest.raises(BadSignature):
        evidence.read_placement([])


@pytest.mark.parametrize(
    "changes",
    [
        {"case": 1},
        {"case_seq": -1},
        {"case_seq": True},
        {"case_seq": 5},
        {"prev": "ab" * 32},
        {"prev": 1},
        {"received_at": "now"},
        {"received_at": 1},
        {"dsse": {}},
        {"extra": 1},
    ],
    ids=str,
)
def test_an_event_out_of_shape_is_refused(paper, changes):
    data, _ = paper.record(paper.say(paper.platform, "test", "C-9", {}), f"C-{changes}")
    assert evidence.read_event(data).prev == ""
    with pytest.raises(BadSignature):
        evidence.read_event(jcs.canonical(jcs.parse_object(data) | changes))


def test_a_later_event_names_the_one_before(paper):
    paper.record(paper.say(paper.platform, "test", "C-8", {}), "C-8")
    data, _ = paper.record(paper.say(paper.platform, "test", "C-8", {}), "C-8")
    assert len(evidence.read_event(data).prev) == 64
    with pytest.raises(BadSignature):
        evidence.read_event(jcs.canonical(jcs.parse_object(data) | {"prev": "xyz"}))


# gongheng seal


@pytest.fixture
def bid(tmp_path):
    """Folders `technical` and `commercial` with their files."""
    for env, said in (("technical", {"items": {"工期": "180 日历天"}}), ("commercial", {"price": "4850.00", "items": {}})):
        folder = tmp_path / env
        (folder / "附件").mkdir(parents=True)
        (folder / "bid.json").write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")
        (folder / "附件" / f"{env}.pdf").write_bytes(b"%PDF" + env.encode())
    return tmp_path


@pytest.fixture
def run(lot, paper, bid, tmp_path):
    """Runs `gongheng seal` on a lot (as it is, or changed) at noon."""
    (tmp_path / "policy.txt").write_text(trust.write_policy(paper.policy))
    moved = NOON - clock.now()

    def go(*arguments, lot=lot, policy=True):
        clock.write_offset(tmp_path / "clock", moved)
        (tmp_path / "LOT.json").write_bytes(jcs.canonical(lot.to_json()))
        options = ["--clock-file", tmp_path / "clock", *(["--policy", tmp_path / "policy.txt"] if policy else [])]
        return CliRunner().invoke(seal_command, [str(part) for part in (tmp_path / "LOT.json", *options, *arguments)])

    return go


def test_a_bid_is_sealed_offline_and_each_way_of_opening_it_works(run, bid, paper):
    done = run(bid / "technical", bid / "commercial", "--out", bid / "out")
    assert done.exit_code == 0, done.output
    assert "sealed.json" in done.output
    made = json.loads((bid / "out" / "sealed.json").read_bytes())
    assert (made["format"], made["bidder"], made["ver"]) == ("gongheng/sealed/v1", "org-b", 3)
    assert sorted(file.name for file in (bid / "out").iterdir()) == ["commercial.age", "recovery.key", "sealed.json", "technical.age"]
    assert (bid / "out" / "recovery.key").stat().st_mode & 0o777 == 0o600
    recovery = age.read_identity((bid / "out" / "recovery.key").read_text().strip())
    for statement in made["statements"]:
        body = sealing.read_seal_body(statement["body"])
        ciphertext = (bid / "out" / made["files"][body.env]).read_bytes()
        sealing.check_ciphertext(body, age.Written(len(ciphertext), sha256(ciphertext).hex()), ciphertext)
        boxes = made["boxes"][body.env]
        for key in (DEVICE, recovery):
            identity = sealing.open_bidder_box(unb64(boxes["bidder"]), key, body.bid_pub)
        place = Place("C-1", "1", body.env, 3, "org-b")
        shares = {
            role: sealing.open_share_box(unb64(boxes["shares"][role]), paper.identities[role], place, body.bid_pub, body.share(role))
            for role in ("tenderer", "supervisor")
        }
        assert sealing.rescue(shares, body) == identity
        plain = io.BytesIO()
        sealing.open_envelope(io.BytesIO(ciphertext), plain, identity)
        assert [file.name for file in parcel.read_envelope(plain).files] == [f"附件/{body.env}.pdf"]


def test_files_may_be_named_one_by_one_and_the_result_printed_as_json(run, bid):
    files = [bid / env / name for env in ("technical", "commercial") for name in ("bid.json",)]
    done = run(*files, bid / "technical" / "附件", bid / "commercial", "--out", bid / "out", "--json", "--ver", "7")
    assert done.exit_code == 2  # a folder called 附件 belongs to no envelope
    done = run(*files, "--out", bid / "out", "--json", "--ver", "7")
    assert (done.exit_code, json.loads(done.output)["ver"]) == (0, 7)


def test_with_one_envelope_any_file_will_do(run, bid, lot):
    one = replace(lot, envelopes=(LotEnvelope("bid", "投标文件", ()),), bidder=None, escrow=Escrow.OPTIONAL)
    done = run(bid / "technical" / "附件", bid / "commercial" / "附件" / "commercial.pdf", "--out", bid / "out", "--no-escrow", lot=one)
    assert done.exit_code == 2
    assert "--bidder" in done.output
    given = ("--bidder", "org-x", "--recipient", DEVICE.recipient)
    done = run(bid / "technical", bid / "commercial" / "附件" / "commercial.pdf", "--out", bid / "out", "--no-escrow", *given, lot=one)
    assert done.exit_code == 0, done.output
    assert json.loads((bid / "out" / "sealed.json").read_bytes())["statements"][0]["body"]["shares"] == []


def test_without_a_policy_the_sealer_says_what_it_could_not_check(run, bid):
    done = run(bid / "technical", bid / "commercial", "--out", bid / "out", "--lang", "en", policy=False)
    assert done.exit_code == 0
    assert "without --policy" in done.output


def test_a_key_that_does_not_hold_stops_the_sealing_with_exit_1(run, bid, lot):
    done = run(bid / "technical", bid / "commercial", "--out", bid / "out", lot=swap(lot, "centre", key_id="00" * 32))
    assert done.exit_code == 1
    assert "lot.office_key_differs" in done.output
    assert not (bid / "out").exists()
    done = run(bid / "technical", bid / "commercial", "--out", bid / "out", lot=replace(lot, offices={}))
    assert done.exit_code == 1


def test_input_that_cannot_be_used_ends_with_exit_2_and_one_line(run, bid, lot, tmp_path):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x").write_text("")
    (tmp_path / "bad").write_text("nonsense here\n")
    (tmp_path / "technical" / "..bad:name").write_text("")
    both, out = (bid / "technical", bid / "commercial"), ("--out", bid / "out")
    for arguments in (
        (*both, "--out", tmp_path / "full"),
        (bid / "nowhere", *out),
        (bid / "commercial", *out),
        (*both, *out, "--recipient", "age1x"),
        (*both, *out, "--policy", tmp_path / "bad"),
        (*both, *out, "--policy", tmp_path / "nowhere"),
        (*both, *out),
    ):
        done = run(*arguments)
        assert (done.exit_code, done.output.count("\n")) == (2, 1), done.output
    (tmp_path / "technical" / "..bad:name").unlink()
    for env, said in (("technical", "[]"), ("technical", "{}"), ("commercial", '{"price":1}'), ("technical", '{"items":[]}')):
        before = (bid / env / "bid.json").read_bytes()
        (bid / env / "bid.json").write_text(said)
        done = run(*both, "--out", bid / f"out-{env}-{len(said)}")
        (bid / env / "bid.json").write_bytes(before)
        assert (done.exit_code, done.output.count("\n")) == (2, 1), done.output
    (tmp_path / "other" / "technical").mkdir(parents=True)
    (tmp_path / "other" / "technical" / "bid.json").write_text("{}")
    assert run(*both, tmp_path / "other" / "technical", "--out", bid / "again").exit_code == 2
    (tmp_path / "LOT2.json").write_text("{}")
    done = CliRunner().invoke(seal_command, [str(tmp_path / "LOT2.json"), str(bid), "--out", str(bid / "out9")])
    assert (done.exit_code, "$.format" in done.output) == (2, True)


# gongheng officer


class Opening:
    """A case on paper up to the window of releases, and the request that an office gets."""

    def __init__(self, paper, round_=0, passed=("org-b",)):
        self.paper, self.env = paper, "commercial" if round_ else "technical"
        self.case = f"C-{id(self)}"
        self.host = SoftwareP256Signer.generate()
        self.host_certificate = paper.certify(Holder("person", "host"), self.host)
        self.asked = [self._bid(bidder) for bidder in ("org-b", "org-c")]
        accepted = sorted(sha256(asked.seal).hex() for asked in self.asked)
        close = paper.say(paper.platform, "close", self.case, {"lot": "1", "deadline": clock.text(NOON), "accepted": accepted})
        digest = sha256(dsse.read_envelope(close).payload).hex()
        said = [("close", close), ("opening.start", paper.say(self.host, "opening.start", self.case, {"close_sha256": digest}))]
        if round_:
            until = clock.text(NOON + WINDOW)
            said.append(("technical.lock", paper.say(paper.platform, "technical.lock", self.case, {"passed": list(passed)})))
            said.append(("opening.request", paper.say(paper.platform, "opening.request", self.case, {"release_until": until})))
        else:
            said.append(("opening.identity", paper.say(self.host, "opening.identity", self.case, {"present": []})))
        self.events = {name: paper.publish(paper.record(envelope, self.case))[0] for name, envelope in said}

    def _bid(self, bidder):
        target = io.BytesIO()
        offices = {role: [identity.recipient] for role, identity in self.paper.identities.items()}
        place = Place(self.case, "1", self.env, 1, bidder)
        made = sealing.seal(io.BytesIO(b"bid"), target, place, offices=offices, bidder=[DEVICE.recipient], client_build="t")
        payload = dsse.read_envelope(self.paper.say(SoftwareP256Signer.generate(), "seal", self.case, made.body, role="bidder")).payload
        return Asked(bidder, f"公司 {bidder}", payload, next(share.box for share in made.shares if share.role == "centre"))

    def request(self, **changes):
        asked = tuple(self.asked[:1])
        made = ReleaseRequest(
            case=self.case,
            lot="1",
            role="centre",
            authorities=self.paper.authorities,
            signers=(self.paper.platform_certificate, self.host_certificate),
            events=self.events,
            prev="",
            asked=asked,
        )
        return replace(made, **changes)


@pytest.fixture(scope="module")
def opening(paper):
    return Opening(paper)


@pytest.fixture(scope="module")
def second(paper):
    return Opening(paper, round_=1)


def centre(paper):
    signer, _, _ = paper.officers["centre"]
    return Officer("urn:ztb:officer:p-centre", "centre", paper.identities["centre"], signer)


def test_shares_are_released_when_the_window_is_over(paper, opening):
    request = opening.request(asked=tuple(opening.asked))
    known = releasing.grounds(request, paper.policy, WINDOW)
    first, second = [dsse.read_envelope(data) for data in releasing.release(request, known, centre(paper), NOON + WINDOW)]
    said = signing.open_statement(first, paper.officers["centre"][0].key)
    assert (said.type, said.round, said.prev, said.ckpt) == ("share-release", 0, "", known.seen)
    assert said.body["bid_pub"] == opening.asked[0].body.bid_pub
    sealing.check_share(sealing.read_share(said.body["share"]), opening.asked[0].body.share("centre"))
    assert signing.read_statement(second.payload).prev == sha256(first.payload).hex()


def test_no_share_is_released_while_the_bidder_may_still_come(paper, opening, second):
    for stage in (opening, second):
        known = releasing.grounds(stage.request(), paper.policy, WINDOW)
        with pytest.raises(WrongState, match=r"release\.window_open"):
            releasing.release(stage.request(), known, centre(paper), NOON + WINDOW - timedelta(milliseconds=1))


def test_a_price_envelope_is_released_only_for_a_bid_that_passed(paper, second):
    known = releasing.grounds(second.request(), paper.policy, WINDOW)
    [envelope] = releasing.release(second.request(), known, centre(paper), NOON + WINDOW)
    assert signing.read_statement(dsse.read_envelope(envelope).payload).round == 1
    with pytest.raises(BadSignature, match=r"release\.not_passed"):
        releasing.release(second.request(asked=tuple(second.asked)), known, centre(paper), NOON + WINDOW)
    without = {name: proof for name, proof in second.events.items() if name != "technical.lock"}
    with pytest.raises(BadSignature, match=r"release\.no_grounds"):
        releasing.grounds(second.request(events=without), paper.policy, WINDOW)


@pytest.mark.parametrize("missing", ["close", "opening.start", "opening.identity"])
def test_without_all_the_grounds_nothing_is_released(paper, opening, missing):
    events = {name: proof for name, proof in opening.events.items() if name != missing}
    with pytest.raises(BadSignature, match=r"release\.no_grounds"):
        releasing.grounds(opening.request(events=events), paper.policy, WINDOW)


def test_the_grounds_must_be_witnessed_and_signed_by_certified_keys(paper, opening):
    with pytest.raises(BadSignature, match=r"trust\.no_quorum"):
        releasing.grounds(opening.request(), replace(paper.policy, groups={"any2": trust.Group(3, ("w1", "w2", "w3"))}), WINDOW)
    with pytest.raises(BadSignature, match=r"release\.signer_unknown"):
        releasing.grounds(opening.request(signers=(paper.platform_certificate,)), paper.policy, WINDOW)
    with pytest.raises(BadSignature, match=r"certificate\.chain"):
        releasing.grounds(opening.request(authorities=Paper().authorities), paper.policy, WINDOW)


def test_the_grounds_must_be_of_this_case_and_in_order(paper, opening):
    other = Opening(paper)
    for name in opening.events:
        with pytest.raises(BadSignature):
            releasing.grounds(opening.request(events=opening.events | {name: other.events[name]}), paper.policy, WINDOW)
    with pytest.raises(BadSignature, match=r"release\.event_elsewhere"):
        releasing.grounds(opening.request(lot="2"), paper.policy, WINDOW)
    crossed = opening.events | {"close": opening.events["opening.start"], "opening.start": opening.events["close"]}
    with pytest.raises(BadSignature, match=r"release\.event_elsewhere"):
        releasing.grounds(opening.request(events=crossed), paper.policy, WINDOW)
    paper.now = NOON - timedelta(hours=1)
    try:
        [early] = paper.publish(paper.record(paper.say(paper.platform, "opening.identity", opening.case, {}), opening.case))
        [lock] = paper.publish(paper.record(paper.say(paper.platform, "technical.lock", opening.case, {"passed": []}), opening.case))
    finally:
        paper.now = NOON
    with pytest.raises(BadSignature, match=r"release\.out_of_order"):
        releasing.grounds(opening.request(events=opening.events | {"opening.identity": early}), paper.policy, WINDOW)
    ask = paper.say(paper.platform, "opening.request", opening.case, {"release_until": "soon"})
    [asked] = paper.publish(paper.record(ask, opening.case))
    rest = {name: opening.events[name] for name in ("close", "opening.start")}
    with pytest.raises(BadSignature, match=r"release\.out_of_order"):
        releasing.grounds(opening.request(events=rest | {"opening.request": asked, "technical.lock": lock}), paper.policy, WINDOW)
    [late] = paper.publish(paper.record(paper.say(paper.platform, "technical.lock", opening.case, {"passed": []}), opening.case))
    with pytest.raises(BadSignature, match=r"release\.out_of_order"):
        releasing.grounds(opening.request(events=rest | {"opening.request": asked, "technical.lock": late}), paper.policy, WINDOW)
    [odd] = paper.publish(paper.record(paper.say(paper.platform, "technical.lock", opening.case, {"passed": [1]}), opening.case))
    with pytest.raises(BadSignature, match=r"release\.event_malformed"):
        releasing.grounds(opening.request(events=rest | {"opening.request": asked, "technical.lock": odd}), paper.policy, WINDOW)


def test_a_bid_that_is_not_on_the_closing_list_is_not_released(paper, opening):
    known = releasing.grounds(opening.request(), paper.policy, WINDOW)
    for stranger in (Opening(paper).asked[0], replace(opening.asked[0], bidder="org-x")):
        with pytest.raises(BadSignature):
            releasing.release(opening.request(asked=(stranger,)), known, centre(paper), NOON + WINDOW)


def test_an_office_releases_its_own_shares_alone(paper, opening):
    known = releasing.grounds(opening.request(), paper.policy, WINDOW)
    with pytest.raises(BadSignature, match=r"release\.other_office"):
        releasing.release(opening.request(role="supervisor"), known, centre(paper), NOON + WINDOW)


def test_a_release_request_reads_back_and_a_faulty_one_is_refused_with_the_place(opening):
    request = opening.request()
    assert releasing.read_request(json.loads(jcs.canonical(request.to_json()))) == request
    for member, value, path in (
        ("format", "x", "$.format"),
        ("signers", ["x"], "$.signers[0]"),
        ("events", {"close": {}}, "$.events.close"),
        ("asked", [{"bidder": "b", "name": "", "seal": "e30=", "box": ""}], "$.asked[0].seal"),
        ("more", 1, "$.more"),
    ):
        with pytest.raises(RequestFault) as refused:
            releasing.read_request(dict(request.to_json()) | {member: value})
        assert refused.value.path == path


@pytest.fixture
def tool(tmp_path, paper):
    """Runs `gongheng officer` with the shared clock `after` noon."""
    (tmp_path / "policy.txt").write_text(trust.write_policy(paper.policy))

    def go(*arguments, after=WINDOW):
        clock.write_offset(tmp_path / "clock", NOON + after - clock.now())
        return CliRunner().invoke(officer_command, [str(part) for part in (*arguments, "--clock-file", tmp_path / "clock")])

    return go


def test_the_tool_makes_keys_that_stay_and_a_request_that_proves_them(tool, tmp_path):
    done = tool("create", tmp_path / "keys", "--role", "centre", "--person", "p-1", "--json")
    about = json.loads(done.output)
    assert all(file.stat().st_mode & 0o777 == 0o600 for file in (tmp_path / "keys").iterdir())
    envelope = dsse.read_envelope((tmp_path / "keys" / "enrol.json").read_bytes())
    body = signing.read_statement(envelope.payload).body
    said = signing.open_statement(envelope, signing.KeyRecord.from_spki(unb64(body["spki"]), "es256"))
    assert (said.type, said.case, said.actor.id, body["purpose"]) == ("device.enrol", "PLATFORM", "urn:ztb:officer:p-1", "officer:centre")
    assert body["recipient"] == about["recipient"]
    assert age.read_identity((tmp_path / "keys" / "age.key").read_text().strip()).secret not in envelope.to_bytes().decode()
    assert tool("create", tmp_path / "keys", "--role", "centre", "--person", "p-1").exit_code == 2
    assert "enrol.json" in tool("create", tmp_path / "more", "--role", "centre", "--person", "p-1").output


def test_the_tool_shows_and_releases_what_may_be_released(tool, tmp_path, paper, opening):
    keys = tmp_path / "keys"
    tool("create", keys, "--role", "centre", "--person", "p-centre")
    (keys / "age.key").write_text(paper.identities["centre"].secret + "\n")
    (keys / "signing.pem").write_bytes(paper.officers["centre"][0].to_pem())
    (tmp_path / "request.json").write_bytes(jcs.canonical(opening.request(asked=tuple(opening.asked)).to_json()))
    asked = (tmp_path / "request.json", "--policy", tmp_path / "policy.txt")
    early = tool("show", *asked, after=timedelta(minutes=1))
    assert (early.exit_code, "release.window_open" in early.output) == (1, True)
    shown = tool("show", *asked, "--json")
    assert (shown.exit_code, [line["refused"] for line in json.loads(shown.output)["asked"]]) == (0, ["", ""])
    refused = tool("release", keys, *asked, "--out", tmp_path / "out.json", after=timedelta(minutes=1))
    assert (refused.exit_code, (tmp_path / "out.json").exists()) == (1, False)
    done = tool("release", keys, *asked, "--out", tmp_path / "out.json")
    assert done.exit_code == 0, done.output
    made = json.loads((tmp_path / "out.json").read_bytes())
    assert [dsse.read_envelope(statement).payload_type for statement in made["statements"]] == [dsse.payload_type("share-release")] * 2
    assert json.loads(tool("release", keys, *asked, "--out", tmp_path / "out.json", "--json").output)["count"] == 2


def test_the_tool_refuses_what_it_cannot_read(tool, tmp_path, opening):
    (tmp_path / "request.json").write_bytes(jcs.canonical(opening.request().to_json()))
    (tmp_path / "bad.json").write_text("{}")
    (tmp_path / "bad.txt").write_text("x\n")
    good, policy = tmp_path / "request.json", ("--policy", tmp_path / "policy.txt")
    assert tool("show", tmp_path / "bad.json", *policy).exit_code == 2
    for faulty in ("bad.txt", "nowhere"):
        assert tool("show", good, "--policy", tmp_path / faulty).exit_code == 2
        assert tool("release", tmp_path, good, "--policy", tmp_path / faulty, "--out", tmp_path / "o").exit_code == 2
    assert tool("release", tmp_path / "no-keys", good, *policy, "--out", tmp_path / "o").exit_code == 2
    (tmp_path / "none.txt").write_text("quorum none\n")
    shown = tool("show", good, "--policy", tmp_path / "none.txt")
    assert (shown.exit_code, "trust.log_unknown" in shown.output) == (1, True)
