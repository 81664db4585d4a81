"""Which channels hear of an alert. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from monitor.config.settings import ChannelSettings, Route
from monitor.model import Alert

ALWAYS = ("digest", "operator", "test")  # kinds that no rule, language or tag can filter


def channels_for(
    alert: Alert, routes: Sequence[Route], channels: Sequence[ChannelSettings], send: Sequence[str] = ()
) -> tuple[str, ...]:
    """Names of the channels to send to, in the order they are configured.

    The channels of every route that fits the alert, together with `send` (the channels its rules name); where there
    are none of both, all channels. A channel then still refuses what is below its severity or in a foreign language.
    Names that are not configured are left out. Digests and the program's own alerts go to every channel.
    """
    if alert.kind in ALWAYS:
        return tuple(channel.name for channel in channels)
    chosen = {name for route in routes if _fits(route, alert) for name in route.send}.union(send)
    known = {channel.name for channel in channels}
    wanted = chosen & known or known
    return tuple(channel.name for channel in channels if channel.name in wanted and _takes(channel, alert))


def _fits(route: Route, alert: Alert) -> bool:
    rules = {rule for rule, _ in alert.rules}
    return (
        alert.severity >= route.min_severity
        and (not route.rules or _meet(route.rules, rules))
        and (not route.tags or _meet(route.tags, alert.tags))
    )


def _takes(channel: ChannelSettings, alert: Alert) -> bool:
    languages = {quote.language for quote in alert.quotes}
    return alert.severity >= channel.min_severity and (
        not channel.languages or not languages or _meet(channel.languages, languages)
    )


def _meet(some: Iterable[str], others: Iterable[str]) -> bool:
    return not set(some).isdisjoint(others)
