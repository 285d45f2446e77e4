"""Amendments (修改) of a prequalification document while applications are taken, with the deadline that the law then asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from core.kernel.body import Body
from core.kernel.errors import RuleBroken, Stale
from trading.domain.clock import Law, LegalRegime
from trading.domain.prequalification import RoundDocument, check_document

ARTICLE = {
    LegalRegime.CONSTRUCTION: "招标投标法实施条例第二十一条",
    LegalRegime.GOVERNMENT_PROCUREMENT: "政府采购货物和服务招标投标管理办法第二十七条",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundAmendment:
    """The signed body of `prequalification.amend`: the whole document anew, and until when applications are taken from now on."""

    previous_sha256: str
    document: RoundDocument
    content: Mapping[str, object]
    reason: str
    deadline: datetime

    @classmethod
    def read(cls, signed: Mapping[str, object]) -> RoundAmendment:
        """Of a signed body; raises RuleBroken `body.malformed` naming the member."""
        body = Body(signed)
        content = body.raw("document")
        read = cls(
            previous_sha256=body.digest("previous_sha256"),
            document=RoundDocument.read(content),
            content=content,
            reason=body.text("reason", 2000),
            deadline=body.moment("deadline"),
        )
        body.done()
        return read


def check_amendment(said: RoundAmendment, standing: RoundDocument, deadline: datetime, now: datetime, law: Law) -> None:
    """Raises Stale for an amendment of another version, RuleBroken for the first rule that it breaks: who reviews stays, the deadline is
    never earlier, and at least the days of T6A are left (实施条例 art. 21, 87号令 art. 27)."""
    if said.previous_sha256 != standing.document_sha256:
        raise Stale("prequalification.amendment_other")
    check_document(said.document, said.content, law)
    if (said.document.reviewers, said.document.state_funds) != (standing.reviewers, standing.state_funds):
        raise RuleBroken("prequalification.reviewers_fixed", ARTICLE[law.regime])
    if said.deadline < deadline:
        raise RuleBroken("prequalification.deadline_shortened", ARTICLE[law.regime])
    if (said.document.files, said.document.criteria, said.deadline) == (standing.files, standing.criteria, deadline):
        raise RuleBroken("prequalification.nothing_changed")
    bound = law.standing("T6A", said.deadline)
    refusal = None if bound is None else law.misses(bound, said.deadline, now)
    if refusal is not None:
        raise refusal
