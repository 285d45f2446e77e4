"""A process under load that tests kill: `python -m tests.contract.door_load URL NAME CALLERS SECONDS` prints each acknowledged token."""

from gevent import monkey

monkey.patch_all()

import os  # noqa: E402
import random  # noqa: E402
import sys  # noqa: E402
from time import monotonic  # noqa: E402

import gevent  # noqa: E402

os.environ.setdefault("PSYCOPG_WAIT_FUNC", "wait_c")  # only native threads touch the database

from core.kernel.actor import SYSTEM_ACTOR  # noqa: E402
from core.kernel.db import open_engine  # noqa: E402
from core.kernel.errors import RuleBroken  # noqa: E402
from core.kernel.signing import Ed25519Signer  # noqa: E402
from core.kernel.work import Door  # noqa: E402
from tests.kernel.world import PROJECTIONS, step  # noqa: E402


def main(url: str, name: str, callers: int, seconds: float) -> None:
    """Moves shared and own counters from many greenlets; every tenth use case is refused after it has written."""
    door = Door(open_engine(url), Ed25519Signer.from_seed(bytes(range(32))), projections=PROJECTIONS, group=16)
    until = monotonic() + seconds
    out = os.fdopen(1, "wb", buffering=0)

    def caller(number: int) -> None:
        count, chance = 0, random.Random(f"{name}{number}")
        while monotonic() < until:
            token = f"{name}-{number}-{count}"
            count += 1
            counter, case, refuse = f"c{chance.randrange(8)}", f"C-{chance.randrange(5)}", chance.random() < 0.1
            try:
                door.perform(
                    SYSTEM_ACTOR,
                    lambda work, counter=counter, token=token, case=case, refuse=refuse: step(work, counter, token, case, refuse),
                )
            except RuleBroken:
                continue
            except Exception as error:  # printed for the test to judge
                print(f"error {type(error).__name__} {token}", file=sys.stderr)
                continue
            os.write(out.fileno(), f"{token}\n".encode())

    gevent.joinall([gevent.spawn(caller, number) for number in range(callers)])
    door.close()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4]))
