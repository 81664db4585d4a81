"""Coverage-guided fuzzing of YAML -> rule set: `python tests/fuzz/fuzz_rules.py -max_total_time=600 [folder]`.

Needs the extra `fuzz`. Whatever escapes is a finding: every text is a rule set, or problems with a place.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import atheris

TESTS = Path(__file__).parents[1]
sys.path[:0] = [str(TESTS / "fuzz"), str(TESTS / "unit")]
with atheris.instrument_imports(include=["monitor", "yaml", "what_holds"]):
    from rules_desk import ARMY, MARKS, PUBLISHED, RULE, SCORE, WORDS, PlainVocabulary, story
    from what_holds import text_to_rules, text_to_yaml

    from monitor.rules.match import match

ARTICLE = story(ARMY, "Army at the border")
OUTLETS = """
version: 1
outlets: {n: {name: N, country: RS, languages: [sr], feeds: [{url: "https://n.example/f", every: 5m..30m}]}}
"""
SEEDS = (WORDS, WORDS + RULE.replace("\nversion: 1\n", "") + SCORE + MARKS, RULE, OUTLETS)
FOLDER = Path(tempfile.mkdtemp(prefix="newsmonitor-fuzz-"))


def one(data: bytes) -> None:
    """Read the text as YAML, as rules, and match with them when they are right."""
    text = data.decode("utf-8", "replace")
    if text_to_yaml(text) is None:
        return
    loaded = text_to_rules(text, FOLDER, PlainVocabulary)
    if loaded.rule_set is not None:
        match(loaded.rule_set, ARTICLE, PUBLISHED)


if __name__ == "__main__":
    folder = Path(next((word for word in sys.argv[1:] if not word.startswith("-")), "/tmp/newsmonitor-fuzz-rules"))
    folder.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(SEEDS):
        (folder / f"seed-{number}").write_text(seed, encoding="utf-8")
    options = [word for word in sys.argv[1:] if word.startswith("-")]
    atheris.Setup([sys.argv[0], "-max_len=6144", "-timeout=25", "-rss_limit_mb=4096", *options, str(folder)], one)
    atheris.Fuzz()
