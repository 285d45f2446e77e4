"""How values stand on a page: Beijing time, yuan, shortened digests."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Flask
from markupsafe import Markup

from core.kernel.money import Money

BEIJING = ZoneInfo("Asia/Shanghai")


def beijing(moment: datetime | None, form: str = "%Y-%m-%d %H:%M:%S") -> str:
    """A moment as the clock in Beijing shows it; "" for none."""
    return "" if moment is None else moment.astimezone(BEIJING).strftime(form)


def beijing_exact(moment: datetime | None) -> str:
    """The same to the millisecond, for receipts and records."""
    if moment is None:
        return ""
    local = moment.astimezone(BEIJING)
    return f"{local:%Y-%m-%d %H:%M:%S}.{local.microsecond // 1000:03d}"


def iso(moment: datetime | None) -> str:
    """The machine's form, for `datetime=` attributes."""
    return "" if moment is None else moment.isoformat()


def yuan(amount: Money | int | None) -> str:
    """`¥ 186,420,000.00` of Money or of fen."""
    if amount is None:
        return ""
    fen = amount.fen if isinstance(amount, Money) else amount
    return f"¥ {fen // 100:,}.{fen % 100:02d}"


def short(digest: str | None, ends: int = 8) -> str:
    """A digest's first characters, with a sign that more follow."""
    return "" if not digest else digest if len(digest) <= ends * 2 else f"{digest[:ends]}…"


def grouped(digest: str | None) -> Markup:
    """A digest in groups of eight, so that eyes can compare it; breaks between groups."""
    return Markup("<wbr>").join(digest[at : at + 8] for at in range(0, len(digest), 8)) if digest else Markup("")


def install(app: Flask) -> None:
    """Registers the filters under their own names."""
    for filter_ in (beijing, beijing_exact, iso, yuan, short, grouped):
        app.add_template_filter(filter_)
