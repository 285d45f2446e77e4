"""What the verifier says: one finding a check, and the fault that names what broke."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from app.verify.archive import ArchiveFault
from core.kernel.errors import Refusal


class Broken(Exception):
    """Something does not hold: in which member, and what; `what` is a code of `wording`, `facts` fill its gaps."""

    def __init__(self, member: str, what: str, **facts: object) -> None:
        super().__init__(f"{member}: {what} {facts or ''}".rstrip())
        self.member, self.what, self.facts = member, what, facts


@dataclass(frozen=True, slots=True)
class Finding:
    """The outcome of one check; `detail` is a figure or, when it failed, what broke and where."""

    check: str
    holds: bool
    detail: str = ""
    member: str = ""


@dataclass
class Verdict:
    """All findings in the order of the checks; the package is accepted when all hold."""

    case: str = ""
    findings: list[Finding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Whether the package is accepted."""
        return bool(self.findings) and all(finding.holds for finding in self.findings)

    @contextmanager
    def check(self, name: str) -> Iterator[list[str]]:
        """Runs one check; what its block appends is the finding's detail. A fault ends this check, and is its finding."""
        said: list[str] = []
        try:
            yield said
        except Broken as broken:
            facts = ", ".join(f"{key}={value}" for key, value in broken.facts.items())
            self.findings.append(Finding(name, False, broken.what + (f" ({facts})" if facts else ""), broken.member))
        except ArchiveFault as fault:
            self.findings.append(Finding(name, False, fault.what, fault.member))
        except Refusal as refusal:
            self.findings.append(Finding(name, False, str(refusal)))
        else:
            self.findings.append(Finding(name, True, "; ".join(said)))


@contextmanager
def inside(member: str) -> Iterator[None]:
    """Says of a refusal that happens in here which member it is about."""
    try:
        yield
    except Refusal as refusal:
        raise Broken(member, refusal.code, **refusal.facts) from None
    except (KeyError, ValueError, TypeError, AttributeError, IndexError) as fault:
        raise Broken(member, "malformed", fault=f"{type(fault).__name__}: {fault}"[:120]) from None
