"""What well-known services are really sent: nothing active from a feed, links that work, the id of the alert."""

from __future__ import annotations

import json
import unicodedata
from urllib.parse import parse_qs

import pytest
import requests
from requests.adapters import HTTPAdapter

from monitor.alerts.channels import Service, deliver, fit
from monitor.alerts.plain import one_line

KEY = "a" * 64
LINK = "https://e.example/news_of_today/a_b?c=1"
FEED_TEXT = "@everyone @here <!here> <@U12345678> @channel @room @all [x](http://evil.example) <b>bold</b> & done"
TITLE = one_line("HIGH · @everyone <!channel> & <b>x</b>")
BODY = f"“{one_line(FEED_TEXT)}” — Glas\n{LINK}\n[#k7f3q2] sent 12:00"

SERVICES = {
    "Discord": (f"discord://123456789012345678/{KEY}?format=markdown", 250),
    "Telegram": (f"tgram://123456789:{KEY[:35]}/12345?format=markdown", 0),
    "Slack": ("slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#general", 250),
    "Mattermost": (f"mmost://chat.example/{KEY[:26]}", 0),
    "Rocket.Chat": (f"rocket://{KEY[:17]}/{KEY[:43]}@chat.example/#general", 0),
    "Google Chat": ("gchat://workspace/key/token", 0),
    "Webex": (f"wxteams://{KEY}{KEY[:16]}", 0),
    "Zulip": (f"zulip://bot@org/{KEY[:32]}/stream", 60),
    "ntfy": ("ntfy://chat.example/topic", 200),
    "Gotify": (f"gotify://chat.example/{KEY[:15]}", 250),
    "Pushover": (f"pover://{KEY[:30]}@{KEY[:30]}", 250),
    "Signal": ("signal://chat.example:8080/15551234567/15557654321", 0),
    "WhatsApp": (f"whatsapp://{KEY[:20]}@12345678901234/15557654321", 0),
    "Mastodon": ("toots://token@chat.example", 0),
    "Lark": ("lark://token1234-ABCD", 250),
    "form": ("form://chat.example/x", 250),
    "xml": ("xml://chat.example/x", 250),
}
ACTIVE = ("@everyone", "@here", "@channel", "@room", "@all", "<!here", "<!channel", "<@U", "](http", "<b>")


def strings(value: object) -> list[str]:
    """All strings in a JSON value."""
    if isinstance(value, dict):
        return [text for item in value.values() for text in strings(item)]
    if isinstance(value, list):
        return [text for item in value for text in strings(item)]
    return [value] if isinstance(value, str) else []


def words_of(body: str) -> str:
    """What a service reads in the body of a request."""
    if body.startswith("{"):
        return "\n".join(strings(json.loads(body)))
    return body if body.startswith("<") else "\n".join(text for texts in parse_qs(body).values() for text in texts)


@pytest.fixture
def sent(monkeypatch) -> list[str]:
    """The bodies of all requests; every service answers as if it were content."""
    bodies: list[str] = []

    def answer(self, request, **options):
        bodies.append(request.body.decode() if isinstance(request.body, bytes) else request.body or "")
        response = requests.Response()
        response.status_code = 200
        response._content = b"ok" if "slack" in request.url else b'{"ok": true, "id": "1", "result": "success"}'
        response.url, response.request = request.url, request
        return response

    monkeypatch.setattr(HTTPAdapter, "send", answer)
    return bodies


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_gets_text_without_anything_active_and_links_that_work(name, sent):
    url, title_limit = SERVICES[name]
    title, body = fit(TITLE, BODY, Service(name, title_limit, 2000, shared=False))

    result = deliver(url, title, body, "k7f3q2abcd-0", "k7f3q2abcd")

    assert result.ok, result
    assert len(sent) == 1
    words = words_of(sent[0])
    assert LINK in words.replace("&amp;", "&")
    assert "[#k7f3q2]" in words
    for text in (words, unicodedata.normalize("NFKC", words)):
        assert not [active for active in ACTIVE if active in text.replace(LINK, "")]
