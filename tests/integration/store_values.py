"""Values to store in tests, complete and a little awkward: every script, an astral character, quotes, empty fields."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from monitor.model import (
    Alert,
    Article,
    Decision,
    Delivery,
    DeliveryState,
    DevelopmentKind,
    Entry,
    Evidence,
    Ignored,
    Mark,
    Point,
    Quote,
    ReasonCode,
    Sentence,
    Severity,
    StoryCondition,
    Verdict,
)

NOW = datetime(2026, 3, 22, 18, 22, 5, 123456, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
FEED = "https://dita.example/rss"


def an_entry(identity: str = "e1", **changes: Any) -> Entry:
    entry = Entry(
        identity=identity,
        url=f"https://dita.example/{identity}",
        title="Војска се повлачи — «ушторија» 🚁",
        summary="Ushtria tërhiqet nga vija e kufirit.",
        text='Prva rečenica.\n\nDruga \\ "rečenica" s navodnicima.',
        published=NOW - MINUTE,
        language="sr",
    )
    return replace(entry, **changes)


def an_article(id: str = "a1", **changes: Any) -> Article:
    article = Article(
        id=id,
        url=f"https://dita.example/{id}",
        outlet="dita",
        title="Троје повређених у Лепосавићу",
        sentences=(
            Sentence(0, "Троје повређених у Лепосавићу", "title", 0),
            Sentence(1, "Kolona je stigla u 6.30 h 🚁.", "lead", 1),
            Sentence(2, 'Ministri tha: "S\'ka rrezik".', "body", 2),
        ),
        language="sr",
        published=NOW - 2 * MINUTE,
        first_seen=NOW,
        language_certain=False,
        origin="feed",
    )
    return replace(article, **changes)


def a_verdict(rule: str = "troops-near-border", **changes: Any) -> Verdict:
    verdict = Verdict(
        rule=rule,
        title="Troops near the border",
        fires=True,
        because="fires",
        severity=Severity.HIGH,
        score=5,
        need=4,
        points=(Point(3, "unit moves", (1,)), Point(2, "in the title")),
        sentences=(0, 1),
        evidence=(Evidence("troops", "troops", "Kolona", 1, "lead", 0, 6),),
        ignored=(Ignored(2, "retells the Banjska attack"),),
        marks=(Mark("disputed", 2, "S'ka rrezik"),),
        missing=("place",),
        by_story=(StoryCondition(Severity.CRITICAL, True, outlets=3, during=3600),),
        send=("desk",),
    )
    return replace(verdict, **changes)


def a_decision(**changes: Any) -> Decision:
    decision = Decision(
        speaks=True,
        code=ReasonCode.FIRST_REPORT,
        reason="first report of this story",
        development=DevelopmentKind.FIRST_REPORT,
        severity=Severity.HIGH,
        rules=("troops-near-border", "road-blocked"),
    )
    return replace(decision, **changes)


def an_alert(id: str = "alert1", story: str = "k7f3q2abcd", development: int = 0, **changes: Any) -> Alert:
    alert = Alert(
        id=id,
        story=story,
        development=development,
        kind=DevelopmentKind.FIRST_REPORT,
        severity=Severity.HIGH,
        title="Troops near the border",
        place="Leposavić",
        outlets=2,
        rules=(("troops-near-border", "Troops near the border"),),
        concepts=("troops", "border"),
        quotes=(Quote("Kolona je stigla.", "Dita", NOW, "sr", "https://dita.example/a1"),),
        marks=("unverified",),
        published=NOW - MINUTE,
        seen=NOW,
        made=NOW,
        rule_set="abc123",
        tags=("north",),
        notes=("also reported by Koha",),
    )
    return replace(alert, **changes)


def a_delivery(id: str = "d1", alert: str = "alert1", channel: str = "desk", **changes: Any) -> Delivery:
    delivery = Delivery(
        id=id,
        alert=alert,
        channel=channel,
        state=DeliveryState.PENDING,
        attempts=0,
        next_try=NOW,
        severity=Severity.HIGH,
        subject="HIGH · Troops near the border · Leposavić (2 outlets)",
        body="new\n«Kolona je stigla.» 🚁",
        story="k7f3q2abcd",
    )
    return replace(delivery, **changes)
