"""Messages through real chat servers: they arrive, and what goes wrong is said without the password."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from chat_servers import HAS_SYNAPSE, NO_SYNAPSE, PASSWORD, Mqtt, Synapse

from monitor.config.settings import ChannelSettings, Settings
from monitor.views.tryout import send_test
from monitor.watch.readback import not_found

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

matrix = pytest.mark.skipif(not HAS_SYNAPSE, reason=NO_SYNAPSE)


@pytest.fixture(scope="module")
def synapse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Synapse]:
    server = Synapse(tmp_path_factory.mktemp("synapse"))
    yield server
    server.close()


def settings(url: str) -> Settings:
    return Settings(channels=(ChannelSettings("room", url),))


def test_a_message_arrives_at_an_mqtt_broker_and_one_that_is_gone_is_a_failure() -> None:
    broker = Mqtt()
    try:
        result = send_test(settings(broker.url), "room")
        assert result.ok, result
        [message] = broker.taken(1)
        assert "channel room works" in message
    finally:
        broker.close()
    result = send_test(settings(broker.url), "room")
    assert not result.ok
    assert result.temporary


@matrix
def test_a_message_arrives_in_a_matrix_room(synapse: Synapse) -> None:
    result = send_test(settings(synapse.url_with(PASSWORD)), "room")
    assert result.ok, result
    [message] = synapse.messages
    assert "channel room works" in message


@matrix
def test_a_wrong_password_is_a_failure_that_says_so_and_does_not_show_it(synapse: Synapse) -> None:
    result = send_test(settings(synapse.url_with("wr0ng-Passw0rd")), "room")
    assert not result.ok
    assert result.detail
    assert "wr0ng" not in result.detail


@matrix
def test_what_a_room_shows_is_the_receipt_of_a_canary(synapse: Synapse) -> None:
    send_test(settings(synapse.url_with(PASSWORD)), "room")
    messages = f"http://{synapse.token}@127.0.0.1:{synapse.port}/_matrix/client/v3/rooms/{synapse.room}/messages"
    newest = synapse.messages[0]
    code = newest[newest.index("[#") + 2 :][:6]
    assert not_found(f"{messages}?dir=b&limit=50", code) == ""
    assert not_found(f"{messages}?dir=b&limit=50", "zzzzzz") == "not in what the receipt's address shows"
