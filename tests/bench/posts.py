"""Posts of a social network (JSON lines with outlet, published, title, description, link) as articles for a replay.

python tests/bench/posts.py posts.jsonl > articles.jsonl
/usr/bin/time -v monitor replay articles.jsonl --json > decisions.jsonl
python tests/bench/posts.py --report articles.jsonl decisions.jsonl
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path


def convert(path: Path) -> None:
    """One article a post: its text is the description of the linked page, or the message where there is none."""
    for line in path.read_text("utf-8").splitlines():
        post = json.loads(line)
        article = {
            "id": str(post["id"]),
            "url": post.get("link") or "",
            "title": post.get("title") or "",
            "text": post.get("description") or post.get("message") or "",
            "published": post["published"],
            "outlet": post["outlet"],
            "language": "sr",
        }
        if article["title"] or article["text"]:
            print(json.dumps(article, ensure_ascii=False))


def report(articles: Path, decisions: Path) -> None:
    """How many articles, stories, copies and alerts there were, and the alerts' headlines."""
    titles = {row["id"]: row["title"] for row in map(json.loads, articles.read_text("utf-8").splitlines())}
    rows = [json.loads(line) for line in decisions.read_text("utf-8").splitlines()]
    roles = Counter(row["role"] for row in rows)
    stories = {row["story"] for row in rows}
    alerts = [row for row in rows if row["alert"]]
    told = {row["story"] for row in alerts}
    print(f"articles {len(rows)}  stories {len(stories)}  alerts {len(alerts)}  of stories {len(told)}")
    print("roles", dict(roles.most_common()))
    print(f"collapsed into an earlier article's story: {1 - len(stories) / len(rows):.1%}")
    for row in alerts:
        print(f"  {row['severity']:8} {','.join(row['rules'])[:40]:40} {titles[row['id']][:100]}")


if __name__ == "__main__":
    if sys.argv[1] == "--report":
        report(Path(sys.argv[2]), Path(sys.argv[3]))
    else:
        convert(Path(sys.argv[1]))
