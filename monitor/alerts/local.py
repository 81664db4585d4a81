"""Channels that need no network: the terminal, and a folder of messages to open in a browser."""

from __future__ import annotations

import html
import re
from concurrent.futures import Future
from pathlib import Path

from rich import box
from rich.console import Console
from rich.panel import Panel
from rich.text import Text

from monitor.model import Delivery, SendResult, Severity

_COLOURS = {
    Severity.INFO: "bright_black",
    Severity.LOW: "cyan",
    Severity.MEDIUM: "yellow",
    Severity.HIGH: "red",
    Severity.CRITICAL: "bold white on red",
}
_PHONE_WIDTH = 72
_STYLE = (
    "body{font:16px/1.45 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem}"
    "pre{white-space:pre-wrap;font:inherit}li{margin:.5rem 0}a{overflow-wrap:anywhere}"
)
_LINK = re.compile(r"^https?://\S+$")


def done(result: SendResult) -> Future[SendResult]:
    """A future that already has its answer."""
    future: Future[SendResult] = Future()
    future.set_result(result)
    return future


class TerminalChannel:
    """Prints a message the way a phone would show it."""

    def __init__(self, name: str, console: Console) -> None:
        self.name = name
        self.console = console

    def send(self, delivery: Delivery) -> Future[SendResult]:
        width = min(self.console.width, _PHONE_WIDTH)
        panel = Panel(
            Text(delivery.body, overflow="fold"),
            title=Text(delivery.subject, style="bold", overflow="fold"),
            title_align="left",
            border_style=_COLOURS[delivery.severity],
            box=box.ROUNDED,
            width=width,
        )
        # A panel cuts a long title off; on a phone it wraps.
        if len(delivery.subject) > width - 6:
            panel.title = None
            panel.renderable = Text.assemble((delivery.subject, "bold"), "\n", delivery.body)
        try:
            self.console.print(panel)
        except (OSError, ValueError) as error:  # a closed terminal, or one that has no such letters
            return done(SendResult(ok=False, detail=f"cannot print: {type(error).__name__}"))
        return done(SendResult(ok=True, detail="printed"))


class MailboxChannel:
    """Writes every message as text and as HTML into a folder, with an index of them.

    A message sent twice overwrites itself. Everything is escaped, and the pages may load nothing.
    """

    def __init__(self, name: str, folder: Path) -> None:
        self.name = name
        self.folder = folder

    def send(self, delivery: Delivery) -> Future[SendResult]:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            stem = re.sub(r"[^A-Za-z0-9._-]", "_", delivery.id)[:120]
            _write(self.folder / f"{stem}.txt", f"{delivery.subject}\n\n{delivery.body}\n")
            _write(self.folder / f"{stem}.html", message_page(delivery.subject, delivery.body))
            _write(self.folder / "index.html", self._index())
        except OSError as error:
            return done(SendResult(ok=False, detail=f"cannot write to the mailbox folder: {error.strerror}"))
        return done(SendResult(ok=True, detail="written"))

    def _index(self) -> str:
        """All messages of the folder, newest first."""
        files = sorted(self.folder.glob("*.txt"), key=lambda file: (file.stat().st_mtime_ns, file.name), reverse=True)
        items = []
        for file in files:
            with file.open(encoding="utf-8") as lines:
                subject = lines.readline().strip()
            items.append(f'<li><a href="{html.escape(file.stem)}.html">{html.escape(subject)}</a></li>')
        title = "1 message" if len(files) == 1 else f"{len(files)} messages"
        return page(title, f"<h1>{title}</h1><ol reversed>{''.join(items)}</ol>")


def message_page(subject: str, body: str) -> str:
    """A message as an HTML page; lines that are links can be followed."""
    lines = []
    for line in body.splitlines():
        text = html.escape(line)
        if _LINK.match(line):
            text = f'<a href="{text}" rel="noopener noreferrer nofollow">{text}</a>'
        lines.append(text)
    return page(subject, f"<h1>{html.escape(subject)}</h1><pre>{chr(10).join(lines)}</pre>")


def page(title: str, content: str) -> str:
    """An HTML page around content that is already escaped."""
    return (
        '<!doctype html><html><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{html.escape(title)}</title><style>{_STYLE}</style></head><body>{content}</body></html>\n"
    )


def _write(path: Path, text: str) -> None:
    """Write a whole file or none of it."""
    part = path.with_name(path.name + ".part")
    part.write_text(text, encoding="utf-8", errors="replace")
    part.replace(path)
