"""Parts of step 9: what is on file before the award committee sits, and what is signed before the award notice."""

from __future__ import annotations

import hashlib
from typing import Any

from app.demo.cast import together
from app.demo.script.play import Play
from core.kernel.calendar import legal_day


def file_papers(play: Play) -> None:
    """The tenderer files the bid-cleaning report, what it found for each factor, and where the session is recorded."""
    tenderer = play.who("tenderer")
    file = play.workshop.pdf("award/清标报告.pdf", "候选人清标报告", 8, play.case)
    tenderer.do("upload", file=str(file))
    content = file.read_bytes()
    entry = {"name": file.name, "sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
    _file(play, "cleaning", title="候选人清标报告", files=[entry])
    factor = str(play.case_file.award_plan["factors"][0]["name"])
    for one in tenderer.get(play.lot_path)["candidates"]:
        said = {"candidate": one["org"], "factor": factor, "summary": "近三年同类工程履约评价均为良好以上，未见失信记录。"}
        _file(play, "comparison", title="履约情况核查", **said)
    _file(play, "recording", title="定标会议录音录像", reference="交易中心三号会议室，录像编号 2026-0315")


def _file(play: Play, category: str, **said: Any) -> None:
    blank = {"reference": "", "candidate": "", "factor": "", "summary": "", "files": []}
    origin = {"source": "招标人清标小组", "author": "清标小组组长", "dated_on": legal_day(play.now()).isoformat()}
    body = {"category": category} | blank | origin | said
    play.act(play.who("tenderer"), "/award/shield/papers", "award.paper", body, step_up=True)


def sign_file(play: Play) -> tuple[int, int]:
    """Everybody signs the register of interference as "none"; the platform drafts the award report; everybody signs that. How many clauses
    hold, and of how many."""
    everybody = [play.who("tenderer"), *play.role("award_member")]
    tenderer = everybody[0]
    path = f"/api/v1{play.lot_path}/award/shield"
    play.wait(lambda: tenderer.get(f"{play.lot_path}/award/shield")["state"] == "closing", "the award is not decided")
    together([(who, "act", _said(play, path + "/interference/close", "interference.close", {"entries": []})) for who in everybody])
    digest = play.wait(lambda: tenderer.get(f"{play.lot_path}/award/shield")["report_sha256"], "the award report is not drafted")
    body = {"report_sha256": digest, "dissent": ""}
    together([(who, "act", _said(play, path + "/report/signatures", "award.report.sign", body)) for who in everybody])
    rows = tenderer.get(f"{play.lot_path}/award/shield")["clauses"]
    return sum(row["holds"] for row in rows), len(rows)


def _said(play: Play, path: str, kind: str, body: dict[str, Any]) -> dict[str, Any]:
    return {"path": path, "kind": kind, "case": play.case, "lot": "1", "body": body, "step_up": True}
