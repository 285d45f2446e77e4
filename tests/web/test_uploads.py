"""tus 1.0.0 over HTTP: what is acknowledged is on disk, what is wrong is refused, and nobody touches another's upload."""

from __future__ import annotations

import base64
import hashlib
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.factory import Application
from core.kernel.clock import write_offset
from core.kernel.roles import Role
from core.kernel.work import Door
from core.settings import Settings
from tests.builders.people import People, people
from tests.builders.trading_web import application, browser
from trading import jobs_practice

TUS = {"Tus-Resumable": "1.0.0"}
PART = {**TUS, "Content-Type": "application/offset+octet-stream"}


@pytest.fixture
def app(settings: Settings, door: Door) -> Application:
    return application(settings, door)


@pytest.fixture
def staff(door: Door) -> People:
    return people(door)


@pytest.fixture
def bidder(app: Application, staff: People) -> Any:
    return browser(app, staff.join(Role.BIDDER)).client


@pytest.fixture
def other(app: Application, staff: People) -> Any:
    return browser(app, staff.join(Role.BIDDER, org="乙方路桥有限公司")).client


def begin(client: Any, length: int) -> str:
    answer = client.post("/uploads/", headers={**TUS, "Upload-Length": str(length)})
    assert answer.status_code == 201, answer.text
    assert "GMT" in answer.headers["Upload-Expires"]
    return str(answer.headers["Location"]).removeprefix("http://localhost")


def send(client: Any, at: str, offset: int, body: bytes, **headers: str) -> Any:
    return client.patch(
        at, data=body, headers={**PART, "Upload-Offset": str(offset), **{k.replace("_", "-"): v for k, v in headers.items()}}
    )


def checksum(body: bytes) -> str:
    return "sha256 " + base64.b64encode(hashlib.sha256(body).digest()).decode()


def offset(client: Any, at: str) -> int:
    answer = client.head(at, headers=TUS)
    assert answer.status_code == 200
    return int(answer.headers["Upload-Offset"])


def test_the_server_says_what_it_speaks(app: Application) -> None:
    answer = app.test_client().options("/uploads/")
    assert answer.status_code == 204
    assert answer.headers["Tus-Extension"] == "creation,expiration,termination,checksum"
    assert answer.headers["Tus-Version"] == "1.0.0" and answer.headers["Tus-Checksum-Algorithm"] == "sha1,sha256"


def test_a_file_in_parts_lies_under_its_digest(app: Application, bidder: Any) -> None:
    body = os.urandom(3_000_000)
    at = begin(bidder, len(body))
    for start in range(0, len(body), 1_000_000):
        piece = body[start : start + 1_000_000]
        answer = send(bidder, at, start, piece, Upload_Checksum=checksum(piece))
        assert answer.status_code == 204 and int(answer.headers["Upload-Offset"]) == start + len(piece)
    stored = app.extensions["gongheng"].files
    assert stored.read(hashlib.sha256(body).hexdigest()) == body
    assert offset(bidder, at) == len(body)
    assert not list((app.extensions["gongheng"].settings.files_dir / "staging").iterdir())


def test_a_restart_in_the_middle_loses_nothing_acknowledged(app: Application, bidder: Any) -> None:
    body = os.urandom(200_000)
    at = begin(bidder, len(body))
    send(bidder, at, 0, body[:120_000])
    files = app.extensions["gongheng"].files
    files._running.clear()  # what a process remembers dies with it
    with (files._staging / at.rsplit("/", 1)[1]).open("ab") as staged:
        staged.write(b"written, never acknowledged")
    assert offset(bidder, at) == 120_000
    assert send(bidder, at, 120_000, body[120_000:]).status_code == 204
    assert files.read(hashlib.sha256(body).hexdigest()) == body


def test_a_wrong_offset_is_told_the_right_one(bidder: Any) -> None:
    at = begin(bidder, 10)
    send(bidder, at, 0, b"12345")
    answer = send(bidder, at, 3, b"45")
    assert answer.status_code == 409 and answer.headers["Upload-Offset"] == "5"


def test_a_part_that_fails_its_checksum_changes_nothing(bidder: Any) -> None:
    at = begin(bidder, 10)
    send(bidder, at, 0, b"12345")
    assert send(bidder, at, 5, b"67890", Upload_Checksum=checksum(b"other")).status_code == 460
    assert offset(bidder, at) == 5
    assert send(bidder, at, 5, b"67890", Upload_Checksum=checksum(b"67890")).status_code == 204


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Tus-Resumable": "0.2.0"}, 412),
        ({"Content-Type": "text/plain"}, 415),
        ({"Upload-Offset": "-1"}, 400),
        ({"Upload-Offset": "１"}, 400),
        ({"Upload-Checksum": "md5 abc"}, 400),
        ({"Upload-Checksum": "sha256 ???"}, 400),
        ({"Upload-Checksum": "sha256 " + base64.b64encode(b"short").decode()}, 400),
    ],
)
def test_a_part_with_a_wrong_header_is_refused(bidder: Any, headers: dict[str, str], status: int) -> None:
    at = begin(bidder, 10)
    encoded = {name: value.encode().decode("latin-1") for name, value in headers.items()}
    answer = bidder.patch(at, data=b"12345", headers={**PART, "Upload-Offset": "0", **encoded})
    assert answer.status_code == status
    assert offset(bidder, at) == 0


def test_more_than_was_announced_is_refused(bidder: Any) -> None:
    at = begin(bidder, 4)
    assert send(bidder, at, 0, b"12345").status_code == 413
    assert bidder.post("/uploads/", headers={**TUS, "Upload-Length": str(2**40)}).status_code == 413
    assert bidder.post("/uploads/", headers=TUS).status_code == 400


def test_a_strangers_upload_does_not_exist(bidder: Any, other: Any, app: Application) -> None:
    at = begin(bidder, 5)
    assert other.head(at, headers=TUS).status_code == 404
    assert send(other, at, 0, b"12345").status_code == 404
    assert other.delete(at, headers=TUS).status_code == 404
    assert app.test_client().head(at, headers=TUS).status_code == 401
    assert offset(bidder, at) == 0


def test_two_writers_of_one_upload_never_mix(app: Application, bidder: Any) -> None:
    at = begin(bidder, 5)
    with app.extensions["gongheng"].files.stage(at.rsplit("/", 1)[1]):
        assert send(bidder, at, 0, b"12345").status_code == 423
    assert send(bidder, at, 0, b"12345").status_code == 204


def test_an_upload_given_up_is_gone(bidder: Any) -> None:
    at = begin(bidder, 5)
    assert bidder.delete(at, headers=TUS).status_code == 204
    assert bidder.head(at, headers=TUS).status_code == 404


def test_what_was_left_half_way_goes_after_its_days_and_what_was_finished_stays(
    app: Application, bidder: Any, door: Door, clock_file: Path
) -> None:
    left, done = begin(bidder, 5), begin(bidder, 5)
    assert send(bidder, left, 0, b"123").status_code == 204 and send(bidder, done, 0, b"12345").status_code == 204
    files = app.extensions["gongheng"].files
    jobs_practice.empty(door, files)
    assert offset(bidder, left) == 3
    write_offset(clock_file, timedelta(days=7, seconds=5))
    jobs_practice.empty(door, files)
    jobs_practice.empty(door, files)
    assert bidder.head(left, headers=TUS).status_code == 404 and offset(bidder, done) == 5
    assert files.read(hashlib.sha256(b"12345").hexdigest()) == b"12345"
    assert not list((app.extensions["gongheng"].settings.files_dir / "staging").iterdir())


def test_a_full_disk_is_said_before_the_first_byte(app: Application, bidder: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(app.extensions["gongheng"].files), "free", lambda self: 1024**3)
    answer = bidder.post("/uploads/", headers={**TUS, "Upload-Length": "10"})
    assert answer.status_code == 422 and answer.get_json()["code"] == "upload.no_space"
