"""One article has many addresses and one key."""

from __future__ import annotations

import pytest

from monitor.articles.urls import canonical_url, same_site, url_key

PAGE = "https://www.radio.example/news/patrol-12"


@pytest.mark.parametrize(
    "address",
    [
        "http://www.radio.example/news/patrol-12",
        "https://radio.example/news/patrol-12",
        "https://radio.example/news/patrol-12/",
        "https://m.radio.example/news/patrol-12",
        "https://mobile.radio.example/news/patrol-12",
        "https://amp.radio.example/news/patrol-12",
        "https://www.radio.example/amp/news/patrol-12",
        "https://www.radio.example/news/patrol-12/amp",
        "https://www.radio.example/news/patrol-12/amp/",
        "https://www.radio.example/news/patrol-12?amp=1",
        "https://www.radio.example/news/patrol-12?amp",
        "https://www.radio.example/news/patrol-12?outputType=amp",
        "https://www-radio-example.cdn.ampproject.org/c/s/www.radio.example/news/patrol-12",
        "HTTPS://WWW.Radio.Example:443/news/patrol-12",
        "http://www.radio.example:80/news/patrol-12",
        "https://www.radio.example./news/patrol-12",
        "https://www.radio.example//news/patrol-12",
        "https://www.radio.example/news/patrol-12#comments",
        "https://www.radio.example/news/patrol-12?utm_source=rss&utm_medium=feed",
        "https://www.radio.example/news/patrol-12?fbclid=x&gclid=y&mc_cid=z&igshid=1&ref_src=t",
        "  https://www.radio.example/news/\npatrol-12 ",
        "https://reader:secret@www.radio.example/news/patrol-12",
    ],
)
def test_all_addresses_of_a_page_have_one_key(address: str):
    assert url_key(address) == url_key(PAGE)


@pytest.mark.parametrize(
    "address",
    [
        "https://www.radio.example/news/patrol-13",
        "https://www.radio.example/news/patrol-12?page=2",
        "https://www.radio.example/news/patrol-12?cid=7",
        "https://www.radio.example/news/patrol-12?source=12",
        "https://www.radio.example/news/patrol-12?feed=7",
        "https://sport.radio.example/news/patrol-12",
        "https://radio.example:8443/news/patrol-12",
        "https://m.example/news/patrol-12",
        "https://www.radio.example/news/Patrol-12",
        "https://www.radio.example/news/amphibians",
    ],
)
def test_what_may_be_another_article_has_another_key(address: str):
    assert url_key(address) != url_key(PAGE)


def test_the_order_of_parameters_does_not_matter():
    assert url_key(PAGE + "?b=2&a=1") == url_key(PAGE + "?utm_x=1&a=1&b=2")


@pytest.mark.parametrize(
    ("address", "canonical"),
    [
        ("https://Radio.example/a?id=7&utm_source=x#top", "https://radio.example/a?id=7"),
        ("http://radio.example", "http://radio.example/"),
        ("http://radio.example:8080/a", "http://radio.example:8080/a"),
        ("http://[2001:DB8::1]:80/a", "http://[2001:db8::1]/a"),
        ("https://radio.example/vesti?q=%C5%A1ta&x=a=b", "https://radio.example/vesti?q=%C5%A1ta&x=a=b"),
        ("https://радио.example/вест", "https://радио.example/вест"),
    ],
)
def test_the_canonical_address_can_still_be_fetched(address: str, canonical: str):
    assert canonical_url(address) == canonical
    assert canonical_url(canonical) == canonical


@pytest.mark.parametrize(
    "address",
    [
        "",
        "radio.example/a",
        "/a",
        "javascript:alert(1)",
        "ftp://radio.example/a",
        "mailto:a@b",
        "http://",
        "http://[::1",
        "http://a:99999/",
    ],
)
def test_what_is_no_web_address_has_no_key(address: str):
    assert canonical_url(address) == ""
    assert url_key(address) == ""


@pytest.mark.parametrize(
    ("url", "other", "same"),
    [
        ("https://www.radio.example/a", "https://m.radio.example/b", True),
        ("https://radio.example/a", "https://news.radio.example/b", True),
        ("https://radio.example/a", "https://radio.example.evil.example/b", False),
        ("https://radio.example/a", "https://otherradio.example/b", False),
        ("https://radio.example/a", "nonsense", False),
        ("https://radio.example/a", "http://[", False),
    ],
)
def test_hosts_of_one_site_are_told_from_others(url: str, other: str, same: bool):
    assert same_site(url, other) is same
