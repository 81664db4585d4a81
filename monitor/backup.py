"""What `monitor backup` and `monitor restore` do: a copy of the database, and life after putting one back.

A backup knows nothing of what was told after it was made. Nothing may be told twice for that reason, and nothing may
be passed over: what the feeds still show of that time comes in one report (see `gap`), and so do the messages that
were waiting when the backup was made.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from monitor.alerts.compose import compose_operator
from monitor.config.settings import Settings
from monitor.gap import note_restored
from monitor.judge import delivery_of
from monitor.model import Delivery
from monitor.store import Store
from monitor.store.copies import HOW_TO_RESTORE, HOW_TO_SAVE, Copy, database_file, put_back, save_copy

LISTED = 20  # messages named singly


@dataclass(frozen=True, slots=True)
class Restored:
    """What came of putting a backup back."""

    known_until: datetime | None  # until when the database knows what was told; None: it never watched
    waiting: int  # messages that were waiting when the backup was made
    copy: Copy | None = None  # None: somebody else put it back
    kept: Path | None = None  # the database that was there before


def back_up(settings: Settings, file: Path) -> Copy:
    """Copy the database into a new file, whole and checked, beside a running daemon or without. Raises StoreError."""
    return save_copy(database_file(settings.database, HOW_TO_SAVE), file.absolute())


def restore(settings: Settings, file: Path, now: datetime) -> Restored:
    """Put a backup in the place of the database, which is kept beside it. Raises StoreError; then nothing has changed.

    The daemon must not run: that is made sure of.
    """
    database = database_file(settings.database, HOW_TO_RESTORE)
    notes: list[Restored] = []

    def finish(copy: Path) -> None:
        with Store.open(str(copy)) as store:  # an older schema is brought up to date
            notes.append(_note(store, settings, now))

    copy, kept = put_back(file.absolute(), database, finish)
    [noted] = notes
    return Restored(noted.known_until, noted.waiting, copy, kept)


def restored_by_hand(settings: Settings, now: datetime) -> Restored:
    """Somebody else put the database back: the same care for what it does not know. Raises StoreError."""
    with Store.open(settings.database) as store, store.lock("daemon"):
        return _note(store, settings, now)


def _note(store: Store, settings: Settings, now: datetime) -> Restored:
    """Make the database treat the time since the backup as told, perhaps, and queue a message that says so."""
    with store.write() as tx:
        known_until = note_restored(tx, now)
        waiting = tx.outbox.pending()
        if known_until is None:
            return Restored(None, len(waiting))
        local = known_until.astimezone(settings.zone)
        title = f"A backup was put back: nothing is known of what was told after {local:%d.%m.%Y %H:%M}"
        alert = compose_operator(title, _lines(waiting), now, tx.notes.get("rule-set") or "")
        if tx.alerts.save(alert):
            tx.outbox.digest([item.id for item in waiting], alert.id, now)
            tx.outbox.add([delivery_of(alert, channel.name, settings, now) for channel in settings.channels])
    return Restored(known_until, len(waiting))


def _lines(waiting: Sequence[Delivery]) -> list[str]:
    lines = [
        "What the feeds still show of the time since comes in one report, not singly: it may have been told before.",
        "Silences and acknowledgements made since are gone.",
    ]
    if waiting:
        lines.append("These waited when the backup was made; they may have been sent since and are not sent again:")
        lines += [f"{item.channel}: {item.subject} (monitor resend {item.alert})" for item in waiting[:LISTED]]
    if len(waiting) > LISTED:
        lines.append(f"and {len(waiting) - LISTED} more")
    return lines
