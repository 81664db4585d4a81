"""Feeds, entries and the queue of entries, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from store_values import FEED, MINUTE, NOW, an_entry

from monitor.model import Entry, Feed, FeedHealth, FeedState
from monitor.store import Store

LEASE = 2 * MINUTE


# --- feeds ------------------------------------------------------------------------------------------------------


def test_a_new_feed_is_due_at_once_and_one_just_polled_is_not(store: Store) -> None:
    with store.write() as tx:
        tx.feeds.sync([Feed(FEED, "dita"), Feed("https://koha.example/rss", "koha")], NOW)
        first, second = tx.feeds.due(NOW, 10)
        tx.feeds.save(replace(first, next_poll=NOW + MINUTE))

    with store.read() as tx:
        assert [state.url for state in tx.feeds.due(NOW, 10)] == [second.url]
        assert [state.url for state in tx.feeds.due(NOW + MINUTE, 10)] == [second.url, first.url]
        assert len(tx.feeds.due(NOW + MINUTE, 1)) == 1


def test_a_feed_state_comes_back_as_it_was_saved(store: Store) -> None:
    state = FeedState(
        url=FEED,
        health=FeedHealth.PARTIAL,
        etag='W/"ф"',
        last_modified="Sun, 22 Mar 2026 18:22:05 GMT",
        body_hash="ab" * 16,
        interval=412.5,
        next_poll=NOW + MINUTE,
        last_poll=NOW,
        last_success=NOW - MINUTE,
        last_new=NOW - 2 * MINUTE,
        failures=3,
        error_class="tls",
        error="certificate has expired",
        moved_to="https://dita.example/feed",
        moved_count=2,
    )
    with store.write() as tx:
        tx.feeds.sync([Feed(FEED, "dita")], NOW)
        tx.feeds.save(state)
        assert tx.feeds.all() == [state]
        tx.feeds.save(FeedState(url=FEED))
        assert tx.feeds.all() == [FeedState(url=FEED)]


def test_a_feed_that_is_no_longer_listed_is_not_polled_and_not_new_when_it_returns(store: Store) -> None:
    with store.write() as tx:
        tx.feeds.sync([Feed(FEED, "dita")], NOW)
        tx.feeds.save(FeedState(url=FEED, health=FeedHealth.OK, etag="x", next_poll=NOW))
        tx.feeds.sync([], NOW)
        assert tx.feeds.due(NOW, 10) == []
        assert tx.feeds.all() == []
        tx.feeds.sync([Feed(FEED, "dita")], NOW)
        [state] = tx.feeds.due(NOW, 10)
        assert (state.health, state.etag) == (FeedHealth.OK, "x")


def test_the_state_of_a_feed_that_was_never_listed_can_be_saved_but_is_not_due(store: Store) -> None:
    with store.write() as tx:
        tx.feeds.save(FeedState(url=FEED, etag="x"))
        assert tx.feeds.due(NOW, 10) == []
        assert tx.feeds.get(FEED) == FeedState(url=FEED, etag="x")


# --- entries ----------------------------------------------------------------------------------------------------


def test_an_entry_is_queued_once_however_often_the_feed_shows_it(store: Store) -> None:
    with store.write() as tx:
        assert tx.entries.add(FEED, [an_entry("e1"), an_entry("e2"), an_entry("e1")], NOW, backlog=False) == 2
    with store.write() as tx:
        assert tx.entries.add(FEED, [an_entry("e2"), an_entry("e3")], NOW + MINUTE, backlog=False) == 1
        assert tx.entries.waiting() == (3, 0)


def test_the_same_identity_in_another_feed_is_another_entry(store: Store) -> None:
    with store.write() as tx:
        tx.entries.add(FEED, [an_entry("e1")], NOW, backlog=False)
        assert tx.entries.known("https://koha.example/rss", ["e1"]) == set()
        assert tx.entries.add("https://koha.example/rss", [an_entry("e1")], NOW, backlog=False) == 1


def test_known_tells_the_seen_from_the_unseen_among_many(store: Store) -> None:
    identities = [f"e{number}" for number in range(1200)]
    with store.write() as tx:
        tx.entries.add(FEED, [an_entry(identity) for identity in identities[::2]], NOW, backlog=True)
    with store.read() as tx:
        assert tx.entries.known(FEED, identities) == set(identities[::2])
        assert tx.entries.known(FEED, []) == set()


def test_a_claimed_entry_carries_all_the_feed_gave(store: Store) -> None:
    full, empty = an_entry("e1"), Entry(identity="e2", url="", title="")
    with store.write() as tx:
        tx.entries.add(FEED, [full, empty], NOW, backlog=True)
    with store.write() as tx:
        claimed = {pending.entry.identity: pending for pending in tx.entries.claim(NOW, 10, LEASE)}
    assert claimed["e1"].entry == full
    assert claimed["e2"].entry == empty
    assert (claimed["e1"].feed, claimed["e1"].seen, claimed["e1"].backlog, claimed["e1"].attempts) == (
        FEED,
        NOW,
        True,
        0,
    )


def test_fresh_entries_are_claimed_before_backlog_and_the_oldest_first(store: Store) -> None:
    with store.write() as tx:
        tx.entries.add("https://new.example/rss", [an_entry("old")], NOW - MINUTE, backlog=True)
        tx.entries.add(FEED, [an_entry("second"), an_entry("first")], NOW, backlog=False)  # feeds: the newest on top
        tx.entries.add(FEED, [an_entry("third")], NOW + MINUTE, backlog=False)
    with store.write() as tx:
        order = [pending.entry.identity for pending in tx.entries.claim(NOW + MINUTE, 3, LEASE)]
        assert order == ["first", "second", "third"]
        assert [pending.entry.identity for pending in tx.entries.claim(NOW + MINUTE, 3, LEASE)] == ["old"]


def test_a_claim_holds_until_its_lease_runs_out(store: Store) -> None:
    with store.write() as tx:
        tx.entries.add(FEED, [an_entry()], NOW, backlog=False)
        assert len(tx.entries.claim(NOW, 10, LEASE)) == 1
        assert tx.entries.claim(NOW + MINUTE, 10, LEASE) == []
        [again] = tx.entries.claim(NOW + LEASE, 10, LEASE)
        assert again.attempts == 1


def test_the_leases_of_a_dead_instance_end_when_the_next_one_starts(store: Store) -> None:
    with store.write() as tx:
        tx.entries.add(FEED, [an_entry()], NOW, backlog=False)
        tx.entries.claim(NOW, 10, LEASE)
    with store.write() as tx:
        tx.entries.release_all()
        assert len(tx.entries.claim(NOW, 10, LEASE)) == 1


def test_a_finished_entry_is_known_but_never_claimed_again(store: Store) -> None:
    with store.write() as tx:
        tx.entries.add(FEED, [an_entry("e1")], NOW, backlog=False)
        [pending] = tx.entries.claim(NOW, 10, LEASE)
        tx.entries.finish(pending.id, "a1", "read")
    with store.write() as tx:
        tx.entries.release_all()
        assert tx.entries.claim(NOW + timedelta(days=1), 10, LEASE) == []
        assert tx.entries.waiting() == (0, 0)
        assert tx.entries.known(FEED, ["e1"]) == {"e1"}
        assert tx.entries.add(FEED, [an_entry("e1")], NOW, backlog=False) == 0


def test_a_postponed_entry_comes_back_at_its_time(store: Store) -> None:
    with store.write() as tx:
        tx.entries.add(FEED, [an_entry()], NOW, backlog=False)
        [pending] = tx.entries.claim(NOW, 10, LEASE)
        tx.entries.postpone(pending.id, NOW + 10 * MINUTE, "page: timeout")
        assert tx.entries.claim(NOW + 9 * MINUTE, 10, LEASE) == []
        assert tx.entries.waiting() == (1, 0)
        [again] = tx.entries.claim(NOW + 10 * MINUTE, 10, LEASE)
        assert again.attempts == 1


HOSTILE = {
    "NUL": "bomb\0 in \0title",
    "lone surrogate": "half \ud83d of a pair \udfff",
    "surrogate pair": "\ud83d\ude81",
    "NUL in JSON clothing": "\\u0000 and \\ud800 written out",
    "control characters": "\x01\x02\x1b[31m\u202e",
    "quote": "Robert'); DROP TABLE entry;--",
    "a million characters": "а" * 1_000_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_is_stored_and_its_neighbours_with_it(store: Store, text: str) -> None:
    hostile = Entry(identity=text[:50], url=f"https://dita.example/{text[:50]}", title=text, summary=text, text=text)
    with store.write() as tx:
        assert tx.entries.add(FEED, [an_entry("before"), hostile, an_entry("after")], NOW, backlog=False) == 3
    with store.write() as tx:
        assert tx.entries.known(FEED, [text[:50]]) == {text[:50]}
        _, pending, _ = tx.entries.claim(NOW, 10, LEASE)
        assert tx.entries.add(FEED, [hostile], NOW, backlog=False) == 0
    stored = pending.entry.title
    assert "\0" not in stored
    stored.encode()
    if not set(text) & set("\0\ud83d\udfff"):
        assert pending.entry == hostile


def test_halves_of_one_character_are_joined(store: Store) -> None:
    with store.write() as tx:
        tx.entries.add(FEED, [an_entry(title="\ud83d\ude81 over \ud83d")], NOW, backlog=False)
        [pending] = tx.entries.claim(NOW, 10, LEASE)
    assert pending.entry.title == "🚁 over \ufffd"


def test_an_entry_no_database_takes_is_put_aside_and_the_others_are_kept(store: Store) -> None:
    bad = an_entry("bad", summary=object())  # stands for whatever we have not thought of
    with store.write() as tx:
        tx.entries.add(FEED, [an_entry("e1"), bad, an_entry("e2")], NOW, backlog=False)
    with store.write() as tx:
        assert {pending.entry.identity for pending in tx.entries.claim(NOW, 10, LEASE)} == {"e1", "e2"}
        assert tx.entries.known(FEED, ["bad"]) == {"bad"}, "it is not tried again at every poll"


def test_what_a_feed_says_otherwise_is_noticed_once_and_read_as_it_is_now(store: Store) -> None:
    old, new = an_entry("e1"), an_entry("e1", title="Another headline")
    with store.write() as tx:
        tx.entries.add(FEED, [old, an_entry("e2")], NOW, backlog=False)
        assert tx.entries.take_changes(FEED, [old]) == []
        assert tx.entries.take_changes(FEED, [new]) == []  # still to be processed:
        [first, _] = sorted(tx.entries.claim(NOW, 10, LEASE), key=lambda pending: pending.entry.identity)
        assert first.entry == new  # as it is now
        tx.entries.finish(first.id, "a1", "read")
        [changed] = tx.entries.take_changes(FEED, [old])
        assert (changed.article, changed.before, changed.now) == ("a1", new, old)
        assert tx.entries.take_changes(FEED, [old]) == []
        broken = an_entry("e1", summary=object())  # no database takes it, and the poll goes on
        assert tx.entries.take_changes(FEED, [broken]) == []
        assert tx.entries.take_changes(FEED, [new])
