"""`monitor feeds` and `monitor status` as a person meets them."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from monitor import cli
from monitor.cli import shell
from monitor.feeds.harm import after_harm
from monitor.feeds.record import after_failed
from monitor.gap import LAST_CYCLE
from monitor.model import Feed, FeedHealth, FeedRecord, FeedState, HarmfulPage
from monitor.service.reload import NOT_USED
from monitor.store import Store
from monitor.watch.duties import TROUBLES

RULES = """\
version: 1
concepts:
  soldiers: {label: Soldiers, words: {en: [soldier]}}
rules:
  - {id: soldiers, title: Soldiers, status: trial, severity: high, find: {all: [soldiers]}}
"""
OPML = '<opml version="2.0"><body><outline text="North" xmlUrl="https://north.example/feed"/></body></opml>'
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """A desk with an overlay, and the program over it: (exit code, output, errors)."""
    for folder in ("pack", "overlay"):
        (tmp_path / folder).mkdir()
    (tmp_path / "pack" / "rules.yaml").write_text(RULES)
    (tmp_path / "monitor.yaml").write_text("version: 1\npack: ./pack\noverlay: overlay\ndatabase: monitor.db\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))

    def command(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["monitor", *words])
        monkeypatch.setattr(shell, "out", shell.Console(width=250))
        monkeypatch.setattr(shell, "err", shell.Console(width=250, stderr=True))
        with pytest.raises(SystemExit) as ended:
            cli.main()
        code = ended.value.code
        return code if isinstance(code, int) else 0, *capsys.readouterr()

    return command


def test_an_imported_list_is_watched_and_importing_it_again_adds_nothing(run: Run, tmp_path: Path) -> None:
    (tmp_path / "list.opml").write_text(OPML)
    code, out, _ = run("feeds", "import", "list.opml")
    assert code == 0
    assert "added https://north.example/feed" in out
    assert run("check")[0] == 0
    assert "nothing was added" in run("feeds", "import", "list.opml")[1]
    assert 'xmlUrl="https://north.example/feed"' in run("feeds", "export")[1]


def test_a_list_with_an_address_that_does_not_load_leaves_the_file_as_it_was(run: Run, tmp_path: Path) -> None:
    (tmp_path / "overlay" / "feeds.yaml").write_text("version: 1\noutlets: {a: {name: A}}\n")
    (tmp_path / "list.opml").write_text(OPML)
    code, _, err = run("feeds", "import", "list.opml")
    assert code == 1
    assert "on one line" in err
    assert (tmp_path / "overlay" / "feeds.yaml").read_text() == "version: 1\noutlets: {a: {name: A}}\n"


def fill(folder: Path, *states: FeedState, notes: dict[str, str] | None = None) -> None:
    now = datetime.now(UTC)
    with Store.open(str(folder / "monitor.db")) as store, store.write() as tx:
        tx.feeds.sync([Feed(state.url, "n") for state in states], now)
        for state in states:
            tx.feeds.save(state)
            if state.failures:
                tx.feeds.save_record(state.url, after_failed(FeedRecord(), now))
        for key, value in ({LAST_CYCLE: now.isoformat()} | (notes or {})).items():
            tx.notes.set(key, value, now)


def failing(name: str, error_class: str, error: str) -> FeedState:
    now = datetime.now(UTC)
    url = f"https://{name}.example/feed"
    return FeedState(url, FeedHealth.FAILING, failures=3, error_class=error_class, error=error, last_poll=now)


def well(name: str) -> FeedState:
    now = datetime.now(UTC)
    return FeedState(f"https://{name}.example/feed", FeedHealth.OK, last_poll=now, last_success=now, last_new=now)


def test_status_names_the_cause_of_each_feed_that_is_not_well(run: Run, tmp_path: Path) -> None:
    moved = replace(well("c"), moved_to="https://d.example/", moved_count=3)
    fill(tmp_path, failing("a", "tls", "certificate has expired"), failing("b", "not_a_feed", "text/html"), moved)
    page = HarmfulPage(datetime.now(UTC), "https://c.example/9", "its page did harm")
    with Store.open(str(tmp_path / "monitor.db")) as store, store.write() as tx:
        tx.feeds.save_record(moved.url, after_harm(FeedRecord(), page))
    _, out, _ = run("status")
    assert "https://c.example/9 (its page did harm)" in out
    assert "moved for good; asked at" in " ".join(out.split())
    assert "! https://a.example/feed is failing: its certificate is not valid (tls: certificate has expired)" in out
    assert "! https://b.example/feed is failing: what it answers is no feed" in out
    assert "1 of 3 feeds heard" in out
    assert "https://c.example/feed is" not in out
    assert "3 in a row" in run("feeds")[1]


def test_status_without_a_network_says_so_once(run: Run, tmp_path: Path) -> None:
    fill(tmp_path, *(failing(name, "dns", "no such host") for name in "abcdef"))
    _, out, _ = run("status")
    assert "! 6 of 6 feeds cannot be reached: no network?" in out
    assert out.count("! ") == 1


def test_status_says_that_nobody_watches_and_what_the_daemon_said_of_itself(run: Run, tmp_path: Path) -> None:
    before = (datetime.now(UTC) - timedelta(hours=2)).isoformat()
    fill(
        tmp_path,
        well("a"),
        notes={
            LAST_CYCLE: before,
            TROUBLES: "fetch loop: has not answered for 61 s",
            NOT_USED: "rules.yaml:3:1: a mistake",
        },
    )
    _, out, _ = run("status")
    assert "nobody watches since" in out
    assert "the daemon: fetch loop: has not answered for 61 s" in out
    assert "older rules are in use: rules.yaml:3:1: a mistake; all of them: monitor check" in out
    shown = json.loads(run("status", "--json")[1])
    assert shown["watching"] is False
    assert shown["health"]["https://a.example/feed"]["health"] == "ok"


def test_status_of_a_desk_that_is_well_complains_of_nothing(run: Run, tmp_path: Path) -> None:
    fill(tmp_path, well("a"))
    _, out, _ = run("status")
    assert "! " not in out
    assert "1 of 1 feeds heard" in out


SITEMAPS = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
)


@pytest.fixture
def site() -> Iterator[str]:
    """A site that declares a feed on its home page, and names a sitemap of news two steps from its robots.txt."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            base = f"http://{self.headers['Host']}"
            news = "<news:publication_date>2026-03-02</news:publication_date><news:title>A</news:title>"
            feed = "<channel><title>North Wire</title><item><title>A</title></item></channel>"
            pages = {
                "/": '<link rel="alternate" type="application/rss+xml" title="North Wire" href="/rss.xml">',
                "/rss.xml": f"<rss version='2.0'>{feed}</rss>",
                "/robots.txt": f"Sitemap: {base}/index.xml",
                "/index.xml": f"<sitemapindex {SITEMAPS}><sitemap><loc>{base}/news.xml</loc></sitemap></sitemapindex>",
                "/news.xml": f"<urlset {SITEMAPS}><url><loc>{base}/a</loc><news:news>{news}</news:news></url></urlset>",
            }
            body = pages.get(self.path, "").encode()
            self.send_response(200 if body else 403)
            self.send_header("Content-Type", "text/html" if self.path == "/" else "text/xml")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.slow
def test_a_home_page_is_enough_to_watch_a_site_and_its_news_sitemap(run: Run, tmp_path: Path, site: str) -> None:
    code, _, err = run("feeds", "add", site)
    assert code == 1
    assert "--allow-private" in err
    code, out, err = run("feeds", "add", site, "--allow-private")
    assert code == 0, err
    assert f"found {site}/rss.xml · North Wire · 1 entries" in out
    assert f"found {site}/news.xml" in out
    assert "the others too: --all" in out
    assert f"added {site}/news.xml" in run("feeds", "add", site, "--all", "--allow-private")[1]
    assert (tmp_path / "overlay" / "feeds.yaml").read_text().count("allow_private: yes") == 2
    feeds = (tmp_path / "overlay" / "feeds.yaml").read_text()
    refusing = f'  b: {{name: Bastion, feeds: [{{url: "{site}/refused", allow_private: yes}}]}}\n'
    (tmp_path / "overlay" / "feeds.yaml").write_text(feeds + refusing)
    code, out, _ = run("once")
    assert code == 0
    assert "Bastion is failing" in out
    assert "its server refuses us" in out
    assert "2 of 3 feeds heard" in run("feeds")[1]
    exported = run("feeds", "export")[1]
    (tmp_path / "list.opml").write_text(exported)
    assert "nothing was added" in run("feeds", "import", "list.opml")[1]
