"""The little of ASN.1 DER that time stamps need: writing values, and reading them strictly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from core.kernel.errors import BadSignature

BOOLEAN, INTEGER, BIT_STRING, OCTETS, NULL, OID, UTF8 = 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x0C
GENERALIZED_TIME, SEQUENCE, SET = 0x18, 0x30, 0x31


def context(number: int) -> int:
    """The tag `[number]`, constructed."""
    return 0xA0 | number


# Writing


def tlv(tag: int, *contents: bytes) -> bytes:
    """One value: tag, length, the joined contents."""
    content = b"".join(contents)
    size = len(content)
    if size < 0x80:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content


def sequence(*members: bytes) -> bytes:
    """SEQUENCE"""
    return tlv(SEQUENCE, *members)


def set_of(*members: bytes) -> bytes:
    """SET OF, in DER order."""
    return tlv(SET, *sorted(members))


def integer(number: int) -> bytes:
    """INTEGER, not negative."""
    return tlv(INTEGER, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def oid(dotted: str) -> bytes:
    """OBJECT IDENTIFIER"""
    first, second, *rest = map(int, dotted.split("."))
    return tlv(OID, *(_base128(arc) for arc in (first * 40 + second, *rest)))


def generalized_time(at: datetime) -> bytes:
    """GeneralizedTime with milliseconds, without trailing zeros as RFC 3161 asks."""
    at = at.astimezone(UTC)
    fraction = f".{at.microsecond // 1000:03d}".rstrip("0").rstrip(".")
    return tlv(GENERALIZED_TIME, f"{at:%Y%m%d%H%M%S}{fraction}Z".encode())


def _base128(arc: int) -> bytes:
    groups = [arc & 0x7F]
    while arc := arc >> 7:
        groups.insert(0, 0x80 | arc & 0x7F)
    return bytes(groups)


# Reading


@dataclass(frozen=True, slots=True)
class Value:
    """One value: its tag, its contents, and all its bytes."""

    tag: int
    content: bytes
    raw: bytes

    def children(self) -> list[Value]:
        """The values inside."""
        values, rest = [], self.content
        while rest:
            value = _first(rest)
            values.append(value)
            rest = rest[len(value.raw) :]
        return values

    def the(self, tag: int) -> Value:
        """Itself; raises BadSignature unless it has this tag."""
        if self.tag != tag:
            raise BadSignature("der.malformed")
        return self

    def members(self, tag: int, least: int) -> list[Value]:
        """The values inside, of which there are at least so many; raises BadSignature otherwise, or for another tag."""
        values = self.the(tag).children()
        if len(values) < least:
            raise BadSignature("der.malformed")
        return values

    @property
    def number(self) -> int:
        """Of an INTEGER."""
        content = self.the(INTEGER).content
        if not content or (len(content) > 1 and content[0] == 0 and content[1] < 0x80):
            raise BadSignature("der.malformed")
        return int.from_bytes(content, "big", signed=True)

    @property
    def dotted(self) -> str:
        """Of an OBJECT IDENTIFIER."""
        arcs, arc = [], 0
        for octet in self.the(OID).content:
            arc = arc << 7 | octet & 0x7F
            if not octet & 0x80:
                arcs.append(arc)
                arc = 0
        if not arcs or oid(dotted := _dotted(arcs)) != self.raw:
            raise BadSignature("der.malformed")
        return dotted

    @property
    def moment(self) -> datetime:
        """Of a GeneralizedTime in UTC."""
        text = self.the(GENERALIZED_TIME).content.decode("ascii", "replace")
        for form in ("%Y%m%d%H%M%SZ", "%Y%m%d%H%M%S.%fZ"):
            try:
                return datetime.strptime(text, form).replace(tzinfo=UTC)
            except ValueError:
                continue
        raise BadSignature("der.malformed")


def read(data: bytes) -> Value:
    """The one value that `data` is; raises BadSignature for anything that is not DER."""
    value = _first(data)
    if value.raw != data:
        raise BadSignature("der.malformed")
    return value


def optional(values: Sequence[Value], tag: int) -> Value | None:
    """The first of `values` with this tag."""
    return next((value for value in values if value.tag == tag), None)


def _dotted(arcs: Sequence[int]) -> str:
    first = min(arcs[0] // 40, 2)
    return ".".join(map(str, (first, arcs[0] - 40 * first, *arcs[1:])))


def _first(data: bytes) -> Value:
    if len(data) < 2 or data[0] & 0x1F == 0x1F:
        raise BadSignature("der.malformed")
    size, start = data[1], 2
    if size >= 0x80:
        start += size & 0x7F
        size = int.from_bytes(data[2:start], "big")
    raw = data[: start + size]
    if len(raw) != start + size or raw != tlv(data[0], raw[start:]):
        raise BadSignature("der.malformed")
    return Value(data[0], raw[start:], raw)
