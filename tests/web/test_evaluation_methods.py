"""The page on which a method is tried: a result with its calculation, or the place of the fault."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from app.factory import create_app, shut_down
from core.settings import Settings
from evaluation.web.methods import EXAMPLE
from tests.web.evaluation_world import Client


@pytest.fixture
def client(settings: Settings) -> Iterator[Client]:
    app = create_app(settings)
    yield Client(app)
    shut_down(app)


def tried(client: Client, text: str) -> Any:
    return client.submit("/methods/try", {"case": text})


def test_the_example_gives_a_ranking_with_its_calculation(client: Client) -> None:
    assert "试算" in client.page("/methods/try").get_data(as_text=True)
    answer = tried(client, EXAMPLE.read_text(encoding="utf-8"))
    text = answer.get_data(as_text=True)
    assert answer.status_code == 200 and "计算过程" in text and "评标基准价" in text


@pytest.mark.parametrize("text", ["", "{", "[1.5]", '{"case": NaN}', "[" * 100_000])
def test_what_is_no_json_is_refused_with_a_sentence(client: Client, text: str) -> None:
    answer = tried(client, text)
    assert answer.status_code == 422 and "内容不是合法的 JSON" in answer.get_data(as_text=True)


def test_a_fault_names_its_place(client: Client) -> None:
    answer = tried(client, EXAMPLE.read_text(encoding="utf-8").replace('"4850.00"', '"-1"'))
    assert answer.status_code == 422 and "$.bids[0].price" in answer.get_data(as_text=True)
    hostile = tried(client, EXAMPLE.read_text(encoding="utf-8").replace('"甲"', '"<script>alert(1)</script>"'))
    assert "<script>alert(1)" not in hostile.get_data(as_text=True)
