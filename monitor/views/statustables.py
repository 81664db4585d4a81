"""The status as a person sees it in a terminal."""

from __future__ import annotations

from datetime import datetime

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from monitor.feeds.health import Assessment
from monitor.feeds.schedule import POLLS_TO_MOVE, poll_url
from monitor.model import FeedHealth, FeedState
from monitor.views.status import WELL, ChannelStatus, Status, ago, span

STYLES = {FeedHealth.OK: "green", FeedHealth.NEW: "dim", FeedHealth.PARTIAL: "yellow", FeedHealth.STALE: "yellow"}


def show_status(status: Status, out: Console) -> None:
    """The status for a person: what is wrong first, then every feed."""
    out.print("watching" if status.watching else f"[red]not watching[/] (last cycle: {status.last_cycle or 'never'})")
    for line in status.wrong:
        out.print(f"[yellow]![/] {escape(line)}", highlight=False)
    pending = status.outbox["pending"]
    waits = f", the oldest for {ago(status.oldest_pending, status.now)}" if status.oldest_pending else ""
    out.print(f"rule set {status.rule_set} · {status.waiting} entries to read", highlight=False)
    out.print(
        f"outbox: {pending} waiting{waits}, {status.outbox['sent']} sent, {status.outbox['dead']} refused",
        highlight=False,
    )
    show_channels(status, out)
    show_feeds(status, out)
    if status.note:
        out.print(f"note: {status.note}", style="dim", highlight=False, markup=False)


def show_channels(status: Status, out: Console) -> None:
    """Every channel: what it last took, p50 and p95 from publication to delivery, what proves that messages arrive."""
    table = Table(box=None, pad_edge=False)
    for column in ("channel", "last taken", "delay", "arrival"):
        table.add_column(column, overflow="fold")
    for channel in status.channels:
        taken = f"{ago(channel.taken, status.now)} ago" if channel.taken else "never"
        table.add_row(escape(channel.name), taken, _delay(channel.delay), _arrival_words(channel, status.now))
    out.print(table)
    if not status.canary:
        out.print('what a channel takes may still be dropped; to find out: canary: {at: "06:00"}', highlight=False)


def _arrival_words(channel: ChannelStatus, now: datetime) -> str:
    known = channel.arrival
    if known is None:
        return "[dim]not proven: no canary was sent yet[/]"
    last = f"{escape(known.how)}, {ago(known.at, now)} ago" if known.at else ""
    if known.missing:
        return "[red]the last canary is missing[/]" + (f" ({last})" if last else "")
    if channel.fresh:
        return f"[green]proven[/]: {last}"
    if channel.by_hand:
        ask = f"seen it? monitor canary seen {escape(channel.name)}"
        return f"[yellow]taken, not proven[/]; {f'{last}; ' if last else ''}{ask}"
    return f"[yellow]not proven since[/]: {last}" if last else "[yellow]not proven yet[/]"


def show_feeds(status: Status, out: Console) -> None:
    """Every feed, those that are not well first; its delay is p50 and p95 from publication until we see an article."""
    heard = sum(found.health in WELL - {FeedHealth.NEW} for found in status.health.values())
    table = Table(title=f"{heard} of {len(status.feeds)} feeds heard", title_justify="left", box=None, pad_edge=False)
    for column in ("feed", "state", "heard", "new", "next", "delay", "cause"):
        table.add_column(column, overflow="fold")
    for feed in sorted(status.feeds, key=lambda feed: (status.health[feed.url].health in WELL, feed.url)):
        found = status.health[feed.url]
        style = STYLES.get(found.health, "red")
        table.add_row(
            escape(feed.url),
            f"[{style}]{found.health.value}[/]",
            ago(feed.last_success, status.now) or "never",
            ago(feed.last_new, status.now) or "never",
            ago(status.now, feed.next_poll) if feed.next_poll and feed.next_poll > status.now else "now",
            _delay(status.delays.get(feed.url)),
            escape("; ".join(filter(None, (_cause(feed, found), _moved(feed))))),
        )
    out.print(table)


def _cause(feed: FeedState, found: Assessment) -> str:
    if found.health is FeedHealth.NEW:
        return "not asked yet" if feed.last_poll is None else ""
    return found.why + (f" ({feed.failures} in a row)" if feed.failures > 1 else "")


def _delay(delay: tuple[float, float] | None) -> str:
    """p50 and p95 of the last 24 hours."""
    return f"{span(delay[0])}, {span(delay[1])}" if delay else ""


def _moved(feed: FeedState) -> str:
    """Where a feed says that it has moved for good, "" when it does not."""
    if not feed.moved_to:
        return ""
    if poll_url(feed) == feed.moved_to:
        return f"moved for good; asked at {feed.moved_to}"
    return f"says it moved to {feed.moved_to} ({feed.moved_count} of {POLLS_TO_MOVE} polls)"
