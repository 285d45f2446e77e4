"""The words of what waits for finance, and where each is done."""

from __future__ import annotations

from collections.abc import Mapping

from core.web.i18n import lazy as _l
from deposits.queries.finance_work import Chore

CHORES: Mapping[Chore, tuple[object, str, str]] = {
    # what to do, where, and the sign before it
    Chore.OVERDUE: (_l("逾期未退的保证金"), "/finance/overdue", "warn"),
    Chore.RELEASE: (_l("等您放行的退款批次"), "/finance/batches?standing=1", "flag"),
    Chore.ACCOUNT: (_l("等您核对的收款账户变更"), "/finance/accounts?standing=1", "flag"),
    Chore.RECALL: (_l("等您批准的退款撤回"), "/finance/recalls", "flag"),
    Chore.SUSPENSE: (_l("待查款项"), "/finance/suspense?standing=1", "clock"),
    Chore.DIFFERENCE: (_l("待了结的对账差异"), "/finance/books?standing=1", "clock"),
    Chore.RATE: (_l("等您批准的利率"), "/finance/rates", "flag"),
    Chore.TREASURY: (_l("等您批准的国库账户"), "/finance/treasury", "flag"),
}
