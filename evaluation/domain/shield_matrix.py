"""The comparison of the candidates (候选人对比表): candidates × the plan's factors, with what the evaluation found and what is on file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.kernel.jcs import JSON
from evaluation.domain.report import recommended
from evaluation.domain.shield_said import CANDIDATES, REPORT, Said, Told


def matrix(told: Told) -> dict[str, JSON]:
    """The comparison from statements alone; candidates by organisation id, so that the order tells nothing."""
    plan, evaluated = told.plan, _Evaluated(told)
    held = _candidates(told, evaluated)
    planned = [] if plan is None else plan.body["plan"]["factors"]
    factors = [{"name": str(one["name"]), "definition": str(one["definition"])} for one in planned]
    rows: list[JSON] = [
        {
            "org": org,
            "name": name,
            "price_fen": price_fen,
            **evaluated.of(org),
            "performance": [_cell(paper) for paper in told.papers("performance") if paper.body["candidate"] == org],
            "factors": [{"name": factor["name"], "said": _said_of(told, org, factor["name"])} for factor in factors],
        }
        for org, (name, price_fen) in sorted(held.items())
    ]
    papers: list[JSON] = [paper_json(one) for one in told.papers("cleaning", "due_diligence")]
    return {"factors": list(factors), "candidates": rows, "papers": papers}


def _candidates(told: Told, evaluated: _Evaluated) -> dict[str, tuple[str, int]]:
    """Organisation → name and price in fen, of the candidates as they were published; where they are published after the award, of those
    whom the report recommends, whose names no statement has told by then: ""."""
    published, report = told.last(CANDIDATES), told.last(REPORT)
    if published is not None:
        return {str(one["org"]): (str(one["name"]), int(one["price_fen"])) for one in published.body["candidates"]}
    if report is None or not told.publishes_after:
        return {}
    return {str(org): ("", evaluated.price_of(str(org))) for org in report.body["candidates"]}


def _said_of(told: Told, org: str, factor: str) -> list[JSON]:
    papers = told.papers("comparison", "performance", "cleaning", "due_diligence")
    return [_cell(one) for one in papers if (one.body["candidate"], one.body["factor"]) == (org, factor) and one.body["summary"]]


def _cell(paper: Said) -> JSON:
    """What a paper says of a candidate, with its source and day."""
    body = paper.body
    return {"text": str(body["summary"]), "source": str(body["source"]), "dated_on": str(body["dated_on"])}


def paper_json(paper: Said) -> JSON:
    """A paper on file as the comparison and the award report list it."""
    body = paper.body
    files: list[JSON] = [{"name": str(one["name"]), "sha256": str(one["sha256"])} for one in body["files"]]
    named = {name: str(body[name]) for name in ("category", "title", "source", "author", "dated_on", "reference", "summary")}
    return {**named, "files": files}


class _Evaluated:
    """What the evaluation found of each bid, looked up by organisation."""

    def __init__(self, told: Told) -> None:
        opened, lock, summary = told.last("blind.opened"), told.last("technical.lock"), told.last("summary")
        self._codes = {} if opened is None else {str(org): str(code) for code, org in opened.body["map"].items()}
        result: Mapping[str, Any] = {} if summary is None or lock is None else summary.body["result"]
        self._rows = {str(row["bid"]): row for row in result.get("rows", ())}
        self._result = result
        document: Mapping[str, Any] = {} if summary is None else summary.body["document"]
        self._bid_prices = {str(one["id"]): str(one.get("price") or "") for one in document.get("bids", ())}
        self._comments = _comments(told)

    def price_of(self, org: str) -> int:
        """The price in fen at which the contract would be made; 0 while the evaluation's result is not told."""
        chosen = recommended(self._result) if self._result else ()
        return next((one.price.fen for one in chosen if self._codes.get(org) == one.code), 0)

    def of(self, org: str) -> dict[str, JSON]:
        """Code name, price as bid, points, and what the members wrote of the bid."""
        code = self._codes.get(org, "")
        row: Mapping[str, Any] = self._rows.get(code, {})
        criteria = {str(name): str(points) for name, points in (row.get("criteria") or {}).items()}
        return {
            "code": code,
            "bid_price": self._bid_prices.get(code, ""),
            "price_score": str(row.get("price_score") or ""),
            "total": str(row.get("total") or row.get("evaluated_price") or ""),
            "criteria": criteria,
            "comments": self._comments.get(code, []),
        }


def _comments(told: Told) -> dict[str, list[JSON]]:
    """What the signed sheets say of each bid by criterion, without saying who: sorted, each sentence once."""
    newest = {(one.person, str(one.body.get("part", ""))): one for one in told.all("score")}
    found: dict[str, set[tuple[str, str]]] = {}
    for score in newest.values():
        for sheet in score.body["sheets"]:
            reasons = {str(name): str(text).strip() for name, text in (sheet.get("reasons") or {}).items()}
            found.setdefault(str(sheet["bid"]), set()).update((name, text) for name, text in reasons.items() if text)
    return {bid: [{"criterion": name, "text": text} for name, text in sorted(said)] for bid, said in found.items()}
