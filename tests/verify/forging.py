"""A forger who holds every key: platform, log, witness, authority and all persons. What is refused then is refused for what it says."""

from __future__ import annotations

import io
import json
import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count, pairwise
from pathlib import Path
from typing import Any

from app.sandbox.state import StateFolder
from app.verify import archive
from app.verify.layout import MANIFEST, MANIFEST_DSSE, UNLISTED, manifest_lines
from core.kernel import clock, jcs, merkle
from core.kernel.chain import event_data
from core.kernel.checkpoint import Checkpoint, Note, TlogProof, cosign, cosigned_at, read_note, sign_note
from core.kernel.dsse import Envelope, read_envelope
from core.kernel.encoding import b64, sha256, unb64
from core.kernel.evidence import Placement
from core.kernel.signing import Ed25519Signer, Signer, sign
from core.kernel.trust import TrustPolicy
from evaluation.domain.seating import SeatDrawBody, assign, label, mixed

ALONE = ("receipt", "seal.late", "prequalification.result")  # no line of statements runs through these
DEPOSITS = re.compile(r"(?:deposits/[^/]+|pool)(?=/)")  # and the agreements beside the catalogue of sites
BESIDE = re.compile(r"(platform|archived|rates|recordings)/[0-9]+[.]json")  # of other chains: logged anew, said as they were
DIGEST = re.compile(r"[0-9a-f]{64}")
Said = dict[str, Any]
"""One event as a forger edits it: `payload` (the statement's members), `keys` (who signs), `at`, `leaf`."""


def packed(members: Mapping[str, bytes]) -> bytes:
    """The archive of these members."""
    held = io.BytesIO()
    archive.write(held, list(members.items()))
    return held.getvalue()


def listed(members: Mapping[str, bytes], platform: Signer) -> dict[str, bytes]:
    """The members under a fresh manifest that the platform has signed; its time stamp is gone."""
    kept = {name: content for name, content in members.items() if name not in UNLISTED}
    manifest = manifest_lines({name: sha256(content).hex() for name, content in kept.items()})
    payload = jcs.canonical({"type": "manifest", "sha256": sha256(manifest).hex()})
    return kept | {MANIFEST: manifest, MANIFEST_DSSE: sign(payload, platform).to_bytes()}


@dataclass
class Case:
    """A package with all the keys behind it."""

    path: Path
    policy: TrustPolicy
    platform: Ed25519Signer
    log: Ed25519Signer
    witness: Ed25519Signer
    signers: dict[str, Signer] = field(default_factory=dict)
    recorded: Path | None = None  # the package with its recordings, where one was made

    @classmethod
    def of(cls, made: Any, path: Path, folder: Path) -> Case:
        """The case of a world that was played."""
        tender, room = made.hall.tender, made.room
        witness = Ed25519Signer.from_seed(StateFolder(folder / "witness").read("key") or b"")
        people = [tender.agency, tender.tenderer, tender.centre, tender.supervisor, *tender.bidders, *made.hall.officers.values()]
        people += [*room.experts, *room.award_members, *made.partners.values()]
        platform = tender.door.platform
        signers: dict[str, Signer] = {platform.key.key_id: platform}
        for person in people:
            signers |= {person.signer.key.key_id: person.signer, person.authenticator.key.key_id: person.authenticator}
        return cls(path, made.policy, platform, made.log.key, witness, signers)

    @property
    def unstamped(self) -> TrustPolicy:
        """The policy of somebody who trusts no time stamps: what a forger cannot forge is left out of the comparison."""
        return replace(self.policy, tsa_roots=frozenset())

    def story(self, members: Mapping[str, bytes], folder: str = "events") -> list[Said]:
        """The events of a chain, ready to be edited."""
        found = []
        for name in sorted(name for name in members if name.startswith(f"{folder}/") and not name.endswith(".proof.json")):
            event, proof = json.loads(members[name]), json.loads(members[name.replace(".json", ".proof.json")])
            envelope = read_envelope(event["dsse"])
            keys = [line.keyid for line in envelope.signatures]
            payload = json.loads(envelope.payload)
            found.append({"payload": payload, "old": sha256(envelope.payload).hex(), "keys": keys, "at": event["received_at"]})
            found[-1] |= {"leaf": proof["leaf_index"], "case": event["case"], "envelope": envelope}
        return found

    def forge(self, members: Mapping[str, bytes], edit: Callable[[list[Said]], object], folder: str = "events") -> dict[str, bytes]:
        """The package of a story that was edited, in the chain of this folder: everything signed, linked, logged and witnessed anew; the
        chains of deposits are told after the case's own, so that they name its statements as they are now."""
        others = sorted({found[0] for name in members if (found := DEPOSITS.match(name))})
        stories = {name: self.story(members, name) for name in ("events", *others)}
        edit(stories[folder])
        return _Forge(self, dict(members), stories).made()


@dataclass
class _Forge:
    case: Case
    members: dict[str, bytes]
    stories: Mapping[str, Sequence[Said]]
    renamed: dict[str, str] = field(default_factory=dict)
    envelopes: list[Envelope] = field(default_factory=list)

    def made(self) -> dict[str, bytes]:
        """The members of the forged package."""
        salts: dict[str, bytes] = {}
        told = [one for folder, story in self.stories.items() for one in self._chain(folder, story, salts)]
        gone = (*(f"{folder}/" for folder in self.stories), "batches/", "checkpoints/", "consistency/")
        names = [name for name in self.members if not name.startswith(gone)]
        kept = {name: self.members[name] for name in names if not name.endswith((".tsr", ".seal.dsse.json", ".release.dsse.json"))}
        for name in sorted(name for name in kept if BESIDE.fullmatch(name)):
            proof = json.loads(kept[name.replace(".json", ".proof.json")])
            salts[name] = unb64(proof["salt"], 32)  # kept: the next event of such a chain names this one by its commitment
            told.append((name, kept[name], proof["leaf_index"]))
        kept |= self._logged(told, salts)
        kept |= self._bids()
        kept |= dict(self._papers(kept))
        return listed(kept, self.case.platform)

    def _chain(self, folder: str, story: Sequence[Said], salts: dict[str, bytes]) -> list[tuple[str, bytes, int]]:
        """One chain told anew: (member, bytes, leaf) of each event, each holding the one before."""
        made, prev = [], ""
        heads: dict[str, str] = {}
        for number, said in enumerate(story):
            envelope = self._say(said, heads)
            self.envelopes.append(envelope)
            data = event_data(said["case"], number, prev, clock.moment(said["at"]), envelope)
            name = f"{folder}/{number:06d}.json"
            salts[name] = secrets.token_bytes(32)
            prev = merkle.commit(salts[name], data).hex()
            made.append((name, data, said["leaf"]))
        return made

    def _say(self, said: Said, heads: dict[str, str]) -> Envelope:
        payload = json.loads(self._substituted(json.dumps(said["payload"], ensure_ascii=False)))
        who = payload["actor"]["id"].rpartition(":")[2]
        if payload["type"] != "case.close":
            payload["prev"] = "" if payload["type"] in ALONE else heads.get(who, "")
        if payload["type"] == "document.publish":
            rest = {name: value for name, value in payload["body"].items() if name != "document_sha256"}
            made = said.get("document_sha256") or sha256(jcs.canonical(rest)).hex()
            self.renamed[payload["body"]["document_sha256"]] = payload["body"]["document_sha256"] = made
        if payload["type"] == "opening.record":
            self._rewrite_record(payload["body"])
        content = jcs.canonical(payload)
        if payload["type"] == "seats.draw" and content != said["envelope"].payload:
            content = self._as_it_came_out(payload)
        envelope = (
            said["envelope"] if content == said["envelope"].payload else sign(content, *(self.case.signers[key] for key in said["keys"]))
        )
        self.renamed[said["old"]] = sha256(envelope.payload).hex()
        if payload["type"] not in ALONE:
            heads[who] = self.renamed[said["old"]]
        return envelope

    def _as_it_came_out(self, payload: dict[str, Any]) -> bytes:
        """The centre's word under which the workstations come out as they did, whose devices are not the forger's: of some thousand nonces
        one does it, for who knows what the platform has committed to."""
        body, case = SeatDrawBody.read(payload["body"]), payload["case"]
        told = [one["payload"]["body"] for one in self.stories["events"] if one["payload"]["type"] == "seats.drawn"][body.no - 1]
        stations = {str(one["seat"]): one["station"] for one in told["seats"]}
        seats = sorted(((str(one["seat"]), str(one["site"])) for one in told["seats"]), key=lambda one: int(one[0]))
        name, secret = label(payload["lot"], body.no), bytes.fromhex(told["secret"])
        for number in count():
            content = jcs.canonical(payload | {"nonce": f"{number:032x}"})
            found = assign(mixed(case, name, body, secret, sha256(content).hex()), body, seats)
            if {code: spot.station for code, spot in found.items()} == stations:
                return content
        raise AssertionError

    def _substituted(self, text: str) -> str:
        return DIGEST.sub(lambda found: self.renamed.get(found[0], found[0]), text)

    def _rewrite_record(self, body: dict[str, Any]) -> None:
        old = body["record_sha256"]
        paper = self.members.get(f"papers/{old}")
        if paper is not None:
            content = self._substituted(paper.decode()).encode()
            body["record_sha256"] = self.renamed[old] = sha256(content).hex()
            self.members[f"papers/{body['record_sha256']}"] = content

    def _papers(self, kept: Mapping[str, bytes]) -> list[tuple[str, bytes]]:
        return [(name, content) for name, content in self.members.items() if name.startswith("papers/") and name not in kept]

    def _bids(self) -> dict[str, bytes]:
        """The statements beside each ciphertext, as the new events have them."""
        made: dict[str, bytes] = {}
        bodies = [(json.loads(envelope.payload), envelope) for envelope in self.envelopes]
        for name in [name for name in self.members if name.endswith(".age")]:
            cipher = sha256(self.members[name]).hex()
            place = name.removesuffix(".age")
            for said, envelope in bodies:
                if said["type"] == "seal" and said["body"]["ct_sha256"] == cipher:
                    made[f"{place}.seal.dsse.json"] = envelope.to_bytes()
                    pub = said["body"]["bid_pub"]
                    keys = [
                        one.to_json()
                        for what, one in bodies
                        if what["type"] in ("release", "share-release") and what["body"]["bid_pub"] == pub
                    ]
                    if keys:
                        made[f"{place}.release.dsse.json"] = jcs.canonical({"releases": list(keys)})
        return made

    def _logged(self, events: Sequence[tuple[str, bytes, int]], salts: Mapping[str, bytes]) -> dict[str, bytes]:
        """Events, their proofs, batches, checkpoints and consistency under a new log of the same shape."""
        sizes = sorted(int(name[12:21]) for name in self.members if name.startswith("checkpoints/") and name.endswith(".txt"))
        made: dict[str, bytes] = {}
        roots: list[bytes] = []
        for leaf in range(max(sizes)):
            mine = [(name, data) for name, data, at in events if at == leaf]
            batch = merkle.build_batch([merkle.commit(salts[name], data) for name, data in mine], secrets.token_bytes(32))
            roots.append(batch.root)
            for (name, data), place in zip(mine, batch.places, strict=True):
                placed = Placement(salts[name], leaf, place, tuple(batch.path(place)))
                made |= {name: data, name.replace(".json", ".proof.json"): jcs.canonical(placed.to_json())}
        read = merkle.reader([merkle.leaf_hash(root) for root in roots])
        notes = {size: self._note(size, merkle.root(size, read)) for size in sizes}
        for leaf in sorted({at for _, _, at in events}):
            proof = TlogProof(leaf, tuple(merkle.inclusion_proof(leaf, sizes[-1], read)), notes[sizes[-1]])
            made[f"batches/{leaf}.tlog-proof"] = str(proof).encode()
        for size in sizes:
            made[f"checkpoints/{size:09d}.txt"] = str(notes[size]).encode()
        for old, new in pairwise(sizes):
            path: list[jcs.JSON] = [b64(node) for node in merkle.consistency_proof(old, new, read)]
            made[f"consistency/{old:09d}-{new:09d}.json"] = jcs.canonical({"old": old, "new": new, "proof": path})
        return made

    def _note(self, size: int, root: bytes) -> Note:
        origin = self.case.policy.logs[0].name
        note = sign_note(Checkpoint(origin, size, root).text, origin, self.case.log.private)
        [(witness, key)] = self.case.policy.witnesses.items()
        at = cosigned_at(read_note(self.members[f"checkpoints/{size:09d}.txt"].decode()), key)
        assert at is not None
        return note.plus(cosign(note.text, witness, self.case.witness.private, at))
