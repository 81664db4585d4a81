"""What `monitor egress` shows: every host that this desk speaks to, why, and how often; and every host it would.

What was sent is counted where it leaves (feeds, pages, heartbeat) or stands in the outbox (channels); what would be is
read from the desk's files. What a person's own command asks for (`try URL`, `feeds add`) is not counted.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from rich.console import Console
from rich.table import Table

from monitor.alerts.channels import hosts_of
from monitor.config.settings import Settings
from monitor.desk import Desk
from monitor.outgoing import Contact
from monitor.store import Store

LOCAL = ("terminal", "mailbox")
NOTES = (
    "Names are looked up by this machine's own resolver. Nothing else is asked: no updates, no statistics.",
    "A host of a feed sees the address of the feed or page, “newsmonitor” and your contact as the user agent,"
    " and this machine's address. Rules, terms and names stay here; channels get what you have sent to them.",
)


@dataclass(frozen=True, slots=True)
class Line:
    """A host and one purpose; `often` says in words when it is asked, "" for what is asked no more."""

    host: str
    why: str
    often: str
    count: int = 0
    first: datetime | None = None
    last: datetime | None = None


def read_egress(settings: Settings, desk: Desk) -> list[Line]:
    """Every host with each purpose, the most asked first. Raises StoreError."""
    counted: dict[tuple[str, str], Contact] = {}
    sends: Mapping[str, Contact] = {}
    if "://" in settings.database or Path(settings.database).exists():
        with Store.open(settings.database, read_only=True) as store, store.read() as tx:
            counted = {(contact.host, contact.why): contact for contact in tx.egress.all()}
            sends = tx.egress.sends()
    lines = [_line(host, why, often, counted.pop((host, why), None)) for host, why, often in _planned(settings, desk)]
    for channel in settings.channels:
        hosts = () if channel.url.partition("://")[0] in LOCAL else hosts_of(channel.url)
        lines += [_line(host, f"channel {channel.name}", "each message", sends.get(channel.name)) for host in hosts]
    pages = "articles of its feeds" if desk.feeds else ""
    lines += [
        _line(host, why, pages if why in ("page", "robots.txt") else "", contact)
        for (host, why), contact in counted.items()
    ]
    return sorted(lines, key=lambda line: (-line.count, line.host, line.why))


def _planned(settings: Settings, desk: Desk) -> Iterator[tuple[str, str, str]]:
    """Host, purpose and how often, as the desk's files say."""
    every: dict[str, list[int]] = {}
    for feed in desk.feeds.values():
        every.setdefault(urlsplit(feed.url).hostname or "", []).append(feed.min_interval)
    for host, intervals in every.items():
        feeds = f"{len(intervals)} feeds, " if len(intervals) > 1 else ""
        yield host, "feed", f"{feeds}every {_span(min(intervals))} at most"
    if url := settings.proof.heartbeat_url:
        yield urlsplit(url).hostname or "", "heartbeat", f"every {_span(int(settings.proof.heartbeat_every))}"
    for channel in settings.channels:
        if receipt := urlsplit(channel.receipt).hostname:
            yield receipt, f"receipt of {channel.name}", "after each canary"
    if "://" in settings.database and (server := urlsplit(settings.database).hostname):
        yield server, "database", "always"


def _line(host: str, why: str, often: str, contact: Contact | None) -> Line:
    if contact is None:
        return Line(host, why, often)
    return Line(host, why, often, contact.count, contact.first, contact.last)


def _span(seconds: int) -> str:
    return f"{seconds // 60} min" if seconds >= 60 and seconds % 60 == 0 else f"{seconds} s"


def as_json(lines: list[Line]) -> str:
    """A list of objects; times in ISO 8601."""
    return json.dumps([asdict(line) for line in lines], default=datetime.isoformat, ensure_ascii=False, indent=2)


def show_egress(lines: list[Line], settings: Settings, out: Console) -> None:
    """The list for a person."""
    table = Table(box=None, pad_edge=False)
    for column in ("host", "why", "how often", "times", "last"):
        table.add_column(column, overflow="fold", justify="right" if column == "times" else "left")
    for line in lines:
        last = line.last.astimezone(settings.zone).strftime("%d.%m. %H:%M") if line.last else "not yet"
        table.add_row(line.host, line.why, line.often or "no more", f"{line.count:,}", last)
    if lines:
        out.print(table, highlight=False, markup=False)
    else:
        out.print("No host: this desk has no feeds, and no channel that leaves this machine.", highlight=False)
    proxies = sorted(name for name in os.environ if name.lower() in ("http_proxy", "https_proxy", "all_proxy"))
    proxy = (f"Channels and the heartbeat go through the proxy of {', '.join(proxies)}.",) if proxies else ()
    for note in (*proxy, *NOTES):
        out.print(note, highlight=False, style="dim", markup=False)
