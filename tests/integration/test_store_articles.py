"""Articles, matches, decisions and notes, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from store_values import MINUTE, NOW, a_decision, a_verdict, an_article, an_entry

from monitor.model import Decision, ReasonCode, Sentence, Severity
from monitor.store import Store
from monitor.store.revisions import Reread

DAY = timedelta(days=1)


def test_an_article_comes_back_as_it_was_saved(store: Store) -> None:
    with store.write() as tx:
        assert tx.articles.save(an_article(), "url-key", "content-key", ["l1", "l2", "l1"])
    with store.read() as tx:
        assert tx.articles.get("a1") == an_article()
        assert tx.articles.get("a2") is None


def test_an_article_saved_twice_is_stored_once_and_keeps_its_first_version(store: Store) -> None:
    with store.write() as tx:
        tx.articles.save(an_article(), "url-key", "content-key", ["l1"])
        assert not tx.articles.save(an_article(title="changed"), "url-key", "other", ["l2"])
        assert tx.articles.get("a1") == an_article()
        assert tx.articles.repeated_lines("dita", ["l2"], at_least=1) == frozenset()


def test_an_article_is_found_by_its_url_and_its_content_but_not_by_an_empty_key(store: Store) -> None:
    with store.write() as tx:
        tx.articles.save(an_article("later", first_seen=NOW + MINUTE), "", "same", ())
        tx.articles.save(an_article("first"), "key", "same", ())
        assert tx.articles.id_by_url("key") == "first"
        assert tx.articles.id_by_url("other") is None
        assert tx.articles.id_by_url("") is None
        assert tx.articles.id_by_content("same") == "first"
        assert tx.articles.id_by_content("") is None


def test_articles_since_a_time_come_in_the_order_they_were_seen(store: Store) -> None:
    with store.write() as tx:
        for id, minutes in (("c", 3), ("a", 1), ("b", 2), ("z", 2)):
            tx.articles.save(an_article(id, first_seen=NOW + minutes * MINUTE), id, id, ())
    with store.read() as tx:
        assert [article.id for article in tx.articles.since(NOW + 2 * MINUTE)] == ["b", "z", "c"]
        assert [article.id for article in tx.articles.since(NOW, limit=2)] == ["a", "b"]


def test_a_line_is_furniture_when_three_articles_of_the_outlet_have_it(store: Store) -> None:
    with store.write() as tx:
        for number in range(3):
            lines = ["read also", f"own line {number}"] + (["twice"] if number else [])
            tx.articles.save(an_article(f"a{number}"), f"u{number}", "", lines)
        tx.articles.save(an_article("b", outlet="koha"), "u", "", ["twice"])
        assert tx.articles.repeated_lines("dita", ["read also", "twice", "own line 1", "unseen"]) == {"read also"}
        assert tx.articles.repeated_lines("koha", ["read also"]) == frozenset()
        assert tx.articles.repeated_lines("dita", ["read also"], since=NOW + DAY) == frozenset()
        assert tx.articles.repeated_lines("dita", []) == frozenset()


def test_a_changed_text_is_a_revision_and_the_first_version_stays(store: Store) -> None:
    changed = replace(an_article(), title="Четворо повређених", sentences=(Sentence(0, "Четворо", "title", 0),))
    with store.write() as tx:
        tx.articles.save(an_article(), "url-key", "v1", ())
        assert tx.revisions.add(changed, NOW + MINUTE, "4 → 5")
        assert not tx.revisions.add(changed, NOW + 2 * MINUTE, "again")
        assert tx.revisions.knows(changed)
        assert tx.articles.get("a1") == an_article()
        [version] = tx.revisions.of("a1")
        assert (version.title, version.sentences, version.why) == (changed.title, changed.sentences, "4 → 5")
        assert tx.revisions.of("unknown") == []


def test_what_is_read_again_is_due_in_time_and_what_the_feed_says_meanwhile_is_not_lost(store: Store) -> None:
    entry, newer = an_entry("e1"), an_entry("e1", title="Another headline")
    with store.write() as tx:
        tx.articles.save(an_article(), "url-key", "v1", ())
        item = Reread(
            "a1", "https://dita.example/rss", "https://dita.example/1", entry, NOW, NOW, next_try=NOW + MINUTE
        )
        assert tx.revisions.plan(item)
        assert not tx.revisions.plan(item)
        assert tx.revisions.due(NOW, 10) == []
        [due] = tx.revisions.due(NOW + MINUTE, 10)
        assert due == item
        assert tx.revisions.due(NOW - timedelta(days=9), 10) == [item]  # the clock was set back
        tx.revisions.note("a1", newer, NOW, 1)
        tx.revisions.save(replace(due, step=1, next_try=None))  # by who knew nothing of it
        [again] = tx.revisions.due(NOW, 10)
        assert (again.newer, again.step, tx.revisions.waiting()) == (newer, 1, 1)
        tx.revisions.note("a1", entry, NOW, 1)  # more often than it may
        tx.revisions.save(replace(again, newer=None, next_try=None, missing=NOW))
        assert tx.revisions.due(NOW, 10) == []
        assert tx.revisions.gone_since("https://dita.example/rss", NOW) == 1


def test_an_article_with_hostile_text_is_stored(store: Store) -> None:
    hostile = an_article(title="\0\ud800", sentences=(Sentence(0, "nul \0 and \ud800", "title", 0),))
    with store.write() as tx:
        tx.articles.save(hostile, "\0", "\ud800", ["\0line"])
        stored = tx.articles.get("a1")
    assert stored is not None
    assert (stored.title, stored.sentences[0].text) == ("\ufffd", "nul  and \ufffd")


def test_verdicts_come_back_in_order_and_replace_those_of_an_older_rule_set(store: Store) -> None:
    verdicts = (a_verdict("b"), a_verdict("a", fires=False, because="score", severity=Severity.LOW, score=None))
    with store.write() as tx:
        tx.articles.save(an_article(), "u", "c", ())
        tx.matches.save("a1", (a_verdict("gone"), *verdicts), "v1")
        tx.matches.save("a1", verdicts, "v2")
        assert tx.matches.of("a1") == verdicts
        tx.matches.save("a1", (), "v3")
        assert tx.matches.of("a1") == ()


def test_the_latest_decision_on_an_article_is_kept_with_its_reason(store: Store) -> None:
    silent = Decision(speaks=False, code=ReasonCode.COPY, reason="a copy of a0")
    with store.write() as tx:
        tx.articles.save(an_article(), "u", "c", ())
        first = tx.decisions.save("a1", "story", a_decision(), NOW, "v1")
        assert tx.decisions.save("a1", "story", a_decision(), NOW + MINUTE, "v1") == first
        assert tx.decisions.of_article("a1") == a_decision()
        tx.decisions.save("a1", "story", silent, NOW + 2 * MINUTE, "v1")
        assert tx.decisions.of_article("a1") == silent
        assert tx.decisions.of_article("a2") is None


def test_the_backlog_is_told_once_the_gravest_first(store: Store) -> None:
    backlog = a_decision(speaks=False, code=ReasonCode.BACKLOG, development=None)
    with store.write() as tx:
        for id, hours, severity in (
            ("old", 49, Severity.CRITICAL),
            ("low", 1, Severity.LOW),
            ("high", 5, Severity.HIGH),
        ):
            tx.articles.save(an_article(id, published=NOW - timedelta(hours=hours)), id, id, ())
            tx.decisions.save(id, "", replace(backlog, severity=severity), NOW, "v1")
        tx.articles.save(an_article("told"), "told", "told", ())
        tx.decisions.save("told", "", a_decision(), NOW, "v1")
    with store.write() as tx:
        items = tx.decisions.backlog_untold(NOW - timedelta(hours=48))
        assert [(item.article_id, item.severity) for item in items] == [("high", Severity.HIGH), ("low", Severity.LOW)]
        assert items[0].title == an_article().title
        assert items[0].rules == backlog.rules
        assert (items[0].outlet, items[0].published) == ("dita", NOW - timedelta(hours=5))
        tx.decisions.mark_told([item.decision_id for item in items], "digest-1")
        assert tx.decisions.backlog_untold(NOW - timedelta(hours=48)) == []


def test_a_note_holds_its_last_value(store: Store) -> None:
    with store.write() as tx:
        assert tx.notes.get("rules") is None
        tx.notes.set("rules", "v1", NOW)
        tx.notes.set("rules", "v2 правила", NOW + MINUTE)
        assert tx.notes.get("rules") == "v2 правила"
        assert tx.notes.at("rules") == NOW + MINUTE
        assert tx.notes.at("other") is None
