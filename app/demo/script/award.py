"""Steps 8 to 10: candidates are published, the award committee votes, award notice and contract follow."""

from __future__ import annotations

import hashlib
import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import httpx

from app.demo.cast import Line, together
from app.demo.script import guaranteeing, shielding
from app.demo.script.play import LITTLE, Play, must
from core.kernel import clock
from core.kernel.calendar import CHINA, Unit, legal_day


def publish_candidates(play: Play) -> None:
    """The tenderer publishes the report's candidates for the days announced; the clock ends the publicity."""
    tenderer = play.who("tenderer")
    lot = tenderer.get(play.lot_path)
    today = legal_day(play.now())
    until = CHINA.after(today, lot["publicity_days"], Unit.CALENDAR)
    body = {
        "candidates": [{name: one[name] for name in ("org", "name", "rank", "price_fen")} for one in lot["candidates"]],
        "from": today.isoformat(),
        "until": until.isoformat(),
        "report_sha256": lot["report_sha256"],
        "late_reason": "",
    }
    play.act(tenderer, "/candidates", "candidates.publish", body, step_up=True)
    lot = tenderer.get(play.lot_path)
    play.jump(clock.moment(lot["publicity_until"]) + LITTLE, "中标候选人公示期满")
    play.state("award_deciding")
    names = "、".join(play.letter(one["org"]) for one in body["candidates"])
    play.say(f"中标候选人（不排序）{names} 公示至 {until}，期满无异议", f"candidates (unranked) {names} public until {until}")


def vote(play: Play) -> None:
    """The award committee votes by signed ballots with reasons until somebody has won; its file is closed and signed."""
    lines = ballots(play)
    together(lines)
    held, clauses = shielding.sign_file(play)
    lot = play.state("awarded")
    winner = play.letter(lot["winner_org"])
    wanted = play.case_file.expected["published"].get("winner", winner)
    must(winner == wanted, f"{winner} has won, the case publishes {wanted}")
    votes = sum(ballot["choice"] == winner for ballot in play.case_file.ballots)
    play.say(
        f"定标委员会 {len(lines)} 人记名票决，{winner} 得 {votes} 票中标，定标报告已签署，程序要件 {held}/{clauses} 项具备",
        f"award committee of {len(lines)} voted, {winner} has won with {votes}; report signed, {held} of {clauses} clauses hold",
    )


def ballots(play: Play) -> list[Line]:
    """The session is opened, everybody signs in and declares; what each member is asked: to vote as the case file says."""
    members, tenderer = play.role("award_member"), play.who("tenderer")
    lot = tenderer.get(play.lot_path)
    body = {"members": _posts(play), "plan_sha256": lot["award_plan_sha256"]}
    shielding.file_papers(play)
    play.act(tenderer, "/award", "award.open", body, step_up=True)
    together([(who, "act", _said(play, "/award/sign-ins", "award.sign_in", {})) for who in members])
    nothing = {"none": True, "reason": ""}
    together([(who, "act", _said(play, "/award/declarations", "award.declare", nothing)) for who in members])
    lines: list[Line] = []
    for who, ballot in zip(members, play.case_file.ballots, strict=True):
        reason = {"text": ballot["text"], "source": lot["report_sha256"], "page": page_of(ballot["page"])}
        said = {"round": 1, "choice": play.bidder(ballot["choice"]).org, "reasons": [reason]}
        lines.append((who, "act", _said(play, "/award/ballots", "ballot", said) | {"round": 1}))
    return lines


def _posts(play: Play) -> dict[str, str]:
    """Who sits in which post: the first of the cast in the chair's, where the plan has one, all others in the plan's last."""
    posts, chair = play.case_file.award_plan.get("posts") or ["定标成员"], play.case_file.award_plan.get("chair_post")
    return {who.person: chair if chair and not place else posts[-1] for place, who in enumerate(play.role("award_member"))}


def _said(play: Play, path: str, kind: str, body: dict[str, Any]) -> dict[str, Any]:
    """What a member of the award committee signs."""
    return {"path": f"/api/v1{play.lot_path}{path}", "kind": kind, "case": play.case, "lot": "1", "body": body, "step_up": True}


def page_of(written: str) -> int:
    """The page of the report that a case file writes as 评标报告 第3页."""
    return int(re.findall(r"[0-9]+", written)[-1])


def contract(play: Play) -> None:
    """Award notice to all, then the contract: the tenderer signs first, the winner second."""
    tenderer = play.who("tenderer")
    _trouble_the_bank(play)
    lot = tenderer.get(play.lot_path)
    body = {"winner": lot["winner_org"], "price_fen": lot["price_fen"], "result_sha256": lot["result_sha256"]}
    play.act(tenderer, "/award-notice", "award.notice", body, step_up=True)
    play.state("notice_sent")
    winner = play.letter(lot["winner_org"])
    guaranteeing.ask_for_security(play, winner)
    play.jump(play.now() + timedelta(days=play.case_file.dates["contract_after_days"]), "合同谈判与签订")
    file = play.workshop.pdf("contract/施工合同.pdf", "建设工程施工合同", 12, play.case)
    tenderer.do("upload", file=str(file))
    body = {"contract_sha256": hashlib.sha256(file.read_bytes()).hexdigest(), "price_fen": lot["price_fen"], "late_reason": ""}
    play.act(tenderer, "/contract", "contract.sign", body, step_up=True)
    security = guaranteeing.give_security(play, winner)
    play.act(play.bidder(winner), "/contract", "contract.sign", body, step_up=True)
    play.state("contracted")
    yuan = f"{Decimal(lot['price_fen']).scaleb(-2):,.2f}"
    zh, en = (f"中标人提交 {security} 元履约保函，", f"performance guarantee of {security} yuan given, ") if security else ("", "")
    play.say(
        f"中标通知书已发，{zh}双方签订合同，合同价 {yuan} 元",
        f"award notice sent, {en}contract signed by both at {yuan} yuan",
    )


def _trouble_the_bank(play: Play) -> None:
    """The bank will carry out the next two payment orders and lose its answers, and tell the next two notices twice."""
    with httpx.Client(base_url=play.stage.told["bank"]["url"], verify=False, trust_env=False, timeout=30) as bank:  # noqa: S501 - local http
        bank.post("/sandbox/faults", json={"lose_answers": 2, "duplicate_notices": 2}).raise_for_status()
