"""Two web processes serve one room behind nginx: the same numbers for everybody, nothing lost when one is killed, or Redis with it."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator

import httpx
import pytest

from tests import postgres
from tests.browser.chromium import chromium
from tests.contract.processes import CASE, Stack, Watcher, stack, until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def site(postgres_server: postgres.Server, postgres_template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    name = postgres_server.copy(postgres_template)
    with stack(tmp_path_factory.mktemp("processes"), postgres_server.url(name)) as running:
        yield running
    postgres_server.drop(name)


def say_all(site: Stack, numbers: range, voices: int = 4) -> None:
    """Says numbers with several voices at once, spread over the processes by nginx."""
    shares = [
        threading.Thread(target=lambda part=part: [site.say(n) for n in part]) for part in (numbers[v::voices] for v in range(voices))
    ]
    for share in shares:
        share.start()
    for share in shares:
        share.join()


def numbers(watcher: Watcher) -> list[tuple[int, int]]:
    return [(entry["seq"], entry["data"]["n"]) for entry in watcher.entries]


def all_have_all(site: Stack, watchers: list[Watcher], said: range) -> None:
    """Everybody ends with the stored stream, number by number, and what was said is in it."""
    stored = [(entry["seq"], entry["data"]["n"]) for entry in site.stored()]
    assert [seq for seq, _ in stored] == list(range(1, len(stored) + 1))
    assert set(said) <= {n for _, n in stored}
    until(lambda: all(watcher.seq == stored[-1][0] for watcher in watchers))
    assert all(numbers(watcher) == stored for watcher in watchers)
    for watcher in watchers:
        watcher.leave()


def test_what_is_said_in_one_process_is_heard_in_both_under_the_same_numbers(site: Stack) -> None:
    watchers = [Watcher(site, process) for process in (0, 1, 0, 1)] + [Watcher(site)]
    asked = [watcher.asked for watcher in watchers]
    say_all(site, range(1000, 1080))
    all_have_all(site, watchers, range(1000, 1080))
    assert [watcher.asked for watcher in watchers] == asked  # pushed in order, whoever had numbered it


def test_nothing_is_lost_when_a_process_is_killed(site: Stack) -> None:
    watchers = [Watcher(site) for _ in range(8)] + [Watcher(site, 0), Watcher(site, 1)]
    before = [watcher.joined for watcher in watchers]
    saying = threading.Thread(target=say_all, args=(site, range(2000, 2200)))
    saying.start()
    time.sleep(0.7)
    site.kill("0")
    saying.join()
    all_have_all(site, watchers, range(2000, 2200))
    assert any(watcher.joined > joined for watcher, joined in zip(watchers, before, strict=True))  # some were on the line that broke
    site.start_process(0)
    site.ready(0)
    late = [Watcher(site, 0), Watcher(site, 1)]
    say_all(site, range(2200, 2220))
    all_have_all(site, late, range(2000, 2220))


def test_rooms_go_on_without_redis(site: Stack) -> None:
    watchers = [Watcher(site, 0), Watcher(site, 1)]
    site.kill("redis")
    say_all(site, range(3000, 3020))
    all_have_all(site, watchers, range(3000, 3020))
    site.start_redis()
    time.sleep(2)
    watchers = [Watcher(site, 0), Watcher(site, 1)]
    say_all(site, range(3020, 3030))
    all_have_all(site, watchers, range(3020, 3030))


def test_a_seat_in_one_process_is_seen_in_the_other(site: Stack) -> None:
    host, seat = Watcher(site, 1), Watcher(site, 0, "&seat=3")
    until(lambda: [told["here"] for told in _seats(host)] == [True], 60)
    seat.leave()
    began = time.monotonic()
    until(lambda: [told["here"] for told in _seats(host)] == [False], 60)
    assert time.monotonic() - began < 6
    host.leave()


def _seats(watcher: Watcher) -> list[dict[str, object]]:
    return watcher.presence[-1]["seats"] if watcher.presence else []


def test_a_workstation_heard_in_one_process_is_judged_in_both_and_is_red_within_five_seconds_when_that_one_is_killed(site: Stack) -> None:
    def sign(process: int) -> None:
        assert httpx.post(f"http://127.0.0.1:{site.ports[process]}/desk/5", timeout=10).status_code == 200

    def level(process: int) -> str:
        told: dict[str, str] = httpx.get(f"http://127.0.0.1:{site.ports[process]}/desks", timeout=10).json()
        return told.get("5", "")

    sign(0)
    until(lambda: level(1) == "good", 60)
    assert level(0) == "good"
    began = time.monotonic()
    until(lambda: level(0) == level(1) == "bad", 60)
    assert time.monotonic() - began < 5
    sign(0)
    until(lambda: level(1) == "good", 60)
    site.kill("0")
    began = time.monotonic()
    until(lambda: level(1) == "bad", 60)
    assert time.monotonic() - began < 5
    site.start_process(0)
    site.ready(0)
    sign(0)
    until(lambda: level(1) == "good", 60)
    site.kill("redis")  # what is not heard of is not judged
    until(lambda: level(1) == "", 60)
    assert level(0) in ("good", "bad")
    site.start_redis()

    def heard_again() -> bool:
        sign(0)
        return level(1) == "good"

    until(heard_again, 60)


def test_whoever_polls_comes_back_to_the_same_process(site: Stack) -> None:
    with httpx.Client(verify=site.trust(), timeout=30) as client:
        for _ in range(10):
            at = f"{site.url}/socket.io/?EIO=4&transport=polling"
            at += "&sid=" + json.loads(client.get(at).text[1:])["sid"]
            assert client.post(at, content="40/opening,").status_code == 200
            assert client.get(at).text.startswith("40/opening,{")
            client.post(at, content=f'42/opening,1["join",{{"case":"{CASE}"}}]')
            assert '43/opening,1[{"ok":true' in client.get(at).text


def test_a_page_that_is_open_loses_nothing_when_its_process_is_killed(site: Stack) -> None:
    with chromium() as browser:
        context = browser.new_context(ignore_https_errors=True)
        page = context.new_page()
        page.add_init_script("window.heard = []; document.addEventListener('gh:entry', (e) => window.heard.push(e.detail.seq));")
        page.goto(f"{site.url}/stage")

        def has_all() -> bool:
            return page.evaluate("() => window.heard") == list(range(1, len(site.stored()) + 1))

        until(has_all)
        site.say(4000)
        site.kill("0")
        say_all(site, range(4001, 4006))
        until(has_all)
        site.start_process(0)
        site.ready(0)
        site.kill("1")  # one of the two had the page
        say_all(site, range(4020, 4030))
        until(has_all)
