"""The calls after a draw, played again: all who were drawn were asked, the next followed who did not come, the list is who confirmed."""

from __future__ import annotations

import base64
import binascii
import sys
from dataclasses import dataclass, field
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from app.verify.entries import Entry
from app.verify.replay import provincial, reforming
from app.verify.replay.draw import Held, draws
from app.verify.replay.story import Story, same
from app.verify.replay.tender import law_of
from app.verify.verdict import Broken, inside
from core.kernel import clock, jcs
from core.kernel import draw as kernel
from core.kernel.draw import DrawFault
from core.kernel.dsse import read_envelope
from evaluation.domain.calling import CANNOT, COME, KEYS, AnswerBody, Cause, Conditions, KeypadAnswer, case_of, is_fresh, seat_order
from evaluation.domain.draw import RequestBody
from evaluation.domain.provincial import Roster, drawn_by
from evaluation.domain.redraw import keeps_conditions, leaves_a_choice, may_be_asked_again
from evaluation.domain.region_mix import is_coherent

KINDS = ("draw.call", "draw.answer", "draw.recusal", "draw.list", "draw.exhausted", "committee.form")


def check_calls(story: Story) -> int:
    """Every draw's calls from the result to the committee; returns how many calls there were. Raises Broken."""
    _check_requests(story)
    count = 0
    earlier: set[str] = set()  # people who answered for a draw before
    for held in draws(story):
        after = [entry for entry in story.all(*KINDS) if entry.text("draw") == held.name]
        if held.result is None:
            for entry in after:
                raise Broken(entry.member, "draw_missing")
            continue
        played = _Calls(story, held)
        for entry in after:
            played.hear(entry)
        if reforming.is_another(story, held.request):
            held.request.require(not earlier & set(played.people.values()), "old_member")
        earlier |= set(played.people.values())
        count += len(played.number)
    return count


def _check_requests(story: Story) -> None:
    """A second draw has its reason, its alarm and the first one's conditions; none leaves no choice, and each left time to be asked."""
    law = law_of(story)
    held: list[Held] = []
    for number, one in enumerate(draws(story)):
        with inside(one.request.member):
            body = RequestBody.read(one.request.body)
        at = one.request.at
        faults = [
            may_be_asked_again(number, body.again),
            None if drawn_by(body.request) else leaves_a_choice(body.request),
            body.calling.refuse(at),
        ]
        faults += [is_coherent(body.request), law.too_early("T9", body.calling.assemble_at, at)]
        faults += [reforming.fault_of(story, one, body.request)]
        faults += [keeps_conditions(earlier.request.part("request"), body.request) for earlier in held if earlier.result is not None]
        for fault in faults:
            if fault is not None:
                raise Broken(one.request.member, fault.code)
        alarms = [entry for entry in story.all("draw.alarm") if entry.text("draw") == one.name and entry.text("level") == "amber"]
        one.request.require(len(alarms) == (number > 0), "alarm_missing")
        for alarm in alarms:
            same(alarm, [alarm.text("why"), alarm.text("text")], [body.again.code, body.again.text], "alarm_differs")
            alarm.require(alarm.seq > one.request.seq, "alarm_differs")
        held.append(one)


@dataclass
class _Calls:
    """One draw from its result on: who is on the list, who was asked, who will come."""

    story: Story
    held: Held
    number: dict[str, str] = field(default_factory=dict)  # pseudonym → call
    until: dict[str, Any] = field(default_factory=dict)
    coming: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    followed: list[tuple[str, str]] = field(default_factory=list)
    people: dict[str, str] = field(default_factory=dict)  # pseudonym → person who answered on the page
    seats: dict[str, str] = field(default_factory=dict)
    is_sealed: bool = False
    is_over: bool = False

    def __post_init__(self) -> None:
        with inside(self.held.request.member):
            self.conditions = Conditions.read(self.held.request.body.get("calling"))
        self.committee: kernel.Committee | Roster
        if provincial.by_of(self.held.request) is not None:
            self.committee, self.seed = provincial.roster(self.story, self.held)
        else:
            with inside(self.held.request.member):
                record = kernel.parse_draw(self.held.record(self.story.case, ()))
                self.seed = kernel.seed(record.case, record.draw, record.request.pool_hash, record.reveals)
                self.committee = kernel.Committee(record.request, self.seed)
        self.first = self.members
        self.places = [plan.site for plan in self.conditions.sites for _ in range(plan.seats)]

    @property
    def members(self) -> list[str]:
        """Who is on the list now."""
        return [one for ids in self.committee.picked().values() for one in ids]

    def hear(self, entry: Entry) -> None:
        """One event; raises Broken where it does not follow."""
        assert self.held.result is not None
        entry.require(entry.seq > self.held.result.seq and not self.is_over, "draw_missing")
        {
            "draw.call": self._called,
            "draw.answer": self._answered,
            "draw.recusal": self._noted,
            "draw.list": self._sealed,
            "draw.exhausted": self._exhausted,
            "committee.form": self._formed,
        }[entry.kind](entry)

    def _called(self, entry: Entry) -> None:
        who, number = entry.text("id"), entry.text("call")
        entry.require(who in self.members and who not in self.number and number not in self.number.values(), "call_differs")
        order = seat_order(self.seed, self.first, self.followed)
        same(entry, entry.text("site"), dict(zip(order, self.places, strict=True))[who], "site_differs")
        same(entry, entry.text("reply_until"), clock.text(entry.at + self.conditions.window), "call_differs")
        self.number[who], self.until[who] = number, entry.at + self.conditions.window

    def _answered(self, entry: Entry) -> None:
        who, answer = entry.text("id"), entry.text("answer")
        entry.require(who in self.members and self.number.get(who) == entry.text("call"), "call_differs")
        way, in_time = entry.text("way"), entry.at < self.until[who]
        entry.require(answer in (COME, CANNOT), "malformed", field="answer")
        if way in ("page", "keypad"):
            entry.require(in_time or (answer == CANNOT and who in self.coming), "outside_window")
            (self._page if way == "page" else self._keypad)(entry, who)
        else:
            entry.require(answer == CANNOT and who not in self.coming, "answer_unproved")
            wanted = {"clock": Cause.SILENT, "gateway": Cause.UNREACHABLE}.get(way)
            entry.require(wanted is not None and entry.text("cause") == wanted.value, "answer_unproved")
            entry.require(not in_time if way == "clock" else bool(self.conditions.gateway), "outside_window")
        if answer == COME:
            entry.require(who not in self.coming and not entry.text("successor"), "answer_unproved")
            self.coming.add(who)
            return
        same(entry, entry.text("successor"), self._leave(who), "successor_differs")

    def _page(self, entry: Entry, who: str) -> None:
        """The expert's own signature, for this call alone, by one person for one pseudonym."""
        with inside(entry.member):
            said = self.story.ring.open(read_envelope(entry.part("proof")), entry.member, entry.at)
            body = AnswerBody.read(said.body)
        entry.require((said.type, said.case, said.actor.role) == ("call.answer", case_of(entry.text("call")), "expert"), "answer_unproved")
        same(entry, [entry.text("answer"), entry.text("cause")], [body.answer, body.cause], "answer_differs")
        person = said.actor.id
        entry.require(self.people.setdefault(who, person) == person, "answer_unproved")
        entry.require(list(self.people.values()).count(person) == 1, "answer_unproved")

    def _keypad(self, entry: Entry, who: str) -> None:
        """The gateway's signature, by the key that the centre had named in the request."""
        with inside(entry.member):
            said = KeypadAnswer.read(entry.part("proof"))
        entry.require(said.call == self.number[who] and is_fresh(said.at, entry.at), "answer_unproved")
        same(entry, entry.text("answer"), KEYS[said.digit], "answer_differs")
        try:
            key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(self.conditions.gateway))
            key.verify(base64.b64decode(said.signature, validate=True), jcs.canonical(said.signed()))
        except (InvalidSignature, binascii.Error, ValueError):
            raise Broken(entry.member, "answer_unproved") from None

    def _noted(self, entry: Entry) -> None:
        entry.require(entry.text("id") in self.members, "call_differs")
        self._leave(entry.text("id"))

    def _leave(self, who: str) -> str:
        """Takes somebody off the list; returns who follows, "" where nobody is left."""
        before = set(self.members)
        self.is_sealed = False
        self.gone.add(who)
        self.coming.discard(who)
        try:
            self.committee.recuse(who)
        except DrawFault:
            return ""
        successor = next(one for one in self.members if one not in before)
        self.followed.append((who, successor))
        return successor

    def _sealed(self, entry: Entry) -> None:
        same(entry, entry.texts("confirmed"), sorted(self.members), "list_differs")
        entry.require(set(self.members) == self.coming, "list_unconfirmed")
        self.is_sealed = True

    def _exhausted(self, entry: Entry) -> None:
        left = [who for who in self.gone if who not in {one for one, _ in self.followed}]
        same(entry, entry.text("id"), left[-1] if left else "", "list_differs")
        self.is_over = True

    def _formed(self, entry: Entry) -> None:
        new = {str(one["code"]): str(one["pseudonym"]) for one in entry.parts("seats")}
        if not self.seats:
            entry.require(self.is_sealed, "list_unconfirmed")
            order = seat_order(self.seed, self.first, self.followed)
            same(entry, new, {str(number): one for number, one in enumerate(order, 1)}, "seats_differ")
            same(entry, [str(one["site"]) for one in entry.parts("seats")], self.places, "site_differs")
        for code in sorted(self.seats.keys() & new.keys(), key=int):
            leaving = self.seats[code]
            if new[code] != leaving and leaving not in self.gone:  # stepped back in the room
                same(entry, new[code], self._leave(leaving), "seats_differ")
        self.seats = new
        self._check_people(entry)

    def _check_people(self, form: Entry) -> None:
        """Whoever answered for a pseudonym is the one who signs in at its seat, until the next formation."""
        until = min((one.seq for one in self.story.all("committee.form") if one.seq > form.seq), default=sys.maxsize)
        for entry in self.story.all("room.sign_in"):
            who = self.seats.get(entry.text("seat"), "")
            if who in self.people and form.seq < entry.seq < until:
                entry.require(self.people[who] == entry.actor, "seat_taken", seat=entry.text("seat"))
