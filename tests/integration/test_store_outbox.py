"""Alerts, deliveries and attempts, on both databases."""

from __future__ import annotations

from datetime import timedelta

from store_values import MINUTE, NOW, a_delivery, an_alert

from monitor.model import DeliveryState, DevelopmentKind, Quote, Severity, Told
from monitor.store import Store

LEASE = 2 * MINUTE


def test_an_alert_comes_back_as_it_was_saved(store: Store) -> None:
    with store.write() as tx:
        assert tx.alerts.save(an_alert())
        assert tx.alerts.get("alert1") == an_alert()
        assert tx.alerts.get("other") is None


def test_a_development_of_a_story_is_told_at_most_once(store: Store) -> None:
    with store.write() as tx:
        assert tx.alerts.save(an_alert())
        assert not tx.alerts.save(an_alert(title="again"))
        assert not tx.alerts.save(an_alert("another id, same development"))
        assert tx.alerts.save(an_alert("next", development=1))
        assert tx.alerts.get("alert1") == an_alert()


def test_digests_are_not_developments_of_a_story(store: Store) -> None:
    with store.write() as tx:
        assert tx.alerts.save(an_alert("digest1", kind="digest"))
        assert tx.alerts.save(an_alert("digest2", kind="digest"))
        assert tx.alerts.save(an_alert())
        assert tx.alerts.told("k7f3q2abcd").developments == 1


def test_what_people_have_been_told_of_a_story(store: Store) -> None:
    second = an_alert(
        "alert2",
        development=1,
        kind=DevelopmentKind.DENIAL,
        severity=Severity.MEDIUM,
        made=NOW + MINUTE,
        marks=("disputed by the ministry",),
        quotes=(*an_alert().quotes, Quote("S'ka rrezik.", "Koha", NOW, "sq", "")),
    )
    with store.write() as tx:
        assert tx.alerts.told("k7f3q2abcd") == Told()
        tx.alerts.save(an_alert())
        tx.alerts.save(second)
        tx.alerts.save(an_alert("elsewhere", story="otherstory"))
        told = tx.alerts.told("k7f3q2abcd")
    assert told == Told(
        2,
        Severity.HIGH,
        NOW,
        ("Kolona je stigla.", "S'ka rrezik."),
        disputed=True,
        rules=tuple(rule for rule, _ in an_alert().rules),
    )


def test_recent_alerts_come_newest_first(store: Store) -> None:
    with store.write() as tx:
        for number in range(4):
            tx.alerts.save(an_alert(f"alert{number}", story=f"story{number}", made=NOW + number * MINUTE))
        assert [alert.id for alert in tx.alerts.recent(2)] == ["alert3", "alert2"]


def test_a_delivery_is_queued_once_and_comes_back_as_it_was(store: Store) -> None:
    with store.write() as tx:
        tx.alerts.save(an_alert())
        assert tx.outbox.add([a_delivery(), a_delivery("d2", channel="mail")]) == 2
        assert tx.outbox.add([a_delivery(subject="changed")]) == 0
        assert tx.outbox.claim(NOW, "desk", 10, LEASE) == [a_delivery()]
        assert tx.outbox.of_alert("alert1") == [a_delivery(), a_delivery("d2", channel="mail")]


def test_critical_deliveries_go_first_then_the_longest_due(store: Store) -> None:
    with store.write() as tx:
        tx.alerts.save(an_alert())
        tx.outbox.add(
            [
                a_delivery("late", next_try=NOW),
                a_delivery("early", next_try=NOW - MINUTE),
                a_delivery("critical", next_try=NOW, severity=Severity.CRITICAL),
                a_delivery("not yet", next_try=NOW, severity=Severity.CRITICAL),
            ]
        )
        tx.outbox.retry("not yet", NOW, NOW + MINUTE, "HTTP 503")
        assert [item.id for item in tx.outbox.claim(NOW, "desk", 2, LEASE)] == ["critical", "early"]
        assert [item.id for item in tx.outbox.claim(NOW, "desk", 2, LEASE)] == ["late"]


def test_a_claim_on_a_delivery_holds_until_its_lease_runs_out_or_the_next_start(store: Store) -> None:
    with store.write() as tx:
        tx.alerts.save(an_alert())
        tx.outbox.add([a_delivery()])
        assert tx.outbox.claim(NOW, "desk", 10, LEASE)
        assert not tx.outbox.claim(NOW + MINUTE, "desk", 10, LEASE)
        assert tx.outbox.claim(NOW + LEASE, "desk", 10, LEASE)
        tx.outbox.release_all()
        assert tx.outbox.claim(NOW + LEASE, "desk", 10, LEASE)


def test_every_attempt_is_kept_until_the_delivery_is_sent(store: Store) -> None:
    with store.write() as tx:
        tx.alerts.save(an_alert())
        tx.outbox.add([a_delivery()])
        tx.outbox.claim(NOW, "desk", 10, LEASE)
        tx.outbox.retry("d1", NOW, NOW + MINUTE, "HTTP 503")
        assert not tx.outbox.claim(NOW, "desk", 10, LEASE)
        [again] = tx.outbox.claim(NOW + MINUTE, "desk", 10, LEASE)
        assert (again.attempts, again.last_error) == (1, "HTTP 503")
        assert tx.outbox.oldest_pending() == NOW
        tx.outbox.sent("d1", NOW + MINUTE, "HTTP 200")
        assert not tx.outbox.claim(NOW + 10 * LEASE, "desk", 10, LEASE)
        assert tx.outbox.oldest_pending() is None
        attempts = [(row.number, row.at, row.ok, row.detail) for row in tx.outbox.attempts("d1")]
        assert attempts == [(1, NOW, False, "HTTP 503"), (2, NOW + MINUTE, True, "HTTP 200")]
        [done] = tx.outbox.of_alert("alert1")
        assert (done.state, done.attempts, done.last_error) == (DeliveryState.SENT, 2, "")


def test_a_result_reported_twice_changes_nothing(store: Store) -> None:
    with store.write() as tx:
        tx.alerts.save(an_alert())
        tx.outbox.add([a_delivery()])
        tx.outbox.sent("d1", NOW, "ok")
        tx.outbox.retry("d1", NOW, NOW + MINUTE, "late news")
        tx.outbox.dead("unknown", NOW, "no such delivery")
        assert len(tx.outbox.attempts("d1")) == 1
        assert tx.outbox.counts()[DeliveryState.SENT] == 1


def test_a_delivery_refused_for_good_is_never_tried_again_but_stays_visible(store: Store) -> None:
    with store.write() as tx:
        tx.alerts.save(an_alert())
        tx.outbox.add([a_delivery("d1"), a_delivery("d2", channel="mail"), a_delivery("d3", channel="chat")])
        tx.outbox.dead("d1", NOW, "HTTP 404")
        tx.outbox.release_all()
        assert not tx.outbox.claim(NOW + timedelta(days=9), "desk", 10, LEASE)
        counts = tx.outbox.counts()
    assert {state.value: count for state, count in counts.items()} == {
        "pending": 2,
        "sent": 0,
        "dead": 1,
        "digested": 0,
    }


def test_an_alert_and_its_deliveries_are_stored_together_or_not_at_all(store: Store) -> None:
    try:
        with store.write() as tx:
            tx.alerts.save(an_alert())
            tx.outbox.add([a_delivery()])
            raise KeyboardInterrupt
    except KeyboardInterrupt:
        pass
    with store.read() as tx:
        assert tx.alerts.get("alert1") is None
        assert tx.outbox.counts()[DeliveryState.PENDING] == 0


def test_what_was_tried_before_the_clock_was_set_back_is_due_now(store: Store) -> None:
    with store.write() as tx:
        tx.alerts.save(an_alert())
        tx.outbox.add([a_delivery("d1"), a_delivery("d2", channel="mail")])
        tx.outbox.retry("d1", NOW, NOW + MINUTE, "HTTP 503")
        assert tx.outbox.claim(NOW, "mail", 1, LEASE)
        earlier = NOW - timedelta(days=1)
        assert [item.id for item in tx.outbox.claim(earlier, "desk", 1, LEASE)] == ["d1"]
        assert [item.id for item in tx.outbox.claim(earlier, "mail", 1, LEASE)] == ["d2"]  # nor does its lease hold


def test_a_channel_that_is_held_is_left_alone_until_then(store: Store) -> None:
    with store.write() as tx:
        tx.alerts.save(an_alert())
        tx.outbox.add([a_delivery("d1"), a_delivery("d2"), a_delivery("d3", channel="mail")])
        tx.outbox.hold("desk", NOW, NOW + MINUTE)
        assert not tx.outbox.claim(NOW, "desk", 9, LEASE)
        assert len(tx.outbox.claim(NOW + MINUTE, "desk", 9, LEASE)) == 2
        assert len(tx.outbox.claim(NOW, "mail", 9, LEASE)) == 1


def test_what_a_digest_tells_is_not_told_singly_and_a_dead_message_can_be_queued_again(store: Store) -> None:
    with store.write() as tx:
        tx.alerts.save(an_alert())
        tx.outbox.add([a_delivery("d1"), a_delivery("d2"), a_delivery("d3", severity=Severity.CRITICAL)])
        assert tx.outbox.load("desk", NOW - MINUTE).waiting == 3
        low = [item.id for item in tx.outbox.waited("desk", NOW, Severity.CRITICAL)]
        tx.outbox.digest(low, "digest-1", NOW)
        assert [item.id for item in tx.outbox.claim(NOW, "desk", 9, LEASE)] == ["d3"]
        assert {item.told_in for item in tx.outbox.of_alert("alert1") if item.id != "d3"} == {"digest-1"}
        tx.outbox.dead("d3", NOW, "HTTP 404")
        assert tx.outbox.revive(tx.outbox.ids(DeliveryState.DEAD, "desk"), NOW) == 1
        assert [item.id for item in tx.outbox.claim(NOW, "desk", 9, LEASE)] == ["d3"]
