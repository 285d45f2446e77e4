"""Every package's tables in one metadata: importing this module is knowing the whole database."""

from __future__ import annotations

import core.identity.models
import core.kernel.outbox
import core.kernel.records
import core.kernel.streams
import core.kernel.ticks
import core.kernel.uploads
import deposits.models
import evaluation.models
import trading.models
from core.kernel.db import Base

__all__ = ["core", "deposits", "evaluation", "metadata", "trading"]

metadata = Base.metadata
