"""Questions about a tender document and their public answers (澄清): who asks stays secret, and so does how many did."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.kernel.body import Body
from core.kernel.errors import RuleBroken, Stale

LONGEST = 2000
MOST_OPEN = 20  # questions of one firm that wait for an answer: more would only be in the way of others'


def tidy(text: str) -> str:
    """A question without what tells typists apart: outer blanks, runs of blanks, three empty lines."""
    lines = (re.sub(r"[ \t\u3000\xa0]+", " ", line).strip() for line in text.replace("\r", "").split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def name_of(text: str) -> str:
    """The digest by which a question is answered: the same words asked by several firms are one question."""
    return hashlib.sha256(text.encode()).hexdigest()


def read_question(text: str) -> str:
    """A question as it is kept; raises RuleBroken for one that is empty, too long or unprintable."""
    body = Body({"text": tidy(text)})
    return body.text("text", LONGEST)


@dataclass(frozen=True, slots=True)
class Answer:
    """A published question, worded so that it names nobody, its answer, and the digests of the asked questions that it settles."""

    question: str
    answer: str
    settles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Clarification:
    """The signed body of `clarification.publish`; `number` counts the lot's clarifications."""

    number: int
    document_sha256: str
    answers: tuple[Answer, ...]
    affects_bids: bool

    @classmethod
    def read(cls, signed: Mapping[str, object]) -> Clarification:
        """Of a signed body; raises RuleBroken `body.malformed` naming the member."""
        body = Body(signed)
        read = cls(
            number=body.count("number", least=1, most=999),
            document_sha256=body.digest("document_sha256"),
            answers=tuple(_answer(entry) for entry in body.objects("answers", least=1, most=100)),
            affects_bids=body.flag("affects_bids"),
        )
        body.done()
        return read


def _answer(body: Body) -> Answer:
    question, answer = body.text("question", LONGEST), body.text("answer", 4000)
    settles = body.texts("settles", most=50, each=64)
    body.done()
    return Answer(question, answer, settles)


def check(said: Clarification, number: int, document_sha256: str, known: Sequence[str] | None = None) -> None:
    """Raises Stale for another number or version than those in force; RuleBroken when a question is settled twice or, where `known` is
    given, was never asked. Questions of the agency's own settle nothing."""
    if (said.number, said.document_sha256) != (number, document_sha256):
        raise Stale("clarification.version_other", number=number)
    settled = [digest for answer in said.answers for digest in answer.settles]
    if len(set(settled)) != len(settled) or (known is not None and not set(settled) <= set(known)):
        raise RuleBroken("clarification.question_unknown")
