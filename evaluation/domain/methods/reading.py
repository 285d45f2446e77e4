"""Reads a scoring case from its JSON document and refuses, with the place of the fault, whatever is not one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction

from core.kernel.document import Fields, Node, member
from evaluation.domain.methods.case import (
    Adjustment,
    AdjustmentKind,
    Aggregation,
    AggregationKind,
    Bid,
    Criterion,
    Lots,
    Method,
    MethodKind,
    Over,
    Rounding,
    ScoringCase,
    Sheet,
    TieKey,
)
from evaluation.domain.methods.coefficients import applied
from evaluation.domain.methods.faults import CaseFault
from evaluation.domain.methods.figures import Mode, shown
from evaluation.domain.methods.prices import adjusted_price, contract_price, preferred
from evaluation.domain.methods.reading_price import TRIM_FIELDS, parse_price, parse_trim

METHOD_FIELDS = (
    "case", "method", "price_ceiling", "reference_price", "rounding", "price", "criteria",
    "part_minimum", "aggregation", "tie_break", "candidates",
)  # fmt: skip
MOST_CANDIDATES = 3  # Regulations on the Tendering and Bidding Law, art. 53: at most three, where the document does not say
FEWEST_EQUAL = 2
POINTS = ("benchmark", "deviation", "price_score", "aggregate", "weighted", "total")


def parse_case(document: object) -> ScoringCase:
    """The scoring case in a JSON value of strings, integers, lists and dictionaries; raises CaseFault with the path of the first fault."""
    filled, drawn = applied(document)
    fields = Node(filled, CaseFault).fields((*METHOD_FIELDS, "bids", "sheets", "lots"))
    method = replace(_method(fields), coefficients=drawn)
    bids = tuple(_bid(node) for node in fields.need("bids").items())
    _distinct((bid.id, f"{bid.path}.id") for bid in bids)
    if not bids:
        raise CaseFault("$.bids", "no_bid_counts")
    sheets = tuple(_sheet(node, method, {bid.id for bid in bids}) for node in fields.list("sheets"))
    _complete(method, bids, sheets)
    return ScoringCase(method, bids, sheets, _drawn_lots(fields, method, {bid.id for bid in bids}))


def parse_method(document: object) -> Method:
    """The method part of a tender document: the same document without bids and sheets."""
    filled, drawn = applied(document)
    return replace(_method(Node(filled, CaseFault).fields(METHOD_FIELDS)), coefficients=drawn)


def _method(fields: Fields) -> Method:
    kind = fields.need("method").choice(MethodKind)
    is_comprehensive = kind is MethodKind.COMPREHENSIVE
    criteria = tuple(_criterion(node) for node in fields.list("criteria"))
    _distinct((criterion.id, f"$.criteria[{index}].id") for index, criterion in enumerate(criteria))
    method = Method(
        case=fields.read("case", Node.text, ""),
        kind=kind,
        price_ceiling=fields.read("price_ceiling", Node.price, None),
        reference_price=fields.read("reference_price", Node.price, None),
        rounding=fields.read("rounding", _rounding, Rounding()),
        price=parse_price(fields, is_used=is_comprehensive),
        criteria=criteria,
        part_minimum=fields.read("part_minimum", _minimum, {}),
        aggregation=_aggregation(fields, is_used=is_comprehensive and bool(criteria)),
        tie_break=tuple(node.choice(TieKey) for node in fields.list("tie_break")),
        candidates=fields.read("candidates", Node.count, MOST_CANDIDATES),
    )
    if is_comprehensive:
        _parts_exist(method)
    return method


def _rounding(node: Node) -> Rounding:
    fields = node.fields(("mode", *POINTS))
    places = {point: fields.read(point, Node.places, None) for point in POINTS}
    return Rounding(mode=fields.read("mode", lambda mode: mode.choice(Mode), Mode.HALF_UP), **places)


def _criterion(node: Node) -> Criterion:
    fields = node.fields(("id", "part", "max", "weight"))
    return Criterion(
        fields.need("id").id(), fields.need("part").id(), fields.need("max").number(), fields.read("weight", Node.number, Fraction(1))
    )


def _minimum(node: Node) -> dict[str, Fraction]:
    return {part: minimum.number() for part, minimum in node.members()}


def _parts_exist(method: Method) -> None:
    """A minimum for a part without criteria would reject every bid."""
    for part in method.part_minimum:
        if all(criterion.part != part for criterion in method.criteria):
            raise CaseFault(member("$.part_minimum", part), "unknown_part")


def _aggregation(fields: Fields, is_used: bool) -> Aggregation:
    if not fields.has("aggregation") and not is_used:
        return Aggregation()
    node = fields.need("aggregation").fields(("kind", "over", *TRIM_FIELDS))
    kind = node.need("kind").choice(AggregationKind)
    trim = parse_trim(node, is_needed=kind is AggregationKind.TRIMMED_MEAN)
    return Aggregation(kind, trim, node.read("over", lambda over: over.choice(Over), Over.CRITERION))


def _bid(node: Node) -> Bid:
    fields = node.fields(("id", "price", "adjustments", "preference_percent", "rejected"))
    price = fields.need("price")
    bid = Bid(
        id=fields.need("id").id(),
        price=None if price.value is None else price.price(),
        adjustments=tuple(_adjustment(one) for one in fields.list("adjustments")),
        preference_percent=fields.read("preference_percent", Node.number, Fraction(0)),
        is_rejected=fields.read("rejected", Node.flag, False),
        path=node.path,
    )
    if bid.price is not None:
        _stays_positive(bid, bid.price, fields)
    return bid


def _stays_positive(bid: Bid, price: Fraction, fields: Fields) -> None:
    """Prices are above 0 after adjustments as before them."""
    adjusted = adjusted_price(price, bid.adjustments)
    if adjusted <= 0 or contract_price(price, bid.adjustments) <= 0:
        raise fields.fault("adjustments", "price_not_positive")
    if preferred(adjusted, bid.preference_percent) <= 0:
        raise fields.fault("preference_percent", "price_not_positive")


def _adjustment(node: Node) -> Adjustment:
    fields = node.fields(("kind", "value", "reason"))
    return Adjustment(fields.need("kind").choice(AdjustmentKind), fields.need("value").number(), fields.read("reason", Node.text, ""))


def _sheet(node: Node, method: Method, bids: set[str]) -> Sheet:
    fields = node.fields(("expert", "bid", "scores"))
    bid = fields.need("bid")
    if bid.text() not in bids:
        raise bid.fault("unknown_bid", bid=bid.text())
    maxima = {criterion.id: criterion.max for criterion in method.criteria}
    scores = fields.need("scores")
    given = {}
    for criterion, score in scores.members():
        if criterion not in maxima:
            raise score.fault("unknown_criterion")
        given[criterion] = score.number()
        if not 0 <= given[criterion] <= maxima[criterion]:
            raise score.fault("score_out_of_range", score=score.text(), max=shown(maxima[criterion]))
    for criterion in maxima:
        if criterion not in given:
            raise CaseFault(member(scores.path, criterion), "missing")
    return Sheet(fields.need("expert").id(), bid.text(), given)


def _drawn_lots(fields: Fields, method: Method, bids: set[str]) -> tuple[Lots, ...]:
    """What was drawn between equal bids: only where the tender document leaves them to a draw, no bid twice."""
    nodes = fields.list("lots")
    if nodes and TieKey.DRAW not in method.tie_break:
        raise nodes[0].fault("lots_without_draw")
    found, places = [], []
    for node in nodes:
        one = node.fields(("draw", "order"))
        order = one.list("order")
        if len(order) < FEWEST_EQUAL:
            raise one.fault("order", "lots_too_few")
        for bid in order:
            if bid.text() not in bids:
                raise bid.fault("unknown_bid", bid=bid.text())
            places.append((bid.text(), bid.path))
        found.append(Lots(one.need("draw").id(), tuple(bid.text() for bid in order)))
    _distinct(places)
    return tuple(found)


def _complete(method: Method, bids: tuple[Bid, ...], sheets: tuple[Sheet, ...]) -> None:
    """Every expert who appears has exactly one sheet for every bid, rejected ones included."""
    if method.criteria and not sheets:
        raise CaseFault("$.sheets", "criteria_without_sheets")
    seen: set[tuple[str, str]] = set()
    for index, sheet in enumerate(sheets):
        if (sheet.expert, sheet.bid) in seen:
            raise CaseFault(f"$.sheets[{index}]", "second_sheet", expert=sheet.expert, bid=sheet.bid)
        seen.add((sheet.expert, sheet.bid))
    for expert in sorted({sheet.expert for sheet in sheets}):
        for bid in bids:
            if (expert, bid.id) not in seen:
                raise CaseFault("$.sheets", "missing_sheet", expert=expert, bid=bid.id)


def _distinct(ids: Iterable[tuple[str, str]]) -> None:
    seen: set[str] = set()
    for name, path in ids:
        if name in seen:
            raise CaseFault(path, "duplicate_id", id=name)
        seen.add(name)
