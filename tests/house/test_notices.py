"""Every kind of notice has its row in each table that publishes it."""

from __future__ import annotations

from pathlib import Path

import trading.web
from trading.domain.failure import FailureReason
from trading.domain.notice import NoticeKind
from trading.domain.publication import PUBLICATIONS
from trading.web.texts_notices import FAILURES, NOTICES

ENGLISH = Path(trading.web.__file__).parents[1] / "translations"


def test_every_kind_of_notice_has_its_words_and_its_place_in_open_data() -> None:
    assert list(NOTICES) == list(NoticeKind) == list(PUBLICATIONS)
    assert list(FAILURES) == list(FailureReason)
