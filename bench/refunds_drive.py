"""Drives the platform of the measurement of refunds, and kills it and the bank at moments spread over all that is left to do."""

from __future__ import annotations

import random
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

from tests.contract.test_deposits_crash import BankProcess

ROOT = Path(__file__).resolve().parent.parent
LATER = 0.3  # s at most between the step at which a process is to be killed and the kill: any line of code may be the last


@dataclass(slots=True)
class Plan:
    """At how many steps left whom to kill, soonest first; and what has happened so far."""

    bank_at: list[float]
    platform_at: list[float]
    chance: random.Random
    bank_kills: int = 0
    platform_kills: int = 0
    crashes: int = 0  # ends of the platform that nobody asked for
    cpu: list[float] = field(default_factory=list)  # s, of each life of the platform


def plan(refunds: int, bank_kills: int, platform_kills: int, seed: int) -> Plan:
    """Each refund has two steps. The bank is killed at even distances, the platform at random ones."""
    chance, steps = random.Random(seed), 2 * refunds
    bank_at = [steps * (bank_kills - n) / (bank_kills + 1) for n in range(bank_kills)]
    platform_at = sorted((chance.uniform(0.01, 1) * steps for _ in range(platform_kills)), reverse=True)
    return Plan(bank_at, platform_at, chance)


def drive(bank: BankProcess, command: list[str], wanted: Plan) -> None:
    """Starts the platform anew until it says that it is done."""
    while True:
        platform = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        kills = wanted.platform_kills
        done = _live(platform, bank, wanted)
        platform.communicate()
        if done:
            return
        wanted.crashes += wanted.platform_kills == kills


def _live(platform: subprocess.Popen[str], bank: BankProcess, wanted: Plan) -> bool:
    """One life of the platform; True when it has done all."""
    assert platform.stdout is not None
    wanted.cpu.append(0.0)
    done = killed = False
    for line in platform.stdout:
        done |= line == "done\n"
        steps, _, cpu = line.partition(" ")
        if not steps.isdigit():
            continue
        wanted.cpu[-1] = float(cpu)
        if wanted.bank_at and int(steps) <= wanted.bank_at[0]:
            wanted.bank_at.pop(0)
            bank.kill()
            bank.start()
            wanted.bank_kills += 1
        if not killed and wanted.platform_at and int(steps) <= wanted.platform_at[0]:
            wanted.platform_at.pop(0)
            time.sleep(wanted.chance.uniform(0, LATER))
            killed = platform.poll() is None
            platform.kill()
            wanted.platform_kills += killed
    return done
