"""What is forgotten when, and that nothing pending ever is."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from store_values import FEED, NOW, a_decision, a_delivery, a_verdict, an_alert, an_article, an_entry

from monitor.model import Features, Placement, Retention, Role
from monitor.outgoing import Contact, Outgoing
from monitor.store import Store, Transaction, egress
from monitor.store.revisions import Reread
from monitor.store.schema import metadata

DAY = timedelta(days=1)
LEASE = timedelta(minutes=2)


def features_of(id: str, seen: datetime) -> Features:
    """Features with nothing in them but the keys that are stored in rows of their own."""
    values: dict[str, Any] = {field.name: () for field in fields(Features)}
    values |= {"article": id, "outlet": "dita", "language": "sr", "size": 10, "content": 1, "shingles": 8}
    values |= {"time": int(seen.timestamp()), "copy_keys": (1, 2), "story_keys": ((3, 1.0),)}
    return Features(**values)


def live_through(tx: Transaction, id: str, seen: datetime, *, sent: bool = True) -> None:
    """One article from feed to delivery."""
    tx.entries.add(FEED, [an_entry(id)], seen, backlog=False)
    [pending] = tx.entries.claim(seen, 1, LEASE)
    article = an_article(id, first_seen=seen, published=seen)
    tx.articles.save(article, id, id, [f"line of {id}"])
    tx.revisions.add(article, seen, "wording only")
    tx.revisions.plan(Reread(id, FEED, article.url, pending.entry, seen, seen))
    tx.matches.save(id, [a_verdict()], "v1")
    tx.stories.save(article, features_of(id, seen), Placement("", Role.FOUNDER, "new"))
    tx.decisions.save(id, "story", a_decision(), seen, "v1")
    tx.alerts.save(an_alert(f"alert-{id}", story=f"story-{id}", made=seen))
    tx.outbox.add([a_delivery(f"d-{id}", f"alert-{id}", next_try=seen)])
    if sent:
        tx.outbox.sent(f"d-{id}", seen, "ok")
    tx.entries.finish(pending.id, id, "read")


def rows(store: Store) -> dict[str, int]:
    with store.read() as tx:
        tables = [table for table in metadata.sorted_tables if table.name not in ("note", "feed")]
        counts = {table.name: tx.conn.scalar(select(func.count()).select_from(table)) or 0 for table in tables}
    return {name: count for name, count in counts.items() if count}


def test_what_is_young_is_kept_whole(store: Store) -> None:
    with store.write() as tx:
        live_through(tx, "a", NOW)
    before = rows(store)
    assert store.prune(NOW + 13 * DAY) == 0
    assert rows(store) == before


@pytest.mark.parametrize(
    ("days", "gone"),
    [
        (15, {"story_key", "copy_key", "reread"}),
        (31, {"outlet_line"}),
        (91, {"revision", "decision", "match"}),
        (401, {"entry", "article", "story_member", "story_fact"}),
        (731, {"alert", "delivery", "attempt"}),
    ],
)
def test_each_kind_is_kept_for_its_own_time(store: Store, days: int, gone: set[str]) -> None:
    with store.write() as tx:
        live_through(tx, "a", NOW)
    store.prune(NOW + (days - 2) * DAY)
    before = rows(store)
    assert store.prune(NOW + days * DAY) > 0
    assert set(before) - set(rows(store)) == gone & set(before)


def test_texts_are_forgotten_but_not_that_we_have_seen_them(store: Store) -> None:
    with store.write() as tx:
        live_through(tx, "a", NOW)
    store.prune(NOW + 91 * DAY)
    with store.write() as tx:
        article = tx.articles.get("a")
        assert article is not None
        assert (article.title, article.sentences) == (an_article().title, ())
        assert list(tx.articles.since(NOW)) == []
        assert tx.articles.id_by_url("a") == "a"
        assert tx.entries.add(FEED, [an_entry("a")], NOW + 91 * DAY, backlog=False) == 0
        assert tx.stories.story_of("a") is not None


def test_an_identity_that_a_feed_still_shows_is_kept(store: Store) -> None:
    with store.write() as tx:
        live_through(tx, "a", NOW)
        tx.entries.touch(FEED, ["a"], NOW + 300 * DAY)
    store.prune(NOW + 401 * DAY)
    with store.read() as tx:
        assert tx.entries.known(FEED, ["a"]) == {"a"}
        assert tx.articles.id_by_url("a") == "a"


def test_an_article_is_kept_while_another_feed_shows_it(store: Store) -> None:
    with store.write() as tx:
        live_through(tx, "a", NOW)
        tx.entries.add("https://koha.example/rss", [an_entry("a")], NOW + 10 * DAY, backlog=False)
        [pending] = tx.entries.claim(NOW + 10 * DAY, 1, LEASE)
        tx.entries.finish(pending.id, "a", "known")
    store.prune(NOW + 405 * DAY)
    with store.read() as tx:
        assert tx.entries.known(FEED, ["a"]) == set()
        assert tx.articles.id_by_url("a") == "a"


def test_nothing_pending_is_ever_forgotten(store: Store) -> None:
    with store.write() as tx:
        live_through(tx, "a", NOW, sent=False)
        tx.entries.add(FEED, [an_entry("waiting"), an_entry("postponed")], NOW, backlog=False)
        _, pending = tx.entries.claim(NOW, 2, LEASE)
        tx.entries.postpone(pending.id, NOW + 5000 * DAY, "page: timeout")
    store.prune(NOW + 4000 * DAY, Retention(0, 0, 0, 0, 0, 0))
    with store.write() as tx:
        assert tx.alerts.get("alert-a") == an_alert("alert-a", story="story-a")
        [delivery] = tx.outbox.claim(NOW + 4000 * DAY, "desk", 10, LEASE)
        assert delivery.body == a_delivery().body
        claimed = tx.entries.claim(NOW + 6000 * DAY, 10, LEASE)
        assert {item.entry for item in claimed} == {an_entry("waiting"), an_entry("postponed")}


def test_pruning_goes_in_small_batches_until_nothing_is_left(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.store.retention.BATCH", 3)
    with store.write() as tx:
        for number in range(8):
            live_through(tx, f"a{number}", NOW)
    store.prune(NOW + 1000 * DAY)
    assert rows(store) == {}


# --- whom we speak to ----------------------------------------------------------------------------------------------


def test_what_was_sent_is_counted_by_host_and_purpose(store: Store) -> None:
    counter = Outgoing()
    for _ in range(3):
        counter.note("dita.example", "feed")
    counter.note("dita.example", "page")
    with store.write() as tx:
        tx.egress.add(counter.take())
    assert counter.take() == ()
    counter.note("dita.example", "feed")
    with store.write() as tx:
        tx.egress.add(counter.take())
        counts = {(contact.host, contact.why): contact.count for contact in tx.egress.all()}
    assert counts == {("dita.example", "feed"): 4, ("dita.example", "page"): 1}


def test_hosts_are_forgotten_in_time_and_never_too_many(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(egress, "MOST", 3)
    times = {"old.example": NOW - timedelta(days=91)}
    times |= {f"h{number}.example": NOW - timedelta(minutes=number) for number in range(5)}
    with store.write() as tx:
        tx.egress.add([Contact(host, "page", 1, at, at) for host, at in times.items()])
    store.prune(NOW)
    with store.read() as tx:
        assert [contact.host for contact in tx.egress.all()] == ["h0.example", "h1.example", "h2.example"]
