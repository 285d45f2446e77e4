"""Workstations and their devices: a code for a quarter of an hour, a device that offers its key, the staff's signature; faults."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from sqlalchemy import select

from core.identity.services.acts import Act, Expect, SignedRequest, once
from core.kernel.db import lock
from core.kernel.errors import NotAllowed, RuleBroken, WrongState
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Work
from evaluation.domain.site import SITES
from evaluation.domain.station import (
    CODE_LASTS,
    CODE_LENGTH,
    CODE_LETTERS,
    Binding,
    StationNote,
    check_device,
    code_digest,
    is_usable,
    offer,
)
from evaluation.events_sites import StationBound, StationFaulty, StationReleased, StationRepaired
from evaluation.models.experts import Site
from evaluation.models.sites import Station
from evaluation.services.sites import held

STAFF = frozenset({Role.CENTRE, Role.SITE})


def as_staff(work: Work, site: Site, role: Role | None = None) -> None:
    """Raises NotAllowed for anybody but the centre at its own sites, and the operator's staff at a partner's."""
    roles = work.actor.roles if role is None else frozenset({role})
    own = Role.CENTRE in roles and site.operator_id is None
    partner = Role.SITE in roles and site.operator_id is not None and work.actor.org == site.operator_id
    if not own and not partner:
        raise NotAllowed("site.not_staff")


def station_of(work: Work, site: Site, label: str) -> Station:
    """A workstation that is listed, locked; raises NotFound, RuleBroken for one that is not listed any more."""
    row = lock(work.session, Station, Station.site_id == site.id, Station.label == label)
    if not row.is_listed:
        raise RuleBroken("station.not_listed", station=label)
    return row


def make_code(work: Work, number: str, label: str) -> str:
    """An activation code for one workstation, told once: `ABCDE-FGHJK`. The one before serves no more."""
    site = held(work, number)
    as_staff(work, site)
    row = station_of(work, site, label)
    code = "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))
    row.code_sha256, row.code_until, row.offered = code_digest(code), work.now() + CODE_LASTS, {}
    return f"{code[: CODE_LENGTH // 2]}-{code[CODE_LENGTH // 2 :]}"


def offer_key(work: Work, code: str, spki: str, proof: str) -> dict[str, JSON]:
    """A device at the workstation types the code and offers its key; nothing is bound before the staff sign.

    Returns {site, room label as `station`, key_id}. Raises WrongState for a code that there is not, was used, or is too old.
    """
    digest = code_digest(code)
    key_id = check_device(spki, offer(digest, spki), proof)
    row = work.session.scalar(select(Station).where(Station.code_sha256 == digest).with_for_update())
    refusal = is_usable(None if row is None or row.offered else row.code_until, work.now())
    if refusal is not None or row is None:
        raise refusal or WrongState("station.code")
    row.offered = {"spki": spki, "key_id": key_id, "proof": proof, "code_sha256": digest}
    site = work.session.get_one(Site, row.site_id)
    return {"site": site.name, "station": row.label, "key_id": key_id}


def bind(work: Work, request: SignedRequest) -> dict[str, JSON]:
    """`station.bind`: the device that offered its key is this workstation from now on. Records StationBound.

    Raises RuleBroken for another key than the one offered, or one that is bound elsewhere.
    """
    return _signed(work, request, "station.bind", lambda act: _bind(work, act), step_up=True)


def release(work: Work, request: SignedRequest) -> dict[str, JSON]:
    """`station.release`: the workstation has no device any more. Records StationReleased."""
    return _signed(work, request, "station.release", lambda act: _release(work, act), step_up=True)


def note_fault(work: Work, request: SignedRequest) -> dict[str, JSON]:
    """`station.fault`: the workstation is given to nobody until it is repaired. Records StationFaulty."""
    return _signed(work, request, "station.fault", lambda act: _fault(work, act))


def note_repair(work: Work, request: SignedRequest) -> dict[str, JSON]:
    """`station.repair`. Records StationRepaired."""
    return _signed(work, request, "station.repair", lambda act: _repair(work, act))


def _signed(
    work: Work, request: SignedRequest, kind: str, do: Callable[[Act], dict[str, JSON]], *, step_up: bool = False
) -> dict[str, JSON]:
    return once(work, request, Expect(kind, SITES, step_up=step_up), do)


def _bind(work: Work, act: Act) -> dict[str, JSON]:
    said = Binding.read(act.body)
    site = held(work, said.site)
    as_staff(work, site, act.role)
    row = station_of(work, site, said.station)
    offered = {"spki": said.spki, "key_id": said.key_id, "proof": said.proof, "code_sha256": said.code_sha256}
    if row.offered != offered:
        raise RuleBroken("station.other_key")
    if work.session.scalar(select(Station.id).where(Station.key_id == said.key_id, Station.id != row.id)) is not None:
        raise RuleBroken("station.bound_elsewhere")
    row.key_id, row.spki, row.bound_at = said.key_id, said.spki, work.now()
    row.offered, row.code_sha256, row.code_until = {}, "", None
    work.session.flush()
    work.record(StationBound(case=SITES, signed=act.envelope, subject=said.key_id))
    return {"station": row.label, "key_id": row.key_id}


def _noted(work: Work, act: Act) -> tuple[Site, Station]:
    said = StationNote.read(act.body)
    site = held(work, said.site)
    as_staff(work, site, act.role)
    return site, station_of(work, site, said.station)


def _release(work: Work, act: Act) -> dict[str, JSON]:
    _, row = _noted(work, act)
    if not row.key_id:
        raise WrongState("station.not_bound")
    row.key_id, row.spki, row.bound_at = "", "", None
    work.session.flush()
    work.record(StationReleased(case=SITES, signed=act.envelope))
    return {"station": row.label}


def _fault(work: Work, act: Act) -> dict[str, JSON]:
    _, row = _noted(work, act)
    if row.fault:
        raise WrongState("station.faulty_already")
    row.fault, row.fault_at = StationNote.read(act.body).reason, work.now()
    work.session.flush()
    work.record(StationFaulty(case=SITES, signed=act.envelope))
    return {"station": row.label}


def _repair(work: Work, act: Act) -> dict[str, JSON]:
    _, row = _noted(work, act)
    if not row.fault:
        raise WrongState("station.not_faulty")
    row.fault, row.fault_at = "", None
    work.session.flush()
    work.record(StationRepaired(case=SITES, signed=act.envelope))
    return {"station": row.label}
