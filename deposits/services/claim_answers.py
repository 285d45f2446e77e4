"""What guarantors say about claims, taken in: received, paid, refused, each signed by the guarantor."""

from __future__ import annotations

from core.kernel.encoding import b64
from core.kernel.ids import CaseId, GuaranteeId, OrgId
from core.kernel.work import Work
from deposits.domain.claim import MOVES, SYSTEM, ClaimAction, may
from deposits.domain.claim_messages import ClaimWord, SignedWord, Verdict
from deposits.domain.deposit import chain_of
from deposits.domain.guarantee import MOVES as GUARANTEE_MOVES
from deposits.domain.guarantee import GuaranteeAction
from deposits.events_claims import ClaimAnswered
from deposits.models.claims import GuaranteeClaim
from deposits.models.guarantees import Guarantee
from deposits.services import claims, guarantees

_ACTIONS = {Verdict.UNDER_REVIEW: ClaimAction.RECEIVE, Verdict.PAID: ClaimAction.PAY, Verdict.REFUSED: ClaimAction.REFUSE}


def postpone(work: Work, number: str, sha256: str) -> None:
    """The guarantor did not answer: the claim is in doubt, and put to it again later under the same key."""
    claims.held_claim(work, number, sha256)[1].asked_at = work.now()


def take_in(work: Work, number: str, signed: SignedWord, word: ClaimWord) -> None:
    """Takes in a guarantor's word, whose signature was checked; what comes late or twice changes nothing. Records ClaimAnswered."""
    guarantee, row = claims.held_claim(work, number, word.claim_sha256)
    now, verdict = work.now(), Verdict(word.verdict)
    row.asked_at, action = now, _ACTIONS[verdict]
    if not may(action, row.state):
        return
    row.state, row.answered_at = MOVES.choose(action, row.state, SYSTEM, None), now
    row.cause, row.reference = word.cause, word.reference
    work.session.flush()
    work.record(
        ClaimAnswered(
            case=CaseId(chain_of(number)),
            subject=row.sha256,
            guarantee=GuaranteeId(guarantee.id),
            bidder=OrgId(guarantee.org_id),
            claim_sha256=row.sha256,
            word=b64(signed.word),
            signature=b64(signed.signature),
        )
    )
    if verdict is not Verdict.UNDER_REVIEW:
        _after(work, number, guarantee, row)


def _after(work: Work, number: str, guarantee: Guarantee, row: GuaranteeClaim) -> None:
    """Nothing is left of it, or what would have ended it while the claim was open ends it now."""
    if claims.left(work, guarantee).fen == 0:
        guarantee.state = GUARANTEE_MOVES.choose(GuaranteeAction.CALL, guarantee.state, SYSTEM, None)
        guarantee.changed_at, guarantee.reason = work.now(), "called"
    else:
        guarantees.end_late(work, number, guarantee, row.end_reason)
