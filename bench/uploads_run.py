"""The clients of the upload measurement, in a process of their own: `python -m bench.uploads_run HOST PORT COOKIE COUNT BYTES`.

COUNT threads, each with a connection of its own, begin an upload of BYTES and send it in parts of 8 MiB, all at once. A thread beside them
asks for `/healthz` every 20 ms. Prints JSON: {"seconds", "others_ms": [p50, worst]}.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from http.client import HTTPConnection
from statistics import median

PART = 8 * 1024**2
TUS = {"Tus-Resumable": "1.0.0"}


def main() -> None:
    """Sends everything, says how long it took."""
    if sys.argv[1] == "probe":
        probe(sys.argv[2], int(sys.argv[3]))
        return
    host, port, cookie, count, size = sys.argv[1], int(sys.argv[2]), sys.argv[3], int(sys.argv[4]), int(sys.argv[5])
    content = memoryview(os.urandom(size))
    ready = threading.Barrier(count + 1)
    faults: list[str] = []
    threads = [threading.Thread(target=send, args=((host, port), cookie, content, ready, faults)) for _ in range(count)]
    for thread in threads:
        thread.start()
    prober = subprocess.Popen(
        [sys.executable, "-m", "bench.uploads_run", "probe", host, str(port)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert prober.stdout is not None
    prober.stdout.readline()
    ready.wait()
    began = time.monotonic()
    for thread in threads:
        thread.join()
    seconds = time.monotonic() - began
    told, _ = prober.communicate(b"")
    if faults:
        raise SystemExit(faults[0])
    print(json.dumps({"seconds": seconds, "others_ms": json.loads(told)}))


def send(address: tuple[str, int], cookie: str, content: memoryview, ready: threading.Barrier, faults: list[str]) -> None:
    """One upload."""
    try:
        line = HTTPConnection(*address, timeout=300)
        line.connect()
        ready.wait()
        line.request("POST", "/uploads/", headers={**TUS, "Cookie": cookie, "Upload-Length": str(len(content)), "Content-Length": "0"})
        begun = line.getresponse()
        begun.read()
        place = begun.headers["Location"]
        path = "/" + place.partition("://")[2].partition("/")[2]
        for offset in range(0, len(content), PART):
            part = content[offset : offset + PART]
            headers = {**TUS, "Cookie": cookie, "Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream"}
            line.request("PATCH", path, body=part, headers=headers | {"Content-Length": str(len(part))})
            answer = line.getresponse()
            answer.read()
            if answer.status != 204 or int(answer.headers["Upload-Offset"]) != offset + len(part):
                raise OSError(f"{answer.status}")
    except BaseException as fault:
        faults.append(f"{type(fault).__name__}: {fault}")
        ready.abort()


def probe(host: str, port: int) -> None:
    """Asks for something small every 20 ms until standard input ends; prints the median and the worst answer in ms."""
    over = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), over.set()), daemon=True).start()
    line = HTTPConnection(host, port, timeout=300)
    print("ready", flush=True)
    took: list[float] = []
    while not over.wait(0.02):
        began = time.monotonic()
        line.request("GET", "/healthz")
        line.getresponse().read()
        took.append(1000 * (time.monotonic() - began))
    print(json.dumps([median(took), max(took)] if took else [0.0, 0.0]))


if __name__ == "__main__":
    main()
