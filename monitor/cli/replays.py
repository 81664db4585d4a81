"""Commands that show what rules make of many articles: given, stored, or seen while on trial."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli import shell
from monitor.cli.alerts import since_when

if TYPE_CHECKING:
    from monitor.desk import Desk
    from monitor.model import Article

_PLAIN: dict[str, Any] = {"highlight": False, "markup": False, "soft_wrap": True}


@shell.app.command()
def replay(
    file: Annotated[str | None, typer.Argument(metavar="FILE.jsonl|-", help="articles, one JSON object a line")] = None,
    stored: Annotated[bool, typer.Option("--stored", help="replay the articles in the database instead")] = False,
    since: Annotated[str, typer.Option(help="with --stored: how far back, as 30d")] = "30d",
    json: Annotated[
        bool, typer.Option("--json", help="one JSON line an article; default: only the alerts, for people")
    ] = False,
    against: Annotated[
        Path | None,
        typer.Option(
            help="a folder with other rules (or with a monitor.yaml): show what they would change", exists=True
        ),
    ] = None,
    config: shell.Config = None,
) -> None:
    """What the rules would have told of given or stored articles, with the clock set to their times.

    Prints the alerts and how many there were each day; with --against, what another set of rules would change. A line
    of a file is `{"id","url","title","text","published","outlet","language"}`. Same input, same output, always. With
    --stored, what people changed about stories is repeated at its time.
    """
    from monitor.replay import articles_of, overrides_of
    from monitor.replay import replay as run_replay
    from monitor.rules.compare import bars

    if stored == bool(file):
        raise typer.BadParameter("give either a file (or -) or --stored")
    desk = shell.desk_of(config)
    if against is not None:
        theirs = _desk_in(against, config)
        with shell.err.status("Replaying the articles twice …"), articles_of(desk, file, since) as articles:
            changes = _changes(desk, theirs, list(articles))
        shell.out.print(changes, **_PLAIN)
        return
    with articles_of(desk, file, since) as articles:
        total, days = 0, list[date]()
        for item in run_replay(desk, articles, overrides_of(desk) if stored else ()):
            total += 1
            if item.judgement.decision.speaks:
                days.append(item.article.published.date())
            if json:
                sys.stdout.write(item.as_json() + "\n")
            elif item.judgement.decision.speaks:
                shell.out.print(item.as_text(), highlight=False, markup=False, soft_wrap=True)
    if not json:
        shell.out.print("\n".join([f"{total} articles, {len(days)} alerts.", *bars(days)]), **_PLAIN)


def _desk_in(folder: Path, config: Path | None) -> Desk:
    """The desk of a folder with a monitor.yaml, or ours with the rules of that folder instead of its own."""
    if (folder / "monitor.yaml").is_file():
        return shell.desk_of(folder / "monitor.yaml")
    return shell.load(config, folder)[0]


def _changes(ours: Desk, theirs: Desk, articles: list[Article]) -> str:
    from monitor.replay import replay as run_replay
    from monitor.rules.compare import Alerted, compare

    def alerts(desk: Desk) -> Iterator[Alerted]:
        for item in run_replay(desk, articles):
            decision = item.judgement.decision
            if decision.speaks and decision.severity is not None:
                day = item.article.published.date()
                yield Alerted(item.article.id, day, item.article.title, decision.severity.label, decision.rules)

    return compare(alerts(ours), alerts(theirs))


@shell.app.command()
def overlap(
    file: Annotated[str | None, typer.Argument(metavar="FILE.jsonl|-", help="articles, one JSON object a line")] = None,
    stored: Annotated[bool, typer.Option("--stored", help="the articles in the database instead")] = False,
    since: Annotated[str, typer.Option(help="with --stored: how far back, as 30d")] = "30d",
    config: shell.Config = None,
) -> None:
    """Which rules fire on the same articles, and which never fire."""
    from monitor.replay import articles_of
    from monitor.rules.match import match
    from monitor.rules.overlap import overlap as count
    from monitor.rules.overlap import overlap_in_words

    if stored == bool(file):
        raise typer.BadParameter("give either a file (or -) or --stored")
    desk = shell.desk_of(config)
    with shell.err.status("Asking the rules of every article …"), articles_of(desk, file, since) as articles:
        verdicts = (match(desk.rules, one, one.published, desk.outlets.get(one.outlet)) for one in articles)
        fired = ([verdict.rule for verdict in found if verdict.fires] for found in verdicts)
        found = count(fired, [rule.id for rule in desk.rules.rules])
    shell.out.print(overlap_in_words(found), **_PLAIN)


@shell.app.command()
def trial(
    since: Annotated[str, typer.Option(help="how far back, as 7d, or from when, as 2026-03-02")] = "7d",
    rule: Annotated[str, typer.Option(help="only this rule")] = "",
    config: shell.Config = None,
) -> None:
    """What the rules on trial would have sent: they record what they find, and tell nobody.

    A rule is on trial while it says `status: trial` (or nothing), and as long as it has no tests.
    """
    from monitor.store import Store
    from monitor.views.trial import trial_report

    desk = shell.desk_of(config)
    on_trial = [one.id for one in desk.rules.rules if not one.live]
    if rule and rule not in on_trial:
        live = rule in {one.id for one in desk.rules.rules}
        why = "is live: monitor alerts shows what it sent" if live else "does not exist"
        raise typer.BadParameter(f"the rule “{rule}” {why}", param_hint="--rule")
    if not on_trial:
        shell.out.print("No rule is on trial. To try one beside the others, write status: trial in it.", **_PLAIN)
        return
    when = since_when(since, desk.settings)
    with Store.open(desk.settings.database, read_only=True) as store, store.read() as tx:
        shell.out.print(trial_report(tx, when, [rule] if rule else on_trial, desk.settings.zone), **_PLAIN)
