"""Why a process ended itself, for the next one to tell: noted in the database or, when that hangs, beside it."""

from __future__ import annotations

import threading
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from monitor.config.settings import Settings
from monitor.store import Store, Transaction

FAULT = "fault"  # note


def _file(settings: Settings) -> Path:
    """Beside the database's file; for a database server, in the cache folder."""
    return settings.cache / "fault" if "://" in settings.database else Path(f"{settings.database}.fault")


def note_fault(store: Store, settings: Settings, why: str, now: datetime, seconds: float) -> None:
    """Keep it for the process after us. Takes at most `seconds`, whatever hangs, and never raises."""

    def note() -> None:
        with suppress(Exception):  # it may be what is broken
            with store.write() as tx:
                tx.notes.set(FAULT, why, now)
            noted.set()

    noted = threading.Event()
    threading.Thread(target=note, name="fault", daemon=True).start()
    if not noted.wait(seconds):
        with suppress(OSError):
            _file(settings).write_text(why, encoding="utf-8")


def read_fault(tx: Transaction, settings: Settings) -> tuple[str, datetime] | None:
    """Why the process before us ended itself and when, unless that is told."""
    file = _file(settings)
    with suppress(OSError):
        return file.read_text(encoding="utf-8"), datetime.fromtimestamp(file.stat().st_mtime, UTC)
    why, at = tx.notes.get(FAULT), tx.notes.at(FAULT)
    return (why, at) if why and at else None


def forget_fault(tx: Transaction, settings: Settings, now: datetime) -> None:
    """It is told."""
    _file(settings).unlink(missing_ok=True)
    tx.notes.set(FAULT, "", now)
