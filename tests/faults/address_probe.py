"""Asks for every forbidden address in every way, in a network of its own where all of them answer; and counts packets.

Run by test_addresses.py as root in fresh network and mount namespaces: every address there is leads to this machine,
so that a connection that is tried is seen, whoever it was meant for. Prints one JSON object a line.
"""

from __future__ import annotations

import ipaddress
import json
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from address_forms import answers, hosts
from faulty_world import OTHER_NEWS, OTHER_TEXT, World, feed, item
from hostile_site import SITE, Site, answer, conditional, move
from name_server import NameServer

import monitor.fetch.client
from monitor.fetch import AioFetcher
from monitor.model import FetchRequest, FetchResult
from monitor.workers import Workers

PUBLIC, OTHER_PUBLIC = "1.2.3.4", "5.6.7.8"
NETWORK = """
ip link set lo up
ip route add local 0.0.0.0/0 dev lo
ip -6 route add local ::/0 dev lo
mount --bind resolv.conf /etc/resolv.conf
mount --bind hosts /etc/hosts
"""


class DualSite(Site):
    """Port 80 of every address, old and new."""

    address_family = socket.AF_INET6


class Sniffer:
    """Sees every packet of the namespace."""

    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x0003))
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 24)
        self._socket.bind(("lo", 0))
        self._socket.setblocking(False)

    def connections(self) -> set[str]:
        """The addresses to which somebody tried to connect since the last call."""
        return {str(address) for address in self._drain()}

    def _drain(self) -> Iterator[ipaddress.IPv4Address | ipaddress.IPv6Address]:
        while True:
            try:
                packet = self._socket.recv(65536)[14:]
            except BlockingIOError:
                return
            if packet[0] >> 4 == 4:
                protocol, segment, target = packet[9], packet[(packet[0] & 15) * 4 :], packet[16:20]
            else:
                protocol, segment, target = packet[6], packet[40:], packet[24:40]
            if protocol == socket.IPPROTO_TCP and segment[13] & 0x12 == 0x02:  # SYN without ACK
                yield ipaddress.ip_address(target)


class Probe:
    """A fetcher, and what it did."""

    def __init__(self, site: Site, names: NameServer, sniffer: Sniffer) -> None:
        self.site, self.names, self.sniffer = site, names, sniffer
        self.fetcher = AioFetcher(total_timeout=5.0, pause=0.0)

    def ask(self, row: str, way: str, what: str, url: str, *, private: bool = False) -> FetchResult:
        """Fetch an address and report what came of it and who was connected to."""
        self.sniffer.connections()
        requests = len(self.site.requests)
        result = self.fetcher.fetch(FetchRequest(url, allow_private=private)).result(30)
        say(row=row, way=way, what=what, error_class=result.error_class, elapsed=result.elapsed,
            connected=sorted(self.sniffer.connections()), requests=len(self.site.requests) - requests)  # fmt: skip
        return result


def say(**facts: object) -> None:
    print(json.dumps(facts), flush=True)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "resolv.conf").write_text("nameserver 127.0.0.1\noptions timeout:9 attempts:2\n")
        Path(folder, "hosts").write_text("127.0.0.1 localhost localhost.localdomain\n::1 ip6-localhost\n")
        subprocess.run(["bash", "-ec", NETWORK], cwd=folder, check=True)
        monitor.fetch.client.DNS_TIMEOUT = 1.5
        names = NameServer({"pub.test": [[PUBLIC]], "other.test": [[OTHER_PUBLIC]], "silent.test": None})
        with DualSite("::", 80) as site:
            probe = Probe(site, names, Sniffer())
            addresses(probe)
            name_answers(probe)
            redirects_between_hosts(probe)
            feeds(probe, Path(folder))
            probe.fetcher.close()
            site.shutdown()


def addresses(probe: Probe) -> None:
    """Each form directly, and as the target of a redirect."""
    probe.ask("control", "direct", "a public address", f"http://{PUBLIC}/ok")
    probe.ask("control", "allowed", "a private address that somebody allowed", "http://10.0.0.5/ok", private=True)
    probe.ask("F44", "allowed", "169.254.169.254", "http://169.254.169.254/ok", private=True)
    for number, (row, host) in enumerate(hosts()):
        probe.ask(row, "direct", host, f"http://{host}/ok")
        probe.site.site[f"/to/{number}"] = move("302 Found", f"http://{host}/ok")
        probe.ask("F48", "redirect", host, f"http://pub.test/to/{number}")


def name_answers(probe: Probe) -> None:
    """Each address as the answer of a name server: at once, beside a public one, and only the second time."""
    known = probe.names.names
    probe.ask("F01", "name", "no such name", "http://nowhere.test/ok")
    probe.ask("F02", "name", "silent", "http://silent.test/ok")
    for number, address in enumerate(answers()):
        known[f"at{number}.test"] = [[address]]
        probe.ask("F45", "name", address, f"http://at{number}.test/ok")
        known[f"mixed{number}.test"] = [[address, PUBLIC] if number % 2 else [PUBLIC, address]]
        probe.ask("F46", "mixed", address, f"http://mixed{number}.test/ok")
        # The second look-up is that of a redirect to the same name, the third that of the next request.
        known[f"turn{number}.test"] = [[PUBLIC], [address]]
        probe.site.site[f"/turn/{number}"] = move("302 Found", f"http://turn{number}.test/ok")
        probe.ask("F47", "rebinding", address, f"http://turn{number}.test/turn/{number}")
        probe.ask("F47", "rebinding again", address, f"http://turn{number}.test/ok")


def redirects_between_hosts(probe: Probe) -> None:
    """What travels with a redirect to another host."""
    probe.site.site |= {"/away": move("301 Moved", "http://other.test/echo"), "/echo": SITE["/echo"]}
    probe.site.site["/validated"] = conditional
    request = FetchRequest("http://name:secret@pub.test/away", etag='"7"', last_modified="Mon")
    at_home = probe.fetcher.fetch(FetchRequest("http://name:secret@pub.test/echo")).result(10)
    away = probe.fetcher.fetch(request).result(10)
    say(row="headers", at_home=at_home.body.decode(), away=away.body.decode(), permanent=away.permanent_url)


def feeds(probe: Probe, folder: Path) -> None:
    """A feed that links to private addresses, and one that moves for good."""
    workers = Workers(count=1)
    (folder / "one").mkdir()
    links = {"link": "http://10.0.0.5/admin", "more": "<enclosure url='http://169.254.169.254/x' type='a/b'/>"}
    world = World(folder / "one", probe.site, probe.fetcher, workers, url="http://pub.test/feed", private="no")
    world.serve(answer(body=feed()))
    world.turn()
    world.serve(answer(body=feed(item(guid="1", **links), prolog="<?xml version='1.0'?>", site="http://192.168.1.1/")))
    probe.sniffer.connections()
    world.turn()
    say(row="F50", way="link", what="10.0.0.5", connected=sorted(probe.sniffer.connections()), told=list(world.told))
    world.serve(move("301 Moved", "http://other.test/moved"))
    world.serve(answer(body=feed(item(OTHER_NEWS, guid="2", text=OTHER_TEXT))), "/moved")
    states = [world.turn() for _ in range(3)]
    probe.sniffer.connections()
    world.turn()
    say(row="F32", counts=[state.moved_count for state in states], moved_to=states[-1].moved_to,
        connected=sorted(probe.sniffer.connections()), told=len(world.told))  # fmt: skip
    world.close()
    workers.close()


if __name__ == "__main__":
    started = time.monotonic()
    main()
    print(f"{time.monotonic() - started:.0f} s", file=sys.stderr)
