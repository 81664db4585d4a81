"""Figures for Prometheus, read from the database when asked for. The only module that knows prometheus_client.

Labels have few values that are known beforehand (channels, states, severities, stages, parts), never an address or an
article: the page stays as small with ten thousand feeds as with ten.
"""

from __future__ import annotations

import threading
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from prometheus_client import CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from monitor.feeds.health import assess
from monitor.model import FeedHealth, FeedRecord, Severity
from monitor.ports import Clock
from monitor.store import Store, Transaction
from monitor.store.figures import Sent
from monitor.watch.latency import latencies, quantile
from monitor.watch.receipts import arrival
from monitor.watch.vitals import Counted, Vitals

FRESH = 5.0  # seconds for which one reading of the database serves every scrape
DELAYS_FRESH = 300.0  # the same for the feeds' delays
WINDOW = timedelta(hours=24)  # of the p50 and p95
BUCKETS = (1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 14400, 86400)  # seconds
OVERFLOW_WINDOW = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Reading:
    """One look into the database."""

    feeds: Counter[FeedHealth]
    overflowed: int
    fresh: int
    backlog: int
    outbox: dict[str, int]
    oldest: float  # seconds that the oldest pending message waits, for whatever reason
    vain: float  # seconds for which messages that still wait are tried in vain
    alerts: dict[Severity, int]
    sent: list[Sent]  # in the window
    missing: dict[str, bool]  # by channel that was ever sent a canary: did the last one not arrive?
    delays: tuple[float, float]  # seconds until we see what a feed brings, p95: of the median feed and of the slowest


class Metrics:
    """`page` is what a scrape gets."""

    def __init__(
        self, store: Store, clock: Clock, vitals: Vitals, crews: Sequence[Counted], channels: Sequence[str] = ()
    ) -> None:
        self._store = store
        self._clock = clock
        self._vitals = vitals
        self._crews = crews
        self._channels = channels
        self._lock = threading.Lock()
        self._reading: Reading | None = None
        self._read_at = -FRESH
        self._delays, self._delays_at = (0.0, 0.0), -DELAYS_FRESH
        self._counted_until = clock.now()
        self.registry = CollectorRegistry()
        self._histogram = Histogram(
            "newsmonitor_latency_seconds",
            "Time of messages that a channel took, by stage.",
            ("channel", "stage"),
            buckets=BUCKETS,
            registry=self.registry,
        )
        self.registry.register(self)

    def page(self) -> bytes:
        """The page in Prometheus' text format. Raises StoreError when the database cannot be read."""
        with self._lock:
            if self._reading is None or self._clock.monotonic() - self._read_at >= FRESH:
                with self._store.read() as tx:
                    self._reading = self._read(tx)
                self._read_at = self._clock.monotonic()
            return generate_latest(self.registry)

    def describe(self) -> Iterable[Metric]:
        """Nothing is read when the registry asks what there is."""
        return ()

    def collect(self) -> Iterable[Metric]:
        """Called by the registry for each page, under our lock."""
        if self._reading is not None:
            yield from _stored(self._reading)
        yield from self._live()

    def _read(self, tx: Transaction) -> Reading:
        now = self._clock.now()
        states, records = tx.feeds.all(), tx.feeds.records()
        known = {state.url: records.get(state.url, FeedRecord()) for state in states}
        for message in tx.figures.sent(self._counted_until, now):
            for stage, seconds in latencies(message).items():
                self._histogram.labels(message.channel, stage).observe(seconds)
        self._counted_until = now
        oldest, refused = tx.outbox.oldest_pending(), tx.figures.refused_since()
        fresh, backlog = tx.entries.waiting()
        return Reading(
            Counter(assess(state, known[state.url], now).health for state in states),
            sum(bool(r.overflowed and now - r.overflowed < OVERFLOW_WINDOW) for r in known.values()),
            fresh,
            backlog,
            {state.value: count for state, count in tx.outbox.counts().items()},
            max(0.0, (now - oldest).total_seconds()) if oldest else 0.0,
            max(0.0, (now - refused).total_seconds()) if refused else 0.0,
            tx.figures.alerts_by_severity(),
            tx.figures.sent(now - WINDOW, now),
            {name: there.missing for name in self._channels if (there := arrival(tx, name))},
            self._slow_feeds(tx, now),
        )

    def _slow_feeds(self, tx: Transaction, now: datetime) -> tuple[float, float]:
        """Read every few minutes only: it looks at every entry of a day."""
        if self._clock.monotonic() - self._delays_at >= DELAYS_FRESH:
            p95 = [quantile(values, 0.95) for values in tx.figures.delays(now - WINDOW).values()]
            self._delays = (quantile(p95, 0.5), max(p95)) if p95 else (0.0, 0.0)
            self._delays_at = self._clock.monotonic()
        return self._delays

    def _live(self) -> Iterable[Metric]:
        """What this process knows of itself."""
        yield CounterMetricFamily("newsmonitor_ticks", "Ticks of the scheduler.", self._vitals.ticks)
        items = CounterMetricFamily("newsmonitor_items", "Items finished, by verb.", labels=("verb", "outcome"))
        for verb in dict.fromkeys(crew.name for crew in self._crews):
            same = [crew for crew in self._crews if crew.name == verb]
            items.add_metric((verb, "done"), sum(crew.done for crew in same))
            items.add_metric((verb, "failed"), sum(crew.failed for crew in same))
        yield items
        troubles = self._vitals.troubles()
        healthy = float(self._vitals.proven and not troubles)
        yield GaugeMetricFamily("newsmonitor_healthy", "1 while every part is proven to make progress.", healthy)
        parts = GaugeMetricFamily("newsmonitor_part_stuck", "1 for a part without progress.", labels=("part",))
        stuck = {trouble.part for trouble in troubles}
        names = ("scheduler", "outbox", *(crew.name for crew in self._crews), *(p.name for p in self._vitals.probes))
        for part in dict.fromkeys(names):
            parts.add_metric((part,), float(part in stuck))
        yield parts


def _stored(reading: Reading) -> Iterable[Metric]:
    feeds = GaugeMetricFamily("newsmonitor_feeds", "Feeds by state.", labels=("state",))
    for health in FeedHealth:
        feeds.add_metric((health.value,), reading.feeds[health])
    yield feeds
    yield GaugeMetricFamily(
        "newsmonitor_window_overflow_feeds", "Feeds that may have missed entries in 24 hours.", reading.overflowed
    )
    waiting = GaugeMetricFamily("newsmonitor_entries_waiting", "Entries still to be read.", labels=("kind",))
    waiting.add_metric(("fresh",), reading.fresh)
    waiting.add_metric(("backlog",), reading.backlog)
    yield waiting
    outbox = GaugeMetricFamily("newsmonitor_outbox", "Messages by state.", labels=("state",))
    for state, count in reading.outbox.items():
        outbox.add_metric((state,), count)
    yield outbox
    yield GaugeMetricFamily(
        "newsmonitor_outbox_oldest_seconds",
        "How long the oldest pending message waits, quiet hours too.",
        reading.oldest,
    )
    yield GaugeMetricFamily(
        "newsmonitor_outbox_refused_seconds", "For how long messages are tried in vain.", reading.vain
    )
    alerts = GaugeMetricFamily("newsmonitor_alerts", "Alerts that are kept, by severity.", labels=("severity",))
    for severity, count in reading.alerts.items():
        alerts.add_metric((severity.label,), count)
    yield alerts
    missing = GaugeMetricFamily("newsmonitor_canary_missing", "1: the last canary did not arrive.", labels=("channel",))
    for channel, lost in reading.missing.items():
        missing.add_metric((channel,), float(lost))
    yield missing
    delays = GaugeMetricFamily(
        "newsmonitor_feed_delay_seconds",
        "From publication until we see it, p95 over 24 hours: the median feed and the slowest. All: monitor feeds.",
        labels=("feed",),
    )
    for which, seconds in zip(("median", "slowest"), reading.delays, strict=True):
        delays.add_metric((which,), seconds)
    yield delays
    yield _quantiles(reading.sent)


def _quantiles(sent: Sequence[Sent]) -> Metric:
    gauge = GaugeMetricFamily(
        "newsmonitor_latency_quantile_seconds",
        "p50 and p95 of the messages of the last 24 hours.",
        labels=("channel", "stage", "quantile"),
    )
    spent: dict[tuple[str, str], list[float]] = defaultdict(list)
    for message in sent:
        for stage, seconds in latencies(message).items():
            spent[message.channel, stage].append(seconds)
    for (channel, stage), values in sorted(spent.items()):
        for share in (0.5, 0.95):
            gauge.add_metric((channel, stage, str(share)), quantile(values, share))
    return gauge
