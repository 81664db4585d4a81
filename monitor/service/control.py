"""What people change beside a running daemon: silences, acknowledgements, stories, messages to send again.

One process writes the database. A command therefore asks the daemon, through a socket beside the database that only
its owner can open; when no daemon runs, the command takes the daemon's lock and does it by itself.
"""

from __future__ import annotations

import json
import os
import socket
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path
from zoneinfo import ZoneInfo

from monitor import regroup
from monitor.config.settings import Settings
from monitor.errors import MonitorError
from monitor.log import get_logger
from monitor.model import Alert, DeliveryState, Silence
from monitor.store import Store, Transaction
from monitor.watch.canary import ask_for_canary, seen
from monitor.yamlfile import did_you_mean

SECONDS = 10.0  # for one request
LONGEST = 65_536  # bytes of a request or an answer

Arguments = Mapping[str, str]
Action = Callable[[Transaction, Arguments, datetime], str]


# --- what can be asked ------------------------------------------------------------------------------------------------


def resend(tx: Transaction, arguments: Arguments, now: datetime) -> str:
    """Queue messages again: those of an alert, the dead ones of a channel, or all dead ones; and try at once what
    waits. `channels` are the names of the desk's channels, with commas between them."""
    target, channel, known = arguments["target"], arguments.get("channel", ""), arguments["channels"].split(",")
    for name in (channel, "" if _is_alert(tx, target) or target == "all" else target):
        if name and name not in known:
            hint = did_you_mean(name, known) or f"channels: {', '.join(known)}"
            raise MonitorError(f"there is no alert and no channel “{name}”. {hint}", temporary=False)
    if _is_alert(tx, target):
        sent = [item for alert in find_alerts(tx, target) for item in tx.outbox.of_alert(alert.id)]
        chosen = [item for item in sent if channel in ("", item.channel)]
        waiting = sum(item.state is DeliveryState.PENDING for item in chosen)
        ids = [item.id for item in chosen]
    else:
        name = "" if target == "all" else target
        pending = tx.outbox.ids(DeliveryState.PENDING, name)
        waiting, ids = len(pending), [*tx.outbox.ids(DeliveryState.DEAD, name), *pending]
    count = tx.outbox.revive(ids, now)
    again = f"{_messages(count)} queued again" if count or not waiting else "nothing had to be queued again"
    return f"{again}; {_messages(waiting)} waiting already, and tried now" if waiting else again


def _messages(count: int) -> str:
    return f"{count} message is" if count == 1 else f"{count} messages are"


def _is_alert(tx: Transaction, target: str) -> bool:
    return target.startswith("#") or tx.alerts.get(target) is not None


def silence(tx: Transaction, arguments: Arguments, now: datetime) -> str:
    """Add a silence that ends."""
    kind, value = arguments["kind"], arguments["value"]
    until = datetime.fromisoformat(arguments["until"])
    if kind not in ("rule", "story", "tag"):
        raise MonitorError(f"“{kind}” cannot be silenced: only a rule, a story or a tag", temporary=False)
    if until <= now:
        raise MonitorError("the silence would end before it begins", temporary=False)
    if kind == "story":
        value = find_alerts(tx, value)[0].story
    id = blake2b(f"{kind} {value} {until.isoformat()}".encode(), digest_size=3).hexdigest()
    critical = arguments.get("critical") == "yes"
    tx.silences.add(Silence(id, kind, value, arguments["author"], now, until, arguments.get("why", ""), critical))  # type: ignore[arg-type]
    local = until.astimezone(ZoneInfo(arguments.get("zone", "UTC")))
    return f"silence {id}: {kind} {value} until {local:%Y-%m-%d %H:%M}; to end it: monitor silence end {id}"


def end_silence(tx: Transaction, arguments: Arguments, now: datetime) -> str:
    """End a silence before its time."""
    if not tx.silences.end(arguments["id"], now):
        raise MonitorError(f"no silence “{arguments['id']}” is in force; see: monitor silence list", temporary=False)
    return f"silence {arguments['id']} has ended"


def acknowledge(tx: Transaction, arguments: Arguments, now: datetime) -> str:
    """Note that a person has seen a story."""
    alert = find_alerts(tx, arguments["story"])[0]
    if tx.silences.acknowledge(alert.story, arguments["author"], now):
        return f"{alert.short_id} seen by {arguments['author']}"
    return f"{alert.short_id} was seen before, by {tx.silences.acknowledged([alert.story])[alert.story]}"


ACTIONS: Mapping[str, Action] = {
    "resend": resend,
    "silence": silence,
    "end silence": end_silence,
    "acknowledge": acknowledge,
    "canary": ask_for_canary,
    "canary seen": seen,
    **regroup.ACTIONS,
}


def find_alerts(tx: Transaction, target: str) -> list[Alert]:
    """The alerts that a person means by `#k7f3q2` or an alert's id, the oldest first. Raises MonitorError for none."""
    found = tx.alerts.get(target)
    alerts = [found] if found else tx.alerts.of_story(target.removeprefix("#").lower())
    if not alerts:
        raise MonitorError(f"there is no alert {target}; see: monitor alerts", temporary=False)
    return alerts


# --- the daemon's side ------------------------------------------------------------------------------------------------


class Control:
    """Listens on the socket and does what it is asked, one request at a time, until closed."""

    def __init__(self, store: Store, path: Path) -> None:
        self._store = store
        self._path = path
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.unlink(missing_ok=True)  # we hold the database's lock: it is a dead daemon's
        with _reachable(path) as name:
            self._socket.bind(name)
        path.chmod(0o600)
        self._socket.listen(8)
        threading.Thread(target=self._serve, name="control", daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:  # closed
                return
            with connection, suppress(OSError):
                connection.settimeout(SECONDS)
                connection.sendall(json.dumps(self._answer(_read(connection))).encode() + b"\n")

    def _answer(self, line: bytes) -> dict[str, str]:
        try:
            request = json.loads(line)
            text = perform(self._store, request["do"], request["with"])
        except MonitorError as error:
            return {"error": str(error)}
        except Exception as error:
            get_logger().exception("a request was not understood")
            return {"error": f"not understood: {type(error).__name__}"}
        return {"text": text}

    def close(self) -> None:
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._path.unlink(missing_ok=True)


def perform(store: Store, action: str, arguments: Arguments) -> str:
    """Do it in one transaction; what was done, in words. Raises MonitorError."""
    now = datetime.now(UTC)
    with store.write() as tx:
        text = ACTIONS[action](tx, arguments, now)
    get_logger().info("asked by a person", do=action, **{f"with_{name}": value for name, value in arguments.items()})
    return text


def socket_path(settings: Settings) -> Path:
    """Beside the database file; for a database server, in the cache folder under a name of its address."""
    if "://" not in settings.database:
        return Path(f"{settings.database}.socket")
    name = blake2b(settings.database.encode(), digest_size=8).hexdigest()
    return settings.cache / f"{name}.socket"


# --- the command's side -----------------------------------------------------------------------------------------------


def ask(settings: Settings, action: str, arguments: Arguments) -> str:
    """Have it done by the running daemon, or here when none runs. Raises MonitorError, StoreError."""
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    with connection:
        connection.settimeout(SECONDS)
        try:
            with _reachable(socket_path(settings)) as name:
                connection.connect(name)
        except OSError:
            with Store.open(settings.database) as store, store.lock("daemon"):
                return perform(store, action, arguments)
        connection.sendall(json.dumps({"do": action, "with": dict(arguments)}).encode() + b"\n")
        answer = json.loads(_read(connection) or b'{"error": "the daemon did not answer"}')
    if "error" in answer:
        raise MonitorError(answer["error"], temporary=False)
    return str(answer["text"])


def _read(connection: socket.socket) -> bytes:
    """One line."""
    line = b""
    while not line.endswith(b"\n") and len(line) < LONGEST and (more := connection.recv(4096)):
        line += more
    return line


class _reachable:
    """A name for the socket that fits the 107 bytes a socket's address may have, however deep its folder is."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._folder = -1

    def __enter__(self) -> str:
        if len(os.fsencode(self._path)) < 100:
            return str(self._path)
        self._folder = os.open(self._path.parent, os.O_RDONLY | os.O_DIRECTORY)
        return f"/proc/self/fd/{self._folder}/{self._path.name}"

    def __exit__(self, *_: object) -> None:
        if self._folder >= 0:
            os.close(self._folder)
