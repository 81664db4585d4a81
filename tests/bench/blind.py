"""Recall and false alarms of a pack on invented reports that were written without a look at it.

    python tests/bench/blind.py tests/data/kosovo_serbia_blind_*.yaml [--pack rules/kosovo-serbia] [--quiet]

Prints, by file and language, how many of the `news` raise an alert of a rule they name, how many any alert, and how
many of the `quiet` stay quiet; every text that is judged wrongly is explained, unless --quiet.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from monitor.rules.explain import explain
from monitor.rules.given import given_article
from monitor.rules.load import load
from monitor.rules.match import match
from monitor.rules.ruleset import RuleSet

PUBLISHED = datetime(2026, 11, 10, 18, tzinfo=UTC)


def judge(rule_set: RuleSet, text: dict[str, Any], wanted: bool, figures: Counter[tuple[str, str]]) -> str:
    """Counts one text; "" when it is judged rightly, else why it was not."""
    article = given_article(text["title"], text.get("text", ""), text["lang"], PUBLISHED)
    verdicts = match(rule_set, article, PUBLISHED)
    fired = {one.rule for one in verdicts if one.fires and one.live}
    right = bool(fired & set(text["rules"])) if wanted else not fired
    kind = "news" if wanted else "quiet"
    for language in (text["lang"], "all"):
        figures[language, kind] += 1
        figures[language, f"{kind}, right"] += right
        figures[language, f"{kind}, any alert"] += bool(fired)
    asked = (
        f"wanted {', '.join(text['rules'])}, got {', '.join(sorted(fired)) or 'nothing'}" if wanted else "wrong alert"
    )
    return "" if right else f"\n=== {asked}\n{explain(rule_set, article, verdicts)}"


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("files", type=Path, nargs="+", help="YAML with `news` and `quiet`")
    parser.add_argument("--pack", type=Path, default=Path("rules/kosovo-serbia"))
    parser.add_argument("--quiet", action="store_true", help="figures only")
    options = parser.parse_args()
    rule_set = load([options.pack]).rule_set
    if rule_set is None:
        print("the pack does not load: run `monitor check`")
        return 1
    for file in options.files:
        texts = yaml.safe_load(file.read_text("utf-8"))
        figures: Counter[tuple[str, str]] = Counter()
        wrong = [judge(rule_set, text, kind == "news", figures) for kind in ("news", "quiet") for text in texts[kind]]
        if not options.quiet:
            print(*filter(None, wrong), sep="\n")
        print(f"\n{file.name:28} right rule   any alert   quiet as it should")
        for language in sorted({language for language, _ in figures}, key=lambda one: (one == "all", one)):
            news, quiet = figures[language, "news"], figures[language, "quiet"]
            right, any_alert = figures[language, "news, right"], figures[language, "news, any alert"]
            kept = figures[language, "quiet, right"]
            print(f"  {language:26} {right:3}/{news:<3}      {any_alert:3}/{news:<3}     {kept:3}/{quiet}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
