"""The queries that run all day long find their rows through an index, however many rows there are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, event
from store_values import FEED, MINUTE, NOW, a_decision, a_delivery, an_alert, an_article, an_entry

from monitor.model import Feed, FeedState
from monitor.store import Store, Transaction
from monitor.store.revisions import Reread

LEASE = timedelta(minutes=2)

HOT: dict[str, Callable[[Transaction], Any]] = {
    "feeds.due": lambda tx: tx.feeds.due(NOW, 10),
    "feeds.save": lambda tx: tx.feeds.save(FeedState(FEED)),
    "entries.known": lambda tx: tx.entries.known(FEED, [f"e{number}" for number in range(40)]),
    "entries.touch": lambda tx: tx.entries.touch(FEED, ["e1", "e2"], NOW),
    "entries.claim": lambda tx: tx.entries.claim(NOW, 10, LEASE),
    "entries.release_all": lambda tx: tx.entries.release_all(),
    "entries.waiting": lambda tx: tx.entries.waiting(),
    "entries.finish": lambda tx: tx.entries.finish("x", "a1", "read"),
    "entries.take_changes": lambda tx: tx.entries.take_changes(FEED, [an_entry("e1", title="Another")]),
    "revisions.due": lambda tx: tx.revisions.due(NOW, 10),
    "revisions.planned": lambda tx: tx.revisions.planned("a1"),
    "revisions.save": lambda tx: tx.revisions.save(Reread("a1", FEED, "https://x.example/1", an_entry("e1"), NOW, NOW)),
    "memberships.matched": lambda tx: tx.memberships.matched("story"),
    "articles.id_by_url": lambda tx: tx.articles.id_by_url("u1"),
    "articles.id_by_content": lambda tx: tx.articles.id_by_content("c1"),
    "articles.get": lambda tx: tx.articles.get("a1"),
    "articles.since": lambda tx: list(tx.articles.since(NOW, 10)),
    "articles.repeated_lines": lambda tx: tx.articles.repeated_lines("dita", ["l1", "l2"]),
    "matches.of": lambda tx: tx.matches.of("a1"),
    "decisions.of_article": lambda tx: tx.decisions.of_article("a1"),
    "decisions.backlog_untold": lambda tx: tx.decisions.backlog_untold(NOW),
    "alerts.told": lambda tx: tx.alerts.told("story"),
    "alerts.recent": lambda tx: tx.alerts.recent(10),
    "outbox.claim": lambda tx: tx.outbox.claim(NOW, "desk", 10, LEASE),
    "outbox.sent": lambda tx: tx.outbox.sent("d1", NOW, "ok"),
    "outbox.hold": lambda tx: tx.outbox.hold("desk", NOW, NOW + MINUTE),
    "outbox.load": lambda tx: tx.outbox.load("desk", NOW - MINUTE),
    "outbox.waited": lambda tx: tx.outbox.waited("desk", NOW, None),
    "outbox.release_all": lambda tx: tx.outbox.release_all(),
    "outbox.counts": lambda tx: tx.outbox.counts(),
    "outbox.oldest_pending": lambda tx: tx.outbox.oldest_pending(),
    "outbox.of_alert": lambda tx: tx.outbox.of_alert("alert1"),
    "notes.get": lambda tx: tx.notes.get("rules"),
}

# Indexes that hold only what waits, the order of `recent`, and the one that is counted for people.
SMALL = ("ix_entry_waiting", "ix_delivery_pending", "ix_alert_made", "ix_delivery_state", "ix_reread_waits")


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store with enough rows that the planner has something to plan, and knows it."""
    with Store.open(str(tmp_path_factory.mktemp("plans") / "monitor.db"), durable=False) as store:
        with store.write() as tx:
            tx.feeds.sync([Feed(f"https://o{number}.example/rss", "o") for number in range(200)], NOW)
            tx.entries.add(FEED, [an_entry(f"e{number}") for number in range(300)], NOW - MINUTE, backlog=False)
            for pending in tx.entries.claim(NOW, 280, LEASE):
                tx.entries.finish(pending.id, "a1", "read")
            for number in range(200):
                id = f"a{number}"
                tx.articles.save(an_article(id), f"u{number}", f"c{number}", [f"l{number}", "l"])
                tx.decisions.save(id, f"s{number}", a_decision(), NOW, "v1")
                tx.alerts.save(an_alert(f"alert{number}", f"s{number}"))
                tx.outbox.add([a_delivery(f"d{number}", f"alert{number}")])
                if number > 20:
                    tx.outbox.sent(f"d{number}", NOW, "ok")
            tx.conn.exec_driver_sql("ANALYZE")
        yield store


@contextmanager
def statements(conn: Connection) -> Iterator[list[tuple[str, Any]]]:
    seen: list[tuple[str, Any]] = []

    def note(_conn: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, many: bool) -> None:
        seen.append((statement, parameters[0] if many else parameters))

    event.listen(conn, "before_cursor_execute", note)
    yield seen
    event.remove(conn, "before_cursor_execute", note)


@pytest.mark.parametrize("name", HOT)
def test_a_hot_query_uses_an_index(filled: Store, name: str) -> None:
    with filled.write() as tx:
        with statements(tx.conn) as seen:
            HOT[name](tx)
        assert seen
        for statement, parameters in seen:
            plan = [row[3] for row in tx.conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]
            scans = [step for step in plan if step.startswith("SCAN") and not any(name in step for name in SMALL)]
            assert not scans, (statement, plan)


@pytest.mark.parametrize(
    ("name", "index"),
    [
        ("feeds.due", "ix_feed_due"),
        ("entries.claim", "ix_entry_waiting"),
        ("outbox.claim", "ix_delivery_channel_ended"),
        ("decisions.backlog_untold", "ix_decision_untold"),
    ],
)
def test_what_is_due_is_read_from_an_index_made_for_it(filled: Store, name: str, index: str) -> None:
    with filled.write() as tx:
        with statements(tx.conn) as seen:
            HOT[name](tx)
        statement, parameters = seen[0]
        plan = [row[3] for row in tx.conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]
    assert any(f"INDEX {index}" in step for step in plan), plan
    if name in ("entries.claim", "feeds.due"):
        assert not any("TEMP B-TREE" in step for step in plan), "in order, so that the limit stops it"
