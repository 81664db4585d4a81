"""What a channel is told, and when: singly, in one digest when there is too much of it, or not before morning.

Every message is a row of the outbox until the channel took it. Nothing is dropped: an alert that a digest tells keeps
its row, which names the digest.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from monitor.alerts.compose import OPERATOR, compose_operator, compose_waiting
from monitor.alerts.digest_words import DigestWords, digest_words
from monitor.alerts.render import render, shortest
from monitor.alerts.retry import next_try, others_wait
from monitor.config.settings import ChannelSettings
from monitor.desk import Desk
from monitor.faults import crash_point
from monitor.judge import delivery_of, queue
from monitor.log import get_logger
from monitor.model import Alert, Delivery, SendResult, Severity
from monitor.ports import Channel, Clock
from monitor.store import Store, Transaction
from monitor.store.outbox import Waiting

LEASE = timedelta(minutes=3)  # of a claimed message; a send takes at most 20 s
SPAN = timedelta(minutes=10)  # in which a channel takes `burst` messages singly, and no more
CRITICAL_SPAN = 10  # critical ones that break through even then
RUSH = 20  # new entries of one feed at once, which are read to the end before people hear of them …
RUSH_WAIT = timedelta(seconds=20)  # … unless that takes longer
CALM = timedelta(seconds=30)  # without a new match: a storm is over
STORM_WAIT = timedelta(minutes=5)  # for a storm to end; then its digest goes out all the same
OUTAGE = timedelta(minutes=10)  # messages that waited longer than this …
OUTAGE_MESSAGES = 5  # … and are more than this become one digest when the channel is back
DIGEST_LINES = 100


class Deliverer:
    """Sends what the outbox holds. `desk` gives the desk of the moment."""

    def __init__(
        self,
        store: Store,
        channels: Mapping[str, Channel],
        clock: Clock,
        jitter: random.Random,
        desk: Callable[[], Desk],
    ) -> None:
        self.store = store
        self.channels = channels
        self.clock = clock
        self.jitter = jitter
        self._desk = desk
        self._down: set[str] = set()  # channels whose last message failed for a while
        # By channel and feed: until which monotonic second a feed that floods the channel is held; how many alerts.
        self._floods: dict[tuple[str, str], tuple[float, int]] = {}
        self._next: dict[str, float] = {}  # by channel: the monotonic second before which its pace allows no more
        self._log = get_logger()

    # --- what goes out now --------------------------------------------------------------------------------------

    def due(self, channel: str, room: int) -> list[Delivery]:
        """Claim the messages that this channel may be sent now, the gravest first."""
        if self.clock.monotonic() < self._next.get(channel, 0.0):
            return []
        now = self.clock.now()
        settings, zone = self._settings(channel), self._desk().settings.zone
        least: Severity | None = Severity.INFO
        quiet = settings.quiet is not None and settings.quiet.covers(now, zone)
        with self.store.write() as tx:
            if quiet:
                least = Severity.CRITICAL
            else:
                self._after_quiet(tx, settings, now)
                least = self._after_storm(tx, settings, now)
            crash_point("inside-claim")
            claimed = tx.outbox.claim(now, channel, room, LEASE, least=least, digests=not quiet)
        if claimed:
            crash_point("after-claim")
        return claimed

    @property
    def _words(self) -> DigestWords:
        return digest_words(self._desk().settings.language)

    def _settings(self, channel: str) -> ChannelSettings:
        known = {setting.name: setting for setting in self._desk().settings.channels}
        return known.get(channel) or ChannelSettings(channel, "")

    def _after_quiet(self, tx: Transaction, settings: ChannelSettings, now: datetime) -> None:
        """In the morning, what waited overnight is one message."""
        if settings.quiet is None or settings.name in self._down:
            return
        end = settings.quiet.last_end(now, self._desk().settings.zone)
        waited = tx.outbox.waited(settings.name, end, Severity.CRITICAL)
        self._digest(tx, settings.name, waited, self._words.quiet.format(settings.quiet), now)

    def _after_storm(self, tx: Transaction, settings: ChannelSettings, now: datetime) -> Severity | None:
        """From which severity on messages may go singly; None: not even critical ones.

        A storm (a feed that gives all its articles new addresses, thousands of matches) is waited out, and told in one
        digest. A channel that is down is no storm: what waits for it is sorted out when it is back.
        """
        name = settings.name
        load = tx.outbox.load(name, now - SPAN)
        if not load.waiting or name in self._down:
            return Severity.INFO
        held = self._after_floods(tx, settings, now)
        if load.waiting + load.sent - held <= settings.burst:
            return Severity.INFO
        all_of_them = load.critical >= CRITICAL_SPAN
        if _over(load.oldest or now, load.newest or now, tx.entries.waiting()[0], now):
            below = None if all_of_them else Severity.CRITICAL
            self._digest(tx, name, tx.outbox.waited(name, now, below), self._words.storm, now)
        return None if all_of_them else Severity.CRITICAL

    def _after_floods(self, tx: Transaction, settings: ChannelSettings, now: datetime) -> int:
        """Hold back what a feed says that has very much to say at once, until it can be told in one digest of its own;
        how many messages of the last minutes are such a feed's.

        So a feed that gives all its articles new addresses keeps nothing of another feed's waiting. One feed may use up
        half of what a channel takes singly.
        """
        channel, time = settings.name, self.clock.monotonic()
        self._floods = {key: flood for key, flood in self._floods.items() if flood[0] > time}
        for feed, crowd in tx.crowds.on(channel, now - SPAN, now).items():
            items = crowd.waiting
            if crowd.critical < CRITICAL_SPAN:
                items = [item for item in items if item.severity < Severity.CRITICAL]
            if not items:
                continue
            until, size = self._floods.get((channel, feed), (time + CALM.total_seconds(), 0))
            oldest, newest = min(item.created for item in items), max(item.created for item in items)
            if size or crowd.size > max(1, settings.burst // 2):
                self._floods[channel, feed] = until, size + crowd.size
                if not size and _over(oldest, newest, crowd.unread, now):
                    self._digest(tx, channel, items, self._words.storm_of.format(self._outlet_of(feed)), now)
                else:
                    tx.crowds.hold(items, now, now + timedelta(seconds=until - time))
            elif crowd.unread > RUSH and now - RUSH_WAIT < oldest <= now:
                tx.crowds.hold(items, now, now + timedelta(seconds=2))
        return sum(size for (name, _), (_, size) in self._floods.items() if name == channel)

    def _outlet_of(self, feed: str) -> str:
        desk = self._desk()
        known = desk.feeds.get(feed)
        outlet = desk.outlets.get(known.outlet) if known else None
        return outlet.name if outlet else feed

    def _digest(
        self,
        tx: Transaction,
        channel: str,
        waited: list[Waiting],
        why: str,
        now: datetime,
        told: tuple[Waiting, ...] = (),
    ) -> None:
        """One message instead of those that waited; `told` did so as well and goes out, or went, by itself."""
        if len(waited) < 2:
            return
        desk = self._desk()
        shown = [alert for item in waited[:DIGEST_LINES] if (alert := tx.alerts.get(item.alert))]
        everything = (*waited, *told)
        alert = compose_waiting(
            why,
            shown,
            channel=channel,
            since=min(item.created for item in everything),
            count=len(everything),
            critical=sum(item.severity == Severity.CRITICAL for item in everything),
            zone=desk.settings.zone,
            now=now,
            rule_set=desk.rules.version,
            language=desk.settings.language,
        )
        tx.outbox.digest([item.id for item in waited], alert.id, now)
        queue(tx, desk, alert, (channel,))
        self._log.info("messages become a digest", channel=channel, messages=len(waited), alert=alert.id, why=why)

    # --- one message --------------------------------------------------------------------------------------------

    def deliver(self, delivery: Delivery) -> None:
        """Send one message, and write down what came back."""
        channel = self.channels.get(delivery.channel)
        crash_point("before-send")
        if channel is None:
            result = SendResult(ok=False, temporary=False, detail=f"there is no channel “{delivery.channel}” any more")
        else:
            result = channel.send(self._as_of_now(delivery)).result()
        crash_point("after-send")
        now = self.clock.now()
        with self.store.write() as tx:
            self._note(tx, delivery, result, now, final=channel is None or delivery.plain)
            crash_point("inside-mark")
        crash_point("after-delivery")
        if minute := self._settings(delivery.channel).per_minute:
            self._next[delivery.channel] = self.clock.monotonic() + 60.0 / minute
        facts = {"channel": delivery.channel, "alert": delivery.alert, "attempt": delivery.attempts + 1}
        if result.ok:
            self._log.info("message sent", **facts)
        else:
            self._log.warning("message not sent", error=result.detail, again=result.temporary, **facts)

    def _note(self, tx: Transaction, delivery: Delivery, result: SendResult, now: datetime, *, final: bool) -> None:
        if result.ok:
            tx.outbox.sent(delivery.id, now, result.detail)
            if delivery.channel in self._down:
                tx.outbox.let_go(delivery.channel, now)
                self._down.discard(delivery.channel)
            self._after_outage(tx, delivery, now)
        elif result.temporary:
            shake = self.jitter.random()
            tx.outbox.retry(delivery.id, now, next_try(delivery, result, now, shake), result.detail)
            tx.outbox.hold(delivery.channel, now, others_wait(delivery, result, now))
            self._down.add(delivery.channel)
        elif not final:  # perhaps it does not like the text
            tx.outbox.retry(delivery.id, now, now, f"{result.detail}; once more as short plain text", plain=True)
        else:
            tx.outbox.dead(delivery.id, now, result.detail)
            self._tell_dead(tx, delivery, result)

    def _after_outage(self, tx: Transaction, delivery: Delivery, now: datetime) -> None:
        """The channel took a message: what waited long for it becomes one digest, critical messages still go singly."""
        waited = tx.outbox.waited(delivery.channel, now - OUTAGE, None)
        if len(waited) <= OUTAGE_MESSAGES:
            return
        singly = [item for item in waited if item.severity == Severity.CRITICAL][:CRITICAL_SPAN]
        rest = [item for item in waited if item not in singly]
        first = tx.outbox.queued(delivery.id)
        told = (*singly, first) if first else tuple(singly)
        self._digest(tx, delivery.channel, rest, self._words.down.format(delivery.channel), now, told)

    def _as_of_now(self, delivery: Delivery) -> Delivery:
        """The message with the time it really goes out, which after an outage is not when it was written."""
        alert = self._alert(delivery.alert)
        if alert is not None:
            settings = self._desk().settings
            subject, body = render(alert, settings.language, settings.zone, self.clock.now())
            delivery = replace(delivery, subject=subject, body=body)
        if delivery.plain:
            subject, body = shortest(delivery.subject, delivery.body)
            delivery = replace(delivery, subject=subject, body=body)
        return delivery

    def _alert(self, id: str) -> Alert | None:
        with self.store.read() as tx:
            return tx.alerts.get(id)

    def _tell_dead(self, tx: Transaction, delivery: Delivery, result: SendResult) -> None:
        """A message that one channel refuses for good goes to the others, and people hear of it once a day."""
        others = tuple(name for name in self.channels if name != delivery.channel)
        if delivery.alert.startswith(OPERATOR) or not others:
            return
        alert = tx.alerts.get(delivery.alert)
        if alert is not None:
            settings = self._desk().settings
            tx.outbox.add([delivery_of(alert, name, settings, self.clock.now()) for name in others])
        lines = (
            f"{delivery.channel} refused it: {result.detail}",
            "What it refuses goes to the other channels.",
            f"When it is mended: monitor resend {delivery.channel}",
        )
        title = "A message could not be delivered"
        queue(tx, self._desk(), compose_operator(title, lines, self.clock.now(), self._desk().rules.version), others)


def _over(oldest: datetime, newest: datetime, unread: int, now: datetime) -> bool:
    """Whether a storm is over, or lasts so long that its digest goes out all the same."""
    calm = newest <= now - CALM and unread == 0
    return calm or oldest <= now - STORM_WAIT or newest > now  # the last: the clock was set back
