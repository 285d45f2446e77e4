"""One whole case through the services: from the registration to the close, with a log that is witnessed and stamped."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from threading import Thread
from types import SimpleNamespace
from typing import Any, cast

from app.evidence.package import build, own_policy
from app.sandbox.serving import server
from app.sandbox.state import StateFolder
from app.sandbox.tsa import TimeStampAuthority
from app.sandbox.witness import Witness
from core.identity.services.certificates import certify_platform
from core.kernel import clock, outbox
from core.kernel.actor import SYSTEM_ACTOR
from core.kernel.certificates import read_certificate, to_pem
from core.kernel.ids import OrgId
from core.kernel.jcs import JSON
from core.kernel.log import Log, StampAuthority
from core.kernel.roles import Role
from core.kernel.signing import Ed25519Signer
from core.kernel.slips import WINDOW
from core.kernel.trust import TrustPolicy
from core.kernel.work import Door
from core.settings import Settings
from core.settings import Witness as WitnessAt
from core.web.platform import Platform
from evaluation import jobs
from evaluation.queries import rooms
from evaluation.services import collusion
from tests.builders import consortia
from tests.builders.bids import Hall, hall
from tests.builders.bids import applying as applications
from tests.builders.coefficients import draw, with_factor
from tests.builders.evaluation import TWO_STAGES, OpenedBids, Room
from tests.builders.fees import Fees
from tests.builders.invitations import inviting
from tests.builders.later_sheets import score_later
from tests.builders.people import Person, authority
from tests.builders.prequalification import PAPER
from tests.builders.seating import take_places
from tests.builders.shields import PAPER as CLEANING
from tests.builders.supervising import in_session
from tests.builders.tapes import record_two
from tests.builders.trading import CONTRACT, tender
from tests.builders.weighing import claim_of, weigh_prices
from trading import jobs_collusion, jobs_opening
from trading.domain.collusion.card import Signal
from trading.queries import collusion as cards
from trading.services import halls

DOCUMENT = b"%PDF-1.7 tender document"


@contextmanager
def outside(folder: Path, clock_file: Path, key: Ed25519Signer) -> Iterator[Log]:
    """A log whose witness and time stamp authority answer as long as the block runs."""
    origin = "log.example.cn/one"
    known = Log(origin, key).vkey
    witness = Witness(StateFolder(folder / "witness"), "w.example.cn/1", [known], clock_file)
    tsa = TimeStampAuthority(StateFolder(folder / "tsa"), clock_file)
    with _served(witness.handle) as witness_url, _served(tsa.handle) as tsa_url:
        root = read_certificate(to_pem(tsa.root))
        yield Log(origin, key, (WitnessAt(witness_url, witness.vkey),), StampAuthority(tsa_url, (root,)))


@contextmanager
def _served(handle: Any) -> Iterator[str]:
    running = server("127.0.0.1", 0, handle)
    thread = Thread(target=running.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{running.server_address[1]}"
    finally:
        running.shutdown()
        running.server_close()
        thread.join()


@dataclass
class Whole:
    """A case with its hall and its room; `play` takes it to the close."""

    hall: Hall
    room: Room
    log: Log
    settings: Settings
    partners: dict[OrgId, Person] = field(default_factory=dict, kw_only=True)  # lead → the member of its consortium

    @property
    def platform(self) -> Platform:
        """What the exporter needs of a running platform."""
        parts = {"authority": authority(), "log": self.log}
        door, files = self.hall.tender.door, self.hall.files
        return cast(Platform, SimpleNamespace(door=door, files=files, settings=self.settings, parts=parts))

    @property
    def policy(self) -> TrustPolicy:
        """Whom an auditor of this case trusts."""
        return own_policy(authority(), self.log, self.settings)

    def deliver(self) -> None:
        """Forced checkpoints, batches, prices and reports; whatever has no subscriber here is let go."""
        told = "opening.closed deadline.closed bidding.opened candidates.published publicity.ended award.notice_sent contract.signed"
        topics: dict[str, Any] = dict.fromkeys((*told.split(), "lot.failed"), _nothing)
        files = self.hall.files
        topics |= jobs_opening.subscriptions(files) | self.log.subscriptions() | jobs.topics(files) | jobs_collusion.subscriptions(files)
        outbox.deliver(self.hall.tender.door, topics)
        for tick in jobs_collusion.TICKS:
            if tick.run(self.hall.tender.door):
                outbox.deliver(self.hall.tender.door, topics)

    def play(self) -> Whole:
        """All twelve steps."""
        self.seal()
        self.open()
        self.evaluate()
        self.open_prices()
        self.award()
        self.close()
        return self

    def seal(self) -> None:
        """Five seal, one replaces, one withdraws; the first and the third give one telephone; the fourth never comes to the opening."""
        one, bidders = self.hall, self.hall.tender.bidders
        for place, bidder in enumerate(bidders):
            contact: dict[str, JSON] = {"contacts": [{"name": "周平", "phone": "13900002222"}]} if place in (0, 2) else {}
            contact |= claim_of(place, one.tender.lot.review.prices)
            answer = self._seal(bidder, price=f"{130 + place}000000.00", particulars=contact)
            if place == 1:
                self._seal(bidder, ver=2, price="128000000.00")
            if place == len(bidders) - 1:
                one.withdraw(bidder, answer)

    def _seal(self, bidder: Person, **options: Any) -> dict[str, Any]:
        if (partner := self.partners.get(bidder.org)) is None:
            return self.hall.seal(bidder, **options)
        return consortia.seal(self.hall, (bidder, partner), **options)

    def open(self) -> None:
        """The first opening with a rescue by two offices, its record signed."""
        one = self.hall
        a, b, c, d, *_ = one.tender.bidders
        one.close()
        self.deliver()
        one.sign_in(a, b, c)
        one.start()
        draw(one)
        self.deliver()
        one.confirm()
        one.release(a)
        one.release(b, ver=2)
        one.release(c)
        one.after_window()
        one.rescue("centre", d)
        one.rescue("supervisor", d)
        one.begin_batch()
        self.deliver()
        self._close_hall(0)

    def _close_hall(self, round_: int) -> None:
        one = self.hall
        one.read_out(round_)
        until = one.view(round_=round_).objection_until
        assert until is not None
        one.tender.jump(until)
        one.draw_up(round_)
        body = {"record_sha256": one.view(round_=round_).record_sha256}
        one.act(halls.sign_record, one.tender.centre, "opening.record.sign", body, step_up=True, round=round_)
        one.act(halls.sign_record, one.tender.supervisor, "opening.record.sign", body, step_up=True, round=round_)
        one.act(halls.close, one.tender.centre, "opening.close", body, step_up=True, round=round_)
        self.deliver()

    def evaluate(self) -> None:
        """Draw with a recusal, seven members, a chair, a review, and the sheets; the third bid fails the threshold of none."""
        room = self.room
        room.fill_pool(11)
        Fees(room).fix()
        self._draw()
        self.deliver()
        room.answer(room.called[0], "cannot", "recusal", "与一家投标人有业务往来")
        room.all_answer()
        room.form()
        for who in room.members:
            room.sign_in(who)
        take_places(room)
        for who in room.members:
            room.vote_chair(who, "2")
        in_session(room)
        record_two(room, self.settings.tapes_dir)
        for who in room.members:
            room.declare(who)
        self._rest()
        self._decide_on_card()
        self._review()
        for place, who in enumerate(room.members):
            room.submit(who, room.sheet({code: f"0.{6 + (place + n) % 4}" for n, code in enumerate(room.codes)}))
        room.open_map()
        score_later(room)
        self.deliver()

    def _rest(self) -> None:
        """An hour passes, half of it over lunch."""
        one = self.hall.tender
        one.jump(one.now + timedelta(hours=1))
        Fees(self.room).rest(one.now - timedelta(minutes=30), one.now)

    def fees(self) -> None:
        """Calculated; one objects and is answered, the payer confirms all but one."""
        made = Fees(self.room)
        made.calculate()
        made.object_to(self.room.members[2], "3-1")
        made.correct("3-1", emergency=True)
        made.confirm(*(line for line in made.lines() if line != "7-1"))

    def _draw(self) -> None:
        """The tenderer stays silent: two offices open its slip."""
        room, officers = self.room, self.hall.officers
        room.requested()
        for who in room.parties:
            room.commit(who)
        for who in room.parties[:2]:
            room.reveal(who)
        self.hall.tender.jump(self.hall.tender.now + WINDOW)
        for office in ("centre", "supervisor"):
            room.open_slip(officers[office], "tenderer")

    def _decide_on_card(self) -> None:
        """The supervisor has the card on the shared telephone clarified."""
        tender_ = self.hall.tender
        shown = tender_.door.read(lambda session: cards.cards(session, tender_.lot.id))
        [card] = [one for one in shown if one.signal is Signal.SAME_CONTACT]
        body = {"card": card.ref, "decision": "clarify", "note": "请两家投标人书面说明联系电话相同的原因。"}
        self.room.signed(tender_.supervisor, "collusion.decide", body, collusion.decide, step_up=True)

    def _review(self) -> None:
        """One member fails a bid; the vote of all keeps it in, two against five."""
        room = self.room
        doubted = room.codes[-1]
        if self.hall.tender.lot.review.price_check:
            room.propose(room.members[3], doubted)
            room.ask(doubted)
            room.tender.jump(room.tender.now + timedelta(hours=1, minutes=1))
            room.lapse()
        for place, who in enumerate(room.members):
            room.review(who, [(doubted, "formality.signature")] if place == 0 else ())
        for place, who in enumerate(room.members):
            room.vote_rejection(who, {doubted: "no_signature" if place < 2 else "stays"})

    def open_prices(self) -> None:
        """The second opening, for those who passed; then the report, signed by all."""
        one = self.hall
        self._open_envelopes()
        if one.tender.lot.review.price_check:
            self._settle_prices()
        digest = self.room.tender.door.read(lambda session: jobs.report_data(session, self._evaluation(session)).is_drafted)
        assert digest
        sha = self.report_sha256
        for place, who in enumerate(self.room.members):
            self.room.sign_report(who, "对第二名的工期承诺有保留" if place == 3 else "", sha)
        self.fees()
        self.deliver()

    def _open_envelopes(self) -> None:
        self.price_hall(1, *self.hall.tender.bidders[:4])

    def price_hall(self, round_: int, *bidders: Person) -> None:
        """An opening of price envelopes, to its signed record; the second bidder's is of its second version."""
        one = self.hall
        for bidder in bidders:
            one.release(bidder, "commercial", 2 if bidder is one.tender.bidders[1] else 1, round_)
        one.begin_batch(round_)
        self.deliver()
        self._close_hall(round_)

    def _settle_prices(self) -> None:
        """One bidder accepts a correction; the cheapest explains its price, and the committee keeps it in, five against two."""
        room = self.room
        by_org = {one.org: code for code, one in (room.view(room.members[0]).map or {}).items()}
        dear, cheap = room.tender.bidders[3], room.tender.bidders[1]
        asked = room.ask(by_org[dear.org], "arithmetic", text="第8项合价与单价乘积不符。", rule="unit_price", correction="-1000.00")
        room.answer_question(dear, asked, text="确认。", accepts="yes")
        weigh_prices(room)
        room.close_prices()
        explained = room.ask(by_org[cheap.org], "low_price", text="请说明报价的成本构成。")
        room.answer_question(cheap, explained, text="自有设备，已附成本测算。")
        for place, who in enumerate(room.members):
            room.vote_price(who, by_org[cheap.org], place > 1)
        self.deliver()

    def _evaluation(self, session: Any) -> Any:
        return rooms.evaluation_id(session, self.hall.tender.lot_id)

    @property
    def report_sha256(self) -> str:
        """The digest that the members sign."""
        from core.kernel.signing import read_statement

        *_, drafted = self.hall.find("report.draft")
        return str(read_statement(drafted.envelope.payload).body["report_sha256"])

    def award(self) -> None:
        """Publicity, ballots in two rounds where the award is separate, notice and contract."""
        one = self.hall.tender
        if one.lot.publicity_after:
            self._vote()
        one.publish_candidates()
        one.end_publicity()
        self.deliver()
        if one.lot.separation and not one.lot.publicity_after:
            self._vote()
        one.send_award_notice()
        self.hall.files.put(CONTRACT)
        one.sign_contract(one.tenderer)
        winner = next(bidder for bidder in one.bidders if bidder.org == one.lot.winner_org)
        for firm in (self.partners.get(winner.org), winner):
            if firm is not None:
                one.sign_contract(firm)
        self.deliver()

    def _vote(self) -> None:
        room, one = self.room, self.hall.tender
        room.award_members += [one.crowd.join(Role.AWARD_MEMBER, one.tenderer.org_name) for _ in range(5)]
        self.hall.files.put(CLEANING)
        room.before_award()
        room.paper("comparison", candidate=room.candidates[0], factor="履约能力", summary="近三年履约评价均为优", files=[])
        room.voting()
        room.interference(one.supervisor)
        first, second, *_ = room.candidates
        for place, who in enumerate(room.award_members):
            room.ballot(who, (first, first, second, second, room.candidates[-1])[place])
        for place, who in enumerate(room.award_members):
            room.ballot(who, first if place < 3 else second, 2)
        self.deliver()
        self.sign_file()

    def sign_file(self) -> None:
        """The register signed over one entry, the report drafted by the platform and signed by all, one with a dissent."""
        room = self.room
        for who in room.signatories():
            room.close_register(who)
        self.deliver()
        for place, who in enumerate(room.signatories()):
            room.sign_award(who, "对报价合理性有保留" if place == 2 else "")
        self.deliver()

    def close(self) -> None:
        """Two signatures, and the log has it all."""
        self.hall.tender.propose_close()
        self.hall.tender.confirm_close()
        self.deliver()
        self.log.grow_and_witness(self.hall.tender.door)

    def export(self, with_tapes: bool = False) -> Path:
        """The package as the platform makes it."""
        return self.hall.files.path(build(self.platform, self.hall.tender.case, with_tapes).sha256)


def _nothing(_work: Any, _payload: Any) -> None:
    """Heard, and nothing follows in these tests."""


@contextmanager
def whole(
    door: Door,
    clock_file: Path,
    folder: Path,
    settings: Settings,
    plan: str = "DIRECT_VOTE",
    *,
    publicity: str = "before_award",
    invited: int = 0,
    applying: bool = False,
    **terms: Any,
) -> Iterator[Whole]:
    """A lot that takes bids, with five bidders, and the parties outside; `plan` says how the winner is found, `publicity` whether
    the candidates are published before or the result after, `invited` how
    many of them are, 0 for an open tender; `applying`: its round of prequalification takes applications; `terms` go into its document."""
    clock.write_offset(clock_file, clock.read_offset(clock_file))
    assert isinstance(door.platform, Ed25519Signer)
    door.perform(SYSTEM_ACTOR, lambda work: certify_platform(work, authority(), "gongheng", door.platform.key))
    with outside(folder, clock_file, Ed25519Signer.from_seed(bytes(32))) as log:
        begun = tender(door, clock_file)
        order = {"publicity": publicity} if publicity != "before_award" else {}
        begun.fix_plan = partial(begun.fix_plan, plan, **order)  # type: ignore[method-assign]
        firms = begun.join_bidders(5)
        if invited:
            inviting(begun, firms[:invited])
        made = applications(begun, folder) if applying else hall(begun, folder, **({"method": with_factor(TWO_STAGES)} | terms))
        made.log = log
        made.files.put(DOCUMENT)
        made.files.put(PAPER)
        yield Whole(made, Room(made.tender, OpenedBids()), log, settings)
