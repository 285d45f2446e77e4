"""The whole platform listening for browsers, around one lot whose past the builders have made through the services."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from secrets import token_hex
from types import SimpleNamespace
from typing import Any, cast

import pytest
import typst
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from playwright.sync_api import Browser, Locator, Page
from werkzeug.wrappers import Response

from app.factory import Application, create_app, prepare, shut_down
from core.identity.queries.certificates import keys_of
from core.kernel.age import Identity
from core.kernel.encoding import b64
from core.kernel.roles import Role
from core.kernel.ticks import Clockwork
from core.kernel.webauthn import RelyingParty
from core.settings import Settings
from tests.browser.chromium import open_page
from tests.browser.people import until
from tests.browser.real import at_home, enrol_device, listening, log_in
from tests.builders import bids, people, trading
from tests.builders.bids import Hall, hall, pack
from tests.builders.evaluation import TWO_STAGES, OpenedBids, Room
from tests.builders.people import PASSWORD, Person
from tests.builders.supervising import say_purpose
from tests.builders.trading import Tender, tender
from tests.builders.whole import Whole

MARK = "X-Seen"
STAYS = "(button) => button.closest('[data-act]')?.dataset.actDone === 'event'"  # whether the page stays when this has been signed
HARMLESS = ("pubKeyCredParams", "SOCKET_NOT_CONNECTED", "CONNECTION_RESET")
NAMES = {"technical.pdf": "施工组织设计.pdf", "commercial.pdf": "投标报价.pdf", "application.pdf": "资格预审申请文件.pdf"}
PAPER = "#set page(width: 21cm, height: 29.7cm)\n= Construction method\nTwenty rings of shield segments.\n#pagebreak()\n= Quality"


@cache
def paper() -> bytes:
    """A document of two pages."""
    made: bytes = typst.compile(PAPER.encode())
    return made


def plug_in(page: Page, person: Person) -> None:
    """Puts that person's security key into the browser."""
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "usb", "hasUserVerification": True, "isUserVerified": True}
    known = tools.send("WebAuthn.addVirtualAuthenticator", {"options": options | {"automaticPresenceSimulation": True}})
    held = person.authenticator
    private = held.private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    credential = {
        "credentialId": b64(held.credential_id),
        "isResidentCredential": False,
        "rpId": held.rp.id,
        "privateKey": b64(private),
        "signCount": 0,
    }
    tools.send("WebAuthn.addCredential", {"authenticatorId": known["authenticatorId"], "credential": credential})


@dataclass
class Recorder:
    """Keeps what the platform answers to whoever carries a mark; a browser forgets an answer's body as soon as its page goes elsewhere."""

    app: Application
    kept: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        mark = environ.get("HTTP_" + MARK.upper().replace("-", "_"))
        wsgi: Any = self.app
        if mark is None or "HTTP_UPGRADE" in environ or environ["PATH_INFO"].startswith("/static/"):
            return wsgi(environ, start_response)
        answer = Response.from_app(wsgi, environ, buffered=True)
        if answer.status_code == 200 and any(known in answer.mimetype for known in ("html", "json", "text/plain")):
            self.kept[mark].append((environ["PATH_INFO"], answer.get_data(as_text=True)))
        return answer(environ, start_response)


@dataclass
class Seen:
    """Somebody at a browser of their own: the page, what its console said, and all that came over the line."""

    page: Page
    said: list[str]
    url: str
    recorder: Recorder
    person: Person | None = None
    answers: list[tuple[str, str]] = field(default_factory=list)
    frames: list[str] = field(default_factory=list)

    def record(self) -> Seen:
        """From now on every text answer and every socket frame is kept."""
        mark = token_hex(8)
        self.answers = self.recorder.kept[mark] = []
        self.page.context.set_extra_http_headers({MARK: mark})
        self.page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: self.frames.append(str(frame))))
        return self

    def go(self, path: str) -> Seen:
        """Opens a page and marks it, so that a reload would be noticed. A supervisor who is asked for what they look says so."""
        answer = self.page.goto(self.url + path)
        if "/supervision/purpose?" in self.page.url and self.person is not None:
            say_purpose(self.person, path)
            answer = self.page.goto(self.url + path)
        assert answer is not None and answer.status == 200, (path, answer and answer.status)
        self.page.evaluate("window.untouched = true")
        return self

    @property
    def stayed(self) -> bool:
        """Whether the page has not been loaded anew since `go`."""
        return bool(self.page.evaluate("window.untouched === true"))

    def sign(self, button: str | Locator) -> None:
        """Presses a button, looks at what is to be signed, gives the password where it is asked, signs, and goes where that leads."""
        place = self.page.get_by_role("button", name=button, exact=True) if isinstance(button, str) else button
        place.first.wait_for()
        self.page.wait_for_load_state()  # modules that come after the page hear the press
        stays = bool(place.first.evaluate(STAYS))
        place.first.click()
        dialog = self.page.locator("dialog.confirm")
        refused = self.page.locator("[data-act-error]:not(:empty)")
        until(lambda: dialog.count() or refused.count())
        assert dialog.count(), refused.all_inner_texts()
        if (password := dialog.locator("input[type=password]")).count():
            password.fill(PASSWORD)
        with nullcontext() if stays else self.page.expect_navigation():
            with self.page.expect_response(lambda answer: answer.request.method == "POST" and "/api/v1/" in answer.url) as posted:
                dialog.locator("[data-ok]").click()
            assert posted.value.ok, posted.value.text()

    def see(self, text: str) -> Seen:
        """Waits for a text to stand in the page."""
        self.page.locator("main").get_by_text(text).first.wait_for()
        return self

    @property
    def text(self) -> str:
        """All that stands in the page."""
        return self.page.locator("body").inner_text()

    @property
    def quiet(self) -> bool:
        """Whether the console had nothing to say."""
        return [line for line in self.said if not any(known in line for known in HARMLESS)] == []


@dataclass
class Play(Whole):
    """A case whose outbox the platform itself delivers."""

    clockwork: Clockwork

    def deliver(self) -> None:
        """All that is due; bids whose files have been read are compared."""
        self.clockwork.run_once("outbox")
        if self.clockwork.run_once("trading.compare_bids"):
            self.clockwork.run_once("outbox")


@dataclass
class Stage:
    """The running platform, its browser, and the lot."""

    recorder: Recorder
    url: str
    browser: Browser
    whole: Play

    @property
    def hall(self) -> Hall:
        """The lot's bids and opening."""
        return self.whole.hall

    @property
    def room(self) -> Room:
        """The lot's evaluation."""
        return self.whole.room

    @property
    def tender(self) -> Tender:
        """The lot and its people."""
        return self.hall.tender

    def tick(self) -> Stage:
        """From now on the platform's clock runs by itself."""
        self.whole.clockwork.start()
        return self

    def grow(self) -> None:
        """All that has happened stands in the log."""
        self.recorder.app.extensions["gongheng"].parts["log"].grow(self.tender.door)

    def come(self, person: Person | None = None, *, device: bool = False, width: int = 1440, height: int = 900) -> Seen:
        """Somebody opens a browser of their own, logs in, and enrols the device."""
        page, said = open_page(self.browser, width, height)
        if person is not None:
            log_in(page, self.url, person)
        if device:
            assert person is not None
            plug_in(page, person)
            enrol_device(page, self.url, person)
        return Seen(page, said, self.url, self.recorder, person)

    def seal(self, bidder: Person, price: str, recipient: str = "") -> None:
        """A bid with a document that can be read; its key opens for the given device, or for the builder's own."""
        one, holder = self.hall, bidder
        if recipient:
            holder = replace(bidder, identity=cast(Identity, SimpleNamespace(recipient=recipient)))
        made = one.make_version(holder, price=price)
        one.hand_in(bidder, one.parts(bidder, made))
        one.kept |= {(bidder.org, 1, envelope.env): envelope for envelope in made}

    def recipient_of(self, person: Person) -> str:
        """What the newest device of that person opens."""
        keys = self.tender.door.read(lambda session: keys_of(session, person.person))
        return next(key.recipient for key in reversed(keys) if key.purpose == "device")

    def opened(self, bidders: int = 3) -> Stage:
        """The technical envelopes are open and read out; the experts may be drawn."""
        one = self.hall
        for place, bidder in enumerate(self.tender.join_bidders(bidders)):
            self.seal(bidder, f"{130 + place}000000.00")
        one.close()
        self.grow()
        one.sign_in(*self.tender.bidders)
        one.start()
        one.confirm()
        for bidder in self.tender.bidders:
            one.release(bidder)
        one.batch()
        self.whole._close_hall(0)
        self.grow()
        return self

    def reported(self) -> Stage:
        """Five bids, both openings, the evaluation, and its report with every signature."""
        self.tender.join_bidders(5)
        for step in (self.whole.seal, self.whole.open, self.whole.evaluate, self.whole.open_prices):
            step()
        return self

    def publicised(self, members: int = 5) -> Stage:
        """The candidates' publicity is over; there are people who may sit on the award committee."""
        self.tender.publish_candidates()
        self.tender.end_publicity()
        self.whole.deliver()
        home = self.tender.tenderer.org_name
        self.room.award_members += [self.tender.crowd.join(Role.AWARD_MEMBER, home) for _ in range(members)]
        self.room.before_award()
        return self


@contextmanager
def staged(
    browser: Browser, settings: Settings, clock_file: Path, folder: Path, patch: pytest.MonkeyPatch, *, document: bytes = b""
) -> Iterator[Stage]:
    """The platform on a free port, with a lot that takes bids; `document`: its tender document, a paper that opens where none is given."""
    patch.setattr(trading, "DOCUMENT", document or paper())
    with at_home(settings) as told, _around_a_lot(browser, told, clock_file, folder, patch) as made:
        yield made


@contextmanager
def _around_a_lot(browser: Browser, settings: Settings, clock_file: Path, folder: Path, patch: pytest.MonkeyPatch) -> Iterator[Stage]:
    app = create_app(settings)
    platform, process = app.extensions["gongheng"], app.extensions["process"]
    patch.setattr(people, "authority", lambda: platform.parts["authority"])
    patch.setattr(bids, "pack", lambda bid, files, room: pack(bid, {NAMES[name]: paper() for name in files}, room))
    patch.setattr(people, "RP", RelyingParty(settings.rp_id, settings.origin))
    prepare(app)
    made = hall(tender(platform.door, clock_file), folder, method=TWO_STAGES)
    made.files, made.log = platform.files, platform.parts["log"]
    made.log.grow(platform.door)
    platform.files.put(trading.DOCUMENT)
    play = Play(made, Room(made.tender, OpenedBids()), made.log, settings, process.clockwork)
    recorder = Recorder(app)
    stage = Stage(recorder, settings.origin, browser, play)
    try:
        with listening(recorder, settings.port, browser):
            yield stage
    finally:
        shut_down(app)
