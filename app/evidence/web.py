"""The evidence package over HTTP: for the centre and the supervisor, once the case is closed."""

from __future__ import annotations

from flask import Blueprint, Response, request

from app.evidence.package import build, build_drill, build_old_ledger, build_payouts, build_sites, own_policy
from core.identity.authority import ROOT
from core.identity.queries.anchors import roots
from core.kernel.drills import is_drill
from core.kernel.errors import NotFound
from core.kernel.files import Stored
from core.kernel.roles import Role
from core.kernel.trust import write_policy
from core.web.door import read
from core.web.guard import public, quiet, requires
from core.web.platform import platform
from core.web.threads import natively
from deposits.web.forms_dormant import LedgerPath
from evaluation.web.forms import LotPath
from trading.queries.lots import split

blueprint = Blueprint("evidence", __name__, url_prefix="/api/v1")


@blueprint.get("/cases/<case>/package")
@requires(Role.CENTRE, Role.SUPERVISOR)
def package(case: str) -> Response:
    """The full edition of a closed case; `?tapes=yes` with the recordings themselves."""
    here, with_tapes = platform(), request.args.get("tapes") == "yes"
    return _archive(natively(lambda: build(here, case, with_tapes)), f"case-{case}{'-tapes' if with_tapes else ''}.zip")


@blueprint.get("/finance/dormant/ledgers/<ledger>/package")
@requires(Role.FINANCE, Role.CENTRE, Role.SUPERVISOR)
@quiet
def old_ledger(ledger: str) -> Response:
    """An old ledger of deposits with all that was decided about it, to be verified offline."""
    here, number = platform(), LedgerPath(ledger=ledger).ledger
    return _archive(natively(lambda: build_old_ledger(here, number)), f"{number}.zip")


@blueprint.get("/finance/payouts/package")
@requires(Role.FINANCE)
@quiet
def payouts() -> Response:
    """Batches, closed differences and, while no lot is sealed, payments in suspense, to be verified offline. Finance hands it on: after a
    termination its batches alone tell that somebody had paid, which others may not know."""
    here = platform()
    return _archive(natively(lambda: build_payouts(here)), "payouts.zip")


@blueprint.get("/sites/package")
@requires(Role.SUPERVISOR)
def venues() -> Response:
    """The catalogue of sites with all bookings, to be verified offline. For supervisors: before an evaluation begins the centre may not
    know which site was drawn."""
    here = platform()
    return _archive(natively(lambda: build_sites(here)), "sites.zip")


@blueprint.get("/lots/<number>/drill/package")
@requires(Role.CENTRE, Role.SUPERVISOR)
def drill(number: str) -> Response:
    """All that was said in a drill, once it is over, to be verified offline; the verifier says that it is a drill."""
    here, case = platform(), split(LotPath(number=number).number)[0]
    if not is_drill(case):
        raise NotFound("drill.not_found")
    return _archive(natively(lambda: build_drill(here, case)), f"{case}.zip")


def _archive(stored: Stored, name: str) -> Response:
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Content-Length": str(stored.size),
        "ETag": f'"{stored.sha256}"',
    }
    return Response(platform().files.pieces(stored.sha256), mimetype="application/zip", headers=headers)


@blueprint.get("/policy")
@public
def policy() -> Response:
    """This platform as a trust policy, for comparison with the one that was published elsewhere."""
    here = platform()
    own = here.parts["authority"]
    names = read(roots) | {own.root_sha256: ROOT}
    return Response(write_policy(own_policy(own, here.parts["log"], here.settings, names), names), mimetype="text/plain")
