"""The verifiable draw: vectors, the walk, recusals, and what can't be recomputed."""

from __future__ import annotations

import copy
import hashlib
import hmac
import json
import unicodedata
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.kernel.draw import DrawFault, Verdict, commit, ordered, parse_draw, parse_request, pool_hash, replay, seed, ticket
from core.kernel.draw_steps import steps

Record = dict[str, Any]

CASE, DRAW = "CASE-2026-0001", "draw-1"
SECRETS = {"centre": b"\2" * 32, "supervisor": b"\3" * 32, "tenderer": b"\1" * 32}


def record(
    pool: list[tuple[str, list[str], str | None]],
    quotas: dict[str, int],
    *,
    recused: list[str] | None = None,
    org_cap: int = 0,
    **more: Any,
) -> Record:
    """A draw record in which every party shows what it committed to."""
    return {
        "case": CASE,
        "draw": DRAW,
        "request": {
            "pool": [{"id": name, "strata": strata, "org": org} for name, strata, org in pool],
            "strata": [{"id": name, "quota": quota} for name, quota in quotas.items()],
            "recused": recused or [],
            "org_cap": org_cap,
        },
        "commits": {party: commit(CASE, DRAW, party, secret).hex() for party, secret in SECRETS.items()},
        "reveals": {party: secret.hex() for party, secret in SECRETS.items()},
        **more,
    }


TEN = [(f"E{number:04}", ["tech"] if number % 3 else ["tech", "econ"], f"O{number % 4}") for number in range(1, 11)]


def walk_of(document: Record, stratum: str) -> list[str]:
    """The stratum's ticket order, computed by hand."""
    own = bytes.fromhex(replay(parse_draw(document)).to_json()["seed"])  # type: ignore[arg-type]
    members = [one["id"] for one in document["request"]["pool"] if stratum in one["strata"]]

    def lp(text: str) -> bytes:
        return len(text.encode()).to_bytes(4, "big") + text.encode()

    return sorted(members, key=lambda one: (hmac.new(own, b"ztb/v1/draw-ticket\0" + lp(stratum) + lp(one), hashlib.sha256).digest(), one))


def fault(document: object) -> DrawFault:
    with pytest.raises(DrawFault) as caught:
        replay(parse_draw(document))
    return caught.value


def test_the_vectors_of_the_algorithm_card_hold() -> None:
    digest = bytes.fromhex("08aa32e1aa7e7659f96515118375fb693805d036e8200881cf5222110c6b7092")
    assert commit(CASE, DRAW, "centre", SECRETS["centre"]).hex() == "ad6cd33e63e46e1cdd465593abf44fa19a37b66d835a357f73eb5ff3906939e7"
    own = seed(CASE, DRAW, digest, SECRETS)
    assert own.hex() == "9cf29e676040143c1e34371a1f4553e59b946a2993bbb0db1dfad871c7f9d7d0"
    assert ticket(own, "tech", "E0001").hex() == "79bc1e991697ea2e258bf94e97b6ee8a83ec0781871dffe0e0acd51b37ee4e3a"


def test_the_pool_is_hashed_sorted_by_id_and_everything_else_as_it_stands() -> None:
    request = record([("b", ["y", "x"], "O2"), ("a", ["x"], None)], {"y": 1, "x": 1}, recused=["z", "c"])["request"]
    canonical = (
        '{"org_cap":0,"pool":[{"id":"a","org":null,"strata":["x"]},{"id":"b","org":"O2","strata":["y","x"]}],'
        '"recused":["z","c"],"strata":[{"id":"y","quota":1},{"id":"x","quota":1}]}'
    )
    assert pool_hash(request) == hashlib.sha256(canonical.encode()).digest()
    swapped = {**request, "pool": request["pool"][::-1]}
    assert pool_hash(swapped) == pool_hash(request)
    assert pool_hash({**request, "recused": ["c", "z"]}) != pool_hash(request)


def test_the_walk_seats_the_first_tickets_and_keeps_the_rest_in_reserve() -> None:
    document = record(TEN, {"tech": 3})
    drawn, walk = replay(parse_draw(document)), walk_of(document, "tech")
    assert drawn.picked == {"tech": tuple(walk[:3])}
    assert drawn.reserves == {"tech": tuple(walk[3:])}
    assert ordered(drawn.seed, "tech", reversed(walk)) == walk


def test_strata_are_walked_in_the_order_of_the_request_and_nobody_sits_twice() -> None:
    both = [(f"E{number}", ["tech", "econ"], None) for number in range(6)]
    for quotas in ({"tech": 3, "econ": 3}, {"econ": 3, "tech": 3}):
        document = record(both, quotas)
        drawn = replay(parse_draw(document))
        first, second = quotas
        assert list(drawn.picked) == [first, second]
        assert drawn.picked[first] == tuple(walk_of(document, first)[:3])
        assert set(drawn.picked[second]) == {name for name, _, _ in both} - set(drawn.picked[first])


def test_an_employer_fills_no_more_seats_than_the_cap_across_all_strata() -> None:
    pool = [("A1", ["tech"], "O1"), ("A2", ["econ"], "O1"), ("B1", ["tech"], "O2"), ("B2", ["econ"], "O2")]
    drawn = replay(parse_draw(record(pool, {"tech": 1, "econ": 1}, org_cap=1)))
    [tech], [econ] = drawn.picked["tech"], drawn.picked["econ"]
    assert tech[0] != econ[0]
    assert drawn.reserves == {"tech": tuple({"A1", "B1"} - {tech}), "econ": tuple({"A2", "B2"} - {econ})}


def test_experts_without_an_employer_are_never_capped() -> None:
    drawn = replay(parse_draw(record([("A", ["tech"], None), ("B", ["tech"], None)], {"tech": 2}, org_cap=1)))
    assert set(drawn.picked["tech"]) == {"A", "B"}


def test_a_later_recusal_moves_nobody_else() -> None:
    document = record(TEN, {"tech": 3})
    walk = walk_of(document, "tech")
    drawn = replay(parse_draw({**document, "recused_later": [walk[0]]}))
    assert drawn.picked["tech"] == (walk[1], walk[2], walk[3])
    assert drawn.reserves["tech"] == tuple(walk[4:])


def test_later_recusals_are_taken_in_the_order_of_the_list() -> None:
    document = record(TEN, {"tech": 2})
    walk = walk_of(document, "tech")
    # The first to leave is replaced by walk[2], who then leaves as well.
    drawn = replay(parse_draw({**document, "recused_later": [walk[0], walk[2]]}))
    assert drawn.picked["tech"] == (walk[1], walk[3])
    # A reserve who steps back is passed over.
    drawn = replay(parse_draw({**document, "recused_later": [walk[2], walk[0]]}))
    assert drawn.picked["tech"] == (walk[1], walk[3])
    assert drawn.reserves["tech"] == tuple(walk[4:])


def test_a_recusal_frees_the_seat_of_its_employer() -> None:
    pool = [(name, ["tech"], "O1") for name in ("A", "B")] + [(name, ["tech"], "O2") for name in ("C", "D")]
    document = record(pool, {"tech": 2}, org_cap=1)
    first, second = replay(parse_draw(document)).picked["tech"]
    drawn = replay(parse_draw({**document, "recused_later": [first]}))
    colleague = next(name for name, _, org in pool if org == {name: org for name, _, org in pool}[first] and name != first)
    assert drawn.picked["tech"] == (second, colleague)


def test_a_recusal_of_somebody_unknown_changes_nothing() -> None:
    document = record(TEN, {"tech": 3})
    before = replay(parse_draw(document))
    assert replay(parse_draw({**document, "recused_later": ["nobody"]})) == before


def test_recused_members_are_neither_seated_nor_in_reserve() -> None:
    out = [name for name, _, _ in TEN[:7]]
    drawn = replay(parse_draw(record(TEN, {"tech": 3}, recused=out)))
    assert not set(out) & {*drawn.picked["tech"], *drawn.reserves["tech"]}


def test_a_reveal_that_was_not_committed_to_is_named_and_the_draw_still_computed() -> None:
    document = record(TEN, {"tech": 3})
    document["reveals"]["supervisor"] = "04" * 32
    drawn = replay(parse_draw(document))
    assert drawn.mismatched == ("supervisor",)
    assert drawn.to_json()["commits_match"] is False
    assert len(drawn.picked["tech"]) == 3


REFUSED: list[tuple[str, object, str, str]] = [
    ("commits.centre", "AD" * 32, "$.commits.centre", "not_hex"),
    ("commits.centre", "ad" * 31, "$.commits.centre", "not_hex"),
    ("reveals.centre", "zz" * 32, "$.reveals.centre", "not_hex"),
    ("reveals.centre", None, "$.reveals.centre", "not_hex"),
    ("reveals.notary", "00" * 32, "$.reveals", "parties_differ"),
    ("commits.notary", "00" * 32, "$.commits", "parties_differ"),
    ("request.pool.1.id", "E0001", "$.request.pool[1].id", "duplicate_id"),
    ("request.pool.0.strata", ["tech", "tech"], "$.request.pool[0].strata[1]", "duplicate_id"),
    ("request.strata", [{"id": "tech", "quota": 1}, {"id": "tech", "quota": 1}], "$.request.strata[1].id", "duplicate_id"),
    ("request.recused", ["a", "b", "a"], "$.request.recused[2]", "duplicate_id"),
    ("recused_later", ["a", "a"], "$.recused_later[1]", "duplicate_id"),
    ("recused_later", None, "$.recused_later", "not_a_list"),
    ("request.strata.0.quota", 11, "$.request.strata[0].quota", "too_few_fit"),
    ("request.strata.0.quota", -1, "$.request.strata[0].quota", "not_a_count"),
    ("request.strata.0.quota", 2**53, "$.request", "not_canonical"),
    ("request.org_cap", "1", "$.request.org_cap", "not_a_count"),
    ("request.pool.0.id", "e\u0301", "$.request", "not_canonical"),
    ("request.pool.0.name", "Zhang", "$.request.pool[0].name", "unknown_field"),
    ("request.rules", 1, "$.request.rules", "unknown_field"),
    ("seed", "00", "$.seed", "unknown_field"),
    ("case", 1, "$.case", "not_text"),
    ("commits", [], "$.commits", "not_an_object"),
]


@pytest.mark.parametrize(("path", "value", "place", "code"), REFUSED)
def test_a_faulty_record_is_refused_with_its_place(path: str, value: object, place: str, code: str) -> None:
    document = copy.deepcopy(record(TEN, {"tech": 3}))
    *way, last = path.split(".")
    at: Any = document
    for step in way:
        at = at[int(step)] if isinstance(at, list) else at[step]
    at[last] = value
    caught = fault(document)
    assert (caught.path, caught.code) == (place, code)


@pytest.mark.parametrize("name", ["case", "draw", "request", "commits", "reveals"])
def test_a_record_lacks_nothing(name: str) -> None:
    document = record(TEN, {"tech": 3})
    del document[name]
    assert (fault(document).path, fault(document).code) == (f"$.{name}", "missing")


def test_a_draw_of_no_party_is_refused() -> None:
    assert fault({**record(TEN, {"tech": 1}), "commits": {}, "reveals": {}}).code == "no_party"


def test_a_recusal_that_leaves_a_seat_empty_is_refused() -> None:
    document = record([("A", ["tech"], None)], {"tech": 1}, recused_later=["A"])
    assert (fault(document).path, fault(document).code) == ("$.recused_later[0]", "too_few_fit")


def test_the_body_of_a_request_can_be_read_by_itself() -> None:
    body = record(TEN, {"tech": 3})["request"]
    assert parse_request(body).pool_hash == pool_hash(body)


# Invariants

NAMES = st.lists(st.text(st.characters(codec="utf-8", categories=("L", "N")), min_size=1, max_size=4), min_size=4, max_size=12, unique=True)


@st.composite
def records(draw: st.DrawFn) -> Record:
    names = [name for name in draw(NAMES) if is_nfc(name)]
    pool = [
        (name, draw(st.sampled_from([["tech"], ["econ"], ["tech", "econ"], []])), draw(st.sampled_from(["O1", "O2", None])))
        for name in names
    ]
    out = draw(st.lists(st.sampled_from(names), max_size=3, unique=True)) if names else []
    later = draw(st.lists(st.sampled_from(names), max_size=3, unique=True)) if names else []
    quotas = {"tech": draw(st.integers(0, 2)), "econ": draw(st.integers(0, 2))}
    return record(pool, quotas, recused=out, org_cap=draw(st.integers(0, 2)), recused_later=later)


def is_nfc(name: str) -> bool:
    return unicodedata.is_normalized("NFC", name)


@given(records(), st.randoms(use_true_random=False))
@settings(max_examples=200, deadline=None)
def test_whatever_the_pool_the_draw_keeps_its_promises(document: Record, chance: Any) -> None:
    request = document["request"]
    try:
        drawn = replay(parse_draw(document))
    except DrawFault as refused:
        assert refused.code == "too_few_fit"
        return
    members = {one["id"]: one for one in request["pool"]}
    seated = [one for ids in drawn.picked.values() for one in ids]
    out = {*request["recused"], *document["recused_later"]}
    assert len(seated) == len(set(seated)) == sum(stratum["quota"] for stratum in request["strata"])
    assert not out & set(seated)
    employers = [members[one]["org"] for one in seated if members[one]["org"] is not None]
    assert request["org_cap"] == 0 or all(employers.count(one) <= request["org_cap"] for one in employers)
    for stratum, reserve in drawn.reserves.items():
        assert all(stratum in members[one]["strata"] for one in drawn.picked[stratum])
        free = [one for one in walk_of(document, stratum) if one not in out and one not in seated]
        assert list(reserve) == free
    shuffled = copy.deepcopy(document)
    chance.shuffle(shuffled["request"]["pool"])
    assert replay(parse_draw(shuffled)) == drawn


@given(st.integers(0, 9), st.integers(1, 5))
@settings(deadline=None)
def test_a_replacement_only_removes_a_row(position: int, quota: int) -> None:
    document = record(TEN, {"tech": quota})
    walk = walk_of(document, "tech")
    before = replay(parse_draw(document)).picked["tech"]
    after = replay(parse_draw({**document, "recused_later": [walk[position]]})).picked["tech"]
    assert set(before) - {walk[position]} <= set(after)
    assert set(after) == set([one for one in walk if one != walk[position]][:quota])


def test_the_result_is_plain_json() -> None:
    drawn = replay(parse_draw(record(TEN, {"tech": 2, "econ": 1})))
    again = json.loads(json.dumps(drawn.to_json()))
    assert list(again) == ["pool_hash", "seed", "picked", "reserves", "commits_match"]
    assert again["commits_match"] is True


def test_the_steps_tell_every_look_of_the_walk_and_why_somebody_was_passed_over() -> None:
    pool = [(f"P{number}", ["tech"], "O1" if number < 4 else f"O{number}") for number in range(9)]
    document = record([*pool, ("Q", ["tech", "econ"], "OQ")], {"econ": 1, "tech": 4}, recused=["P8"], org_cap=1)
    first = replay(parse_draw(document)).picked["tech"][0]
    document["recused_later"] = [first]
    made, drawn = steps(parse_draw(document)), replay(parse_draw(document))
    assert dict(made.picked) == drawn.picked and made.seed == drawn.seed.hex() and made.pool_hash == drawn.pool_hash.hex()
    assert all(slip.matches and slip.commit == slip.computed for slip in made.slips) and made.left == (first,)
    tech = next(walk for walk in made.walks if walk.stratum == "tech")
    assert [one.expert for one in tech.tickets] == walk_of(document, "tech")[: len(tech.tickets)]
    assert len(tech.tickets) + tech.others == len(walk_of(document, "tech"))
    verdicts = {one.expert: [look.verdict for look in one.looks] for one in tech.tickets}
    assert {one for one, found in verdicts.items() if Verdict.SEATED in found} == {*drawn.picked["tech"], first}
    assert tech.tickets[0].ticket < tech.tickets[1].ticket
    follower = next(one for one in tech.tickets for look in one.looks if look.verdict is Verdict.SEATED and look.after == first)
    assert follower.expert in drawn.picked["tech"]


def test_the_walk_names_each_reason_to_pass_somebody_over() -> None:
    document = record([("A", ["x", "y"], "O1"), ("B", ["y"], "O1"), ("C", ["y"], "O2"), ("D", ["y"], "O3")], {"x": 1, "y": 1}, org_cap=1)
    document["request"]["recused"] = ["C"]
    y = steps(parse_draw(document)).walks[1]
    reached = {one.expert: [look.verdict for look in one.looks] for one in y.tickets}
    last = max(place for place, one in enumerate(y.tickets) if one.looks)
    wanted = {"A": Verdict.ELSEWHERE, "B": Verdict.CAP, "C": Verdict.RECUSED, "D": Verdict.SEATED}
    assert all(found == [wanted[one]] for one, found in reached.items() if found) and y.tickets[last].expert == "D"
