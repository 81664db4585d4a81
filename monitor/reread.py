"""Articles that matched are read again, on a plan and when their feed says something else: what matters is told.

Never in the way of what is new: a few at a time, one at once of a host, and none while new articles wait. A page that
is walled in, cut off or leads elsewhere says nothing about the article; one that is gone is asked for twice.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from monitor.articles.revisions import Change, change, unreadable
from monitor.articles.text import line_keys, read_article
from monitor.articles.urls import url_key
from monitor.desk import Desk
from monitor.gap import restored_at
from monitor.judge import Edit, Judgement, judge_edit
from monitor.log import get_logger
from monitor.model import Article, Entry, Feed, FetchResult, Outlet, PageText, ReasonCode, Role, Verdict
from monitor.pages import PAGE_ERRORS_THAT_PASS, Pages
from monitor.ports import Clock
from monitor.rules.match import match
from monitor.store import Store, Transaction
from monitor.store.entries import ChangedEntry, PendingEntry
from monitor.store.revisions import Reread, version_key

SLOW_DOWN = 4  # new articles that wait; with more, nothing is read again
RETRY = timedelta(minutes=5)
TRIES = 3  # in a row, before the next time of the plan
CHANGES = 6  # times that a feed may say something else of an article; more is a page that never rests
MASS = 4  # articles of a feed that go missing within a day: the site changed its addresses
NO_PLAN = 99  # the step of an article that is looked at only because its feed said something else
_GONE = ("not_found", "gone")
_QUIET = frozenset({ReasonCode.NO_MATCH, ReasonCode.TRIAL, ReasonCode.BACKLOG})


def plan(
    tx: Transaction, desk: Desk, pending: PendingEntry, page: PageText | None, judged: Judgement, article: Article
) -> None:
    """Begin to read again an article that was just judged, if a rule that is live fires on it."""
    steps = desk.settings.revisions
    if not steps or judged.decision.code in _QUIET:
        return
    began = pending.seen
    kept = page if page is not None and page.paragraphs and not page.suspect else None
    url = pending.entry.url
    item = Reread(article.id, pending.feed, url, pending.entry, began, began, page=kept, next_try=began + steps[0])
    tx.revisions.plan(item if url else replace(item, next_try=None))


def note_changes(tx: Transaction, desk: Desk, feed: Feed, changed: Sequence[ChangedEntry], now: datetime) -> None:
    """What a feed says otherwise now is looked at at once: of articles that are read again; of others, headlines."""
    for item in changed if desk.settings.revisions else ():
        if tx.revisions.planned(item.article):
            tx.revisions.note(item.article, item.now, now, CHANGES)
        elif item.before.title != item.now.title:
            looked = Reread(item.article, feed.url, item.now.url, item.before, now, now, newer=item.now, step=NO_PLAN)
            tx.revisions.plan(replace(looked, next_try=now, changes=1))


@dataclass(frozen=True, slots=True)
class _Versions:
    """An article as it was and as it is, with what the rules say of both now."""

    old: Article
    new: Article
    before: tuple[Verdict, ...]
    after: tuple[Verdict, ...]
    first: bool = False  # the page can be read for the first time: what it says more did not change

    @property
    def fired(self) -> bool:
        return any(verdict.fires and verdict.live for verdict in self.before)

    @property
    def fires(self) -> bool:
        return any(verdict.fires and verdict.live for verdict in self.after)

    @property
    def same(self) -> bool:
        return version_key(self.old) == version_key(self.new)


class Rereader:
    """Finds what is due to be read again, and reads it."""

    def __init__(self, store: Store, pages: Pages, clock: Clock, desk: Callable[[], Desk]) -> None:
        self._store = store
        self._pages = pages
        self._clock = clock
        self._desk = desk
        self._log = get_logger()

    def due(self, room: int, busy: frozenset[Hashable]) -> list[Reread]:
        """Up to `room` articles whose time has come, of hosts that are not busy, one of each."""
        if self._store.shortage():
            return []
        with self._store.read() as tx:
            due = tx.revisions.due(self._clock.now(), 50)
            if due and tx.entries.waiting()[0] > SLOW_DOWN:
                return []
        by_host: dict[str, Reread] = {}
        for item in due:
            if host_of(item) not in busy:
                by_host.setdefault(host_of(item), item)
        return list(by_host.values())[:room]

    def read(self, item: Reread) -> None:
        """Read an article again, and tell what matters of what changed."""
        desk = self._desk()
        feed = desk.feeds.get(item.feed)
        outlet = desk.outlets.get(feed.outlet) if feed else None
        with self._store.read() as tx:
            article, record = tx.articles.get(item.article), tx.feeds.record(item.feed)
        if feed is None or outlet is None or article is None or not article.sentences:
            self._save(replace(item, next_try=None, newer=None))  # taken off the list, or forgotten
            return
        if item.step == NO_PLAN and not self._compare(desk, item, article, outlet, None).fires:
            self._save(replace(item, next_try=None, newer=None, entry=item.newer or item.entry))
            return
        result, page = self._pages.again(item, feed, record) if item.url else (FetchResult(""), None)
        if result.error_class in _GONE and (item.page or article.origin == "page"):
            self._missing(desk, item, article, outlet, result)
        elif result.error_class in PAGE_ERRORS_THAT_PASS and item.tries + 1 < TRIES and not item.newer:
            wait = max((item.tries + 1) * RETRY, timedelta(seconds=min(result.retry_after or 0, 86_400)))
            self._save(replace(item, tries=item.tries + 1, next_try=self._clock.now() + wait))
        else:
            self._changed(desk, item, article, outlet, result, page)

    def _changed(
        self, desk: Desk, item: Reread, article: Article, outlet: Outlet, result: FetchResult, page: PageText | None
    ) -> None:
        """The page answered, or never will: compare what there is."""
        why = ""
        if page is not None:
            why = unreadable(item.page, page, moved=_moved(item.url, result.final_url), partial=result.partial)
        kept = page if page is not None and not why else None
        found = self._compare(desk, item, article, outlet, kept)
        now = self._clock.now()
        after = replace(item, read=now, entry=item.newer or item.entry, newer=None, tries=0, missing=None)
        if kept is not None:
            after = replace(after, page=kept, etag=result.etag, last_modified=result.last_modified)
        if found.fires and item.step == NO_PLAN:
            after = replace(after, began=now, step=0)
        told = ""
        with self._store.write() as tx:
            if not found.same and not tx.revisions.knows(found.new) and version_key(found.new) != version_key(article):
                told = self._tell(tx, desk, found, now, known=_is_known(tx, item, now))
            tx.revisions.save(_planned(after, desk.settings.revisions, now))
        facts = {"page": why or result.error_class or ("not modified" if result.not_modified else "read"), "told": told}
        self._log.info("article read again", url=item.url, changed=not found.same, **facts)

    def _tell(self, tx: Transaction, desk: Desk, found: _Versions, now: datetime, *, known: bool) -> str:
        """Keep a new version, and tell what matters in it unless it is `known`; the id of the alert, "" for none."""
        if known:
            tx.revisions.add(found.new, now, "not told: it may have been told before a backup was put back")
            return ""
        said = None if found.first else change(found.old, found.new)
        judged = None
        if found.fires:
            judged = judge_edit(tx, desk, found.new, found.after, _edit(said, found), now)
        elif found.fired and not found.first:  # what it was told for is not there any more
            edit = _edit(said, found) if said else _withdrawn(found)
            judged = judge_edit(tx, desk, found.new if said else found.old, found.before, edit, now)
        if found.fires or found.fired:
            tx.matches.save(found.new.id, found.after, desk.rules.version)
        alert = judged.alert.id if judged and judged.alert else ""
        why = said.words if said else "wording only" if found.fires else "no rule fires any more"
        if found.first:
            why = "the page can be read now"
        if judged and not alert and said:
            why += f"; not told: {judged.decision.reason}"
        tx.revisions.add(found.new, now, why, alert)
        return alert

    def _missing(self, desk: Desk, item: Reread, article: Article, outlet: Outlet, result: FetchResult) -> None:
        """The page is said to be gone: believed when it is said twice, and not of many pages at once."""
        now = self._clock.now()
        since = item.missing or now
        if item.missing is None or now - item.missing < RETRY:
            self._save(replace(item, missing=since, next_try=since + RETRY))
            return
        words = f"HTTP {result.status}" if result.status else result.error_class
        gone = replace(article, sentences=())
        after = replace(item, next_try=None, newer=None)
        with self._store.write() as tx:
            if tx.revisions.gone_since(item.feed, now - timedelta(days=1)) >= MASS:
                self._log.warning("many pages of a feed are gone", feed=item.feed, url=item.url)
            elif not tx.revisions.knows(gone) and not _is_known(tx, item, now):
                verdicts = tx.matches.of(article.id)
                copy = any(seat.role is Role.COPY for seat in tx.memberships.of([article.id]))
                edit = Edit(f"gone: {words}", Role.CORRECTION, _evidence(article, verdicts))
                judged = None if copy else judge_edit(tx, desk, article, verdicts, edit, now)
                alert = judged.alert.id if judged and judged.alert else ""
                tx.revisions.add(gone, now, f"taken down: {words}", alert)
            tx.revisions.save(after)
        self._log.info("article taken down", url=item.url, why=words, outlet=outlet.id)

    def _compare(self, desk: Desk, item: Reread, article: Article, outlet: Outlet, page: PageText | None) -> _Versions:
        """Both versions, cleaned alike. `page` is the page as it is now; without it, the old one stands for it."""
        was = item.page or (PageText(tuple(article.text.split("\n"))) if article.origin == "page" else None)
        if was is None and item.step != NO_PLAN and item.entry.text:
            was = page  # what the feed carried in full is compared with the feed, and the page with the page
        with self._store.read() as tx:
            lines = {key for one in (was, page) if one for key in line_keys(one.paragraphs)}
            repeated = tx.articles.repeated_lines(article.outlet, lines)

        def version(entry: Entry, text: PageText | None) -> Article:
            read = read_article(entry, text, outlet, article.first_seen, desk.furniture, repeated)
            published = article.published
            return replace(read, id=article.id, url=article.url, language=article.language, published=published)

        old, new = version(item.entry, was), version(item.newer or item.entry, page or was)
        now = self._clock.now()
        before = match(desk.rules, old, now, outlet)
        after = before if version_key(old) == version_key(new) else match(desk.rules, new, now, outlet)
        return _Versions(old, new, before, after, first=was is None and page is not None)

    def _save(self, item: Reread) -> None:
        with self._store.write() as tx:
            tx.revisions.save(item)


def _is_known(tx: Transaction, item: Reread, now: datetime) -> bool:
    """Was the article last read before a backup was put back? What changed since may have been told."""
    restored = restored_at(tx, now)
    return restored is not None and item.read < restored


def host_of(item: Reread) -> str:
    """One article of a host is read again at a time."""
    return urlsplit(item.url).hostname or item.feed


def _planned(item: Reread, steps: Sequence[timedelta], now: datetime) -> Reread:
    """With the next time of the plan; times that passed while nobody watched count once."""
    step = item.step
    while step < len(steps) and item.began + steps[step] <= now:
        step += 1
    planned = item.began + steps[step] if step < len(steps) and item.url else None
    return replace(item, step=step, next_try=planned)


def _edit(said: Change | None, found: _Versions) -> Edit:
    if said is None:
        mark = "" if found.first else "changed"
        return Edit(mark, Role.CORROBORATION, _evidence(found.new, found.after), fires_anew=not found.fired)
    role = Role.UPDATE if said.kind == "fact" else Role.CORRECTION
    return Edit(f"changed: {said.words}", role, said.sentences, said.facts, fires_anew=not found.fired)


def _withdrawn(found: _Versions) -> Edit:
    """The sentences that a rule fired on are not in the new version."""
    gone = _evidence(found.old, found.before)
    text = found.old.sentences[gone[0]].text if gone else found.old.title
    return Edit(f"gone: “{text}”", Role.CORRECTION, gone)


def _evidence(article: Article, verdicts: Sequence[Verdict]) -> tuple[int, ...]:
    fired = [verdict for verdict in verdicts if verdict.fires]
    indexes = dict.fromkeys(index for verdict in fired for index in verdict.sentences)
    return tuple(index for index in indexes if index < len(article.sentences))


def _moved(url: str, final: str) -> bool:
    """Did the server send us to a page that is no article's: a front page, a section?"""
    if not final or url_key(final) == url_key(url):
        return False
    asked, got = (len([part for part in urlsplit(one).path.split("/") if part]) for one in (url, final))
    return got == 0 or (got == 1 and got < asked)
