"""Commands for the people who write rules."""

from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from monitor.cli import shell
from monitor.errors import BadConfiguration

if TYPE_CHECKING:
    from monitor.desk import Desk
    from monitor.errors import Problem
    from monitor.rules.definitions import Kind

_PLAIN: dict[str, Any] = {"highlight": False, "markup": False, "soft_wrap": True}


@shell.app.command()
def check(
    folder: Annotated[
        Path | None,
        typer.Argument(help="a folder with monitor.yaml, or a folder of rules", exists=True, file_okay=False),
    ] = None,
    config: shell.Config = None,
) -> None:
    """Load everything, run the rules' own tests, print all problems and doubtful things (warnings) at once."""
    from monitor.alerts.channels import open_channels
    from monitor.rules.cache import lint_cached
    from monitor.rules.examples import run_examples
    from monitor.workers import Workers

    if folder and (folder / "monitor.yaml").is_file():
        config, folder = folder / "monitor.yaml", None
    try:
        desk, warnings = shell.load(config, folder)
    except BadConfiguration as error:
        shell.print_problems(error.problems)
        raise typer.Exit(shell.EXIT_PROBLEMS) from None
    with closing(Workers(count=1)) as workers:
        open_channels(desk.settings.channels, workers)
    with shell.err.status("Looking the words up in the dictionaries …"):
        warnings = (*warnings, *lint_cached(desk.rules, _commonness, desk.settings.cache))
    problems = (*_of_the_desk(warnings, desk, folder), *run_examples(desk.rules))
    if problems:
        shell.print_problems(problems)
    if any(problem.severity == "error" for problem in problems):
        raise typer.Exit(shell.EXIT_PROBLEMS)
    tests = sum(len(rule.tests) for rule in desk.rules.rules)
    shell.out.print(
        f"{len(desk.rules.rules)} rules, {tests} tests, {len(desk.feeds)} feeds, "
        f"{len(desk.settings.channels)} channels: no errors. Rule set {desk.rules.version}.",
        highlight=False,
    )
    if waiting := [rule.id for rule in desk.rules.rules if not rule.live]:
        what = "On trial, recorded and not sent (see monitor trial; status: live and tests make a rule speak)"
        shell.out.print(f"{what}: {', '.join(waiting)}.", **_PLAIN)


def _of_the_desk(problems: tuple[Problem, ...], desk: Desk, folder: Path | None) -> tuple[Problem, ...]:
    """The problems in files that the desk can change: those of the bundled pack only when somebody asks for it."""
    from monitor.config.folders import packs_folder

    pack = desk.settings.pack
    if not pack.is_relative_to(packs_folder()) or (folder and folder.resolve() == pack):
        return problems
    return tuple(one for one in problems if not Path(one.file).is_relative_to(pack))


def _commonness(folded: str, language: str) -> int:
    from monitor.stories.rarity import commonness, stem

    return commonness(stem(folded, language), language)


@shell.app.command("try")
def try_(
    what: Annotated[
        str, typer.Argument(metavar="TEXT|FILE|URL|-", help="a text, a file, a page, or - for standard input")
    ],
    rule: Annotated[str | None, typer.Option(help="show only this rule")] = None,
    published: Annotated[
        str | None, typer.Option(help="when it was published, as 2024-03-22T18:22; default: now")
    ] = None,
    lang: Annotated[str | None, typer.Option(help="en, sq, sr or mk; default: detected")] = None,
    title: Annotated[str, typer.Option(help="the headline; default: the first line")] = "",
    outlet: Annotated[str, typer.Option(help="id of an outlet, for rules that ask who reports")] = "",
    config: shell.Config = None,
) -> None:
    """What the rules make of one text or page: what fires and why, sentence by sentence, and what nearly did."""
    from monitor.views.tryout import try_text

    desk = shell.desk_of(config)
    shell.out.print(
        try_text(desk, what, rule=rule, published=published, language=lang, title=title, outlet=outlet),
        highlight=False,
        markup=False,
        soft_wrap=True,
    )


@shell.app.command()
def concepts(
    word: Annotated[str, typer.Argument(help="a word, in any form, or part of a name; default: list all")] = "",
    config: shell.Config = None,
) -> None:
    """The concepts, actors and exclusions that rules can be written with: yours and the pack's.

    With a word, those that find it: `monitor concepts Prizren`, `monitor concepts vojnicima`.
    """
    from monitor.rules.glossary import glossary

    shell.out.print(glossary(shell.desk_of(config).rules, word), **_PLAIN)


@shell.app.command()
def forms(
    word: Annotated[str, typer.Argument(help="a term as in a file of rules: vojska, “oružane snage”, “unit (noun)”")],
    lang: Annotated[str, typer.Option(help="en, sq, sr or mk")],
    kind: Annotated[str, typer.Option(help="kind of its concept: thing, action, place, …")] = "thing",
    part: Annotated[str, typer.Option(help="noun, verb, adj or name, when the guess is wrong")] = "",
) -> None:
    """Every form of a word that is searched for, and the other words that look like one of them.

    Forms are shown as they are compared: small Latin letters without accents (đ is dj). The last lines list forms that
    the dictionary also knows as forms of other words, the commonest first: each of those will be found, too. A phrase,
    (noun) behind the word or = before it helps.
    """
    from monitor.rules.wordbook import in_words, look_up, parse_term

    shell.out.print(in_words(look_up(parse_term(word, part), _language(lang), _kind(kind), _commonness)), **_PLAIN)


def _language(lang: str) -> str:
    from monitor.rules.values import LANGUAGES

    if lang not in LANGUAGES:
        raise typer.BadParameter(f"“{lang}” is not one of {', '.join(LANGUAGES)}", param_hint="--lang")
    return lang


def _kind(kind: str) -> Kind:
    from monitor.rules.load_concepts import KINDS

    if kind not in KINDS:
        raise typer.BadParameter(f"“{kind}” is not one of {', '.join(KINDS)}", param_hint="--kind")
    return cast("Kind", kind)


@shell.app.command()
def schema(
    output: Annotated[Path | None, typer.Option(help="the file to write; default: standard output")] = None,
    config: shell.Config = None,
) -> None:
    """The JSON Schema of your files of rules, with your own concepts, actors and channels: editors complete them.

    Write it beside your rules (`monitor schema --output overlay/rules.schema.json`) and begin each file with
    `# yaml-language-server: $schema=rules.schema.json`. Write it anew when you have added names.
    """
    from json import dumps

    from monitor.rules.schema import schema as make_schema

    desk = shell.desk_of(config)
    text = dumps(make_schema(desk.rules, [one.name for one in desk.settings.channels]), ensure_ascii=False, indent=1)
    if output is None:
        sys.stdout.write(text + "\n")
    else:
        output.write_text(text + "\n", encoding="utf-8")


@shell.app.command("new-test")
def new_test(
    what: Annotated[str, typer.Argument(metavar="URL|FILE|-", help="a page, a file, or - for standard input")],
    rule: Annotated[str, typer.Option(help="the rule to test; default: the one that says most of it")] = "",
    published: Annotated[
        str | None, typer.Option(help="when it was published, as 2024-03-22T18:22; default: now")
    ] = None,
    lang: Annotated[str, typer.Option(help="en, sq, sr or mk; default: detected")] = "",
    title: Annotated[str, typer.Option(help="the headline; default: the first line")] = "",
    outlet: Annotated[str, typer.Option(help="id of an outlet, for rules that ask who reports")] = "",
    config: shell.Config = None,
) -> None:
    """The YAML of a rule's test from a real article, cut to the sentences that matter.

    It expects what happens now: read it, correct what should happen, and put it below the rule's `tests:`.
    """
    from monitor.rules.newtest import new_test as make_test
    from monitor.views.tryout import read_given

    desk = shell.desk_of(config)
    if rule and rule not in {one.id for one in desk.rules.rules}:
        raise typer.BadParameter(f"there is no rule “{rule}”", param_hint="--rule")
    article = read_given(desk, what, published=published, language=lang, title=title, outlet=outlet)
    id, text = make_test(desk.rules, article, rule, desk.outlets.get(outlet))
    shell.err.print(f"For the tests of {id}:" if id else "No rule finds anything in it, nor nearly.", **_PLAIN)
    sys.stdout.write(text + "\n")
