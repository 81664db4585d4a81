"""Coverage-guided fuzzing of feed -> article: `python tests/fuzz/fuzz_feed.py -max_total_time=600 [folder of inputs]`.

Needs the extra `fuzz`. Whatever escapes but a FeedError is a finding, and so is an article that breaks a limit.
"""

from __future__ import annotations

import sys
from pathlib import Path

import atheris

sys.path.insert(0, str(Path(__file__).parent))
with atheris.instrument_imports(include=["monitor", "feedparser", "what_holds"]):
    import feedparser  # noqa: F401 - otherwise imported too late to be watched
    from what_holds import feed_to_articles, page_to_article

SEEDS = (
    b"<rss version='2.0'><channel><title>N</title><link>https://n.example/</link><item><title>A &amp; B</title>"
    b"<link>/1</link><guid>1</guid><pubDate>Mon, 02 Mar 2026 07:00:00 GMT</pubDate>"
    b"<description>&lt;p&gt;x</description></item></channel></rss>",
    b"<?xml version='1.0' encoding='windows-1251'?><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'"
    b" xmlns='http://purl.org/rss/1.0/'><item><title>\xc2\xee</title><link>http://n.example/2</link></item></rdf:RDF>",
    b"<feed xmlns='http://www.w3.org/2005/Atom' xml:lang='sr'><entry><id>urn:1</id><title type='html'>&lt;b>T</title>"
    b"<link href='http://n.example/3'/><updated>2026-03-02T07:00:00+01:00</updated><content type='xhtml'>"
    b"<div xmlns='http://www.w3.org/1999/xhtml'><p>One.</p></div></content></entry></feed>",
    b'{"version":"https://jsonfeed.org/version/1.1","items":[{"id":1,"url":"http://n.example/4","title":"T",'
    b'"content_html":"<p>x","date_published":"2026-03-02T07:00:00Z"}]}',
    b"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' xmlns:n='http://www.google.com/schemas/sitemap-news/0.9'>"
    b"<url><loc>http://n.example/5</loc><n:news><n:title>T</n:title><n:publication_date>2026-03-02</n:publication_date>"
    b"</n:news></url></urlset>",
    b"<html lang=sq><head><link rel=canonical href=/x></head><body><article><p>Ushtria u vendos.</p></article></body>",
)


def one(data: bytes) -> None:
    """The first byte says whether the rest is a page."""
    if data[:1] == b"p":
        page_to_article(data[1:])
    else:
        feed_to_articles(data)


if __name__ == "__main__":
    folder = Path(next((word for word in sys.argv[1:] if not word.startswith("-")), "/tmp/newsmonitor-fuzz-feed"))
    folder.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(SEEDS):
        (folder / f"seed-{number}").write_bytes(b"p" * seed.startswith(b"<html") + seed)
    options = [word for word in sys.argv[1:] if word.startswith("-")]
    atheris.Setup([sys.argv[0], "-max_len=4096", "-timeout=25", "-rss_limit_mb=4096", *options, str(folder)], one)
    atheris.Fuzz()
