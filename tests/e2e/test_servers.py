"""A message through a real chat server: Matrix Synapse, when the environment names a Python that has it."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from monitor.config import ChannelSettings, Settings
from monitor.tryout import send_test

PYTHON = os.environ.get("SYNAPSE_PYTHON", "")
SKIPPED = "SYNAPSE_PYTHON names no Python with matrix-synapse, so a real chat server is NOT TESTED"
USER, PASSWORD = "alerts", "s3cret-Passw0rd"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(240),
    pytest.mark.skipif(not (PYTHON and Path(PYTHON).exists()), reason=SKIPPED),
]


class Synapse:
    """A Matrix server with one user and one room."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.base = f"http://127.0.0.1:{self.port}"
        config = folder / "hs.yaml"
        command = [PYTHON, "-m", "synapse.app.homeserver", "--config-path", str(config)]
        make = ["--server-name", "localhost", "--generate-config", "--report-stats=no"]
        subprocess.run([*command, *make], cwd=folder, check=True, capture_output=True)
        text = config.read_text().replace("port: 8008", f"port: {self.port}")
        config.write_text(text + "\nsuppress_key_server_warning: true\n")
        with (folder / "log").open("wb") as log:
            self.process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
        self._wait(folder / "log")
        register = Path(PYTHON).with_name("register_new_matrix_user")
        account = ["-u", USER, "-p", PASSWORD, "--no-admin", self.base]
        subprocess.run([str(register), "-c", str(config), *account], check=True, capture_output=True)
        login = {"type": "m.login.password", "identifier": {"type": "m.id.user", "user": USER}, "password": PASSWORD}
        self.token = self.call("POST", "login", login)["access_token"]
        self.room = self.call("POST", "createRoom", {"room_alias_name": "news"})["room_id"]

    def _wait(self, log: Path) -> None:
        end = time.monotonic() + 120
        while True:
            try:
                urllib.request.urlopen(f"{self.base}/health", timeout=2).close()
            except OSError:
                assert self.process.poll() is None, log.read_text()
                assert time.monotonic() < end, log.read_text()
                time.sleep(0.3)
            else:
                return

    def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        request = urllib.request.Request(f"{self.base}/_matrix/client/v3/{path}", method=method)
        request.add_header("Content-Type", "application/json")
        if hasattr(self, "token"):
            request.add_header("Authorization", f"Bearer {self.token}")
        data = json.dumps(body).encode() if body is not None else None
        with urllib.request.urlopen(request, data, timeout=20) as answer:
            return json.load(answer)

    def messages(self) -> list[str]:
        chunk = self.call("GET", f"rooms/{self.room}/messages?dir=b&limit=20")["chunk"]
        return [event["content"]["body"] for event in chunk if event["type"] == "m.room.message"]

    def close(self) -> None:
        self.process.kill()
        self.process.wait(20)


@pytest.fixture(scope="module")
def synapse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Synapse]:
    server = Synapse(tmp_path_factory.mktemp("synapse"))
    yield server
    server.close()


def settings(synapse: Synapse, password: str) -> Settings:
    url = f"matrix://{USER}:{password}@127.0.0.1:{synapse.port}/#news:localhost"
    return Settings(channels=(ChannelSettings("room", url),))


def test_a_message_arrives_in_a_matrix_room(synapse: Synapse) -> None:
    result = send_test(settings(synapse, PASSWORD), "room")
    assert result.ok, result
    [message] = synapse.messages()
    assert "channel room works" in message


def test_a_wrong_password_is_a_failure_that_says_so_and_does_not_show_it(synapse: Synapse) -> None:
    result = send_test(settings(synapse, "wr0ng-Passw0rd"), "room")
    assert not result.ok
    assert result.detail
    assert "wr0ng" not in result.detail
