"""The log: batches, checkpoints, proofs, witnesses and time stamps."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from app.sandbox.serving import Answer, server
from app.sandbox.state import StateFolder
from app.sandbox.tsa import TimeStampAuthority
from app.sandbox.witness import Witness
from core.kernel import chain, checkpoint, clock, merkle, outbox, proofs, timestamps
from core.kernel import log as log_module
from core.kernel.encoding import b64, sha256, unb64
from core.kernel.errors import NotFound
from core.kernel.events import Event
from core.kernel.ids import CaseId
from core.kernel.log import FRESH, Log, StampAuthority
from core.kernel.signing import Ed25519Signer


@dataclass(frozen=True, kw_only=True)
class Noted(Event):
    KIND = "test.noted"
    n: int


@dataclass(frozen=True)
class At:
    url: str
    vkey: checkpoint.Vkey


@contextmanager
def serving(handle) -> Iterator[str]:
    running = server("127.0.0.1", 0, handle)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{running.server_address[1]}"
    running.shutdown()
    running.server_close()


@pytest.fixture
def log() -> Log:
    return Log("log.example/1", Ed25519Signer.from_seed(b"L" * 32))


@pytest.fixture
def witness(tmp_path, log, clock_file) -> Witness:
    return Witness(StateFolder(tmp_path / "witness"), "witness.example/w1", [log.vkey], clock_file)


def note(perform, case: str, count: int) -> None:
    def use_case(work):
        for n in range(count):
            work.record(Noted(case=CaseId(case), n=n))

    perform(use_case)


def test_every_event_is_proved_from_its_commitment_to_the_signed_checkpoint(door, perform, log):
    note(perform, "C-1", 5)
    log.grow(door)
    note(perform, "C-1", 2)
    note(perform, "C-2", 1)
    assert log.grow(door, "deadline") == 2
    for case in ("C-1", "C-2"):
        stored = door.read(lambda session, case=case: chain.events(session, case))
        all_at_once = door.read(lambda session, case=case: proofs.event_proofs(session, case))
        for event, same in zip(stored, all_at_once, strict=True):
            proof = door.read(lambda session, event=event: proofs.event_proof(session, event.case, event.case_seq))
            assert proof == same
            commitment = merkle.commit(unb64(proof["salt"]), event.data)
            root = merkle.verify_place(commitment, proof["place"], [unb64(node) for node in proof["path"]])
            assert root == door.read(lambda session, proof=proof: proofs.batch_root(session, proof["leaf_index"]))
            file = checkpoint.read_proof(str(door.read(lambda session, proof=proof: proofs.tlog_proof(session, proof["leaf_index"]))))
            assert file.verify_record(root).size == 2
            checkpoint.verify_log(file.note, log.vkey)


def test_a_minute_without_events_makes_a_batch_like_any_other(door, log):
    assert [log.grow(door) for _ in range(3)] == [1, 2, 3]
    roots = {door.read(lambda session, index=index: proofs.batch_root(session, index)) for index in range(3)}
    assert len(roots) == 3


def test_an_event_without_a_batch_has_no_proof_yet(door, perform, log):
    note(perform, "C-1", 1)
    with pytest.raises(NotFound):
        door.read(lambda session: proofs.event_proof(session, "C-1", 0))
    with pytest.raises(NotFound):
        door.read(lambda session: proofs.event_proofs(session, "C-1"))
    with pytest.raises(NotFound):
        door.read(lambda session: proofs.event_proof(session, "C-1", 1))


def test_more_events_than_places_make_a_second_batch_at_once(door, perform, log, monkeypatch):
    monkeypatch.setattr("core.kernel.log.merkle.PLACES", 4)
    monkeypatch.setattr("core.kernel.merkle.PLACES", 4)
    note(perform, "C-1", 9)
    assert log.grow(door) == 3
    assert {event.leaf_index for event in door.read(lambda session: chain.events(session, "C-1"))} == {0, 1, 2}


def test_checkpoints_of_all_sizes_are_consistent_with_each_other(door, log):
    for _ in range(7):
        log.grow(door)
    for new in range(1, 8):
        for old in range(new + 1):
            proof = door.read(lambda session, old=old, new=new: proofs.consistency(session, old, new))
            before = merkle.EMPTY_ROOT if old == 0 else door.read(lambda session, old=old: proofs.at_size(session, old)).root
            after = door.read(lambda session, new=new: proofs.at_size(session, new)).root
            merkle.verify_consistency(old, before, new, after, proof)


def test_only_checkpoints_that_stood_are_known(door, log):
    assert door.read(proofs.latest) is None
    log.grow(door)
    head = door.read(proofs.latest)
    known = lambda size, root: door.read(lambda session: proofs.known_checkpoint(session, size, root))  # noqa: E731
    assert known(0, b64(merkle.EMPTY_ROOT)) and known(1, b64(head.root))
    assert not known(2, b64(head.root)) and not known(1, b64(bytes(32))) and not known(0, b64(head.root)) and not known(1, "?")


def test_what_the_log_does_not_hold_is_not_found(door, log):
    asks: list[Any] = [
        lambda session: proofs.at_size(session, 1),
        lambda session: proofs.batch_root(session, 0),
        lambda session: proofs.tlog_proof(session, 0),
        lambda session: proofs.consistency(session, 0, 1),
        lambda session: proofs.tile(session, "0/000.p/1"),
    ]
    for ask in asks:
        with pytest.raises(NotFound):
            door.read(ask)
    log.grow(door)
    for ask in asks:
        door.read(ask)


def test_tiles_hold_the_leaf_hashes_and_the_records(door, log):
    for _ in range(3):
        log.grow(door)
    records = [door.read(lambda session, index=index: proofs.batch_root(session, index)) for index in range(3)]
    assert door.read(lambda session: proofs.tile(session, "0/000.p/3")) == b"".join(map(merkle.leaf_hash, records))
    assert door.read(lambda session: proofs.tile(session, "entries/000.p/2")) == b"".join(b"\x00\x20" + r for r in records[:2])


def test_a_witness_cosigns_and_is_asked_from_the_size_it_knows(door, log, witness):
    with serving(witness.handle) as url:
        log.witnesses = [At(url, witness.vkey)]
        log.grow_and_witness(door)
        log._memory.clear()  # a restart: the witness's conflict tells the size
        log.grow(door)
        log.grow_and_witness(door)
    head = door.read(proofs.latest)
    assert head.size == 3 and head.cosigned_by == {"witness.example/w1"}
    assert checkpoint.cosigned_at(head.note, witness.vkey) is not None
    assert door.read(lambda session: proofs.covering(session, 0, ["witness.example/w1"])).size == 1
    assert door.read(lambda session: proofs.covering(session, 1, ["witness.example/w1"])).size == 3
    assert door.read(lambda session: proofs.covering(session, 3)) is None


def test_a_proof_leads_to_the_newest_checkpoint_that_the_witnesses_have_answered(door, log, witness):
    with serving(witness.handle) as url:
        log.witnesses = [At(url, witness.vkey)]
        log.grow_and_witness(door)
        log.grow_and_witness(door)
    log.grow(door)  # of this second: nobody has been asked yet
    shown = lambda index: checkpoint.read_checkpoint(door.read(lambda session: proofs.tlog_proof(session, index)).note.text).size  # noqa: E731
    assert [shown(0), shown(1), shown(2)] == [2, 2, 3]


def test_a_checkpoint_that_waited_out_an_outage_is_shown_to_no_witness(door, log, witness, clock_file):
    with serving(witness.handle) as url:
        log.grow(door)  # and the platform is gone, or its witnesses are
        log.witnesses = [At(url, witness.vkey)]
        ahead(clock_file)
        log.witness(door)
        assert door.read(proofs.latest).cosigned_by == frozenset()
        log.grow_and_witness(door)
    head = door.read(proofs.latest)
    assert head.size == 2 and head.cosigned_by == {"witness.example/w1"}


def ahead(clock_file) -> None:
    """The demonstration's clock goes on, by more than a checkpoint is shown for."""
    clock.write_offset(clock_file, clock.read_offset(clock_file) + FRESH + timedelta(seconds=1))


def test_a_cosignature_dated_long_after_its_checkpoint_is_not_kept(door, log, witness, clock_file):
    def late(*request):  # the clock goes on between the question and the answer
        ahead(clock_file)
        return witness.handle(*request)

    with serving(late) as url:
        log.witnesses = [At(url, witness.vkey)]
        log.grow_and_witness(door)
    assert door.read(proofs.latest).cosigned_by == frozenset()


def test_a_batch_is_of_the_moment_that_was_looked_at_not_of_the_one_that_stored_it(door, log, witness, clock_file, monkeypatch):
    store = Log._store
    monkeypatch.setattr(Log, "_store", lambda *arguments: (ahead(clock_file), store(*arguments)))  # events of between are in none
    with serving(witness.handle) as url:
        log.witnesses = [At(url, witness.vkey)]
        log.grow_and_witness(door)
    assert door.read(proofs.latest).cosigned_by == frozenset()


@pytest.mark.parametrize("answer", [Answer(500), Answer(200, b"nonsense\n"), Answer(409, b"9999\n"), Answer(409, b"x\n")])
def test_a_failing_witness_holds_up_nothing_and_is_asked_again_later(door, log, witness, answer):
    asked = []

    def broken(*request):
        asked.append(request)
        return answer

    with serving(broken) as bad, serving(witness.handle) as good:
        log.witnesses = [At(bad, checkpoint.Vkey("broken.example/w", checkpoint.WITNESS, bytes(32))), At(good, witness.vkey)]
        log.grow_and_witness(door)
        before = len(asked)
        log.witness(door)
    assert door.read(proofs.latest).cosigned_by == {"witness.example/w1"}
    assert before >= 1 and len(asked) == before  # it rests for a while


def test_a_witness_that_is_not_there_holds_up_nothing(door, log):
    log.witnesses = [At("http://127.0.0.1:9", checkpoint.Vkey("gone.example/w", checkpoint.WITNESS, bytes(32)))]
    log.grow_and_witness(door)
    assert door.read(proofs.latest).cosigned_by == frozenset()


def test_a_witness_that_answers_with_a_strangers_cosignature_is_not_believed(door, log, witness):
    stranger = Ed25519Signer.from_seed(b"S" * 32)

    def forged(method, path, media, body):
        text = body.decode().partition("\n\n")[2].partition("\n\n")[0] + "\n"
        return Answer(200, str(checkpoint.cosign(text, "other.example/w", stranger.private, 1)).encode())

    with serving(forged) as url:
        log.witnesses = [At(url, witness.vkey)]
        log.grow_and_witness(door)
    assert door.read(proofs.latest).cosigned_by == frozenset()


def test_a_ceremony_gets_its_time_stamp_and_a_plain_minute_none(door, perform, log, tmp_path, clock_file):
    authority = TimeStampAuthority(StateFolder(tmp_path / "tsa"), clock_file)
    with serving(authority.handle) as url:
        log.authority = StampAuthority(url, (authority.root,))
        log.grow_and_witness(door)
        perform(lambda work: work.send("log.checkpoint", "opening-1", {"reason": "opening.start"}))
        assert outbox.deliver(door, log.subscriptions()) == 1
    [head] = door.read(proofs.ceremonial)
    assert (head.size, head.reason) == (2, "opening.start")
    stamp = timestamps.verify(head.tsr, sha256(head.note.text.encode()), [authority.root])
    assert abs((stamp.at - head.at).total_seconds()) < 5
    assert door.read(lambda session: proofs.at_size(session, 1)).tsr is None


def test_an_authority_that_fails_is_asked_again(door, log, tmp_path, clock_file):
    authority = TimeStampAuthority(StateFolder(tmp_path / "tsa"), clock_file)
    log.authority = StampAuthority("http://127.0.0.1:9", (authority.root,))
    log.grow_and_witness(door, "award")
    assert door.read(proofs.latest).tsr is None
    with serving(authority.handle) as url:
        log.authority = StampAuthority(url, (authority.root,))
        log.witness(door)
    assert door.read(proofs.latest).tsr is not None


def test_two_processes_that_append_at_once_make_two_records(door, log):
    results = []
    threads = [threading.Thread(target=lambda: results.append(log.grow(door))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == [1, 2, 3, 4]


def test_who_comes_second_to_an_index_builds_anew_and_gives_up_in_the_end(door, perform, log, monkeypatch):
    build, races = log_module._build, [2]

    def racing(session, at):
        grown = build(session, at)
        if races[0]:
            races[0] -= 1
            perform(lambda work: log._store(work, grown, ""))  # the other process
        return grown

    monkeypatch.setattr(log_module, "_build", racing)
    note(perform, "C-1", 1)
    assert log.grow(door) == 3
    races[0] = 99
    with pytest.raises(IntegrityError):
        log.grow(door)


def test_the_ticks_are_the_minute_and_what_is_owed(log):
    assert [(tick.name, tick.every) for tick in log.ticks()] == [("log.batch", 60.0), ("log.witness", 5.0)]
