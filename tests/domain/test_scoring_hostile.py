"""Whatever stands in a file, the answer is a result or a refusal with its place: never a crash."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from core.kernel.document import DocumentFault
from core.kernel.draw import parse_draw, replay
from evaluation.domain.methods import CaseFault, evaluate, parse_case, to_json
from tests.domain.test_draw import TEN, record
from tests.domain.test_scoring_refusals import WHOLE

DRAW = record(TEN, {"tech": 3, "econ": 1}, recused=["E0002"], org_cap=2, recused_later=["E0003"])

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 40),
    st.integers(2**53, 2**70),
    st.decimals(allow_nan=True),
    st.sampled_from(
        ["", "0", "-1", "0.5", "100", "999999999999999", "0.000000000001", "mean", "mix", "none", "lowest_ratio", "draw", "tech", "A"]
    ),
    st.text(max_size=5),
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3), max_leaves=5
)


def places(value: Any, way: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Every way into a document."""
    for step, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield (*way, step)
        yield from places(inner, (*way, step))


def spoiled(document: dict[str, Any], way: tuple[str | int, ...], value: object) -> dict[str, Any]:
    spoilt = copy.deepcopy(document)
    at: Any = spoilt
    for step in way[:-1]:
        at = at[step]
    at[way[-1]] = value
    return spoilt


@given(st.sampled_from(sorted(places(WHOLE), key=str)), VALUES)
@settings(max_examples=500, deadline=None)
def test_a_spoilt_case_is_computed_or_refused(way: tuple[str | int, ...], value: object) -> None:
    try:
        to_json(evaluate(parse_case(spoiled(WHOLE, way, value))))
    except CaseFault as fault:
        assert fault.path.startswith("$")
        assert fault.reason


@given(st.sampled_from(sorted(places(DRAW), key=str)), VALUES)
@settings(max_examples=300, deadline=None)
def test_a_spoilt_draw_is_recomputed_or_refused(way: tuple[str | int, ...], value: object) -> None:
    try:
        replay(parse_draw(spoiled(DRAW, way, value)))
    except DocumentFault as fault:
        assert fault.path.startswith("$")
