"""When a failed delivery is tried again, and which channels hear of an alert."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from monitor.alerts.retry import next_try, wait_after
from monitor.alerts.route import channels_for
from monitor.config.settings import ChannelSettings, Route
from monitor.model import Alert, Delivery, DeliveryState, DevelopmentKind, Quote, SendResult, Severity

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def test_waits_double_from_a_second_to_a_minute_and_after_an_hour_become_a_quarter_of_an_hour():
    waits = [wait_after(failures) for failures in range(1, 200)]

    assert waits[:8] == [1, 2, 4, 8, 16, 32, 60, 60]
    long = waits.index(900)
    assert 3500 <= sum(waits[:long]) <= 3600
    assert set(waits[long:]) == {900}
    assert wait_after(10**6) == 900


def waiting(attempts: int) -> Delivery:
    return Delivery("d", "a", "desk", DeliveryState.PENDING, attempts, NOON, Severity.LOW, "s", "b")


@pytest.mark.parametrize(
    ("attempts", "retry_after", "seconds"),
    [(0, None, 1), (3, None, 8), (0, 40.0, 40), (90, 40.0, 900), (0, 999_999_999.0, 86_400), (0, 0.0, 1)],
)
def test_a_channel_that_says_when_to_come_back_is_obeyed_up_to_a_day(attempts, retry_after, seconds):
    result = SendResult(ok=False, retry_after=retry_after)

    assert next_try(waiting(attempts), result, NOON, 0.0) == NOON + timedelta(seconds=seconds)


def test_jitter_adds_at_most_a_tenth():
    late = next_try(waiting(6), SendResult(ok=False), NOON, 0.999)

    assert timedelta(seconds=60) < late - NOON < timedelta(seconds=66)


def alert(severity=Severity.MEDIUM, kind=DevelopmentKind.FIRST_REPORT, language="sr", tags=(), rule="troops") -> Alert:
    quote = Quote("Tekst.", "Glas", NOON, language, "https://example.org/1")
    return Alert(
        "k7f3q2abcd-0",
        "k7f3q2abcd",
        0,
        kind,
        severity,
        "t",
        "",
        1,
        ((rule, rule),),
        (),
        (quote,),
        (),
        NOON,
        NOON,
        NOON,
        "v",
        tags,
    )


PHONE = ChannelSettings("phone", "x", min_severity=Severity.HIGH)
CHAT = ChannelSettings("chat", "x")
MAIL = ChannelSettings("mail", "x", languages=("sq",))
ALL = (PHONE, CHAT, MAIL)


@pytest.mark.parametrize(
    ("given", "routes", "send", "expected"),
    [
        (alert(), (), (), ("chat",)),
        (alert(Severity.HIGH), (), (), ("phone", "chat")),
        (alert(Severity.CRITICAL, language="sq"), (), (), ("phone", "chat", "mail")),
        (alert(), (Route(("mail",), min_severity=Severity.HIGH),), (), ("chat",)),
        (alert(Severity.HIGH), (Route(("phone",), min_severity=Severity.HIGH),), (), ("phone",)),
        (alert(), (Route(("chat",), rules=("troops",)),), (), ("chat",)),
        (alert(language="sq"), (Route(("chat",), rules=("kfor",)), Route(("mail",), rules=("troops",))), (), ("mail",)),
        (alert(Severity.HIGH, tags=("north",)), (Route(("phone",), tags=("north", "south")),), (), ("phone",)),
        (alert(Severity.HIGH), (Route(("phone",), tags=("north",)),), (), ("phone", "chat")),
        (alert(), (Route(("phone",), rules=("troops",)),), (), ()),  # the channel takes only what is severe
        (alert(language="sq"), (), ("mail",), ("mail",)),
        (alert(language="sq"), (Route(("chat",), rules=("troops",)),), ("mail",), ("chat", "mail")),
        (alert(), (), ("desk-telegram", "duty-phone"), ("chat",)),  # names of another desk's channels: as without
    ],
)
def test_channels_of_an_alert(given, routes, send, expected):
    assert channels_for(given, routes, ALL, send) == expected


@pytest.mark.parametrize("kind", ["digest", "operator", "test"])
def test_digests_and_the_programs_own_alerts_go_everywhere(kind):
    routes = (Route(("chat",), rules=("troops",)),)

    assert channels_for(alert(Severity.INFO, kind), routes, ALL) == ("phone", "chat", "mail")
