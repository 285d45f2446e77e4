"""The officers' tool: a share is released when the log shows that its moment has come, and not before."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import timedelta

import pytest
from click.testing import CliRunner

from app.cli_officer import officer as officer_command
from core.kernel import age, clock, dsse, jcs, releasing, sealing, signing, trust
from core.kernel.certificates import Holder
from core.kernel.encoding import sha256, unb64
from core.kernel.errors import BadSignature, WrongState
from core.kernel.releasing import Asked, Officer, ReleaseRequest, RequestFault
from core.kernel.sealing import Place, Purpose
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


class Opening:
    """A case on paper up to the window of releases, and the request that an office gets."""

    def __init__(self, paper, round_=0, passed=("org-b",)):
        self.paper, self.env = paper, ("technical", "commercial", "application")[round_]
        self.purpose = Purpose.APPLICATION if round_ == 2 else Purpose.BID
        self.case = f"C-{id(self)}"
        self.host = SoftwareP256Signer.generate()
        self.host_certificate = paper.certify(Holder("person", "host"), self.host)
        self.asked = [self._bid(bidder) for bidder in ("org-b", "org-c")]
        accepted = sorted(sha256(asked.seal).hex() for asked in self.asked)
        listing, order = ("application.close", "application.open") if round_ == 2 else ("close", "opening.start")
        close = paper.say(paper.platform, listing, self.case, {"lot": "1", "deadline": clock.text(NOON), "accepted": accepted})
        digest = sha256(dsse.read_envelope(close).payload).hex()
        said = [(listing, close), (order, paper.say(self.host, order, self.case, {"close_sha256": digest}))]
        if round_ == 1:
            until = clock.text(NOON + WINDOW)
            said.append(("technical.lock", paper.say(paper.platform, "technical.lock", self.case, {"passed": list(passed)})))
            said.append(("opening.request", paper.say(paper.platform, "opening.request", self.case, {"release_until": until}, round_=1)))
        elif round_ == 0:
            said.append(("opening.identity", paper.say(self.host, "opening.identity", self.case, {"present": []})))
        self.events = {name: paper.publish(paper.record(envelope, self.case))[0] for name, envelope in said}

    def _bid(self, bidder):
        target = io.BytesIO()
        offices = {role: [identity.recipient] for role, identity in self.paper.identities.items()}
        place = Place(self.case, "1", self.env, 1, bidder, purpose=self.purpose)
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


def test_shares_of_applications_need_their_list_and_the_hosts_order_and_open_no_bid(paper, opening):
    third = Opening(paper, round_=2)
    known = releasing.grounds(third.request(), paper.policy, WINDOW)
    [envelope] = releasing.release(third.request(), known, centre(paper), NOON + WINDOW)
    said = signing.read_statement(dsse.read_envelope(envelope).payload)
    assert (said.round, said.body["bid_pub"]) == (2, third.asked[0].body.bid_pub)
    for missing in third.events:
        events = {name: proof for name, proof in third.events.items() if name != missing}
        with pytest.raises(BadSignature, match=r"release\.no_grounds"):
            releasing.grounds(third.request(events=events), paper.policy, WINDOW)
    with pytest.raises(BadSignature, match=r"release\.no_grounds"):
        releasing.grounds(third.request(events=third.events | opening.events), paper.policy, WINDOW)
    listed = replace(known, accepted=frozenset(sha256(asked.seal).hex() for asked in opening.asked))
    with pytest.raises(BadSignature, match=r"release\.not_accepted"):
        releasing.check_asked(opening.request(), opening.asked[0], listed, NOON + WINDOW)


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
    assert (early.exit_code, "请在此之后再试" in early.output) == (1, True)
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
    assert (shown.exit_code, "信任策略不认可日志" in shown.output) == (1, True)
