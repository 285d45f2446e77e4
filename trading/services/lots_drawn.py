"""Lots drawn by commit and reveal: what a slip, its opening and a party's silence do to a draw, in hall, room and session alike."""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from sqlalchemy.orm import Session

from core.identity.services.acts import Act
from core.kernel import draw as kernel
from core.kernel.draw import Drawn
from core.kernel.errors import NotAllowed, RuleBroken
from core.kernel.ids import CaseId, new_id
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Work
from trading.domain.lots_drawn import PARTY_OF, DrawAction, DrawFacts, DrawMoves, DrawState, SlipBody, next_parties
from trading.models.lots_drawn import LotsDraw
from trading.queries import lots_drawn as queries

_SYSTEM = frozenset({Role.SYSTEM})
D = TypeVar("D", bound=LotsDraw)


def begin(work: Work, kind: type[D], number: int, name: str, request: Mapping[str, JSON], parties: Sequence[str], **more: Any) -> D:  # noqa: PLR0917 - what a draw consists of
    """A draw that waits for its slips; `more`: what its own table holds beside them."""
    now = work.now()
    said = {"id": new_id(now), "number": number, "name": name, "state": DrawState.REQUESTED, "parties": list(parties), "since": now}
    row = kind(**said, request=dict(request), pool_hash=kernel.pool_hash(request).hex(), seed="", **more)  # type: ignore[call-arg]  # a mapped class
    work.session.add(row)
    work.session.flush()
    return row


@dataclass(frozen=True, slots=True)
class Drawing(Generic[D]):
    """A draw held for one act, with its table of moves and the caller's roles."""

    session: Session
    case: CaseId
    row: D
    moves: DrawMoves
    roles: frozenset[Role]
    now: datetime

    def commit(self, act: Act, said: SlipBody) -> str:
        """A party hands in its sealed slip; returns the party, raises what the table finds."""
        party = self._party(act, said)
        self.row.state = self.moves.choose(DrawAction.COMMIT, self.row.state, self.roles, self._facts(party))
        self.session.add(self.row.SLIP(draw_id=self.row.id, party=party, commitment=said.value, value=""))  # type: ignore[call-arg]  # a mapped class
        self.session.flush()
        return party

    def reveal(self, act: Act, said: SlipBody) -> str:
        """A party opens its slip; returns the party, raises what the table finds."""
        party = self._party(act, said)
        slip = next((one for one in queries.slips(self.session, self.row) if one.party == party), None)
        made = kernel.commit(self.case, self.row.name, party, bytes.fromhex(said.value)).hex()
        matches = slip is not None and hmac.compare_digest(slip.commitment, made)
        self.row.state = self.moves.choose(DrawAction.REVEAL, self.row.state, self.roles, self._facts(party, matches=matches))
        assert slip is not None  # nobody reveals before all have committed
        slip.value = said.value
        self.session.flush()
        return party

    def give_up(self) -> tuple[str, ...]:
        """A party is silent; returns who draws anew, raises what the table finds."""
        facts = self._facts()
        parties = next_parties(facts, self.row.state)
        self.row.state = self.moves.choose(DrawAction.ABANDON, self.row.state, self.roles, facts)
        return parties

    def close(self) -> bool:
        """Whether this was the last slip; then none is taken any more, and the slips shall be witnessed before the first is opened."""
        if not self._follows(DrawAction.CLOSE):
            return False
        self.row.since = self.now
        return True

    def draw(self) -> Drawn | None:
        """What was drawn, where this was the last value."""
        if not self._follows(DrawAction.DRAW):
            return None
        found = kernel.replay(kernel.parse_draw(queries.record_of(self.session, self.row, self.case)))
        self.row.seed, self.row.drawn_at = found.seed.hex(), self.now
        return found

    def _follows(self, action: DrawAction) -> bool:
        facts = self._facts()
        if action not in self.moves.available(self.row.state, _SYSTEM, facts):
            return False
        self.row.state = self.moves.choose(action, self.row.state, _SYSTEM, facts)
        return True

    def _facts(self, party: str = "", *, matches: bool = True) -> DrawFacts:
        return queries.facts_of(self.session, self.row, self.now, party, matches=matches)

    def _party(self, act: Act, said: SlipBody) -> str:
        party = PARTY_OF.get(act.role)
        if party is None or act.role not in self.roles:
            raise NotAllowed(f"{self.moves.name}.commit.not_allowed")
        if party != said.party:
            raise RuleBroken("coefficient.party.other", party=party)
        return party
