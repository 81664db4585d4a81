"""Real chat servers for tests: an MQTT broker (amqtt) always, Matrix Synapse where the environment names it."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path
from typing import Any

SYNAPSE_PYTHON = os.environ.get("SYNAPSE_PYTHON", "")
HAS_SYNAPSE = bool(SYNAPSE_PYTHON) and Path(SYNAPSE_PYTHON).exists()
NO_SYNAPSE = "SYNAPSE_PYTHON names no Python with matrix-synapse, so Matrix is NOT TESTED"
USER, PASSWORD = "alerts", "s3cret-Passw0rd"
TOPIC = "desk/alerts"


class Mqtt:
    """A broker, a process of its own, and somebody who listens to the desk's topic."""

    def __init__(self) -> None:
        from paho.mqtt import client as paho

        self.port = _free_port()
        self._broker = subprocess.Popen([sys.executable, __file__, str(self.port)])
        _wait_for(self.port, self._broker)
        self.messages: list[str] = []
        listening = threading.Event()
        self._client = paho.Client(paho.CallbackAPIVersion.VERSION2)
        self._client.on_connect = lambda client, *_: client.subscribe(TOPIC, qos=1)
        self._client.on_subscribe = lambda *_: listening.set()
        self._client.on_message = lambda _client, _data, message: self.messages.append(message.payload.decode())
        self._client.connect("127.0.0.1", self.port)
        self._client.loop_start()
        assert listening.wait(20)
        self.url = f"mqtt://127.0.0.1:{self.port}/{TOPIC}?qos=1"

    def taken(self, at_least: int) -> list[str]:
        """What arrived, once it is so many; what is on its way needs a moment."""
        end = time.monotonic() + 3
        while len(self.messages) < at_least and time.monotonic() < end:
            time.sleep(0.02)
        return self.messages

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()
        self._broker.kill()
        self._broker.wait(20)


class Synapse:
    """A Matrix server with one user and one room."""

    def __init__(self, folder: Path) -> None:
        self.port = _free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        config = folder / "hs.yaml"
        command = [SYNAPSE_PYTHON, "-m", "synapse.app.homeserver", "--config-path", str(config)]
        make = ["--server-name", "localhost", "--generate-config", "--report-stats=no"]
        subprocess.run([*command, *make], cwd=folder, check=True, capture_output=True)
        text = config.read_text().replace("port: 8008", f"port: {self.port}")
        config.write_text(text + "\nsuppress_key_server_warning: true\n" + NO_LIMITS)
        with (folder / "log").open("wb") as log:
            self.process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
        self._wait(folder / "log")
        register = Path(SYNAPSE_PYTHON).with_name("register_new_matrix_user")
        account = ["-u", USER, "-p", PASSWORD, "--no-admin", self.base]
        subprocess.run([str(register), "-c", str(config), *account], check=True, capture_output=True)
        login = {"type": "m.login.password", "identifier": {"type": "m.id.user", "user": USER}, "password": PASSWORD}
        self.token = self.call("POST", "login", login)["access_token"]
        self.room = self.call("POST", "createRoom", {"room_alias_name": "news"})["room_id"]
        self.url = self.url_with(PASSWORD)

    def url_with(self, password: str) -> str:
        return f"matrix://{USER}:{password}@127.0.0.1:{self.port}/#news:localhost"

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

    @property
    def messages(self) -> list[str]:
        chunk = self.call("GET", f"rooms/{self.room}/messages?dir=b&limit=100")["chunk"]
        return [event["content"]["body"] for event in chunk if event["type"] == "m.room.message"]

    def close(self) -> None:
        self.process.kill()
        self.process.wait(20)


NO_LIMITS = """\
rc_message: {per_second: 1000, burst_count: 1000}
rc_login:
  address: {per_second: 1000, burst_count: 1000}
  account: {per_second: 1000, burst_count: 1000}
"""


async def serve_mqtt(port: int) -> None:
    """The broker's process: takes everything from everybody, until it is killed."""
    from amqtt.broker import Broker

    plugins = {"amqtt.plugins.authentication.AnonymousAuthPlugin": {"allow_anonymous": True}}
    broker = Broker({"listeners": {"default": {"type": "tcp", "bind": f"127.0.0.1:{port}"}}, "plugins": plugins})
    await broker.start()
    await asyncio.Event().wait()


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 30
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            assert process.poll() is None
            assert time.monotonic() < end
            time.sleep(0.05)
        else:
            return


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    asyncio.run(serve_mqtt(int(sys.argv[1])))
