"""What the clock does for objections and complaints: finds what is late, ends orders that have run out, closes what is settled."""

from __future__ import annotations

from core.kernel.ticks import Tick, each
from trading.queries import remedies_due
from trading.services import complaint_handling, objections

TICKS = (
    Tick("trading.objections_unanswered", 10.0, each(remedies_due.unanswered, objections.find_late)),
    Tick("trading.objections_settled", 60.0, each(remedies_due.settled, objections.close)),
    Tick("trading.complaints_late", 10.0, each(remedies_due.late_complaints, complaint_handling.find_late)),
    Tick("trading.suspensions_over", 5.0, each(remedies_due.run_out, complaint_handling.lapse)),
)
