"""Fetching a package over HTTP: who may, when, and that it is made once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.evidence.package import build
from app.verify.steps import verify
from core.kernel.errors import NotFound, WrongState
from core.kernel.trust import read_policy
from core.kernel.work import Door
from core.settings import Settings
from tests.builders.trading_web import application, browser
from tests.builders.whole import Whole, whole


@pytest.fixture
def begun(door: Door, clock_file: Path, tmp_path: Path, settings: Settings) -> Iterator[Whole]:
    """A case that takes bids."""
    with whole(door, clock_file, tmp_path, settings) as made:
        yield made


def test_an_open_case_and_an_unknown_one_have_no_package(begun: Whole) -> None:
    with pytest.raises(WrongState) as open_case:
        build(begun.platform, begun.hall.tender.case)
    assert open_case.value.code == "package.case_open"
    with pytest.raises(NotFound):
        build(begun.platform, "T2026-009999")


def test_a_closed_case_is_fetched_by_its_hosts_alone_and_made_once(begun: Whole, settings: Settings, tmp_path: Path) -> None:
    begun.play()
    tender = begun.hall.tender
    app = application(settings, tender.door)
    app.extensions["gongheng"].parts.update(begun.platform.parts)
    address = f"/api/v1/cases/{tender.case}/package"
    assert browser(app).get(address).status_code == 401
    for stranger in (tender.bidders[0], tender.tenderer, tender.agency, begun.room.experts[1]):
        assert browser(app, stranger).get(address).status_code in (403, 404)
    assert browser(app, tender.supervisor).get("/api/v1/cases/T2026-009999/package").status_code == 404
    first = browser(app, tender.supervisor).get(address)
    assert (first.status_code, first.mimetype) == (200, "application/zip")
    assert browser(app, tender.centre).get(address).headers["ETag"] == first.headers["ETag"]
    (tmp_path / "case.zip").write_bytes(first.data)
    assert len(first.data) == int(first.headers["Content-Length"])
    policy = read_policy(browser(app).get("/api/v1/policy").text)
    assert verify(tmp_path / "case.zip", policy).holds
    assert "下载证据包" in browser(app, tender.supervisor).page(f"/projects/{tender.case}")
    assert "下载证据包" not in browser(app, tender.agency).page(f"/projects/{tender.case}")
