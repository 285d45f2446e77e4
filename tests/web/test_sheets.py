"""Tables as workbooks: every word of them is in the reader's language, though another thread writes the file; and what a tab can bear."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from app.factory import Application
from core.kernel.work import Door
from core.settings import Settings
from core.web import sheets
from core.web.sheets import LONGEST_TAB, tab, workbook
from tests.builders.trading_web import application


@pytest.fixture
def app(settings: Settings, door: Door) -> Application:
    return application(settings, door)


@pytest.fixture(autouse=True)
def _elsewhere(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with ThreadPoolExecutor(1) as pool:
        elsewhere: Callable[[Callable[[], bytes]], bytes] = lambda task: pool.submit(task).result()  # noqa: E731 - a value to hand over
        monkeypatch.setattr(sheets, "natively", elsewhere)
        yield


@pytest.mark.parametrize(("language", "name"), [("zh", "交易公告"), ("en", "Notices")])
def test_the_tab_is_in_the_readers_language_as_the_heads_are(app: Application, language: str, name: str) -> None:
    answer = app.test_client().get(f"/notices.xlsx?lang={language}")
    assert answer.status_code == 200
    assert CalamineWorkbook.from_filelike(BytesIO(answer.data)).sheet_names == [name]


@pytest.mark.parametrize("title", ["a" * 40, "退款/批次: [1]*?", "'quoted'"])
def test_a_title_that_no_tab_can_bear_is_cut_to_one(title: str, tmp_path: Path) -> None:
    assert 0 < len(tab(title)) <= LONGEST_TAB
    assert CalamineWorkbook.from_filelike(BytesIO(workbook(title, ["a"], []))).sheet_names == [tab(title)]
