"""A finished newsroom run again, in seconds: its stored articles through today's rules and stories.

python tests/bench/newsroom_replay.py RUN_FOLDER   (the run must have been made by this monitor)
Prints stories found, messages a story, and what should have stayed silent.
"""

from __future__ import annotations

import json
import sys
from collections import Counter, defaultdict
from datetime import UTC, datetime
from pathlib import Path

from monitor.articles.urls import url_key
from monitor.cli.shell import desk_of
from monitor.replay import replay
from monitor.store import Store


def main(run: Path) -> None:
    truth = json.loads((run / "truth.json").read_text("utf-8"))
    items = {url_key(item["url"]): item for item in truth["items"].values()}
    desk = desk_of(run / "work" / "desk" / "monitor.yaml")
    with Store.open(desk.settings.database, read_only=True) as store, store.read() as tx:
        stored = [
            article for article in tx.articles.since(datetime(1970, 1, 1, tzinfo=UTC)) if url_key(article.url) in items
        ]
    fresh = [article for article in stored if items[url_key(article.url)]["planned"] >= 0]
    messages: dict[str, list[str]] = defaultdict(list)
    noise: Counter[str] = Counter()
    places: dict[str, set[str]] = defaultdict(set)
    for done in replay(desk, fresh):
        item = items[url_key(done.article.url)]
        if item["story"]:
            places[done.judgement.story].add(item["story"])
        if done.judgement.decision.speaks:
            if item["expect"] in ("alert", "group", "update"):
                messages[item["story"]].append(
                    f"{item['lang']} {item['title'][:60]}: {done.judgement.decision.reason[:90]}"
                )
            else:
                noise[f"{item['kind']}: {item['title'][:70]}"] += 1
    deserving = {item["story"] for item in items.values() if item["expect"] == "alert"}
    print(f"stories {len(deserving & set(messages))}/{len(deserving)}  messages {sum(map(len, messages.values()))}")
    print("missed", sorted(deserving - set(messages)))
    print("merged", [sorted(stories) for stories in places.values() if len(stories) > 1])
    for story, texts in sorted(messages.items()):
        if len(texts) > 1:
            print(f"{len(texts)} messages for {story}", *texts, sep="\n    ")
    print("noise", *noise, sep="\n    ")


main(Path(sys.argv[1]))
