"""Native threads that meet in a patched process: none may wait for ever. (Uploads of a play once hung for good at a lock of gevent's.)"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

MEETING = """
from core.kernel.waiting import patch_process
patch_process()
import os, sys
from pathlib import Path
import gevent
from gevent import get_hub

{before}
sys.setswitchinterval(1e-6)  # threads are interrupted everywhere
meeting = [gevent.spawn(lambda n=n: [get_hub().threadpool.apply(lambda: {task}) for _ in range(20)]) for n in range(12)]
gevent.joinall(meeting, timeout=100)
print(sum(each.successful() for each in meeting), flush=True)
os._exit(0)  # whoever waits for ever is not waited for
"""
FILES = """
from core.kernel.files import FileStore
import hashlib
store, none = FileStore(Path(sys.argv[1])), hashlib.sha256()
def meet(n):
    for _ in range(200):
        store.keep_digest(str(n), 1, store.take_digest(str(n), 1) or none)
"""
LINES = """
import logging
from core.web import logs
logs.configure()
log = logging.getLogger("meeting")
def meet(n):
    for i in range(20):
        log.info("line %d", i)
"""
SEALED = """
from core.kernel.sealedlog import SEALED, keep
keep(Path(sys.argv[1]) / "sealed.log")
def meet(n):
    for i in range(20):
        SEALED.warning("line %d", i)
"""


@pytest.mark.parametrize("before", [FILES, LINES, SEALED], ids=["running digests", "log lines", "sealed lines"])
def test_native_threads_that_meet_all_come_back(before: str, tmp_path: Path) -> None:
    script = MEETING.format(before=before, task="meet(n)")
    done = subprocess.run([sys.executable, "-c", script, str(tmp_path)], capture_output=True, text=True, check=True, timeout=300)
    assert done.stdout.strip() == "12"
