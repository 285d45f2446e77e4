"""A world with old deposits: two finance persons, firms, sheets of an old ledger, and the bank of the deposits' world."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from core.identity.services.acts import SignedRequest
from core.kernel import uploads
from core.kernel.calendar import legal_day
from core.kernel.files import FileStore
from core.kernel.ids import PersonId, new_id
from core.kernel.jcs import JSON
from core.kernel.money import Money
from core.kernel.roles import Role
from core.kernel.ticks import each
from core.kernel.work import Door, Work
from deposits.domain.account import COLLECTING
from deposits.domain.dormant import Material, Payer, Reason
from deposits.domain.dormant_said import chain_of
from deposits.domain.dormant_sheet import OldDeposit, Sheet
from deposits.models.dormant import DormantDeposit, DormantPayout, OldLedger
from deposits.queries import dormant as queries
from deposits.services import dormant_cases, dormant_ledgers, dormant_payouts
from tests.builders.deposits import World as Deposits
from tests.builders.deposits import world as deposits
from tests.builders.people import Person

Service = Callable[[Work, str, SignedRequest], dict[str, JSON]]
FIRM = "旧日建筑工程有限公司"
SLIP = b"%PDF-1.7 "
ACCOUNTS = {"refund": "6222000000009", "notary": "6222000000017", "treasury": "6222000000025"}


def old(n: int = 1, **changes: Any) -> OldDeposit:
    """An old deposit of 10,000 yuan a piece."""
    said: dict[str, Any] = {
        "old_ref": f"L-{n:04d}",
        "payer": FIRM,
        "uscc": "",
        "kind": Payer.FIRM,
        "project_number": "LJ2019-017",
        "project": "临江大道改造工程",
        "amount": Money.yuan("10000.00"),
        "received_on": date(2019, 3, 4),
        "due_on": date(2019, 6, 1),
        "bears_interest": True,
        "account": "6222000000001",
        "reason": Reason.NO_REFUND_REQUEST,
        "note": "",
    }
    return OldDeposit(**said | changes)


@dataclass
class World:
    """An old ledger and who works on it."""

    deposits: Deposits
    clerk: Person
    chief: Person
    firm: Person
    ledger: str = ""
    refs: int = field(default=0)
    files: FileStore | None = None  # where what is uploaded goes, if a test looks for it there

    @property
    def door(self) -> Door:
        """The platform's door."""
        return self.deposits.door

    def sign(self, who: Person, kind: str, service: Service, body: dict[str, JSON], *, where: str = "", plain: bool = False) -> Any:
        """A signed act on the old ledger's chain."""
        request = who.act(kind, chain_of(self.ledger), body=body, step_up=not plain)
        return self.door.perform(who.actor, lambda work: service(work, where or self.ledger, request))

    def preview(self, *rows: OldDeposit, file: str = "a") -> str:
        """A sheet was handed in."""
        sheet = Sheet(tuple(enumerate(rows, 2)), ())
        digest = hashlib.sha256(file.encode()).hexdigest()
        self.ledger = self.door.perform(self.clerk.actor, lambda work: dormant_ledgers.preview(work, sheet, "旧台账.xlsx", digest))
        return self.ledger

    def book_body(self, **changes: Any) -> dict[str, JSON]:
        """What the keeper signs for."""
        row = self.door.read(lambda session: _ledger(session, self.ledger))
        return {
            "ledger": row.number,
            "file_sha256": row.file_sha256,
            "rows_sha256": row.rows_sha256,
            "rows": row.rows,
            "total_fen": row.total.fen,
            "left_out": 0,
        } | changes

    def confirm(self, kind: str = "dormant.import", **changes: Any) -> None:
        """Finance signs, and the clock books all of it."""
        self.sign(self.clerk, kind, dormant_ledgers.confirm, self.book_body(**changes))
        self.book()

    def book(self) -> None:
        """What the tick does, until nothing is left."""
        while each(queries.to_book, dormant_ledgers.book)(self.door):
            pass

    def take_in(self, *rows: OldDeposit, file: str = "a", published: bool = True) -> None:
        """An old ledger on the platform, in the public list."""
        self.preview(*rows, file=file)
        self.confirm()
        if published:
            self.publish()

    def publish(self) -> None:
        """All of it is in the public list."""
        rows = [row for row in self.rows() if row.published_on is None]
        body: dict[str, JSON] = {"rows": len(rows), "total_fen": sum(row.amount.fen for row in rows)}
        self.sign(self.clerk, "dormant.publish", dormant_cases.publish, body)

    def rows(self) -> list[DormantDeposit]:
        """The deposits of the ledger."""
        return self.door.read(lambda session: _rows(session, self.ledger))

    def number(self, place: int = 1) -> str:
        """A row's number."""
        return f"{self.ledger}-{place:05d}"

    def state(self, place: int = 1) -> str:
        """How a row stands."""
        return next(row.state.value for row in self.rows() if row.number == self.number(place))

    def seek(self, *places: int) -> None:
        """The payers were looked for."""
        today = legal_day(self.deposits.now).isoformat()
        body: dict[str, JSON] = {
            "rows": [self.number(one) for one in places],
            "on": today,
            "channel": "phone",
            "result": "no_answer",
            "note": "",
        }
        self.sign(self.clerk, "dormant.contact", dormant_cases.contact, body, plain=True)

    def file(self, who: Person, name: str) -> dict[str, JSON]:
        """A file that this person has uploaded, as a statement names it."""
        content = SLIP + name.encode() + str(self.refs).encode()
        digest = hashlib.sha256(content).hexdigest()
        if self.files is not None:
            self.files.put(content)

        def upload(work: Work) -> None:
            at = work.now()
            row = uploads.Upload(
                id=new_id(at), owner_id=PersonId(who.person), length=len(content), acknowledged=len(content), sha256=digest
            )
            row.created_at, row.expires_at, row.practice = at, at + timedelta(days=7), False
            work.session.add(row)

        self.door.perform(who.actor, upload)
        return {"name": f"{name}.pdf", "sha256": digest, "size": len(content)}

    def claim_body(self, who: Person, place: int = 1, without: tuple[Material, ...] = (), **changes: Any) -> dict[str, JSON]:
        """A claim with all its materials but those."""
        self.refs += 1
        name = who.org_name if who.role is Role.BIDDER else FIRM
        files: dict[str, JSON] = {
            one.value: [] if one in without else [self.file(who, one.value)] for one in Material if one is not Material.CHANGE
        }
        said: dict[str, JSON] = {
            "row": self.number(place),
            "claimant": name,
            "uscc": who.uscc,
            "payee_name": name,
            "payee_account": "6222 0000 0000 9",
            "payee_bank": "建设银行临江支行",
            "contact": "王经理 13900000000",
            "text": "",
            Material.CHANGE.value: [],
        }
        return said | files | changes

    def claim(self, who: Person | None = None, place: int = 1, **changes: Any) -> str:
        """The firm, or finance for it, asks for a deposit; returns the digest of the statement."""
        who = who or self.firm
        body = self.claim_body(who, place, **changes)
        self.sign(who, "dormant.claim", dormant_cases.claim, body, where=self.number(place))
        return who.prev(chain_of(self.ledger))

    def move_in(self, amount: str, interest: str = "500.00") -> None:
        """The old account sends that much, with what it has earned, and finance says what it is."""
        total = Money.yuan(amount) + Money.yuan(interest)
        self.sign(self.clerk, "dormant.move_in", dormant_payouts.move_in, self.arrived(str(total), "", interest))

    def sign_arrival(self, payout: str, total: str) -> None:
        """A holder has sent that much back, and finance says for which payout."""
        self.sign(self.clerk, "dormant.restore", dormant_payouts.restore, self.arrived(total, payout, payer="临江市公证处"))

    def arrived(self, total: str, payout: str, interest: str = "0.00", payer: str = "临江市公共资源交易中心旧户") -> dict[str, JSON]:
        """That much has come, and what finance says of it."""
        amount = Money.yuan(total) - Money.yuan(interest)
        return {"ref": self.arrives(total, payer), "payout": payout, "amount_fen": amount.fen, "interest_fen": Money.yuan(interest).fen}

    def arrives(self, amount: str, payer: str = "临江市公共资源交易中心旧户") -> str:
        """Somebody pays to the collecting account; returns the bank's reference."""
        self.refs += 1
        answer = self.deposits.sandbox._pay(
            {"key": f"old-{self.refs}", "payer": payer, "payer_account": "621000100001", "to": COLLECTING.number, "amount": amount}
        )
        self.deposits.read_notices()
        return str(json.loads(answer.body)["ref"])

    def proposal(self, *places: int, way: str = "refund", claim: str = "", **changes: Any) -> dict[str, JSON]:
        """What the first person signs."""
        places = places or (1,)
        total = sum(row.amount.fen for row in self.rows() if row.number in {self.number(one) for one in places})
        payee = {"refund": FIRM, "notary": "临江市公证处", "treasury": "临江市财政局"}[way]
        said: dict[str, JSON] = {
            "payout": str(uuid4()),
            "way": way,
            "rows": [self.number(one) for one in places],
            "total_fen": total,
            "claim_sha256": claim,
            "payee_name": payee,
            "payee_account": ACCOUNTS[way],
            "payee_bank": "建设银行临江支行",
            "reason": "材料齐全，核对一致",
        }
        return said | changes

    def propose(self, *places: int, who: Person | None = None, **how: Any) -> tuple[str, int]:
        """The first person proposes; returns the digest of the proposal and its total."""
        who, body = who or self.clerk, self.proposal(*places, **how)
        if self.deposits.sandbox.books.name_of(str(body["payee_account"])) is None:
            self.deposits.sandbox._open({"number": body["payee_account"], "name": body["payee_name"]})
        self.sign(who, "dormant.propose", dormant_payouts.propose, body)
        return who.prev(chain_of(self.ledger)), int(str(body["total_fen"]))

    def decide(self, proposal: tuple[str, int], who: Person | None = None, agree: bool = True) -> None:
        """The second person decides."""
        body: dict[str, JSON] = {"proposal_sha256": proposal[0], "total_fen": proposal[1], "reason": "" if agree else "账号有误"}
        service = dormant_payouts.approve if agree else dormant_payouts.reject
        self.sign(who or self.chief, "dormant.approve" if agree else "dormant.reject", service, body)

    def run_bank(self) -> None:
        """The refund goes out, the bank answers, and what it says is settled."""
        self.deposits.send()
        self.deposits.read_notices()
        each(queries.to_settle, dormant_payouts.settle)(self.door)

    def payouts(self) -> list[DormantPayout]:
        """What was decided."""
        return self.door.read(lambda session: list(session.query(DormantPayout).order_by(DormantPayout.proposed_at)))

    def received(self, way: str = "refund") -> str:
        """What the bank says that the payee has got."""
        return str(self.deposits.sandbox.books.balance(ACCOUNTS[way]))

    def jump(self, **ahead: float) -> None:
        """Sets the clocks forward."""
        self.deposits.jump(timedelta(**ahead))


def _ledger(session: Any, number: str) -> OldLedger:
    return session.query(OldLedger).filter_by(number=number).one()  # type: ignore[no-any-return]


def _rows(session: Any, number: str) -> list[DormantDeposit]:
    ledger = _ledger(session, number)
    return list(session.query(DormantDeposit).filter_by(ledger_id=ledger.id).order_by(DormantDeposit.number))


@contextmanager
def world(door: Door, clock_file: Path, folder: Path) -> Iterator[World]:
    """Two finance persons and a firm that once paid; the bank runs as long as the block."""
    with deposits(door, clock_file, folder) as made:
        join = made.crowd.join
        clerk, chief = join(Role.FINANCE, COLLECTING.name, "钱会计"), join(Role.FINANCE, COLLECTING.name, "沈科长")
        yield World(made, clerk, chief, join(Role.BIDDER, FIRM, "王经理"))
