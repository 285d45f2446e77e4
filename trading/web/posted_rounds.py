"""What the forms of a round post: its document, its notice, its committee, a reviewer's sheet."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from typing import Any

from flask import request

from core.kernel import clock
from core.kernel.calendar import BEIJING
from core.kernel.ids import OrgId
from core.kernel.jcs import JSON
from trading.domain.document import digest_of
from trading.queries.prequalifications import RoundView
from trading.web.posted_drafts import files_of, kept, moment, uploaded
from trading.web.posted_method import line


def document() -> dict[str, JSON]:
    """The document."""
    return {
        "files": files_of("files") or uploaded(kept()),
        "criteria": _criteria(),
        "reviewers": line("reviewers"),
        "state_funds": request.form.get("state_funds") == "1",
    }


def _criteria() -> list[JSON]:
    """Criteria in rows, of which empty ones do not count."""
    form = request.form
    rows = zip_longest(form.getlist("criterion_title"), form.getlist("criterion_requirement"), fillvalue="")
    said = [(title.strip(), words.strip()) for title, words in rows if title.strip() or words.strip()]
    return [
        {"id": f"C{place}", "title": title, "requirement": " ".join(words.split())} for place, (title, words) in enumerate(said, start=1)
    ]


def amendment(standing: RoundView) -> dict[str, JSON]:
    """An amendment as the body that is to be signed: the document anew, with the files that stand unless new ones are chosen. A deadline
    left as the form showed it, to the minute, stays as it is."""
    content: dict[str, JSON] = {"files": files_of("files") or kept(), "criteria": _criteria()}
    content |= {"reviewers": standing.reviewers.value, "state_funds": standing.state_funds}
    whole: dict[str, JSON] = {"document_sha256": digest_of(content), **content}
    assert standing.deadline is not None
    same = line("deadline") == f"{standing.deadline.astimezone(BEIJING):%Y-%m-%dT%H:%M}"
    said: dict[str, JSON] = {"deadline": clock.text(standing.deadline) if same else moment("deadline")}
    said |= {"previous_sha256": standing.document_sha256, "document": whole}
    return said | {"reason": line("reason").replace("\r\n", "\n")}


def notice() -> dict[str, JSON]:
    """The notice; its times are typed in Beijing time."""
    times: dict[str, JSON] = {name: moment(name) for name in ("release_at", "release_until", "deadline")}
    return {"title": line("title")} | times


def committee(known: tuple[tuple[Any, str, bool], ...]) -> dict[str, JSON]:
    """The committee that was ticked, of those who may sit in it, as the body that is to be signed."""
    ticked = request.form.getlist("member")
    members: list[JSON] = [
        {"person": str(person), "name": name, "expert": expert} for person, name, expert in known if f"{person}:{int(expert)}" in ticked
    ]
    return {"drawn": line("drawn"), "members": members}


def sheet(applicants: Sequence[OrgId], criteria: Sequence[str]) -> dict[str, JSON]:
    """A reviewer's sheet over these applicants and criteria; what was left open counts as not met, and then lacks its reason."""
    findings: list[JSON] = []
    for org in applicants:
        items: list[JSON] = []
        for criterion in criteria:
            key, passed = f"{org}-{criterion}", request.form.get(f"passed-{org}-{criterion}") == "1"
            items.append({"criterion": criterion, "passed": passed, "reason": "" if passed else " ".join(line(f"reason-{key}").split())})
        findings.append({"org": str(org), "items": items})
    return {"findings": findings}
