"""Sites as their keeper signs for them: pods with a workstation each, whose devices hold keys of their own; booked for a lot, and drawn."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

from app.demo.cast import ActorFault, Performer, together
from app.demo.script.play import Play
from core.kernel import clock, jcs
from core.kernel.encoding import b64
from core.kernel.signing import SoftwareP256Signer
from evaluation.domain.booking import booking_number
from evaluation.domain.site import SITES
from evaluation.domain.station import code_digest, offer

LONGEST = timedelta(hours=10)  # for which a site is booked


def furnish(play: Play) -> None:
    """The catalogue: each site with its pods, at the host an opening room too, and a device at every workstation."""
    centre = play.who("centre")
    _desks(play).mkdir()
    for order, site in enumerate(play.case_file.sites, 1):
        centre.send("/sites", {name: site[name] for name in ("name", "city", "is_host", "workstations")})
        labels = [f"{order}{place:02d}" for place in range(1, site["workstations"] + 1)]
        number = _number(play, site["name"])
        profile = centre.get(f"/sites/{number}")["profile"] | {"site": number, "address": f"{site['city']}市民中心三层", "buffer": 30}
        rooms = [_pod(label) for label in labels]
        if site["is_host"]:
            rooms.append({"room": "第一开标室", "kind": "opening", "seats": 40, "stations": []})
        centre.act("/sites/profiles", "site.keep", SITES, body=profile | {"rooms": rooms}, step_up=True)
        for label in labels:
            _bind(centre, number, label, _desks(play) / f"{label}.pem")


def book(play: Play) -> None:
    """As many pods at each site as members are to sit there, from now on."""
    centre, since = play.who("centre"), play.now().replace(microsecond=0)
    window = {"since": clock.text(since), "until": clock.text(since + LONGEST), "purpose": "evaluation", "apart": True}
    for site in play.case_file.sites:
        body = window | {"site": _number(play, site["name"]), "seats": site["seats"], "booking": booking_number()}
        envelope, password = centre.do("signed", kind="venue.book", case=SITES, lot="", body=body)
        centre.send("/venues/bookings", {"envelope": envelope, "lot": play.number} | password)  # for which lot the statement does not say


def sit_down(play: Play, members: Mapping[str, Performer]) -> None:
    """Who sits where is drawn once everybody has signed in; each checks in at the workstation drawn, whose device signs too."""
    centre, path = play.who("centre"), "/evaluation/seating"
    body = centre.send(f"{play.lot_path}{path}/preparation")
    play.act(centre, f"{path}/draws", "seats.draw", body, step_up=True)
    together([(who, "sit_down", {"number": play.number, "desks": str(_desks(play))}) for who in members.values()])


def hand_back(play: Play) -> None:
    """What was booked for the lot was used until now, and counts as a session."""
    centre = play.who("centre")
    used = {"used": True, "until": clock.text(play.now())}
    for one in centre.get("/venues/bookings")["bookings"]:
        if one["lot"] == play.number:
            centre.act("/venues/closings", "venue.close", SITES, body=used | {"booking": one["booking"]})


def _desks(play: Play) -> Path:
    return play.stage.folder / "desks"


def _number(play: Play, name: str) -> str:
    return next(str(one["site"]) for one in play.who("centre").get("/sites")["sites"] if one["name"] == name)


def _pod(label: str) -> dict[str, Any]:
    stations = [{"station": label, "network": "评标专网", "cameras": 2}]
    return {"room": f"{int(label[1:])} 号舱", "kind": "pod", "seats": 0, "stations": stations}


def _bind(centre: Performer, site: str, label: str, kept: Path) -> None:
    device = SoftwareP256Signer.generate()
    digest = code_digest(code := centre.send(f"/sites/{site}/stations/{label}/code")["code"])
    spki = b64(device.key.spki)
    proof = b64(device.sign(jcs.canonical(offer(digest, spki))).sig)
    with suppress(ActorFault):  # a code serves once: if the answer was lost the offer stands, and else the signature below is refused
        centre.send("/stations/offers", {"code": code, "spki": spki, "proof": proof})
    offered = {"spki": spki, "key_id": device.key.key_id, "proof": proof, "code_sha256": digest}
    centre.act("/stations/bindings", "station.bind", SITES, body={"site": site, "station": label} | offered, step_up=True)
    kept.write_bytes(device.to_pem())
