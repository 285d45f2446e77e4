"""The lot file and the offline sealer: from what a lot's page offers to sealed envelopes, and what is refused on the way."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import timedelta

import pytest
from click.testing import CliRunner

from app.cli_marks import WORDS
from app.cli_seal import seal as seal_command
from core.kernel import age, clock, evidence, jcs, lotfile, parcel, sealing, trust
from core.kernel.blind import BlindRules, MarkKind, words_of
from core.kernel.certificates import Holder
from core.kernel.encoding import sha256, unb64
from core.kernel.errors import BadSignature
from core.kernel.lotfile import Bidder, Escrow, Field, LotEnvelope, LotFault, LotFile, OfficeKey
from core.kernel.sealing import Place
from core.kernel.signing import SoftwareP256Signer
from tests.builders.blind_papers import FIRM, MARKED, USCC, clean
from tests.builders.paper import NOON, Paper

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
        regime="construction",
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
    assert "centre 的密钥与其证书不一致" in done.output
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


# Blind bids


def blind(lot, tmp_path, paper, *extra):
    """Seals a technical bid of that paper, blind by the tender document, with whatever the commercial envelope needs."""
    envelopes = (replace(lot.envelopes[0], blind=BlindRules(("宋体",))), lot.envelopes[1])
    file = tmp_path / "LOT.json"
    file.write_bytes(jcs.canonical(replace(lot, envelopes=envelopes, bidder=replace(lot.bidder, words=words_of(FIRM, USCC))).to_json()))
    for env, bid in (("technical", {"items": {"工期": "180 日历天"}}), ("commercial", {"price": "1.00"})):
        (tmp_path / env).mkdir()
        (tmp_path / env / "bid.json").write_text(json.dumps(bid))
    (tmp_path / "technical" / "施工组织设计.pdf").write_bytes(paper)
    folders = [str(tmp_path / "technical"), str(tmp_path / "commercial")]
    clock_file = tmp_path / "clock"
    clock.write_offset(clock_file, NOON - clock.now())
    return CliRunner().invoke(seal_command, [str(file), *folders, "--out", str(tmp_path / "out"), "--clock-file", str(clock_file), *extra])


def test_a_blind_bid_without_marks_is_sealed_without_a_word_about_them(lot, tmp_path):
    done = blind(lot, tmp_path, clean())
    assert done.exit_code == 0, done.stderr
    assert "施工组织设计.pdf" not in done.stderr


def test_a_blind_bid_with_marks_is_told_with_its_pages_and_sealed_only_on_demand(lot, tmp_path):
    done = blind(lot, tmp_path, MARKED["a picture"][2]())
    assert done.exit_code == 1 and not (tmp_path / "out").exists()
    assert "technical/施工组织设计.pdf: 第 3 页: 有图片" in done.stderr and "--despite-marks" in done.stderr


def test_its_bidder_may_seal_a_marked_bid_all_the_same(lot, tmp_path):
    done = blind(lot, tmp_path, MARKED["a header"][2](), "--despite-marks", "--lang", "en")
    assert done.exit_code == 0 and "page 1, 2, 3: there is a header or footer" in done.stderr


def test_every_kind_of_mark_has_its_words():
    assert set(WORDS) == set(MarkKind)


def test_the_rules_of_a_blind_bid_read_back_from_the_lot_file(lot):
    rules = BlindRules(("宋体", "Times New Roman"), page_numbers=True)
    made = replace(lot, envelopes=(replace(lot.envelopes[0], blind=rules),), bidder=replace(lot.bidder, words=("华建工程",)))
    assert lotfile.read_lot(json.loads(jcs.canonical(made.to_json()))) == made
