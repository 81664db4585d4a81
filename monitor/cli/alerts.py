"""Commands about what people were told: look back, explain, send again, silence, acknowledge; and test a channel."""

from __future__ import annotations

import getpass
import json
import re
import sys
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from monitor.cli import shell
from monitor.errors import MonitorError

if TYPE_CHECKING:
    from monitor.config.settings import Settings

_SPAN = re.compile(r"(\d+)\s*(min|h|d)")
_UNITS = {"min": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}

By = Annotated[str, typer.Option("--by", help="who asks for it; default: your name on this machine")]

silences = typer.Typer(no_args_is_help=True, help="Do not hear of a rule, a story or a tag for a while.")
shell.app.add_typer(silences, name="silence")


@shell.app.command("test-channel")
def send_test_message(
    name: Annotated[str, typer.Argument(help="a channel of monitor.yaml")], config: shell.Config = None
) -> None:
    """Send a message marked as a test, and say what came back."""
    from monitor.views.tryout import send_test

    settings = shell.settings_of(config)
    result = send_test(settings, name)
    if not result.ok:
        shell.err.print(f"{name}: not accepted: {result.detail}", highlight=False, markup=False)
        raise typer.Exit(shell.EXIT_PROBLEMS)
    shell.out.print(f"{name}: accepted. {result.detail}".strip(), highlight=False, markup=False)
    shell.out.print("Look whether the message arrived: some services accept what they never deliver.", highlight=False)


@shell.app.command("alerts")
def list_alerts(
    config: shell.Config = None,
    since: Annotated[str, typer.Option(help="how far back: 30min, 12h, 7d, or a time as 2026-03-02T08:00")] = "24h",
    as_json: Annotated[bool, typer.Option("--json", help="for programs")] = False,
) -> None:
    """Every alert since a time, also those that a digest told, and what became of it on each channel."""
    from monitor.store import Store
    from monitor.views.lookup import alert_lines

    settings = shell.settings_of(config)
    when = since_when(since, settings)
    with Store.open(settings.database, read_only=True) as store, store.read() as tx:
        rows = alert_lines(tx, tx.alerts.since(when), settings.zone)
    names = ("when", "id", "severity", "what", "channels")
    if as_json:
        sys.stdout.write(json.dumps([dict(zip(names, row, strict=True)) for row in rows], ensure_ascii=False) + "\n")
        return
    table = Table(box=None, pad_edge=False)
    for name in names:
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(*(cell.replace("[", r"\[") for cell in row))
    shell.out.print(
        table if rows else "No alerts in that time. Further back: --since 7d. Is it watching? monitor status"
    )


@shell.app.command()
def explain(
    target: Annotated[str, typer.Argument(help="address of an article, or an id from a message: #k7f3q2")],
    config: shell.Config = None,
) -> None:
    """Why did I hear, or not hear, of this? The article, what each rule said, the story, the decision, each message."""
    from monitor.store import Store
    from monitor.views.lookup import explain_article, explain_story

    settings = shell.settings_of(config)
    rules = shell.desk_of(config).rules if "://" in target else None
    with Store.open(settings.database, read_only=True) as store, store.read() as tx:
        if rules is not None:
            text = explain_article(tx, target, rules, settings.zone)
        else:
            text = explain_story(tx, target, settings.zone)
    shell.out.print(text, highlight=False, markup=False, soft_wrap=True)


@shell.app.command()
def resend(
    target: Annotated[
        str, typer.Argument(help="an id from a message (#k7f3q2), a channel (all it refused), or “all” (all refused)")
    ],
    config: shell.Config = None,
    channel: Annotated[str, typer.Option(help="of the messages of an id, only this channel's")] = "",
) -> None:
    """Send messages again: those of an alert, or those a channel refused for good before it was mended.

    What waits for a channel that was down is tried at once instead of in its time.
    """
    settings = shell.settings_of(config)
    names = ",".join(setting.name for setting in settings.channels)
    have_done(config, "resend", {"target": target, "channel": channel, "channels": names}, settings)


@shell.app.command("ack")
def acknowledge(
    story: Annotated[str, typer.Argument(help="an id from a message: #k7f3q2")],
    config: shell.Config = None,
    by: By = "",
) -> None:
    """Say that you have seen a story, so that others on the desk know."""
    have_done(config, "acknowledge", {"story": story, "author": by or getpass.getuser()})


@silences.command("add")
def add_silence(
    kind: Annotated[str, typer.Argument(help="rule, story or tag")],
    value: Annotated[str, typer.Argument(help="id of the rule, #id of the story, tag of an outlet")],
    span: Annotated[str, typer.Option("--for", help="how long: 30min, 12h, 7d")] = "12h",
    why: Annotated[str, typer.Option(help="shown to whoever asks why it was quiet")] = "",
    critical: Annotated[bool, typer.Option("--critical", help="critical alerts too; they are never silenced else")] = (
        False
    ),
    config: shell.Config = None,
    by: By = "",
) -> None:
    """Keep quiet about a rule, a story or a tag until an end. What is silenced keeps its reason: `monitor explain`."""
    settings = shell.settings_of(config)
    if kind == "rule" and value not in (known := [rule.id for rule in shell.desk_of(config).rules.rules]):
        from monitor.yamlfile import did_you_mean

        raise MonitorError(f"there is no rule “{value}”. {did_you_mean(value, known)}".strip(), temporary=False)
    until = datetime.now(UTC) + _span(span)
    arguments = {"kind": kind, "value": value, "until": until.isoformat(), "author": by or getpass.getuser()}
    arguments["zone"] = settings.zone.key
    have_done(config, "silence", arguments | {"why": why, "critical": "yes" if critical else "no"}, settings)


@silences.command("list")
def list_silences(config: shell.Config = None) -> None:
    """The silences in force."""
    from monitor.store import Store

    settings = shell.settings_of(config)
    with Store.open(settings.database, read_only=True) as store, store.read() as tx:
        found = tx.silences.current(datetime.now(UTC))
    for item in found:
        until = f"{item.until.astimezone(settings.zone):%Y-%m-%d %H:%M}"
        words = (item.why, "critical alerts too" if item.critical else "")
        more = "".join(f" · {word}" for word in words if word)
        value = f"#{item.value[:6]}" if item.kind == "story" else item.value
        text = f"{item.id}  {item.kind} {value} until {until}, by {item.author}{more}"
        shell.out.print(text, highlight=False, markup=False)
    if not found:
        shell.out.print("Nothing is silenced.")


@silences.command("end")
def end_silence(
    id: Annotated[str, typer.Argument(help="as `monitor silence list` shows it")], config: shell.Config = None
) -> None:
    """End a silence before its time."""
    have_done(config, "end silence", {"id": id})


def have_done(config: shell.Config, action: str, arguments: dict[str, str], settings: Settings | None = None) -> None:
    """Have the daemon do it, or do it here when none runs, and print the answer."""
    from monitor import log as logs
    from monitor.service.control import ask

    logs.configure("warning")  # without a daemon it is done here: the answer is enough
    text = ask(settings or shell.settings_of(config), action, arguments)
    shell.out.print(text, highlight=False, markup=False)


def since_when(text: str, settings: Settings) -> datetime:
    """The time that `--since` means: a span back from now, or a time."""
    return datetime.now(UTC) - _span(text) if _SPAN.fullmatch(text) else _moment(text, settings)


def _span(text: str) -> timedelta:
    found = _SPAN.fullmatch(text)
    if found is None:
        raise typer.BadParameter(f"“{text}” is no span; write it as 30min, 12h or 7d")
    return int(found[1]) * _UNITS[found[2]]


def _moment(text: str, settings: Settings) -> datetime:
    try:
        when = datetime.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(f"“{text}” is no time; write it as 12h, 7d or 2026-03-02T08:00") from error
    return when if when.tzinfo else when.replace(tzinfo=settings.zone)
