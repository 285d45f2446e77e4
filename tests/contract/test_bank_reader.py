"""The bank's notices read in a process of their own: the same as here, refused alike, and begun anew when it dies."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.kernel.errors import RuleBroken
from core.kernel.money import Money
from deposits import gateway_reader
from deposits.domain.messages import BankEntry, Notices, read_notices, write_notices
from deposits.gateway import Bank, BankSilent
from deposits.gateway_reader import Reader, ReaderGone, serve

AT = datetime(2026, 9, 1, 1, 2, 3, 456000, tzinfo=UTC)
ROOT = Path(__file__).resolve().parents[2]


def page(first: int, count: int = 3) -> Notices:
    """A page of the bank's, and what it says of each entry: every member differs from its default."""
    names = "甲公司", 'Quote "&" <Co>', "乙\u2028公司"
    made = tuple(
        BankEntry(
            seq, f"B{seq}", seq % 2 == 0, Money(100 + seq), AT, AT, f"6210{seq}", names[seq % 3], "6222", f"E{seq}", seq % 3 == 0, "付款"
        )
        for seq in range(first, first + count)
    )
    return Notices(made, first + count - 1)


def written(told: Notices) -> bytes:
    return write_notices(told, "62100", AT)


@pytest.fixture
def reader() -> Iterator[Reader]:
    with closing(Reader()) as made:
        assert made.read(written(page(1))) == read_notices(written(page(1)))  # the first of them is read here
        assert made._process is None
        yield made


def of(reader: Reader) -> subprocess.Popen[bytes]:
    assert reader._process is not None
    return reader._process


def test_a_process_reads_what_we_read(reader):
    for first in (4, 7, 1000):
        assert reader.read(written(page(first))) == read_notices(written(page(first)))
    assert reader.read(written(Notices((), 9))) == Notices((), 9)


@pytest.mark.parametrize(
    "data", [b"", b"no xml", b"<!DOCTYPE x><x/>", b"<x/>", written(page(1)).replace(b"CRDT", b"CRDX"), b"<" * 300_000], ids=range(6)
)
def test_it_refuses_what_we_refuse_and_goes_on(reader, data):
    with pytest.raises(RuleBroken) as there:
        reader.read(data)
    with pytest.raises(RuleBroken) as here:
        read_notices(data)
    assert (there.value.code, there.value.facts) == (here.value.code, here.value.facts)
    assert reader.read(written(page(4))) == read_notices(written(page(4)))


def test_it_has_none_of_our_secrets_and_only_its_two_pipes(reader, monkeypatch):
    monkeypatch.setenv("GONGHENG_SECRET_KEY", "never")
    reader.read(written(page(4)))
    held = Path(f"/proc/{of(reader).pid}")
    assert b"GONGHENG_" not in (held / "environ").read_bytes()
    assert {int(name.name) for name in (held / "fd").iterdir()} == {0, 1, 2}


def test_one_that_was_killed_is_the_banks_silence_and_the_next_look_begins_anew(reader, monkeypatch):
    reader.read(written(page(4)))
    of(reader).send_signal(signal.SIGKILL)
    of(reader).wait()
    with pytest.raises(ReaderGone):
        reader.read(written(page(7)))
    bank = Bank("http://bank.test")
    monkeypatch.setattr(Bank, "_ask", lambda *_asked: written(page(7)))
    with pytest.raises(BankSilent):
        bank.notices(6, reader.read)
    with closing(Reader()) as fresh:
        assert bank.notices(6, fresh.read) == bank.notices(6, fresh.read) == read_notices(written(page(7)))


def test_one_that_hangs_is_ended(reader, monkeypatch):
    reader.read(written(page(4)))
    of(reader).send_signal(signal.SIGSTOP)
    monkeypatch.setattr(gateway_reader, "PATIENCE", 0.1)
    with pytest.raises(ReaderGone):
        reader.read(written(page(7)))
    assert of(reader).wait() == -signal.SIGKILL


def test_it_ends_with_its_reader_and_with_our_process():
    with closing(Reader()) as made:
        for first in (1, 4):
            made.read(written(page(first)))
        process = of(made)
    assert process.returncode == -signal.SIGKILL
    alone = subprocess.Popen([sys.executable, "-m", "deposits.gateway_reader"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    alone.communicate()  # what ends our process closes the pipe
    assert alone.returncode == 0


def test_half_a_message_is_refused():
    """Whoever died while writing is not answered as if it had written all."""
    answers = io.BytesIO()
    data = written(page(1))
    serve(io.BytesIO(len(data).to_bytes(4, "big") + data[:-9]), answers)
    assert answers.getvalue().startswith(b'{"refused": "xml.refused"')


SCRIPT = """
from gevent import monkey; monkey.patch_all()
import gevent
from contextlib import closing
from deposits.gateway_reader import Reader
from tests.contract.test_bank_reader import page, written
turns = []
def turn():
    while True:
        turns.append(1)
        gevent.sleep(0)
beside = gevent.spawn(turn)
data = written(page(1, 400))
with closing(Reader()) as reader:
    reader.read(data)
    for _ in range(3):
        before = len(turns)
        assert len(reader.read(data).entries) == 400
        assert len(turns) > before
beside.kill()
print("well")
"""


def test_under_gevent_others_have_their_turns_meanwhile():
    kept = {"env": os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}, "capture_output": True, "text": True, "timeout": 60}
    result = subprocess.run([sys.executable, "-c", SCRIPT], cwd=ROOT, check=False, **kept)
    assert result.stdout.strip() == "well" and not result.stderr, result.stderr
