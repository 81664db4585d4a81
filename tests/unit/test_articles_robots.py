"""What a site's robots.txt asks of us."""

from __future__ import annotations

import time

import pytest

from monitor.articles.robots import allows, read_robots

ROBOTS = """\
User-agent: otherbot
User-agent: *
Disallow: /wp-admin/
Disallow: /*?s=
Disallow: /*.pdf$
Disallow: /вести/
Allow: /wp-admin/open
Disallow:

User-Agent: greedybot
Disallow: /
"""
OURS = ROBOTS + "user-agent: NewsMonitor/2.0 # us\nDisallow: /private\nallow: /private/press\n"


@pytest.mark.parametrize(
    ("robots", "path", "may"),
    [
        (ROBOTS, "/2026/11/article", True),
        (ROBOTS, "/wp-admin/x", False),
        (ROBOTS, "/wp-admin/open/x", True),
        (ROBOTS, "/index?s=word", False),
        (ROBOTS, "/report.pdf", False),
        (ROBOTS, "/report.pdf.html", True),
        (ROBOTS, "/%D0%B2%D0%B5%D1%81%D1%82%D0%B8/1", False),
        (OURS, "/wp-admin/x", True),  # a group that names us stands for itself
        (OURS, "/private/1", False),
        (OURS, "/private/press/1", True),
        ("User-agent: *\nDisallow: /\n", "/", False),
        ("User-agent: *\nDisallow: /\n", "/robots.txt", True),
        ("User-agent: *\nDisallow: /a\nAllow: /a\n", "/a", True),
        ("Disallow: /\n", "/x", True),  # belongs to nobody
        ("<html>Not found</html>", "/x", True),
        ("", "/x", True),
    ],
)
def test_what_may_be_read(robots: str, path: str, may: bool) -> None:
    assert allows(read_robots(robots, "newsmonitor"), f"https://radio.example{path}") is may


def test_a_hostile_file_takes_no_time() -> None:
    robots = "User-agent: *\n" + f"Disallow: /{'*a' * 400}$\n" * 1000
    began = time.process_time()
    assert allows(read_robots(robots, "newsmonitor"), "https://radio.example/" + "a" * 399)
    assert time.process_time() - began < 2
