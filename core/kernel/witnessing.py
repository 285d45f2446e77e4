"""The words between a log and its witnesses: the body of C2SP `add-checkpoint` and the reading of its answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.kernel.checkpoint import Note, NoteSignature, Vkey, cosigned_at, read_hashes, read_note, read_number, read_signature_lines
from core.kernel.encoding import b64
from core.kernel.errors import BadSignature


@dataclass(frozen=True, slots=True)
class AddCheckpoint:
    """A request: the size the witness is believed to hold, the consistency proof from there, the new signed checkpoint."""

    old: int
    proof: tuple[bytes, ...]
    note: Note


def write_request(old: int, proof: Sequence[bytes], note: Note) -> bytes:
    """The body of `POST …/add-checkpoint`."""
    return ("\n".join([f"old {old}", *map(b64, proof)]) + "\n\n" + str(note)).encode()


def read_request(body: bytes) -> AddCheckpoint:
    """The request in a body; raises BadSignature when it is malformed."""
    try:
        head, gap, note = body.decode("utf-8").partition("\n\n")
    except UnicodeDecodeError:
        raise BadSignature("witness.malformed") from None
    first, *proof = head.split("\n")
    if not gap or not first.startswith("old ") or len(proof) > 63:
        raise BadSignature("witness.malformed")
    return AddCheckpoint(read_number(first[4:]), read_hashes(proof), read_note(note))


def read_answer(body: str, note: Note, witnesses: Iterable[Vkey]) -> list[NoteSignature]:
    """The valid cosignatures of known witnesses in an answer, to be kept with the checkpoint; unknown lines are ignored."""
    lines = read_signature_lines(body)
    answered = Note(note.text, lines)
    good = {(key.name, key.key_id) for key in witnesses if cosigned_at(answered, key) is not None}
    return [line for line in lines if (line.name, line.key_id) in good]
