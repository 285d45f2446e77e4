"""The parties of a contract that is not signed are reminded of its last day, and the supervisor hears when it has passed."""

from __future__ import annotations

from core.identity.domain.message import Notice, Telling
from core.identity.services import messages
from core.kernel.calendar import legal_day
from core.kernel.errors import WrongState
from core.kernel.ids import LotId, new_id
from core.kernel.work import Work
from trading.domain.concern import DISCRETION, REMINDERS, link
from trading.domain.duty import Reminder, reminder
from trading.domain.lot import LotAction
from trading.queries.concerned import circle
from trading.queries.duties import last_day_of_contract
from trading.services.lots import hold_by_id, move_as_system


def remind(work: Work, lot_id: LotId) -> None:
    """Tells tenderer and winner, each reminder once; one that was missed is made good by the next. While an order or a challenge keeps
    them from signing nobody is asked to. Raises what the table of moves finds, and WrongState when there is nothing to say."""
    lot, project = hold_by_id(work, lot_id)
    told = move_as_system(work, lot, LotAction.REMIND_OF_CONTRACT)
    last = last_day_of_contract(lot, project)
    due = Reminder.NONE if last is None else reminder(last, legal_day(told.now))
    if due <= lot.contract_reminded:
        raise WrongState("contract.no_reminder")
    lot.contract_reminded = due
    title = f"{project.title} {lot.title}"
    heard = []
    for concern in REMINDERS[due]:
        notice = Notice(concern.words, concern.topic, lot.number, title, link(concern.place, project.number, lot.number))
        heard.append((Telling(notice, DISCRETION[concern.circle]), circle(work.session, concern.circle, project, lot)))
    messages.tell(work, new_id(told.now), heard)
