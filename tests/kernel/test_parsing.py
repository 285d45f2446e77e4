"""Strangers' files are read in a locked-in process: their text and metadata come out, and what is odd about them is named."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from core.kernel.parsing import child
from core.kernel.parsing.archives import MOST_ENTRIES
from core.kernel.parsing.parse import parse
from core.kernel.parsing.parsed import Kind, Oddity, ParsedFile, Verdict
from tests.builders import odd_files as files

LOCKED_IN = """
import os, socket
from core.kernel.parsing.confinement import confine
confine()
try:
    {attempt}
except (OSError, MemoryError):
    print("refused", os.getuid() or "root", flush=True)
os._exit(0)
"""
MEGABYTES = 1 << 20


def read(tmp_path: Path, content: bytes, name: str = "投标文件.pdf") -> ParsedFile:
    path = tmp_path / "file"
    path.write_bytes(content)
    found = parse(path, name)
    with path.open("rb") as source:
        assert child.read(source, name) == found, "the confined process finds what the rules find"
    return found


def test_a_sound_pdf_gives_its_text_by_page_and_its_metadata(tmp_path: Path) -> None:
    found = read(tmp_path, files.pdf("Construction plan", "Schedule of works", change=files.with_first_page))
    assert (found.kind, found.verdict, found.oddities) == (Kind.PDF, Verdict.SOUND, ())
    assert [page.strip() for page in found.pages] == ["Construction plan", "Schedule of works"]
    assert found.metadata["Author"] == "Li Ming"
    assert found.metadata["Producer"] == "Paper mill 3.1"
    assert len(found.metadata["ID0"]) >= 32


@pytest.mark.parametrize(
    ("content", "odd"),
    [
        pytest.param(lambda: files.pdf(change=files.with_script), Oddity.SCRIPT, id="a script"),
        pytest.param(
            lambda: files.pdf(change=files.with_script, object_stream_mode=files.pikepdf.ObjectStreamMode.generate),
            Oddity.SCRIPT,
            id="a script in an object stream",
        ),
        pytest.param(lambda: files.pdf(change=files.with_script).replace(b"/JS ", b"/#4aS "), Oddity.SCRIPT, id="a script written oddly"),
        pytest.param(lambda: files.pdf(change=files.with_script), Oddity.AUTOMATIC_ACTION, id="an action on opening"),
        pytest.param(lambda: files.pdf(change=files.with_page_action), Oddity.AUTOMATIC_ACTION, id="an action of a page"),
        pytest.param(lambda: files.pdf(change=files.with_launch), Oddity.LAUNCH, id="a program to start"),
        pytest.param(lambda: files.pdf(change=files.with_attachment), Oddity.EMBEDDED_FILE, id="a file inside"),
        pytest.param(lambda: files.pdf(change=files.with_rich_media), Oddity.RICH_MEDIA, id="rich media"),
        pytest.param(lambda: files.pdf(change=files.with_xfa), Oddity.XFA, id="an XFA form"),
        pytest.param(lambda: files.pdf(change=files.with_bomb), Oddity.INFLATES, id="a bomb"),
        pytest.param(lambda: files.pdf(change=files.with_nested_bomb), Oddity.INFLATES, id="a bomb packed twice"),
        pytest.param(
            lambda: files.pdf(encryption=files.pikepdf.Encryption(user="secret", owner="secret")), Oddity.ENCRYPTED, id="a password"
        ),
        pytest.param(files.polyglot, Oddity.ALSO_ARCHIVE, id="a ZIP file behind a PDF"),
        pytest.param(files.polyglot, Oddity.TRAILING_BYTES, id="bytes after the end"),
        pytest.param(lambda: b"GIF89a" + files.pdf(), Oddity.LEADING_BYTES, id="bytes before the beginning"),
        pytest.param(lambda: files.pdf()[:400], Oddity.DAMAGED, id="half a PDF"),
        pytest.param(lambda: b"%PDF-1.7\n" + bytes(range(256)) * 99 + b"%%EOF", Oddity.DAMAGED, id="rubbish in the middle"),
        pytest.param(lambda: b"", Oddity.EMPTY, id="nothing"),
        pytest.param(lambda: b"MZ\0\0" + bytes(90), Oddity.PROGRAM, id="a program"),
        pytest.param(lambda: b"MZ\0\0" + bytes(90), Oddity.NAME_DIFFERS, id="a program that is called a PDF"),
    ],
)
def test_what_is_odd_about_a_pdf_is_named(tmp_path: Path, content: object, odd: Oddity) -> None:
    assert callable(content)
    found = read(tmp_path, content())
    assert odd in found.oddities
    assert found.verdict is Verdict.ODD


@pytest.mark.parametrize(
    ("content", "odd"),
    [
        pytest.param(lambda: files.archive({"a": bytes(99 * MEGABYTES)}), Oddity.INFLATES, id="a bomb"),
        pytest.param(lambda: files.archive({str(n): b"" for n in range(MOST_ENTRIES + 1)}), Oddity.TOO_MANY_ENTRIES, id="too many"),
        pytest.param(lambda: files.archive({"a": b"/etc/passwd"}, files.as_link), Oddity.LINK, id="a link"),
        pytest.param(lambda: files.archive({"/etc/cron": b"x"}), Oddity.PATH_OUTSIDE, id="an absolute path"),
        pytest.param(lambda: files.archive({"a/../../b": b"x"}), Oddity.PATH_OUTSIDE, id="a path upwards"),
        pytest.param(lambda: files.archive({"C:\\a": b"x"}), Oddity.PATH_OUTSIDE, id="a drive"),
        pytest.param(lambda: files.archive({"word/vbaProject.bin": b"x"}), Oddity.MACRO, id="macros"),
        pytest.param(lambda: files.archive({"a": b"x" * 999})[:-60], Oddity.DAMAGED, id="half of it"),
    ],
)
def test_what_is_odd_about_an_archive_is_named(tmp_path: Path, content: object, odd: Oddity) -> None:
    assert callable(content)
    found = read(tmp_path, content(), "清单.zip")
    assert odd in found.oddities


def test_a_sound_archive_a_text_and_an_image_are_sound(tmp_path: Path) -> None:
    assert read(tmp_path, files.archive({"清单/1.txt": b"x" * 99}), "清单.zip").oddities == ()
    assert read(tmp_path, "第一章 总则".encode("gb18030"), "a.txt").pages == ("第一章 总则",)
    assert read(tmp_path, b"\x89PNG\r\n\x1a\n" + bytes(9), "a.png").kind is Kind.IMAGE


def test_an_office_document_tells_its_author(tmp_path: Path) -> None:
    core = b"<cp:coreProperties><dc:creator>Li Ming</dc:creator><cp:lastModifiedBy>Wang</cp:lastModifiedBy></cp:coreProperties>"
    found = read(tmp_path, files.archive({"[Content_Types].xml": b"<Types/>", "docProps/core.xml": core}), "a.docx")
    assert (found.kind, found.oddities) == (Kind.OFFICE, ())
    assert found.metadata == {"creator": "Li Ming", "lastModifiedBy": "Wang"}


def test_a_reader_that_takes_too_long_is_ended_and_that_is_the_finding(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(files.pdf())
    assert parse(path, "a.pdf", seconds=0.01).oddities == (Oddity.OUT_OF_TIME,)


@pytest.mark.parametrize(
    "attempt",
    [
        "import socket; socket.socket()",
        "open('/etc/hostname')",
        "open('/tmp/odd', 'w')",
        "os.fork()",
        "os.execv('/bin/true', ['true'])",
        "os.kill(os.getppid(), 0)",
        "bytearray(2 << 30)",
    ],
)
def test_a_confined_process_reaches_no_network_no_file_and_no_other_process(attempt: str) -> None:
    script = LOCKED_IN.format(attempt=attempt)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.stdout.startswith("refused")
    assert "root" not in done.stdout


def test_a_machine_that_confines_nobody_reads_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "python").write_text('#!/bin/sh\necho "this process can\'t be confined: prctl" >&2\nexit 1\n')
    (tmp_path / "python").chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    with pytest.raises(OSError, match="can't be confined"):
        read(tmp_path, files.pdf())
