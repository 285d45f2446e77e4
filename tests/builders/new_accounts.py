"""A refund that came back because its account was closed, the firm that asks for another account, and two persons of finance."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from core.identity.services.acts import SignedRequest
from core.kernel import uploads
from core.kernel.ids import PersonId, new_id
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Work
from deposits.services import new_accounts
from tests.builders.deposits import World
from tests.builders.people import Person

OTHER = "621000777701"
"""The account that the firm asks for."""
Service = Callable[[Work, str, SignedRequest], dict[str, JSON]]


@dataclass
class Refused:
    """The first firm's refund has come back with AC04."""

    world: World
    firm: Person
    clerks: list[Person]

    @property
    def refund(self) -> str:
        """The refund that failed."""
        return self.world.view(self.firm).refunds[0].id

    @property
    def case(self) -> str:
        """The chain of the lot's deposits."""
        return f"D-{self.world.number}"

    def act(self, service: Service, who: Person, kind: str, body: dict[str, Any]) -> dict[str, JSON]:
        """Signs and does it."""
        request = who.act(kind, self.case, body=body, step_up=True)
        return self.world.door.perform(who.actor, lambda work: service(work, self.world.number, request))

    def proof(self, who: Person | None = None, content: bytes = b"%PDF-1.7 opened") -> dict[str, JSON]:
        """A file that the firm has uploaded, as a statement names it."""
        owner, digest = who or self.firm, hashlib.sha256(content).hexdigest()

        def upload(work: Work) -> None:
            at = work.now()
            row = uploads.Upload(id=new_id(at), owner_id=PersonId(owner.person), length=len(content), acknowledged=len(content))
            row.sha256, row.created_at, row.expires_at, row.practice = digest, at, at + timedelta(days=7), False
            work.session.add(row)

        self.world.door.perform(owner.actor, upload)
        return {"name": "开户证明.pdf", "sha256": digest, "size": len(content)}

    def body(self, **changes: Any) -> dict[str, Any]:
        """What the firm signs."""
        payee = {"name": self.firm.org_name, "account": OTHER, "bank": "建设银行临江支行"}
        said = {"refund": self.refund, "firm": self.firm.org_name, "reason": "原账户已销户。"}
        return said | payee | {"proof": changes.pop("proof", None) or [self.proof()]} | changes

    def ask(self, by: Person | None = None, **changes: Any) -> str:
        """The firm asks; the digest of its statement."""
        return str(self.act(new_accounts.ask, by or self.firm, "account.ask", self.body(**changes))["request_sha256"])

    def approve(self, request: str, clerk: int = 0, **changes: Any) -> dict[str, JSON]:
        """A person of finance approves."""
        body = {"request_sha256": request, "account": OTHER} | changes
        return self.act(new_accounts.approve, self.clerks[clerk], "account.approve", body)

    def refuse(self, request: str, clerk: int = 0) -> dict[str, JSON]:
        """A person of finance refuses."""
        body = {"request_sha256": request, "reason": "证明不清晰。"}
        return self.act(new_accounts.refuse, self.clerks[clerk], "account.refuse", body)


def refused(world: World, firm_no: int = 0, close: bool = True) -> Refused:
    """Of a world with firms: one's deposit could not be paid back. `close` False: its deadline has passed already."""
    firm = world.firms[firm_no]
    clerks = [world.crowd.join(Role.FINANCE, "临江市公共资源交易中心") for _ in range(2)]
    if close:
        world.paid(*world.firms)
        world.close(*world.firms)
    world.sandbox.books.close_account(world.account_of(firm))
    world.sandbox.books.open_account(OTHER, firm.org_name)
    world.schedule(*world.firms)
    world.send()
    world.read_notices()
    return Refused(world, firm, clerks)
