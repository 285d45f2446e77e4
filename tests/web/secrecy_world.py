"""One lot's secret phase played with any number of bidders, and everything that anybody else is shown of it meanwhile."""

from __future__ import annotations

import base64
import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from io import StringIO
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid4

from jinja2 import FileSystemBytecodeCache
from werkzeug.exceptions import HTTPException

from app.factory import Application, create_app, prepare, shut_down
from app.sandbox.bank import SandboxBank
from app.sandbox.serving import server
from core.kernel.clock import write_offset
from core.kernel.roles import Role
from core.kernel.sealing import Purpose
from core.kernel.work import Commit
from core.settings import load
from tests.builders.bids import Hall, hall, posted
from tests.builders.invitations import inviting
from tests.builders.people import Person
from tests.builders.plans import published
from tests.builders.practice import Practising
from tests.builders.trading import tender
from tests.builders.trading_web import Browser, browser
from tests.web import secrecy_guarantees, secrecy_waivers
from tests.web.secrecy_documents import amend_later, ask_about
from tests.web.secrecy_letters import carriers, let_follow, use_messages
from tests.web.secrecy_shown import plain, told

REGISTERED = 31  # firms with an account on the platform, the same in every world; how many of them bid is the secret
TUS = {"Tus-Resumable": "1.0.0"}

STATIC = ("/static/<path:filename>", "/api/v1/openapi.json", "/api/v1/docs", "/styleguide", "/favicon.ico", "/verify")
"""Pages without a word from the database."""


@dataclass
class World:
    """One platform with one lot that takes bids, everybody who may look at it, and what they have been shown."""

    app: Application
    room: Hall
    bank: SandboxBank
    clock_file: Path
    firms: Sequence[Person]
    viewers: dict[str, Browser]
    sockets: dict[str, Any]
    lines: StringIO = field(default_factory=StringIO)
    seen: dict[tuple[str, str, str], str] = field(default_factory=dict)
    commits: list[Commit] = field(default_factory=list)
    browsers: dict[UUID, Browser] = field(default_factory=dict)
    receipts: dict[UUID, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    sub_accounts: list[str] = field(default_factory=list)
    uploads: list[str] = field(default_factory=list)
    carried: Callable[[], Sequence[str]] = tuple
    plan: str = ""
    frames: dict[str, list[Any]] = field(default_factory=lambda: defaultdict(list))
    downloads: list[str] = field(default_factory=list)
    remedies: list[str] = field(default_factory=list)
    guaranteed: secrecy_guarantees.Guaranteed = field(default_factory=secrecy_guarantees.Guaranteed)
    waivers: dict[UUID, str] = field(default_factory=dict)

    # Time

    def jump(self, ahead: timedelta) -> None:
        """Time passes."""
        self.room.tender.jump(self.room.tender.now + ahead)

    def tick(self) -> None:
        """One minute of the clockwork: every tick once, the outbox, and the log's batch."""
        clockwork = self.app.extensions["process"].clockwork
        for name in ("deposits.notices", "deposits.send", "outbox", "deposits.notices", "deposits.ask", "deposits.lapse"):
            clockwork.run_once(name)
        for name in ("deposits.guarantees", "identity.channels", "trading.empty_practices", "deposits.reconcile", "trading.open_bidding"):
            clockwork.run_once(name)
        for name in ("trading.close_bidding", "trading.close_applications", "trading.begin_batch", "outbox", "log.batch"):
            clockwork.run_once(name)

    # What bidders do

    def of(self, firm: Person) -> Browser:
        """The firm's browser, logged in."""
        if firm.org not in self.browsers:
            visitor = browser(self.app)
            for address in ("/login", "/verify", "/static/css/tokens.css", "/api/v1/ca", "/nothing-here", "/bids"):
                visitor.get(address)
            self.browsers[firm.org] = browser(self.app, firm)
        return self.browsers[firm.org]

    def look_around(self, firm: Person) -> None:
        """Reads the notice, the lot and its documents, and practises."""
        who, number, lot = self.of(firm), self.room.number, self.room.tender.lot
        for address in (f"/lots/{number}", f"/lots/{number}/bid", "/static/css/base.css", "/nothing-here"):
            who.get(address)
        for address in (f"/lots/{number}/lot-file", f"/acts/context?case={lot.case}", f"/cases/{lot.case}/package"):
            who.get(f"/api/v1{address}")
        who.get(f"/api/v1/lots/{number}/documents/{hashlib.sha256(b'%PDF-1.7 tender document').hexdigest()}")
        who.get(f"/cases/{lot.case}/events?since=0")
        who.post(f"/api/v1/projects/{lot.case}/close", {})
        use_messages(who, number, self.firms)
        Practising(who, firm).begin_and_seal()  # and leaves it to the clock

    def ask(self, firm: Person) -> None:
        """Asks what others ask too, and has the download receipted."""
        self.downloads.append(ask_about(self.of(firm), self.room.number))

    def amend(self) -> None:
        """The tender document is amended while bids are in, and the deadline moves."""
        amend_later(self.room.tender)

    def account(self, firm: Person) -> str:
        """The number of a firm's basic account."""
        return f"6222{firm.org.int % 10**12:012d}"

    def ask_deposit(self, firm: Person) -> str:
        """Registers the basic account and asks for a sub-account; returns its number."""
        who = self.of(firm)
        body = {"name": firm.org_name, "account": self.account(firm), "bank": "建设银行临江支行"}
        assert who.client.put("/api/v1/me/basic-account", json=body).status_code == 200
        asked = who.post(f"/api/v1/lots/{self.room.number}/deposit", {})
        assert asked.status_code == 200, asked.text
        who.get(f"/lots/{self.room.number}/deposit")
        sub_account: str = asked.get_json()["sub_account"]
        self.sub_accounts.append(sub_account)
        return sub_account

    def pay(self, firm: Person, sub_account: str, amount: str = "800000.00", **changes: str) -> None:
        """Pays at the bank, which tells the platform with its next notices."""
        said = {"key": uuid4().hex, "payer": firm.org_name, "payer_account": self.account(firm), "to": sub_account, "amount": amount}
        assert self.bank._pay(said | changes).status == 200

    @property
    def desk(self) -> str:
        """The address of a firm's own bid, or application."""
        own = "bid" if self.room.purpose is Purpose.BID else "application/bid"
        return f"/api/v1/lots/{self.room.number}/{own}"

    def seal(self, firm: Person, ver: int, status: int = 200) -> None:
        """Uploads by tus and seals over HTTP."""
        who = self.of(firm)
        who.client.put(f"{self.desk}/draft", json={})
        envelopes = self.room.make_version(firm, ver)
        parts = [
            replace(part, upload=self.upload(who, envelope.ciphertext))
            for part, envelope in zip(self.room.parts(firm, envelopes), envelopes, strict=True)
        ]
        answer = who.post(f"{self.desk}/seal", posted(parts))
        assert answer.status_code == status, answer.text
        if status == 200:
            self.receipts[firm.org] += answer.get_json()["receipts"]
            who.get(f"/receipts/{answer.get_json()['receipts'][0]['id']}")

    def upload(self, who: Browser, content: bytes) -> UUID:
        made = who.client.post("/uploads/", headers=TUS | {"Upload-Length": str(len(content))})
        where = made.headers["Location"]
        digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
        headers = TUS | {"Upload-Offset": "0", "Upload-Checksum": f"sha256 {digest}"}
        sent = who.client.patch(where, data=content, headers=headers, content_type="application/offset+octet-stream")
        assert sent.status_code == 204, sent.text
        self.uploads.append(where.rsplit("/", 1)[-1])
        return UUID(self.uploads[-1])

    def withdraw(self, firm: Person, ver: int) -> None:
        """Withdraws with a step-up."""
        seals = sorted(receipt["seal_sha256"] for receipt in self.receipts[firm.org][-len(self.room.envs) :])
        request = firm.act("withdraw", self.room.tender.case, "1", body={"ver": ver, "seals": list(seals)}, step_up=True)
        answer = self.of(firm).act(f"{self.desk}/withdraw", request)
        assert answer.status_code == 200, answer.text

    # What others are shown

    def look(self, moment: str, quick: str = "") -> None:
        """Has every viewer open every address, or those alone of this case that showed something at the moment `quick`."""
        every = addresses(self)
        for name, client in self.viewers.items():
            for address in every:
                if not self.may_pass(client.person, address):
                    continue  # sent away before anything is looked up
                was_shown = self.seen.get((quick, name, named(self, address)), "200").startswith("200")
                is_of_case = self.room.tender.case in address or any(number in address for number in self.remedies)
                if quick and not (was_shown and (is_of_case or address == "/remedies")):
                    continue
                accept = "application/json" if address.startswith(("/api", "/log", "/cases")) else "text/html"
                answer = client.get(address, headers={"Accept": accept, "Accept-Language": "zh"})
                self.seen[moment, name, named(self, address)] = told(answer)
            for upload in (self.uploads[-1] if self.uploads else str(uuid4()),):
                answer = client.client.head(f"/uploads/{upload}", headers=TUS)
                self.seen[moment, name, "HEAD /uploads/<upload>"] = told(answer)

    def may_pass(self, person: Person | None, address: str) -> bool:
        """Whether the gate lets this role in to the view; what is asked for in vain goes on to the answer that says so."""
        try:
            endpoint, _ = self.app.url_map.bind("localhost").match(address.partition("?")[0])
        except HTTPException:
            return True
        gate = getattr(self.app.view_functions[endpoint], "__gate__", "public")
        return gate == "public" or (person is not None and (gate == "signed_in" or person.role in gate))

    def said_to(self) -> dict[str, list[tuple[str, str, str]]]:
        """The published messages by audience, but for those to bidders."""
        told = defaultdict(list)
        for commit in self.commits:
            for entry in commit.entries:
                if not entry.audience.startswith("bidder:"):
                    told[entry.audience].append((entry.case_id, entry.kind, plain(str(entry.data))))
        return dict(told)

    def heard(self) -> dict[str, list[str]]:
        """What came over Socket.IO since `frames` was last emptied, by viewer; who is there (`presence`) is told when a viewer joins, at
        any moment."""
        for name, client in self.sockets.items():
            self.frames[name] += client.get_received(client.room)
        told = {name: self.frames[name] for name in self.sockets}
        return {name: [plain(str(message)) for message in messages if message["name"] != "presence"] for name, messages in told.items()}


def addresses(world: World) -> list[str]:
    """Every address that is read, from the application's own map, its parts filled in; another bidder's objects where there are any."""
    case, number = world.room.tender.case, world.room.number
    receipts = [receipt["id"] for given in world.receipts.values() for receipt in given]
    document = hashlib.sha256(b"%PDF-1.7 tender document").hexdigest()
    key = world.room.tender.centre.signer.key.key_id
    firm = world.firms[0]
    fill: dict[str, Sequence[str]] = {
        "case": [case],
        "ocid": [f"ocds-000000-{case}"],
        "number": [number],
        "receipt": [receipts[0] if receipts else "RC-0123456789ABCDEF"],
        "sha256": [document, world_digest(world)],
        "env": ["technical", "application"],
        "kind": ["award-plan"],
        "draw": ["draw-1-1", "coefficients-1-1"],
        "late_seal": ["LT-0123456789ABCDEF"],
        "code": ["T-01"],
        "person": [str(firm.person), str(world.viewers["centre"].person.person)],  # type: ignore[union-attr]
        "key_id": [key, firm.signer.key.key_id],
        "size": ["1", "3"],
        "index": ["0", "2"],
        "old": ["1"],
        "new": ["3"],
        "path": ["0/000.p/3", "entries/000.p/3"],
        "batch": ["TK20260901-001"],
        **{name: [str(uuid4())] for name in ("refund", "deposit", "fee", "import_id", "file_id", "message", "view", "tape")},
        **{"dormant": ["Y2026-000001-00001"], "ledger": ["Y2026-000001"], "guarantee": [world.guaranteed.guarantee]},
        "ref": ["BK1"],
        "name": ["ebl"],
        "medium": ["sms"],
        "download": [world.downloads[0] if world.downloads else "DR-0123456789ABCDEF"],
        "remedy": [world.remedies[0] if world.remedies else "YY-0123456789AB", "TS-0123456789AB"],
        **{"stage": ["document"], "site": ["V2026-000001"], "station": ["A1"]},
        **{name: ["1"] for name in ("round", "seat")},
        "upload": [world.uploads[0] if world.uploads else str(uuid4())],
    }
    found = []
    for rule in world.app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and rule.rule not in STATIC:
            found += _filled(rule.rule, fill)
    rooms = ("opening", "evaluation", "supervision", "deposits")
    notices = world.viewers["public"].get("/api/v1/notices").get_json()["notices"]
    found += [f"{root}/notices/{notice['number']}{end}" for notice in notices for root, end in (("", ""), ("", ".pdf"), ("/api/v1", ""))]
    found += [f"{root}/plans/{world.plan}" for root in ("", "/api/v1")]
    found += [f"/cases/{case_}/events?since=0&room={room}" for case_ in (case, f"D-{number}", "PLATFORM") for room in rooms]
    found += [f"/api/v1/acts/context?case={case}", f"/guarantees/verify?number={world.guaranteed.number}"]
    found += ["/nothing-here", f"/api/v1/lots/{number}/opening?part=commercial"]
    found += [f"/admin/people?q={quote(firm.org_name)}", f"/api/v1/people?q={quote('建筑')}", f"/notices?q={quote(firm.org_name)}"]
    return sorted(found)


def world_digest(world: World) -> str:
    """The digest of a sealed file, if there is one."""
    given = next((given for given in world.receipts.values() if given), None)
    return str(given[0]["ct_sha256"]) if given else "ab" * 32


def _filled(rule: str, fill: Mapping[str, Sequence[str]]) -> list[str]:
    names = re.findall(r"<(?:\w+:)?(\w+)>", rule)
    made = [rule]
    for name in names:
        made = [re.sub(rf"<(?:\w+:)?{name}>", value, one) for one in made for value in fill[name]]
    return made


def named(world: World, address: str) -> str:
    """An address by which two worlds are compared."""
    return plain(address.replace(quote(world.firms[0].org_name), "firm"))


# Making a world


@contextmanager
def world(folder: Path, template: Path, invited: int = 0, make: Callable[..., Hall] = hall, **terms: Any) -> Iterator[World]:
    """A platform of its own, its bank, a lot that takes bids (`make`: or applications), by invitation of so many of the firms, everybody
    logged in."""
    folder.mkdir()
    (folder / "gongheng.db").write_bytes(template.read_bytes())
    clock_file = folder / "clock"
    bank = SandboxBank(folder / "bank", clock_file)
    running = server("127.0.0.1", 0, bank.handle)
    thread = Thread(target=running.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    letters = ExitStack()
    sandbox, guarantor_url = letters.enter_context(secrecy_guarantees.guarantor(folder, clock_file))
    outside = letters.enter_context(carriers(folder, clock_file))
    settings = load(
        {
            "GONGHENG_DEMONSTRATION": "yes",
            "GONGHENG_DATA_DIR": str(folder),
            "GONGHENG_DATABASE_URL": f"sqlite:///{folder / 'gongheng.db'}",
            "GONGHENG_CLOCK_FILE": str(clock_file),
            "GONGHENG_BANK_URL": f"http://127.0.0.1:{running.server_address[1]}",
            **outside.settings,
        }
    )
    app = create_app(settings)
    app.config.update(WTF_CSRF_ENABLED=False, RATELIMIT_ENABLED=False)
    app.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(folder.parent))
    prepare(app)
    try:
        made = _peopled(app, folder, bank, clock_file, invited, make, **terms)
        made.carried, made.guaranteed.url = outside.carried, guarantor_url
        secrecy_guarantees.register(made, sandbox)
        secrecy_waivers.grant(made)
        let_follow(made.room, made.firms, [made.viewers["expert"].person])  # type: ignore[list-item]
        yield made
    finally:
        shut_down(app)
        letters.close()
        running.shutdown()
        running.server_close()
        thread.join()


def _peopled(  # noqa: PLR0917  (all that a world is made of)
    app: Application, folder: Path, bank: SandboxBank, clock_file: Path, invited: int, make: Callable[..., Hall], **terms: Any
) -> World:
    here = app.extensions["gongheng"]
    write_offset(clock_file, timedelta(0))
    lot = tender(here.door, clock_file)
    crowd, centre = lot.crowd, lot.centre.org_name
    firms = [crowd.join(Role.BIDDER, f"第{n:02d}建筑工程有限公司", name="张伟", login=f"firm{n:02d}") for n in range(1, REGISTERED + 1)]
    room = make(inviting(lot, firms[:invited]) if invited else lot, folder, **terms)
    room.files, room.log = here.files, here.parts["log"]
    joined = {
        "agency": room.tender.agency,
        "tenderer": room.tender.tenderer,
        "centre": room.tender.centre,
        "supervisor": room.tender.supervisor,
        "finance": crowd.join(Role.FINANCE, centre),
        "admin": crowd.join(Role.ADMIN, centre),
        "expert": crowd.join(Role.EXPERT, "临江大学"),
        "award member": crowd.join(Role.AWARD_MEMBER, room.tender.tenderer.org_name),
        "uninvolved bidder": firms[-1],
        **{"officer": room.officers["centre"], "site staff": crowd.join(Role.SITE, "云川市公共资源交易中心")},
    }
    viewers = {"public": browser(app)} | {name: browser(app, person) for name, person in joined.items()}
    made = World(app, room, bank, clock_file, firms[:-1], viewers, {})
    made.plan = published(room.tender)
    made.sockets = _listening(app, made)
    _watch(here.door, made.commits)
    return made


def _watch(door: Any, commits: list[Commit]) -> None:
    published: Callable[[Commit], object] = door.publish

    def both(commit: Commit) -> None:
        commits.append(commit)
        published(commit)

    door.publish = both


def _listening(app: Application, made: World) -> dict[str, Any]:
    sockets = app.extensions["process"].sockets
    found = {}
    for name, client in made.viewers.items():
        for room in ("/opening", "/evaluation", "/supervision", "/deposits"):
            if room not in {space.namespace for space in sockets.server.namespace_handlers.values()}:
                continue
            line = sockets.test_client(app, namespace=room, flask_test_client=client.client)
            line.room = room
            for case in (made.room.tender.case, f"D-{made.room.number}"):
                line.emit("join", {"case": case}, namespace=room)
            line.get_received(room)
            found[f"{name} at {room}"] = line
    return found
