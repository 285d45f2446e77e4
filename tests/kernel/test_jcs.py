"""Canonical JSON: one byte form for each value, and no value that another reader could take for something else."""

from __future__ import annotations

import unicodedata

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from core.kernel import jcs
from core.kernel.errors import BadSignature

TEXT = st.text(st.characters(exclude_categories=["Cs"])).map(lambda text: unicodedata.normalize("NFC", text))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-jcs.SAFE_INTEGER, jcs.SAFE_INTEGER) | TEXT,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(TEXT, inner, max_size=5),
    max_leaves=20,
)


@given(VALUES)
def test_the_canonical_form_is_that_of_rfc_8785_and_reads_back(value):
    written = jcs.canonical(value)
    assert written == rfc8785.dumps(value)
    assert jcs.parse(written) == value


@given(st.dictionaries(st.text(st.characters(max_codepoint=127)), VALUES, max_size=6))
def test_the_fast_writer_agrees_with_the_general_one_where_names_are_ascii(value):
    assert jcs.canonical(value) == rfc8785.dumps(value)


def test_names_are_ordered_by_utf_16_units_as_in_the_rfc():
    # RFC 8785 §3.2.3, with a full-width letter in the place of its Hebrew one, which is not NFC
    names = ["\r", "1", "\x80", "\u00f6", "\u20ac", "\U0001f600", "\uff21"]
    written = jcs.canonical(dict.fromkeys(sorted(names)))
    assert [*jcs.parse(written)] == names
    with pytest.raises(BadSignature, match=r"jcs\.not_nfc"):
        jcs.canonical({"\ufb33": "Hebrew Letter Dalet With Dagesh"})


def test_text_is_escaped_as_in_the_rfc():
    # RFC 8785 §3.2.2.2
    assert jcs.canonical('€$\x0f\nA\'B"\\\\"/') == '"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"'.encode()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b'{"a":1,"a":1}', "jcs.duplicate_key"),
        (b"1.0", "jcs.float"),
        (b"1e2", "jcs.float"),
        (b"NaN", "jcs.float"),
        (b"-Infinity", "jcs.float"),
        (b"9007199254740992", "jcs.integer_too_large"),
        (b"-9007199254740992", "jcs.integer_too_large"),
        (b"1" * 5000, "jcs.integer_too_large"),
        (b'"\\ud800"', "jcs.lone_surrogate"),
        (b'{"\\udc00":1}', "jcs.lone_surrogate"),
        ('"e\u0301"'.encode(), "jcs.not_nfc"),
        (b'{"a": 1}', "jcs.not_canonical"),
        (b'{"b":1,"a":2}', "jcs.not_canonical"),
        (b"-0", "jcs.not_canonical"),
        (b'"\\u0041"', "jcs.not_canonical"),
        (b"[1,]", "jcs.malformed"),
        (b"", "jcs.malformed"),
        (b"\xff", "jcs.malformed"),
        (b"\xef\xbb\xbf1", "jcs.malformed"),
        (b"[" * 100_000, "jcs.malformed"),
        (b"[" * 70 + b"]" * 70, "jcs.too_deep"),
        (b'{"a":' * 70 + b"1" + b"}" * 70, "jcs.too_deep"),
    ],
)
def test_what_two_readers_could_read_differently_is_refused(data, code):
    with pytest.raises(BadSignature) as refused:
        jcs.parse(data)
    assert refused.value.code == code


@pytest.mark.parametrize("value", [1.0, {"a": [0.5]}, {1: "a"}, {"a": b"bytes"}, {"a": {1, 2}}, 2**53, "\ud800", "e\u0301"])
def test_no_float_nor_foreign_value_is_ever_written(value):
    with pytest.raises(BadSignature):
        jcs.canonical(value)


def test_a_file_of_an_outsider_may_be_spelled_freely():
    assert jcs.parse(b' {"b" : [ 1, true , null] } ', strict=False) == {"b": [1, True, None]}


def test_a_payload_is_an_object():
    with pytest.raises(BadSignature, match=r"jcs\.not_an_object"):
        jcs.parse_object(b"[]")
