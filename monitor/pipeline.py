"""The path of one article: poll -> process -> deliver. The only file that knows their order.

Each verb takes one item from the database, does its slow work outside any transaction, and writes what came of it in
one. Between two verbs there is nothing but rows, so a process that dies anywhere goes on where it was.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from monitor.alerts.compose import compose_digest, compose_operator
from monitor.articles.text import line_keys, read_article
from monitor.articles.urls import url_key
from monitor.deliver import Deliverer
from monitor.desk import Desk
from monitor.digests import send_digests
from monitor.errors import MonitorError
from monitor.faults import crash_point
from monitor.feeds.harm import after_harm
from monitor.feeds.parse import FeedError, parse_feed
from monitor.feeds.record import after_failed, after_heard, after_page, shrunk
from monitor.feeds.schedule import after_failure, after_success, poll_url
from monitor.gap import catch_up, count_told, lateness, open_gap
from monitor.judge import judge, queue
from monitor.log import get_logger
from monitor.model import (
    Delivery,
    Feed,
    FeedState,
    FetchRequest,
    FetchResult,
    HarmfulPage,
    ParsedFeed,
    ReasonCode,
)
from monitor.pages import PAGE_TRIES, Busy, Harm, Pages
from monitor.ports import Channel, Clock, Fetcher
from monitor.reread import Rereader, note_changes, plan
from monitor.rules.match import match
from monitor.store import Store
from monitor.store.entries import PendingEntry
from monitor.workers import Turns, Workers

PARSE_SECONDS = 15.0
PAGE_RETRY = timedelta(seconds=20)
BACKLOG_SPAN = timedelta(hours=48)  # older matches in a feed's first window are stored and not told


class Pipeline:
    """The three verbs, and what they need. `desk` is replaced as a whole when people change a file."""

    def __init__(
        self,
        desk: Desk,
        *,
        store: Store,
        fetcher: Fetcher,
        workers: Workers,
        channels: Mapping[str, Channel],
        clock: Clock,
        jitter: random.Random,
    ) -> None:
        self.desk = desk
        self.store = store
        self.fetcher = fetcher
        self.workers = workers
        self.turns = Turns()
        self.pages = Pages(fetcher, workers, self.turns, clock)
        self.channels = channels
        self.clock = clock
        self.jitter = jitter
        self.rereader = Rereader(store, self.pages, clock, lambda: self.desk)
        self.deliverer = Deliverer(store, channels, clock, jitter, lambda: self.desk)
        self.log = get_logger()

    # --- poll ---------------------------------------------------------------------------------------------------

    def poll(self, state: FeedState) -> None:
        """Ask one feed what is new, and store its entries together with what the next poll must know."""
        feed = self.desk.feeds.get(state.url)
        if feed is None:
            return  # taken off the list since it was claimed
        url = poll_url(state)
        own = url == feed.url  # and not one that a server named
        request = FetchRequest(url, state.etag, state.last_modified, feed.allow_private, secrets=own)
        result = self.fetcher.fetch(request).result()
        crash_point("after-fetch")
        if not result.ok:
            self._poll_failed(state, feed, result.error_class, result.error, result.retry_after)
            return
        body_hash = state.body_hash if result.not_modified else hashlib.sha256(result.body).hexdigest()
        parsed = ParsedFeed(())
        if body_hash != state.body_hash:
            try:
                parsed = self._parse(result, feed)
            except MonitorError as error:
                error_class = error.error_class if isinstance(error, FeedError) else "parse"
                self._poll_failed(state, feed, error_class, str(error), None)
                return
            if not parsed.entries and state.last_new:
                parsed = replace(parsed, damage=parsed.damage or "it holds no entries any more")
        damage = parsed.damage or ("the body was cut off" if result.partial else "")
        backlog = state.last_success is None
        now = self.clock.now()
        crash_point("before-entries")
        with self.store.write() as tx:
            new = tx.entries.add(feed.url, parsed.entries, now, backlog=backlog)
            tx.entries.touch(feed.url, [entry.identity for entry in parsed.entries], now)
            note_changes(tx, self.desk, feed, tx.entries.take_changes(feed.url, parsed.entries), now)
            crash_point("inside-entries")
            record = tx.feeds.record(feed.url)
            if parsed.entries:
                damage = damage or shrunk(record, len(parsed.entries))
                record = replace(record, shown=len(parsed.entries))
            shake = self.jitter.random()
            tx.feeds.save(
                after_success(state, now, new, feed, shake, result=result, body_hash=body_hash, damage=damage)
            )
            record = after_heard(record, now, new, damage)
            overflow = not backlog and 1 < len(parsed.entries) == new
            record = replace(record, overflowed=now) if overflow else record
            tx.feeds.save_record(feed.url, catch_up(tx, state, record, now, new))
        crash_point("after-entries")
        if new or damage:
            self.log.info("feed polled", feed=feed.url, new=new, backlog=backlog, damage=damage, overflow=overflow)

    def _parse(self, result: FetchResult, feed: Feed) -> ParsedFeed:
        base = result.final_url or feed.url
        with self.turns.of(feed.url):
            parsing = self.workers.run(
                parse_feed, result.body, result.content_type, result.charset, base, timeout=PARSE_SECONDS
            )
            return parsing.result()

    def _poll_failed(
        self, state: FeedState, feed: Feed, error_class: str, error: str, retry_after: float | None
    ) -> None:
        now = self.clock.now()
        failed = after_failure(state, now, error_class, error, retry_after, feed, self.jitter.random())
        with self.store.write() as tx:
            tx.feeds.save(failed)
            tx.feeds.save_record(feed.url, after_failed(tx.feeds.record(feed.url), now))
        self.log.warning("feed failed", feed=feed.url, why=error_class, error=error, failures=failed.failures)

    # --- process ------------------------------------------------------------------------------------------------

    def process(self, pending: PendingEntry) -> None:
        """Read the article behind one entry, judge it, and queue what people should hear of it."""
        feed = self.desk.feeds.get(pending.feed)
        outlet = self.desk.outlets.get(feed.outlet) if feed else None
        if feed is None or outlet is None:
            self._finish(pending, "", "feed removed")
            return
        key = url_key(pending.entry.url) if pending.entry.url else ""
        with self.store.read() as tx:
            known, record = tx.articles.id_by_url(key), tx.feeds.record(feed.url)
        if known:
            self._finish(pending, known, "known")
            return
        page, failure = self.pages.read(pending, feed, record)
        if isinstance(failure, Harm):
            self._note_harm(pending, failure)
        lines = line_keys(page.paragraphs) if page else ()
        with self.store.read() as tx:
            repeated = tx.articles.repeated_lines(outlet.id, lines)
        article = read_article(pending.entry, page, outlet, pending.seen, self.desk.furniture, repeated)
        verdicts = match(self.desk.rules, article, self.clock.now(), outlet)
        if failure and failure.temporary and not any(v.fires for v in verdicts) and pending.attempts < PAGE_TRIES:
            pause = timedelta(seconds=failure.seconds) if isinstance(failure, Busy) else PAGE_RETRY
            with self.store.write() as tx:
                tx.entries.postpone(pending.id, self.clock.now() + max(pause, PAGE_RETRY), str(failure))
            return
        with self.store.write() as tx:
            known = tx.articles.id_by_url(key)
            if known or not tx.articles.save(article, key, "", lines):  # another feed brought it meanwhile
                tx.entries.finish(pending.id, known or article.id, "known")
                return
            now = self.clock.now()
            late = lateness(tx, feed.url, pending.seen, article.published, now, self.desk.settings.zone)
            backlog = pending.backlog or bool(late and late.hold)
            crash_point("before-judging")
            judged = judge(tx, self.desk, article, verdicts, now, backlog=backlog, late=late.mark if late else "")
            if late and judged.alert:
                count_told(tx, now)
            plan(tx, self.desk, pending, page, judged, article)
            crash_point("inside-article")
            tx.entries.finish(pending.id, article.id, str(failure or "read"))
            if page is not None:
                tx.feeds.save_record(feed.url, after_page(tx.feeds.record(feed.url), page))
        crash_point("after-article")
        if judged.decision.code is not ReasonCode.NO_MATCH:
            facts = {"why": judged.decision.reason, "story": judged.story, "alert": judged.decision.speaks}
            self.log.info("article judged", url=article.url, **facts)

    def _note_harm(self, pending: PendingEntry, harm: Harm) -> None:
        page = HarmfulPage(self.clock.now(), pending.entry.url, str(harm))
        with self.store.write() as tx:
            tx.feeds.save_record(pending.feed, after_harm(tx.feeds.record(pending.feed), page))
        self.log.warning("page set aside", url=page.url, why=page.why, again=harm.temporary)

    def _finish(self, pending: PendingEntry, article: str, outcome: str) -> None:
        with self.store.write() as tx:
            tx.entries.finish(pending.id, article, outcome)

    # --- deliver ------------------------------------------------------------------------------------------------

    def due_messages(self, channel: str, room: int) -> list[Delivery]:
        """Claim what this channel may be sent now."""
        return self.deliverer.due(channel, room)

    def deliver(self, delivery: Delivery) -> None:
        """Send one message, and write down what came back."""
        self.deliverer.deliver(delivery)

    # --- what concerns no single article ------------------------------------------------------------------------

    def tell_operator(self, title: str, lines: Sequence[str]) -> None:
        """Queue an alert about the program itself, on every channel; the same words are told once a day."""
        with self.store.write() as tx:
            alert = compose_operator(title, lines, self.clock.now(), self.desk.rules.version)
            queue(tx, self.desk, alert, tuple(self.channels))

    def send_digests(self) -> None:
        """Queue the digests whose hour has come."""
        send_digests(self.store, self.desk, self.clock.now())

    def tell_backlog(self) -> None:
        """Once every feed was asked and its first window is read: one digest of what that would have said."""
        now = self.clock.now()
        with self.store.read() as tx:
            backlog = tx.entries.waiting()[1] or open_gap(tx)  # the report of a gap tells it
            unasked = any(state.last_poll is None for state in tx.feeds.all())
            items = () if backlog or unasked else tx.decisions.backlog_untold(now - BACKLOG_SPAN)
        if not items:
            return
        with self.store.write() as tx:
            alert = compose_digest(items, self.desk.outlets, now, self.desk.rules.version, self.desk.settings.language)
            tx.decisions.mark_told([item.decision_id for item in items], alert.id)
            queue(tx, self.desk, alert, tuple(self.channels))
