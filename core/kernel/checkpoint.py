"""Signed notes, log checkpoints, witness cosignatures and proof files, as the C2SP specifications spell them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from core.kernel import merkle
from core.kernel.encoding import b64, sha256, unb64
from core.kernel.errors import BadSignature

Algorithm: TypeAlias = Literal[0x01, 0x04]
LOG: Final = 0x01
WITNESS: Final = 0x04

MAX_NOTE = 1_000_000
MAX_SIGNATURES = 64
_NUMBER = re.compile(r"0|[1-9][0-9]{0,18}")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")
_NAME = re.compile(r"[^\s+]+")
_PROOF_HEAD = "c2sp.org/tlog-proof@v1"


# Keys (signed-note §"Verifier keys")


@dataclass(frozen=True, slots=True)
class Vkey:
    """An Ed25519 verifier key with its name: of a log (`LOG`) or of a witness (`WITNESS`)."""

    name: str
    algorithm: Algorithm
    public: bytes

    @property
    def key_id(self) -> bytes:
        """The four bytes that point to this key in a signature line."""
        return sha256(self.name.encode() + bytes([0x0A, self.algorithm]) + self.public)[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{b64(bytes([self.algorithm]) + self.public)}"


def read_vkey(text: str) -> Vkey:
    """`name+id+key` as a Vkey; raises BadSignature when malformed or when the id is not that of the key."""
    name, _, rest = text.partition("+")
    written, _, encoded = rest.partition("+")
    blob = unb64(encoded, 33)
    if not _NAME.fullmatch(name) or blob[0] not in (LOG, WITNESS):
        raise BadSignature("note.vkey")
    vkey = Vkey(name, LOG if blob[0] == LOG else WITNESS, blob[1:])
    if written != vkey.key_id.hex():
        raise BadSignature("note.vkey")
    return vkey


def vkey(name: str, algorithm: Algorithm, private: Ed25519PrivateKey) -> Vkey:
    """The verifier key of a private key."""
    return Vkey(name, algorithm, private.public_key().public_bytes_raw())


# Signed notes


@dataclass(frozen=True, slots=True)
class NoteSignature:
    """One signature line; `blob` is what follows the four bytes of the key id."""

    name: str
    key_id: bytes
    blob: bytes

    def __str__(self) -> str:
        return f"— {self.name} {b64(self.key_id + self.blob)}\n"


@dataclass(frozen=True, slots=True)
class Note:
    """A text ending in a newline, and its signature lines; nothing in it is verified yet."""

    text: str
    signatures: tuple[NoteSignature, ...]

    def __str__(self) -> str:
        return self.text + "\n" + "".join(map(str, self.signatures))

    def plus(self, *signatures: NoteSignature) -> Note:
        """The same note with further signature lines."""
        return Note(self.text, self.signatures + signatures)

    def by(self, key: Vkey) -> bytes | None:
        """The blob of `key`'s line, None if there is none; raises BadSignature if there are two."""
        blobs = [line.blob for line in self.signatures if (line.name, line.key_id) == (key.name, key.key_id)]
        if len(blobs) > 1:
            raise BadSignature("note.signed_twice", name=key.name)
        return blobs[0] if blobs else None


def read_note(text: str) -> Note:
    """A signed note from its text; raises BadSignature unless it is spelled exactly as C2SP signed-note says."""
    body, gap, lines = text.rpartition("\n\n")
    if not gap or not lines.endswith("\n") or len(text) > MAX_NOTE or _CONTROL.search(text):
        raise BadSignature("note.malformed")
    signatures = read_signature_lines(lines)
    return Note(body + "\n", signatures)


def read_signature_lines(text: str) -> tuple[NoteSignature, ...]:
    """The signature lines of a note, or of a witness's answer."""
    lines = text.split("\n")
    if lines.pop() or not 1 <= len(lines) <= MAX_SIGNATURES:
        raise BadSignature("note.malformed")
    return tuple(map(_read_signature, lines))


def _read_signature(line: str) -> NoteSignature:
    dash, _, rest = line.partition(" ")
    name, _, encoded = rest.partition(" ")
    blob = unb64(encoded)
    if dash != "—" or not _NAME.fullmatch(name) or len(blob) < 5:
        raise BadSignature("note.malformed")
    return NoteSignature(name, blob[:4], blob[4:])


def sign_note(text: str, name: str, private: Ed25519PrivateKey) -> Note:
    """The note of a log: `text` under its Ed25519 signature."""
    key = vkey(name, LOG, private)
    return Note(text, (NoteSignature(name, key.key_id, private.sign(text.encode())),))


def cosign(text: str, name: str, private: Ed25519PrivateKey, at: int) -> NoteSignature:
    """A witness's `cosignature/v1` line over a checkpoint's text, at POSIX second `at`."""
    key = vkey(name, WITNESS, private)
    return NoteSignature(name, key.key_id, at.to_bytes(8, "big") + private.sign(_cosigned(text, at)))


def verify_log(note: Note, key: Vkey) -> None:
    """Raises BadSignature unless `key` signed the note as its log."""
    blob = note.by(key)
    if key.algorithm != LOG or blob is None:
        raise BadSignature("note.not_signed_by", name=key.name)
    _verify(key, blob, note.text.encode())


def cosigned_at(note: Note, key: Vkey) -> int | None:
    """The POSIX second at which witness `key` cosigned, None where it did not; raises BadSignature for a false cosignature."""
    blob = note.by(key)
    if key.algorithm != WITNESS or blob is None:
        return None
    at = int.from_bytes(blob[:8], "big")
    if len(blob) != 72 or at >= 2**63:
        raise BadSignature("note.false_signature", name=key.name)
    _verify(key, blob[8:], _cosigned(note.text, at))
    return at


def _cosigned(text: str, at: int) -> bytes:
    return f"cosignature/v1\ntime {at}\n{text}".encode()


def _verify(key: Vkey, signature: bytes, message: bytes) -> None:
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(signature, message)
    except InvalidSignature:
        raise BadSignature("note.false_signature", name=key.name) from None


# Checkpoints


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A log's tree head: how many records, under which root."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """The note text; a time stamp's imprint is its SHA-256."""
        return f"{self.origin}\n{self.size}\n{b64(self.root)}\n"


def read_checkpoint(text: str) -> Checkpoint:
    """The tree head in a note's text; extension lines are refused, since no witness vouches for them."""
    lines = text.split("\n")
    if len(lines) != 4 or not lines[0] or lines[3]:
        raise BadSignature("checkpoint.malformed")
    return Checkpoint(lines[0], read_number(lines[1]), unb64(lines[2], 32))


def read_number(text: str) -> int:
    """A decimal without sign or leading zeros."""
    if not _NUMBER.fullmatch(text):
        raise BadSignature("checkpoint.malformed")
    return int(text)


# Proof files


@dataclass(frozen=True, slots=True)
class TlogProof:
    """A C2SP `tlog-proof@v1` file: where a record stands in the log of a checkpoint. `extra` is not authenticated by anything."""

    index: int
    path: tuple[bytes, ...]
    note: Note
    extra: bytes | None = None

    @property
    def checkpoint(self) -> Checkpoint:
        """The tree head that the file carries, unverified."""
        return read_checkpoint(self.note.text)

    def __str__(self) -> str:
        head = [_PROOF_HEAD] + ([f"extra {b64(self.extra)}"] if self.extra is not None else []) + [f"index {self.index}"]
        return "\n".join(head + [b64(node) for node in self.path]) + "\n\n" + str(self.note)

    def verify_record(self, record: bytes) -> Checkpoint:
        """The checkpoint that includes `record` at `index`; its signatures still have to be checked. Raises BadSignature if it does not."""
        head = self.checkpoint
        merkle.verify_inclusion(merkle.leaf_hash(record), self.index, head.size, self.path, head.root)
        return head


def read_proof(text: str) -> TlogProof:
    """A proof file from its text; raises BadSignature unless it is spelled exactly as C2SP tlog-proof says."""
    head, _, note = text.partition("\n\n")
    first, *lines = head.split("\n")
    if first != _PROOF_HEAD:
        raise BadSignature("proof.malformed")
    extra = unb64(lines.pop(0)[6:]) if lines and lines[0].startswith("extra ") else None
    if not lines or not lines[0].startswith("index ") or len(lines) > 64:
        raise BadSignature("proof.malformed")
    return TlogProof(read_number(lines[0][6:]), read_hashes(lines[1:]), read_note(note), extra)


def read_hashes(lines: Sequence[str]) -> tuple[bytes, ...]:
    """One base64 SHA-256 hash to a line."""
    return tuple(unb64(line, 32) for line in lines)
