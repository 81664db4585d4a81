"""Runs a pack over a folder of articles (JSONL) and lists every alert with its rule and evidence, to be judged by eye.

    python tests/bench/rules.py --data DIR [--pack rules/kosovo-serbia] [--near] [--only kfor] [--quiet]

Any line of a *.jsonl file with a title or a text is an article; `lang`, `published` and `label` are used when they are
there, under the names our collections have for them. An article is judged as on the day it was published.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from monitor.articles.language import detect_language
from monitor.model import Article, Verdict
from monitor.rules.given import given_article
from monitor.rules.load import load
from monitor.rules.match import match

LANGUAGES = {
    "eng": "en",
    "alb": "sq",
    "srp": "sr",
    "mkd": "mk",
    "bos": "sr",
    "hrv": "sr",
    "bs": "sr",
    "hr": "sr",
    "cnr": "sr",
}
SOME_DAY = datetime(2026, 11, 21, 12, tzinfo=UTC)


def articles(folder: Path, only: str) -> Iterator[tuple[str, dict[str, Any], Article]]:
    """Every article below the folder in a language of the pack, with its file's name and its raw line."""
    for path in sorted(folder.rglob("*.jsonl")) if folder.is_dir() else [folder]:
        if only and only not in path.name:
            continue
        for line in path.read_text("utf-8").splitlines():
            raw = json.loads(line)
            title, text = _title_and_text(raw)
            language = _language(raw, f"{title}\n{text}")
            if language and (title or text):
                yield path.stem, raw, given_article(title, text, language, _published(raw), raw.get("outlet") or "")


def _language(raw: dict[str, Any], text: str) -> str:
    """As the file says, else as detected; "" when it is none of the pack's."""
    said = str(raw.get("lang") or raw.get("language") or raw.get("lang_guess") or "").lower()
    code = re.split("[-_]", said)[0] if said else detect_language(text, ())[0]
    code = LANGUAGES.get(code, code)
    return code if code in ("en", "sq", "sr", "mk") else ""


def _title_and_text(raw: dict[str, Any]) -> tuple[str, str]:
    body = (
        raw.get("text") or raw.get("body") or "\n".join(raw[key] for key in ("description", "message") if raw.get(key))
    )
    return raw.get("title") or "", "\n".join(body) if isinstance(body, list) else body


def _published(raw: dict[str, Any]) -> datetime:
    written = str(
        raw.get("published") or raw.get("published_local") or raw.get("date") or raw.get("commit_first") or ""
    )
    found = re.match(r"(\d{4})[-/](\d\d)[-/](\d\d)(?:[T, ]+(\d\d):(\d\d))?", written)
    return datetime(*(int(part or 0) for part in found.groups()), tzinfo=UTC) if found else SOME_DAY


def show(name: str, raw: dict[str, Any], article: Article, verdict: Verdict) -> None:
    """One verdict on a few lines."""
    state = f"FIRES {verdict.severity.label}" if verdict.fires else f"quiet ({verdict.because})"
    label = raw.get("label") or raw.get("story") or raw.get("id") or ""
    print(f"\n{name}  {label}  {article.published:%Y-%m-%d} {article.language}  {article.title[:130]}")
    score = f" {verdict.score}/{verdict.need}" if verdict.need is not None else ""
    print(f"   {state}{score}  {verdict.rule}")
    for number in sorted({one.sentence for one in verdict.evidence}):
        words = [f"{one.words} [{one.concept}]" for one in verdict.evidence if one.sentence == number]
        print(f"   s{number} {' · '.join(words)}")
        print(f"      {article.sentences[number].text[:300]}")


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="a folder of *.jsonl, or one file")
    parser.add_argument("--pack", type=Path, default=Path("rules/kosovo-serbia"))
    parser.add_argument("--only", default="", help="only files with this in their name")
    parser.add_argument("--near", action="store_true", help="also what was excluded or had too few points")
    parser.add_argument("--quiet", action="store_true", help="figures only")
    options = parser.parse_args()
    loaded = load([options.pack])
    if loaded.rule_set is None:
        print(*loaded.problems, sep="\n")
        return 1
    seen, alerts, by_rule = Counter[str](), Counter[str](), Counter[str]()
    sentences, started = 0, time.perf_counter()
    for name, raw, article in articles(options.data, options.only):
        verdicts = match(loaded.rule_set, article, article.published)
        fired = [one for one in verdicts if one.fires and one.live]
        seen[name] += 1
        alerts[name] += bool(fired)
        by_rule.update(one.rule for one in fired)
        sentences += len(article.sentences)
        shown = fired + ([one for one in verdicts if not one.fires and one.because != "find"] if options.near else [])
        for verdict in () if options.quiet else shown:
            show(name, raw, article, verdict)
    print()
    for name, count in seen.items():
        print(f"{name:45} {count:6} articles {alerts[name]:5} with alerts")
    print(*(f"{rule:45} {count:6}" for rule, count in by_rule.most_common()), sep="\n")
    print(f"{sentences} sentences in {time.perf_counter() - started:.1f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
