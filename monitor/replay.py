"""The same path over given or stored articles, with the clock set to their times. Deterministic."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, Any

from monitor.articles.text import read_article
from monitor.desk import Desk
from monitor.errors import MonitorError
from monitor.judge import Judgement, judge
from monitor.model import Article, Entry, Membership, Outlet, Override, Verdict
from monitor.rules.match import match
from monitor.rules.values import seconds_of
from monitor.store import Store, Transaction


@dataclass(frozen=True, slots=True)
class Replayed:
    """One article and what the rules and its story made of it."""

    article: Article
    verdicts: tuple[Verdict, ...]
    judgement: Judgement

    def as_text(self) -> str:
        """The alert as a channel would have shown it, with its time."""
        alert = self.judgement.alert
        if alert is None:
            return f"{self.article.published:%Y-%m-%d %H:%M} {self.article.title}: {self.judgement.decision.reason}"
        severity = alert.severity.label.upper()
        return f"{self.article.published:%Y-%m-%d %H:%M} {severity} {alert.short_id} {self.article.title}"

    def as_json(self) -> str:
        """The documented line of `monitor replay`: what was found, decided, and on which words."""
        decision = self.judgement.decision
        fired = [verdict for verdict in self.verdicts if verdict.fires]
        texts = {sentence.index: sentence.text for sentence in self.article.sentences}
        evidence = [
            {
                "rule": verdict.rule,
                "concept": item.concept,
                "words": item.words,
                "sentence": texts.get(item.sentence, ""),
                "field": item.field,
            }
            for verdict in fired
            for item in verdict.evidence
        ]
        line = {
            "id": self.article.id,
            "language": self.article.language,
            "alert": decision.speaks,
            "reason": decision.reason,
            "severity": decision.severity.label if decision.speaks and decision.severity is not None else None,
            "rules": [verdict.rule for verdict in fired],
            "story": self.judgement.story,
            "role": self.judgement.placement.role.value,
            "evidence": evidence,
        }
        return json.dumps(line, ensure_ascii=False)


def replay(desk: Desk, articles: Iterable[Article], overrides: Sequence[Override] = ()) -> Iterator[Replayed]:
    """Each article through match, story and decide, in order of publication, over a fresh store of its own.

    An outlet that the desk does not know counts as its own owner. What people changed about stories (`overrides`) is
    repeated at its time.
    """
    with Store.open("sqlite://", durable=False) as store:
        yield from replay_into(store, desk, articles, overrides)


def replay_into(
    store: Store, desk: Desk, articles: Iterable[Article], overrides: Sequence[Override] = ()
) -> Iterator[Replayed]:
    """The same over a given store, which ends with the stories of the original."""
    ordered = sorted(articles, key=lambda article: article.published)  # a stable sort: ties keep the input's order
    changes = _Changes(overrides)
    for article in ordered:
        outlet = desk.outlets.get(article.outlet, Outlet(article.outlet, article.outlet))
        verdicts = match(desk.rules, article, article.published, outlet)
        with store.write() as tx:
            changes.repeat(tx, article.first_seen)
            tx.articles.save(article, "", "")
            pinned = changes.pinned.get(article.id)
            judgement = judge(tx, desk, article, verdicts, article.published, pinned=pinned)
        yield Replayed(article, verdicts, judgement)
    with store.write() as tx:
        changes.repeat(tx, None)


class _Changes:
    """What people changed and undid, in order of time."""

    def __init__(self, overrides: Sequence[Override]) -> None:
        made = [(item.at, item.id, 0, item.after) for item in overrides]
        undone = [(item.undone_at, item.id, 1, item.undone) for item in overrides if item.undone_at is not None]
        self._waiting = sorted(made + undone, key=lambda change: change[:3])
        self.pinned: dict[str, Membership] = {}  # where articles go that come later here than they did at first

    def repeat(self, tx: Transaction, until: datetime | None) -> None:
        """Repeat those up to a time, or all."""
        while self._waiting and (until is None or self._waiting[0][0] <= until):
            seats = self._waiting.pop(0)[3]
            tx.memberships.put(seats)
            self.pinned |= {seat.article: seat for seat in seats}


@contextmanager
def articles_of(desk: Desk, file: str | None, since: str) -> Iterator[Iterator[Article]]:
    """The articles of a file, of standard input (`-`), or (None) of the database, first seen since then (`30d`).

    Raises MonitorError when they cannot be had, also while they are read.
    """
    if file == "-":
        yield given_articles(desk, sys.stdin, "standard input")
        return
    with ExitStack() as stack:
        if file is None:
            span = seconds_of(since)
            if span is None:
                raise MonitorError(f"“{since}” is not a length of time; write 30d", temporary=False)
            tx = stack.enter_context(_stored(desk))
            yield tx.articles.since(datetime.now(UTC) - timedelta(seconds=span))
            return
        try:
            handle = stack.enter_context(Path(file).open(encoding="utf-8"))
        except OSError as error:
            raise MonitorError(f"{file}: {error.strerror}", temporary=False) from error
        yield given_articles(desk, handle, file)


def overrides_of(desk: Desk) -> list[Override]:
    """What people changed about the stories of the database."""
    with _stored(desk) as tx:
        return tx.overrides.all()


@contextmanager
def _stored(desk: Desk) -> Iterator[Transaction]:
    if "://" not in desk.settings.database and not Path(desk.settings.database).exists():
        raise MonitorError(f"there is no database at {desk.settings.database}", temporary=False)
    with Store.open(desk.settings.database, read_only=True) as store, store.read() as tx:
        yield tx


def given_articles(desk: Desk, lines: IO[str], name: str) -> Iterator[Article]:
    """Articles from JSON lines `{"id","url","title","text","published","outlet","language"}`.

    Only `text` or `title` is needed; without `language` it is detected, without `published` the article is undated
    (the start of the epoch). Raises MonitorError with file and line for a line that is not such an object.
    """
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield _given(desk, _object(line, f"{name}:{number}"), number, f"{name}:{number}")


def _object(line: str, where: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise MonitorError(f"{where}:{error.colno}: not JSON: {error.msg}", temporary=False) from error
    if not isinstance(row, dict) or not (row.get("text") or row.get("title")):
        raise MonitorError(f"{where}:1: an object with “title” or “text” is expected", temporary=False)
    return row


def _given(desk: Desk, row: dict[str, Any], number: int, where: str) -> Article:
    published = parse_time(str(row.get("published") or "1970-01-01T00:00:00Z"), where)
    entry = Entry(
        identity=str(row.get("id") or f"line-{number}"),
        url=str(row.get("url") or ""),
        title=str(row.get("title") or ""),
        text=str(row.get("text") or ""),
        published=published,
        language=str(row.get("language") or ""),
    )
    outlet = str(row.get("outlet") or "")
    source = desk.outlets.get(outlet, Outlet(outlet, outlet))
    article = read_article(entry, None, source, published, desk.furniture, frozenset())
    return replace(article, id=entry.identity, origin="given")


def parse_time(text: str, where: str) -> datetime:
    """An ISO 8601 time in UTC; without a zone it is UTC. Raises MonitorError naming `where`."""
    try:
        time = datetime.fromisoformat(text)
    except ValueError as error:
        raise MonitorError(f"{where}: “{text}” is not a time; write 2024-03-22T18:22Z", temporary=False) from error
    return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
