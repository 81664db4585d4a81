"""Worker processes: what they survive, and that nobody survives them."""

from __future__ import annotations

import operator
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.articles.extract import extract_page
from monitor.feeds.parse import FeedError, parse_feed
from monitor.workers import WorkerError, Workers

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    workers = Workers(count=2)
    yield workers
    workers.close()


def alive(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False


def wait_until_dead(pid: int, seconds: float = 3.0) -> bool:
    deadline = time.monotonic() + seconds
    while alive(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not alive(pid)


def test_a_result_comes_back_from_another_process(workers: Workers):
    assert workers.run(os.getpid, timeout=10).result(10) != os.getpid()
    assert workers.run(operator.add, 2, 3, timeout=10).result(10) == 5


@pytest.mark.parametrize(
    ("function", "args", "kind", "temporary"),
    [
        pytest.param(time.sleep, (30,), "timeout", False, id="takes too long"),
        pytest.param(sum, (range(10**12),), "timeout", False, id="takes too long without returning to Python"),
        pytest.param(bytearray, (3 << 30,), "memory", False, id="takes too much memory"),
        pytest.param(operator.truediv, (1, 0), "error", False, id="fails"),
        pytest.param(exec, ("import os, time; time.sleep(0.1); os._exit(3)",), "crash", True, id="ends its process"),
        pytest.param(exec, ("import ctypes, time; time.sleep(0.1); ctypes.string_at(0)",), "crash", True, id="crashes"),
        pytest.param(sys.exit, (0,), "error", False, id="exits"),
    ],
)
def test_a_task_that_goes_wrong_is_an_error_of_its_kind_and_harms_no_other(workers, function, args, kind, temporary):
    neighbour = workers.run(time.sleep, 0.1, timeout=10)
    started = time.monotonic()
    with pytest.raises(WorkerError) as caught:
        workers.run(function, *args, timeout=1.5).result(10)
    assert (caught.value.kind, caught.value.temporary) == (kind, temporary)
    assert time.monotonic() - started < 12
    assert neighbour.result(10) is None
    assert workers.run(operator.add, 2, 3, timeout=10).result(10) == 5


@pytest.mark.slow
def test_a_limit_on_work_counts_no_waiting():
    workers = Workers(count=1, counts_work=True)
    assert workers.run(time.sleep, 1.2, timeout=1.0).result(10) is None
    with pytest.raises(WorkerError, match="not finished within") as caught:
        workers.run(sum, range(10**12), timeout=0.3).result(30)
    assert caught.value.kind == "timeout"
    assert workers.run(operator.add, 2, 3, timeout=1).result(10) == 5
    workers.close()


def test_an_error_of_our_own_comes_back_as_it_was_raised(workers: Workers):
    with pytest.raises(FeedError) as caught:
        workers.run(parse_feed, b"<html></html>", "text/html", "", "https://a.example/", timeout=10).result(10)
    assert caught.value.error_class == "not_a_feed"


@pytest.mark.slow
def test_hostile_feeds_and_pages_end_in_time(workers: Workers):
    feed = (
        b"<rss version='2.0'><channel><item "
        + b"".join(b"a%d='1' " % n for n in range(100_000))
        + b"/></channel></rss>"
    )
    links = b"<html><body>" + b"<a href='/x'>more of it</a> " * 150_000 + b"</body></html>"
    parsing = workers.run(parse_feed, feed, "", "", "https://a.example/", timeout=0.8)
    extracting = workers.run(extract_page, links, "", "https://a.example/", timeout=0.8)
    started = time.monotonic()
    for future in (parsing, extracting):
        with pytest.raises(WorkerError, match="not finished within"):
            future.result(10)
    assert time.monotonic() - started < 15


def test_signals_are_left_to_the_parent():
    workers = Workers(count=1)
    pid = workers.run(os.getpid, timeout=10).result(10)
    under_way = workers.run(time.sleep, 0.2, timeout=10)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP) * 10:
        os.kill(pid, number)
        time.sleep(0.005)
    assert under_way.result(5) is None
    assert workers.run(os.getpid, timeout=10).result(10) == pid
    workers.close()


def test_closing_is_quick_and_ends_what_is_under_way_and_waiting():
    workers = Workers(count=1)
    pid = workers.run(os.getpid, timeout=10).result(10)
    tasks = [workers.run(time.sleep, 30, timeout=60) for _ in range(3)]
    started = time.monotonic()
    workers.close()
    assert time.monotonic() - started < 15
    for task in tasks:
        with pytest.raises(WorkerError):
            task.result(1)
    with pytest.raises(WorkerError, match="closed"):
        workers.run(os.getpid, timeout=1).result(1)
    assert wait_until_dead(pid)


def test_workers_die_with_a_parent_that_is_killed():
    script = (
        "import os, sys, time\n"
        "from monitor.workers import Workers\n"
        "if __name__ == '__main__':\n"
        "    workers = Workers(count=1)\n"
        "    print(workers.run(os.getpid, timeout=10).result(), flush=True)\n"
        "    workers.run(time.sleep, 60, timeout=60)\n"
        "    time.sleep(60)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, cwd=REPOSITORY)
    assert parent.stdout is not None
    with parent, parent.stdout:
        worker = int(parent.stdout.readline())
        assert alive(worker)
        parent.kill()
    assert wait_until_dead(worker)


def test_a_new_worker_has_not_imported_what_it_may_not_need(workers: Workers):
    heavy = {"feedparser", "trafilatura", "numpy", "sqlalchemy", "aiohttp", "py3langid"}
    script = (
        f"import sys, monitor.workers, monitor.feeds.parse, monitor.articles.extract; print({heavy} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=REPOSITORY, check=True)
    assert done.stdout.strip() == "set()"
