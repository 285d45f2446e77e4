"""The store of files by values: what is put, staged, finished, read again, found changed, and what is never there."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from core.kernel import files
from core.kernel.errors import BadSignature, NotFound
from core.kernel.files import FileStore, Stored, digest_of

UPLOAD = "0190c0de-0000-7000-8000-000000000001"
CONTENT = b"%PDF-1.7 a bid"
DIGEST = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path)


def test_what_is_put_is_found_under_its_digest_and_putting_it_again_changes_nothing(store: FileStore, tmp_path: Path) -> None:
    assert store.put(CONTENT) == store.put(CONTENT) == Stored(DIGEST, len(CONTENT))
    assert store.read(DIGEST) == CONTENT and b"".join(store.pieces(DIGEST, 4)) == CONTENT
    assert store.path(DIGEST) == tmp_path / "objects" / DIGEST[:2] / DIGEST
    assert list((tmp_path / "staging").iterdir()) == [] and store.free() > 0
    store.remove(DIGEST)
    store.remove(DIGEST)
    with pytest.raises(NotFound, match=r"file\.missing"):
        store.read(DIGEST)


def test_a_file_that_the_disk_has_changed_is_not_read(store: FileStore) -> None:
    store.put(CONTENT)
    store.path(DIGEST).write_bytes(CONTENT + b"!")
    with pytest.raises(BadSignature, match=r"file\.changed"):
        store.read(DIGEST)


@pytest.mark.parametrize("name", ["", "ab", "../" + "a" * 61, "A" * 64])
def test_no_name_leads_out_of_the_store(store: FileStore, name: str) -> None:
    with pytest.raises(NotFound, match=r"file\.missing"):
        store.path(name)
    with pytest.raises(NotFound, match=r"upload\.missing"):
        store.stage(name + "/")


def test_an_upload_grows_by_parts_and_is_finished_under_its_digest(store: FileStore) -> None:
    with pytest.raises(NotFound, match=r"upload\.missing"):
        store.finish(UPLOAD, 0)
    with store.stage(UPLOAD) as staged:
        staged.begin(0)
        staged.append(CONTENT[:4])
        staged.settle()
        staged.settle()  # nothing was added: the digest is kept already
        assert staged.offset == 4
    with store.stage(UPLOAD) as staged:
        staged.begin(4)
        staged.append(memoryview(CONTENT)[4:])
        staged.settle()
    assert store.finish(UPLOAD, len(CONTENT)) == store.finish(UPLOAD, len(CONTENT)) == Stored(DIGEST, len(CONTENT))
    assert store.staged(UPLOAD).read_bytes() == CONTENT  # until the row is committed
    store.discard(UPLOAD)
    store.discard(UPLOAD)
    assert store.read(DIGEST) == CONTENT


def test_one_writer_holds_an_upload(store: FileStore) -> None:
    with store.stage(UPLOAD), pytest.raises(BlockingIOError):
        store.stage(UPLOAD)


def test_a_part_that_was_not_acknowledged_or_failed_its_checksum_is_cut_off(store: FileStore) -> None:
    with store.stage(UPLOAD) as staged:
        staged.begin(0)
        staged.append(CONTENT[:4])
        staged.settle()
        staged.append(b"never acknowledged")
    with store.stage(UPLOAD) as staged:
        staged.begin(4)
        staged.append(b"of another digest")
        staged.give_up()
        assert (staged.offset, store.staged(UPLOAD).read_bytes()) == (4, CONTENT[:4])
        staged.append(CONTENT[4:])
        staged.settle()
    assert store.sum(UPLOAD, len(CONTENT)) == DIGEST


def test_a_running_digest_that_was_forgotten_is_made_again_from_the_file(store: FileStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "_REMEMBERED", 0)
    with store.stage(UPLOAD) as staged:
        staged.begin(0)
        staged.append(CONTENT[:4])
        staged.settle()
    with store.stage(UPLOAD) as staged:
        staged.begin(4)
        staged.append(CONTENT[4:])
        staged.give_up()
        staged.append(CONTENT[4:])
        staged.settle()
    assert store.sum(UPLOAD, len(CONTENT)) == DIGEST == digest_of(store.staged(UPLOAD))


def test_what_this_process_makes_itself_is_taken_in(store: FileStore) -> None:
    made = store.path_for_making()
    made.write_bytes(CONTENT)
    assert store.adopt(made) == Stored(DIGEST, len(CONTENT)) and not made.exists()
    assert store.read(DIGEST) == CONTENT
