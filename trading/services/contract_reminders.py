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
from trading.domain.lot import LotState, contract_hindrance
from trading.queries.concerned import circle
from trading.queries.duties import last_day_of_contract
from trading.queries.lots import facts
from trading.services.lots import hold_by_id


def remind(work: Work, lot_id: LotId) -> None:
    """Tells tenderer and winner, each reminder once; one that was missed is made good by the next. While an order or a challenge keeps
    them from signing nobody is asked to. Raises WrongState when there is nothing to say."""
    lot, project = hold_by_id(work, lot_id)
    now, last = work.now(), last_day_of_contract(lot, project)
    if lot.state is not LotState.NOTICE_SENT or last is None or contract_hindrance(facts(lot, now)) is not None:
        raise WrongState("contract.no_reminder")
    due = reminder(last, legal_day(now))
    if due <= lot.contract_reminded:
        raise WrongState("contract.no_reminder")
    lot.contract_reminded = due
    title = f"{project.title} {lot.title}"
    told = []
    for concern in REMINDERS[Reminder(due)]:
        notice = Notice(concern.words, concern.topic, lot.number, title, link(concern.place, project.number, lot.number))
        told.append((Telling(notice, DISCRETION[concern.circle]), circle(work.session, concern.circle, project, lot)))
    messages.tell(work, new_id(now), told)
