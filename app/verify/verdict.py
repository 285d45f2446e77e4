"""What the verifier says: one finding a check, and the fault that names what broke."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from app.verify.archive import ArchiveFault
from core.kernel.errors import Refusal

ODDITIES = (KeyError, ValueError, TypeError, AttributeError, IndexError, AssertionError, ArithmeticError)
"""What Python raises where something malformed is read: nobody's fault but the package's."""


class Broken(Exception):
    """Something does not hold: in which member, and what; `what` is a code of `wording`, `facts` fill its gaps."""

    def __init__(self, member: str, what: str, /, **facts: object) -> None:
        super().__init__(f"{member}: {what} {facts or ''}".rstrip())
        self.member, self.what, self.facts = member, what, facts


@dataclass(frozen=True, slots=True)
class Finding:
    """The outcome of one check: figures in `detail` where it held; else what broke (a code of `wording`, its facts) in which member."""

    check: str
    holds: bool
    detail: str = ""
    member: str = ""
    code: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)
    lot: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """What a reader should know although nothing is broken: a code of `wording`, with what fills its gaps."""

    code: str
    facts: Mapping[str, object]


@dataclass
class Verdict:
    """All findings in the order of the checks; the package is accepted when all hold."""

    case: str = ""
    findings: list[Finding] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    sees: Callable[[str], None] | None = None
    lot: str = ""  # the lot that is being replayed

    @property
    def holds(self) -> bool:
        """Whether the package is accepted."""
        return bool(self.findings) and all(finding.holds for finding in self.findings)

    def note(self, code: str, **facts: object) -> None:
        """Notes something for the reader, once."""
        if (made := Note(code, facts)) not in self.notes:
            self.notes.append(made)

    @contextmanager
    def check(self, name: str) -> Iterator[list[str]]:
        """Runs one check; what its block appends is the finding's detail. A fault ends this check, and is its finding."""
        said: list[str] = []
        if self.sees is not None:
            self.sees(name)
        try:
            yield said
        except Broken as broken:
            self._fail(name, broken.member, broken.what, broken.facts)
        except ArchiveFault as fault:
            self._fail(name, fault.member, fault.what, {})
        except Refusal as refusal:
            self._fail(name, "", refusal.code, refusal.facts)
        except ODDITIES as fault:
            self._fail(name, "", "malformed", {"fault": f"{type(fault).__name__}: {fault}"[:200]})
        else:
            self.findings.append(Finding(name, True, "; ".join(part for part in said if part), lot=self.lot))

    def _fail(self, check: str, member: str, code: str, facts: Mapping[str, object]) -> None:
        self.findings.append(Finding(check, False, member=member, code=code, facts=facts, lot=self.lot))


@contextmanager
def inside(member: str) -> Iterator[None]:
    """Says of a refusal that happens in here which member it is about."""
    try:
        yield
    except Refusal as refusal:
        raise Broken(member, refusal.code, **refusal.facts) from None
    except ODDITIES as fault:
        raise Broken(member, "malformed", fault=f"{type(fault).__name__}: {fault}"[:120]) from None
