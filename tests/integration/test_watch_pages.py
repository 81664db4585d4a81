"""/healthz and /metrics as a machine sees them: true, complete, and small whatever is in the database."""

from __future__ import annotations

import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from fakes import START, FakeClock
from store_values import an_alert, an_article, an_entry

from monitor.model import Delivery, DeliveryState, Feed, Severity
from monitor.store import Store
from monitor.watch.endpoint import Endpoint
from monitor.watch.latency import quantile
from monitor.watch.metrics import Metrics
from monitor.watch.vitals import Limits, Trouble, Vitals


class Crew:
    def __init__(self, name: str) -> None:
        self.name, self.done, self.failed, self.busy = name, 7, 1, 0


@pytest.fixture
def store() -> Iterator[Store]:
    with Store.open("sqlite://", durable=False) as made:
        yield made


def metrics_of(store: Store, clock: FakeClock) -> Metrics:
    crews = [Crew("poll"), Crew("process"), Crew("deliver"), Crew("deliver")]
    return Metrics(store, clock, Vitals(clock, Limits(), crews, []), crews)


def send(store: Store, number: int, clock: FakeClock, channel: str = "phone") -> None:
    """An alert that was published 60 s, seen 20 s and made 10 s before it is sent now."""
    now = clock.now()
    made = an_alert(
        f"s{number}-0",
        story=f"s{number}",
        published=now - timedelta(seconds=60),
        seen=now - timedelta(seconds=20),
        made=now - timedelta(seconds=10),
    )
    row = Delivery(
        f"s{number}@{channel}", made.id, channel, DeliveryState.PENDING, 0, made.made, Severity.HIGH, "subject", "body"
    )
    with store.write() as tx:
        tx.alerts.save(made)
        tx.outbox.add([row])
        tx.outbox.sent(row.id, now, "taken")


def test_the_page_tells_feeds_outbox_ticks_alerts_and_latency(store: Store) -> None:
    clock = FakeClock()
    metrics = metrics_of(store, clock)
    with store.write() as tx:
        tx.feeds.sync([Feed(f"https://n{number}.example/feed", "n") for number in range(3)], START)
    clock.turn(30)
    send(store, 1, clock)
    page = metrics.page().decode()
    for line in (
        'newsmonitor_feeds{state="new"} 3.0',
        'newsmonitor_outbox{state="sent"} 1.0',
        'newsmonitor_items_total{outcome="done",verb="deliver"} 14.0',
        "newsmonitor_ticks_total 0.0",
        'newsmonitor_latency_quantile_seconds{channel="phone",quantile="0.95",stage="published_to_delivered"} 60.0',
        'newsmonitor_latency_seconds_sum{channel="phone",stage="seen_to_matched"} 10.0',
        'newsmonitor_latency_seconds_bucket{channel="phone",le="60.0",stage="published_to_seen"} 1.0',
        'newsmonitor_part_stuck{part="scheduler"} 0.0',
    ):
        assert line in page.splitlines()


def test_the_delay_of_feeds_is_that_of_the_median_feed_and_of_the_slowest(store: Store) -> None:
    clock = FakeClock()
    with store.write() as tx:
        for number, minutes in enumerate((2, 5, 60)):
            feed, published = f"https://n{number}.example/feed", clock.now() - timedelta(minutes=minutes)
            tx.entries.add(feed, [an_entry(f"e{number}")], clock.now(), backlog=False)
            tx.articles.save(an_article(f"a{number}", published=published), f"key{number}", "", ())
        for pending in tx.entries.claim(clock.now(), 10, timedelta(minutes=3)):
            tx.entries.finish(pending.id, f"a{pending.entry.identity[1:]}", "read")
    with store.read() as tx:
        delays = tx.figures.delays(clock.now() - timedelta(hours=1))
    assert delays["https://n1.example/feed"] == [300.0]
    page = metrics_of(store, clock).page().decode()
    assert 'newsmonitor_feed_delay_seconds{feed="median"} 300.0' in page
    assert 'newsmonitor_feed_delay_seconds{feed="slowest"} 3600.0' in page


def test_a_message_is_counted_once_however_often_the_page_is_asked_for(store: Store) -> None:
    clock = FakeClock()
    metrics = metrics_of(store, clock)
    clock.turn(30)
    send(store, 1, clock)
    for _ in range(5):
        page = metrics.page().decode()
        clock.turn(10)
    assert 'newsmonitor_latency_seconds_count{channel="phone",stage="published_to_seen"} 1.0' in page


def test_the_page_stays_small_with_a_thousand_feeds_and_under_many_scrapes(store: Store) -> None:
    clock = FakeClock()
    metrics = metrics_of(store, clock)
    before = len(metrics.page().splitlines())
    with store.write() as tx:
        tx.feeds.sync([Feed(f"https://n{number}.example/feed", f"n{number}") for number in range(1000)], START)
    clock.turn(30)
    with ThreadPoolExecutor(16) as pool:
        pages = [future.result() for future in [pool.submit(metrics.page) for _ in range(100)]]
    assert {len(page.splitlines()) for page in pages} == {before}
    assert b"n17.example" not in pages[0]


def test_quantiles_are_values_that_occurred() -> None:
    assert quantile([5.0], 0.95) == 5.0
    assert quantile([float(number) for number in range(1, 101)], 0.5) == 50.0
    assert quantile([float(number) for number in range(1, 101)], 0.95) == 95.0


def get(port: int, path: str, body: bytes | None = None) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", body, timeout=5) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def test_healthz_is_red_until_everything_is_proven_and_names_what_is_stuck() -> None:
    proven, troubles = threading.Event(), []
    endpoint = Endpoint(
        "127.0.0.1", 0, proven.is_set, lambda: troubles, lambda: b"figures\n", lambda id: id == "test-k7f3q2"
    )
    endpoint.start()
    try:
        assert get(endpoint.port, "/healthz") == (503, "starting\n")
        proven.set()
        assert get(endpoint.port, "/healthz") == (200, "ok\n")
        troubles.append(Trouble("database", "locked"))
        assert get(endpoint.port, "/healthz") == (503, "database: locked\n")
        assert get(endpoint.port, "/metrics") == (200, "figures\n")
        assert get(endpoint.port, "/etc/passwd")[0] == 404
        assert get(endpoint.port, "/receipt/test-k7f3q2", b"") == (200, "thank you\n")
        assert get(endpoint.port, "/receipt/test-other", b"") == (404, "no canary under way has this id\n")
        assert get(endpoint.port, "/receipt/test-k7f3q2")[0] == 404  # a link that is only looked at is no receipt
    finally:
        endpoint.stop()
