"""When feeds are polled again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from monitor.feeds.schedule import after_failure, after_success, poll_url
from monitor.model import Feed, FeedHealth, FeedState, FetchResult

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
FEED = Feed("https://a.example/feed", "a", min_interval=300, max_interval=1800)
NEW = FeedState(FEED.url)
MIDDLE = 0.5  # the jitter that changes nothing


def pause(state: FeedState) -> float:
    assert state.next_poll is not None
    return (state.next_poll - NOW).total_seconds()


def failed(
    state: FeedState, times: int = 1, error_class: str = "server", retry_after: float | None = None
) -> FeedState:
    for _ in range(times):
        state = after_failure(state, NOW, error_class, "status 503", retry_after, FEED, MIDDLE)
    return state


def test_a_quiet_feed_is_polled_ever_more_rarely_down_to_its_longest_interval():
    state, pauses = NEW, []
    for _ in range(12):
        state = after_success(state, NOW, 0, FEED, MIDDLE)
        pauses.append(pause(state))
    assert pauses == sorted(pauses)
    assert pauses[0] < 400
    assert pauses[-1] == 1800


def test_news_brings_a_quiet_feed_back_to_its_shortest_interval_within_three_polls():
    state = FeedState(FEED.url, interval=1800)
    for _ in range(3):
        state = after_success(state, NOW, 4, FEED, MIDDLE)
    assert pause(state) == 300
    assert state.last_new == NOW


def test_a_feed_with_news_in_every_fourth_poll_stays_near_its_shortest_interval():
    state, pauses = NEW, []
    for number in range(100):
        state = after_success(state, NOW, int(number % 4 == 0), FEED, MIDDLE)
        pauses.append(pause(state))
    assert sum(pauses) / len(pauses) < 500


def test_jitter_moves_a_poll_by_a_tenth_at_most():
    early, late = (pause(after_success(NEW, NOW, 1, FEED, jitter)) for jitter in (0.0, 1.0))
    assert (early, late) == (270, 330)


def test_a_failing_feed_is_asked_again_within_a_minute_then_ever_more_rarely_and_never_given_up():
    state, pauses = NEW, []
    for _ in range(40):
        state = failed(state)
        pauses.append(pause(state))
    assert pauses[:5] == [60, 300, 600, 1200, 2400]
    assert pauses == sorted(pauses)
    assert pauses[-1] == 6 * 3600
    assert (state.health, state.failures, state.error_class) == (FeedHealth.FAILING, 40, "server")


def test_one_success_ends_the_back_off():
    state = after_success(failed(NEW, 9), NOW, 1, FEED, MIDDLE)
    assert (state.health, state.failures, state.error_class, state.error) == (FeedHealth.OK, 0, "", "")
    assert pause(state) == 300


@pytest.mark.parametrize(("asked", "waited"), [(0, 60), (30, 60), (7200, 7200), (999_999_999, 24 * 3600)])
def test_retry_after_is_obeyed_up_to_a_day_and_never_shortens_the_pause(asked: float, waited: float):
    assert pause(failed(NEW, retry_after=asked)) == waited


def test_retry_after_is_not_undercut_by_jitter():
    state = after_failure(NEW, NOW, "rate_limited", "", 3600.0, FEED, 0.0)
    assert pause(state) == 3600


def test_a_feed_that_is_gone_is_polled_every_six_hours_and_comes_back():
    gone = failed(NEW, error_class="gone")
    assert (gone.health, pause(gone)) == (FeedHealth.GONE, 6 * 3600)
    assert after_success(gone, NOW, 1, FEED, MIDDLE).health is FeedHealth.OK


def poll(state: FeedState, moved_to: str = "", **answer: object) -> FeedState:
    result = FetchResult(poll_url(state), 200, permanent_url=moved_to, **answer)  # type: ignore[arg-type]
    return after_success(state, NOW, 0, FEED, MIDDLE, result=result, body_hash="h")


def test_a_permanent_redirect_is_adopted_after_three_equal_polls():
    state = NEW
    for _ in range(2):
        state = poll(state, "https://b.example/feed")
        assert poll_url(state) == FEED.url
    state = poll(state, "https://b.example/feed")
    assert poll_url(state) == "https://b.example/feed"
    assert poll_url(poll(state)) == "https://b.example/feed"  # the new address answers without a redirect


def test_a_redirect_that_changes_or_stops_is_not_adopted():
    state = poll(poll(NEW, "https://b.example/feed"), "https://b.example/feed")
    assert poll(state, "https://c.example/feed").moved_count == 1
    assert poll(state).moved_count == 0


def test_a_feed_that_may_be_private_does_not_move():
    private = Feed(FEED.url, "a", allow_private=True)
    state = NEW
    for _ in range(5):
        result = FetchResult(poll_url(state), 200, permanent_url="https://b.example/feed")
        state = after_success(state, NOW, 0, private, MIDDLE, result=result)
    assert poll_url(state) == FEED.url


def test_an_adopted_address_that_fails_is_dropped_for_the_old_one_and_can_be_adopted_again():
    state = NEW
    for _ in range(3):
        state = poll(state, "https://b.example/feed")
    state = failed(state, 3)
    assert poll_url(state) == FEED.url
    assert poll_url(poll(state, "https://b.example/feed")) == "https://b.example/feed"


def test_validators_are_kept_from_a_whole_answer_and_from_a_304():
    state = poll(NEW, etag='"1"', last_modified="Mon")
    assert (state.etag, state.last_modified, state.body_hash) == ('"1"', "Mon", "h")
    unchanged = FetchResult(FEED.url, 304)
    state = after_success(state, NOW, 0, FEED, MIDDLE, result=unchanged, body_hash="")
    assert (state.etag, state.body_hash) == ('"1"', "h")


def test_now_and_then_a_304_is_doubted_and_the_whole_feed_is_asked_for():
    state = poll(NEW, etag='"1"')
    jitters = [number / 100 for number in range(100)]
    after = [after_success(state, NOW, 0, FEED, jitter, result=FetchResult(FEED.url, 304)) for jitter in jitters]
    assert sum(not state.etag for state in after) == 5
    assert all(state.body_hash == "h" for state in after)


@pytest.mark.parametrize(("damage", "partial"), [("cut off before its end", False), ("", True)])
def test_a_damaged_answer_keeps_no_validators_so_that_the_rest_is_fetched_next_time(damage: str, partial: bool):
    result = FetchResult(FEED.url, 200, etag='"1"', partial=partial)
    state = after_success(NEW, NOW, 1, FEED, MIDDLE, result=result, body_hash="h", damage=damage)
    assert (state.etag, state.last_modified, state.body_hash) == ("", "", "")


def test_a_damaged_feed_counts_as_partial_and_says_why():
    state = after_success(NEW, NOW, 1, FEED, MIDDLE, damage="cut off before its end")
    assert (state.health, state.error) == (FeedHealth.PARTIAL, "cut off before its end")


def test_a_short_interval_is_never_lengthened_by_the_first_retry():
    busy = Feed("https://a.example/feed", "a", min_interval=20, max_interval=60)
    assert pause(after_failure(NEW, NOW, "dns", "", None, busy, MIDDLE)) == 20
    assert NOW + timedelta(seconds=20) == after_failure(NEW, NOW, "dns", "", None, busy, MIDDLE).next_poll
