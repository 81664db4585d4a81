"""`monitor try` and `monitor test-channel`: one text through the rules, one message through a channel."""

from __future__ import annotations

import hashlib
import re
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from monitor.alerts.channels import open_channels
from monitor.alerts.compose import compose_test
from monitor.alerts.decide import decide
from monitor.alerts.render import render
from monitor.articles.extract import extract_page
from monitor.articles.text import read_article
from monitor.config.settings import Settings
from monitor.desk import Desk
from monitor.errors import MonitorError
from monitor.fetch import AioFetcher
from monitor.model import (
    Article,
    Delivery,
    DeliveryState,
    Entry,
    FetchRequest,
    Outlet,
    PageText,
    Placement,
    Role,
    SendResult,
    Told,
    Voices,
)
from monitor.replay import parse_time
from monitor.rules.explain import explain
from monitor.rules.match import match
from monitor.service.daemon import SystemClock, user_agent
from monitor.workers import Workers

SECONDS = 30.0
_LOOKS_LIKE_A_FILE = re.compile(r"\S+\.(?:txt|html?|md|jsonl?)|[~./]\S*/\S*")


def try_text(
    desk: Desk, what: str, *, rule: str | None, published: str | None, language: str | None, title: str, outlet: str
) -> str:
    """What the rules make of a text, a file, a page or standard input (`-`), in words, sentence by sentence.

    Raises MonitorError when there is nothing to read or no rule of that name.
    """
    if rule is not None and rule not in {known.id for known in desk.rules.rules}:
        raise MonitorError(f"there is no rule “{rule}”", temporary=False)
    now = parse_time(published, "--published") if published else datetime.now(UTC)
    source = desk.outlets.get(outlet, Outlet(outlet, outlet))
    article = _read(desk, what, title, language or "", source, now)
    verdicts = tuple(v for v in match(desk.rules, article, now, source, near=True) if rule in (None, v.rule))
    decision = decide(verdicts, Placement("", Role.FOUNDER, "given alone"), Told(), Voices(1, (article.language,), 0))
    speaks = (
        f"would alert: {decision.severity.label}"
        if decision.speaks and decision.severity is not None
        else "stays quiet"
    )
    return f"{explain(desk.rules, article, verdicts)}\n\n{speaks} — {decision.reason}"


def read_given(desk: Desk, what: str, *, published: str | None, language: str, title: str, outlet: str) -> Article:
    """The article in a text, a file, a page or standard input (`-`). Raises MonitorError when there is none."""
    now = parse_time(published, "--published") if published else datetime.now(UTC)
    return _read(desk, what, title, language, desk.outlets.get(outlet, Outlet(outlet, outlet)), now)


def _read(desk: Desk, what: str, title: str, language: str, outlet: Outlet, now: datetime) -> Article:
    """The article behind the argument of `monitor try`."""
    page: PageText | None = None
    text = url = ""
    if what.startswith(("http://", "https://")):
        url, page = what, _page(what, _is_ours(desk, what))
    elif what == "-":
        text = sys.stdin.read()
    elif Path(what).is_file():
        data = Path(what).read_bytes()
        if b"<html" in data[:4096].lower():
            page = extract_page(data, "", "")
        else:
            text = data.decode("utf-8-sig", errors="replace")
    elif _LOOKS_LIKE_A_FILE.fullmatch(what):
        raise MonitorError(f"there is no file {what}", temporary=False)
    else:
        text = what
    if page and not page.paragraphs:
        raise MonitorError(f"{what}: no article text was found ({page.suspect})", temporary=False)
    identity = hashlib.sha256((url or text).encode()).hexdigest()
    entry = Entry(identity, url, title, text=text, published=now, language=language)
    return read_article(entry, page, outlet, now, desk.furniture, frozenset())


def _is_ours(desk: Desk, url: str) -> bool:
    """Is the page on the host of a feed that may live on a private network?"""
    host = urlsplit(url).netloc
    return any(feed.allow_private and urlsplit(feed.url).netloc == host for feed in desk.feeds.values())


def _page(url: str, allow_private: bool) -> PageText:
    """Fetch and extract one page, as the daemon would."""
    with closing(AioFetcher(user_agent=user_agent(Settings()))) as fetcher, closing(Workers(count=1)) as workers:
        result = fetcher.fetch(FetchRequest(url, allow_private=allow_private)).result(SECONDS + 5)
        if not result.ok:
            raise MonitorError(f"{url}: {result.error_class}: {result.error}", temporary=True)
        page: PageText = workers.run(extract_page, result.body, result.charset, url, timeout=SECONDS).result()
        return page


def send_test(settings: Settings, name: str) -> SendResult:
    """Send a message marked as a test through one channel, once. Raises MonitorError for an unknown channel."""
    if name not in {channel.name for channel in settings.channels}:
        known = ", ".join(channel.name for channel in settings.channels)
        raise MonitorError(f"there is no channel “{name}”; there are: {known}", temporary=False)
    now = SystemClock().now()
    alert = compose_test(name, now)
    subject, body = render(alert, settings.language, settings.zone)
    delivery = Delivery(
        f"{alert.id}@{name}",
        alert.id,
        name,
        DeliveryState.PENDING,
        0,
        now,
        alert.severity,
        subject,
        body,
        story=alert.story,
    )
    with closing(Workers(count=1)) as senders:
        channels = open_channels([channel for channel in settings.channels if channel.name == name], senders)
        return channels[name].send(delivery).result(2 * SECONDS)
