"""The report: the paper that is here, signed by every member, recommending those whom the scores put first."""

from __future__ import annotations

from app.verify.replay import committee, refusals, scores
from app.verify.replay.story import Story, each_before, same
from app.verify.verdict import Broken, inside
from evaluation.domain.report import Recommendation, SignatureBody, recommended


def check_report(story: Story, *, is_last: bool = True) -> int:
    """Every member signed the digest of the report that the package holds, or was noted not to; returns how many dissented. A report before
    a further round is among the papers alone."""
    draft, submit = story.the("report.draft"), story.the("report.submit")
    digest = draft.text("report_sha256")
    dissents = 0
    signatures = committee.of_members(story, "report.sign")
    refused = refusals.noted(story, digest, signatures)
    for seat in sorted(committee.newest_seats(story) - set(signatures) - set(refused), key=int):
        draft.require(False, "member_silent", seat=seat, kind="report.sign")
    for entry in signatures.values():
        with inside(entry.member):
            dissents += bool(SignatureBody.read(entry.body, digest).dissent)
    dissents += sum(refused.values())
    each_before([*signatures.values(), *story.all("report.refusal")], [submit], "too_early")
    same(submit, [*submit.body.get("unsigned", ())], sorted(refused, key=int), "refusal_differs")
    same(submit, submit.text("report_sha256"), digest, "digest_differs", field="report_sha256")
    same(submit, submit.text("case_sha256"), scores.summary(story).text("case_sha256"), "digest_differs", field="case_sha256")
    story.package.paper(digest)
    if not is_last:
        return dissents
    copy = f"report-{story.lot}.pdf"
    if copy not in story.package.members:
        raise Broken(copy, "missing")
    if story.package.digests[copy] != digest:
        raise Broken(copy, "not_as_signed")
    return dissents


def candidates(story: Story) -> list[tuple[str, Recommendation]]:
    """Organisation and recommendation of the candidates, in the order of their ranks."""
    summary = scores.summary(story)
    held = story.code_names()
    with inside(summary.member):
        return [(held[one.code], one) for one in recommended(dict(summary.part("result")))]


def check_recommendation(story: Story) -> int:
    """The candidates handed to the tenderer are those of the result, without ranks where the award is separate; returns how many."""
    submit = story.the("report.submit")
    orgs = [org for org, _ in candidates(story)]
    ranked = not story.separation
    same(submit, submit.body.get("ranked"), ranked, "ranking_differs")
    same(submit, submit.texts("candidates"), orgs if ranked else sorted(orgs), "candidates_differ")
    return len(orgs)
