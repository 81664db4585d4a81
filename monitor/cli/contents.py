"""The commands in the order in which people need them, each in a few words: what `monitor --help` shows on one page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import typer
from typer.core import TyperGroup
from typer.models import CommandInfo, TyperInfo

CONTENTS: Mapping[str, Mapping[str, str]] = {
    "Begin": {
        "demo": "The whole program in a minute, on this machine alone.",
        "init": "Write a commented monitor.yaml and a folder for your rules.",
        "check": "Load everything, run the rules' tests, print all problems.",
    },
    "Watch": {
        "run": "Watch and tell, until stopped.",
        "once": "One cycle with a progress bar; for cron.",
        "status": "How watching goes: feeds, messages, what is wrong and why.",
        "feeds": "How each feed is; add feeds, import and export lists.",
        "egress": "Every host that this desk speaks to: why, and how often.",
    },
    "What was told": {
        "alerts": "The alerts of late, and what became of each message.",
        "stories": "The stories of late: how many voices, what was told.",
        "story": "How one story went; merge, split, move, undo.",
        "explain": "Why did I hear, or not hear, of this?",
        "ack": "Say that you have seen a story.",
        "silence": "Do not hear of a rule, a story or a tag for a while.",
    },
    "Channels": {
        "test-channel": "Send a message marked as a test.",
        "canary": "Does what we send arrive, on each channel?",
        "resend": "Send messages again.",
    },
    "Rules": {
        "try": "What the rules make of a text or page, sentence by sentence.",
        "concepts": "What rules can be written with: yours and the pack's.",
        "forms": "Every form of a word that is searched for.",
        "new-test": "The YAML of a rule's test from a real article.",
        "replay": "Articles through rules, stories and decisions.",
        "trial": "What rules on trial would have told.",
        "overlap": "Which rules fire together, and which never fire.",
        "schema": "The JSON Schema with which editors complete names.",
    },
    "The database": {
        "backup": "Copy it into one file; the daemon may run on.",
        "restore": "Put a backup in its place.",
    },
}
_ORDER = [name for commands in CONTENTS.values() for name in commands]


class InOrder(TyperGroup):
    """Lists its commands in the order of the contents; what is not in them comes last."""

    def list_commands(self, ctx: Any) -> list[str]:
        names = super().list_commands(ctx)
        return sorted(names, key=lambda name: _ORDER.index(name) if name in _ORDER else len(_ORDER))


def arrange(app: typer.Typer) -> None:
    """Give each command of the program its place and its few words."""
    panels = {name: (panel, words) for panel, commands in CONTENTS.items() for name, words in commands.items()}
    infos: list[CommandInfo | TyperInfo] = [*app.registered_commands, *app.registered_groups]
    for info in infos:
        if place := panels.get(name_of(info)):
            info.rich_help_panel, info.short_help = place


def name_of(info: CommandInfo | TyperInfo) -> str:
    """What one types for it."""
    name = info.name if isinstance(info.name, str) else None
    function = getattr(info, "callback", None)
    return name or (function.__name__.replace("_", "-") if function else "")
